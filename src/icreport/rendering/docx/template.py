"""A company's document as the template of ours: its styles, header, footer and page; nothing in it may run or fetch.

It may come from somebody else. It is checked as an archive (PKWARE's APPNOTE 6.3) before a library opens it.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

import docx

from icreport.errors import OptionError
from icreport.rendering.docx.hostile_parts import MAIN, problems_of
from icreport.rendering.docx.oxml import OpcError, parse_xml, with_element
from icreport.rendering.docx.styles import W

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docx.document import Document

    from icreport.rendering.docx.oxml import BaseOxmlElement, CT_Body, CT_SectPr, Part, XmlPart

_MOST_PARTS = 2_000
_MOST_BYTES = 64 << 20
"""Of all parts, unpacked."""
_LENGTHS = ("page_width", "page_height", "left_margin", "right_margin", "top_margin", "bottom_margin")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_KEPT = (
    "styles", "theme", "settings", "webSettings", "fontTable", "numbering", "header", "footer",
    "footnotes", "endnotes",
)  # fmt: skip
"""Relations of a document that ours has too; its text, comments and data stay behind."""


def open_template(path: Path) -> Document:
    """Open a template and take its text out; raises `OptionError` for what is none, or could run or fetch something."""
    data = _checked(path)
    try:
        document = docx.Document(io.BytesIO(data))
        without_text(document)
        # Parsed when it is asked for.
        _ = document.styles, document.settings, [getattr(document.sections[0], name) for name in _LENGTHS]
    except (
        OpcError,
        KeyError,
        ValueError,
        AttributeError,
        IndexError,
        SyntaxError,
        zipfile.BadZipFile,
        NotImplementedError,
    ) as error:
        raise _refused(path, f"it is no Word document ({type(error).__name__})") from None
    return document


def _checked(path: Path) -> bytes:
    """Return the bytes of a template in which nothing can run or fetch."""
    try:
        whole = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
    except (OSError, ValueError) as error:
        raise _refused(path, getattr(error, "strerror", None) or "it cannot be read") from None
    if not whole:
        raise _refused(path, "it is empty, or larger than 64 MiB")
    parts = {}
    try:
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            infos = archive.infolist()
            if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _MOST_BYTES:
                raise _refused(path, "it unpacks to more than 64 MiB or 2,000 parts")
            for info in infos:
                parts[info.filename] = archive.read(info)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        zlib.error,
    ) as error:
        raise _refused(path, f"it is no Word document ({type(error).__name__})") from None
    if problem := next(problems_of(parts), None):
        raise _refused(path, problem)
    return _as_document(parts)


def _as_document(parts: dict[str, bytes]) -> bytes:
    """Return the archive of a document: what Word saves as a template (.dotx) differs in one word."""
    types = parts["[Content_Types].xml"].replace(
        f"{MAIN}.template.main+xml".encode(), f"{MAIN}.document.main+xml".encode()
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (parts | {"[Content_Types].xml": types}).items():
            archive.writestr(name, data)
    return packed.getvalue()


def without_text(document: Document) -> Document:
    """Return a template without its text, and all that belongs to it alone."""
    body = document.element.body
    relations = document.part.rels
    kinds = {name: one.reltype.rpartition("/")[2] for name, one in relations.items()}
    last = body.get_or_add_sectPr()
    used = _keep_headers(body, last, kinds)
    for child in list(body):
        if child is not last:
            body.remove(child)
    for name, kind in kinds.items():
        if kind not in _KEPT or (kind in ("header", "footer") and name not in used):
            del relations[name]
        elif kind in ("footnotes", "endnotes"):
            # None of what their own relations lead to goes along.
            notes = _without_notes(relations[name].target_part)
            document.part.load_rel(relations[name].reltype, notes, name)
    package = document.part.package.rels
    for name in [
        name
        for name, one in package.items()
        if one.reltype.rpartition("/")[2] not in ("officeDocument", "core-properties", "extended-properties")
    ]:
        del package[name]
    return document


def _keep_headers(body: CT_Body, last: CT_SectPr, kinds: Mapping[str, str]) -> set[str]:
    """Give the last section the headers and footers that it has from those before, and return their relations."""
    found: dict[tuple[str, str], BaseOxmlElement] = {}
    for one in list(body.iter(f"{{{W}}}headerReference", f"{{{W}}}footerReference")):
        kind = one.tag.rpartition("}")[2]
        if kinds.get(one.get(_RELATION)) == kind.removesuffix("Reference"):
            found[kind, one.get(f"{{{W}}}type", "default")] = one
        one.getparent().remove(one)
    for at, one in enumerate(found.values()):
        last.insert(at, one)
    return {one.get(_RELATION) for one in found.values()}


def _without_notes(part: Part) -> XmlPart:
    """Return of notes a part with nothing but the lines that separate them from the text."""
    notes = parse_xml(part.blob)
    for note in list(notes):
        if note.get(f"{{{W}}}type") is None:
            notes.remove(note)
    return with_element(part, notes)


def _refused(path: Path, why: str) -> OptionError:
    return OptionError(f"option 'template' of docx: {str(path)[:200]!r} cannot be used: {why}")
