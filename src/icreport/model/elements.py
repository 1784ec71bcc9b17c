"""The elements of a report: tables, paragraphs, sections, and those whose type is not registered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sized
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field, InstanceOf, PrivateAttr, WithJsonSchema, field_validator

from icreport.column_names import unique_names
from icreport.errors import MissingExtraError, UsageError
from icreport.model import dataframes
from icreport.model.dataframes import arrow_array, needs_objects
from icreport.model.formats import ColumnFormat, TableFormat
from icreport.model.held_frames import arrow_type, held_columns, pandas_series
from icreport.model.json_object import JsonObject, Shortened, check_names, fields_of, set_private
from icreport.model.rows import Row
from icreport.values import json_value, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas
    import pyarrow

    from icreport.model.dataframes import ArrowLike, PolarsFrame
    from icreport.model.table_schema import SchemaSource


class Column(JsonObject):
    """A column of a table, or one of its categories."""

    # No `float`: pydantic would make a plain one of an `ExactFloat`.
    caption: str | int | InstanceOf[float] | None = None
    format: ColumnFormat | None = Field(default=None, alias="icreport")

    def __init__(
        self, *, caption: str | float | None = None, format: ColumnFormat | Mapping[str, object] | None = None
    ) -> None:
        """Make a column of its caption and how its values are shown; raises `UsageError`."""
        fields: dict[str, object] = {"caption": caption, "format": format}
        super().__init__(**{name: value for name, value in fields.items() if value is not None})

    @property
    def head(self) -> str:
        """The caption as text, empty where there is none, with the unit of the column's format: `Depth (mm)`."""
        head = "" if self.caption is None else text_of(self.caption)
        unit = f"({self.format.unit})" if self.format and self.format.unit else ""
        return head if head.endswith(unit) else f"{head} {unit}".lstrip()


ColumnLike: TypeAlias = Column | str | float | date | None
"""What a program may give as a column or category: one, or its caption."""


class Element(JsonObject):
    """One element of a report; third parties derive theirs from it and register it under `icreport.elements`."""

    type: str
    caption: str | None = None
    if TYPE_CHECKING:
        # A kind may need its data or have none: checkers let it say so only where it is no field with a default here.
        data: Any = Field(init=False)

        def __init__(self, *, type: str, caption: str | None = None, data: object = None) -> None: ...
    else:
        data: Any = None


class UnknownElement(Element):
    """An element whose type is not registered, or whose model does not fit: kept for JSON, else skipped and told."""

    data: Any = None
    _odd_caption: object = PrivateAttr(default=None)

    @classmethod
    def kept(cls, fields: dict[str, object]) -> Self:
        """Return the element of a JSON object with a type, whatever else it holds."""
        caption = fields.get("caption")
        if caption is None or isinstance(caption, str):
            return cls.model_validate(fields)
        return set_private(cls.model_validate(fields | {"caption": None}), _odd_caption=caption)

    def to_object(self) -> dict[str, Any]:
        """Return the JSON object as it came."""
        fields = super().to_object()
        return fields if self._odd_caption is None else fields | {"caption": self._odd_caption}


ROWS_SCHEMA = WithJsonSchema(
    {
        "type": ["array", "null"],
        "items": {
            "type": "object",
            "properties": {
                "sourceKey": {"description": "The key of the row's record; null or left out where it has none."},
                "cells": {
                    "type": ["array", "null"],
                    "description": "In the order of the columns.",
                    "items": {"type": "object", "properties": {"value": {"description": "Any JSON value."}}},
                },
            },
        },
    },
)
"""What JSON says of rows."""


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
        ROWS_SCHEMA,
    ] = None

    @field_validator("rows", mode="before")
    @classmethod
    def _are_rows(cls, rows: object) -> object:
        return [row if isinstance(row, Row) else _row(row) for row in rows] if isinstance(rows, list) else rows

    def to_object(self) -> dict[str, Any]:
        """Return the JSON object, rows that are walked over all in memory."""
        if self.rows is None or isinstance(self.rows, list):
            return super().to_object()
        return self.model_copy(update={"rows": list(self.rows)}).to_object()


