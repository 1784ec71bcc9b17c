"""Which renderers there are: ours and third parties', all by the entry-point group `icreport.renderers`."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from icreport.errors import FormatError, OptionError, choices
from icreport.plugins import RENDERERS, load, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

    from icreport.rendering.renderer import Renderer

_ALSO_CALLED = {
    "acrobat": "pdf",
    "doc": "docx",
    "docm": "docx",
    "excel": "xlsx",
    "gfm": "md",
    "jsonlines": "jsonl",
    "markdown": "md",
    "ods": "xlsx",
    "odt": "docx",
    "rtf": "docx",
    "spreadsheet": "xlsx",
    "tab": "tsv",
    "web": "html",
    "word": "docx",
    "workbook": "xlsx",
    "xlsm": "xlsx",
}
FOLDER_SUFFIX = ".zip"
"""Stands for a folder where a format is looked up by suffix: who can write a ZIP archive can write a folder."""


@cache
def formats() -> Mapping[str, type[Renderer]]:
    """Return the registered renderers by the name of their format."""
    found = {}
    for name in names(RENDERERS):
        # One that cannot be imported must not take the others with it; asking for it by name says why.
        with suppress(ImportError):
            found[name] = load(RENDERERS, name)
    return dict(sorted(found.items()))


def find_renderer(format: str | None, suffix: str) -> type[Renderer]:
    """Return the renderer of a format, or where that is None the one for a file suffix such as `.pdf`."""
    if format is not None:
        if (named := _named(format.lower())) is None:
            raise FormatError(f"there is no format {format!r}", remedy=_nearest(format.lower()))
        return named
    # Most suffixes are called as their format, which spares the import of all others.
    if (called := format_called(suffix)) is not None and (named := _named(called)) is not None:
        return named
    by_suffix = {known: renderer for renderer in formats().values() for known in renderer.suffixes}
    if suffix.lower() in by_suffix:
        return by_suffix[suffix.lower()]
    what = f"no format has the suffix {suffix!r}" if suffix else "the target has no suffix that says its format"
    near = f".{_ALSO_CALLED.get(suffix.lower().removeprefix('.'), '')}"
    known = choices(near if near in by_suffix else suffix, sorted(by_suffix))
    raise FormatError(what, remedy=f"{known}; or say format=NAME")


def format_called(suffix: str) -> str | None:
    """Return the format that is called as a file suffix such as `.pdf`, if there is one."""
    with suppress(FormatError):
        if (named := _named(suffix.lower().removeprefix("."))) is not None and suffix.lower() in named.suffixes:
            return named.format
    return None


def _nearest(wanted: str) -> str:
    """Return a remedy for a format that there is not: people know them by programs, suffixes and media types too."""
    if "," in wanted:
        return "a conversion makes one format, a batch several"
    called = {media_or_suffix: kind.format for kind in formats().values() for media_or_suffix in _names_of(kind)}
    return choices(called.get(wanted) or _ALSO_CALLED.get(wanted, wanted), formats())


def _names_of(kind: type[Renderer]) -> Iterator[str]:
    yield kind.media_type
    for suffix in kind.suffixes:
        if suffix != FOLDER_SUFFIX:
            yield from (suffix, suffix.removeprefix("."))


def _named(name: str) -> type[Renderer] | None:
    try:
        kind: type[Renderer] | None = load(RENDERERS, name)
    except ImportError as error:
        raise FormatError(f"the renderer of {name!r} cannot be imported: {error}") from error
    return kind


def make_renderer(kind: type[Renderer], options: Mapping[str, object]) -> Renderer:
    """Make a renderer with its options checked; values may be text, as from a command line."""
    try:
        return kind(**options)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        others = [other.format for other in formats().values() if name in other.options()]
        remedy = f"{', '.join(others)} have it" if others else choices(name, sorted(kind.options()))
        raise OptionError(f"{kind.format} has no option {name!r}", remedy=remedy)
    what = f"option {name!r} of {kind.format}" if name else kind.format
    raise _wrong_value(what, f"{options.get(name)}", first)


def _wrong_value(what: str, value: str, problem: ErrorDetails) -> OptionError:
    """Return the error of an option's value, with what it may be."""
    limits = problem.get("ctx", {})
    if limits.get("max_length", limits.get("min_length")) == 1:
        return OptionError(f"{what} is one character, not the {len(value)} of {value!r}")
    message = problem["msg"].removeprefix("Value error, ")
    shown = f", not {value!r}" if problem["type"] == "literal_error" else ""
    return OptionError(f"{what}: {message[:1].lower()}{message[1:]}{shown}")
