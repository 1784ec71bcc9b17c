"""What a table says of how its sheets are to show it: digits, types, widths, marks, bars and colour scales."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from icreport.model.conditions import look_of, number_in, number_of
from icreport.model.formats import ColumnFormat
from icreport.model.rows import Batch
from icreport.rendering.table_format import SIGNS, any_said, shown_of
from icreport.rendering.xlsx.cells import QUIET, CellFormat, decimal_format, signed_format
from icreport.rendering.xlsx.conditional_formats import ColumnRule, formulas_of, rules_of
from icreport.rendering.xlsx.serial_dates import serial
from icreport.rendering.xlsx.subtotals import number_in_cell
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.formatting.rule import Rule

    from icreport.model.elements import Table
    from icreport.model.formats import Total
    from icreport.rendering.grid import Grid
    from icreport.rendering.xlsx.styles import Styles

_PAGE = 1.2
"""Characters of a column for each percent of a table's width."""
_MOST_AREAS = 2_000
"""Runs of rows that conditional formats name; more are taken together, with what stands between them."""
_PLAIN = ColumnFormat.empty()


class TableFormats:
    """The formats of a table's columns, `offset` further to the right than in its grid."""

    def __init__(self, rectangle: Grid, table: Table, *, offset: int) -> None:
        self.formats = [_PLAIN] * offset + list(rectangle.formats)
        self.shown = shown_of(table, rectangle)
        self.tells_was = any(one.was for one in self.formats)
        self.groups = [at + offset for at in rectangle.groups]
        self.new_page = bool(table.format.new_page)
        self.cells = [CellFormat(one.decimals, as_text=one.type == "text") for one in self.formats]
        self.widths = {at + offset: max(width * _PAGE, 4.0) for at, width in self.shown.widths.items()}
        self.texts = frozenset(at for at, one in enumerate(self.formats) if one.type == "text")
        self.totals: dict[int, Total] = {
            at: one.total for at, one in enumerate(self.formats) if one.total and at not in self.groups
        }
        self._offset = offset
        # In columns of texts, which formulas would take for numbers, looks are those of cells.
        self._formulas = {
            at: formulas_of(one.marks) if at not in self.texts else None
            for at, one in enumerate(self.formats)
            if one.marks
        }
        self._tests = {at: look_of(self.formats[at].marks, self.formats[at].type) for at in self._formulas}
        self._pinned = {at: one.type for at, one in enumerate(self.formats) if one.type in _PINS}
        self._areas: list[tuple[int, int]] = []
        self._kinds: dict[int, set[type]] = {at: set() for at in self._formulas}
        self._dates: set[int] = set()

    def pinned(self, columns: Sequence[object]) -> Any:
        """Return the values of columns, or those of a row, as the types that they are said to have."""
        if not self._pinned:
            return columns
        made = list(columns)
        for at, kind in self._pinned.items():
            pin = _PINS[kind or ""]
            one = columns[at]
            made[at] = [pin(value) for value in one] if isinstance(one, list | tuple) else pin(one)
        return made

    def looks(self, batch: Batch, columns: Sequence[Sequence[object]]) -> list[list[str | None] | None]:
        """Return for each column the looks that its cells have of themselves, none where Excel finds them by rules."""
        says = type(batch) is Batch and any_said(batch.rows)
        if not says and not self._formulas:
            return []
        own: list[list[str | None] | None] = [None] * len(columns)
        for at, test in self._tests.items():
            if test is None:
                continue
            if self._formulas[at] is None:
                own[at] = [test(value) for value in columns[at]]
            elif any(_is_number_in_text(value) for value in columns[at]):
                own[at] = [test(value) if _is_number_in_text(value) else None for value in columns[at]]
        if says:
            for number, row in enumerate(batch.rows):
                said = row.looks if row.cells else {}
                of_row = row.look if row.fields is not None else None
                for at in range(len(columns)) if of_row else [at + self._offset for at in said]:
                    column = own[at] = own[at] or [None] * len(batch)
                    quiet = QUIET if at else ""
                    column[number] = said.get(at - self._offset) or (of_row and of_row + quiet)
        return own

    def start(self) -> None:
        """Start a sheet."""
        self._areas = []

    def see(self, columns: Sequence[Sequence[object]], top: int, count: int) -> None:
        """Take note of rows that were written, the first of them in this row of the sheet."""
        if self._areas and self._areas[-1][1] == top - 1:
            self._areas[-1] = (self._areas[-1][0], top + count - 1)
        else:
            self._areas.append((top, top + count - 1))
        for at, kinds in self._kinds.items():
            kinds.update(map(type, columns[at]))
            if at not in self._dates and any(type(value) is str and serial(value) for value in columns[at]):
                self._dates.add(at)

    def rules(self, styles: Styles) -> list[tuple[str, Rule]]:
        """Return the conditional formats of a sheet, with the cells that have them."""
        if not self._areas:
            return []
        areas = self._areas if len(self._areas) <= _MOST_AREAS else [(self._areas[0][0], self._areas[-1][1])]
        made = []
        for at, one in enumerate(self.formats):
            rule = ColumnRule(
                self._formulas.get(at) or (),
                styles.colours.bar if one.bar else "",
                styles.colours.scale if one.scale else "",
            )
            letter = get_column_letter(at + 1)
            area = " ".join(f"{letter}{first}:{letter}{last}" for first, last in areas)
            if not (rule.formulas or rule.bar or rule.scale):
                continue
            found = rules_of(rule, f"{letter}{areas[0][0]}", styles.colours.looks, self._signs(at))
            made += [(area, each) for each in found]
        return made

    def _signs(self, at: int) -> dict[str, str]:
        """Return the number formats that show the sign of each look, none for a column that may have dates."""
        if at in self._dates or bool in self._kinds.get(at, ()):
            return {}
        decimals = self.formats[at].decimals
        shape = "General" if decimals is None else decimal_format(decimals)
        return {look: signed_format(shape, sign) for look, sign in SIGNS.items()}


def _is_number_in_text(value: object) -> bool:
    """Return whether a value is a number to marks, and in its cell a text."""
    return value is not None and number_in_cell(value) is None and number_of(value) is not None


def _text(value: object) -> object:
    return None if value is None else text_of(value)


_PINS = {"text": _text, "integer": number_in, "decimal": number_in}
"""What makes a value one of a type."""