class Table(Element):
    """A table: normal (columns head the values), vertical (no columns: a row is a head and its values) or pivot.

    The rows of a report that was read are a list; those of a scan can be walked once. By hand:
    `Table(caption="Anomalies", columns=["Asset", "Depth"], rows=[("J1", -12.5)])`, where dates, decimals and what NumPy
    and pandas have become JSON values.
    """

    type: Literal["table"] = "table"
    data: TableData

    def __init__(
        self,
        *,
        caption: str | None = None,
        columns: Iterable[ColumnLike] | None = None,
        rows: Iterable[Iterable[object]] | None = None,
        categories: Iterable[ColumnLike] | None = None,
        source_business_object: str | None = None,
        format: TableFormat | Mapping[str, object] | None = None,
        data: TableData | Mapping[str, object] | None = None,
        type: Literal["table"] = "table",
    ) -> None:
        """Make a table of its columns and rows; raises `UsageError` for what is no column, row or JSON value."""
        parts = {
            "source_business_object": source_business_object,
            "format": format,
            "columns": columns,
            "categories": categories,
            "rows": rows,
        }
        made = made_parts({name: part for name, part in parts.items() if part is not None})
        if data is not None and made:
            raise UsageError(f"a Table has data and {next(iter(made))}", remedy="data holds them; say one of them")
        fields = {} if caption is None else {"caption": caption}
        super().__init__(type=type, **fields, data=made if data is None else data)

    @classmethod
    def of(
        cls,
        data: Iterable[object] | ArrowLike,
        *,
        caption: str | None = None,
        source_business_object: str | None = None,
    ) -> Self:
        """Return a table of a data frame (pandas, Polars, Arrow and their like), or of dicts, a row each.

        Needs the extra `icreport[arrow]` for frames other than those of pandas and Polars.
        """
        return cls._of(dataframes.of_any(data), caption, source_business_object)

    @classmethod
    def from_pandas(
        cls,
        frame: pandas.DataFrame,
        *,
        caption: str | None = None,
        source_business_object: str | None = None,
    ) -> Self:
        """Return a table of a DataFrame: an index with names as first columns, one of texts without as categories."""
        return cls._of(dataframes.of_pandas(frame), caption, source_business_object)

    @classmethod
    def from_polars(
        cls, frame: PolarsFrame, *, caption: str | None = None, source_business_object: str | None = None
    ) -> Self:
        """Return a table of a Polars DataFrame."""
        return cls._of(dataframes.of_polars(frame), caption, source_business_object)

    @classmethod
    def from_arrow(
        cls, table: ArrowLike, *, caption: str | None = None, source_business_object: str | None = None
    ) -> Self:
        """Return a table of an Arrow table or batch, or of what hands one over (`__arrow_c_stream__`, `__dataframe__`).

        Needs the extra `icreport[arrow]`.
        """
        return cls._of(dataframes.of_arrow(table), caption, source_business_object)

    @classmethod
    def _of(cls, frame: dataframes.Frame, caption: str | None, source_business_object: str | None) -> Self:
        return cls(
            caption=caption,
            columns=frame.columns,
            rows=frame.rows,
            categories=frame.categories,
            source_business_object=source_business_object,
        )

    def replace(self, **changes: object) -> Self:
        """Return a table like this with another caption, columns, rows, categories or business object."""
        check_names(type(self), changes, [*fields_of(type(self)), *_PARTS])
        parts = {name: changes.pop(name) for name in _PARTS if name in changes}
        return super().replace(**changes, **({"data": self.data.replace(**made_parts(parts))} if parts else {}))

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        rows = self.data.rows
        if self.caption is not None:
            yield "caption", Shortened(self.caption)
        yield "columns", len(self.columns)
        yield "rows", len(rows) if isinstance(rows, Sized) else 0 if rows is None else "?"

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
        return self.data.format or TableFormat.empty()

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

    def to_pandas(self, schema: SchemaSource | None = None, *, strict: bool = False) -> pandas.DataFrame:
        """Return a DataFrame with a column for each of the table's, its categories as index (extra `icreport[pandas]`).

        A column of integers stays exact: where pandas would make floats of it that cannot hold them (nulls or fractions
        beside integers beyond 2⁵³), its values are kept as objects.

        With a Table Schema (a file of `icreport schema infer`, or what was read of it) the frame has the columns and
        types of the schema. What does not fit is null with a `UserWarning`, or a `LossError` under `strict`.
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingExtraError("Table.to_pandas()", "pandas") from error
        rows = list(self.rows)
        columns = self._columns(rows)
        if schema is None:
            frame = {
                name: pandas.Series(values, dtype=object if needs_objects(values) else None)
                for name, values in columns.items()
            }
        else:
            held = held_columns(self, columns, schema, strict=strict)
            frame = {field.name: pandas_series(field, values) for field, values in held}
        heads = [category.head for category in self.categories][: len(rows)]
        index = [*heads, *[""] * (len(rows) - len(heads))] if self.categories else range(len(rows))
        return pandas.DataFrame({name: series.set_axis(index) for name, series in frame.items()}, index=index)

    def to_arrow(self, schema: SchemaSource | None = None, *, strict: bool = False) -> pyarrow.Table:
        """Return an Arrow table, its categories as first column, called `""`; mixed columns are text.

        With a Table Schema it has its columns and types, as `to_pandas` does. Needs the extra `icreport[arrow]`.
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
        if schema is not None:
            held = held_columns(self, columns, schema, strict=strict)
            return pyarrow.table({field.name: pyarrow.array(values, arrow_type(field)) for field, values in held})
        return pyarrow.table({name: arrow_array(values) for name, values in columns.items()})

    def _columns(self, rows: list[Row]) -> dict[str, Sequence[object]]:
        """Return the values of each column by its name, None where a row is short."""
        width = max([len(self.columns), *[len(row.values) for row in rows]])
        columns = list(map(list, zip_longest(*[row.values for row in rows])))
        columns += [[None] * len(rows) for _ in range(width - len(columns))]
        return dict(zip(self._names(width), columns, strict=True))

    def _repr_html_(self) -> str:
        from icreport.model.notebook import table_html

        return table_html(self)


