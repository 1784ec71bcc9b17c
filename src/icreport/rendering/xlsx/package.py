"""The workbook as a file: openpyxl's parts, with our rows in its sheets (ECMA-376 part 2: a ZIP archive).

The rows are deflated as they come, into a temporary file; what openpyxl writes around them is known last. Deflate
lets the three be put together: what ends at a byte border without closing the stream can be followed by more.
"""

from __future__ import annotations

import io
import re
import struct
import tempfile
import zipfile
from typing import IO, TYPE_CHECKING
from xml.etree import ElementTree as ET

from isal import isal_zlib

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from openpyxl import Workbook

    from icreport.rendering.renderer import Sink

_IN_MEMORY = 1 << 20
_LEVEL = 2
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FONT_ORDER = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family"),
    *("charset", "scheme"),
)
_EMPTY = re.compile(r"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)


class Deflated:
    """Bytes on their way into a ZIP archive: raw deflate (RFC 1951), with what the archive says about them."""

    def __init__(self, data: IO[bytes] | None = None) -> None:
        self.data = data or io.BytesIO()
        self.crc = 0
        self.size = 0
        self.packed = 0
        self._deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -15)

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self.crc = isal_zlib.crc32(data, self.crc)
        self.size += len(data)
        self._store(self._deflate.compress(data))

    def end(self, *, more: bool = False) -> None:
        """Add no more here; `more` says that another one's bytes follow."""
        self._store(self._deflate.flush(isal_zlib.Z_FULL_FLUSH if more else isal_zlib.Z_FINISH))

    def _store(self, data: bytes) -> None:
        self.packed += len(data)
        self.data.write(data)

    def close(self) -> None:
        """Give up the bytes."""
        self.data.close()

    def blocks(self) -> Iterator[bytes]:
        """Give the deflated bytes."""
        self.data.seek(0)
        while block := self.data.read(1 << 18):
            yield block


class SheetRows(Deflated):
    """The rows of one sheet; `first` is the XML of rows that stand before them and are only known last."""

    first = ""

    def __init__(self) -> None:
        super().__init__(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - `close` closes it


class _Entry:
    """One file of the archive, of one or more deflated parts."""

    def __init__(self, name: str, parts: list[Deflated]) -> None:
        self.name = name.encode()
        self.parts = parts
        self.offset = 0
        self.size = sum(part.size for part in parts)
        self.packed = sum(part.packed for part in parts)
        self.crc = 0
        for part in parts:
            self.crc = isal_zlib.crc32_combine(self.crc, part.crc, part.size)


class _Archive:
    """Writes a ZIP archive from front to back; all sizes are known when an entry starts."""

    def __init__(self, sink: Sink, date: datetime) -> None:
        self._sink = sink
        self._entries: list[_Entry] = []
        self._at = 0
        year = max(date.year, 1980)
        self._time = (date.hour << 11) | (date.minute << 5) | (date.second // 2)
        self._date = ((year - 1980) << 9) | (date.month << 5) | date.day

    def add(self, name: str, parts: list[Deflated]) -> None:
        entry = _Entry(name, parts)
        entry.offset = self._at
        self._entries.append(entry)
        large = max(entry.size, entry.packed) >= _LARGE
        extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.packed) if large else b""
        self._write(b"PK\x03\x04" + self._fields(entry, extra) + entry.name + extra)
        for part in parts:
            for block in part.blocks():
                self._write(block)

    def _fields(self, entry: _Entry, extra: bytes) -> bytes:
        sizes = (_LARGE, _LARGE) if extra else (entry.packed, entry.size)
        version = 45 if extra else 20
        return struct.pack(
            "<HHHHHIIIHH", version, 0x800, 8, self._time, self._date, entry.crc, *sizes, len(entry.name), len(extra)
        )

    def close(self) -> None:
        start = self._at
        for entry in self._entries:
            large = max(entry.size, entry.packed, entry.offset) >= _LARGE
            extra = struct.pack("<HHQQQ", 1, 24, entry.size, entry.packed, entry.offset) if large else b""
            offset = _LARGE if large else entry.offset
            tail = struct.pack("<HHHII", 0, 0, 0, 0, offset)
            self._write(b"PK\x01\x02\x2d\x00" + self._fields(entry, extra) + tail + entry.name + extra)
        count, size = len(self._entries), self._at - start
        if start >= _LARGE or count >= _MANY:
            at = self._at
            self._write(struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start))
            self._write(struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1))
        start, count = min(start, _LARGE), min(count, _MANY)
        self._write(struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, size, start, 0))

    def _write(self, data: bytes) -> None:
        self._at += len(data)
        self._sink.write(data)


_LARGE = 0xFFFFFFFF
_MANY = 0xFFFF


def publish(workbook: Workbook, rows: Mapping[str, SheetRows], sink: Sink, date: datetime) -> None:
    """Write the workbook; `rows` has those of its sheets by their names, in place of any cells that they have."""
    skeleton = io.BytesIO()
    workbook.save(skeleton)
    names = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(workbook.worksheets) + 1)]
    sheets = dict(zip(names, workbook.worksheets, strict=True))
    archive = _Archive(sink, date)
    with zipfile.ZipFile(skeleton) as parts:
        for name in sorted(parts.namelist(), key=lambda name: (name != "[Content_Types].xml", name != "_rels/.rels")):
            part = parts.read(name)
            if name in sheets and (own := rows.get(sheets[name].title)):
                archive.add(name, _around(own, part.decode()))
                continue
            if name == "xl/styles.xml":
                part = _with_fonts_in_order(part)
            elif name == "docProps/core.xml":
                # openpyxl puts the time of saving there.
                workbook.properties.modified = date.replace(tzinfo=None)
                part = ET.tostring(workbook.properties.to_tree(), "utf-8", xml_declaration=True)
            archive.add(name, [_deflated(part)])
    archive.close()


def _around(rows: SheetRows, sheet: str) -> list[Deflated]:
    """Give the parts of a sheet's XML: what comes before its rows, they, and what comes after."""
    before, after = _EMPTY.split(sheet, maxsplit=1)
    before = re.sub(r"<dimension [^>]*/>", "", before)
    rows.end(more=True)
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + before + "<sheetData>" + rows.first
    return [_deflated(declared.encode(), more=True), rows, _deflated(("</sheetData>" + after).encode())]


def _deflated(data: bytes, *, more: bool = False) -> Deflated:
    part = Deflated()
    part.write(data)
    part.end(more=more)
    return part


def _with_fonts_in_order(styles: bytes) -> bytes:
    """Put the parts of each font in the order that the schema asks for (ECMA-376 part 1, 18.8.22)."""
    ET.register_namespace("", _MAIN)
    tree = ET.fromstring(styles)  # noqa: S314 - openpyxl wrote it
    for font in tree.iter(f"{{{_MAIN}}}font"):
        font[:] = sorted(font, key=lambda part: _FONT_ORDER.index(part.tag.rpartition("}")[2]))
    ordered: bytes = ET.tostring(tree, "utf-8", xml_declaration=True)
    return ordered
