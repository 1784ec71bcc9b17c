"""The package of a document: what python-docx draws, with the text, links and pictures that were put aside in it."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from icreport.limits import IN_MEMORY
from icreport.rendering.docx.oxml import add_part, parse_xml
from icreport.rendering.docx.styles import W
from icreport.rendering.docx.text import attribute, escaped
from icreport.rendering.zip_package import PackageWriter, Piece, PieceWriter, piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import ExitStack

    from docx.document import Document

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MARK = "icreport-text"
_BODY = re.compile(rf"<w:p>\s*<w:r>\s*<w:t>{_MARK}</w:t>\s*</w:r>\s*</w:p>")
_LAST_SECTION = re.compile(r"<w:sectPr\b.*</w:sectPr>|<w:sectPr\b[^>]*/>", re.DOTALL)
_SUFFIXES = {"image/jpeg": "jpeg", "image/png": "png"}
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties'
    b' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>icreport</Application></Properties>"
)
_CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_NAMES = (
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
)
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of properties that people add (ECMA-376 part 1, 22.3.2.2)


class Package:
    """Keeps links and pictures beside the text until the document is written."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._relations = self.file()
        self._store = stack.enter_context(tempfile.TemporaryFile())
        self._media: dict[str, Piece] = {}
        self._links = 0

    def file(self) -> PieceWriter:
        """Return what takes a further part of the text."""
        return PieceWriter(self._stack.enter_context(tempfile.TemporaryFile()))

    def link(self, url: str) -> str:
        """Return the start of a link."""
        self._links += 1
        name = f"link{self._links}"
        self._relate(name, "hyperlink", url, ' TargetMode="External"')
        return f'<w:hyperlink r:id="{name}" w:history="1">'

    def picture(self, content: bytes, media_type: str) -> str:
        """Return the id of a picture, whose bytes are put aside."""
        name = f"figure{len(self._media) + 1}"
        packed = piece(content, last=True)
        offset = self._store.seek(0, os.SEEK_END)
        for chunk in packed.read():
            self._store.write(chunk)
        member = f"media/{name}.{_SUFFIXES[media_type]}"
        self._media[member] = replace(packed, data=(self._store, offset))
        self._relate(name, "image", member, "")
        return name

    def _relate(self, name: str, kind: str, target: str, more: str) -> None:
        self._relations.write(
            f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target="{attribute(target)}"{more}/>'
        )

    def write(self, document: Document, text: Iterable[Piece], section: str, write: Callable[[bytes], object]) -> None:
        """Write the document with this text, whose last section has these properties."""
        document.element.body.insert(0, parse_xml(f'<w:p xmlns:w="{W}"><w:r><w:t>{_MARK}</w:t></w:r></w:p>'))
        main = str(document.part.partname).removeprefix("/")
        folder, _, stem = main.rpartition("/")
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as plan:
            document.save(plan)
            with zipfile.ZipFile(plan) as members:
                package = PackageWriter(write)
                for name in members.namelist():
                    data = members.read(name)
                    if name == main:
                        package.add(name, _with_text(data.decode(), text, section))
                    elif name == f"{folder}/_rels/{stem}.rels":
                        package.add(name, _before_end(data.decode(), "</Relationships>", self._relations.close()))
                    else:
                        package.add(name, [piece(self._changed(name, data), last=True)])
                for member, held in self._media.items():
                    package.add(f"{folder}/{member}", [held])
                package.close()

    def _changed(self, name: str, data: bytes) -> bytes:
        """Return a part of what python-docx draws as it is written."""
        if name == "docProps/app.xml":
            return _APP
        if name != "[Content_Types].xml":
            return data
        suffixes = {member.rpartition(".")[2] for member in self._media}
        kinds = {suffix: kind for kind, suffix in _SUFFIXES.items()}
        said = [
            f'<Default Extension="{suffix}" ContentType="{kinds[suffix]}"/>'
            for suffix in sorted(suffixes)
            if f'Extension="{suffix}"'.encode() not in data
        ]
        start, mark, end = data.partition(b"<Default ")
        return start + "".join(said).encode() + mark + end


def add_properties(document: Document, properties: Mapping[str, str]) -> None:
    """Add properties that fields of a template may ask for (DOCPROPERTY) to a document."""
    said = "".join(
        f'<property fmtid="{_FORMAT_ID}" pid="{number}" name="{attribute(name)}">'
        f"<vt:lpwstr>{escaped(text)}</vt:lpwstr></property>"
        for number, (name, text) in enumerate(properties.items(), 2)
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties {_CUSTOM_NAMES}>{said}</Properties>'
    add_part(document, "/docProps/custom.xml", _CUSTOM, xml.encode(), f"{_RELATIONS}/custom-properties")


def _with_text(plan: str, text: Iterable[Piece], section: str) -> list[Piece]:
    found = _BODY.search(plan)
    start, end = (plan[: found.start()], plan[found.end() :]) if found else (plan, "")
    end = _LAST_SECTION.sub(lambda _: section, end)
    return [piece(start.encode(), last=False), *text, piece(end.encode(), last=True)]


def _before_end(plan: str, tag: str, more: Piece) -> list[Piece]:
    start, _, end = plan.rpartition(tag)
    return [piece(start.encode(), last=False), more, piece(f"{tag}{end}".encode(), last=True)]
