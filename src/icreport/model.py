"""What a report is: elements in order, typed views of its JSON that keep what they do not know.

The shapes are those of the report document (`docs/report-document.md`). Every object remembers the order of its
keys and its unknown fields, so JSON → model → JSON gives the same document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator  # noqa: TC003 - pydantic looks names up when it builds the models
from enum import Enum
from html import escape
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import msgspec
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)

from icreport.errors import MissingExtraError, UsageError
from icreport.warnings import ReportWarning

if TYPE_CHECKING:
    import pandas
    import pyarrow

SHOWN_ROWS = 20
"""How many rows of a table a notebook shows."""


class ExactFloat(float):
    """A JSON number whose text a float would not give back (`12.10`, `1e400`): counts as the float, shows as it was."""

    __slots__ = ("literal",)
    literal: str

    def __new__(cls, literal: str) -> Self:
        """Read the number."""
        number = super().__new__(cls, literal)
        number.literal = literal
        return number

    def __repr__(self) -> str:
        return self.literal

    __str__ = __repr__

    def __reduce__(self) -> tuple[type[ExactFloat], tuple[str]]:
        return (ExactFloat, (self.literal,))


def exact_float(literal: str) -> float:
    """Read a JSON number with a fraction or exponent without losing a digit."""
    number = float(literal)
    return number if repr(number) == literal else ExactFloat(literal)


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
            made._keys = (*implied, *[aliases.get(key, str(key)) for key in data])  # noqa: SLF001
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

    caption: str | int | float | None = None

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

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["columns"]}, {"required": ["rows"]}]})

    source_business_object: str | None = Field(default=None, alias="sourceBusinessObject")
    columns: list[Column] | None = None
    categories: list[Column] | None = None
    rows: Annotated[
        Any,
        WithJsonSchema(
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "sourceKey": {
                            "description": "The key of the row's record; null or left out where it has none."
                        },
                        "cells": {
                            "type": "array",
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
    `Table(caption="Anomalies", columns=["Asset", "Depth"], rows=[("J1", -12.5)])`.
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
            for part in inner.keys() & {"columns", "categories"}:
                inner[part] = [
                    item if isinstance(item, Column | dict) else Column(caption=item) for item in inner[part]
                ]
            if "rows" in inner:
                inner["rows"] = [row if isinstance(row, Row) else Row(tuple(row)) for row in inner["rows"]]
            return handler(fields | {"data": inner})
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
        names: list[str] = []
        taken: Counter[str] = Counter()
        for number, column in enumerate(self.columns, 1):
            name = column.head or str(number)
            taken[name] += 1
            names.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
        return names

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
            beyond = map(str, range(len(names) + 1, len(row.values) + 1))
            yield dict(zip_longest((*names, *beyond), row.values))

    def to_pandas(self) -> pandas.DataFrame:
        """Give a DataFrame with a column for each of the table's (extra `icreport[pandas]`)."""
        try:
            import pandas  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtraError("Table.to_pandas()", "pandas") from error
        return pandas.DataFrame.from_records(list(self.dicts()), columns=None if self._is_ragged() else self.names)

    def to_arrow(self) -> pyarrow.Table:
        """Give an Arrow table; columns of mixed types become text (extra `icreport[arrow]`)."""
        try:
            import pyarrow  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtraError("Table.to_arrow()", "arrow") from error
        rows = list(self.dicts())
        names = list(dict.fromkeys(chain(self.names, *rows)))
        return pyarrow.table({name: _arrow_array(pyarrow, [row.get(name) for row in rows]) for name in names})

    def _is_ragged(self) -> bool:
        return any(len(row.values) > len(self.columns) for row in self.rows)

    def _repr_html_(self) -> str:
        heads = "".join(f"<th>{escape(name)}</th>" for name in self.names)
        rows = list(islice(self.rows, SHOWN_ROWS + 1)) if isinstance(self.data.rows, list) else []
        cells = ("".join(f"<td>{escape('' if v is None else str(v))}</td>" for v in row) for row in rows[:SHOWN_ROWS])
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        more = "<p>…</p>" if len(rows) > SHOWN_ROWS else ""
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{more}"


def _arrow_array(pyarrow: Any, values: list[Any]) -> Any:
    plain = [float(value) if isinstance(value, ExactFloat) else value for value in values]
    try:
        return pyarrow.array(plain)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, OverflowError):
        return pyarrow.array([None if value is None else str(value) for value in values])


class ParagraphData(JsonObject):
    """The `data` of a paragraph."""

    text: list[Any] | str | None = None


class Paragraph(Element):
    """Running text."""

    type: Literal["paragraph"] = "paragraph"
    data: ParagraphData | None = None

    @property
    def text(self) -> str:
        """The text, the values of its runs joined."""
        runs = (self.data and self.data.text) or []
        values = (
            [runs] if isinstance(runs, str) else [run.get("value") if isinstance(run, dict) else run for run in runs]
        )
        return "".join(str(value) for value in values if value is not None)


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

    @property
    def warnings(self) -> tuple[ReportWarning, ...]:
        """What reading it had to tell; whoever writes the report tells it too."""
        return self._warnings

    @property
    def source(self) -> str | None:
        """Where the report came from, as a person would name it; not part of the document."""
        return self._source

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


def encode_exact_float(value: Any) -> msgspec.Raw:
    """Give the literal of an exact float, for `msgspec.json.encode(…, enc_hook=…)`."""
    if isinstance(value, ExactFloat):
        return msgspec.Raw(value.literal.encode())
    raise TypeError(f"{type(value).__name__} is not a JSON value")
