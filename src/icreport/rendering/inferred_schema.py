"""The schemas that tables are found to have (Frictionless Data, "Table Schema")."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING

import msgspec

from icreport.column_names import column_names
from icreport.model.table_schema import LONG, MOST_DIGITS, Field
from icreport.rendering.column_types import ColumnKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icreport.model.elements import Table
    from icreport.model.formats import ValueType
    from icreport.rendering.grid import Grid


def field_of(name: str, kind: ColumnKind, *, dates: bool = True, pinned: ValueType | None = None) -> Field:
    """Return the field of a column with values of this kind, or of the type that it is pinned to.

    Without `dates` those are text.
    """
    if pinned is not None:
        return _pinned_field(name, kind, pinned)
    match kind.kind:
        case "integer" if kind.least >= -LONG and kind.most < LONG:
            return Field(name, "integer")
        case "integer" if max(-kind.least, kind.most) < 10**MOST_DIGITS:
            return Field(name, "integer", precision=MOST_DIGITS)
        case "boolean" | "number" as type_:
            return Field(name, type_)
        case "date" if dates:
            return Field(name, "date")
        case "datetime" | "instant" if dates:
            return Field(name, "datetime", "any", kind.zone, "ns" if kind.is_fine else "us")
        case _:
            return Field(name)


def _pinned_field(name: str, kind: ColumnKind, pinned: ValueType) -> Field:
    match pinned:
        case "integer" if max(-kind.least, kind.most) < LONG:
            return Field(name, "integer")
        case "integer":
            return Field(name, "integer", precision=MOST_DIGITS)
        case "decimal":
            return Field(name, "number")
        case "boolean" | "date":
            return Field(name, pinned)
        case "datetime":
            return Field(name, "datetime", "any", kind.zone, "ns" if kind.is_fine else "us")
        case _:
            return Field(name)


class InferredSchemas:
    """The schemas of the tables of several reports: of each column the type that holds its values in all of them.

    Tables are the same where caption and business object are; of several of those in a report, by their order.
    """

    def __init__(self) -> None:
        self._columns: dict[tuple[str | None, str | None, int], dict[str, _Seen]] = {}

    def add(self, tables: Iterable[tuple[Table, Grid]]) -> None:
        """Learn from the tables of a report, all of whose rows are walked."""
        counts: Counter[tuple[str | None, str | None]] = Counter()
        for table, grid in tables:
            about = table.caption, table.source_business_object
            counts[about] += 1
            columns = self._columns.setdefault((*about, counts[about]), {})
            names = column_names(grid.heads)
            seen = [columns.setdefault(name, _Seen()) for name in names]
            for one, said in zip(seen, grid.formats, strict=True):
                one.pinned = one.pinned or said.type
                one.kind.seeks_dates = one.pinned is not None
            for batch in grid.batches:
                for one, column in zip(seen, batch.columns, strict=True):
                    one.kind.look(column)

    def package(self) -> dict[str, object]:
        """Return a Data Package (Frictionless Data) with the schema of each table."""
        resources = []
        for number, ((caption, business_object, _), columns) in enumerate(self._columns.items(), 1):
            fields = [
                msgspec.to_builtins(field_of(name, seen.kind, pinned=seen.pinned)) for name, seen in columns.items()
            ]
            about = {"title": caption, "sourceBusinessObject": business_object}
            resources.append(
                {"name": f"table-{number}"}
                | {key: value for key, value in about.items() if value}
                | {"schema": {"fields": [{"name": field["name"], "type": "string"} | field for field in fields]}}
            )
        return {"resources": resources}


@dataclass(slots=True)
class _Seen:
    """What was seen of a column, and the type that its format says."""

    kind: ColumnKind = dataclass_field(default_factory=ColumnKind)
    pinned: ValueType | None = None


def schemas_of(tables: Iterable[tuple[Table, Grid]]) -> dict[str, object]:
    """Return a Data Package with the schemas of the tables of one report."""
    inferred = InferredSchemas()
    inferred.add(tables)
    return inferred.package()
