"""The rows of a table: found in the stream batch by batch, kept on disk, decoded when they are walked.

A batch is cut at a guess and the guess is proved: `[` + text + `]` is decoded as a JSON array, which succeeds only if
the text is a sequence of whole values. So no string content, key order or white space can mislead it, and the decoding
runs at the speed of C. Where a guess fails, the cursor walks value by value.
"""

from __future__ import annotations

import re
import tempfile
from itertools import chain, compress
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from icreport.errors import Place, ReadError, ShapeError
from icreport.limits import IN_MEMORY
from icreport.model.looks import KEY, format_errors
from icreport.model.rows import CELLS, Batch, Row
from icreport.reading.cursor import Mark, check_texts, decode
from icreport.reading.source import no_room
from icreport.values import exact_float
from icreport.warnings import Warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from icreport.limits import Limits
    from icreport.reading.cursor import Cursor

_OPENING = re.compile(rb'\{[ \t\n\r]*"([^"\\]*)"[ \t\n\r]*:')
_BETWEEN = re.compile(rb"\}[ \t\n\r]*,[ \t\n\r]*\Z")
_STOPPED = re.compile(r"\(byte (\d+)\)")
_LONGEST_GAP = 256
_LEAST_CELL = 2  # bytes
_AROUND_VALUE = 3  # arrays and objects: a row, its cells, a cell
_BATCH = 1 << 16
"""Bytes of rows that are decoded together: what is made of them stays in the caches of a processor."""
_CELLS = attrgetter("cells")
_VALUE = attrgetter("value")
_SOURCE_KEY = attrgetter("source_key")


class _Cell(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    value: Any


class _Row(msgspec.Struct, gc=False, forbid_unknown_fields=True, rename="camel"):
    cells: list[_Cell]
    source_key: Any = msgspec.UNSET


class _ExactFloats(dict[str, float]):
    """Numbers by their text: measurements repeat, and looking one up costs a fraction of reading it."""

    def __missing__(self, literal: str) -> float:
        if len(self) >= _MOST_FLOATS:
            self.clear()
        number = self[literal] = exact_float(literal)
        return number


_MOST_FLOATS = 1 << 15
_VALUES = msgspec.json.Decoder(list[msgspec.Raw])
_ROWS = msgspec.json.Decoder(list[_Row], float_hook=_ExactFloats().__getitem__)


class StoredRows:
    """The rows of one table, JSON text in a temporary file: an iterable of `Row` in memory that does not grow.

    `width` is the least number of columns that a renderer shall reckon with; `len()` is the number of rows.
    """

    def __init__(self, place: Place, warnings: Warnings, width: int, limits: Limits) -> None:
        self.width = width
        self.place = place
        self._warnings = warnings
        self._limits = limits
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)
        self._batches: list[tuple[Mark, int, int]] = []
        self._count = 0
        self._holds = 0

    def __len__(self) -> int:
        return self._count

    def store(self, cursor: Cursor) -> None:
        """Walk the cursor over an array and keep its items."""
        cursor.take(b"[")
        if cursor.peek() == b"]":
            cursor.pos += 1
            return
        found = _OPENING.match(cursor.data, cursor.pos)
        opening = found.group() if found else None
        more = True
        while more:
            mark, text, count, more = _next_batch(cursor, opening)
            try:
                self._file.write(text)
            except OSError as error:
                raise no_room("rows", error) from error
            self._batches.append((mark, len(text), count))
            self._count += count

    def text(self) -> Iterator[tuple[Mark, bytes, int]]:
        """Yield the batches: where each stands in the document, its text and its number of rows."""
        if self._file.closed:
            raise ReadError("the scan has gone on: the rows of a table are there until the next element is asked for")
        at = 0
        for mark, size, count in self._batches:
            self._file.seek(at)
            yield mark, self._file.read(size), count
            at += size

    def __iter__(self) -> Iterator[Row]:
        return chain.from_iterable(batch.rows for batch in self.batches())

    def batches(self) -> Iterator[Batch]:
        """Yield the rows as they are decoded together, each batch of some hundred kilobytes of JSON."""
        # What there is to warn of is said in the first walk.
        warnings, self._warnings = self._warnings, Warnings()
        first = 1
        for mark, text, count in self.text():
            batch = _decode_rows(text, mark, first, self.place, warnings)
            self._check(batch, text)
            yield batch
            first += count

    def _check(self, batch: Batch, text: bytes) -> None:
        # A look at the size of the text spares most batches the look at their rows.
        limits = self._limits
        if len(text) > _LEAST_CELL * limits.columns and max(batch.widths) > limits.columns:
            raise limits.exceeded("columns", "a row has more values", self.place)
        check_texts(text, limits, self.place)
        if not (isinstance(batch, _DecodedBatch) and batch.is_flat) and _any_nests_deeper(batch.rows, limits.depth):
            raise limits.exceeded("depth", "arrays and objects nest deeper", self.place)

    def value(self) -> list[object]:
        """Return the items as they are in JSON, for an element that turned out to be no table."""
        return [
            item for mark, text, _ in self.text() for item in _decoded(b"[%b]" % text, mark, self.place, self._warnings)
        ]

    def hold(self) -> Callable[[], None]:
        """Keep the rows beyond their element; return what frees the disk space, called by all who hold them."""
        self._holds += 1
        held = [True]

        def release() -> None:
            if held:
                held.clear()
                self._holds -= 1
                self.close()

        return release

    def close(self) -> None:
        """Free the disk space, unless the rows are held."""
        if not self._holds:
            self._file.close()


