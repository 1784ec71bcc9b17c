"""Which renderers there are: ours and third parties', all by the entry-point group `icreport.renderers`."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from icreport.errors import FormatError, OptionError, choices
from icreport.plugins import RENDERERS, load, names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icreport.rendering.renderer import Renderer

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
            raise FormatError(f"there is no format {format!r}", remedy=choices(format, formats()))
        return named
    with suppress(FormatError):
        # Most suffixes are called as their format, which spares the import of all others.
        if (named := _named(suffix.lower().removeprefix("."))) is not None and suffix.lower() in named.suffixes:
            return named
    by_suffix = {known: renderer for renderer in formats().values() for known in renderer.suffixes}
    if suffix.lower() in by_suffix:
        return by_suffix[suffix.lower()]
    what = f"no format has the suffix {suffix!r}" if suffix else "the target has no suffix that says its format"
    raise FormatError(what, remedy=f"{choices(suffix, sorted(by_suffix))}, or name the format")


def _named(name: str) -> type[Renderer] | None:
    try:
        kind: type[Renderer] | None = load(RENDERERS, name)
    except ImportError as error:
        raise FormatError(f"the renderer of {name!r} cannot be imported: {error}") from error
    return kind


def make_renderer(kind: type[Renderer], options: Mapping[str, Any]) -> Renderer:
    """Make a renderer with its options checked; values may be text, as from a command line."""
    try:
        return kind(**options)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        raise OptionError(f"{kind.format} has no option {name!r}", remedy=choices(name, sorted(kind.options())))
    message = first["msg"].removeprefix("Value error, ")
    what = f"option {name!r} of {kind.format}" if name else kind.format
    raise OptionError(f"{what}: {message[:1].lower()}{message[1:]}")
