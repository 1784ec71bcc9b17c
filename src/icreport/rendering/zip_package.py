"""The ZIP package of a workbook: members deflated while they are made, put together at the end.

Rows are compressed as they come and kept in a temporary file. What stands before and after them in their sheet is only
known at the end; deflate streams (RFC 1951) that end in a flush can be joined, so nothing is compressed twice. The
checksum of the whole follows from those of the parts. Layout: PKWARE's APPNOTE 6.3.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from itertools import chain
from typing import IO, TYPE_CHECKING

from isal import isal_zlib

from icreport.clock import archive_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LEVEL = 1
_CHUNK = 1 << 20
_NO_LIMIT = 0xFFFFFFFF
_MOST_ENTRIES = 0xFFFF
_UTF8_NAMES = 0x800
_DEFLATED = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a deflate stream: its bytes in a file or at hand, and what they stand for."""

    data: bytes | tuple[IO[bytes], int]
    compressed: int
    size: int
    crc: int

    def read(self) -> Iterator[bytes]:
        """Yield the compressed bytes in chunks."""
        if isinstance(self.data, bytes):
            yield self.data
            return
        file, offset = self.data
        end = offset + self.compressed
        while offset < end:
            # Other pieces of the same file may be read in between.
            file.seek(offset)
            chunk = file.read(min(_CHUNK, end - offset))
            offset += len(chunk)
            yield chunk


def piece(data: bytes, *, last: bool) -> Piece:
    """Deflate a part that is at hand."""
    packer = isal_zlib.compressobj(_LEVEL, wbits=-15)
    packed = packer.compress(data) + packer.flush(isal_zlib.Z_FINISH if last else isal_zlib.Z_SYNC_FLUSH)
    return Piece(packed, len(packed), len(data), zlib.crc32(data))


class PieceWriter:
    """Deflates a part that comes bit by bit into a file, at its end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._start = file.seek(0, os.SEEK_END)
        self._packer = isal_zlib.compressobj(_LEVEL, wbits=-15)
        self._size = self._crc = 0

    def write(self, text: str) -> None:
        """Add text."""
        data = text.encode()
        self._size += len(data)
        self._crc = isal_zlib.crc32(data, self._crc)
        self._file.write(self._packer.compress(data))

    def close(self) -> Piece:
        """Return the part; something has to come after it."""
        self._file.write(self._packer.flush(isal_zlib.Z_SYNC_FLUSH))
        return Piece((self._file, self._start), self._file.tell() - self._start, self._size, self._crc)


class PackageWriter:
    """Writes a ZIP archive whose members are there already, in one go and without seeking."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._offset = 0
        self._entries: list[bytes] = []
        year, month, day, hour, minute, second, *_ = archive_date().timetuple()
        self._time = struct.pack("<HH", hour << 11 | minute << 5 | second // 2, year - 1980 << 9 | month << 5 | day)

    def add(self, name: str, pieces: Iterable[Piece]) -> None:
        """Add a member made of pieces, of which the last one ends its stream."""
        pieces = list(pieces)
        size = sum(part.size for part in pieces)
        compressed = sum(part.compressed for part in pieces)
        crc = 0
        for part in pieces:
            crc = isal_zlib.crc32_combine(crc, part.crc, part.size)
        encoded = name.encode()
        # Sizes that need 64 bits are in an extra field; its place in the local header holds both or none.
        large = max(size, compressed) >= _NO_LIMIT
        sizes = (_NO_LIMIT, _NO_LIMIT) if large else (compressed, size)
        extra = struct.pack("<HHQQ", 1, 16, size, compressed) if large else b""
        common = struct.pack("<HH", _UTF8_NAMES, _DEFLATED) + self._time + struct.pack("<LLL", crc, *sizes)
        version = 45 if large else 20
        far = self._offset >= _NO_LIMIT
        wide = (struct.pack("<QQ", size, compressed) if large else b"") + (
            struct.pack("<Q", self._offset) if far else b""
        )
        central_extra = struct.pack("<HH", 1, len(wide)) + wide if wide else b""
        self._entries.append(
            struct.pack("<4sHH", b"PK\x01\x02", 0x0300 | 45, 45 if wide else 20)
            + common
            + struct.pack(
                "<HHHHHLL", len(encoded), len(central_extra), 0, 0, 0, 0o600 << 16, min(self._offset, _NO_LIMIT)
            )
            + encoded
            + central_extra
        )
        header = struct.pack("<4sH", b"PK\x03\x04", version) + common + struct.pack("<HH", len(encoded), len(extra))
        for data in chain([header + encoded + extra], *[part.read() for part in pieces]):
            self._put(data)

    def close(self) -> None:
        """Write the directory."""
        start, count = self._offset, len(self._entries)
        for entry in self._entries:
            self._put(entry)
        size, end = self._offset - start, self._offset
        if start >= _NO_LIMIT or count >= _MOST_ENTRIES:
            self._put(struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 0x0300 | 45, 45, 0, 0, count, count, size, start))
            self._put(struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1))
        count = min(count, _MOST_ENTRIES)
        self._put(struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, size, min(start, _NO_LIMIT), 0))

    def _put(self, data: bytes) -> None:
        self._write(data)
        self._offset += len(data)
