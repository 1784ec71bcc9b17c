"""A company's document as the template of ours: its styles, header, footer and page; nothing in it may run or fetch.

It may come from somebody else. It is checked as an archive (PKWARE's APPNOTE 6.3) before a library opens it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from icreport.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_PARTS = 2_000
_MOST_BYTES = 64 << 20
"""Of all parts, unpacked."""
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MACROS = re.compile(rb"macroEnabled|vbaProject|vbaData", re.IGNORECASE)
_ACTIVE = re.compile(
    rb"oleObject|activeX|/package\"|aFChunk|attachedToolbars|keyMapCustomizations|customUI|ui/extensib", re.IGNORECASE
)
_EXTERNAL = re.compile(rb"<[\w:]*Relationship\b[^>]*\bTargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_HYPERLINK = re.compile(rb"\bType\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_HARMLESS = re.compile(rb"\bTarget\s*=\s*[\"'](?:https?:|mailto:)", re.IGNORECASE)
_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']([^\"']*)")
_REACHES_OUT = re.compile(
    rb"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|EMBED|DATABASE|MACROBUTTON|RD|AUTOTEXT)\b",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(rb"<w:instrText\b[^>]*>([^<]*)|\bw:instr\s*=\s*\"([^\"]*)\"")
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_KEPT = (
    "styles", "theme", "settings", "webSettings", "fontTable", "numbering", "header", "footer",
    "footnotes", "endnotes",
)  # fmt: skip
"""Relations of a document that ours has too; its text, comments and data stay behind."""


def open_template(path: Path) -> Any:
    """Open a template and take its text out; raises `OptionError` for what is none, or could run or fetch something."""
    import docx
    from docx.opc.exceptions import OpcError

    data = _checked(path)
    try:
        document = docx.Document(io.BytesIO(data))
        without_text(document)
        document.styles  # noqa: B018 - parsed when it is asked for
        document.settings  # noqa: B018
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
                parts[info.filename] = _read(path, archive, info)
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
    for problem in _problems(parts):
        raise _refused(path, problem)
    return _as_document(parts)


def _read(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack a part, no more of it than its header says."""
    with archive.open(info) as part:
        data = part.read(info.file_size + 1)
    if len(data) > info.file_size:
        raise _refused(path, "its parts are larger than they say")
    return data


def _problems(parts: dict[str, bytes]) -> Iterator[str]:
    """Yield what speaks against a template."""
    types = parts.get("[Content_Types].xml", b"")
    if _MACROS.search(types) or any("vba" in name.lower() for name in parts):
        yield "it has macros: save it as a document without them (.docx)"
    elif _MAIN.encode() not in types:
        yield "it is no Word document (.docx or .dotx)"
    for name, data in parts.items():
        if not name.lower().endswith((".xml", ".rels", ".vml")):
            continue
        if b"\0" in data:
            yield f"{name!r} is not in UTF-8"
        if _DOCTYPE.search(data):
            yield f"{name!r} declares entities"
        codes = [one or other for one, other in _INSTRUCTION.findall(data)]
        if _REACHES_OUT.search(b" ".join(codes)) or _REACHES_OUT.search(b"".join(codes)):
            yield f"{name!r} has a field that fetches or runs something: take it out in Word"
        if name.endswith(".rels"):
            yield from _problems_of_relations(data)


def _problems_of_relations(data: bytes) -> Iterator[str]:
    if _ACTIVE.search(data):
        yield "it has embedded objects or controls: take them out in Word"
    for found in _EXTERNAL.findall(data):
        if not (_HYPERLINK.search(found) and _HARMLESS.search(found)):
            target = _TARGET.search(found)
            shown = target[1].decode("utf-8", "replace")[:60] if target else ""
            yield f"it refers to something outside of it ({shown}): take that out in Word"


def _as_document(parts: dict[str, bytes]) -> bytes:
    """Return the archive of a document: what Word saves as a template (.dotx) differs in one word."""
    types = parts["[Content_Types].xml"].replace(
        f"{_MAIN}.template.main+xml".encode(), f"{_MAIN}.document.main+xml".encode()
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (parts | {"[Content_Types].xml": types}).items():
            archive.writestr(name, data)
    return packed.getvalue()


def without_text(document: Any) -> Any:
    """Return a template without its text, and all that belongs to it alone."""
    body = document.element.body
    for child in list(body)[:-1] if body.sectPr is not None else list(body):
        body.remove(child)
    relations = document.part.rels
    for name in [name for name, one in relations.items() if one.reltype.rpartition("/")[2] not in _KEPT]:
        del relations[name]
    package = document.part.package.rels
    for name in [
        name
        for name, one in package.items()
        if one.reltype.rpartition("/")[2] not in ("officeDocument", "core-properties", "extended-properties")
    ]:
        del package[name]
    return document


def _refused(path: Path, why: str) -> OptionError:
    return OptionError(f"option 'template' of docx: {str(path)[:200]!r} cannot be used: {why}")
