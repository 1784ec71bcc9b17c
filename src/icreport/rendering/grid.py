"""A table of any kind as the rectangle that a renderer draws."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from icreport.errors import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icreport.model import Row, Table
    from icreport.warnings import Warnings

SAMPLE_ROWS = 1000


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
    `rows` are all of them, to be walked once.
    """

    heads: list[str]
    has_heads: bool
    row_heads: int
    sample: list[Row]
    rows: Iterator[Row]


def grid(table: Table, index: int, warnings: Warnings) -> Grid:
    """Make a rectangle of a table whose rows may be of any length; `index` is the element's place in its report.

    Columns that only longer rows have are headed by their number, from 1; shorter rows get blank cells; each kind is
    counted in one warning. Categories become a first column that heads the rows.

    Raises `WiderRowError` from `rows` where a scan meets a row that is wider than all in the sample.
    """
    heads = [column.head for column in table.columns]
    categories = [category.head for category in table.categories]
    rows = iter(table.rows)
    sample = list(islice(rows, SAMPLE_ROWS))
    known = table.rows if isinstance(table.rows, list) else sample
    width = max(len(heads), getattr(table.rows, "width", 0), max((len(row.values) for row in known), default=0))
    declared = len(heads) or width

    def rectangular(rows: Iterable[Row], first: int = 1) -> Iterator[Row]:
        for number, row in enumerate(rows, first):
            values = row.values
            if len(values) != declared:
                if len(values) > width:
                    raise WiderRowError(index, len(values))
                warn_of_length(warnings, len(values), declared, Place(index, table.caption, number))
            if len(values) != width:
                values += (None,) * (width - len(values))
            if categories:
                values = (categories[number - 1] if number <= len(categories) else None, *values)
            yield row if values is row.values else replace(row, values=values)

    numbered = [str(number) for number in range(len(heads) + 1, width + 1)] if heads else [""] * width
    drawn = list(rectangular(sample))
    return Grid(
        heads=[""] * bool(categories) + heads + numbered,
        has_heads=bool(heads),
        row_heads=int(bool(categories) or not heads),
        sample=drawn,
        rows=chain(drawn, rectangular(rows, SAMPLE_ROWS + 1)),
    )


def warn_of_length(warnings: Warnings, length: int, declared: int, place: Place) -> None:
    """Take note of a row that is longer or shorter than its table has columns."""
    code, what = ("short-row", "fewer") if length < declared else ("long-row", "more")
    warnings.add(code, f"rows with {what} cells than the table has columns", place)
