"""Pages of tables that were made apart, and the pages of WeasyPrint, as one document."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

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
from icreport.rendering.pdf.glyph_text import Fonts
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

    PlacedTable = PaintedTable | BandedTable


def join(lay_out: Callable[[str], Document], tables: Sequence[PlacedTable], **options: object) -> bytes:
    """Return the PDF: the pages of a shell, which has placeholder rows, with the pages of the tables among them.

    `lay_out` renders the shell with some more CSS, so that its pages are numbered as they will be.

    Raises `UnknownStyleError` where the tables of the shell stand elsewhere than when their pages were made.
    """
    shell = _numbered_shell(lay_out, [table.placeholder for table in tables])
    places = [_place(shell, table.placeholder) for table in tables]
    number_entries(shell.pages, _numbers(len(shell.pages), tables, places))
    pages: list[Page] = [_shared(page, index, tables, places) for index, page in enumerate(shell.pages)]
    more = sum(table.placeholder.added for table in tables)
    for table, where in zip(reversed(tables), reversed(places), strict=True):
        pages[where[1] : where[-1]] = _between(table, [shell.pages[index] for index in where[1:-1]], more)
    for page in pages:
        if isinstance(page, Page):
            for number in page_numbers(page_box(page)):
                number.show(0, more)
    document = shell.copy(pages)
    painted = [table for table in tables if isinstance(table, PaintedTable)]
    tell_text_of(document)
    # Painted rows have chosen glyphs of these already.
    document.fonts = painted[0].model.resources.fonts if painted else Fonts()

    def finish(document: Document, pdf: pydyf.PDF) -> None:
        encode_plainly(document, pdf)
        complete_structure(document, pdf)
        _share_templates(document, pdf)
        if painted:
            firsts = [
                next(at for at, page in enumerate(pages) if isinstance(page, SharedPage) and page.starting is table)
                for table in painted
            ]
            added, count = add_rows(pdf, painted, firsts, [pages[first].box for first in firsts])
            pdf.write = Writer(pdf, added, count).write

    written: bytes = document.write_pdf(finisher=finish, **options)
    return written


def _numbered_shell(lay_out: Callable[[str], Document], placeholders: Iterable[Placeholder]) -> Document:
    """Lay out the shell; its last page for a table counts for all those that it does not have."""
    shell = lay_out("")
    skips = "".join(
        f"@page :nth({_place(shell, placeholder)[-2] + 1}) {{ counter-increment: page {placeholder.added + 1} }}"
        for placeholder in placeholders
        if placeholder.added
    )
    return lay_out(skips) if skips else shell


def _numbers(count: int, tables: Sequence[PlacedTable], places: Sequence[Sequence[int]]) -> list[int]:
    """Return the page numbers of the shell's pages: its last page for a table counts for all that it does not have."""
    added = [0] * count
    for table, where in zip(tables, places, strict=True):
        added[where[-2]] += table.placeholder.added
    return [at + more for at, more in enumerate(accumulate(added), 1)]


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


def _between(table: PlacedTable, shell: list[Page], more: int) -> list[Page]:
    """Return the pages of a table that have nothing else; each is like one of the shell."""
    placeholder = table.placeholder
    templates = [Template(page_box(page), placeholder.identifier) for page in shell]
    places = []
    for number in range(placeholder.between):
        at = number if number < len(templates) else number % 2
        # The last template has the number of the last page that it stands for.
        places.append((at, number - at - (placeholder.added if at == len(templates) - 1 else 0)))
    return [table.page(number, shell[at], templates[at], before, more) for number, (at, before) in enumerate(places)]


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
