"""The sheets of a report: one or more for each table, one for its texts and contents, one for what was cut."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from icreport.errors import Place
from icreport.model.elements import Section
from icreport.rendering.xlsx.contents import Entry, contents_sheet
from icreport.rendering.xlsx.cut_texts import CutTexts
from icreport.rendering.xlsx.names import SheetNames, TableNames
from icreport.rendering.xlsx.tables import TableSheets
from icreport.rendering.xlsx.workbook import Sheet, WorkbookWriter

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from icreport.model.elements import Paragraph, Table
    from icreport.rendering.grid import Grid
    from icreport.rendering.renderer import Sink

_TABLES_WITHOUT_CONTENTS = 3


class Sheets:
    """Gathers the sheets of one report and writes its workbook; a context, for the temporary files between."""

    def __init__(self, sink: Sink, *, ink: str, source_keys: bool, link: str | None) -> None:
        self._stack = ExitStack()
        self._book = WorkbookWriter(self._stack, ink)
        self._cuts = CutTexts(self._book.styles, self._stack)
        self._sink = sink
        self._source_keys = source_keys
        self._link = link
        self._sheet_names = SheetNames()
        self._table_names = TableNames()
        self._sheets: list[Sheet] = []
        self._entries: list[Entry] = []
        self._contents_name = "Text"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def add_text(self, element: Paragraph | Section) -> None:
        """Take a text that is to stand in its order on the sheet of texts."""
        if element.caption:
            self._entries.append(Entry("section" if isinstance(element, Section) else "caption", element.caption))
        if not isinstance(element, Section) and element.text:
            self._entries.append(Entry("text", element.text))

    def add_table(self, table: Table, index: int, rectangle: Grid) -> None:
        """Write the rows of a table on as many sheets as they need."""
        writer = TableSheets(
            table,
            rectangle,
            Place(index, table.caption),
            sink=self._sink,
            book=self._book,
            cuts=self._cuts,
            sheet_names=self._sheet_names,
            table_names=self._table_names,
            source_keys=self._source_keys,
            link=self._link,
        )
        writer.write()
        first = writer.sheets[0].name
        self._entries.append(Entry("table", table.caption or first, first, writer.count))
        self._sheets += writer.sheets

    def write(self, title: str) -> None:
        """Write the workbook."""
        tables = [entry.text for entry in self._entries if entry.role == "table"]
        with_contents = len(tables) > _TABLES_WITHOUT_CONTENTS
        if len(self._entries) > len(tables) or with_contents or not tables:
            self._contents_name = self._sheet_names.add("Contents" if with_contents else "Text")
            sheet = contents_sheet(self._entries, title, self._contents_name, self._book, self)
            leads = with_contents or not tables or self._entries[0].role != "table"
            self._sheets.insert(0 if leads else len(self._sheets), sheet)
        if cuts := self._cuts.sheet(self._sheet_names.add("Cut texts")):
            self._sheets.append(cuts)
        self._book.write(self._sheets, title, "; ".join(tables), self._sink.write)

    def cut(self, row: int, column: int, text: str) -> None:
        """Take a text of the contents of which the cell holds only the start."""
        del column
        self._cuts.add(self._contents_name, f"A{row + 3}", text)
        self._sink.warnings.add("cut-text", "texts over 32,767 characters, which a cell cannot hold, are cut")

    def replaced(self, count: int) -> None:
        """Take note of characters that became U+FFFD."""
        self._sink.warnings.add(
            "replaced-characters", "control characters, which XML cannot hold, became U+FFFD", count=count
        )

    def line_ends(self, count: int) -> None:
        """Take note of line ends that became line feeds."""
        self._sink.warnings.note("line-ends", "line ends are line feeds in a workbook", count=count)

    def rounded_date(self, row: int, column: int) -> None:
        """Texts of the contents hold no dates."""
