"""What the columns of a table hold, taken note of while its rows go by: its first rows may not be like the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.model.rows import Batch
from icreport.rendering.column_texts import ColumnTexts, column_texts

if TYPE_CHECKING:
    from icreport.model.rows import Row
    from icreport.rendering.table_format import Shown

SPREAD = 200
"""Rows that are kept, at most: as many again are seen before every other one is dropped."""


class Survey:
    """Rows spread over a table, and of each column the values that are longer, or of another type, than those before.

    Memory is that of so many rows, whatever the length of the table.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.odd: list[list[object]] = []
        """For each column, values that the kept rows may not have: each longest so far, the first of each type."""
        self._stride = 1
        self._next = 0
        self.seen = 0
        self._longest: list[int] = []
        self._types: list[set[type]] = []

    def see(self, batch: Batch) -> None:
        """Sample rows, all of one width."""
        rows = batch.rows
        self._keep(rows)
        for at, column in enumerate(column_texts(batch)):
            if at == len(self.odd):
                self.odd.append([])
                self._longest.append(0)
                self._types.append(set())
            self._see_column(at, column)
        for row in [row for row in rows if row.cells]:
            # What cells were stands in them, too.
            for at, value in row.was.items():
                self._see_column(at, ColumnTexts([value]))

    def see_listed(self, batch: Batch, rows: list[Row], shown: Shown) -> int:
        """Sample the rows of the report among those of a batch, and totals of columns; tells how many rows they are."""
        listed = shown.listed(rows)
        self.see(batch if listed is rows else Batch(listed))
        if listed is not rows and self.odd and (totals := shown.totalled(rows)):
            for at, values in enumerate(Batch(totals).columns):
                self._see_column(at, ColumnTexts(values))
        return len(listed)

    def _keep(self, rows: list[Row]) -> None:
        while self._next < self.seen + len(rows):
            self.rows.append(rows[self._next - self.seen])
            self._next += self._stride
            if len(self.rows) == 2 * SPREAD:
                del self.rows[1::2]
                self._stride *= 2
                self._next = len(self.rows) * self._stride
        self.seen += len(rows)

    def _see_column(self, at: int, column: ColumnTexts) -> None:
        values, kinds = column.values, column.kinds
        longest = max(map(len, column.texts), default=0)
        if longest > self._longest[at]:
            self._longest[at] = longest
            self.odd[at].append(
                next(value for value, text in zip(values, column.texts, strict=True) if len(text) == longest)
            )
        if kinds - self._types[at]:
            self.odd[at] += [next(value for value in values if type(value) is kind) for kind in kinds - self._types[at]]
            self._types[at] |= kinds

    def columns(self) -> list[list[object]]:
        """Return for each column the values that say what it holds."""
        kept = zip(*[row.values for row in self.rows], strict=True)
        return [[*values, *odd] for values, odd in zip(kept, self.odd, strict=True)]
