"""The rows of a sheet that are none of the report: headings of groups, subtotals, totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from icreport.rendering.table_format import label_of
from icreport.rendering.xlsx.cells import decimal_format, shown_decimals, text_cell
from icreport.rendering.xlsx.serial_dates import serial
from icreport.rendering.xlsx.subtotals import FUNCTIONS, number_in_cell
from icreport.rendering.xlsx.table_rows import outline_of
from icreport.values import text_of

if TYPE_CHECKING:
    from icreport.model.rows import Row
    from icreport.rendering.xlsx.cells import Losses
    from icreport.rendering.xlsx.subtotals import Subtotals
    from icreport.rendering.xlsx.table_formats import TableFormats
    from icreport.rendering.xlsx.workbook import WorkbookWriter

_BLANK = "\N{EM DASH}"
_DECIMALS_OF_MEAN = 3


class MadeRow:
    """Writes one row at its number in the sheet; `functions` are those of its totals, when they are written."""

    def __init__(self, row: Row, number: int, formats: TableFormats, book: WorkbookWriter, losses: Losses) -> None:
        self._row, self._number = row, number
        self._formats, self._styles, self._words, self._losses = formats, book.styles, book.words, losses
        offset = len(formats.formats) - len(row.values)
        self._values = (*[None] * offset, *row.values)
        self.functions: dict[int, tuple[str, str]] = {}

    def heading(self, width: int) -> str:
        """Return the heading of a group: its value in the first column, on a ground as wide as the table."""
        texts = [text_of(value) for value in self._values if value is not None and value != ""]
        style = self._styles.attribute(role="group")
        first = text_cell(f"A{self._number}", texts[-1] if texts else _BLANK, style, self._losses)
        others = [f'<c r="{get_column_letter(at)}{self._number}"{style}/>' for at in range(2, width + 1)]
        return self._xml(first + "".join(others))

    def totals(self, subtotals: Subtotals | None, level: int) -> str:
        """Return a row of totals: formulas with their values, `level` as `Subtotals.formula` has it."""
        label = self._label_at()
        cells = []
        for at, given in enumerate(self._values):
            letter = get_column_letter(at + 1)
            # Of a mean no more digits than a cell holds.
            is_mean = self._formats.formats[at].total == "mean"
            value = float(given) if is_mean and isinstance(given, float) else given
            if at == label:
                text = self._words.of(label_of(self._row.kind, self._formats.totals.values()))
                self.functions[at] = ("totalsRowLabel", text)
                cells.append(text_cell(f"{letter}{self._number}", text, self._style(), self._losses))
                continue
            found = subtotals.formula(at, level, letter, self._number, value) if subtotals else None
            if found:
                self.functions[at] = ("totalsRowFunction", FUNCTIONS[found[0]])
            cells.append(self._cell(at, letter, value, found[1] if found else ""))
        return self._xml("".join(cells))

    def _label_at(self) -> int | None:
        """Return which cell says what the row is: the first blank one without a total, unless one before says it."""
        for at, one in enumerate(self._formats.formats):
            if one.total is None and self._values[at] in (None, ""):
                return at
            if one.total is None and at not in self._formats.groups:
                return None
        return None

    def _cell(self, at: int, letter: str, value: Any, formula: str) -> str:
        place = f"{letter}{self._number}"
        if value is None:
            return f'<c r="{place}"{self._style()}/>'
        number = number_in_cell(value)
        if number is None:
            return text_cell(place, text_of(value), self._style(), self._losses)
        found = serial(value) if isinstance(value, str) else None
        style = self._style(found.format, align="start") if found else self._style(self._shape(at, value))
        shown = value if isinstance(value, int) else found.number if found else float(value)
        return f'<c r="{place}"{style}>{f"<f>{formula}</f>" if formula else ""}<v>{shown!r}</v></c>'

    def _shape(self, at: int, value: object) -> str | None:
        """Return the number format of a total: the digits that its column asks for, or those that it has."""
        one = self._formats.formats[at]
        if one.decimals is not None and one.total not in ("count", "distinct"):
            return decimal_format(one.decimals)
        decimals = shown_decimals(str(value))
        if one.total == "mean" and isinstance(value, float):
            decimals = len(f"{value:.{_DECIMALS_OF_MEAN}f}".rstrip("0").rpartition(".")[2])
        return decimal_format(decimals) if decimals else None

    def _style(self, shape: str | None = None, align: str | None = None) -> str:
        return self._styles.attribute(role=self._row.kind, format=shape, align=align)

    def _xml(self, cells: str) -> str:
        return f'<row r="{self._number}"{outline_of(self._row.level)}>{cells}</row>'
