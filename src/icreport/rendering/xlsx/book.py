"""A workbook on its way: openpyxl's for all that is not rows, and the rows of its sheets."""

from __future__ import annotations

import re
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Self

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.theme import theme_xml

from icreport.rendering.dates import document_date
from icreport.rendering.xlsx.names import SheetNames
from icreport.rendering.xlsx.package import SheetRows, publish
from icreport.rendering.xlsx.styles import Styles
from icreport.rendering.xlsx.text import fit_for_xml

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from icreport.rendering.renderer import Sink
    from icreport.rendering.theme import ThemeConfig

MAX_LINKS = 65_530
_A4, _A3, _LETTER, _LEGAL, _LEDGER, _A5 = 9, 8, 1, 5, 4, 11
_ACCENT = re.compile(r'(<a:accent1>\s*<a:srgbClr val=")[0-9A-F]{6}')
_PAPER = {"A4": _A4, "A3": _A3, "A5": _A5, "letter": _LETTER, "legal": _LEGAL, "ledger": _LEDGER}


class Sheet:
    """A sheet: openpyxl's for its set-up, and its rows as XML."""

    def __init__(self, worksheet: Worksheet, rows: SheetRows) -> None:
        self.worksheet = worksheet
        self.rows = rows
        self.last_row = 0

    @property
    def name(self) -> str:
        """The name of the sheet."""
        return str(self.worksheet.title)

    def write(self, xml: str, rows: int = 1) -> None:
        """Add rows."""
        self.rows.write(xml.encode())
        self.last_row += rows

    def link(self, cell: str, to: str) -> None:
        """Make a cell a link to another sheet."""
        quoted = to.replace("'", "''")
        self.worksheet[cell].hyperlink = Hyperlink(ref=cell, location=f"'{quoted}'!A1")


class Book:
    """The workbook and its sheets, in order; leaving its `with` block removes its temporary files."""

    def __init__(self, theme: ThemeConfig) -> None:
        self._workbook = Workbook()
        self._scratch = self._workbook.active
        self._names = SheetNames()
        self._rows: dict[str, SheetRows] = {}
        self._theme = theme
        self._files = ExitStack()
        self.styles = Styles(self._scratch, theme.tokens)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def sheet(self, wanted: str | None, otherwise: str, *, first: bool = False) -> Sheet:
        """Add a sheet, with a legal name near the wanted one."""
        name = self._names.give(wanted, otherwise)
        worksheet = self._workbook.create_sheet(name, 0 if first else None)
        self._rows[name] = self._files.enter_context(closing(SheetRows()))
        worksheet.sheet_view.showGridLines = False
        worksheet.sheet_view.rightToLeft = True if self._theme.dir == "rtl" else None
        worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        worksheet.page_setup.paperSize = _PAPER[self._theme.page.size]
        worksheet.page_setup.orientation = self._theme.page.orientation
        worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
        margins = worksheet.page_margins
        margins.left = margins.right = 0.5
        margins.top = margins.bottom = 0.75
        margins.header = margins.footer = 0.3
        worksheet.oddFooter.left.text = "&A"
        worksheet.oddFooter.right.text = "&P / &N"
        return Sheet(worksheet, self._rows[name])

    def move_first(self, sheet: Sheet) -> None:
        """Put a sheet before the others."""
        self._workbook.move_sheet(sheet.worksheet, -self._workbook.index(sheet.worksheet))

    def move_last(self, sheet: Sheet) -> None:
        """Put a sheet behind the others."""
        behind = len(self._workbook.worksheets) - 1 - self._workbook.index(sheet.worksheet)
        self._workbook.move_sheet(sheet.worksheet, behind)

    def drop(self, sheet: Sheet) -> None:
        """Take a sheet out again."""
        self._workbook.remove(sheet.worksheet)
        del self._rows[sheet.name]

    def publish(self, title: str, description: str, sink: Sink) -> None:
        """Write the file."""
        self._workbook.remove(self._scratch)
        self._workbook.active = 0
        for number, worksheet in enumerate(self._workbook.worksheets):
            worksheet.sheet_view.tabSelected = number == 0
        date = document_date()
        properties = self._workbook.properties
        properties.creator = fit_for_xml(self._theme.organisation) or "icreport"
        properties.title = fit_for_xml(title)
        properties.description = fit_for_xml(description) or None
        properties.created = date.replace(tzinfo=None)
        accent = self.styles.colours["accent"][2:]
        self._workbook.loaded_theme = _ACCENT.sub(rf"\g<1>{accent}", theme_xml, count=1)
        publish(self._workbook, self._rows, sink, date)
