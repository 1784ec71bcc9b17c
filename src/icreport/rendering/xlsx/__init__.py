"""XLSX (ECMA-376): a sheet for each table, its rows streamed, and a sheet for the text between them.

openpyxl is the architect: it writes the workbook, its styles, tables and properties around empty sheets. The sheets
themselves are written here as XML while the rows come, since a cell object for each value is what costs.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

from pydantic import Field

from icreport.errors import Place, RenderError
from icreport.model import Paragraph, Section, Table
from icreport.rendering.dates import document_date
from icreport.rendering.grid import Grid, grid
from icreport.rendering.renderer import Renderer
from icreport.rendering.values import text_of
from icreport.rendering.xlsx.cells import ColumnPlan, ColumnWriter, escaped, plan_of
from icreport.rendering.xlsx.names import column_names, sheet_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from icreport.rendering.renderer import ReportLike, Sink

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_HEAD_ROW = 2  # the caption stands in the first row
_WIDEST, _NARROWEST = 60, 6
_CONTENTS_FROM = 4
_NAMESPACES = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@dataclass(slots=True)
class Sheet:
    """A sheet that has been written: its name, what it shows, and the range of its table."""

    name: str
    part: str
    caption: str
    rows: int = 0
    columns: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Cut:
    """A text that did not fit into its cell."""

    sheet: str
    row: int
    column: str
    length: int
    text: str


class XlsxRenderer(Renderer):
    """Writes a workbook: numbers, dates and truth values as such, all other text as text, nothing as a formula."""

    format: ClassVar[str] = "xlsx"
    suffixes: ClassVar[tuple[str, ...]] = (".xlsx",)
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    theme: str | None = Field(default=None, description="A built-in theme (house, compact, formal) or a folder.")
    source_keys: bool = Field(default=False, description="Add a first column with the key of each row's record.")

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Stream the sheets, then put the workbook around them."""
        with zipfile.ZipFile(cast("BinaryIO", _Out(sink)), "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            book = _Book(archive, sink, self)
            for index, element in enumerate(report.elements):
                book.add(element, index)
            book.finish(self.title_of(report))


class _Out(io.RawIOBase):
    """Lets a ZIP archive be written to a sink, front to back."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._sink.write(bytes(data))
        return len(data)


class _Book:
    """The workbook as far as it has been written."""

    def __init__(self, archive: zipfile.ZipFile, sink: Sink, options: XlsxRenderer) -> None:
        from icreport.rendering.xlsx.skeleton import Skeleton  # noqa: PLC0415

        self._archive = archive
        self._sink = sink
        self._options = options
        self._skeleton = Skeleton(options.theme)
        self._sheets: list[Sheet] = []
        self._entries: list[tuple[str, str, Sheet | None]] = []
        self._cuts: list[Cut] = []
        self._tables = 0

    def add(self, element: Any, index: int) -> None:
        """Write an element: a table on sheets of its own, text for the sheet of text."""
        if isinstance(element, Table):
            self._tables += 1
            self._table(element, index)
        elif isinstance(element, Section):
            self._entries.append(("section", element.caption or "", None))
        elif isinstance(element, Paragraph):
            if element.caption:
                self._entries.append(("heading", element.caption, None))
            self._entries.append(("text", element.text, None))
        else:
            message = f'an element of type "{element.type}" is not shown'
            self._sink.warnings.add("unknown-element", message, Place(index, element.caption))

    def _table(self, table: Table, index: int) -> None:
        rectangle = grid(table, index, self._sink.warnings)
        caption = table.caption or f"Table {self._tables}"
        keyed = self._options.source_keys
        heads = ["sourceKey"] * keyed + rectangle.heads
        if len(heads) > MOST_COLUMNS:
            raise RenderError(
                f"the table has {len(heads):,} columns, a sheet holds {MOST_COLUMNS:,}",
                place=Place(index, table.caption),
                remedy="use CSV",
            )
        batches = self._batches(rectangle, keyed=keyed)
        sample = [(row.source_key, *row.values) if keyed else row.values for row in rectangle.sample]
        columns = list(zip(*sample, strict=True)) or [()] * len(heads)
        plans = [plan_of(column) for column in columns]
        widths = [_width_of(head, column) for head, column in zip(heads, columns, strict=True)]
        names = column_names(heads)
        waiting: list[Sequence[Any]] = []
        done = False
        first = True
        while first or waiting or not done:
            sheet = self._new_sheet(caption, names if rectangle.has_heads else [])
            if first:
                self._entries.append(("table", caption, sheet))
            writers = self._writers(
                plans, widths, rectangle.row_heads + keyed, sheet, names, Place(index, table.caption)
            )
            with self._archive.open(_part(self._archive, sheet.part), "w", force_zip64=True) as part:
                part.write(self._start(sheet, widths).encode())
                room = MOST_ROWS - _HEAD_ROW
                while room:
                    if not waiting:
                        waiting = next(batches, [])
                        done = not waiting
                    if done:
                        break
                    batch, waiting = waiting[:room], waiting[room:]
                    number = _HEAD_ROW + sheet.rows + 1
                    cells = [
                        w.cells(column, number) for w, column in zip(writers, zip(*batch, strict=True), strict=True)
                    ]
                    rows = map("".join, zip(*cells, strict=True)) if cells else [""] * len(batch)
                    # LibreOffice finds the height of wrapped text only for rows that have their number.
                    lines = [f'<row r="{at}">{row}</row>' for at, row in enumerate(rows, number)]
                    part.write("".join(lines).encode())
                    sheet.rows += len(batch)
                    room -= len(batch)
                    self._sink.advance(len(batch))
                part.write(self._end(sheet).encode())
            first = False
            if not waiting and not done:
                waiting = next(batches, [])
                done = not waiting
                if not done:
                    self._sink.warnings.add(
                        "more-sheets",
                        f"a sheet holds {MOST_ROWS:,} rows: the table goes on on further sheets",
                        Place(index, table.caption),
                        loss=False,
                    )

    @staticmethod
    def _batches(rectangle: Grid, *, keyed: bool) -> Iterator[list[Sequence[Any]]]:
        for batch in rectangle.batches:
            yield [(row.source_key, *row.values) for row in batch] if keyed else [row.values for row in batch]

    def _new_sheet(self, caption: str, names: list[str]) -> Sheet:
        name = sheet_name(caption, [sheet.name for sheet in self._sheets])
        sheet = Sheet(name, f"xl/worksheets/table{len(self._sheets) + 1}.xml", caption, columns=names)
        self._sheets.append(sheet)
        return sheet

    def _writers(
        self, plans: list[ColumnPlan], widths: list[float], heads: int, sheet: Sheet, names: list[str], place: Place
    ) -> list[ColumnWriter]:
        styles = self._skeleton
        writers = []
        for at, (plan, width) in enumerate(zip(plans, widths, strict=True)):
            style = styles.row_head if at < heads else styles.wrapped if width >= _WIDEST else styles.text
            typed = styles.typed(plan)

            def on_loss(code: str, row: int, what: Any, at: int = at) -> None:
                where = Place(place.element, place.caption, row - _HEAD_ROW, names[at])
                if code == "cut-text":
                    message = 'text is longer than a cell holds: it is cut, and listed on the sheet "Cut texts"'
                    self._sink.warnings.add(code, message, where)
                    self._cuts.append(Cut(sheet.name, row, names[at], len(what), what[:200]))
                else:
                    message = "control characters that XML cannot hold are shown as U+FFFD"
                    self._sink.warnings.add(code, message, where, count=what)

            writers.append(ColumnWriter(plan, style, typed, on_loss))
        return writers

    def _start(self, sheet: Sheet, widths: list[float]) -> str:
        frozen = f'<pane ySplit="{_HEAD_ROW}" topLeftCell="A{_HEAD_ROW + 1}" activePane="bottomLeft" state="frozen"/>'
        cols = "".join(
            f'<col min="{at}" max="{at}" width="{width:.1f}" customWidth="1"/>' for at, width in enumerate(widths, 1)
        )
        title = _text_cell(sheet.caption, self._skeleton.title)
        heads = "".join(_text_cell(name, self._skeleton.head) for name in sheet.columns)
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet {_NAMESPACES}>'
            '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView workbookViewId="0" showGridLines="0">{frozen}</sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/>{f"<cols>{cols}</cols>" if cols else ""}'
            f'<sheetData><row r="1">{title}</row><row r="2">{heads}</row>'
        )

    def _end(self, sheet: Sheet) -> str:
        # An Excel table needs at least one row below its head.
        empty = "<row/>" if sheet.columns and not sheet.rows else ""
        tables = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>' if sheet.columns else ""
        landscape = ' orientation="landscape"' if len(sheet.columns) > 6 else ""  # noqa: PLR2004
        return (
            f"{empty}</sheetData>"
            '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
            f'<pageSetup paperSize="9" fitToHeight="0"{landscape}/>'
            "<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>"
            f"{tables}</worksheet>"
        )

    def finish(self, title: str) -> None:
        """Write the sheet of text, the list of cut texts and everything around the sheets."""
        contents = self._tables >= _CONTENTS_FROM
        text = None
        if contents or not self._sheets or any(kind != "table" for kind, _, _ in self._entries):
            name = sheet_name("Contents" if contents else "Text", [sheet.name for sheet in self._sheets])
            text = Sheet(name, "xl/worksheets/text.xml", title)
            self._write(text, self._text_rows(title), (90,), links=True)
        cut = None
        if self._cuts:
            name = sheet_name("Cut texts", [sheet.name for sheet in (*self._sheets, *([text] if text else []))])
            cut = Sheet(name, "xl/worksheets/cut.xml", "Cut texts")
            rows = [["Sheet", "Row", "Column", "Characters", "It starts with"]]
            rows += [[c.sheet, str(c.row), c.column, str(c.length), c.text] for c in self._cuts]
            cells = ["".join(_text_cell(value, self._skeleton.text) for value in row) for row in rows]
            self._write(cut, cells, (30, 8, 30, 12, 60))
        order = [*self._sheets]
        if text:
            order.insert(0 if contents or not order else len(order), text)
        if cut:
            order.append(cut)
        for name, data in self._skeleton.parts(order, title, document_date()):
            self._archive.writestr(_part(self._archive, name), data)

    def _text_rows(self, title: str) -> list[str]:
        style = {"section": self._skeleton.title, "heading": self._skeleton.row_head, "table": self._skeleton.link}
        rows = [_text_cell(title, self._skeleton.title), ""]
        for kind, text, _ in self._entries:
            if kind == "section":
                rows.append("")
            rows.append(_text_cell(text, style.get(kind, self._skeleton.wrapped)))
        return rows

    def _write(self, sheet: Sheet, rows: list[str], widths: Sequence[int], *, links: bool = False) -> None:
        cols = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
        found = []
        if links:
            number = 2
            for kind, text, target in self._entries:
                number += 2 if kind == "section" else 1
                if target is not None:
                    place = escaped(f"'{target.name.replace(chr(39), 2 * chr(39))}'!A1")
                    found.append(f'<hyperlink ref="A{number}" location="{place}" display="{escaped(text[:200])}"/>')
        body = "".join(f'<row r="{at}">{row}</row>' for at, row in enumerate(rows, 1))
        document = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet {_NAMESPACES}>'
            '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            '<sheetViews><sheetView workbookViewId="0" showGridLines="0"/></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{cols}</cols><sheetData>{body}</sheetData>'
            f"{f'<hyperlinks>{chr(10).join(found)}</hyperlinks>' if found else ''}"
            '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" fitToHeight="0"/></worksheet>'
        )
        self._archive.writestr(_part(self._archive, sheet.part), document.encode())


def _text_cell(text: str, style: int) -> str:
    if not text:
        return f'<c s="{style}"/>'
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'


def _width_of(head: str, values: Sequence[Any]) -> float:
    """Give a width in characters of the default font: of the widest line seen, East Asian letters counted twice."""
    lines = [line for value in values for line in text_of(value).split("\n")[:3]]
    widest = max(map(_columns, lines), default=0)
    return max(_NARROWEST, min(max(widest + 1.5, _columns(head) + 4), _WIDEST))


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text[: 2 * _WIDEST])


def _part(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Give the entry of a part: no time of its own, so that equal input makes equal bytes."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = archive.compresslevel  # type: ignore[attr-defined]  # noqa: SLF001
    return entry
