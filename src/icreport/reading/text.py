"""Bytes of any allowed encoding as blocks of valid UTF-8."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from icreport.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def utf8_blocks(stream: BinaryIO, *, size: int = BLOCK) -> Iterator[bytes]:
    """Give the text of a stream as UTF-8, decompressed (gzip, RFC 1952) and without a byte order mark.

    JSON is UTF-8 (RFC 8259, 8.1); UTF-16 and UTF-32 are accepted with a byte order mark. Raises `ReadError` for any
    other encoding, invalid bytes and damaged gzip.
    """
    try:
        yield from _blocks(stream, size)
    except EOFError as error:
        raise ReadError("the gzip data is cut off", remedy="fetch the file again") from error
    except OSError as error:
        raise ReadError(f"reading failed: {error.strerror or error}") from error


def _blocks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    start = stream.read(size)
    if start.startswith(_GZIP):
        from isal import igzip  # noqa: PLC0415

        stream = cast("BinaryIO", igzip.IGzipFile(fileobj=_Prepended(start, stream)))  # type: ignore[no-untyped-call]
        start = stream.read(size)
    while 0 < len(start) < 4 and (more := stream.read(4 - len(start))):  # noqa: PLR2004
        start += more
    mark, encoding = next((found for found in _MARKS if start.startswith(found[0])), (b"", "utf-8"))
    if not mark and b"\0" in start[:4]:
        wide = "UTF-32" if start[:4].count(0) > 2 else "UTF-16"  # noqa: PLR2004
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
        self._start = start
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        given = self._start[: len(buffer)] or self._stream.read(len(buffer))
        self._start = self._start[len(given) :]
        buffer[: len(given)] = given
        return len(given)
