"""Pages of tables that were made apart, and the pages of WeasyPrint, as one document."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import pydyf
from weasyprint import Page

from icreport.rendering.pdf.assembly.chunked_layout import BandedTable, put_in_place
from icreport.rendering.pdf.assembly.page_numbers import page_numbers
from icreport.rendering.pdf.assembly.page_template import Template
from icreport.rendering.pdf.assembly.painted_pages import PaintedPage, PaintedTable, SharedPage
from icreport.rendering.pdf.assembly.pdf_writer import CompressedStream, Writer
from icreport.rendering.pdf.assembly.row_objects import add_rows
from icreport.rendering.pdf.contents_numbers import number_entries
from icreport.rendering.pdf.font_encodings import encode_plainly
from icreport.rendering.pdf.painter.style_checks import TOLERANCE, UnknownStyleError
from icreport.rendering.pdf.tag_tree import complete_structure
from icreport.rendering.pdf.weasyprint_inside.box_tree import (
    body_rows,
    page_box,
    tables_of,
    without_rows,
    without_table,
)
from icreport.rendering.pdf.weasyprint_inside.text_stream import tell_text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from weasyprint import Document

    from icreport.rendering.pdf.assembly.placeholder import Placeholder
    from icreport.rendering.pdf.painter.resources import Resources

    PlacedTable = PaintedTable | BandedTable


class Numbered(NamedTuple):
    """A page, and how it was numbered when it was laid out: its number, and that of all pages."""

    page: Any
    """What WeasyPrint asks of a page; what is drawn already says itself how it counts."""
    number: int
    total: int


def numbered_shell(lay_out: Callable[[str], Document], placeholders: Iterable[Placeholder]) -> Document:
    """Lay out a shell so that its pages are numbered as they will be: for contents whose numbers WeasyPrint finds."""
    shell = lay_out("")
    skips = "".join(
        f"@page :nth({_place(shell, placeholder)[-2] + 1}) {{ counter-increment: page {placeholder.added + 1} }}"
        for placeholder in placeholders
        if placeholder.added
    )
    return lay_out(skips) if skips else shell


def numbers_with(tables: Sequence[PlacedTable], shell: Document) -> list[int]:
    """Return the numbers of the pages of such a shell: a table's last one counts for all that the shell lacks."""
    added = [0] * len(shell.pages)
    for table in tables:
        added[_place(shell, table.placeholder)[-2]] += table.placeholder.added
    return [at + more for at, more in enumerate(accumulate(added), 1)]


def with_tables(shell: Document, tables: Sequence[PlacedTable], numbers: Sequence[int], kept: range) -> list[Numbered]:
    """Return some pages of a shell, a document that has placeholder rows, with the pages of its tables among them.

    `numbers` are those that all pages of the shell were laid out with.

    Raises `UnknownStyleError` where the tables stand elsewhere than when their pages were made.
    """
    places = [_place(shell, table.placeholder) for table in tables]
    total = len(shell.pages)
    pages = [Numbered(_shared(shell.pages[at], at, tables, places), numbers[at], total) for at in kept]
    for table, where in zip(reversed(tables), reversed(places), strict=True):
        between = _between(table, [(shell.pages[at], numbers[at]) for at in where[1:-1]], total)
        pages[where[1] - kept.start : where[-1] - kept.start] = between
    return pages


