"""The rows of a table as sheet XML (ECMA-376 part 1, 18.3.1.73 `row`), put together from the cells of its columns.

Rows and cells say where they stand (`r`): it is optional, but many readers count on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from icreport.rendering.xlsx.cells import PLAIN, WIDEST, ColumnCells, ColumnValues, column_values
from icreport.rendering.xlsx.text_width import line_counts
from icreport.values import texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icreport.rendering.xlsx.cells import CellFormat, Losses
    from icreport.rendering.xlsx.styles import Styles

_NARROWEST = 6
MARGIN = 2.5
"""How much wider than its content a column is."""
_DEEPEST = 7
_LINE, _HIGHEST, _PADDING = 15, 409, 1


class TableRows:
    """Writes the rows of one table.

    Columns start with what their first rows need, and get wider, or wrapped, as rows need it. `heads` are the first
    columns that head the rows, `link` is the column that holds the links to the records, if any.
    """

    def __init__(
        self,
        sample: Sequence[Sequence[object]],
        width: int,
        styles: Styles,
        losses: Losses,
        *,
        heads: int,
        link: int | None,
        said: Sequence[CellFormat] = (),
        asked: Mapping[int, float] | None = None,
    ) -> None:
        self._styles, self._losses = styles, losses
        self._heads, self._link = heads, link
        self._said = said or [PLAIN] * width
        self._asked = asked or {}
        self._letters = [get_column_letter(number) for number in range(1, width + 1)]
        columns = list(zip(*sample, strict=True)) if sample else [()] * width
        found = list(map(column_values, columns))
        self.are_text = [values.kinds <= {str} for values in found]
        self._wide: list[float] = [0] * width
        self._wraps = [False] * width
        self.columns = self._columns()
        self._fit(found)

    @property
    def widths(self) -> list[float]:
        """The widths of the columns, by all rows so far."""
        return [
            self._asked.get(at) or min(max(wide, column.width, _NARROWEST), WIDEST)
            for at, (wide, column) in enumerate(zip(self._wide, self.columns, strict=True))
        ]

    def _columns(self) -> list[ColumnCells]:
        return [
            ColumnCells(
                number,
                self._styles,
                self._losses,
                wrap=wrap,
                top=any(self._wraps),
                # Text keeps away from the numbers in the column before.
                indent=number > 0 and not self.are_text[number - 1],
                head=number < self._heads,
                link=number == self._link,
                said=self._said[number],
            )
            for number, wrap in enumerate(self._wraps)
        ]

    def rows(
        self,
        columns: Sequence[Sequence[object]],
        first: int,
        top: int,
        linked: Sequence[bool] | None = None,
        looks: Sequence[Sequence[str | None] | None] = (),
        outline: int = 0,
    ) -> str:
        """Return the XML of rows, from their values by column.

        `first` is the number of the first one in the table, from 0; `top` that in the sheet, from 1; `linked` tells
        which rows have a link, if the table has any; `looks` are for each column those of its cells, if any has one;
        `outline` is how deep the rows are in groups.
        """
        found = list(map(column_values, columns))
        self._fit(found)
        count = len(columns[0]) if columns else 0
        numbers = list(map(str, range(top, top + count)))
        # Repeating the parts of a row that stay, filling in the others column by column and joining all of them once
        # takes a fraction of the time of formatting row by row.
        level = outline_of(outline)
        row = ['<row r="', "", f'"{level}>']
        filled: dict[int, Sequence[str]] = {1: numbers}
        if any(self._wraps):
            filled[2] = self._heights(columns, level)
        end = ""
        for number, (column, values) in enumerate(zip(self.columns, found, strict=True)):
            own = looks[number] if looks else None
            if own is not None and any(own):
                parts: tuple[str, Sequence[str], str] = "", column.looked(values.values, own, first), ""
            else:
                parts = column.cells(values, first, linked if number == self._link else None)
            before, cells, after = parts
            at = len(row)
            row += [f'{end}<c r="{self._letters[number]}', "", '"' + before, ""]
            filled[at + 1], filled[at + 3] = numbers, cells
            end = after
        row.append(end + "</row>")
        pieces = row * count
        for at, texts in filled.items():
            pieces[at :: len(row)] = texts
        return "".join(pieces)

    def _fit(self, columns: Sequence[ColumnValues]) -> None:
        """Widen columns by their texts; wrap from now on those that are wider, or have more lines, than before."""
        wraps = []
        for known, column, values in zip(self._wraps, self.columns, columns, strict=True):
            column.widen_for(values)
            most = self._asked.get(column.number, WIDEST)
            wraps.append(known or bool(values.texts and (column.width > most or values.has_line_break)))
        if wraps != self._wraps:
            self._wide, self._wraps = self.widths, wraps
            self.columns = self._columns()

    def _heights(self, columns: Sequence[Sequence[object]], level: str) -> list[str]:
        """Return what ends the start of rows: the heights of those with wrapped text, not every reader finds them."""
        wrapped = [
            line_counts(texts_of(values), width + MARGIN - _PADDING)
            for values, width, wraps in zip(columns, self.widths, self._wraps, strict=True)
            if wraps
        ]
        counts = list(map(max, *wrapped)) if len(wrapped) > 1 else wrapped[0]
        ends = {lines: f'"{height(lines)}{level}>' for lines in set(counts)}
        return [ends[lines] for lines in counts]


def outline_of(level: int) -> str:
    """Return the attribute of a row that is so deep in groups; Excel has seven levels."""
    return f' outlineLevel="{min(level, _DEEPEST)}"' if level else ""


def height(lines: int, gap: int = 0) -> str:
    """Return the attribute for the height of a row with so many lines and a gap (points); nothing for one line."""
    return "" if lines <= 1 else f' ht="{min(lines * _LINE + gap, _HIGHEST)}"'
