"""Rows of tables, one by one and in batches."""

from __future__ import annotations

from enum import Enum
from itertools import chain, compress, islice
from typing import TYPE_CHECKING, Any, Self

import msgspec

from icreport.errors import UsageError
from icreport.model.looks import CHANGES, KEY, LOOKS, ROW_KINDS
from icreport.values import json_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from icreport.model.looks import Change, Look, RowKind


class _Cells(Enum):
    """Stands in `Row.fields` where the row's cells stood."""

    HERE = "cells"


CELLS = _Cells.HERE
BATCH_ROWS = 1000
"""How many rows are taken together, where nobody else has put them together."""


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

    @classmethod
    def shown(
        cls,
        values: Sequence[object],
        source_key: object = None,
        *,
        kind: RowKind = "row",
        level: int = 0,
        look: Look | None = None,
        looks: Mapping[int, Look] | None = None,
        change: Change | None = None,
        was: Mapping[int, object] | None = None,
    ) -> Self:
        """Make a row that says how it is shown: what it is, how it looks, and how cells look by their index.

        `change` is what became of it since another report, `was` the values that cells had there, by their index.
        Raises `UsageError` for a kind, look or change that there is not, and an index without a value.
        """
        values = tuple(map(json_value, values))
        if kind not in ROW_KINDS:
            raise UsageError(f"a row has no kind {kind!r}", remedy=f"it is one of {', '.join(ROW_KINDS)}")
        for one in (look, *(looks or {}).values()):
            if one is not None and one not in LOOKS:
                raise UsageError(f"there is no look {one!r}", remedy=f"it is one of {', '.join(LOOKS)}")
        if change is not None and change not in CHANGES:
            raise UsageError(f"there is no change {change!r}", remedy=f"it is one of {', '.join(CHANGES)}")
        for what, given in (("a look", looks), ("what was", was)):
            if beyond := [index for index in given or () if index not in range(len(values))]:
                raise UsageError(f"{what} is for the cell with index {beyond[0]!r}, of a row of {len(values)} values")
        said: dict[str, object] = {"kind": kind, "level": level} if kind != "row" else {}
        said |= {"look": look} if look else {}
        said |= {"change": change} if change else {}
        fields = {"sourceKey": source_key} if source_key is not None else {}
        of_cells = {index: {"was": json_value(one)} for index, one in (was or {}).items()}
        for index, one in (looks or {}).items():
            of_cells[index] = {**of_cells.get(index, {}), "look": one}
        cells = {index: {"value": values[index], KEY: one} for index, one in of_cells.items()}
        return cls(values, source_key, fields | {"cells": CELLS, KEY: said} if said else None, cells or None)

    @property
    def kind(self) -> RowKind:
        """What the row is: `row`, or `group`, `subtotal` and `total` among the rows as they are shown."""
        found = self._said(self.fields).get("kind") if self.fields else None
        return found if found in ROW_KINDS else "row"

    @property
    def level(self) -> int:
        """The level of the group that a heading or subtotal belongs to, 0 for the outermost."""
        found = self._said(self.fields).get("level") if self.fields else None
        return found if type(found) is int and found > 0 else 0

    @property
    def look(self) -> Look | None:
        """How the whole row looks, if it says so."""
        found = self._said(self.fields).get("look") if self.fields else None
        return found if found in LOOKS else None

    @property
    def looks(self) -> dict[int, Look]:
        """How cells look that say so, by their index."""
        said = {index: self._said(cell).get("look") for index, cell in (self.cells or {}).items()}
        return {index: found for index, found in said.items() if found in LOOKS}

    @property
    def change(self) -> Change | None:
        """What became of the row since another report, where the report is what changed between two."""
        found = self._said(self.fields).get("change") if self.fields else None
        return found if found in CHANGES else None

    @property
    def was(self) -> dict[int, Any]:
        """The values that cells had in another report, by their index, of those that say so."""
        said = {index: self._said(cell) for index, cell in (self.cells or {}).items()}
        return {index: one["was"] for index, one in said.items() if "was" in one}

    @staticmethod
    def _said(part: object) -> dict[str, Any]:
        said = part.get(KEY) if isinstance(part, dict) else None
        return said if isinstance(said, dict) else {}

    def picked(self, columns: Sequence[int], beyond: int | None = None) -> Row:
        """Return the row with only the cells of these columns, in this order; null where it is short.

        Cells with an index from `beyond` on follow them, if that is said.
        """
        count = len(self.values)
        if beyond is not None:
            columns = [*columns, *range(beyond, count)]
        values = tuple([self.values[at] if at < count else None for at in columns])
        cells = self.cells and {to: self.cells[at] for to, at in enumerate(columns) if at in self.cells}
        return Row(values, self.source_key, self.fields, cells or None)

    @classmethod
    def of_object(cls, item: Mapping[str, object]) -> Self:
        """Return the row of its JSON object, whose cells are a list, null or left out; a bare cell is its value."""
        cells = item.get("cells")
        listed = cells if isinstance(cells, list | tuple) else ()
        values = tuple([cell.get("value") if isinstance(cell, dict) else cell for cell in listed])
        plain = [isinstance(cell, dict) and [*cell] == ["value"] for cell in listed]
        unusual = {at: cell for at, cell in enumerate(listed) if not plain[at]}
        fields = {name: CELLS if name == "cells" and value is not None else value for name, value in item.items()}
        key = item.get("sourceKey")
        usual = list(fields) == (["cells"] if key is None else ["sourceKey", "cells"]) and cells is not None
        return cls(values, key, None if usual else fields, unusual or None)

    def to_object(self) -> dict[str, Any]:
        """Return the row's JSON object."""
        cells: list[object] = [{"value": value} for value in self.values]
        for index, cell in (self.cells or {}).items():
            cells[index] = cell
        if self.fields is not None:
            return {name: cells if value is CELLS else value for name, value in self.fields.items()}
        if self.source_key is None:
            return {"cells": cells}
        return {"sourceKey": self.source_key, "cells": cells}