def write_joined(
    document: Document,
    pages: Sequence[Numbered],
    tables: Sequence[PlacedTable],
    resources: Resources,
    **options: Any,
) -> bytes:
    """Return the PDF of pages in their order, with the metadata of a document.

    Raises `UnknownStyleError` where a page shows its number in a way that is not known.
    """
    for at, (page, number, total) in enumerate(pages, 1):
        before, more = at - number, len(pages) - total
        if hasattr(page, "count"):
            page.count(before, more)
        elif before or more:
            for shown in page_numbers(page_box(page)):
                shown.show(before, more)
    joined = document.copy([page for page, _, _ in pages])
    number_entries(joined.pages, range(1, len(pages) + 1))
    painted = [table for table in tables if isinstance(table, PaintedTable)]
    tell_text_of(joined)
    # Drawn pages and painted rows have chosen glyphs of these already.
    joined.fonts = resources.fonts
    resources.join(joined.pages[0])

    def finish(document: Document, pdf: pydyf.PDF) -> None:
        encode_plainly(document, pdf)
        complete_structure(document, pdf)
        _share_templates(document, pdf)
        firsts = [
            next(at for at, page in enumerate(joined.pages) if getattr(page, "starting", None) is table)
            for table in painted
        ]
        added, count = add_rows(pdf, painted, firsts, [joined.pages[first].box for first in firsts])
        # pydyf compresses all streams a second time to hash them.
        pdf.write = Writer(pdf, added, count).write

    written: bytes = joined.write_pdf(finisher=finish, **options)
    return written


def _place(shell: Document, placeholder: Placeholder) -> list[int]:
    """Return the indexes of a table's pages in the shell."""
    parts = tables_of(shell, placeholder.identifier)
    if len(parts) != placeholder.templates + 2:
        raise UnknownStyleError("the table takes other pages than its probe")
    for (_, part), extent in ((parts[0], placeholder.first), (parts[-1], placeholder.last)):
        rows = list(body_rows(part))
        height = rows[-1].position_y + rows[-1].height - rows[0].position_y
        if abs(rows[0].position_y - extent.top) > TOLERANCE or abs(height - extent.height) > TOLERANCE:
            raise UnknownStyleError("the table stands elsewhere than its probe")
    return [index for index, _ in parts]


def _shared(page: Page, index: int, tables: Sequence[PlacedTable], places: Sequence[list[int]]) -> Page:
    """Return a page of the shell that tables may share: what is painted is taken off, what was laid out is put in."""
    ending = next((table for table, where in zip(tables, places, strict=True) if where[-1] == index), None)
    starting = next((table for table, where in zip(tables, places, strict=True) if where[0] == index), None)
    box = page_box(page)
    for table, part in ((ending, -1), (starting, 0)):
        if isinstance(table, BandedTable):
            put_in_place(box, table.shared[part])
    paints_end = ending if isinstance(ending, PaintedTable) else None
    paints_start = starting if isinstance(starting, PaintedTable) else None
    if paints_end is None and paints_start is None:
        return page if ending is None and starting is None else Page(box)
    shared = SharedPage(page, paints_end, paints_start)
    if paints_end is not None:
        shared.heads = without_table(shared.box, paints_end.placeholder.identifier)
    if paints_start is not None:
        without_rows(shared.box, paints_start.placeholder.identifier)
    return shared


def _between(table: PlacedTable, shell: Sequence[tuple[Page, int]], total: int) -> list[Numbered]:
    """Return the pages of a table that have nothing else; each is like one of the shell."""
    templates = [Template(page_box(page), table.placeholder.identifier) for page, _ in shell]
    pages = []
    for at in range(table.placeholder.between):
        like = at if at < len(templates) else at % 2
        page, number = shell[like]
        pages.append(Numbered(table.page(at, page, templates[like]), number, total))
    return pages


def _share_templates(document: Document, pdf: pydyf.PDF) -> None:
    """Set the content of painted pages: that of their template, with their rows among it, and what follows."""
    shared: dict[int, tuple[pydyf.Stream, pydyf.Stream]] = {}
    for page, number in zip(document.pages, pdf.pages["Kids"][::3], strict=True):
        if not isinstance(page, PaintedPage):
            continue
        if id(page.template) not in shared:
            shared[id(page.template)] = (CompressedStream(page.template.body), CompressedStream(page.template.above))
            for stream in shared[id(page.template)]:
                pdf.add_object(stream)
        body, above = shared[id(page.template)]
        rows = CompressedStream(page.rows)
        pdf.add_object(rows)
        entry = pdf.objects[number]
        entry["Contents"] = pydyf.Array([body.reference, rows.reference, above.reference, entry["Contents"]])
