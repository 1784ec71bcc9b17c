"""Parquet: a table with typed columns, as analytics tools load it."""

from __future__ import annotations

import io
import pickle
import re
import tempfile
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from icreport.column_names import column_names, unique_names
from icreport.errors import MissingExtraError
from icreport.limits import IN_MEMORY
from icreport.model.conditions import is_blank, number_in
from icreport.model.held_frames import arrow_type
from icreport.rendering.column_types import ColumnKind
from icreport.rendering.held_schema import SchemaRenderer
from icreport.rendering.inferred_schema import field_of
from icreport.rendering.shown_rows import TOTALS_DESCRIPTION
from icreport.rendering.table_selection import (
    NumberedTable,
    only_table,
    tell_changed_heads,
    tell_replaced,
    wanted_tables,
)
from icreport.values import replace_surrogates, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icreport.model.report import ReportLike
    from icreport.model.table_schema import Field as SchemaField
    from icreport.rendering.renderer import Sink

_GROUP = 1 << 16


class ParquetRenderer(SchemaRenderer):
    """Writes a table as Parquet; several tables as a file each into a folder or ZIP archive.

    A column gets the type that holds all of its values exactly: booleans, 64-bit integers, decimals for larger ones,
    64-bit floats, dates and timestamps where every text is strict ISO 8601; else text.
    """

    format: ClassVar[str] = "parquet"
    suffixes: ClassVar[tuple[str, ...]] = (".parquet",)
    media_type: ClassVar[str] = "application/vnd.apache.parquet"

    table: str | None = Field(default=None, description="Only this table: its number from 1, or its caption.")
    totals: bool = Field(default=False, description=TOTALS_DESCRIPTION)
    source_keys: bool = Field(default=False, description="Add a first column with the key of each row's record.")
    dates: bool = Field(default=True, description="Write columns of ISO 8601 dates as dates, else as text.")
    names: Literal["captions", "snake"] = Field(
        default="captions",
        description="What columns are called: their captions, or snake_case names that every engine takes.",
    )
    compression: Literal["zstd", "snappy", "gzip", "none"] = Field(
        default="zstd", description="How the columns are packed."
    )

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the tables."""
        try:
            import_module("pyarrow")
        except ImportError as error:
            raise MissingExtraError("writing Parquet", "arrow") from error
        for count, found in enumerate(wanted_tables(report, self.table, sink, "a Parquet file", totals=self.totals), 1):
            if sink.is_folder:
                with sink.open(f"{found.file_stem}.parquet") as file:
                    self._write(found, file, sink)
            elif count > 1:
                raise only_table("a Parquet file", self.format)
            else:
                self._write(found, _Stream(sink), sink)

    def _write(self, found: NumberedTable, file: object, sink: Sink) -> None:
        """Keep the rows on disk until the types of the columns are known, then write them."""
        import pyarrow as arrow
        from pyarrow import parquet

        asked = self.asked(found.table)
        texts = _Texts()
        wanted = list(map(texts.text, ["sourceKey"] * self.source_keys + found.grid.heads))
        names = column_names(wanted)
        kinds = [ColumnKind() for _ in names]
        pinned = [None] * self.source_keys + [said.type for said in found.grid.formats]
        for kind, type_ in zip(kinds, pinned, strict=True):
            kind.seeks_dates = type_ is not None
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
            for batch in found.grid.batches:
                columns = [batch.source_keys, *batch.columns] if self.source_keys else list(batch.columns)
                for at, type_ in enumerate(pinned):
                    if type_ is not None and type_ != "text":
                        is_number = type_ in {"integer", "decimal"}
                        columns[at] = [_typed(value, is_number=is_number) for value in columns[at]]
                for kind, column in zip(kinds, columns, strict=True):
                    kind.look(column)
                pickle.dump(columns, spool, protocol=5)
                sink.advance(len(batch))
            own = [
                _Column(field_of(name, kind, dates=self.dates, pinned=type_), at, kind, is_asked=type_ is not None)
                for at, (name, kind, type_) in enumerate(zip(names, kinds, pinned, strict=True))
            ]
            planned = self._planned(found, asked, own, sink)
            heads = [column.field.name for column in planned]
            if self.names == "snake":
                heads = unique_names(list(map(_snake_case, heads)), "{}_{}".format)
            if found.grid.has_heads:
                of_name = {column.source: head for column, head in zip(planned, heads, strict=True)}
                tell_changed_heads(wanted, [of_name[at] for at in range(len(wanted))], found.place, sink)
            schema = arrow.schema(
                [arrow.field(head, arrow_type(column.field)) for head, column in zip(heads, planned, strict=True)],
                metadata={
                    name: texts.text(value)
                    for name, value in (
                        ("caption", found.table.caption),
                        ("sourceBusinessObject", found.table.source_business_object),
                    )
                    if value
                },
            )
            self._tell(found, heads, planned, sink)
            with parquet.ParquetWriter(file, schema, compression=self.compression) as writer:
                for group in _groups(spool, len(names)):
                    rows = len(group[0]) if group else 0
                    arrays = [
                        arrow.array(column.values(group, rows, texts), type_)
                        for column, type_ in zip(planned, schema.types, strict=True)
                    ]
                    writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
        self._tell_misfits(found, planned, sink)
        tell_replaced(texts.replaced, found.place, sink)

    def _planned(
        self, found: NumberedTable, asked: list[SchemaField] | None, own: list[_Column], sink: Sink
    ) -> list[_Column]:
        """Return the columns of the file: those of the schema in its order, then the others."""
        if asked is None:
            return own
        names = [column.field.name for column in own]
        columns = []
        for field, at in self.planned(asked, names, found.place, sink):
            if field is not None:
                columns.append(_Column(field, at, ColumnKind() if at is None else own[at].kind, is_asked=True))
            elif at is not None:
                columns.append(own[at])
        return columns

    def _tell_misfits(self, found: NumberedTable, columns: list[_Column], sink: Sink) -> None:
        for column in columns:
            if column.misfits:
                place = replace(found.place, row=column.first, column=column.field.name)
                message = f"values that are no {column.field.type}, as was asked for, are null"
                sink.warnings.add("schema-misfit", message, place, count=column.misfits)

    def _tell(self, found: NumberedTable, heads: list[str], columns: list[_Column], sink: Sink) -> None:
        named = [(head, column.kind) for head, column in zip(heads, columns, strict=True) if not column.is_asked]
        if beyond := [head for head, kind in named if kind.is_beyond_float]:
            message = f"columns with numbers that are larger than any 64-bit float are text: {', '.join(beyond)}"
            sink.warnings.add("mixed-column", message, found.place, count=len(beyond))
        if mixed := [head for head, kind in named if kind.is_mixed and not kind.is_beyond_float]:
            message = f"columns of several types are text: {', '.join(mixed)}"
            sink.warnings.add("mixed-column", message, found.place, count=len(mixed))
        if alike := _alike(heads):
            message = f"names of columns differ by case alone, which Spark, Hive and DuckDB do not tell apart: {alike}"
            sink.warnings.add("similar-names", message, found.place, loss=False)
        if self.dates and (blanks := [head for head, kind in named if kind.has_blank_dates]):
            message = f"empty texts in columns of dates are null: {', '.join(blanks)}"
            sink.warnings.note("blank-date", message, found.place, count=len(blanks))
        if rounded := sum(column.kind.inexact for column in columns if column.field.type == "number"):
            message = "numbers with more digits than a 64-bit float holds are rounded"
            sink.warnings.add("rounded-number", message, found.place, count=rounded)


def _alike(names: list[str]) -> str:
    """Return the names that others have too but for the case of their letters."""
    counts = Counter(name.casefold() for name in names)
    return ", ".join(name for name in names if counts[name.casefold()] > 1)


def _snake_case(name: str) -> str:
    """Return a name that every engine takes: small letters a to z, digits and underscores, a letter first."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return f"column_{plain}".rstrip("_") if not plain[:1].isalpha() else plain