_PARTS = ("source_business_object", "format", "columns", "categories", "rows")


def made_parts(given: Mapping[str, object]) -> dict[str, object]:
    """Return the parts of a table's data, of what a program gives as such."""
    made = dict(given)
    for part, make in (("columns", _column), ("categories", _column), ("rows", _row)):
        if made.get(part) is not None:
            made[part] = [make(item) for item in _items(part, made[part])]
    return made


def _items(part: str, given: object) -> Iterable[object]:
    if dataframes.is_frame(given):
        raise UsageError(f"the {part} of a table are a {type(given).__name__}", remedy="Table.of makes a table of it")
    if not isinstance(given, Iterable) or isinstance(given, str | bytes | Mapping):
        raise UsageError(f"the {part} of a table are a {type(given).__name__}, not a list")
    return given


def _column(item: object) -> object:
    """Make a column, or what pydantic makes one of, of what a program gives as one."""
    return item if isinstance(item, Column | dict) else Column(caption=json_value(item))


def _row(item: object) -> Row:
    """Make a row of what a program gives as one."""
    if isinstance(item, Row):
        return Row(tuple(map(json_value, item.values)), json_value(item.source_key), item.fields, item.cells)
    if not isinstance(item, Iterable) or isinstance(item, str | bytes | Mapping):
        raise UsageError(
            f"a row is a {type(item).__name__}, not a sequence of values",
            remedy="icreport.read takes documents, as dicts too; Table.of rows that are dicts",
        )
    return Row(tuple(map(json_value, item)))


class ParagraphData(JsonObject):
    """The `data` of a paragraph."""

    text: list[Any] | str | None = None


class Paragraph(Element):
    """Running text; by hand: `Paragraph(text="Done")`."""

    type: Literal["paragraph"] = "paragraph"
    data: ParagraphData | None = None

    def __init__(
        self,
        *,
        caption: str | None = None,
        text: str | float | date | None = None,
        data: ParagraphData | Mapping[str, object] | None = None,
        type: Literal["paragraph"] = "paragraph",
    ) -> None:
        """Make a paragraph of its text; raises `UsageError`."""
        if data is not None and text is not None:
            raise UsageError("a Paragraph has data and text", remedy="data holds it; say one of them")
        fields: dict[str, Any] = {"caption": caption, "data": data if text is None else _text(text)}
        super().__init__(type=type, **{name: part for name, part in fields.items() if part is not None})

    def replace(self, **changes: object) -> Self:
        """Return a paragraph like this with another caption or text."""
        check_names(type(self), changes, [*fields_of(type(self)), "text"])
        return super().replace(**({"data": _text(changes.pop("text"))} if "text" in changes else {}), **changes)

    @property
    def text(self) -> str:
        """The text, the values of its runs joined."""
        runs = (self.data and self.data.text) or []
        values = (
            [runs] if isinstance(runs, str) else [run.get("value") if isinstance(run, dict) else run for run in runs]
        )
        return "".join(map(text_of, values))

    def _repr_html_(self) -> str:
        from icreport.model.notebook import paragraph_html

        return paragraph_html(self)


def _text(text: object) -> dict[str, object]:
    return {"text": [{"value": json_value(text)}]}


class Section(Element):
    """A break between the elements before and after it; its caption, where it has one, heads what follows."""

    type: Literal["section"] = "section"
    data: Any = None
