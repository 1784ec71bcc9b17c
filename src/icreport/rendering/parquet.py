"""Parquet: a table with typed columns, as analytics tools load it."""

from __future__ import annotations

import io
import pickle
import re
import tempfile
import unicodedata
from collections import Counter
from datetime import date
from typing import IO, TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from icreport.column_names import column_names, unique_names
from icreport.dates import iso_date
from icreport.errors import MissingExtraError, RenderError
from icreport.rendering.column_types import ColumnKind
from icreport.rendering.renderer import Renderer
from icreport.rendering.table_selection import NumberedTable, tell_changed_heads, wanted_tables
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from icreport.rendering.renderer import ReportLike, Sink

_IN_MEMORY = 1 << 22
_GROUP = 1 << 16
_DIGITS = 38  # of a 128-bit decimal
_SURROGATE = re.compile("[\ud800-\udfff]")


class ParquetRenderer(Renderer):
    """Writes a table as Parquet; several tables as a file each into a folder or ZIP archive.

    A column gets the type that holds all of its values exactly: booleans, 64-bit integers, decimals for larger ones,
    64-bit floats, dates and timestamps where every text is strict ISO 8601; else text.
    """

    format: ClassVar[str] = "parquet"
    suffixes: ClassVar[tuple[str, ...]] = (".parquet",)
    media_type: ClassVar[str] = "application/vnd.apache.parquet"

    table: str | None = Field(default=None, description="Only this table: its number from 1, or its caption.")
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
            import pyarrow  # noqa: F401, PLC0415
        except ImportError as error:
            raise MissingExtraError("writing Parquet", "arrow") from error
        for count, found in enumerate(wanted_tables(report, self.table, sink, "a Parquet file"), 1):
            if sink.is_folder:
                with sink.open(f"{found.file_stem}.parquet") as file:
                    self._write(found, file, sink)
            elif count > 1:
                raise RenderError(
                    "a Parquet file holds one table, and the report has several",
                    remedy="say --option table=NUMBER, or a target that ends in / or, with -t parquet, in .zip",
                )
            else:
                self._write(found, _Stream(sink), sink)

    def _write(self, found: NumberedTable, file: Any, sink: Sink) -> None:
        """Keep the rows on disk until the types of the columns are known, then write them."""
        import pyarrow as arrow  # noqa: PLC0415
        from pyarrow import parquet  # noqa: PLC0415

        texts = _Texts()
        wanted = list(map(texts.text, ["sourceKey"] * self.source_keys + found.grid.heads))
        heads = column_names(wanted)
        if self.names == "snake":
            heads = unique_names(list(map(_snake_case, heads)), "{}_{}".format)
        if found.grid.has_heads:
            tell_changed_heads(wanted, heads, found.place, sink)
        kinds = [ColumnKind() for _ in heads]
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
            for batch in found.grid.batches:
                columns = [batch.source_keys, *batch.columns] if self.source_keys else batch.columns
                for kind, column in zip(kinds, columns, strict=True):
                    kind.look(column)
                pickle.dump(columns, spool, protocol=5)
                sink.advance(len(batch))
            makers = [self._column(kind, texts) for kind in kinds]
            schema = arrow.schema(
                [arrow.field(head, type_) for head, (type_, _) in zip(heads, makers, strict=True)],
                metadata={
                    name: texts.text(value)
                    for name, value in (
                        ("caption", found.table.caption),
                        ("sourceBusinessObject", found.table.source_business_object),
                    )
                    if value
                },
            )
            self._tell(found, heads, kinds, sink)
            with parquet.ParquetWriter(file, schema, compression=self.compression) as writer:
                for group in _groups(spool, len(heads)):
                    arrays = [
                        arrow.array([None if value is None else make(value) for value in column], type_)
                        for column, (type_, make) in zip(group, makers, strict=True)
                    ]
                    writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
        if texts.replaced:
            message = "halves of surrogate pairs, which are no text, became U+FFFD"
            sink.warnings.add("lone-surrogate", message, found.place, count=texts.replaced)

    def _column(self, kind: ColumnKind, texts: _Texts) -> tuple[Any, Callable[[Any], Any]]:
        """Give the Arrow type of a column, and what makes its values."""
        import pyarrow as arrow  # noqa: PLC0415

        found = kind.kind
        if found == "boolean":
            return arrow.bool_(), bool
        if found == "integer":
            return _integers(kind)
        if found == "number":
            return arrow.float64(), float
        if self.dates and found == "date":
            return arrow.date32(), _or_null(date.fromisoformat)
        if self.dates and found in {"datetime", "instant"}:
            zone = None if found == "datetime" else "UTC" if kind.zone in {"Z", "+00:00"} else kind.zone
            unit, count = ("ns", 1) if kind.is_fine else ("us", 1000)
            return arrow.timestamp(unit, tz=zone), _or_null(lambda text: _nanoseconds(text) // count)
        return arrow.string(), texts.text

    def _tell(self, found: NumberedTable, heads: list[str], kinds: list[ColumnKind], sink: Sink) -> None:
        named = list(zip(heads, kinds, strict=True))
        if beyond := [head for head, kind in named if kind.is_beyond_float]:
            message = f"columns with numbers that are larger than any 64-bit float are text: {', '.join(beyond)}"
            sink.warnings.add("mixed-column", message, found.place, count=len(beyond), loss=False)
        if mixed := [head for head, kind in named if kind.is_mixed and not kind.is_beyond_float]:
            message = f"columns of several types are text: {', '.join(mixed)}"
            sink.warnings.add("mixed-column", message, found.place, count=len(mixed), loss=False)
        if alike := _alike(heads):
            message = f"names of columns differ by case alone, which Spark, Hive and DuckDB do not tell apart: {alike}"
            sink.warnings.add("similar-names", message, found.place, loss=False)
        if self.dates and (blanks := [head for head, kind in named if kind.has_blank_dates]):
            message = f"empty texts in columns of dates are null: {', '.join(blanks)}"
            sink.warnings.note("blank-date", message, found.place, count=len(blanks))
        if rounded := sum(kind.inexact for kind in kinds if kind.kind == "number"):
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

    def text(self, value: Any) -> str:
        """Give a value as text that UTF-8 can hold."""
        text = text_of(value)
        if text.isascii():
            return text
        text, count = _SURROGATE.subn("\ufffd", text)
        self.replaced += count
        return text


def _or_null(make: Callable[[str], Any]) -> Callable[[str], Any]:
    """Make nothing of an empty text, which stands for a date that is not known."""
    return lambda text: make(text) if text else None


def _nanoseconds(text: str) -> int:
    found = iso_date(text)
    return found.nanoseconds if found else 0


def _integers(kind: ColumnKind) -> tuple[Any, Callable[[Any], Any]]:
    import pyarrow as arrow  # noqa: PLC0415

    if kind.least >= -(1 << 63) and kind.most < 1 << 63:
        return arrow.int64(), int
    if max(-kind.least, kind.most) < 10**_DIGITS:
        from decimal import Decimal  # noqa: PLC0415

        return arrow.decimal128(_DIGITS, 0), Decimal
    return arrow.string(), str


def _groups(spool: IO[bytes], width: int) -> Iterator[list[list[Any]]]:
    """Give the columns of as many rows as a row group holds."""
    spool.seek(0)
    columns: list[list[Any]] = [[] for _ in range(width)]
    while True:
        try:
            batch: list[Sequence[Any]] = pickle.load(spool)  # noqa: S301 - our own file
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
