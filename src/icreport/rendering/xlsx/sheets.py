"""What is on the sheets: a table each; the report's text and contents; what was cut."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from icreport.errors import Place, RenderError
from icreport.rendering.values import text_of
from icreport.rendering.xlsx.book import MAX_LINKS
from icreport.rendering.xlsx.cells import (
    LINE_HEIGHT,
    LONG_TEXT,
    MAX_HEIGHT,
    Column,
    Losses,
    cut_to_cell,
    rows_xml,
    text_row,
)
from icreport.rendering.xlsx.names import column_names
from icreport.rendering.xlsx.text import MAX_CELL, utf16_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.model import Row, Table
    from icreport.rendering.grid import Grid
    from icreport.rendering.renderer import Sink
    from icreport.rendering.xlsx.book import Book, Sheet
    from icreport.warnings import Warnings

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384


class TableSheets:
    """The sheet of a table, and further ones for the rows that one cannot hold."""

    def __init__(self, book: Book, table: Table, rectangle: Grid, place: Place, *, source_keys: bool) -> None:
        self._book = book
        self._caption = table.caption or ""
        self._rectangle = rectangle
        self._source_keys = source_keys
        self._place = place
        heads = ["sourceKey"] * source_keys + rectangle.heads
        if len(heads) > MAX_COLUMNS:
            raise RenderError(
                f"the table has {len(heads):,} columns and a sheet holds {MAX_COLUMNS:,}",
                place=place,
                remedy="use csv or html",
            )
        self._categories = table.categories
        # A cell that is merged may not be in an Excel table, so categories go without one.
        self._is_excel_table = rectangle.has_heads and not table.categories
        self.heads = column_names(heads) if self._is_excel_table else heads
        sample = self._values(rectangle.sample) or [()] * len(heads)
        row_heads = range(source_keys, source_keys + rectangle.row_heads)
        self._columns = [
            Column(number, values, book.styles, is_head=number - 1 in row_heads)
            for number, values in enumerate(sample, 1)
        ]
        self._widths = [
            _width(head, values, filtered=self._is_excel_table) for head, values in zip(self.heads, sample, strict=True)
        ]
        self.first = self._start()
        self.rows = 0

    def write(self, sink: Sink, losses: CellLosses, numbers: ExcelTables) -> None:
        """Write all rows."""
        sheet = self.first
        for batch in self._rectangle.batches:
            todo = batch
            while todo:
                if sheet.last_row == MAX_ROWS:
                    self._end(sheet, numbers)
                    sheet = self._start()
                now, todo = todo[: MAX_ROWS - sheet.last_row], todo[MAX_ROWS - sheet.last_row :]
                if self._columns:
                    losses.sheet = sheet.name
                    xml = rows_xml(self._columns, self._values(now), sheet.last_row + 1, losses)
                    sheet.write(xml, len(now))
            self.rows += len(batch)
            sink.advance(len(batch))
        self._end(sheet, numbers)

    def _values(self, rows: Sequence[Row]) -> list[Sequence[Any]]:
        columns: list[Sequence[Any]] = list(zip(*[row.values for row in rows], strict=True))
        return [[row.source_key for row in rows], *columns] if self._source_keys and rows else columns

    def _start(self) -> Sheet:
        """Start a sheet with the caption and the heads."""
        sheet = self._book.sheet(self._caption, "Table")
        styles = self._book.styles
        if self._caption:
            sheet.write(text_row(1, [(cut_to_cell(" ".join(self._caption.split())), styles.title)], height=26))
        if self._rectangle.has_heads:
            row = sheet.last_row + 1
            lines = max(
                (-(-_text_width(head) // max(width, 1)) for head, width in zip(self.heads, self._widths, strict=True)),
                default=1,
            )
            height = LINE_HEIGHT * min(max(int(lines), 1), 4) + 5
            sheet.write(
                text_row(row, [(cut_to_cell(head), styles.head) for head in self.heads], height=height),
            )
            sheet.worksheet.print_title_rows = f"{row}:{row}"
        for number, width in enumerate(self._widths, 1):
            sheet.worksheet.column_dimensions[get_column_letter(number)].width = width
        if sum(self._widths) > 100:  # noqa: PLR2004 - about what a portrait page holds at a size that can be read
            sheet.worksheet.page_setup.orientation = "landscape"
        fixed = get_column_letter(1 + self._source_keys + self._rectangle.row_heads) if self._categories else "A"
        if self._rectangle.has_heads:
            sheet.worksheet.freeze_panes = f"{fixed}{sheet.last_row + 1}"
        return sheet

    def _end(self, sheet: Sheet, numbers: ExcelTables) -> None:
        head = 1 + bool(self._caption)
        if self._is_excel_table and self._columns:
            sheet.worksheet.add_table(numbers.table(self.heads, head, max(sheet.last_row, head + 1)))
        if self._categories:
            self._merge_categories(sheet, head + self._rectangle.has_heads)

    def _merge_categories(self, sheet: Sheet, first_row: int) -> None:
        """Merge the heads of consecutive rows that are of one category."""
        letter = get_column_letter(1 + self._source_keys)
        heads = [category.head for category in self._categories]
        start = 0
        for end in range(1, len(heads) + 1):
            if end == len(heads) or heads[end] != heads[start]:
                last = min(first_row + end - 1, sheet.last_row)
                if heads[start] and last > first_row + start:
                    sheet.worksheet.merge_cells(f"{letter}{first_row + start}:{letter}{last}")
                start = end


class ExcelTables:
    """Numbers the Excel tables of a workbook: their names are unique in it."""

    def __init__(self) -> None:
        self._count = 0

    def table(self, heads: Sequence[str], first_row: int, last_row: int) -> ExcelTable:
        """Make the Excel table (ECMA-376 part 1, 18.5.1.2) over these rows of a sheet, from its first column."""
        self._count += 1
        reference = f"A{first_row}:{get_column_letter(len(heads))}{last_row}"
        table = ExcelTable(id=self._count, displayName=f"Table{self._count}", name=f"Table{self._count}", ref=reference)
        table.tableColumns = [TableColumn(id=number, name=head) for number, head in enumerate(heads, 1)]
        table.autoFilter = AutoFilter(ref=reference)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True, showColumnStripes=False)
        return table


class TextSheet:
    """The report's running text in order, with a link to each table where it stood."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.sheet = book.sheet("Contents", "Contents")
        # The first row is the title, which may be known last.
        self.sheet.last_row = 1
        self.sheet.worksheet.column_dimensions["A"].width = 100
        self.sheet.worksheet.column_dimensions["B"].width = 12
        self.texts = 0

    def heading(self, text: str) -> None:
        """Add what heads the following."""
        self._text(text, self._book.styles.heading, 20)

    def paragraph(self, text: str) -> None:
        """Add a paragraph; as many cells as it takes."""
        self._text(text, self._book.styles.paragraph, LINE_HEIGHT)

    def table(self, caption: str, sheet: Sheet, rows: int) -> None:
        """Add a link to a table."""
        row = self.sheet.last_row + 1
        styles = self._book.styles
        count = f"{rows:,} row{'s' * (rows != 1)}"
        shown = cut_to_cell(" ".join(caption.split()) or sheet.name)
        self.sheet.write(text_row(row, [(shown, styles.link), (count, styles.paragraph)]))
        if row <= MAX_LINKS:
            self.sheet.link(f"A{row}", sheet.name)

    def _text(self, text: str, style: int, line: float) -> None:
        self.texts += 1
        while text:
            part = cut_to_cell(text)
            text = text[len(part) :]
            lines = sum(max(1, -(-_text_width(of_part) // 95)) for of_part in part.split("\n"))
            self.sheet.write(
                text_row(self.sheet.last_row + 1, [(part, style)], height=min(line * lines + 6, MAX_HEIGHT))
            )

    def end(self, title: str) -> None:
        """Put the title over it."""
        self.sheet.rows.first = text_row(1, [(cut_to_cell(title), self._book.styles.title)], height=26)


class CellLosses(Losses):
    """Warns of what cells cannot hold, and keeps the rest of cut texts on a sheet."""

    def __init__(self, book: Book, warnings: Warnings) -> None:
        self._book = book
        self._warnings = warnings
        self._list: Sheet | None = None
        self.place = Place()
        self.heads: list[str] = []
        self.sheet = ""

    def cut(self, row: int, column: int, text: str) -> None:
        """Note a text that is longer than a cell."""
        message = f"texts of more than {MAX_CELL:,} characters are cut; the sheet of cut texts has their rest"
        self._warnings.add("long-text", message, self._place_of(column))
        styles = self._book.styles
        if self._list is None:
            self._list = self._book.sheet("Cut texts", "Cut texts")
            heads = ("Sheet", "Cell", "Characters", "Rest of the text")
            self._list.write(text_row(1, [(head, styles.head) for head in heads]))
            self._list.worksheet.freeze_panes = "A2"
            for letter, width in zip("ABCD", (31, 10, 12, LONG_TEXT), strict=True):
                self._list.worksheet.column_dimensions[letter].width = width
        if self._list.last_row == MAX_ROWS:
            return
        cell = f"{get_column_letter(column)}{row}"
        parts = [self.sheet, cell, f"{utf16_length(text):,}"]
        rest = text[len(cut_to_cell(text)) :]
        while rest and len(parts) < MAX_COLUMNS:
            part = cut_to_cell(rest)
            rest = rest[len(part) :]
            parts.append(part)
        style = styles.body("General")
        self._list.write(text_row(self._list.last_row + 1, [(part, style) for part in parts], height=LINE_HEIGHT))

    def replaced(self, row: int, column: int, count: int) -> None:  # noqa: ARG002
        """Note characters that XML cannot hold."""
        message = "control characters that a workbook cannot hold are shown as \ufffd"
        self._warnings.add("control-character", message, self._place_of(column), count=count)

    def _place_of(self, column: int) -> Place:
        index = column - 1
        head = self.heads[index] if index < len(self.heads) else None
        return Place(self.place.element, self.place.caption, None, head or None)

    def end(self) -> None:
        """Put the sheet of cut texts behind the others."""
        if self._list is not None:
            self._book.move_last(self._list)


def _width(head: str, sample: Sequence[Any], *, filtered: bool) -> float:
    """Give the width of a column in characters: its longest line, or so much that long texts wrap well."""
    lines = (line for value in sample if value is not None for line in text_of(value).split("\n"))
    longest = max(map(_text_width, lines), default=0)
    words = max(map(_text_width, head.split()), default=0)
    return float(min(max(longest, words + 3 * filtered, min(_text_width(head) + 3 * filtered, 24), 6), LONG_TEXT) + 2)


def _text_width(text: str) -> int:
    """Give the width in columns: wide and full-width characters (Unicode Annex 11) take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(mark) else 1 + (unicodedata.east_asian_width(mark) in "WF") for mark in text[:200]
    ) + max(len(text) - 200, 0)
