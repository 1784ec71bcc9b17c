"""Data frames that are held to a Table Schema: the names, order and types of their columns."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from icreport.errors import LossError, Place
from icreport.model.table_schema import Schemas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    import pandas
    import pyarrow

    from icreport.model.elements import Table
    from icreport.model.table_schema import Field, SchemaSource

_CALLER = 3
"""How far up a program stands that asked for a frame."""


def held_columns(
    table: Table, columns: Mapping[str, Sequence[object]], schema: SchemaSource, *, strict: bool
) -> list[tuple[Field, list[object]]]:
    """Return the columns of a schema in its order, with values of their types, null where one is none of its type.

    Columns that the schema lacks are left out. What does not fit is told by a `UserWarning`, a column at a time; under
    `strict` it is a `LossError` with the row. Raises `OptionError` for what is no schema of the table.
    """
    fields = Schemas.read(schema).of(table).fields
    count = len(next(iter(columns.values()), []))
    told: list[tuple[str, Place]] = []
    held = []
    for field in fields:
        place = Place(caption=table.caption, column=field.name)
        if field.name not in columns:
            told.append(("the table has no such column", place))
        held.append((field, _fitting(field, columns.get(field.name, [None] * count), place, told)))
    names = {field.name for field in fields}
    told += [
        ("it is left out: the schema lacks it", Place(caption=table.caption, column=name))
        for name in columns
        if name not in names
    ]
    for message, place in told:
        if strict:
            raise LossError(message, place=place)
        warnings.warn(f"{place}: {message}", UserWarning, stacklevel=_CALLER)
    return held


def _fitting(field: Field, values: Sequence[object], place: Place, told: list[tuple[str, Place]]) -> list[object]:
    made, misfits = [], []
    for row, value in enumerate(values, 1):
        try:
            made.append(field.value(value))
        except (TypeError, ValueError):
            made.append(None)
            misfits.append(row)
    if misfits:
        more = f" ({len(misfits)} of them)" if len(misfits) > 1 else ""
        message = f"values that are no {field.type}, as the schema asks, are null{more}"
        told.append((message, replace(place, row=misfits[0])))
    return made


def arrow_type(field: Field) -> pyarrow.DataType:
    """Return the type of Arrow for a column of a schema."""
    import pyarrow as arrow

    if field.type == "integer":
        return arrow.decimal128(field.precision, 0) if field.precision else arrow.int64()
    if field.type == "datetime":
        return arrow.timestamp(field.unit, tz="UTC" if field.timezone in {"Z", "+00:00"} else field.timezone or None)
    plain = {"boolean": arrow.bool_, "number": arrow.float64, "date": arrow.date32}
    return plain.get(field.type, arrow.string)()


def pandas_series(field: Field, values: list[object]) -> pandas.Series:
    """Return values of a column of a schema as a Series whose type does not depend on them."""
    import pandas

    if field.type == "datetime":
        moments = pandas.Series(pandas.to_datetime(pandas.array(values, "Int64"), unit=field.unit))
        moments = moments.astype(f"datetime64[{field.unit}]")
        return moments.dt.tz_localize("UTC").dt.tz_convert(_zone(field.timezone)) if field.timezone else moments
    kinds = {"boolean": "boolean", "number": "Float64", "date": "datetime64[s]", "string": "string", "any": "string"}
    exact = "object" if field.precision else "Int64"
    return pandas.Series(values, dtype=kinds.get(field.type, exact))


def _zone(said: str) -> tzinfo | None:
    from datetime import datetime

    return datetime.fromisoformat(f"2000-01-01T00:00:00{said}").tzinfo
