"""The rows of a table as they are shown: a heading before each group, subtotals under it, totals at the end."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from msgspec.structs import replace as struct_replace

from icreport.model.rows import Batch, Row
from icreport.model.totals import TOTAL_NAMES, group_of, total_of
from icreport.rendering.changes import with_was_columns
from icreport.rendering.table_format import before_value, label_of
from icreport.rendering.text_direction import enclosed
from icreport.values import text_of
from icreport.words import ENGLISH, say, to_say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icreport.errors import Place
    from icreport.model.formats import ColumnFormat
    from icreport.model.looks import RowKind
    from icreport.model.totals import ColumnTotal
    from icreport.rendering.grid import Grid
    from icreport.warnings import Warnings
    from icreport.words import Said, Words

TOTALS_DESCRIPTION = "Add rows with the subtotals and totals that the columns of a view ask for."
_WITHOUT = {
    "value": to_say("{count} without a value in {column}, not in its {total}"),
    "number": to_say("{count} without a number in {column}, not in its {total}"),
    "date": to_say("{count} without a date in {column}, not in its {total}"),
    "number or date": to_say("{count} without a number or date in {column}, not in its {total}"),
}
"""By what a value has to be to be in a total."""
_NOTHING_LEFT_OUT = frozenset(("count", "distinct"))
"""Totals in which blanks are not to be expected."""


class ShownRows:
    """The rows of a grid with those that stand among them, all `len(grid.heads)` values wide.

    A heading (`Row.kind` is `group`) has the values of the columns by which its group and those around it are grouped,
    null elsewhere; a `subtotal` has them too, beside the totals of the columns that ask for one; the `total` of the
    table has those alone. `Row.level` is 0 for the outermost group. A table without groups and totals costs nothing.
    Rows of these kinds that the document has are given as they are, and are in no total.
    """

    def __init__(self, rectangle: Grid) -> None:
        self._grid = rectangle
        formats = enumerate(rectangle.formats)
        self._asked = {at: said for at, said in formats if said.total is not None and at not in rectangle.groups}
        self._open: list[object] | None = None
        self._values: list[object] = []
        """What tells the groups that the row before is in, and their values."""
        self._totals = [_totals(self._asked) for _ in range(len(rectangle.groups) + 1)]
        """Of the table, the outermost group, …, the innermost; what a group ends with is merged into the one around."""

    @property
    def has_more(self) -> bool:
        """Whether there are other rows than those of the grid."""
        return bool(self._grid.groups or self._asked)

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, some at a time, to be walked once."""
        if not self.has_more:
            yield from self._grid.batches
            return
        for batch in self._grid.batches:
            for is_ordinary, rows in _runs(batch):
                if not is_ordinary:
                    yield Batch(rows)
                elif self._grid.groups:
                    yield Batch(list(self._grouped(rows)))
                else:
                    self._add(rows)
                    yield batch if len(rows) == len(batch) else Batch(rows)
        if last := [*self._ended(0), *self._total("total", 0)]:
            yield Batch(last)

    def notes(self) -> list[Said]:
        """Return what is to be said under the table of values that are in no total, once the rows have been walked."""
        return [
            say(
                _WITHOUT[total.counted],
                count=total.left_out,
                column=enclosed(self._grid.heads[at]) or str(at + 1),
                total=say(TOTAL_NAMES[said.total]),
            )
            for at, said in self._asked.items()
            if (total := self._totals[0][at]).left_out and said.total and said.total not in _NOTHING_LEFT_OUT
        ]

    def labelled(self, row: Row, words: Words) -> Row:
        """Return a row of totals that says so: in its first blank cell without a total, else before its first value."""
        values, label = list(row.values), words.of(label_of(row.kind, [said.total for said in self._asked.values()]))
        at = next((at for at, value in enumerate(values) if value is None and at not in self._asked), None)
        if at is not None:
            values[at] = label
        elif self._asked:
            values[0] = words.of(before_value(label, text_of(values[0])))
        return struct_replace(row, values=tuple(values))

    def _grouped(self, rows: list[Row]) -> Iterator[Row]:
        """Yield rows with the headings and subtotals that stand before and between them."""
        groups = self._grid.groups
        for group, run in groupby(rows, lambda row: [group_of(row.values[at]) for at in groups]):
            members = list(run)
            if group != self._open:
                same = 0 if self._open is None else _same(group, self._open)
                yield from self._ended(same)
                self._open, self._values = group, [members[0].values[at] for at in groups]
                for level in range(same, len(groups)):
                    yield self._row("group", level, self._values, {})
            self._add(members)
            yield from members

    def _ended(self, level: int) -> Iterator[Row]:
        """Yield the subtotals of the open groups from the innermost out to that of a level."""
        for inner in reversed(range(level, len(self._grid.groups) if self._open else 0)):
            yield from self._total("subtotal", inner)
            for at, total in self._totals[inner + 1].items():
                self._totals[inner][at].merge(total)
            self._totals[inner + 1] = _totals(self._asked)

    def _add(self, rows: list[Row]) -> None:
        for at, total in self._totals[-1].items():
            total.add([row.values[at] for row in rows])

    def _total(self, kind: RowKind, level: int) -> Iterator[Row]:
        if self._asked:
            totals = self._totals[level + 1 if kind == "subtotal" else 0]
            values = {at: total.value for at, total in totals.items()}
            yield self._row(kind, level, self._values if kind == "subtotal" else [], values)

    def _row(self, kind: RowKind, level: int, groups: Sequence[object], totals: dict[int, object]) -> Row:
        values: list[object] = [None] * len(self._grid.heads)
        for at, value in [*zip(self._grid.groups, groups[: level + 1], strict=False), *totals.items()]:
            values[at] = value
        return Row.shown(values, kind=kind, level=level)


