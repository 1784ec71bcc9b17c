"""Records that need not fit into memory: in a temporary file, those that may belong together in one part of it."""

from __future__ import annotations

import marshal
import tempfile
from typing import TYPE_CHECKING, Self

from icreport.comparing.records import PLAIN, Record
from icreport.errors import ReadError
from icreport.limits import IN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_WAITING = 24 << 20
"""Bytes of records that wait in memory, of all parts, before they are written."""
_OF_A_RECORD = 300
"""Bytes that a record takes beside its values."""


def no_room(error: OSError) -> ReadError:
    """Return the error for a disk that is full."""
    return ReadError(f"there is no room to compare rows: {error.strerror}", remedy="set TMPDIR")


class Partitions:
    """Takes records in any order and gives back those of one part; equal keys are in the same part.

    `level` tells partitions of one part from those of the whole, so that they divide it otherwise.
    """

    def __init__(self, count: int, level: int = 0) -> None:
        self.count = count
        self.level = level
        self.sizes = [0] * count
        """Bytes of each part in memory."""
        self._waiting: list[list[Record]] = [[] for _ in range(count)]
        self._size = 0
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)
        self._blocks: list[list[tuple[int, int]]] = [[] for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, records: list[Record]) -> None:
        """Take records."""
        waiting, count, sizes, level = self._waiting, self.count, self.sizes, self.level
        for record in records:
            at = hash((level, record[0])) % count
            waiting[at].append(record)
            size = len(record[3]) + len(record[4]) + _OF_A_RECORD
            sizes[at] += size
            self._size += size
        if self._size > _MOST_WAITING:
            self._write()

    def _write(self) -> None:
        try:
            for records, blocks in zip(self._waiting, self._blocks, strict=True):
                if records:
                    data = marshal.dumps(list(map(tuple, records)), PLAIN)
                    blocks.append((self._file.tell(), len(data)))
                    self._file.write(data)
                    records.clear()
        except OSError as error:
            raise no_room(error) from error
        self._size = 0

    def blocks(self, at: int) -> Iterator[list[Record]]:
        """Yield the records of a part some at a time, in the order in which they came."""
        for start, size in self._blocks[at]:
            self._file.seek(start)
            yield list(map(Record._make, marshal.loads(self._file.read(size))))  # noqa: S302 - our own
        yield self._waiting[at]

    def part(self, at: int) -> list[Record]:
        """Return the records of a part."""
        return [record for block in self.blocks(at) for record in block]
