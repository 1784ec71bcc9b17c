"""What stands around the rows of a page: its margin boxes, with page numbers that count the painted pages too."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from weasyprint.draw import draw_background, draw_border, draw_stacking_context
from weasyprint.draw.text import draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.stacking import StackingContext
from weasyprint.text.line_break import split_first_line

from icreport.rendering.painter.checks import UnknownStyleError
from icreport.rendering.painter.probe import tables_within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weasyprint.pdf.stream import Stream

_ANCHORS = {"left": 0.0, "start": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}
TOLERANCE = 1e-3
"""CSS pixels."""
_CONTEXT = SimpleNamespace(dictionaries={})


@dataclass(slots=True)
class PageNumber:
    """A text in the margin that shows the page's number, the number of pages, or both."""

    margin_box: Any
    text: Any
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
        layout, _, _, width, _, _ = split_first_line(text, box.style, _CONTEXT, None, 0)
        box.text, box.pango_layout = text, layout
        box.position_x = self.x - (width - self.width) * self.anchor
        box.width = width


def page_numbers(page_box: Any) -> list[PageNumber]:
    """Find the page numbers in the margins of a page.

    Raises `UnknownStyleError` where one cannot be told from its text.
    """
    return [
        number
        for box in page_box.children
        if isinstance(box, boxes.MarginBox) and (number := _page_number(box)) is not None
    ]


def _page_number(box: Any) -> PageNumber | None:
    content = box.style["content"]
    if not isinstance(content, tuple | list):
        return None
    counted = [kind in ("counter()", "counters()") and value[0] in ("page", "pages") for kind, value in content]
    if not any(counted):
        return None
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
    anchor = _ANCHORS.get(box.style["text_align_all"], 0.0) if free > TOLERANCE else _ANCHORS.get(keyword, 0.5)
    pattern = tuple(
        (value[0] if counter else "", part)
        for (_, value), counter, part in zip(content, counted, match.groups(), strict=True)
    )
    return PageNumber(box, text, pattern, tuple(counted), text.position_x, text.width, anchor)


def without_rows(page_box: Any, identifier: str) -> None:
    """Take the rows of a table off a page, in place: its head stays."""
    for table in tables_within(page_box, identifier):
        for group in table.children:
            if not group.is_header:
                group.children = []


def without_table(page_box: Any, identifier: str) -> list[Any]:
    """Take a table off a page, in place; give the boxes that wrap it."""
    taken = []
    for parent in list(page_box.descendants()):
        children = getattr(parent, "children", None)
        if not children:
            continue
        kept = []
        for child in children:
            table = child.get_wrapped_table() if getattr(child, "is_table_wrapper", False) else None
            if table is not None and table.element is not None and table.element.get("id") == identifier:
                taken.append(child)
            else:
                kept.append(child)
        if len(kept) != len(children):
            parent.children = kept
    return taken


def without_margins(page_box: Any) -> Any:
    """Give a page without what stands in its margins."""
    return page_box.copy_with_children([child for child in page_box.children if not isinstance(child, boxes.MarginBox)])


class Template:
    """A page that has everything but rows and page numbers, drawn once and repeated."""

    def __init__(self, page_box: Any, identifier: str) -> None:
        self._page_box = page_box
        without_rows(page_box, identifier)
        self._numbers = page_numbers(page_box)
        numbered = {id(number.margin_box) for number in self._numbers}
        page_box.children = [child for child in page_box.children if id(child) not in numbered]
        self.blank = page_box.copy_with_children([])
        """The page without anything, for what asks its pages for their boxes."""
        self._margins: list[bytes] | None = None
        self.body = b""
        """Compressed content that stands under the rows of each of its pages."""

    def draw_body(self, stream: Stream) -> None:
        """Draw what stands under the rows."""
        draw_canvas(self._page_box, stream)
        draw_body(self._page_box, stream)

    def draw_margins(self, stream: Stream, before: int, more: int) -> None:
        """Draw the margins, with `before` pages that the template does not know of until here, `more` in all."""
        if self._margins is None:
            scratch = stream.clone()
            draw_margins(self._page_box, scratch)
            self._margins = scratch.stream
        stream.stream.extend(self._margins)
        for number in self._numbers:
            number.show(before, more)
            scratch = stream.clone()
            draw_text(scratch, number.text, 0, "clip", "none")
            stream.stream.extend(scratch.stream)


def draw_canvas(page_box: Any, stream: Stream) -> None:
    """Draw the ground of a page."""
    draw_background(stream, page_box.background, clip_box=False, bleed=page_box.bleed, marks=page_box.style["marks"])
    draw_background(stream, page_box.canvas_background, clip_box=False)
    draw_border(stream, page_box)


def draw_body(page_box: Any, stream: Stream) -> None:
    """Draw what stands between the margins."""
    _draw_children(page_box, stream, [child for child in page_box.children if not isinstance(child, boxes.MarginBox)])


def draw_margins(page_box: Any, stream: Stream) -> None:
    """Draw what stands in the margins."""
    _draw_children(page_box, stream, [child for child in page_box.children if isinstance(child, boxes.MarginBox)])


def _draw_children(page_box: Any, stream: Stream, children: list[Any]) -> None:
    if children:
        page = page_box.copy_with_children(children)
        page.background = None
        draw_stacking_context(stream, StackingContext.from_page(page))


def draw_head(wrapper: Any, page_box: Any, stream: Stream) -> None:
    """Draw a table without its rows."""
    for group in wrapper.get_wrapped_table().children:
        if not group.is_header:
            group.children = []
    draw_stacking_context(stream, StackingContext.from_box(wrapper, page_box, []))


@contextmanager
def artifact(stream: Stream) -> Iterator[None]:
    """Draw what is no part of the document's text."""
    tags, stream._tags = stream._tags, None  # noqa: SLF001
    if tags is not None:
        stream.begin_marked_content("Artifact")
    yield
    if tags is not None:
        stream.end_marked_content()
    stream._tags = tags  # noqa: SLF001
