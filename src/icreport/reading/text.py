"""Bytes of any allowed encoding as blocks of valid UTF-8."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO, cast

from icreport.errors import ReadError
from icreport.limits import check_inflation
from icreport.reading.other_files import other_file, other_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

    from icreport.limits import Limits

BLOCK = 1 << 18

# Longer marks first: the mark of UTF-32 LE starts with that of UTF-16 LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GZIP = b"\x1f\x8b"
_WIDEST = 4  # bytes of a character or byte order mark


def utf8_blocks(stream: BinaryIO, limits: Limits, *, size: int = BLOCK) -> Iterator[bytes]:
    """Yield the text of a stream as UTF-8, decompressed (gzip, RFC 1952) and without a byte order mark.

    JSON is UTF-8 (RFC 8259, 8.1); UTF-16 and UTF-32 are accepted with a byte order mark. Raises `ReadError` for any
    other encoding, invalid bytes and damaged gzip, `LimitError` for what unpacks to more than the limits allow.
    """
    try:
        yield from _blocks(stream, limits, size)
    except EOFError as error:
        raise ReadError("the gzip data is cut off", remedy="fetch the file again") from error
    except OSError as error:
        raise ReadError(f"reading failed: {error.strerror or error}") from error


def _blocks(stream: BinaryIO, limits: Limits, size: int) -> Iterator[bytes]:
    start = stream.read(size)
    if start.startswith(_GZIP):
        from isal import igzip

        packed = _Prepended(start, stream)
        unpacked = cast("BinaryIO", igzip.IGzipFile(fileobj=packed))
        stream = cast("BinaryIO", _Limited(packed, unpacked, limits))
        start = stream.read(size)
    while 0 < len(start) < _WIDEST and (more := stream.read(_WIDEST - len(start))):
        start += more
    mark, encoding = next((found for found in _MARKS if start.startswith(found[0])), (b"", "utf-8"))
    _refuse_other_files(start, start[len(mark) :].decode(encoding, "replace") if start[:1] != b"{" else "{")
    if not mark and (zeros := start[:_WIDEST].count(0)):
        wide = "UTF-32" if zeros > _WIDEST // 2 else "UTF-16"
        raise ReadError(
            f"this looks like {wide} without a byte order mark", remedy="save it as UTF-8 or with a byte order mark"
        )
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = len(mark)
    block = start[offset:]
    as_it_is = encoding == "utf-8"
    while block:
        pending = bool(decoder.getstate()[0])
        if as_it_is and not pending and block.isascii():
            yield block
        elif text := _decode(decoder, block, offset):
            whole = as_it_is and not pending and not decoder.getstate()[0]
            yield block if whole else text.encode()
        offset += len(block)
        block = stream.read(size)
    _decode(decoder, b"", offset, final=True)


def _refuse_other_files(start: bytes, text: str) -> None:
    """Raise `ReadError` for what is no JSON, by what it is."""
    if kind := other_file(start) or other_text(text):
        raise ReadError(f"this is {kind}, not a report document", remedy="name the JSON that the report job gave")


def _decode(decoder: codecs.IncrementalDecoder, block: bytes, offset: int, *, final: bool = False) -> str:
    try:
        return decoder.decode(block, final)
    except UnicodeDecodeError as error:
        at = offset + error.start - (len(error.object) - len(block))
        raise ReadError(
            f"byte 0x{error.object[error.start]:02x} at offset {at} is not {error.encoding.upper()}",
            remedy="the file is damaged or in another encoding; save it as UTF-8",
        ) from None


class _Prepended(io.RawIOBase):
    """A stream with some bytes put back in front."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self.given = 0
        self._start = start
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        given = self._start[: len(view)] or self._stream.read(len(view))
        self._start = self._start[len(given) :]
        self.given += len(given)
        view[: len(given)] = given
        return len(given)


class _Limited(io.RawIOBase):
    """An unpacked stream that ends with `LimitError` when it turns out to be a bomb."""

    def __init__(self, packed: _Prepended, unpacked: BinaryIO, limits: Limits) -> None:
        self._packed = packed
        self._unpacked = unpacked
        self._limits = limits
        self._size = 0

    def read(self, size: int = -1, /) -> bytes:
        from isal.igzip_lib import IsalError

        try:
            data = self._unpacked.read(size)
        except IsalError as error:
            raise ReadError(f"the gzip data is damaged: {error}", remedy="fetch the file again") from error
        self._size += len(data)
        if self._size > self._limits.unpacked:
            raise self._limits.exceeded("unpacked", "the gzip data unpacks to more bytes")
        check_inflation(self._packed.given, self._size, "the gzip data")
        return data
