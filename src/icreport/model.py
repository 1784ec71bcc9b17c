"""What a report is: elements in order, typed views of its JSON that keep what they do not know.

The shapes are those of the report document (`docs/report-document.md`). Every object remembers the order of its
keys and its unknown fields, so JSON → model → JSON gives the same document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from html import escape
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import msgspec
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    InstanceOf,
    ModelWrapValidatorHandler,
    PrivateAttr,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from icreport.column_names import unique_names
from icreport.errors import MissingExtraError, UsageError
from icreport.values import encode_exact_float, json_value, text_of
from icreport.warnings import ReportWarning

if TYPE_CHECKING:
    import pandas
    import pyarrow

_MOST_EXACT = 1 << 53  # the largest integer up to which a float holds each

SHOWN_ROWS = 20
"""How many rows of a table a notebook shows."""


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
        """Give the row's JSON object."""
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


class JsonObject(BaseModel):
    """A JSON object with typed fields that keeps the others and the order of all."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True, strict=True)
    _keys: tuple[str, ...] | None = PrivateAttr(default=None)

    @model_validator(mode="wrap")
    @classmethod
    def _remember_keys(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        made = handler(data)
        if isinstance(data, dict):
            aliases: dict[Any, str] = {name: info.alias or name for name, info in cls.model_fields.items()}
            # An element that was made by hand owes its document a type; other defaults were never in one.
            implied = ["type"] if "type" in cls.model_fields and "type" not in data else []
            unknown = made.model_extra or {}
            names = [str(key) if key in unknown else aliases.get(key, str(key)) for key in data]
            made._keys = (*implied, *names)  # noqa: SLF001
        return made

    def to_object(self) -> dict[str, Any]:
        """Give the JSON object, its keys in the order in which they came."""
        names = {info.alias or name: name for name, info in type(self).model_fields.items()}
        extra = self.model_extra or {}
        keys = self._keys if self._keys is not None else (*names, *extra)
        return {key: _json_value(getattr(self, names[key]) if key in names else extra[key]) for key in keys}


def _json_value(value: Any) -> Any:
    if isinstance(value, JsonObject | Row):
        return value.to_object()
    if isinstance(value, list) and value and isinstance(value[0], JsonObject | Row):
        return [_json_value(item) for item in value]
    return value


class Column(JsonObject):
    """A column of a table, or one of its categories."""

    # No `float`: pydantic would make a plain one of an `ExactFloat`.
    caption: str | int | InstanceOf[float] | None = None

    @property
    def head(self) -> str:
        """The caption as text, empty where there is none."""
        return "" if self.caption is None else str(self.caption)


class Element(JsonObject):
    """One element of a report; third parties derive theirs from it and register it under `icreport.elements`."""

    type: str
    caption: str | None = None
    data: Any = None


class UnknownElement(Element):
    """An element of a type that nobody here knows: kept for JSON, skipped with a warning elsewhere."""


class TableData(JsonObject):
    """The `data` of a table: at least `columns` or `rows` is there."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [part], "properties": {part: {"type": "array"}}} for part in ("columns", "rows")]
        }
    )

    source_business_object: str | None = Field(default=None, alias="sourceBusinessObject")
    columns: list[Column] | None = None
    categories: list[Column] | None = None
    rows: Annotated[
        Any,
        WithJsonSchema(
            {
                "type": ["array", "null"],
                "items": {
                    "type": "object",
                    "properties": {
                        "sourceKey": {
                            "description": "The key of the row's record; null or left out where it has none."
                        },
                        "cells": {
                            "type": ["array", "null"],
                            "description": "In the order of the columns.",
                            "items": {"type": "object", "properties": {"value": {"description": "Any JSON value."}}},
                        },
                    },
                },
            },
        ),
    ] = None


