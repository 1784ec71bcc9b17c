"""The content of a job: fetched to a temporary file, whole or not at all."""

from __future__ import annotations

import mimetypes
import os
import re
import shutil
import tempfile
import time
import weakref
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from icreport.client.responses import IS_IT, WebPageError
from icreport.errors import LimitError, OutputError, ServiceError, TransferError
from icreport.file_names import fit_file_name, is_reserved
from icreport.limits import check_inflation
from icreport.output.publishing import draft_file
from icreport.reading.scan import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.model.report import Report

_LONGEST_NAME = 150
_SNIFFED = 4096
_PAGE = 1 << 16
_LENGTHS = frozenset(("content-length", "transfer-encoding"))
_ASKS_TO_LOG_IN = re.compile(rb"type\s*=\s*[\"']?password|log\s?[io]n\b|sign\s?in\b")
_JSON = re.compile(rb"\{\s*[\"}]")
_IS_TOLD_BY = {".pdf": re.compile(rb"%PDF-"), ".rtf": re.compile(rb"\{\\rtf")}
_SUFFIXES = {
    "application/json": (".json",),
    "application/octet-stream": (),
    "application/rtf": (".rtf",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "text/html": (".html", ".htm"),
    "text/plain": (".txt",),
    "text/rtf": (".rtf",),
}


@dataclass(frozen=True, slots=True, weakref_slot=True)
class JobContent:
    """The content of a job, in a temporary file that lives as long as this does."""

    media_type: str
    filename: str
    path: Path

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.path.parent, ignore_errors=True)

    @property
    def is_report(self) -> bool:
        """Whether the content is JSON, by what it holds and not by what its header says."""
        return _JSON.match(self._start()) is not None

    @property
    def is_web_page(self) -> bool:
        """Whether the content is a page of HTML."""
        return self._start().lower().startswith((b"<!doctype html", b"<html", b"<head", b"<body"))

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The suffixes that a file of this content may have, the likeliest first; none where nothing tells.

        What it holds counts most, then its media type, then its name.
        """
        if self.is_report:
            return (".json",)
        start = self._start()
        held = tuple(suffix for suffix, mark in _IS_TOLD_BY.items() if mark.match(start))
        if held:
            return held
        guessed = mimetypes.guess_extension(self.media_type)
        by_type = _SUFFIXES.get(self.media_type, (guessed,) if guessed else ())
        by_name = Path(self.filename).suffix.lower()
        return tuple(dict.fromkeys((*by_type, *((by_name,) if by_name else ()))))

    def _start(self) -> bytes:
        with self.path.open("rb") as file:
            return file.read(_SNIFFED).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").replace(b"\0", b"")

    def report(self) -> Report:
        """Read the content as a report document."""
        if not self.is_report:
            raise ServiceError(f"the content is {self.media_type}, not a report document", remedy="save it as it is")
        return read(self.path)

    def save(self, path: str | Path) -> None:
        """Save the content as it came."""
        with draft_file(path) as draft, self.path.open("rb") as file:
            shutil.copyfileobj(file, draft.stream)


def download(response: httpx.Response, *, limit: int, until: float) -> JobContent | None:
    """Write a body to a temporary file; None where there is none.

    Raises `TransferError` where it comes short, broken or too slowly, `WebPageError` where it is a page to log in at
    and not a file to keep.
    """
    folder = Path(tempfile.mkdtemp(prefix="icreport-"))
    disposition = response.headers.get("content-disposition", "")
    name = file_name(disposition)
    path = folder / name
    media_type = response.headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
    try:
        size = _write(response, path, limit, until)
        content = JobContent(media_type, name, path)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise OutputError(f"cannot keep the content in {str(folder)!r}: {error.strerror}") from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if not size:
        return None
    if content.is_web_page and not disposition and _ASKS_TO_LOG_IN.search(_page(path)):
        raise WebPageError("a login page came in place of the content", remedy=IS_IT)
    if content.is_report:
        if response.headers.keys().isdisjoint(_LENGTHS) and not _ends_as_json(path):
            raise TransferError("the content breaks off")
        _be_utf_8(path, response.charset_encoding)
    return content


def _ends_as_json(path: Path) -> bool:
    """Return whether JSON seems whole, where the answer did not say how long it is."""
    with path.open("rb") as file:
        file.seek(-min(_SNIFFED, path.stat().st_size), os.SEEK_END)
        return file.read().rstrip(b"\0 \t\r\n").endswith(b"}")


def _page(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_PAGE).lower()


def _be_utf_8(path: Path, charset: str | None) -> None:
    """Convert JSON to UTF-8 (RFC 8259) where the header names another charset and the content is in it."""
    if charset is None or _is_text(path, "utf-8") or not _is_text(path, charset):
        return
    whole = path.with_name(f"{path.name}.utf8")
    with path.open(encoding=charset, newline="") as given, whole.open("wb") as file:
        while text := given.read(_PAGE):
            file.write(text.encode("utf-8", "replace"))
    whole.replace(path)


def _is_text(path: Path, charset: str) -> bool:
    try:
        with path.open(encoding=charset, newline="") as file:
            while file.read(_PAGE):
                pass
    except (UnicodeError, LookupError):
        return False
    return True


def _write(response: httpx.Response, path: Path, limit: int, until: float) -> int:
    size = 0
    with path.open("wb") as file:
        for part in _parts(response):
            file.write(part)
            size += len(part)
            if size > limit:
                raise LimitError(f"the content is larger than {limit:,} bytes when unpacked")
            check_inflation(response.num_bytes_downloaded, size, "the content")
            if time.monotonic() > until:
                raise TransferError("the content comes too slowly")
    expected = response.headers.get("content-length", "")
    if expected.isdecimal() and response.num_bytes_downloaded != int(expected):
        raise TransferError(f"{response.num_bytes_downloaded:,} of {expected} bytes came")
    return size


def _parts(response: httpx.Response) -> Iterator[bytes]:
    try:
        # No size for the parts: each is looked at when it comes, so that a drip cannot outlast the deadline.
        yield from response.iter_bytes()
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise TransferError(f"the content broke off ({type(error).__name__})") from None


def file_name(disposition: str) -> str:
    """Return a harmless file name from a Content-Disposition header (RFC 6266, RFC 5987), else `report`."""
    message = Message()
    message["content-disposition"] = (
        disposition.encode("ascii", "replace").decode().replace("\r", " ").replace("\n", " ")
    )
    try:
        name = message.get_filename("") or ""
    except (LookupError, ValueError, TypeError):  # the standard library does not expect every numbering of parts
        name = ""
    name = fit_file_name(re.split(r"[/\\]", name)[-1], mark="_", longest=_LONGEST_NAME)
    return name if name and not is_reserved(name) else "report"
