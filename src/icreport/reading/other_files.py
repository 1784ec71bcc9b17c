"""What a file is that is no report document: people name the PDF beside the JSON."""

from __future__ import annotations

import re

_STARTS = (
    (b"%PDF-", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a text in RTF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office file of before 2007"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"BZh", "data compressed by bzip2"),
    (b"\xfd7zXZ\0", "data compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "data compressed by Zstandard"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Names of members (ECMA-376-2, ISO/IEC 26300-3) that stand near the start of such archives.
_IN_ZIP = (
    (b"xl/", "an Excel workbook"),
    (b"word/", "a Word document"),
    (b"ppt/", "a PowerPoint file"),
    (b"mimetypeapplication/vnd.oasis.opendocument.", "an OpenDocument file"),
)
_PDF_WITHIN = 1024  # bytes before the mark of a PDF that readers tolerate (ISO 32000-1, Annex H)
_HTML = re.compile(r"<(!doctype html|html|head|body)\b|<\?xml.*<html\b", re.DOTALL)
# A header of TOML or a key with its value, after comments; what stands in brackets is no value of JSON.
_TOML = re.compile(
    r"(?:\s|#[^\n]*\n)*"
    r"(?:\[\[?(?!(?:true|false|null)\])[a-z_][\w.-]*\]\]?[ \t]*(?:#[^\n]*)?(?:\r?\n|$)"
    r"|[\w.-]+[ \t]*=[ \t]*[\"'\[{\w])"
)
_DELIMITERS = ",;\t"
_LOOKED_AT = 4096


def other_file(start: bytes) -> str | None:
    """Return what the start of a file shows it to be, None where it may be JSON or nothing tells."""
    for mark, name in _STARTS:
        if start.startswith(mark):
            return name
    if start.startswith(_ZIP):
        return next((name for mark, name in _IN_ZIP if mark in start), "a ZIP archive")
    return "a PDF" if b"%PDF-" in start[:_PDF_WITHIN] and b"{" not in start[: start.index(b"%PDF-")] else None


def other_text(text: str) -> str | None:
    """Return what the start of a text shows it to be, None where it may be JSON or nothing tells."""
    start = text[:_LOOKED_AT].lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<"):
        return "an HTML page" if _HTML.match(start) else "XML"
    if _TOML.match(start):
        return "TOML"
    if start.startswith(("{", "[")):
        return None
    first, *others = start.splitlines()[:2] or [""]
    match [mark for mark in _DELIMITERS if mark in first], others:
        case [mark], [second] if first.count(mark) == second.count(mark):
            return "CSV"
    return None
