"""Tables that are held to a schema: the names, order and types of their columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace as replaced
from pydantic import Field, InstanceOf, field_validator

from icreport.column_names import column_names
from icreport.errors import OptionError, RenderError
from icreport.model.formats import ColumnFormat
from icreport.model.rows import Batch
from icreport.model.table_schema import Field as SchemaField
from icreport.model.table_schema import Schemas
from icreport.rendering.grid import SAMPLE_ROWS, Grid
from icreport.rendering.renderer import Renderer
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icreport.errors import Place
    from icreport.model.elements import Table
    from icreport.model.rows import Row
    from icreport.model.table_schema import SchemaSource
    from icreport.rendering.renderer import Sink

SOURCE_KEY = "sourceKey"


class SchemaRenderer(Renderer):
    """A renderer whose tables can be held to a schema."""

    schemas: InstanceOf[Schemas] | None = Field(
        default=None,
        alias="schema",
        description="A file, or in Python a dict, with the names, order and types of columns (icreport schema infer):"
        " what does not fit becomes null with a loss.",
    )
    extra_columns: Literal["keep", "refuse"] = Field(
        default="keep", description="What to do with columns that the schema lacks: keep them last, or fail."
    )

    @field_validator("schemas", mode="before")
    @classmethod
    def _load_schema(cls, given: SchemaSource | None) -> Schemas | None:
        try:
            return None if given is None else Schemas.read(given)
        except OptionError as error:
            raise ValueError(str(error)) from None

    def asked(self, table: Table) -> list[SchemaField] | None:
        """Return the columns that the schema asks for, None without a schema; raises `OptionError`."""
        return None if self.schemas is None else self.schemas.of(table).fields

    def planned(
        self, asked: Sequence[SchemaField], names: Sequence[str], place: Place, sink: Sink
    ) -> list[tuple[SchemaField | None, int | None]]:
        """Return the columns of the document, each with its field and where it is in the table.

        Those of the schema come first, in its order; one that the table lacks is nowhere, one that the schema lacks has
        no field.
        """
        at = {name: number for number, name in enumerate(names)}
        columns: list[tuple[SchemaField | None, int | None]] = [(field, at.pop(field.name, None)) for field in asked]
        if missing := [field.name for field, source in columns if field and source is None]:
            message = f"columns that the schema names are not in the table: {', '.join(missing)}"
            sink.warnings.add("schema-misfit", message, place, count=len(missing))
        if at and self.extra_columns == "refuse":
            raise RenderError(
                f"the schema lacks {', '.join(at)}", place=place, remedy="add them to it, or say extra_columns=keep"
            )
        if at:
            message = f"columns that the schema lacks come last: {', '.join(at)}"
            sink.warnings.add("schema-misfit", message, place, count=len(at), loss=False)
        return [*columns, *((None, source) for source in at.values())]

    def held(self, rectangle: Grid, table: Table, place: Place, sink: Sink) -> Grid:
        """Return the rectangle as the schema asks for it, what does not fit null; as it is without a schema."""
        asked = self.asked(table)
        if asked is None:
            return rectangle
        names = column_names(rectangle.heads)
        columns = [
            _Held(field or SchemaField(names[at or 0], "any"), at)
            for field, at in self.planned([field for field in asked if field.name != SOURCE_KEY], names, place, sink)
        ]
        where = [column.source for column in columns]
        return Grid(
            heads=[column.field.name if rectangle.has_heads else "" for column in columns],
            has_heads=rectangle.has_heads,
            row_heads=int(rectangle.row_heads > 0 and where[:1] == [0]),
            sample=[_fitted(row, number, columns) for number, row in enumerate(rectangle.sample, 1)][:SAMPLE_ROWS],
            batches=_batches(rectangle, columns, place, sink),
            formats=[ColumnFormat.empty() if at is None else rectangle.formats[at] for at in where],
            groups=[where.index(at) for at in rectangle.groups if at in where],
        )


@dataclass
class _Held:
    """A column that is held to a field, and how many of its values did not fit."""

    field: SchemaField
    source: int | None
    misfits: int = 0
    first: int = 0

    def value(self, found: object, number: int) -> object:
        """Return a value that fits, None for one that does not."""
        if found is None or self.field.type == "any":
            return found
        if self.field.type == "string":
            return text_of(found)
        try:
            self.field.value(found)
        except (TypeError, ValueError):
            self.misfits += 1
            self.first = self.first or number
            return None
        # Data formats keep what they were given; a whole number is one however it is written.
        return int(found) if self.field.type == "integer" and isinstance(found, float) else found


def _fitted(row: Row, number: int, columns: list[_Held]) -> Row:
    picked = row.picked([len(row.values) if column.source is None else column.source for column in columns])
    if row.kind != "row":
        return picked
    values = [column.value(value, number) for column, value in zip(columns, picked.values, strict=True)]
    return replaced(picked, values=tuple(values))


def _batches(rectangle: Grid, columns: list[_Held], place: Place, sink: Sink) -> Iterator[Batch]:
    number = 0
    for column in columns:  # which the sample has counted
        column.misfits = column.first = 0
    for batch in rectangle.batches:
        yield Batch([_fitted(row, number + at, columns) for at, row in enumerate(batch.rows, 1)])
        number += len(batch)
    for column in columns:
        if column.misfits:
            message = f"values that are no {column.field.type}, as the schema asks, are null"
            where = replace(place, row=column.first, column=column.field.name)
            sink.warnings.add("schema-misfit", message, where, count=column.misfits)