class Batch:
    """Rows of a table that are at hand together, to be taken row by row or column by column."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def rows(self) -> list[Row]:
        """The rows."""
        return self._rows

    @property
    def is_ordinary(self) -> bool:
        """Whether all rows are rows of the report: no heading, subtotal or total that the document has."""
        return all(row.fields is None or row.kind == "row" for row in self.rows)

    @property
    def widths(self) -> set[int]:
        """The numbers of values that the rows have."""
        return {len(row.values) for row in self.rows}

    @property
    def is_plain(self) -> bool:
        """Whether it is known that the rows have one width, and nothing but their values and a key."""
        return False

    def column(self, at: int) -> Sequence[object]:
        """Return the values of one column, null where a row is short."""
        return [row.values[at] if at < len(row.values) else None for row in self.rows]

    def selected(self, kept: Sequence[bool] | None, columns: Sequence[int] | None, beyond: int | None = None) -> Batch:
        """Return the rows that are kept (all: None), with only these columns, as `Row.picked` has them."""
        rows = self.rows if kept is None else list(compress(self.rows, kept))
        if columns is None:
            return self if kept is None else Batch(rows)
        return Batch([row.picked(columns, beyond) for row in rows])

    @property
    def columns(self) -> list[Sequence[object]]:
        """The values of each column; the rows must be of one width."""
        rows = [row.values for row in self.rows]
        widths = set(map(len, rows))
        if len(widths) > 1:
            raise ValueError("rows of several widths have no columns")
        # An iterator for each row, as zip() has, would have Python look for garbage in each batch.
        values = list(chain.from_iterable(rows))
        return [values[at::width] for width in widths for at in range(width)]

    @property
    def source_keys(self) -> list[object]:
        """The key of each row's record."""
        return [row.source_key for row in self.rows]


def batches_of(rows: Iterable[Row]) -> Iterator[Batch]:
    """Yield rows some at a time: those that a scan decodes together, else `BATCH_ROWS`."""
    decoded = getattr(rows, "batches", None)
    if decoded is not None:
        yield from decoded()
        return
    left = iter(rows)
    while batch := list(islice(left, BATCH_ROWS)):
        yield Batch(batch)
