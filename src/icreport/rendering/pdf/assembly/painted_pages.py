"""Pages with painted rows: those that have nothing else, and those that a table shares with what is around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from weasyprint import Page

from icreport.rendering.pdf.assembly.layers import Layers
from icreport.rendering.pdf.assembly.link_annotations import Links
from icreport.rendering.pdf.assembly.page_template import artifact, draw_canvas, draw_head, draw_margins
from icreport.rendering.pdf.assembly.pdf_writer import compress
from icreport.rendering.pdf.assembly.placeholder import FEWEST_PAGES, Extent, Placeholder
from icreport.rendering.pdf.assembly.row_tags import Marks, TableStructure
from icreport.rendering.pdf.painter.content_stream import Painter
from icreport.rendering.pdf.painter.pagination import place
from icreport.rendering.pdf.painter.style_checks import UnknownStyleError
from icreport.rendering.pdf.weasyprint_inside.box_tree import page_box, set_page_box
from icreport.rendering.pdf.weasyprint_inside.text_stream import set_tags, tags_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icreport.rendering.pdf.assembly.page_template import Template
    from icreport.rendering.pdf.painter.pagination import PlacedPage, Texts
    from icreport.rendering.pdf.painter.table_model import TableModel
    from icreport.rendering.pdf.weasyprint_inside import Box, Stream


@dataclass(slots=True)
class PaintedTable:
    """The pages of one table: the first and the last one share theirs with other content, the others are whole."""

    placeholder: Placeholder
    model: TableModel
    painter: Painter
    first: PlacedPage
    between: list[bytes]
    """Compressed content of the pages between, rows only."""
    last: PlacedPage
    structure: TableStructure | None
    links: Links
    first_mark: int = 0
    """The first mark of the table on its first page, which has others."""
    last_mark: int = 0

    def page(self, number: int, shell: Page, template: Template, before: int, more: int) -> PaintedPage:
        """Return one of the pages between: as in the shell, with `before` more pages until here, `more` in all."""
        return PaintedPage(shell, template, self, self.between[number], before, more)


def paint(model: TableModel, rows: Iterable[Texts], *, tagged: bool = False, keeps_ends: bool = False) -> PaintedTable:
    """Place and paint the rows of a table; `keeps_ends` has the first two and the last two on one page.

    Raises `UnknownStyleError` where they need too few pages.
    """
    painter = Painter(model, tagged=tagged)
    structure = TableStructure(model) if tagged else None
    links = Links(model.page_box.margin_height())
    first: PlacedPage | None = None
    between: list[bytes] = []
    held: PlacedPage | None = None
    for page in place(model, rows, keeps_ends=keeps_ends):
        if first is None:
            first = page
        elif held is not None:
            between.append(compress(painter.paint(held)))
        if structure is not None:
            structure.add_page(page)
        links.add_page(page)
        held = page if page is not first else None
    if first is None or held is None or len(between) + 2 < FEWEST_PAGES:
        raise UnknownStyleError(f"the table takes fewer than {FEWEST_PAGES} pages")
    start, end = (Extent(page.area.top, page.bottom - model.spacing) for page in (first, held))
    placeholder = Placeholder(model.identifier, model.columns, start, end, len(between))
    return PaintedTable(placeholder, model, painter, first, between, held, structure, links)


class PaintedPage:
    """A page between a table's first and last one; what WeasyPrint asks of a page."""

    def __init__(
        self, page: Page, template: Template, table: PaintedTable, content: bytes, before: int, more: int
    ) -> None:
        self.width, self.height, self.bleed = page.width, page.height, page.bleed
        self.bookmarks: list[object] = []
        self.links: list[object] = []
        self.anchors: dict[str, object] = {}
        self.forms: dict[object, list[object]] = {None: []}
        set_page_box(self, template.blank)
        self.template, self._table, self.rows = template, table, content
        self._before, self._more = before, more

    def paint(self, stream: Stream, scale: float = 1) -> None:
        """Paint what follows the rows; what stands under them is the template's, once for all its pages."""
        start, stream.stream = stream.stream, []
        if not self.template.body:
            body = stream.clone()
            body.stream = [*start]
            body.push_state()
            body.transform(a=scale, d=scale)
            with artifact(body):
                self.template.draw_body(body)
            self._table.model.resources.share(stream)
            self.template.body = compress(_joined(body))
            above = stream.clone()
            with artifact(above):
                self.template.draw_above(above)
            self.template.above = compress(_joined(above))
        with artifact(stream):
            self.template.draw_margins(stream, self._before, self._more)
        stream.stream.append(b"Q")
        stream.compress, stream.stream = False, [compress(_joined(stream))]
        stream.extra["Filter"] = "/FlateDecode"


class SharedPage(Page):
    """The page where a table starts, or ends, or where one ends and another starts: WeasyPrint's with painted rows."""

    def __init__(self, page: Page, ending: PaintedTable | None, starting: PaintedTable | None) -> None:
        super().__init__(page_box(page))
        self.box = page_box(page)
        self.ending = ending
        self.starting = starting
        self.heads: list[Box] = []

    def paint(self, stream: Stream, scale: float = 1) -> None:
        """Paint the page, everything in the order in which it is read."""
        if tags_of(stream) is not None:
            set_tags(stream, Marks())
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            draw_canvas(self.box, stream)
            layers = Layers(self.box, self.starting.placeholder.identifier if self.starting else None)
            layers.draw_lowest(stream)
            if self.ending is not None:
                with artifact(stream):
                    for head in self.heads:
                        draw_head(head, self.box, stream)
                self._paint_rows(self.ending, self.ending.last, stream, ends=True)
            layers.draw_flow(stream)
            if self.starting is not None:
                self._paint_rows(self.starting, self.starting.first, stream, ends=False)
            layers.draw_highest(stream)
            draw_margins(self.box, stream)

    def _paint_rows(self, table: PaintedTable, page: PlacedPage, stream: Stream, *, ends: bool) -> None:
        table.model.resources.share(stream)
        tags = tags_of(stream)
        first_mark = 0 if tags is None else len(tags)
        stream.stream.append(table.painter.paint(page, first_mark=first_mark, ends=ends))
        if isinstance(tags, Marks) and table.structure is not None:
            marks = table.structure.marks(-1 if ends else 0)
            tags.painted += marks
            if ends:
                table.last_mark = first_mark
            else:
                table.first_mark = first_mark


def _joined(stream: Stream) -> bytes:
    return b"\n".join(part if isinstance(part, bytes) else str(part).encode() for part in stream.stream)
