"""Totals as formulas that follow what is filtered and edited: `SUBTOTAL` over the rows above, and nothing of the data.

A formula is written only where Excel comes to the total that the report has: what it sees of each cell is reckoned
with as the rows are written. Texts such as n/a, numbers that a cell cannot hold, or values counted once are such cases
where it does not; their total is a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from math import isclose, isfinite
from typing import TYPE_CHECKING

from icreport.rendering.xlsx.serial_dates import serial
from icreport.values import ExactFloat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icreport.model.formats import Total

_MOST_DIGITS = 10**15
_SMALLEST = 2.2250738585072014e-308
_SAME = 1e-9
FUNCTIONS: dict[int, str] = {101: "average", 102: "countNums", 103: "count", 104: "max", 105: "min", 109: "sum"}
"""The functions of SUBTOTAL that leave out hidden rows, and what an Excel table calls them (ECMA-376, 18.18.83)."""


@dataclass(slots=True)
class _Tally:
    """What Excel sees of some cells: numbers, and how many are not blank."""

    filled: int = 0
    numbers: int = 0
    sum: float = 0.0
    least: float = float("inf")
    most: float = float("-inf")

    def add(self, values: Sequence[object], *, as_text: bool) -> None:
        self.filled += sum(value is not None for value in values)
        found = [] if as_text else [number for value in values if (number := number_in_cell(value)) is not None]
        if found:
            self.numbers += len(found)
            self.sum += sum(found)
            self.least, self.most = min(self.least, *found), max(self.most, *found)

    def function(self, total: Total, value: float) -> int | None:
        """Return the function that gives this total; None if there is none."""
        mean = self.sum / self.numbers if self.numbers else 0.0
        reckoned: dict[str, dict[int, float]] = {
            "sum": {109: self.sum},
            "mean": {101: mean},
            "min": {105: self.least},
            "max": {104: self.most},
            "count": {103: self.filled, 102: self.numbers},
        }
        size = max(abs(self.least), abs(self.most), 1.0) if self.numbers else 1.0
        same = (
            code
            for code, one in reckoned.get(total, {}).items()
            if isclose(one, value, rel_tol=_SAME, abs_tol=_SAME * size)
        )
        return next(same, None) if self.numbers or total == "count" else None


@dataclass(slots=True)
class Subtotals:
    """The totals of one sheet's columns, from the table to the innermost group; `texts` are columns of texts alone."""

    asked: Mapping[int, Total]
    texts: frozenset[int]
    levels: int
    _tallies: list[dict[int, _Tally]] = field(default_factory=list)
    _starts: list[int | None] = field(default_factory=list)
    _fixed: set[int] = field(default_factory=set)
    """Columns in which a total is a value, which the totals around it would take for one of the report."""

    def start(self, row: int | None) -> None:
        """Start with the first row of a sheet; None where groups and the table go on from the sheet before."""
        self._tallies = [self._blank() for _ in range(self.levels + 1)]
        self._starts = [row] * (self.levels + 1)

    def _blank(self) -> dict[int, _Tally]:
        return {at: _Tally() for at in self.asked}

    def open(self, level: int, row: int) -> None:
        """Take note of a heading: the rows of its group start here."""
        if level < self.levels:
            self._starts[level + 1] = row
            self._tallies[level + 1] = self._blank()

    def add(self, columns: Sequence[Sequence[object]]) -> None:
        """Reckon with rows, by their columns."""
        for at in self.asked:
            for tallies in self._tallies:
                tallies[at].add(columns[at], as_text=at in self.texts)

    def formula(self, at: int, level: int, column: str, row: int, value: object) -> tuple[int, str] | None:
        """Return the function and the formula of a total, the value of which stands at this row; None if there is none.

        `level` is 0 for that of the table, 1 for the outermost group.
        """
        if value is None or at not in self.asked:
            return None
        number, start = number_in_cell(value), self._starts[level] if level < len(self._starts) else None
        code = None
        if number is not None and start is not None and start < row and at not in self._fixed:
            code = self._tallies[level][at].function(self.asked[at], number)
        if code is None:
            self._fixed.add(at)
            return None
        return code, f"SUBTOTAL({code},{column}{start}:{column}{row - 1})"


def number_in_cell(value: object) -> float | None:
    """Return the number that a cell holds for a value, that of a date too; None where it holds none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        found = serial(value)
        return None if found is None else float(found.number)
    if isinstance(value, int):
        return float(value) if abs(value) < _MOST_DIGITS else None
    if not isinstance(value, float) or not isfinite(value) or 0 < abs(value) < _SMALLEST:
        return None
    if isinstance(value, ExactFloat) and Decimal(float.__repr__(value)) != Decimal(value.literal):
        return None
    return float(value)