def rows_for_data(
    rectangle: Grid, warnings: Warnings, place: Place, *, totals: bool, labelled: bool, words: Words = ENGLISH
) -> Grid:
    """Return a grid for a format that holds data: its own rows, and where they are asked for those with totals.

    No headings: what rows are grouped by is in a column. Where rows are `labelled`, those with totals say so in the
    first column that is blank in them, or before their first value, in the `words` of the document. What cells were is
    in columns of their own.
    """
    labels = words if labelled else None
    whole = with_was_columns(rectangle, words)
    return replace(whole, batches=_data(whole, warnings, place, totals=totals, labels=labels))


def _data(rectangle: Grid, warnings: Warnings, place: Place, *, totals: bool, labels: Words | None) -> Iterator[Batch]:
    left_out = 0
    shown = ShownRows(rectangle)
    for batch in shown.batches() if totals else rectangle.batches:
        if batch.is_ordinary:
            yield batch
            continue
        wanted = {"row", "subtotal", "total"} if totals else {"row"}
        rows = [row for row in batch.rows if row.kind in wanted]
        left_out += len(batch) - len(rows) if not totals else 0
        if rows:
            yield Batch([shown.labelled(row, labels) if labels and row.kind != "row" else row for row in rows])
    for note in shown.notes() if totals else ():
        warnings.note("not-in-total", ENGLISH.of(note), place)
    if left_out:
        message = "rows of the document that are headings and totals are left out (totals=true has the totals)"
        warnings.note("left-out", message, place, count=left_out)


def _totals(asked: dict[int, ColumnFormat]) -> dict[int, ColumnTotal]:
    return {at: total_of(said.total, said.type) for at, said in asked.items() if said.total}


def _runs(batch: Batch) -> Iterator[tuple[bool, list[Row]]]:
    """Yield the rows of a batch, those of the report apart from others that the document has among them."""
    if batch.is_ordinary:
        yield True, batch.rows
        return
    for is_ordinary, rows in groupby(batch.rows, lambda row: row.kind == "row"):
        yield is_ordinary, list(rows)


def _same(values: list[object], before: list[object]) -> int:
    """Return how many of the outermost groups are the same."""
    return next((at for at, pair in enumerate(zip(values, before, strict=True)) if pair[0] != pair[1]), len(values))