def _next_batch(cursor: Cursor, opening: bytes | None) -> tuple[Mark, bytes, int, bool]:
    """Walk over as many items as the buffer holds: their mark, text and number, and whether more follow."""
    while opening is not None:
        start = cursor.pos
        end = _guess_end(cursor.data, start, opening)
        if end is None:
            if len(cursor.data) - start < _BATCH and cursor.refill():
                continue
            break
        text = cursor.data[start:end]
        count = _count_items(text)
        if isinstance(count, int) and count < 0 and (last := start - count - 1) > start:
            # The array ends inside the guess: `]` stands where the decoder stopped.
            text = cursor.data[start : cursor.data.rfind(b"]", start, last)]
            count = _count_items(text)
        if count <= 0:
            break
        mark = cursor.mark()
        cursor.pos = start + len(text)
        return mark, text, count, cursor.take(b",", b"]") == b"," and bool(cursor.peek())
    return _walk_batch(cursor)


def _walk_batch(cursor: Cursor) -> tuple[Mark, bytes, int, bool]:
    """Walk value by value, which finds the exact place of whatever is wrong."""
    texts: list[bytes] = []
    mark = Mark()
    size = 0
    more = True
    while more and size < _BATCH:
        text = cursor.raw_value()
        at = cursor.mark(cursor.pos - len(text))
        mark = at if not texts else mark
        _decoded(text, at, cursor.place, Warnings())
        texts.append(text)
        size += len(text)
        more = cursor.take(b",", b"]") == b","
    return mark, b",".join(texts), len(texts), more


def _guess_end(data: bytes, start: int, opening: bytes) -> int | None:
    """Guess where a whole item ends: before a `{"key":` that looks like the first one, the last within a batch."""
    last = data.rfind(opening, start + 1, start + _BATCH)
    if last < 0 and (last := data.find(opening, start + _BATCH - len(opening))) < 0:
        return None
    between = _BETWEEN.search(data, max(start, last - _LONGEST_GAP), last)
    return between.start() + 1 if between else None


def _count_items(text: bytes) -> int:
    """Return the number of items in `[text]`, or minus the number of bytes of text before it stops being that array."""
    try:
        return len(_VALUES.decode(b"[%b]" % text))
    except (msgspec.DecodeError, RecursionError) as error:
        stopped = _STOPPED.search(str(error))
        return -int(stopped[1]) if stopped else -1


class _DecodedBatch(Batch):
    """Rows with nothing but keys and cells, made only when asked for; of all rows of one width, some columns."""

    __slots__ = ("_cells_first", "_decoded", "_made", "_picked", "is_flat")

    def __init__(
        self, decoded: list[_Row], *, cells_first: bool, is_flat: bool, picked: Sequence[int] | None = None
    ) -> None:
        super().__init__([])
        self.is_flat = is_flat
        """Whether no value is an array or object."""
        self._decoded = decoded
        self._cells_first = cells_first
        self._picked = picked
        self._made: list[Row] | None = None

    def __len__(self) -> int:
        return len(self._decoded)

    @property
    def rows(self) -> list[Row]:
        if self._made is None:
            self._made = self._make_rows()
        return self._made

    def _make_rows(self) -> list[Row]:
        picked = self._picked
        if self._cells_first:
            return [
                Row(
                    tuple(
                        [cell.value for cell in row.cells] if picked is None else [row.cells[at].value for at in picked]
                    ),
                    None if row.source_key is msgspec.UNSET else row.source_key,
                    None if row.source_key is msgspec.UNSET else {"cells": CELLS, "sourceKey": row.source_key},
                )
                for row in self._decoded
            ]
        return [
            Row(
                tuple([cell.value for cell in row.cells] if picked is None else [row.cells[at].value for at in picked]),
                row.source_key,
                None if row.source_key is not None else {"sourceKey": None, "cells": CELLS},
            )
            for row in self._decoded
        ]

    @property
    def is_ordinary(self) -> bool:
        return True

    @property
    def is_plain(self) -> bool:
        return not self._cells_first and len(self.widths) == 1 and None not in map(_SOURCE_KEY, self._decoded)

    @property
    def widths(self) -> set[int]:
        return set(map(len, map(_CELLS, self._decoded))) if self._picked is None else {len(self._picked)}

    def column(self, at: int) -> Sequence[object]:
        if self._picked is not None:
            at = self._picked[at]
        try:
            return [row.cells[at].value for row in self._decoded]
        except IndexError:
            return super().column(at)

    def selected(self, kept: Sequence[bool] | None, columns: Sequence[int] | None, beyond: int | None = None) -> Batch:
        decoded = self._decoded if kept is None else list(compress(self._decoded, kept))
        picked = self._picked
        if columns is not None:
            widths = self.widths
            width = max(widths, default=0)
            if len(widths) > 1 or any(at >= width for at in columns):
                return super().selected(kept, columns, beyond)
            wanted = columns if beyond is None else [*columns, *range(beyond, width)]
            picked = wanted if picked is None else [picked[at] for at in wanted]
        return _DecodedBatch(decoded, cells_first=self._cells_first, is_flat=self.is_flat, picked=picked)

    @property
    def columns(self) -> list[Sequence[object]]:
        if self._picked is not None:
            return [self._column(at) for at in self._picked]
        values = [cell.value for row in self._decoded for cell in row.cells]
        width = len(self._decoded[0].cells)
        return [values[column::width] for column in range(width)]

    def _column(self, at: int) -> list[object]:
        return [row.cells[at].value for row in self._decoded]

    @property
    def source_keys(self) -> list[object]:
        return [None if row.source_key is msgspec.UNSET else row.source_key for row in self._decoded]


