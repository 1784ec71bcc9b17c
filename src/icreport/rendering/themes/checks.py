"""What is wrong in a theme, though it works without it: readers skip it, or nothing of it is used."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING

from icreport.errors import ThemeError, choices
from icreport.plugins import ELEMENTS, registered
from icreport.rendering.themes.css_urls import names_file_of_theme, urls_in
from icreport.rendering.themes.files import line_of, read_text
from icreport.rendering.themes.tokens import CHART_TOKENS, light_tokens, used_in
from icreport.words import known_messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tinycss2.ast import Node

    from icreport.rendering.themes.config import ThemeConfig
    from icreport.rendering.themes.theme import Theme
    from icreport.warnings import Warnings

_CONFIG, _PAGE, _SUFFIX = "theme.toml", "page.html.j2", ".html.j2"
_PAGES = (_PAGE, "document.html.j2")
_TYPES = ("table", "paragraph", "section", "image", "chart", "row")
_SIZES = ("a3", "a4", "a5", "b4", "b5", "letter", "legal", "ledger")
MOST_PRINTED = 100
"""Characters of a text in the margin of printed sheets: Excel takes 255 with codes, and each & is two."""
_CLOSE = 0.8
"""How alike two names are of which one is taken for the other misspelt."""
_IN_SVG = re.compile(
    r"""(?:href|src)\s*=\s*["'](?P<address>[^"'#][^"']*)|url\(\s*["']?(?P<url>[^"'#)][^"')]*)""", re.IGNORECASE
)


def check_theme(theme: Theme, warnings: Warnings) -> set[str]:
    """Warn of each place in a theme of somebody else that is no CSS, or that asks for what is not in it.

    Gives the addresses that were told.
    """
    for message in () if theme.is_ours else said_in_vain(theme):
        warnings.add("theme-unused", message, loss=False)
    asked: list[tuple[str, str]] = []
    for name, text in theme.sheets():
        for node in _nodes(text):
            if node.type == "error":
                warnings.add("theme-css", f"{name}, line {node.source_line}: {node.message}", loss=False)
            elif node.type == "at-rule" and node.lower_at_keyword == "import":
                message = "@import is not followed: the style sheets of the folder are read by name"
                warnings.add("theme-css", f"{name}, line {node.source_line}: {message}", loss=False)
            elif node.type == "declaration":
                if node.lower_name == "size" and "size" in theme.config.page.model_fields_set:
                    _check_size(f"{name}, line {node.source_line}", node.value, theme.config.page.size, warnings)
                asked += [
                    (f"{name}, line {line}", url)
                    for line, url in urls_in(node.value)
                    if not (names_file_of_theme(url) or _is_inside(url))
                ]
    if theme.logo and (theme.config.logo or "").lower().endswith(".svg"):
        asked += _asked_by_svg(theme.folder / (theme.config.logo or ""))
    for where, address in asked:
        message = f"{where}: {address[:60]!r} is not fetched: put it into the folder of the theme"
        warnings.add("not-fetched", message, loss=False)
    return {address for _, address in asked}


def cut_in_workbooks(config: ThemeConfig) -> Iterator[str]:
    """Yield what of a theme printed sheets of a workbook show only the start of."""
    for name, text in (("header", config.header), ("footer", config.footer)):
        if len(text) > MOST_PRINTED:
            yield f"the {name} of the theme is cut to {MOST_PRINTED} characters on printed sheets"


def _check_size(where: str, value: list[Node], size: str, warnings: Warnings) -> None:
    """Warn of an @page rule, which only has a size, that is for other paper than `theme.toml` says."""
    given = [token.value for token in value if token.type == "ident" and token.lower_value in _SIZES]
    if given and size.lower() not in map(str.lower, given):
        warnings.add("theme-css", f"{where}: pages are {given[0]}, where theme.toml says {size}", loss=False)


def said_in_vain(theme: Theme) -> Iterator[str]:
    """Yield what a theme has that nothing uses: files of names that nothing asks for, tokens that no rule has."""
    folder = theme.folder
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    if not any(name.endswith((".j2", ".css")) or name == _CONFIG for name in names):
        yield f"{folder} has neither theme.toml nor a style sheet nor a template: it changes nothing"
    templates = {name: read_text(folder / name) for name in names if name.endswith(".j2")}
    views = _files_of_view(theme)
    for name in names:
        if name not in views and (problem := _unused(name, templates)):
            yield f"{folder / name}: {problem}"
    used = used_in([*templates.values(), theme.css()])
    toml = read_text(folder / _CONFIG) if _CONFIG in names else ""
    for table, tokens in (("tokens", theme.config.tokens.light), ("tokens.dark", theme.config.tokens.dark)):
        for token in tokens:
            if token not in {*light_tokens(), *CHART_TOKENS, *used}:
                line = f"{folder / _CONFIG}, line {line_of(toml, *table.split('.'), token)}"
                yield f"{line}: {token!r} is not a token, and no rule uses it ({choices(token, light_tokens())})"
    for where, message in theme.config.words.messages():
        if message not in known_messages() and not any(message in text for text in templates.values()):
            line = f"{folder / _CONFIG}, line {line_of(toml, *where, message)}"
            close = get_close_matches(message, known_messages(), 1, _CLOSE)
            meant = f"did you mean {close[0]!r}?" if close else "templates/locale/icreport.pot has what they say"
            yield f"{line}: no document says {message!r}: {meant}"


def _files_of_view(theme: Theme) -> frozenset[str]:
    """Return the view that a theme has for reports, and those in its folder that this goes on from."""
    folder, found = theme.folder.resolve(), set[str]()
    at = (folder / theme.config.view).resolve() if theme.config.view else None
    while at is not None and at.is_relative_to(folder) and at.is_file() and (name := _within(at, folder)) not in found:
        found.add(name)
        try:
            extended = tomllib.loads(read_text(at)).get("extend")
        except (tomllib.TOMLDecodeError, RecursionError, ThemeError):  # told when it is read as a view
            break
        at = (at.parent / extended).resolve() if isinstance(extended, str) else None
    return frozenset(found)


def _within(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _unused(name: str, templates: dict[str, str]) -> str | None:
    """Return why nothing uses a file of a theme, None where something does or it is of another kind."""
    folder, _, own = name.rpartition("/")
    if name.endswith(".css"):
        return "only style sheets in the folder itself are used" if folder else None
    if name.endswith(".toml"):
        return None if name == _CONFIG else f"it is not read: did you mean {_CONFIG!r}?"
    if not name.endswith((".j2", ".html")) or name in _PAGES or any(name in text for text in templates.values()):
        return None
    if folder == "elements" and own.endswith(_SUFFIX):
        return _misspelt(own.removesuffix(_SUFFIX))
    nearest = choices(name, [*_PAGES, *(f"elements/{each}{_SUFFIX}" for each in _TYPES)])
    return f"no template is looked for under this name ({nearest})"


def _misspelt(stem: str) -> str | None:
    """Return what a template for elements is probably meant to be for, None where its type may be somebody's own."""
    known = [*_TYPES, *(entry.name for entry in registered(ELEMENTS))]
    close = get_close_matches(stem, known, 1, _CLOSE)
    return f"it is for elements of type {stem!r}: did you mean {close[0]!r}?" if close and stem not in known else None


def _asked_by_svg(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text("utf-8", "replace")
    for found in _IN_SVG.finditer(text):
        address = found["address"] or found["url"]
        if not _is_inside(address):
            yield f"{path}, line {text.count(chr(10), 0, found.start()) + 1}", address


def _is_inside(address: str) -> bool:
    return address[:5].lower() == "data:"


def _nodes(text: str) -> Iterator[Node]:
    """Yield the rules of a style sheet and, after each, the declarations and further rules that are in it."""
    import tinycss2  # few themes have any

    def within(nodes: Iterable[Node]) -> Iterator[Node]:
        for node in nodes:
            yield node
            if node.type in {"qualified-rule", "at-rule"} and node.content:
                yield from within(
                    tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
                )

    return within(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))
