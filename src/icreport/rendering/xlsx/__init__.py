"""XLSX: a sheet with a real Excel table for each table of a report, every value with its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from icreport.errors import Place
from icreport.model import Paragraph, Section, Table
from icreport.rendering.grid import grid
from icreport.rendering.renderer import Renderer
from icreport.rendering.theme import load_theme

if TYPE_CHECKING:
    from icreport.rendering.renderer import ReportLike, Sink

_MANY_TABLES = 3


class XlsxRenderer(Renderer):
    """Writes a workbook: tables on sheets of their own, text on a sheet that links to them."""

    format: ClassVar[str] = "xlsx"
    suffixes: ClassVar[tuple[str, ...]] = (".xlsx",)
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    theme: str | None = Field(default=None, description="A theme by name, or a folder with one: its colours and paper.")
    source_keys: bool = Field(default=False, description="Add a first column with the key of each row's record.")

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the tables' rows as they come and the workbook around them."""
        # openpyxl takes a while to import, and listing the formats has no need of it.
        from icreport.rendering.xlsx.book import Book  # noqa: PLC0415
        from icreport.rendering.xlsx.sheets import CellLosses, ExcelTables, TableSheets, TextSheet  # noqa: PLC0415

        with Book(load_theme(self.theme).config) as book:
            text = TextSheet(book)
            losses = CellLosses(book, sink.warnings)
            numbers = ExcelTables()
            captions: list[str] = []
            text_is_first = False
            for index, element in enumerate(report.elements):
                caption = element.caption or ""
                if isinstance(element, Table):
                    rectangle = grid(element, index, sink.warnings)
                    place = Place(index, element.caption)
                    sheets = TableSheets(book, element, rectangle, place, source_keys=self.source_keys)
                    losses.place, losses.heads = place, sheets.heads
                    sheets.write(sink, losses, numbers)
                    text.table(caption, sheets.first, sheets.rows)
                    captions.append(caption or sheets.first.name)
                elif isinstance(element, Section | Paragraph):
                    if caption.strip():
                        text.heading(caption)
                    if isinstance(element, Paragraph) and element.text.strip():
                        text.paragraph(element.text)
                else:
                    message = f'an element of type "{element.type}" is not shown in XLSX'
                    sink.warnings.add("unknown-element", message, Place(index, element.caption))
                text_is_first |= not captions and text.texts > 0
            title = self.title_of(report)
            if len(captions) <= _MANY_TABLES and not text.texts and captions:
                book.drop(text.sheet)
            else:
                text.end(title)
                if text_is_first or len(captions) > _MANY_TABLES:
                    book.move_first(text.sheet)
                else:
                    book.move_last(text.sheet)
            losses.end()
            book.publish(title, "; ".join(captions)[:2000], sink)