def _decode_rows(text: bytes, mark: Mark, first: int, place: Place, warnings: Warnings) -> Batch:
    """Decode a batch of rows; `first` is the number of its first row, from 1."""
    opening = _OPENING.match(text)
    try:
        found = _ROWS.decode(b"[%b]" % text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        found = None
    if found is not None and opening is not None and text.count(opening.group()) == len(found):
        is_flat = _are_flat(text, found)
        # Without nests in it no value can hold what looks like the start of a row.
        if is_flat or _all_start_with(opening.group(), text):
            return _DecodedBatch(found, cells_first=opening.group(1) == b"cells", is_flat=is_flat)
    items = _decoded(b"[%b]" % text, mark, place, warnings)
    return Batch([_row(item, number, place, warnings) for number, item in enumerate(items, first)])


def _decoded(text: bytes, mark: Mark, place: Place | None, warnings: Warnings) -> Any:
    """Return the value of JSON text that stands at a mark which is known already."""
    return decode(text, lambda: mark, place, warnings)


def _are_flat(text: bytes, rows: list[_Row]) -> bool:
    """Return whether no value of these rows is an array or object."""
    if text.count(b"[") == len(rows) and text.count(b"{") == len(rows) + sum(map(len, map(_CELLS, rows))):
        return True
    # There are brackets in strings, or nests.
    kinds = set(map(type, map(_VALUE, chain.from_iterable(map(_CELLS, rows)))))
    kinds.update(map(type, map(_SOURCE_KEY, rows)))
    return list not in kinds and dict not in kinds


def _all_start_with(opening: bytes, text: bytes) -> bool:
    """Return whether each row's text starts alike, so that all have their keys in the same order."""
    return all(memoryview(row)[: len(opening)] == opening for row in _VALUES.decode(b"[%b]" % text))


def _any_nests_deeper(rows: list[Row], most: int) -> bool:
    """Return whether the arrays and objects of any row, itself the first, nest more than `most` deep."""
    return (
        _nest_deeper((value for row in rows for value in row.values), most - _AROUND_VALUE)
        or _nest_deeper((row.source_key for row in rows), most - 1)
        or _nest_deeper((row.to_object() for row in rows if row.fields is not None or row.cells), most)
    )


def _nest_deeper(values: Iterable[object], most: int) -> bool:
    # Level by level: a function that calls itself would end Python's stack.
    nests = [value for value in values if isinstance(value, list | dict)]
    for _ in range(most):
        items = (item for nest in nests for item in (nest.values() if isinstance(nest, dict) else nest))
        nests = [item for item in items if isinstance(item, list | dict)]
    return bool(nests)


def _row(item: object, number: int, place: Place, warnings: Warnings) -> Row:
    """Make a row of any JSON object that can be one, keeping unknown fields."""
    where = Place(place.element, place.caption, number)
    if not isinstance(item, dict):
        raise ShapeError(f"a row is {kind_of(item)}, not an object with cells", place=where)
    cells = item.get("cells")
    if cells is not None and not isinstance(cells, list):
        raise ShapeError(f"the cells of a row are {kind_of(cells)}, not a list", place=where)
    row = Row.of_object(item)
    for cell in cells or ():
        if not isinstance(cell, dict):
            warnings.add("bare-cell", "a cell is not an object: it is taken as the value", where, loss=False)
    if KEY in item or any(isinstance(cell, dict) and KEY in cell for cell in (row.cells or {}).values()):
        for message in format_errors(item):
            warnings.add("wrong-format", message, where, loss=False)
    return row


def kind_of(value: object) -> str:
    """Name the JSON type of a value, with its article."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
