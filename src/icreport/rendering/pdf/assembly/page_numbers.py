"""Numbers of pages, written where the layout left room for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.rendering.pdf.painter.style_checks import UnknownStyleError
from icreport.rendering.pdf.weasyprint_inside import boxes
from icreport.rendering.pdf.weasyprint_inside.box_tree import set_text

if TYPE_CHECKING:
    from icreport.rendering.pdf.weasyprint_inside import Box, MarginBox, PageBox, TextBox

_ANCHORS = {"left": 0.0, "start": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}
_ROUNDING = 1e-3
"""CSS pixels."""


@dataclass(slots=True)
class PageNumber:
    """A text in the margin that shows the page's number, the number of pages, or both."""

    margin_box: MarginBox
    text: TextBox
    """The text box."""
    pattern: tuple[tuple[str, str], ...]
    """Its parts: the name of a counter, if it is one, and the text."""
    counters: tuple[bool, ...]
    x: float
    width: float
    anchor: float
    """The part of a change of width that is to the left."""

    def show(self, pages_before: int, pages_more: int) -> None:
        """Let it count `pages_before` more pages until here, `pages_more` in all."""
        more = {"page": pages_before, "pages": pages_more}
        text = "".join(
            str(int(part[1]) + more[part[0]]) if counter else part[1]
            for part, counter in zip(self.pattern, self.counters, strict=True)
        )
        box = self.text
        set_text(box, text)
        box.position_x = self.x - (box.width - self.width) * self.anchor


def page_numbers(page_box: PageBox) -> list[PageNumber]:
    """Find the page numbers in the margins of a page.

    Raises `UnknownStyleError` where one cannot be told from its text, or stands elsewhere.
    """
    within = (child for child in page_box.children if not isinstance(child, boxes.MarginBox))
    if any(any(_counted(each)) for child in within for each in (child, *child.descendants())):
        raise UnknownStyleError("a page number stands outside the margins")
    return [
        number
        for box in page_box.children
        if isinstance(box, boxes.MarginBox) and (number := _page_number(box)) is not None
    ]


def _page_number(box: Box) -> PageNumber | None:
    counted = _counted(box)
    if not any(counted):
        return None
    content = box.style["content"]
    lines = box.children
    if len(lines) != 1 or len(lines[0].children) != 1 or not isinstance(lines[0].children[0], boxes.TextBox):
        raise UnknownStyleError("a page number stands in more than one line")
    text = lines[0].children[0]
    expression = "".join(
        "([0-9]+)" if counter else f"({re.escape(value)})" if kind == "string" else "(.*?)"
        for (kind, value), counter in zip(content, counted, strict=True)
    )
    match = re.fullmatch(expression, text.text)
    if match is None:
        raise UnknownStyleError("a page number is shown in a way of its own")
    free = box.width - text.width
    keyword = box.at_keyword.rsplit("-", 1)[-1]
    anchor = _ANCHORS.get(box.style["text_align_all"], 0.0) if free > _ROUNDING else _ANCHORS.get(keyword, 0.5)
    pattern = tuple(
        (value[0] if counter else "", part)
        for (_, value), counter, part in zip(content, counted, match.groups(), strict=True)
    )
    return PageNumber(box, text, pattern, tuple(counted), text.position_x, text.width, anchor)


def _counted(box: Box) -> list[bool]:
    """Tell of each part of what is generated for a box whether it is the number of a page or of pages."""
    content = box.style["content"]
    if not isinstance(content, tuple | list):
        return []
    return [kind in ("counter()", "counters()") and value[0] in ("page", "pages") for kind, value in content]
