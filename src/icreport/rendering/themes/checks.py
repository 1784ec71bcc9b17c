"""What is wrong in the style sheets and the logo of a theme, though they work without it: readers skip it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from icreport.rendering.themes.theme import Theme
    from icreport.warnings import Warnings

_IN_SVG = re.compile(
    r"""(?:href|src)\s*=\s*["'](?P<address>[^"'#][^"']*)|url\(\s*["']?(?P<url>[^"'#)][^"')]*)""", re.IGNORECASE
)


def check_theme(theme: Theme, warnings: Warnings) -> set[str]:
    """Take note of each place in a theme of somebody else that is no CSS, or that asks for what is not in it.

    Gives the addresses that were told.
    """
    asked: list[tuple[str, str]] = []
    for name, text in theme.sheets():
        for node in _nodes(text):
            if node.type == "error":
                warnings.add("theme-css", f"{name}, line {node.source_line}: {node.message}", loss=False)
            elif node.type == "at-rule" and node.lower_at_keyword == "import":
                message = "@import is not followed: the style sheets of the folder are read by name"
                warnings.add("theme-css", f"{name}, line {node.source_line}: {message}", loss=False)
            elif node.type == "declaration":
                asked += [(f"{name}, line {line}", address) for line, address in _urls(node.value)]
    if theme.logo and (theme.config.logo or "").lower().endswith(".svg"):
        asked += _asked_by_svg(theme.folder / (theme.config.logo or ""))
    for where, address in asked:
        message = f"{where}: {address[:60]!r} is not fetched: put it into the folder of the theme"
        warnings.add("not-fetched", message, loss=False)
    return {address for _, address in asked}


def _asked_by_svg(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text("utf-8", "replace")
    for found in _IN_SVG.finditer(text):
        address = found["address"] or found["url"]
        if not _is_inside(address):
            yield f"{path}, line {text.count(chr(10), 0, found.start()) + 1}", address


def _is_inside(address: str) -> bool:
    return address[:5].lower() == "data:"


def _nodes(text: str) -> Iterator[Any]:
    """Give the rules of a style sheet and, after each, the declarations and further rules that are in it."""
    import tinycss2  # noqa: PLC0415 - few themes have any

    def within(nodes: Iterable[Any]) -> Iterator[Any]:
        for node in nodes:
            yield node
            if node.type in {"qualified-rule", "at-rule"} and node.content:
                yield from within(
                    tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
                )

    return within(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))


def _urls(tokens: Iterable[Any]) -> Iterator[tuple[int, str]]:
    """Give what a value asks for and the theme does not have: files of its own are named relative to it."""
    for token in tokens:
        address = None
        if token.type == "url":
            address = token.value
        elif token.type == "function":
            if token.lower_name == "url":
                address = next((each.value for each in token.arguments if each.type == "string"), None)
            else:
                yield from _urls(token.arguments)
        if address and (address.startswith("/") or ":" in address) and not _is_inside(address):
            yield token.source_line, address
