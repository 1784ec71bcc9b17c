"""A table of any kind as the rectangle that a renderer draws."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from icreport.errors import Place
from icreport.model.formats import ColumnFormat
from icreport.model.rows import BATCH_ROWS, Batch, batches_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icreport.model.elements import Table
    from icreport.model.rows import Row
    from icreport.warnings import Warnings

SAMPLE_ROWS = BATCH_ROWS
_PLAIN = ColumnFormat.empty()
_VALUES = attrgetter("values")


class WiderRowError(Exception):
    """A row of a scan is wider than those that were known when the head was drawn: start again with this width."""

    def __init__(self, element: int, width: int) -> None:
        super().__init__(element, width)
        self.element = element
        self.width = width


@dataclass(frozen=True, slots=True)
class Grid:
    """A table made rectangular: every row has exactly `len(heads)` values.

    `heads` stand over the columns; `has_heads` is false where the table has none to show (a vertical one). The first
    `row_heads` values (0 or 1) of a row head it. `sample` holds up to `SAMPLE_ROWS` first rows, for widths and types;
    `batches` gives all of them, some at a time, to be walked once, and `rows` the same one by one. `formats` are how
    the columns are shown, `groups` the indexes of those by which the rows are grouped, the outermost first.
    """

    heads: list[str]
    has_heads: bool
    row_heads: int
    sample: list[Row]
    batches: Iterator[Batch]
    formats: list[ColumnFormat]
    groups: list[int]

    @property
    def rows(self) -> Iterator[Row]:
        """All rows, one by one: the same walk as that over the batches."""
        return chain.from_iterable(batch.rows for batch in self.batches)


def grid(table: Table, index: int, warnings: Warnings) -> Grid:
    """Make a rectangle of a table whose rows may be of any length; `index` is the element's place in its report.

    Columns that only longer rows have are headed by their number, from 1; shorter rows get blank cells; each kind is
    counted in one warning. Categories become a first column that heads the rows.

    Raises `WiderRowError` from `rows` where a scan meets a row that is wider than all in the sample.
    """
    heads = [column.head for column in table.columns]
    categories = [category.head for category in table.categories]
    batches = batches_of(table.rows)
    head = next(batches, Batch([]))
    first = [*head.rows]
    while len(first) < SAMPLE_ROWS and (more := next(batches, None)):
        first += more.rows
    known = table.rows if isinstance(table.rows, list) else first
    width = max(len(heads), getattr(table.rows, "width", 0), max(map(len, map(_VALUES, known)), default=0))
    fitter = _Fitter(Place(index, table.caption), len(heads) or width, width, categories, warnings)
    first = fitter.fit(Batch(first), 1).rows
    numbered = [str(number) for number in range(len(heads) + 1, width + 1)] if heads else [""] * width
    return Grid(
        heads=[""] * bool(categories) + heads + numbered,
        has_heads=bool(heads),
        row_heads=int(bool(categories) or not heads),
        sample=first[:SAMPLE_ROWS],
        batches=chain([Batch(first)] if first else [], fitter.batches(batches, 1 + len(first))),
        formats=_formats(table, width),
        groups=[at + bool(categories) for at in table.group_columns],
    )


def _formats(table: Table, width: int) -> list[ColumnFormat]:
    """Return how the columns of a rectangle are shown, that of the categories first."""
    said = [column.format or _PLAIN for column in table.columns]
    return [_PLAIN] * bool(table.categories) + said + [_PLAIN] * (width - len(said))


def narrowed(whole: Grid, columns: Sequence[int]) -> Grid:
    """Return the part of a grid that has only these columns, in this order."""

    def picked(rows: list[Row]) -> list[Row]:
        return [_picked(row, columns) for row in rows]

    return Grid(
        heads=[whole.heads[column] for column in columns],
        has_heads=whole.has_heads,
        row_heads=int(columns[0] < whole.row_heads),
        sample=picked(whole.sample),
        batches=(Batch(picked(batch.rows)) for batch in whole.batches),
        formats=[whole.formats[column] for column in columns],
        groups=[columns.index(column) for column in whole.groups if column in columns],
    )


def _picked(row: Row, columns: Sequence[int]) -> Row:
    picked = row.picked(columns)
    if row.fields is None or row.kind != "group":
        return picked
    # What heads a group heads it beside each set of columns.
    text = next((value for value in reversed(row.values) if value is not None and value != ""), None)
    return replace(picked, values=(text, *[None] * (len(columns) - 1)))


@dataclass(frozen=True, slots=True)
class _Fitter:
    """Makes the rows of a table with `declared` columns `width` values wide."""

    place: Place
    declared: int
    width: int
    categories: list[str]
    warnings: Warnings

    def batches(self, batches: Iterator[Batch], number: int) -> Iterator[Batch]:
        for batch in batches:
            yield self.fit(batch, number)
            number += len(batch)

    def fit(self, batch: Batch, number: int) -> Batch:
        if not self.categories and self.declared == self.width and batch.widths <= {self.width}:
            return batch
        return Batch([self._fit_row(row, at) for at, row in enumerate(batch.rows, number)])

    def _fit_row(self, row: Row, number: int) -> Row:
        values = row.values
        if len(values) > self.width:
            raise WiderRowError(self.place.element or 0, len(values))
        if len(values) != self.declared:
            place = Place(self.place.element, self.place.caption, number)
            warn_of_length(self.warnings, len(values), self.declared, place)
        values += (None,) * (self.width - len(values))
        if self.categories:
            head = self.categories[number - 1] if number <= len(self.categories) else None
            cells = row.cells and {at + 1: cell for at, cell in row.cells.items()}
            return replace(row, values=(head, *values), cells=cells)
        return row if values is row.values else replace(row, values=values)


def warn_of_length(warnings: Warnings, length: int, declared: int, place: Place) -> None:
    """Warn of a row that is longer or shorter than its table has columns."""
    code, what = ("short-row", "fewer") if length < declared else ("long-row", "more")
    warnings.add(code, f"rows with {what} cells than the table has columns", place)
