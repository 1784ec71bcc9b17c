"""Data frames and tables: columns as pandas and Arrow take them, and what their frames have in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeGuard

from icreport.errors import MissingExtraError, UsageError
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas
    import pyarrow


_MOST_EXACT = 1 << 53  # the largest integer up to which a float holds each


def needs_objects(values: Sequence[object]) -> bool:
    """Return whether pandas would make floats of integers that no float holds."""
    integers = [value for value in values if type(value) is int]
    return len(integers) < len(values) and any(abs(value) > _MOST_EXACT for value in integers)


def arrow_array(values: Sequence[object]) -> pyarrow.Array:
    """Return values as an Arrow array of the type that holds all of them, text where there is none."""
    import pyarrow

    plain = [float(value) if isinstance(value, float) else value for value in values]
    kinds = {type(value) for value in plain} - {type(None)}
    if kinds <= {int, float} or (len(kinds) == 1 and not kinds & {list, dict}):
        with suppress(pyarrow.ArrowInvalid, OverflowError):
            return pyarrow.array(plain)
    return pyarrow.array([None if value is None else text_of(value) for value in values], pyarrow.string())


class _ArrowStream(Protocol):
    """What hands over its rows by the Arrow PyCapsule interface: Arrow, Polars, pandas, DuckDB and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...


class _Interchange(Protocol):
    """What does so by the dataframe interchange protocol of the Python data API."""

    def __dataframe__(self, nan_as_null: bool = False, allow_copy: bool = True) -> object: ...


ArrowLike: TypeAlias = _ArrowStream | _ArrowArray | _Interchange


class PolarsFrame(Protocol):
    """A data frame of Polars."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""

    def iter_rows(self) -> Iterator[tuple[object, ...]]:
        """Walk over the rows."""


class Frame(NamedTuple):
    """What a table takes of a data frame."""

    columns: Sequence[Any]
    rows: Iterable[Iterable[object]]
    categories: list[str] | None = None


def is_frame(given: object) -> TypeGuard[ArrowLike]:
    """Return whether this is a data frame or Arrow table of whatever library."""
    return any(hasattr(given, name) for name in ("__arrow_c_stream__", "__arrow_c_array__", "__dataframe__"))


def _is_polars(given: object) -> TypeGuard[PolarsFrame]:
    return hasattr(given, "iter_rows")


def of_any(data: object) -> Frame:
    """Return the columns and rows of a data frame, or of dicts; raises `UsageError` for what is neither."""
    if is_frame(data):
        if hasattr(data, "itertuples"):
            return of_pandas(data)
        return of_polars(data) if _is_polars(data) else of_arrow(data)
    if not isinstance(data, Iterable) or isinstance(data, str | bytes | Mapping):
        raise UsageError(f"a {type(data).__name__} is no table", remedy="give a data frame, or a dict for each row")
    records = list(data)
    if other := next((record for record in records if not isinstance(record, Mapping)), None):
        raise UsageError(
            f"a row is a {type(other).__name__}, not a dict", remedy="Table(columns=…, rows=…) takes sequences"
        )
    columns = list(dict.fromkeys(name for record in records for name in record))
    return Frame(columns, [[record.get(name) for name in columns] for record in records])


def of_pandas(frame: pandas.DataFrame) -> Frame:
    """Return the columns and rows of a DataFrame: an index with names first, one of texts without as categories."""
    columns = [" / ".join(map(str, name)) if isinstance(name, tuple) else name for name in frame.columns]
    names = list(frame.index.names)
    if any(name is not None for name in names):
        return Frame([*names, *columns], _flat(frame.itertuples(name=None), len(names)))
    rows = frame.itertuples(index=False, name=None)
    texts = len(names) == 1 and frame.index.inferred_type == "string"
    return Frame(columns, rows, list(frame.index) if texts and not frame.empty else None)


def _flat(rows: Iterable[tuple[Any, ...]], levels: int) -> Iterator[tuple[object, ...]]:
    """Yield rows whose index of several levels is spread over as many values."""
    return (row if levels == 1 else (*row[0], *row[1:]) for row in rows)


def of_polars(frame: PolarsFrame) -> Frame:
    """Return the columns and rows of a DataFrame of Polars."""
    return Frame(list(frame.columns), frame.iter_rows())


def of_arrow(table: ArrowLike) -> Frame:
    """Return the columns and rows of an Arrow table, or of what hands one over."""
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError("Table.from_arrow()", "arrow") from error
    try:
        if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
            read = pyarrow.table(table)
        else:
            from pyarrow.interchange import from_dataframe

            read = from_dataframe(table)
    except (TypeError, ValueError, pyarrow.ArrowException) as error:
        raise UsageError(f"a {type(table).__name__} is no Arrow table: {error}") from error
    columns = [column.to_pylist() for column in read.columns]
    return Frame(read.column_names, zip(*columns, strict=True) if columns else [()] * read.num_rows)
