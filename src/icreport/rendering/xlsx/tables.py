"""A table on its sheets: title, heads, rows, and a further sheet where one is full."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from icreport.errors import Place, RenderError
from icreport.model.rows import Batch
from icreport.rendering.html_text import shortened
from icreport.rendering.shown_rows import ShownRows
from icreport.rendering.table_selection import tell_changed_heads
from icreport.rendering.xlsx.cells import text_cell
from icreport.rendering.xlsx.comments import MOST_COMMENTS, Comment
from icreport.rendering.xlsx.made_rows import MadeRow
from icreport.rendering.xlsx.names import MOST_HEAD, head_names
from icreport.rendering.xlsx.subtotals import Subtotals
from icreport.rendering.xlsx.table_formats import TableFormats
from icreport.rendering.xlsx.table_rows import MARGIN, TableRows, height
from icreport.rendering.xlsx.text_width import line_count, width_of
from icreport.rendering.xlsx.workbook import Sheet, TableArea
from icreport.rendering.xlsx.xml_text import cut, units
from icreport.rendering.xml_text import with_line_feeds, without_forbidden
from icreport.rendering.zip_package import piece
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.model.elements import Table
    from icreport.model.rows import Row
    from icreport.rendering.grid import Grid
    from icreport.rendering.record_links import LinkPattern, RecordLinks
    from icreport.rendering.renderer import Sink
    from icreport.rendering.xlsx.cut_texts import CutTexts
    from icreport.rendering.xlsx.workbook import WorkbookWriter
    from icreport.rendering.zip_package import PieceWriter

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_MOST_LINKS = 65_530
_MOST_URL = 2_079
_MOST_BREAKS = 1_000
_MOST_NOTES = 100
_LONGEST_COMMENT = 2000
_FILTER_BUTTON = 3
_WIDEST_HEAD = 24
_TITLE_HEIGHT = 24


class TableSheets:
    """Writes one table; `sheets` are those that it took and `count` its rows, when `write` is done."""

    def __init__(
        self,
        table: Table,
        rectangle: Grid,
        place: Place,
        *,
        sink: Sink,
        book: WorkbookWriter,
        cuts: CutTexts,
        title_row: bool,
        source_keys: bool,
        link: LinkPattern | None,
    ) -> None:
        self.sheets: list[Sheet] = []
        self.count = 0
        self._table = table
        self._grid = rectangle
        self._place = place
        self._sink = sink
        self._book = book
        self._cuts = cuts
        self._keys = source_keys
        self._links = link.of_table(table.source_business_object, sink.warnings, self._place) if link else None
        self._title = table.caption if title_row else None
        self._sheet = Sheet("")
        heads = ["sourceKey"] * source_keys + rectangle.heads
        if len(heads) > MOST_COLUMNS:
            raise RenderError(
                f"the table has {len(heads):,} columns; a sheet has at most {MOST_COLUMNS:,}",
                place=place,
                remedy="write CSV",
            )
        self._long_heads: list[tuple[int, str]] = []
        self._heads = self._names_of(heads) if rectangle.has_heads else []
        self._formats = TableFormats(rectangle, table, offset=int(source_keys))
        self._more = ShownRows(rectangle)
        self._body = TableRows(
            [self._formats.pinned(self._values(row)) for row in rectangle.sample],
            len(heads),
            book.styles,
            self,
            heads=source_keys + rectangle.row_heads if rectangle.row_heads else 0,
            link=0 if self._links else None,
            said=self._formats.cells,
            asked=self._formats.widths,
        )
        self._head_height = bool(self._title) + bool(self._heads)
        self._top_row, self._room = self._head_height + 1, MOST_ROWS - self._head_height
        self._at = self._table_end = 0
        """Rows of the sheet so far, and those of them that are the table's."""
        self._outline = len(self._formats.groups)
        asked = self._formats.totals
        self._subtotals = Subtotals(asked, self._formats.texts, self._outline) if asked else None
        self._rows: PieceWriter

    def _names_of(self, heads: list[str]) -> list[str]:
        """Return the heads as an Excel table can have them; takes note of what that changes."""
        cleaned = [without_forbidden(with_line_feeds(head)[0]) for head in heads]
        if count := sum(count for _, count in cleaned):
            self.replaced(count)
        whole = [head for head, _ in cleaned]
        self._long_heads = [(column, head) for column, head in enumerate(whole) if units(head) > MOST_HEAD]
        if self._long_heads:
            message = "heads over 255 characters, which an Excel table cannot hold, are cut"
            self._sink.warnings.add("cut-head", message, self._place, count=len(self._long_heads))
        names = head_names(whole)
        # A blank head is spaces, which nobody sees.
        given = [cut(head, MOST_HEAD) if head.strip(" ") else name for head, name in zip(whole, names, strict=True)]
        tell_changed_heads(given, names, self._place, self._sink)
        return names

    def cut(self, row: int, column: int, text: str) -> None:
        """Take a text of which the cell holds only the start."""
        cell = f"{get_column_letter(column + 1)}{self._head_height + row + 1}"
        head = (self._heads or [""] * (column + 1))[column]
        self._cuts.add(self._sheet, cell, text)
        place = Place(self._place.element, self._place.caption, column=head or None)
        self._sink.warnings.add("cut-text", "texts over 32,767 characters, which a cell cannot hold, are cut", place)

    def replaced(self, count: int) -> None:
        """Count characters that became U+FFFD."""
        self._sink.warnings.add(
            "replaced-characters", "control characters, which XML cannot hold, became U+FFFD", self._place, count=count
        )

    def line_ends(self, count: int) -> None:
        """Count line ends that became line feeds."""
        self._sink.warnings.note("line-ends", "line ends are line feeds in a workbook", self._place, count=count)

    def rounded_date(self, row: int, column: int) -> None:
        """Count a time that is finer than its cell shows; no loss, as the number of the cell goes on."""
        head = (self._heads or [""] * (column + 1))[column]
        place = Place(self._place.element, self._place.caption, row + 1, head or None)
        message = "times with more than 3 digits after the second are shown to the millisecond, as Excel's are"
        self._sink.warnings.add("rounded-time", message, place, loss=False)

    def write(self) -> None:
        """Write all rows."""
        self._rows = self._start()
        for batch in self._more.batches():
            if batch.is_ordinary:
                self._write_rows(batch)
                continue
            for is_ordinary, run in groupby(batch.rows, lambda row: row.kind == "row"):
                if is_ordinary:
                    self._write_rows(Batch(list(run)))
                else:
                    for row in run:
                        self._write_made(row)
        self._write_notes()
        self._end()
        if len(self.sheets) > 1:
            message = "the rows go on to further sheets"
            self._sink.warnings.note("split-table", message, self._place, count=len(self.sheets) - 1)

    def _write_rows(self, batch: Batch) -> None:
        columns, keys, done = batch.columns, batch.source_keys, 0
        if self._keys:
            columns.insert(0, keys)
        columns = self._formats.pinned(columns)
        looks = self._formats.looks(batch, columns)
        while done < len(batch):
            self._go_on()
            now = slice(done, done + self._room - self._at)
            links = self._links
            linked = self._add_links(links, keys[now], self._at, self._sheet.links) if links else None
            whole = len(keys[now]) == len(keys)
            part = columns if whole else [column[now] for column in columns]
            own = looks if whole else [one and one[now] for one in looks]
            top = self._at + self._top_row
            self._rows.write(self._body.rows(part, self._at, top, linked, own, self._outline))
            if self._subtotals:
                self._subtotals.add(part)
            self._formats.see(part, top, len(keys[now]))
            if self._formats.tells_was:
                self._comment(batch.rows[now], top)
            self._at += len(keys[now])
            done += len(keys[now])
        self.count += len(batch)
        self._sink.advance(len(batch))

    def _comment(self, rows: Sequence[Row], top: int) -> None:
        """Say at cells what they were, at the first so many of a sheet; all of it is in the columns beside theirs."""
        for number, row in enumerate(rows, top):
            for at, value in row.was.items() if row.cells else ():
                if len(self._sheet.comments) >= MOST_COMMENTS:
                    return
                cell = f"{get_column_letter(at + self._keys + 1)}{number}"
                # One that is cut has a comment already.
                has_one = any(one.cell == cell for one in self._sheet.comments)
                if value is not None and at + 1 < len(self._grid.heads) and not has_one:
                    text = without_forbidden(shortened(text_of(value), _LONGEST_COMMENT))[0]
                    self._sheet.comments.append(Comment(cell, f"{self._grid.heads[at + 1]}: {text}"))

    def _write_made(self, row: Row) -> None:
        """Write a row that is none of the report: a heading of a group, subtotals or totals."""
        self._go_on()
        number = self._at + self._top_row
        level = row.level + 1 if row.kind == "subtotal" else 0
        writer = MadeRow(row, number, self._formats, self._book, self)
        if row.kind == "group":
            if self._subtotals:
                self._subtotals.open(row.level, number + 1)
            if self._formats.new_page and row.level == 0 and self._at and len(self._sheet.breaks) < _MOST_BREAKS:
                self._sheet.breaks.append(number - 1)
            self._rows.write(writer.heading(len(self._body.columns)))
        else:
            if row.kind == "total" and not self.count and self._heads:
                # A table has a row before its totals.
                self._at, number = self._at + 1, number + 1
                writer = MadeRow(row, number, self._formats, self._book, self)
            self._rows.write(writer.totals(self._subtotals, level))
            if row.kind == "total" and not self._formats.groups and not self.sheets:
                self._sheet.totals = writer.functions
        self._at += 1
        self._table_end = self._at

    def _write_notes(self) -> None:
        """Write what is said under the table, when its rows have been walked over, with a blank row before it."""
        self._table_end = self._at
        words = self._book.words
        said = [words.of(self._table.note or "").strip(), *map(words.of, self._more.notes())]
        lines = [line for line in "\n".join(filter(None, said)).split("\n") if line.strip()][:_MOST_NOTES]
        if not lines or self._at + 1 + len(lines) > self._room:
            return
        for line in lines:
            number = self._at + self._top_row + 1
            cell = text_cell(f"A{number}", line, self._book.styles.attribute(role="note"), self)
            self._rows.write(f'<row r="{number}">{cell}</row>')
            self._at += 1
        self._at += 1

    def _go_on(self) -> None:
        """Go on to a further sheet where this one is full."""
        if self._at == self._room:
            self._table_end = self._at
            self._end()
            self._rows = self._start()

    def _values(self, row: Row) -> tuple[object, ...]:
        return (row.source_key, *row.values) if self._keys else row.values

    def _start(self) -> PieceWriter:
        self._sheet = Sheet(self._table.caption or self._book.words("Table"))
        self._at = 0
        self._formats.start()
        if self._subtotals:
            self._subtotals.start(None if self.sheets else self._top_row)
        for column, head in self._long_heads if not self.sheets else ():
            self._cuts.add(self._sheet, f"{get_column_letter(column + 1)}{self._head_height}", head, kept=0)
        return self._book.rows()

    def _top(self) -> str:
        """Return the rows above the values: title and heads. How high they are depends on the widths of the columns."""
        style = self._book.styles.attribute
        xml = ""
        if self._title:
            title = text_cell("A1", self._title, style(role="title"), self)
            xml = f'<row r="1" ht="{_TITLE_HEIGHT}" customHeight="1">{title}</row>'
        if self._heads:
            # Centred over numbers: at the right is the button of the filter.
            looks = [
                style(role="heads", indent=column.indent) if is_text else style(role="heads", align="center")
                for column, is_text in zip(self._body.columns, self._body.are_text, strict=True)
            ]
            at = self._head_height
            cells = [
                text_cell(f"{get_column_letter(number)}{at}", head, look, self)
                for number, (head, look) in enumerate(zip(self._heads, looks, strict=True), 1)
            ]
            lines = max(map(line_count, self._heads, [width - _FILTER_BUTTON for width in self._widths()]))
            xml += f'<row r="{at}"{height(lines)}>{"".join(cells)}</row>'
        return xml

    def _end(self) -> None:
        sheet, count = self._sheet, self._table_end
        sheet.rows = [piece(self._top().encode(), last=False), self._rows.close()]
        sheet.height, sheet.end = self._head_height + self._at, self._head_height + count
        sheet.widths = self._widths()
        sheet.outline = self._outline
        sheet.summary_below = bool(self._subtotals)
        sheet.rules = self._formats.rules(self._book.styles)
        frozen = f"{'B' if self._grid.row_heads and len(sheet.widths) > 1 else 'A'}{self._head_height + 1}"
        sheet.frozen = frozen if frozen != "A1" and count else None
        if self._heads:
            sheet.head = self._head_height
            # Rows of an Excel table are all of one kind: headings and subtotals do without.
            if not self._formats.groups:
                sheet.table = TableArea(self._table.caption or self._book.words("Table"), self._heads)
        self.sheets.append(sheet)

    def _widths(self) -> list[float]:
        if not self._heads:
            return [width + MARGIN for width in self._body.widths]
        return [
            width
            if at in self._formats.widths
            else max(width, min(width_of(head) + _FILTER_BUTTON, _WIDEST_HEAD)) + MARGIN
            for at, (width, head) in enumerate(zip(self._body.widths, self._heads, strict=True))
        ]

    def _add_links(self, records: RecordLinks, keys: list[object], at: int, links: list[tuple[str, str]]) -> list[bool]:
        """Add the links of rows to those of their sheet; tells which rows got one."""
        linked = []
        for number, source_key in enumerate(keys, at + self._head_height + 1):
            count = len(links)
            # Excel takes a workbook with anything but a URI (RFC 3986) in a link for broken.
            if (url := records.address(source_key)) is not None:
                if count == _MOST_LINKS or len(url) > _MOST_URL:
                    what = "links beyond 65,530 in a sheet" if count == _MOST_LINKS else "links over 2,079 characters"
                    self._sink.warnings.add("dropped-link", f"{what} are left out, their text is kept", self._place)
                else:
                    links.append((f"A{number}", url))
            linked.append(len(links) > count)
        return linked