class Table(Element):
    """A table: normal (columns head the values), vertical (no columns: a row is a head and its values) or pivot.

    The rows of a report that was read are a list; those of a scan can be walked once. By hand:
    `Table(caption="Anomalies", columns=["Asset", "Depth"], rows=[("J1", -12.5)])`, where dates, decimals and what NumPy
    and pandas have become JSON values.
    """

    type: Literal["table"] = "table"
    data: TableData

    @model_validator(mode="wrap")
    @classmethod
    def _gather_data(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, dict) and "data" not in data:
            fields: dict[str, Any] = {"type": "table", **data}
            parts = ("source_business_object", "columns", "categories", "rows")
            inner = {part: fields.pop(part) for part in parts if part in fields}
            for part, made in (("columns", _column), ("categories", _column), ("rows", _row)):
                if inner.get(part) is not None:
                    inner[part] = [made(item) for item in _items(part, inner[part])]
            return handler(fields | {"data": inner})
        if isinstance(data, dict) and isinstance(data["data"], dict):
            for row in data["data"]["rows"] if isinstance(data["data"].get("rows"), list) else ():
                _row(row)
        return handler(data)

    @property
    def columns(self) -> list[Column]:
        """The columns, none for a vertical table."""
        return self.data.columns or []

    @property
    def categories(self) -> list[Column]:
        """The categories of a vertical or pivot table: they head its rows."""
        return self.data.categories or []

    @property
    def rows(self) -> Iterable[Row]:
        """The rows: a list, or from a scan an iterable to be walked once."""
        rows: Iterable[Row] = self.data.rows if self.data.rows is not None else []
        return rows

    @property
    def source_business_object(self) -> str | None:
        """The business object that the rows' keys belong to."""
        return self.data.source_business_object

    @property
    def names(self) -> list[str]:
        """A different name for each column: its caption, its number where it has none, `Depth (2)` where it repeats."""
        return self._names(len(self.columns))

    def _names(self, width: int) -> list[str]:
        """Name `width` columns; those beyond the table's are called by their number, from 1."""
        heads = [column.head for column in self.columns]
        heads += [""] * (width - len(heads))
        wanted = [head or str(number) for number, head in enumerate(heads, 1)]
        return unique_names(wanted, "{} ({})".format)

    def column(self, column: str | int) -> list[Any]:
        """Give the values of one column, by its name (see `names`) or its index from 0; None where a row is short."""
        index = column if isinstance(column, int) else self._index(column)
        return [row.values[index] if index < len(row.values) else None for row in self.rows]

    def _index(self, name: str) -> int:
        if name not in self.names:
            raise UsageError(f"the table has no column {name!r}", remedy=f"it has: {', '.join(self.names)}")
        return self.names.index(name)

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """Walk over the rows as tuples of their values."""
        return (row.values for row in self.rows)

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Walk over the rows as dicts by column name; a value beyond the columns is under its number, from 1."""
        names = self.names
        for row in self.rows:
            if len(row.values) > len(names):
                names = self._names(len(row.values))
            width = max(len(self.columns), len(row.values))
            yield dict(zip_longest(names[:width], row.values))

    def to_pandas(self) -> pandas.DataFrame:
        """Give a DataFrame with a column for each of the table's, its categories as index (extra `icreport[pandas]`).

        A column of integers stays exact: where pandas would make floats of it that cannot hold them (nulls or fractions
        beside integers beyond 2⁵³), its values are kept as objects.
        """
        try:
            import pandas  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtraError("Table.to_pandas()", "pandas") from error
        rows = list(self.rows)
        frame = {
            name: pandas.Series(values, dtype=object if _needs_objects(values) else None)
            for name, values in self._columns(rows).items()
        }
        heads = [category.head for category in self.categories][: len(rows)]
        index = [*heads, *[""] * (len(rows) - len(heads))] if self.categories else range(len(rows))
        return pandas.DataFrame({name: series.set_axis(index) for name, series in frame.items()}, index=index)

    def to_arrow(self) -> pyarrow.Table:
        """Give an Arrow table, its categories as first column, called `""`; mixed columns are text.

        Needs the extra `icreport[arrow]`.
        """
        try:
            import pyarrow  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtraError("Table.to_arrow()", "arrow") from error
        rows = list(self.rows)
        columns = self._columns(rows)
        if self.categories:
            heads = [category.head for category in self.categories]
            columns = {"": [heads[at] if at < len(heads) else None for at in range(len(rows))]} | columns
        return pyarrow.table({name: _arrow_array(pyarrow, values) for name, values in columns.items()})

    def _columns(self, rows: list[Row]) -> dict[str, list[Any]]:
        """Give the values of each column by its name, None where a row is short."""
        width = max([len(self.columns), *[len(row.values) for row in rows]])
        columns = list(map(list, zip_longest(*[row.values for row in rows])))
        columns += [[None] * len(rows) for _ in range(width - len(columns))]
        return dict(zip(self._names(width), columns, strict=True))

    def _repr_html_(self) -> str:
        rows = list(islice(self.rows, SHOWN_ROWS + 1)) if isinstance(self.data.rows, list) else []
        row_heads = [f"<th>{escape(category.head)}</th>" for category in self.categories]
        heads = "<th></th>" * bool(row_heads) + "".join(f"<th>{escape(name)}</th>" for name in self.names)
        body = ""
        for number, row in enumerate(rows[:SHOWN_ROWS]):
            head = (row_heads[number] if number < len(row_heads) else "<th></th>") if row_heads else ""
            cells = "".join(f"<td>{escape(text_of(value))}</td>" for value in row)
            body += f"<tr>{head}{cells}</tr>"
        more = "<p>…</p>" if len(rows) > SHOWN_ROWS else ""
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{more}"


def _items(part: str, given: Any) -> Iterable[Any]:
    if not isinstance(given, Iterable) or isinstance(given, str | bytes | Mapping):
        raise UsageError(f"the {part} of a table are a {type(given).__name__}, not a list")
    return given


def _column(item: Any) -> Any:
    """Make a column, or what pydantic makes one of, of what a program gives as one."""
    return item if isinstance(item, Column | dict) else Column(caption=json_value(item))


def _row(item: Any) -> Row:
    """Make a row of what a program gives as one."""
    if isinstance(item, Row):
        return Row(tuple(map(json_value, item.values)), json_value(item.source_key), item.fields, item.cells)
    if not isinstance(item, Iterable) or isinstance(item, str | bytes | Mapping):
        raise UsageError(
            f"a row is a {type(item).__name__}, not a sequence of values",
            remedy="icreport.read takes documents, as dicts too",
        )
    return Row(tuple(map(json_value, item)))


def _needs_objects(values: Sequence[Any]) -> bool:
    """Say whether pandas would make floats of integers that no float holds."""
    integers = [value for value in values if type(value) is int]
    return len(integers) < len(values) and any(abs(value) > _MOST_EXACT for value in integers)


def _arrow_array(pyarrow: Any, values: list[Any]) -> Any:
    plain = [float(value) if isinstance(value, float) else value for value in values]
    kinds = {type(value) for value in plain} - {type(None)}
    if kinds <= {int, float} or (len(kinds) == 1 and not kinds & {list, dict}):
        with suppress(pyarrow.ArrowInvalid, OverflowError):
            return pyarrow.array(plain)
    return pyarrow.array([None if value is None else text_of(value) for value in values], pyarrow.string())


class ParagraphData(JsonObject):
    """The `data` of a paragraph."""

    text: list[Any] | str | None = None


class Paragraph(Element):
    """Running text; by hand: `Paragraph(text="Done")`."""

    type: Literal["paragraph"] = "paragraph"
    data: ParagraphData | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _gather_data(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        # A document always says the type, and may have a field of that name.
        if isinstance(data, dict) and "text" in data and not data.keys() & {"type", "data"}:
            fields: dict[str, Any] = {"type": "paragraph", **data}
            return handler(fields | {"data": {"text": [{"value": json_value(fields.pop("text"))}]}})
        return handler(data)

    @property
    def text(self) -> str:
        """The text, the values of its runs joined."""
        runs = (self.data and self.data.text) or []
        values = (
            [runs] if isinstance(runs, str) else [run.get("value") if isinstance(run, dict) else run for run in runs]
        )
        return "".join(map(text_of, values))


class Section(Element):
    """A break between the elements before and after it; its caption, where it has one, heads what follows."""

    type: Literal["section"] = "section"
    data: Any = None


class Report(JsonObject):
    """A report document in memory."""

    name: str | None = None
    elements: list[Element]
    _source: str | None = PrivateAttr(default=None)
    _warnings: tuple[ReportWarning, ...] = PrivateAttr(default=())

    @field_validator("elements", mode="before")
    @classmethod
    def _refuse_json(cls, elements: Any) -> Any:
        if isinstance(elements, list | tuple) and any(isinstance(element, dict) for element in elements):
            raise UsageError(
                "an element is a dict, not an Element", remedy="icreport.read takes documents, as dicts too"
            )
        return list(elements) if isinstance(elements, tuple) else elements

    @property
    def source(self) -> str | None:
        """Where the report came from, as a person would name it; not part of the document."""
        return self._source

    @property
    def warnings(self) -> tuple[ReportWarning, ...]:
        """What there was to tell when the report was read."""
        return self._warnings

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [element for element in self.elements if isinstance(element, Table)]

    def _repr_html_(self) -> str:
        shown = [f"<h3>{escape(self.name)}</h3>" if self.name else ""]
        for element in self.elements:
            caption = escape(element.caption or "")
            if isinstance(element, Table):
                shown.append(element._repr_html_())
            elif isinstance(element, Paragraph):
                shown.append(f"<p>{escape(element.text)}</p>")
            else:
                shown.append(f"<h4>{caption or escape(element.type)}</h4>")
        return "".join(shown)

    def to_json(self, *, indent: int | None = None) -> str:
        """Give the document as JSON text, equal to the one that was read."""
        text = msgspec.json.encode(self.to_object(), enc_hook=encode_exact_float)
        return (text if indent is None else msgspec.json.format(text, indent=indent)).decode()
