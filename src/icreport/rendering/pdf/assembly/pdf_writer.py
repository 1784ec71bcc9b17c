"""Writes the objects of a PDF: those of pydyf, each once, and very many more that are made as they are written."""

from __future__ import annotations

from hashlib import md5
from itertools import accumulate, islice
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO

import pydyf
from isal import isal_zlib

if TYPE_CHECKING:
    from collections.abc import Iterable

OBJECTS_IN_STREAM = 500
_LEVEL = 3


def compress(data: bytes) -> bytes:
    """Compress for /FlateDecode."""
    return isal_zlib.compress(data, _LEVEL)


class CompressedStream(pydyf.Stream):
    """A stream whose content is compressed already."""

    def __init__(self, data: bytes) -> None:
        super().__init__([data], {"Filter": "/FlateDecode"})


class Writer:
    """Stands in for `pydyf.PDF.write`: cross-reference and object streams, PDF 1.5 and later.

    `more` gives `count` objects that are numbered on from the PDF's.
    """

    def __init__(self, pdf: pydyf.PDF, more: Iterable[bytes], count: int) -> None:
        self._pdf = pdf
        self._more = more
        self._count = count

    def write(
        self,
        output: BinaryIO,
        version: object = None,
        identifier: object = None,
        _compressed: object = None,
    ) -> None:
        """Write the PDF."""
        pdf = self._pdf
        first_more = len(pdf.objects)
        if pdf.info:
            # An object of its own after the others would take the number of one that is made later.
            pdf.info.number = first_more + self._count
        self._output, self._position = output, 0
        self._digest = md5(usedforsecurity=False)
        total = first_more + self._count + bool(pdf.info)
        self._entries = bytearray(_ENTRY.size * total)
        self._streams = 0
        self._first_stream = total
        version = version if isinstance(version, bytes) else str(version or "1.7").encode()
        self._put(b"%PDF-" + max(version, b"1.5") + b"\n%\xf0\x9f\x96\xa4\n")
        packed = []
        for item in pdf.objects:
            if item.free == "f":
                self._refer(0, 0, 0, 65535)
            elif item.compressible:
                packed.append(item)
            else:
                self._put_object(item.number, item.data)
        if pdf.info:
            packed.append(pdf.info)
        self._pack((item.number, item.data) for item in packed)
        self._pack(enumerate(self._more, first_more))
        self._put_references(identifier)

    def _pack(self, numbered: Iterable[tuple[int, bytes]]) -> None:
        """Put objects into object streams."""
        numbered = iter(numbered)
        while chunk := list(islice(numbered, OBJECTS_IN_STREAM)):
            stream = self._first_stream + self._streams
            for index, (number, _) in enumerate(chunk):
                self._refer(number, 2, stream, index)
            numbers, parts = zip(*chunk, strict=True)
            places = accumulate([len(data) + 1 for data in parts[:-1]], initial=0)
            head = " ".join(map("%d %d".__mod__, zip(numbers, places, strict=True))).encode() + b"\n"
            body = compress(head + b"\n".join(parts))
            self._entries.extend(bytes(_ENTRY.size))
            extra = b"/Type/ObjStm/N %d/First %d" % (len(chunk), len(head))
            self._put_object(stream, _stream(extra, body))
            self._streams += 1

    def _put_references(self, identifier: object) -> None:
        number = self._first_stream + self._streams
        start = self._position
        self._entries.extend(bytes(_ENTRY.size))
        self._refer(number, 1, start, 0)
        extra = b"/Type/XRef/W[1 5 2]/DecodeParms<</Predictor 12/Columns %d>>" % _ENTRY.size
        extra += b"/Size %d/Root %b" % (number + 1, self._pdf.catalog.reference)
        if self._pdf.info:
            extra += b"/Info " + self._pdf.info.reference
        if identifier:
            digest = self._digest.hexdigest().encode()
            first = digest if identifier is True else identifier
            first = first if isinstance(first, bytes) else str(first).encode()
            extra += b"/ID[%b %b]" % (pydyf.String(first).data, pydyf.String(digest).data)
        references = compress(_differences(self._entries))
        self._put(b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, _stream(extra, references), start))

    def _put_object(self, number: int, data: bytes) -> None:
        self._refer(number, 1, self._position, 0)
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, data))

    def _refer(self, number: int, kind: int, place: int, index: int) -> None:
        """Say where an object is: at a place (kind 1), or within an object stream (2)."""
        _ENTRY.pack_into(self._entries, number * _ENTRY.size, kind, place >> 32, place & 0xFFFFFFFF, index)

    def _put(self, data: bytes) -> None:
        self._output.write(data)
        self._digest.update(data)
        self._position += len(data)


_ENTRY = Struct(">BBIH")


def _differences(entries: bytearray) -> bytes:
    """Return entries of cross-references as what each differs by, byte by byte: ISO 15948 (PNG), 9.2, filter type 2."""
    # All bytes are subtracted at once; their highest bits keep one from borrowing of the next.
    high = int.from_bytes(b"\x80" * len(entries), "big")
    this = int.from_bytes(entries, "big")
    before = this >> 8 * _ENTRY.size
    less = ((this | high) - (before & ~high)) ^ ((this ^ before ^ high) & high)
    columns = less.to_bytes(len(entries), "big")
    filtered = bytearray(b"\2" * (len(entries) // _ENTRY.size * (_ENTRY.size + 1)))
    for at in range(_ENTRY.size):
        filtered[at + 1 :: _ENTRY.size + 1] = columns[at :: _ENTRY.size]
    return bytes(filtered)


def _stream(extra: bytes, body: bytes) -> bytes:
    return b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (extra, len(body), body)
