"""What stands around the rows of a page: its margin boxes, with page numbers that count the painted pages too."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from icreport.rendering.pdf.assembly.layers import Layers
from icreport.rendering.pdf.assembly.page_numbers import page_numbers
from icreport.rendering.pdf.weasyprint_inside import (
    StackingContext,
    boxes,
    draw_background,
    draw_border,
    draw_stacking_context,
    draw_text,
)
from icreport.rendering.pdf.weasyprint_inside.box_tree import without_rows
from icreport.rendering.pdf.weasyprint_inside.text_stream import set_tags, tags_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.rendering.pdf.weasyprint_inside import Box, PageBox, Stream


class Template:
    """A page that has everything but rows and page numbers, drawn once and repeated."""

    def __init__(self, page_box: PageBox, identifier: str) -> None:
        self._page = page_box
        without_rows(page_box, identifier)
        self._numbers = page_numbers(page_box)
        numbered = {id(number.margin_box) for number in self._numbers}
        page_box.children = [child for child in page_box.children if id(child) not in numbered]
        self.blank = page_box.copy_with_children([])
        """The page without anything, for what asks its pages for their boxes."""
        self._layers = Layers(page_box, identifier)
        self._margins: list[bytes] | None = None
        self.body = b""
        """Compressed content that lies under the rows of each of its pages."""
        self.above = b""
        """Compressed content that lies above them."""

    def draw_body(self, stream: Stream) -> None:
        """Draw what lies under the rows."""
        draw_canvas(self._page, stream)
        self._layers.draw_lowest(stream)
        self._layers.draw_flow(stream)

    def draw_above(self, stream: Stream) -> None:
        """Draw what lies above the rows."""
        self._layers.draw_highest(stream)

    def draw_margins(self, stream: Stream, before: int, more: int) -> None:
        """Draw the margins, with `before` pages that the template does not know of until here, `more` in all."""
        if self._margins is None:
            scratch = stream.clone()
            draw_margins(self._page, scratch)
            self._margins = scratch.stream
        stream.stream.extend(self._margins)
        for number in self._numbers:
            number.show(before, more)
            scratch = stream.clone()
            draw_text(scratch, number.text, 0, "clip", "none")
            stream.stream.extend(scratch.stream)


def draw_canvas(page_box: PageBox, stream: Stream) -> None:
    """Draw the ground of a page."""
    draw_background(stream, page_box.background, clip_box=False, bleed=page_box.bleed, marks=page_box.style["marks"])
    draw_background(stream, page_box.canvas_background, clip_box=False)
    draw_border(stream, page_box)


def draw_body(page_box: PageBox, stream: Stream) -> None:
    """Draw what stands between the margins."""
    _draw_children(page_box, stream, [child for child in page_box.children if not isinstance(child, boxes.MarginBox)])


def draw_margins(page_box: PageBox, stream: Stream) -> None:
    """Draw what stands in the margins."""
    _draw_children(page_box, stream, [child for child in page_box.children if isinstance(child, boxes.MarginBox)])


def _draw_children(page_box: PageBox, stream: Stream, children: list[Box]) -> None:
    if children:
        page = page_box.copy_with_children(children)
        page.background = None
        draw_stacking_context(stream, StackingContext.from_page(page))


def draw_head(wrapper: Box, page_box: PageBox, stream: Stream) -> None:
    """Draw a table without its rows."""
    for group in wrapper.get_wrapped_table().children:
        if not group.is_header:
            group.children = []
    draw_stacking_context(stream, StackingContext.from_box(wrapper, page_box, []))


@contextmanager
def artifact(stream: Stream) -> Iterator[None]:
    """Draw what is no part of the document's text."""
    tags = tags_of(stream)
    set_tags(stream, None)
    if tags is not None:
        stream.begin_marked_content("Artifact")
    yield
    if tags is not None:
        stream.end_marked_content()
    set_tags(stream, tags)
