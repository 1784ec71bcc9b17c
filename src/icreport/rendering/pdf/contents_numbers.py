"""Page numbers of the contents: written into reserved places after the layout, which is then made once, not thrice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icreport.rendering.pdf.weasyprint_inside.box_tree import page_box, set_text
from icreport.rendering.pdf.weasyprint_inside.leaders import apart, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from weasyprint import Page

    from icreport.rendering.pdf.weasyprint_inside import Box, PageBox, TextBox

_PLACE = "0000"
"""As wide as most page numbers; one of five digits takes the place of a dot before it."""
_PLAIN = re.compile(r'content:\s*leader\(". "\)\s*target-counter\(attr\(href\),\s*page\)')
_COUNTS_PAGES = re.compile(r"counter-(?:reset|increment|set)\s*:[^;}]*\bpages?\b")
_DOT = ". "


def reserved(css: str) -> str:
    """Return a style sheet whose contents have places for page numbers, if these are the positions of pages.

    Where a theme counts pages in its own way, or writes its contents in another form, WeasyPrint finds the numbers.
    """
    return css if _COUNTS_PAGES.search(css) else _PLAIN.sub(f'content: leader(". ") "{_PLACE}"', css)


def layout_reason(css: str, *, styles_by_template: bool) -> str | None:
    """Return why WeasyPrint has to find the page numbers of contents, None where their places are reserved."""
    if styles_by_template:
        return "a template of the theme brings styles of its own"
    if _COUNTS_PAGES.search(css):
        return "the theme counts pages in its own way"
    return "the theme writes its contents in a form of its own" if "target-counter" in css else None


def number_entries(pages: Sequence[Page], numbers: Sequence[int]) -> None:
    """Write into each reserved place, in place, the number of the first page that has what the entry leads to."""
    number_of: dict[str, int] = {}
    for page, number in zip(pages, numbers, strict=True):
        for name in page.anchors:
            number_of.setdefault(name, number)
    for page in pages:
        for box, text in _entries(page_box(page)):
            if address := box.element.get("href"):
                _show(box, text, number_of.get(address.removeprefix("#")))


def has_entries(page: PageBox) -> bool:
    """Return whether a page has reserved places."""
    return next(_entries(page), None) is not None


def _entries(page: PageBox) -> Iterator[tuple[Box, TextBox]]:
    """Yield what is generated for the entries of a page, and the texts that are reserved places."""
    for box in page.descendants():
        if box.element_tag == "a::after" and getattr(box, "children", None):
            text = box.children[-1]
            if getattr(text, "text", None) == _PLACE:
                yield box, text


def _show(entry: Box, text: TextBox, number: int | None) -> None:
    """Put a number at the end of its line, with dots up to it."""
    place, left = text.width, text.style["direction"] == "ltr"
    set_text(text, " " if number is None else str(number))
    if left:
        text.position_x += place - text.width
    leader = next((child for child in entry.children if child.is_leader), None)
    if leader is None or not leader.children:
        return
    # The dots of all lines stand below each other, counted from the right.
    dots = apart(leader, _DOT)
    if not left:
        dots.reverse()
    step = dots[0].width if left else -dots[0].width
    while dots and not _is_free(dots[-1].position_x, dots[-1].width, text, left=left):
        dots.pop()
    while dots and _is_free(dots[-1].position_x + step, dots[-1].width, text, left=left):
        dot = dots[-1].copy()
        dot.position_x += step
        dots.append(dot)
    leader.children = joined(sorted(dots, key=lambda dot: dot.position_x))


def _is_free(position: float, width: float, text: TextBox, *, left: bool) -> bool:
    return bool(position + width <= text.position_x if left else position >= text.position_x + text.width)
