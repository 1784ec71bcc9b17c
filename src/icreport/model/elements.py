"""The elements of a report: tables, paragraphs, sections, and those whose type is not registered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, InstanceOf, ModelWrapValidatorHandler, WithJsonSchema, model_validator

from icreport.column_names import unique_names
from icreport.errors import MissingExtraError, UsageError
from icreport.model.dataframes import arrow_array, needs_objects
from icreport.model.formats import ColumnFormat, TableFormat
from icreport.model.json_object import JsonObject
from icreport.model.rows import Row
from icreport.values import json_value, text_of

if TYPE_CHECKING:
    import pandas
    import pyarrow

SHOWN_ROWS = 20
"""How many rows of a table a notebook shows."""


class Column(JsonObject):
    """A column of a table, or one of its categories."""

    # No `float`: pydantic would make a plain one of an `ExactFloat`.
    caption: str | int | InstanceOf[float] | None = None
    format: ColumnFormat | None = Field(default=None, alias="icreport")

    @property
    def head(self) -> str:
        """The caption as text, empty where there is none, with the unit of the column's format: `Depth (mm)`."""
        head = "" if self.caption is None else str(self.caption)
        unit = f"({self.format.unit})" if self.format and self.format.unit else ""
        return head if head.endswith(unit) else f"{head} {unit}".lstrip()


class Element(JsonObject):
    """One element of a report; third parties derive theirs from it and register it under `icreport.elements`."""

    type: str
    caption: str | None = None
    data: Any = None


class UnknownElement(Element):
    """An element whose type is not registered: kept for JSON, skipped with a warning elsewhere."""


class TableData(JsonObject):
    """The `data` of a table: at least `columns` or `rows` is there."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [part], "properties": {part: {"type": "array"}}} for part in ("columns", "rows")]
        }
    )

    source_business_object: str | None = Field(default=None, alias="sourceBusinessObject")
    format: TableFormat | None = Field(default=None, alias="icreport")
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
    def _gather_data(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, dict) and "data" not in data:
            fields: dict[str, Any] = {"type": "table", **data}
            parts = ("source_business_object", "format", "columns", "categories", "rows")
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
    def format(self) -> TableFormat:
        """How the table is shown."""
        return self.data.format or TableFormat()

    @property
    def group_columns(self) -> list[int]:
        """The indexes of the columns by which the rows are grouped, the outermost first; unknown names are left out."""
        names = self.names if self.format.grouped_by else []
        return [names.index(name) for name in self.format.grouped_by or () if name in names]

    @property
    def note(self) -> str | None:
        """The text under the table; of a view of a scan complete when the rows have been walked over."""
        said: str | None = getattr(self.data.rows, "note", None)
        return said or self.format.note

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
        """Return the values of one column, by its name (see `names`) or its index from 0; None where a row is short."""
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
        """Return a DataFrame with a column for each of the table's, its categories as index (extra `icreport[pandas]`).

        A column of integers stays exact: where pandas would make floats of it that cannot hold them (nulls or fractions
        beside integers beyond 2⁵³), its values are kept as objects.
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingExtraError("Table.to_pandas()", "pandas") from error
        rows = list(self.rows)
        frame = {
            name: pandas.Series(values, dtype=object if needs_objects(values) else None)
            for name, values in self._columns(rows).items()
        }
        heads = [category.head for category in self.categories][: len(rows)]
        index = [*heads, *[""] * (len(rows) - len(heads))] if self.categories else range(len(rows))
        return pandas.DataFrame({name: series.set_axis(index) for name, series in frame.items()}, index=index)

    def to_arrow(self) -> pyarrow.Table:
        """Return an Arrow table, its categories as first column, called `""`; mixed columns are text.

        Needs the extra `icreport[arrow]`.
        """
        try:
            import pyarrow
        except ImportError as error:
            raise MissingExtraError("Table.to_arrow()", "arrow") from error
        rows = list(self.rows)
        columns = self._columns(rows)
        if self.categories:
            heads = [category.head for category in self.categories]
            columns = {"": [heads[at] if at < len(heads) else None for at in range(len(rows))]} | columns
        return pyarrow.table({name: arrow_array(pyarrow, values) for name, values in columns.items()})

    def _columns(self, rows: list[Row]) -> dict[str, list[Any]]:
        """Return the values of each column by its name, None where a row is short."""
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


def _items(part: str, given: object) -> Iterable[Any]:
    if not isinstance(given, Iterable) or isinstance(given, str | bytes | Mapping):
        raise UsageError(f"the {part} of a table are a {type(given).__name__}, not a list")
    return given


def _column(item: object) -> Any:
    """Make a column, or what pydantic makes one of, of what a program gives as one."""
    return item if isinstance(item, Column | dict) else Column(caption=json_value(item))


def _row(item: object) -> Row:
    """Make a row of what a program gives as one."""
    if isinstance(item, Row):
        return Row(tuple(map(json_value, item.values)), json_value(item.source_key), item.fields, item.cells)
    if not isinstance(item, Iterable) or isinstance(item, str | bytes | Mapping):
        raise UsageError(
            f"a row is a {type(item).__name__}, not a sequence of values",
            remedy="icreport.read takes documents, as dicts too",
        )
    return Row(tuple(map(json_value, item)))


class ParagraphData(JsonObject):
    """The `data` of a paragraph."""

    text: list[Any] | str | None = None


class Paragraph(Element):
    """Running text; by hand: `Paragraph(text="Done")`."""

    type: Literal["paragraph"] = "paragraph"
    data: ParagraphData | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _gather_data(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
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
