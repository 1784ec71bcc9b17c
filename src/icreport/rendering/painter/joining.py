"""Painted pages and the pages of WeasyPrint as one document."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pydyf
from weasyprint.document import Page

from icreport.rendering.painter.checks import UnknownStyleError
from icreport.rendering.painter.content import Painter
from icreport.rendering.painter.finishing import add_rows
from icreport.rendering.painter.furniture import (
    Template,
    draw_body,
    draw_canvas,
    draw_head,
    draw_margins,
    page_numbers,
    without_rows,
    without_table,
)
from icreport.rendering.painter.links import Links
from icreport.rendering.painter.paging import place
from icreport.rendering.painter.probe import TableModel, body_rows, tables_of
from icreport.rendering.painter.structure import Marks, TableStructure
from icreport.rendering.painter.writing import CompressedStream, Writer, compress
from icreport.rendering.tagging import give_scopes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from weasyprint import Document
    from weasyprint.pdf.stream import Stream

    from icreport.rendering.painter.paging import PlacedPage, Texts

TOLERANCE = 0.01
"""CSS pixels."""
FEWEST_PAGES = 3
"""A table on fewer pages than this is left to WeasyPrint: there is no page between its first and last one."""


@dataclass(slots=True)
class PaintedTable:
    """The pages of one table: the first and the last one share theirs with other content, the others are whole."""

    identifier: str
    model: TableModel
    painter: Painter
    first: PlacedPage
    between: list[bytes]
    """Compressed content of the pages between, rows only."""
    last: PlacedPage
    structure: TableStructure | None
    links: Links
    templates: int = field(init=False)
    first_mark: int = 0
    """The first mark of the table on its first page, which has others."""
    last_mark: int = 0

    def __post_init__(self) -> None:
        pages = len(self.between)
        # Left and right pages stay what they are: as many templates as pages, odd or even.
        self.templates = min(pages, 2 + pages % 2)

    @property
    def added(self) -> int:
        """The number of pages that the shell does not have."""
        return len(self.between) - self.templates

    def placeholder_rows(self) -> str:
        """Give HTML rows that stand for the painted ones in the document that they join."""
        columns = self.model.columns
        first = self.first.bottom - self.first.area.top
        last = self.last.bottom - self.last.area.top
        heights = [(first, ""), *[(1, "break-before:page")] * self.templates, (last, "break-before:page")]
        cell = f'<td colspan="{columns}" style="height:{{:.6f}}px;padding:0"></td>'
        return "".join(f'<tr style="{style}">{cell.format(height - self._borders)}</tr>' for height, style in heights)

    @property
    def _borders(self) -> float:
        box = self.model.rows[0].children[0]
        return float(box.border_top_width + box.border_bottom_width)


def paint(model: TableModel, rows: Iterable[Texts], *, tagged: bool = False) -> PaintedTable | None:
    """Place and paint the rows of a table; None where they need too few pages."""
    painter = Painter(model, tagged=tagged)
    structure = TableStructure(model) if tagged else None
    links = Links(model.page_box.margin_height())
    first: PlacedPage | None = None
    between: list[bytes] = []
    held: PlacedPage | None = None
    for page in place(model, rows):
        if first is None:
            first = page
        elif held is not None:
            between.append(compress(painter.paint(held)))
        if structure is not None:
            structure.add_page(page)
        links.add_page(page)
        held = page if page is not first else None
    if first is None or held is None or len(between) + 2 < FEWEST_PAGES:
        return None
    return PaintedTable(model.identifier, model, painter, first, between, held, structure, links)


class PaintedPage:
    """A page between a table's first and last one; what WeasyPrint asks of a page."""

    def __init__(
        self, page: Page, template: Template, table: PaintedTable, content: bytes, before: int, more: int
    ) -> None:
        self.width, self.height, self.bleed = page.width, page.height, page.bleed
        self.bookmarks: list[Any] = []
        self.links: list[Any] = []
        self.anchors: dict[str, Any] = {}
        self.forms: dict[Any, list[Any]] = {None: []}
        self._page_box = template.blank
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
            with _artifact(body):
                self.template.draw_body(body)
            self._table.model.resources.share(stream)
            self.template.body = compress(_joined(body))
        with _artifact(stream):
            self.template.draw_margins(stream, self._before, self._more)
        stream.stream.append(b"Q")
        stream.compress, stream.stream = False, [compress(_joined(stream))]
        stream.extra["Filter"] = "/FlateDecode"


class SharedPage(Page):  # type: ignore[misc]
    """The page where a table starts, or ends, or where one ends and another starts: WeasyPrint's with painted rows."""

    def __init__(self, page: Page, ending: PaintedTable | None, starting: PaintedTable | None) -> None:
        super().__init__(page._page_box)  # noqa: SLF001
        self.box = page._page_box  # noqa: SLF001
        self.ending = ending
        self.starting = starting
        self.heads: list[Any] = []

    def paint(self, stream: Stream, scale: float = 1) -> None:
        """Paint the page, everything in the order in which it is read."""
        if stream._tags is not None:  # noqa: SLF001
            stream._tags = Marks()  # noqa: SLF001
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            draw_canvas(self._page_box, stream)
            if self.ending is not None:
                with _artifact(stream):
                    for head in self.heads:
                        draw_head(head, self._page_box, stream)
                self._paint_rows(self.ending, self.ending.last, stream, ends=True)
            draw_body(self._page_box, stream)
            if self.starting is not None:
                self._paint_rows(self.starting, self.starting.first, stream, ends=False)
            draw_margins(self._page_box, stream)

    def _paint_rows(self, table: PaintedTable, page: PlacedPage, stream: Stream, *, ends: bool) -> None:
        table.model.resources.share(stream)
        tags = stream._tags  # noqa: SLF001
        first_mark = 0 if tags is None else len(tags)
        stream.stream.append(table.painter.paint(page, first_mark=first_mark, ends=ends))
        if tags is not None and table.structure is not None:
            marks = table.structure.marks(-1 if ends else 0)
            tags.painted += marks
            if ends:
                table.last_mark = first_mark
            else:
                table.first_mark = first_mark


