"""What stands around the sheets of a workbook, written by openpyxl: styles, tables, properties, relations."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, cast
from xml.etree import ElementTree

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from icreport.rendering.xlsx.names import unique

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from openpyxl.worksheet.worksheet import Worksheet

    from icreport.rendering.xlsx import Sheet
    from icreport.rendering.xlsx.cells import ColumnPlan

_ACCENT, _HEAD, _LINE = "0B5A7A", "EEF2F6", "D8E0E7"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FONT_PARTS = [
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
]
_SHEET = re.compile(r"worksheets/(_rels/)?sheet(\d+)\.xml")


class Skeleton:
    """The workbook without its sheets; its attributes are the numbers of cell styles."""

    def __init__(self, theme: str | None) -> None:
        del theme
        self._book = Workbook()
        self._scratch = cast("Worksheet", self._book.active)
        top = Alignment(vertical="top")
        wrapped = Alignment(vertical="top", wrap_text=True)
        line = Side(style="thin", color=_LINE)
        self.text = self._style(alignment=top, number_format="@")
        self.wrapped = self._style(alignment=wrapped, number_format="@")
        self.title = self._style(font=Font(name="Calibri", size=14, bold=True, color=_ACCENT))
        self.head = self._style(
            font=Font(name="Calibri", bold=True),
            fill=PatternFill("solid", fgColor=_HEAD),
            border=Border(bottom=Side(style="medium", color=_ACCENT), top=line),
            alignment=Alignment(vertical="bottom", wrap_text=True),
        )
        self.row_head = self._style(font=Font(name="Calibri", bold=True), alignment=wrapped)
        self.link = self._style(font=Font(name="Calibri", color=_ACCENT, underline="single"))
        self._typed: dict[str, int] = {}

    def typed(self, plan: ColumnPlan) -> int:
        """Give the style of a column's numbers or dates: one that shows the text that the report has."""
        formats = {
            "date": "yyyy\\-mm\\-dd",
            "datetime": f'yyyy\\-mm\\-dd"{plan.separator}"hh:mm:ss',
            "number": "General" if not plan.decimals else "0." + "0" * plan.decimals,
            "text": "General",
        }
        wanted = formats[plan.kind]
        if wanted not in self._typed:
            self._typed[wanted] = self._style(alignment=Alignment(vertical="top"), number_format=wanted)
        return self._typed[wanted]

    def _style(self, **parts: object) -> int:
        cell = self._scratch.cell(1, 1)
        cell.style = "Normal"
        for name, value in parts.items():
            setattr(cell, name, value)
        number: int = cell.style_id
        return number

    def parts(self, sheets: list[Sheet], title: str, made: datetime) -> Iterator[tuple[str, bytes]]:
        """Give the parts of the package except the sheets, which stand in this order under the names they have."""
        names: list[str] = []
        for sheet in sheets:
            empty = self._book.create_sheet(sheet.name)
            empty.title = sheet.name
            if sheet.columns:
                self._add_table(empty, sheet, names)
                empty.print_title_rows = "1:2"
        self._book.remove(self._scratch)
        properties = self._book.properties
        properties.title = title
        properties.creator = "icreport"
        properties.created = properties.modified = made.replace(tzinfo=None)
        saved = io.BytesIO()
        self._book.save(saved)
        with zipfile.ZipFile(saved) as package:
            for name in package.namelist():
                data = package.read(name)
                if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name):
                    continue
                if name in {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"} or "/worksheets/_rels/" in name:
                    data = _renamed(data.decode(), sheets).encode()
                    name = _renamed(name, sheets)  # noqa: PLW2901
                if name == "docProps/core.xml":
                    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ")
                    data = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, data.decode()).encode()
                if name == "xl/styles.xml":
                    data = _fonts_in_order(data)
                yield name, data

    @staticmethod
    def _add_table(empty: object, sheet: Sheet, names: list[str]) -> None:
        last = f"{get_column_letter(len(sheet.columns))}{2 + max(sheet.rows, 1)}"
        name = unique("T_" + re.sub(r"\W+", "_", sheet.name).strip("_"), names, 200).replace(" (", "_").rstrip(")")
        names.append(name)
        table = Table(displayName=name, name=name, ref=f"A2:{last}")
        table._initialise_columns()  # type: ignore[attr-defined]  # noqa: SLF001
        for column, head in zip(table.tableColumns, sheet.columns, strict=True):
            column.name = head
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        empty._tables.add(table)  # type: ignore[attr-defined]  # noqa: SLF001


def _renamed(text: str, sheets: list[Sheet]) -> str:
    """Put the names that the sheets have in the place of those that openpyxl gave them."""

    def name(match: re.Match[str]) -> str:
        part = sheets[int(match[2]) - 1].part.rpartition("/")[2]
        return f"worksheets/{match[1] or ''}{part}"

    return _SHEET.sub(name, text)


def _fonts_in_order(styles: bytes) -> bytes:
    """Put the parts of each font into the order of the schema, where they are a sequence (18.8.22)."""
    root = ElementTree.fromstring(styles)  # noqa: S314 - openpyxl has just written it
    ElementTree.register_namespace("", _MAIN)
    for font in root.iter(f"{{{_MAIN}}}font"):
        font[:] = sorted(font, key=lambda part: _FONT_PARTS.index(part.tag.rpartition("}")[2]))
    written: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
