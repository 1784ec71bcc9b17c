"""Records that need not fit into memory: in a temporary file, those that may belong together in one part of it."""

from __future__ import annotations

import marshal
import tempfile
from functools import partial
from hashlib import blake2b
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Self
from zlib import crc32

from icreport.comparing.records import PLAIN, read_back
from icreport.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.comparing.records import Record

_MOST_WAITING = 24 << 20
"""Bytes of records that wait in memory, of all parts, before they are written."""
OF_A_RECORD = 300
"""Bytes that a record takes beside its values."""
_values = itemgetter(3)
_others = itemgetter(4)


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
        self._waiting: list[list[Record]] = [[] for _ in range(count)]
        self._size = 0
        self._file: IO[bytes] | None = None
        self._blocks: list[list[tuple[int, int, int]]] = [[] for _ in range(count)]
        """Of each part, where its blocks start, their bytes and records."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, records: list[Record]) -> None:
        """Take records."""
        waiting, count = self._waiting, self.count
        if count == 1:
            waiting[0] += records
        else:
            digest = partial(_digest, self.level) if self.level else crc32
            for record in records:
                # Unlike Python's own hash the same in every process, as the first part may decide for the others.
                waiting[digest(record[0].encode("utf-8", "surrogatepass")) % count].append(record)
        self._size += _size_of(records)
        if self._size > _MOST_WAITING:
            self._write()

    def _write(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()
            for records, blocks in zip(self._waiting, self._blocks, strict=True):
                if records:
                    data = marshal.dumps(records, PLAIN)
                    blocks.append((self._file.tell(), len(data), len(records)))
                    self._file.write(data)
                    records.clear()
        except OSError as error:
            raise no_room(error) from error
        self._size = 0

    def size(self, at: int) -> int:
        """Return the bytes that a part takes in memory, about."""
        written = sum(size + OF_A_RECORD * count for _, size, count in self._blocks[at])
        return written + _size_of(self._waiting[at])

    def blocks(self, at: int) -> Iterator[list[Record]]:
        """Yield the records of a part some at a time, in the order in which they came."""
        if self._file is not None:
            for start, size, _ in self._blocks[at]:
                self._file.seek(start)
                yield read_back(self._file.read(size))
        yield self._waiting[at]

    def part(self, at: int) -> list[Record]:
        """Return the records of a part."""
        return [record for block in self.blocks(at) for record in block]


def _digest(level: int, key: bytes) -> int:
    return int.from_bytes(blake2b(key, digest_size=8, salt=bytes([level])).digest(), "big")


def _size_of(records: list[Record]) -> int:
    return sum(map(len, map(_values, records))) + sum(map(len, map(_others, records))) + OF_A_RECORD * len(records)
