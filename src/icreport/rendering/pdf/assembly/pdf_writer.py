"""Writes a PDF of very many objects: those of pydyf, and more that are made as they are written."""

from __future__ import annotations

from hashlib import md5
from itertools import islice
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
                _ENTRY.pack_into(self._entries, 0, 0, 0, 65535)
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
            at, places = 0, []
            stream = self._first_stream + self._streams
            for index, (number, data) in enumerate(chunk):
                places.append(f"{number} {at}")
                at += len(data) + 1
                _ENTRY.pack_into(self._entries, number * _ENTRY.size, 2, stream, index)
            head = " ".join(places).encode() + b"\n"
            body = compress(head + b"\n".join([data for _, data in chunk]))
            self._entries.extend(bytes(_ENTRY.size))
            extra = b"/Type/ObjStm/N %d/First %d" % (len(chunk), len(head))
            self._put_object(stream, _stream(extra, body))
            self._streams += 1

    def _put_references(self, identifier: object) -> None:
        number = self._first_stream + self._streams
        self._entries.extend(_ENTRY.pack(1, self._position, 0))
        start = self._position
        extra = b"/Type/XRef/W[1 5 2]/Size %d/Root %b" % (number + 1, self._pdf.catalog.reference)
        if self._pdf.info:
            extra += b"/Info " + self._pdf.info.reference
        if identifier:
            digest = self._digest.hexdigest().encode()
            first = digest if identifier is True else identifier
            first = first if isinstance(first, bytes) else str(first).encode()
            extra += b"/ID[%b %b]" % (pydyf.String(first).data, pydyf.String(digest).data)
        extra += b"/DecodeParms<</Predictor 12/Columns %d>>" % _WIDTH
        references = compress(_differences(self._entries))
        self._put(b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, _stream(extra, references), start))

    def _put_object(self, number: int, data: bytes) -> None:
        _ENTRY.pack_into(self._entries, number * _ENTRY.size, 1, self._position, 0)
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, data))

    def _put(self, data: bytes) -> None:
        self._output.write(data)
        self._digest.update(data)
        self._position += len(data)


_ENTRY = Struct(">BQH")
_WIDTH = 8


def _differences(entries: bytearray) -> bytes:
    """Return entries of cross-references as what they differ by, byte by byte: ISO 15948 (PNG), 9.2, filter type 2.

    Offsets have five bytes: of the eight that struct packs, the first three are zero.
    """
    count = len(entries) // _ENTRY.size
    rows = bytearray(count * _WIDTH)
    for to, at in enumerate((0, *range(4, _ENTRY.size))):
        rows[to::_WIDTH] = entries[at :: _ENTRY.size]
    # All bytes are subtracted at once; their highest bits keep one from borrowing of the next.
    high = int.from_bytes(b"\x80" * len(rows), "big")
    this = int.from_bytes(rows, "big")
    before = this >> 8 * _WIDTH
    less = ((this | high) - (before & ~high)) ^ ((this ^ before ^ high) & high)
    columns = less.to_bytes(len(rows), "big")
    filtered = bytearray(b"\2" * (count * (_WIDTH + 1)))
    for at in range(_WIDTH):
        filtered[at + 1 :: _WIDTH + 1] = columns[at::_WIDTH]
    return bytes(filtered)


def _stream(extra: bytes, body: bytes) -> bytes:
    return b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (extra, len(body), body)
