"""Sorts rows that need not fit into memory: sorted runs in a temporary file, merged block by block."""

from __future__ import annotations

import marshal
import pickle
import tempfile
from bisect import bisect_right
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Self

from icreport.errors import ReadError
from icreport.limits import IN_MEMORY
from icreport.model.rows import Batch, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icreport.views.sort_keys import SortKeys

_RUN_CELLS = 400_000
"""Cells that are sorted in memory."""
_RUN_BATCHES = 100
"""Batches that are, each of some hundred kilobytes or one row, whatever the length of texts."""
_BLOCK = 256
"""Rows that are read at once from each run, at most."""

_Item = tuple[Any, ...]
"""The key of a row, and what it is made of: its values, the key of its record and, if it has any, fields and cells."""
_PLAIN_ITEM = 3
_key = itemgetter(0)
_PLAIN_MARSHAL = 2  # the version of its format that does not look for objects that it has seen


class SortedRows:
    """Takes rows in any order and yields them in that of their keys; rows with equal keys stay as they came."""

    def __init__(self, sort: Sequence[tuple[int, SortKeys]]) -> None:
        self._sort = sort
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)
        self._run: list[_Item] = []
        self._cells = 0
        self._batches = 0
        self._count = 0
        self._runs: list[tuple[list[int], int]] = []
        """Of each run, where its blocks start and the last one ends."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, whole: Batch, shown: Batch) -> None:
        """Take the rows of a batch; `whole` has the cells that keys are made of, `shown` those that are yielded."""
        columns = [keys.of_all(whole.column(at)) for at, keys in self._sort]
        numbers = [number.to_bytes(8, "big") for number in range(self._count, self._count + len(shown))]
        keys = map(b"".join, zip(*columns, numbers, strict=True))
        if shown.is_plain and (values := shown.columns):
            self._run += zip(keys, zip(*values, strict=True), shown.source_keys, strict=True)
            self._cells += len(values) * len(shown)
        else:
            rows = shown.rows
            self._run += [
                (key, row.values, row.source_key, row.fields, row.cells) for key, row in zip(keys, rows, strict=True)
            ]
            self._cells += sum(len(row.values) for row in rows)
        self._count += len(shown)
        self._batches += 1
        if self._cells >= _RUN_CELLS or self._batches >= _RUN_BATCHES:
            self._write()

    def _write(self) -> None:
        self._run.sort(key=_key)
        starts = []
        items = iter(self._run)
        size = max(1, min(_BLOCK, len(self._run) // self._batches))
        try:
            while block := list(islice(items, size)):
                starts.append(self._file.tell())
                self._file.write(_packed(block))
        except OSError as error:
            raise ReadError(f"there is no room to sort rows: {error.strerror}", remedy="set TMPDIR") from error
        self._runs.append((starts, self._file.tell()))
        self._run, self._cells, self._batches = [], 0, 0

    def blocks(self) -> Iterator[Batch]:
        """Yield the rows in order, some at a time."""
        self._run.sort(key=_key)
        if not self._runs:
            for at in range(0, len(self._run), _BLOCK):
                yield _SortedBatch(self._run[at : at + _BLOCK])
            return
        if self._run:
            self._write()
        runs = [self._blocks(starts, end) for starts, end in self._runs]
        heads = [next(run, []) for run in runs]
        while any(heads):
            # Whatever has no greater key than the least of the last ones is at hand. No two keys are equal.
            limit = min(head[-1][0] for head in heads if head)
            found: list[_Item] = []
            for at, head in enumerate(heads):
                until = bisect_right(head, limit, key=_key)
                found += head[:until]
                heads[at] = head[until:] or next(runs[at], [])
            found.sort(key=_key)
            yield _SortedBatch(found)

    def _blocks(self, starts: list[int], end: int) -> Iterator[list[_Item]]:
        for start, after in zip(starts, (*starts[1:], end), strict=True):
            self._file.seek(start)
            yield _unpacked(self._file.read(after - start))


def _packed(block: list[_Item]) -> bytes:
    """Return rows as bytes: by `marshal`, which takes a third of the time, where they hold nothing but plain values."""
    try:
        return b"m" + marshal.dumps(block, _PLAIN_MARSHAL)
    except ValueError:
        return b"p" + pickle.dumps(block, protocol=5)


def _unpacked(data: bytes) -> list[_Item]:
    kind = marshal if data[:1] == b"m" else pickle
    block: list[_Item] = kind.loads(data[1:])  # our own file
    return block


class _SortedBatch(Batch):
    """Rows that are made only when they are asked for."""

    __slots__ = ("_items",)

    def __init__(self, items: list[_Item]) -> None:
        super().__init__([])
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    @property
    def rows(self) -> list[Row]:
        return [Row(*item[1:]) for item in self._items]

    @property
    def is_ordinary(self) -> bool:
        return all(len(item) == _PLAIN_ITEM for item in self._items) or super().is_ordinary

    @property
    def widths(self) -> set[int]:
        return {len(item[1]) for item in self._items}

    def column(self, at: int) -> Sequence[object]:
        return [item[1][at] if at < len(item[1]) else None for item in self._items]

    @property
    def columns(self) -> list[Sequence[object]]:
        return list(zip(*[item[1] for item in self._items], strict=True))

    @property
    def source_keys(self) -> list[object]:
        return [item[2] for item in self._items]