class _Texts:
    """Makes text of values; counts the halves of surrogate pairs, which only reports made in Python have."""

    def __init__(self) -> None:
        self.replaced = 0

    def text(self, value: object) -> str:
        """Return a value as text that UTF-8 can hold."""
        text = text_of(value)
        if text.isascii():
            return text
        text, count = replace_surrogates(text)
        self.replaced += count
        return text


@dataclass
class _Column:
    """A column of the file: its field, where in the table it comes from, and how many values do not fit a schema."""

    field: SchemaField
    source: int | None
    kind: ColumnKind
    is_asked: bool = False
    misfits: int = 0
    first: int = 0
    _rows: int = 0

    def values(self, group: list[list[object]], rows: int, texts: _Texts) -> list[object]:
        """Return its values in a group of rows."""
        if self.source is None:
            return [None] * rows
        column = group[self.source]
        if self.field.type in {"string", "any"}:
            return [None if value is None else texts.text(value) for value in column]
        made = self._checked(column) if self.is_asked else list(map(self.field.value, column))
        self._rows += rows
        return made

    def _checked(self, column: list[object]) -> list[object]:
        made = []
        for at, value in enumerate(column, self._rows + 1):
            try:
                made.append(self.field.value(value))
            except (TypeError, ValueError):
                self.misfits += 1
                self.first = self.first or at
                made.append(None)
        return made


def _groups(spool: IO[bytes], width: int) -> Iterator[list[list[object]]]:
    """Yield the columns of as many rows as a row group holds."""
    spool.seek(0)
    columns: list[list[object]] = [[] for _ in range(width)]
    while True:
        try:
            batch: list[Sequence[object]] = pickle.load(spool)  # noqa: S301 - our own file
        except EOFError:
            break
        for column, more in zip(columns, batch, strict=True):
            column.extend(more)
        if columns and len(columns[0]) >= _GROUP:
            yield columns
            columns = [[] for _ in range(width)]
    if columns and columns[0]:
        yield columns


class _Stream(io.RawIOBase):
    """A sink as the stream that Arrow writes to."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any, /) -> int:
        self._sink.write(bytes(data))
        self._at += len(data)
        return len(data)


def _typed(value: object, *, is_number: bool) -> object:
    """Return a value for a column that is said to be of a type other than text: blanks are null in any."""
    if is_blank(value):
        return None
    return number_in(value) if is_number else value
