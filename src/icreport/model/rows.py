"""Rows of tables, one by one and in batches."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Cells(Enum):
    """Stands in `Row.fields` where the row's cells stood."""

    HERE = "cells"


CELLS = _Cells.HERE


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of a table: its values in the order of the columns, and the key of its record.

    `fields` is the row's JSON object, its cells left out, where it is more than `sourceKey` and `cells` in this order;
    `cells` maps the index of a cell to its JSON where that is other than an object with just a `value`.
    """

    values: tuple[Any, ...]
    source_key: Any = None
    fields: dict[str, Any] | None = None
    cells: dict[int, Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: int) -> Any:
        return self.values[index]

    def to_object(self) -> dict[str, Any]:
        """Return the row's JSON object."""
        cells: list[Any] = [{"value": value} for value in self.values]
        for index, cell in (self.cells or {}).items():
            cells[index] = cell
        if self.fields is not None:
            return {name: cells if value is CELLS else value for name, value in self.fields.items()}
        if self.source_key is None:
            return {"cells": cells}
        return {"sourceKey": self.source_key, "cells": cells}


class Batch:
    """Rows of a table that are at hand together, to be taken row by row or column by column."""

    __slots__ = ("_rows", "is_flat")

    def __init__(self, rows: list[Row], *, is_flat: bool = False) -> None:
        self._rows = rows
        self.is_flat = is_flat
        """Whether it is known that no value is an array or object."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def rows(self) -> list[Row]:
        """The rows."""
        return self._rows

    @property
    def widths(self) -> set[int]:
        """The numbers of values that the rows have."""
        return {len(row.values) for row in self.rows}

    @property
    def columns(self) -> list[list[Any] | tuple[Any, ...]]:
        """The values of each column; the rows must be of one width."""
        return list(zip(*[row.values for row in self.rows], strict=True))

    @property
    def source_keys(self) -> list[Any]:
        """The key of each row's record."""
        return [row.source_key for row in self.rows]
