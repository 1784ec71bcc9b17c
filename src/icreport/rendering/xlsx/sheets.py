"""The sheets of a report: one or more for each table, one for its texts and contents, one for what was cut."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from icreport.errors import Place
from icreport.model.elements import Section
from icreport.rendering.grid import grid
from icreport.rendering.pictures import LostImageError, prepare
from icreport.rendering.xlsx.contents import Entry, fill_contents
from icreport.rendering.xlsx.cut_texts import CutTexts
from icreport.rendering.xlsx.document import fill_document
from icreport.rendering.xlsx.figures import ROOM, figure_of, fill_figures
from icreport.rendering.xlsx.names import sheet_names, table_names
from icreport.rendering.xlsx.tables import TableSheets
from icreport.rendering.xlsx.workbook import Sheet, WorkbookWriter
from icreport.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from icreport.model.elements import Paragraph, Table
    from icreport.model.front_matter import FrontMatter
    from icreport.model.image import Image
    from icreport.rendering.grid import Grid
    from icreport.rendering.record_links import LinkPattern
    from icreport.rendering.renderer import Sink
    from icreport.rendering.xlsx.charts import SheetChart
    from icreport.rendering.xlsx.figures import Figure
    from icreport.rendering.xlsx.styles import Colours
    from icreport.words import Words

_TABLES_WITHOUT_CONTENTS = 3


class Sheets:
    """Gathers the sheets of one report and writes its workbook; a context, for the temporary files between."""

    def __init__(
        self,
        sink: Sink,
        *,
        ink: str,
        right_to_left: bool,
        title_row: bool,
        source_keys: bool,
        link: LinkPattern | None,
        words: Words = ENGLISH,
        header: str = "",
        footer: str = "",
        colours: Callable[[], Colours] | None = None,
        logo: bytes | None = None,
    ) -> None:
        self._stack = ExitStack()
        self._book = WorkbookWriter(
            self._stack, ink, words, right_to_left=right_to_left, header=header, footer=footer, colours=colours
        )
        self._words = words
        self._cuts = CutTexts(self._stack, words)
        self._sink = sink
        self._title_row = title_row
        self._source_keys = source_keys
        self._link = link
        self._sheets: list[Sheet] = []
        self._entries: list[Entry] = []
        self._contents = Sheet(words("Text"), picture=logo)
        self._figures: list[Figure] = []
        self._counted = 0
        self._drawn = Sheet(words("Figures"))

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

    def count_figure(self) -> str:
        """Return what the next image or chart is called, as pages call it: `Figure 3`."""
        self._counted += 1
        return self._words("Figure {number}", number=self._counted)

    def add_image(self, image: Image, place: Place) -> None:
        """Take an image, which is to stand on the sheet of figures."""
        called, picture = self.count_figure(), None
        try:
            picture = prepare(image, *ROOM, self._sink.limits, place, vector=False)
        except LostImageError as lost:
            self._sink.warnings.add("lost-image", f"the image is not shown: {lost}", place)
        self._figures.append(figure_of(called, image.caption, image.alt, picture, self._book))
        self._entries.append(Entry("figure", f"{called}  {image.caption}" if image.caption else called, self._drawn))

    def add_chart(self, table: Table, chart: SheetChart, index: int) -> None:
        """Write a chart on the sheet of its data."""
        self.count_figure()
        # Its rows are of no records.
        rectangle = grid(table, index, self._sink.warnings)
        self._add(table, index, rectangle, source_keys=False, link=None).chart = chart

    def add_table(self, table: Table, index: int, rectangle: Grid) -> None:
        """Write the rows of a table on as many sheets as they need."""
        self._add(table, index, rectangle, source_keys=self._source_keys, link=self._link)

    def _add(self, table: Table, index: int, rectangle: Grid, *, source_keys: bool, link: LinkPattern | None) -> Sheet:
        """Write a table; return the first of its sheets."""
        writer = TableSheets(
            table,
            rectangle,
            Place(index, table.caption),
            sink=self._sink,
            book=self._book,
            cuts=self._cuts,
            title_row=self._title_row,
            source_keys=source_keys,
            link=link,
        )
        writer.write()
        self._entries.append(Entry("table", table.caption or "", writer.sheets[0], writer.count))
        self._sheets += writer.sheets
        return writer.sheets[0]

    def write(self, title: str, document: FrontMatter) -> None:
        """Write the workbook."""
        tables = [entry for entry in self._entries if entry.role == "table"]
        sheets, contents, cuts = self._sheets, self._contents, Sheet(self._words("Cut texts"))
        with_contents = len(tables) > _TABLES_WITHOUT_CONTENTS
        if with_contents:
            contents.name = self._words("Contents")
        # Only now all names that are wanted are known, so that none is given to a sheet that did not ask for it.
        said = Sheet(self._words("Document"))
        _name([*sheets, contents, self._drawn, said, cuts], self._words("Table"))
        if self._figures:
            cells = iter(fill_figures(self._drawn, self._figures, self._words("Figures"), self._book, self))
            self._entries = [
                replace(entry, cell=next(cells)) if entry.role == "figure" else entry for entry in self._entries
            ]
            sheets.append(self._drawn)
        if len(self._entries) > len(tables) or with_contents or not tables:
            fill_contents(contents, self._entries, title, self._book, self)
            leads = with_contents or not tables or not self._entries[0].sheet
            sheets.insert(0 if leads else len(sheets), contents)
        if self._cuts.fill(cuts, self._book.rows(), self._book.styles):
            sheets.append(cuts)
        if document:
            fill_document(said, document, title, self._book, self, self._words)
            sheets.insert(0, said)
        subject = "; ".join(entry.text for entry in tables)
        self._book.write(sheets, title, subject, self._sink.write, document, document.running(self._words))

    def cut(self, row: int, column: int, text: str) -> None:
        """Take a text of the contents of which the cell holds only the start."""
        del column
        self._cuts.add(self._contents, f"A{row + 3}", text)
        self._sink.warnings.add("cut-text", "texts over 32,767 characters, which a cell cannot hold, are cut")

    def replaced(self, count: int) -> None:
        """Count characters that became U+FFFD."""
        self._sink.warnings.add(
            "replaced-characters", "control characters, which XML cannot hold, became U+FFFD", count=count
        )

    def line_ends(self, count: int) -> None:
        """Count line ends that became line feeds."""
        self._sink.warnings.note("line-ends", "line ends are line feeds in a workbook", count=count)

    def rounded_date(self, row: int, column: int) -> None:
        """Texts of the contents hold no dates."""


def _name(sheets: list[Sheet], unnamed: str) -> None:
    """Make the names of sheets, and those of the tables on them, legal and different."""
    for sheet, name in zip(sheets, sheet_names([sheet.name for sheet in sheets], unnamed), strict=True):
        sheet.name = name
    tables = [sheet.table for sheet in sheets if sheet.table]
    for table, name in zip(tables, table_names(table.name for table in tables), strict=True):
        table.name = name
