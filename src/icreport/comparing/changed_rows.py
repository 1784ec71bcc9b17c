"""The rows of a comparison that are shown: in memory where they are few, else sorted in a temporary file."""

from __future__ import annotations

import heapq
import marshal
import tempfile
from itertools import islice
from operator import itemgetter
from typing import IO, TYPE_CHECKING, NamedTuple, TypeAlias
from weakref import finalize

from icreport.comparing.partitions import no_room
from icreport.comparing.records import PLAIN, exact, plain, read_back
from icreport.errors import UsageError
from icreport.model.looks import KEY
from icreport.model.rows import BATCH_ROWS, CELLS, Batch, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from icreport.model.looks import Change

_BLOCK = 256
"""Rows that are read at once from a run, at most."""
_Item: TypeAlias = tuple[int, "Change", object, tuple[object, ...], dict[int, object]]
"""The place of a row, what became of it, the key of its record, its values, and what those were that changed."""


class ChangedRow(NamedTuple):
    """A row as it is shown, `place` that among the others."""

    place: int
    change: Change
    source_key: object
    values: Sequence[object]
    was: Mapping[int, object]


class ChangedRows:
    """Takes rows in any order and gives them by their place, as often as wanted: an iterable of `Row`.

    `words` are what the first cell of a row says that became of it.
    """

    most_cells = 200_000
    """Cells that wait in memory."""

    def __init__(self, words: Mapping[Change, str]) -> None:
        self.width = 0
        self.changed: set[int] = set()
        """The columns in which values changed."""
        self._words = words
        self._waiting: list[_Item] = []
        self._cells = 0
        self._count = 0
        self._file: IO[bytes] | None = None
        self._runs: list[list[tuple[int, int]]] = []

    def __len__(self) -> int:
        return self._count

    def add(self, row: ChangedRow) -> None:
        """Take a row, its first value the word for its change left out."""
        values, was = tuple(map(plain, row.values)), {at: plain(value) for at, value in row.was.items()}
        self._waiting.append((row.place, row.change, plain(row.source_key), values, was))
        self.width = max(self.width, len(values) + 1)
        self.changed.update(was)
        self._count += 1
        self._cells += len(values) + 1
        if self._cells >= self.most_cells:
            self._write()

    def _write(self) -> None:
        self._waiting.sort(key=itemgetter(0))
        blocks, items = [], iter(self._waiting)
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()
                # Who does not close a comparison has it closed when it is forgotten.
                finalize(self, self._file.close)
            while block := list(islice(items, _BLOCK)):
                data = marshal.dumps(block, PLAIN)
                blocks.append((self._file.tell(), len(data)))
                self._file.write(data)
        except OSError as error:
            raise no_room(error) from error
        self._runs.append(blocks)
        self._waiting, self._cells = [], 0

    def close(self) -> None:
        """Free the disk space."""
        if self._file is not None:
            self._file.close()

    def __iter__(self) -> Iterator[Row]:
        return map(self._row, self._items())

    def batches(self) -> Iterator[Batch]:
        """Yield the rows some at a time."""
        rows = iter(self)
        while block := list(islice(rows, BATCH_ROWS)):
            yield Batch(block)

    def hold(self) -> Callable[[], None]:
        """Keep the rows beyond their element, which these are anyway; return what frees nothing."""
        return lambda: None

    @property
    def are_few(self) -> bool:
        """Whether all of them are in memory."""
        return not self._runs

    def _items(self) -> Iterator[_Item]:
        self._waiting.sort(key=itemgetter(0))
        return heapq.merge(*map(self._run, self._runs), self._waiting, key=itemgetter(0))

    def _run(self, blocks: list[tuple[int, int]]) -> Iterator[_Item]:
        for start, size in blocks:
            if self._file is None or self._file.closed:
                raise UsageError("the comparison is closed: its rows are no longer there")
            self._file.seek(start)
            yield from read_back(self._file.read(size))

    def _row(self, item: _Item) -> Row:
        _, change, key, values, was = item
        source_key = exact(key)
        shown = (self._words[change], *map(exact, values))
        cells = {
            at + 1: {"value": shown[at + 1], KEY: {"was": exact(value), "look": "fair"}} for at, value in was.items()
        }
        fields: dict[str, object] = {"sourceKey": source_key} if source_key is not None else {}
        return Row(shown, source_key, fields | {"cells": CELLS, KEY: {"change": change}}, cells or None)