def join(lay_out: Callable[[str], Document], tables: list[PaintedTable], **options: Any) -> bytes:
    """Give the PDF: the pages of a shell, which has placeholder rows, with the painted pages among them.

    `lay_out` renders the shell with some more CSS, so that its pages are numbered as they will be.

    Raises `UnknownStyleError` where the tables of the shell stand elsewhere than those of their probes.
    """
    shell = _numbered_shell(lay_out, tables)
    places = {table.identifier: _place(shell, table) for table in tables}
    pages: list[Any] = [_shared(page, index, tables, places) for index, page in enumerate(shell.pages)]
    more = sum(table.added for table in tables)
    for table in reversed(tables):
        where = places[table.identifier]
        pages[where[1] : where[-1]] = _between(table, [shell.pages[index] for index in where[1:-1]], more)
    for page in pages:
        if isinstance(page, Page):
            for number in page_numbers(page._page_box):  # noqa: SLF001
                number.show(0, more)
    document = shell.copy(pages)
    document.fonts = tables[0].model.resources.fonts

    def finish(document: Document, pdf: pydyf.PDF) -> None:
        _share_templates(document, pdf)
        give_scopes(pdf)
        firsts = [
            next(index for index, page in enumerate(pages) if isinstance(page, SharedPage) and page.starting is table)
            for table in tables
        ]
        more, count = add_rows(pdf, tables, firsts, [pages[first].box for first in firsts])
        pdf.write = Writer(pdf, more, count).write

    written: bytes = document.write_pdf(finisher=finish, **options)
    return written


def _numbered_shell(lay_out: Callable[[str], Document], tables: list[PaintedTable]) -> Document:
    """Lay out the shell; its last page for a table counts for all those that it does not have."""
    shell = lay_out("")
    skips = "".join(
        f"@page :nth({_place(shell, table)[-2] + 1}) {{ counter-increment: page {table.added + 1} }}"
        for table in tables
        if table.added
    )
    return lay_out(skips) if skips else shell


def _place(shell: Document, table: PaintedTable) -> list[int]:
    """Give the indexes of a table's pages in the shell."""
    parts = tables_of(shell, table.identifier)
    if len(parts) != table.templates + 2:
        raise UnknownStyleError("the table takes other pages than its probe")
    for (_, part), area in ((parts[0], table.first.area), (parts[-1], table.last.area)):
        if abs(next(body_rows(part)).position_y - area.top) > TOLERANCE:
            raise UnknownStyleError("the table stands elsewhere than its probe")
    return [index for index, _ in parts]


def _shared(page: Page, index: int, tables: list[PaintedTable], places: dict[str, list[int]]) -> Page:
    """Take what is painted off a page of WeasyPrint."""
    ending = next((table for table in tables if places[table.identifier][-1] == index), None)
    starting = next((table for table in tables if places[table.identifier][0] == index), None)
    if ending is None and starting is None:
        return page
    shared = SharedPage(page, ending, starting)
    if ending is not None:
        shared.heads = without_table(shared.box, ending.identifier)
    if starting is not None:
        without_rows(shared.box, starting.identifier)
    return shared


def _between(table: PaintedTable, shell: list[Page], more: int) -> list[PaintedPage]:
    """Give the pages of a table that have nothing else; each is like one of the shell."""
    templates = [Template(page._page_box, table.identifier) for page in shell]  # noqa: SLF001
    pages = []
    for number, content in enumerate(table.between):
        at = number if number < len(templates) else number % 2
        # The last template has the number of the last page that it stands for.
        before = number - at - (table.added if at == len(templates) - 1 else 0)
        pages.append(PaintedPage(shell[at], templates[at], table, content, before, more))
    return pages


def _share_templates(document: Document, pdf: pydyf.PDF) -> None:
    """Give painted pages their content: that of their template, their rows, and what follows these."""
    bodies: dict[int, pydyf.Stream] = {}
    for page, number in zip(document.pages, pdf.pages["Kids"][::3], strict=True):
        if not isinstance(page, PaintedPage):
            continue
        body = bodies.get(id(page.template))
        if body is None:
            body = bodies[id(page.template)] = CompressedStream(page.template.body)
            pdf.add_object(body)
        rows = CompressedStream(page.rows)
        pdf.add_object(rows)
        entry = pdf.objects[number]
        entry["Contents"] = pydyf.Array([body.reference, rows.reference, entry["Contents"]])


def _joined(stream: Stream) -> bytes:
    return b"\n".join(part if isinstance(part, bytes) else str(part).encode() for part in stream.stream)


@contextmanager
def _artifact(stream: Stream) -> Iterator[None]:
    """Draw what is no part of the document's text."""
    tags, stream._tags = stream._tags, None  # noqa: SLF001
    if tags is not None:
        stream.begin_marked_content("Artifact")
    yield
    if tags is not None:
        stream.end_marked_content()
    stream._tags = tags  # noqa: SLF001
