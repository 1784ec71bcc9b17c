"""What a job made: fetched to a temporary file, whole or not at all."""

from __future__ import annotations

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

from icreport.errors import LimitError, NotFoundError, ServiceError, TransferError
from icreport.output import drafting
from icreport.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.model import Report

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_NOT_NAME = re.compile(r'[\0-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
_LONGEST_NAME = 150
_SNIFFED = 4096
_PAGE = 1 << 16
_ASKS_PASSWORD = re.compile(rb"<input[^>]*type\s*=\s*[\"']?password")
_BOMB = 64 << 20
_INFLATION = 200  # JSON that repeats itself packs to a hundredth; nothing honest to less than this


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
        with self.path.open("rb") as file:
            start = file.read(_SNIFFED)
        text = start.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
        return text[:1] in {b"{", b"["} and not text.startswith(b"{\\rtf")

    @property
    def is_login_page(self) -> bool:
        """Whether this is a page that asks for a password, which a server may give in place of a content."""
        with self.path.open("rb") as file:
            text = file.read(_PAGE).lower()
        return text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _ASKS_PASSWORD.search(text) is not None

    def report(self) -> Report:
        """Read the content as a report document."""
        if not self.is_report:
            raise ServiceError(f"the content is {self.media_type}, not a report document", remedy="save it as it is")
        return read(self.path)

    def save(self, path: str | Path) -> None:
        """Save the content as it came."""
        with drafting(path) as draft, self.path.open("rb") as file:
            shutil.copyfileobj(file, draft.stream)  # type: ignore[union-attr]


def download(response: httpx.Response, *, limit: int, until: float) -> JobContent:
    """Write a body to a temporary file; raises `TransferError` where it comes short, broken or too slowly."""
    folder = Path(tempfile.mkdtemp(prefix="icreport-"))
    name = file_name(response.headers.get("content-disposition", ""))
    path = folder / name
    try:
        _write(response, path, limit, until)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    media_type = response.headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
    return JobContent(media_type, name, path)


def _write(response: httpx.Response, path: Path, limit: int, until: float) -> None:
    size = 0
    with path.open("wb") as file:
        for part in _parts(response):
            file.write(part)
            size += len(part)
            if size > limit:
                raise LimitError(f"the content is larger than {limit:,} bytes when unpacked")
            if size > _BOMB and size > response.num_bytes_downloaded * _INFLATION:
                raise LimitError(f"the content is more than {_INFLATION} times as large when unpacked")
            if time.monotonic() > until:
                raise TransferError("the content comes too slowly")
    expected = response.headers.get("content-length", "")
    if expected.isdigit() and response.num_bytes_downloaded != int(expected):
        raise TransferError(f"{response.num_bytes_downloaded:,} of {expected} bytes came")
    if not size:
        raise NotFoundError("the job has no content")


def _parts(response: httpx.Response) -> Iterator[bytes]:
    try:
        # No size for the parts: each is looked at when it comes, so that a drip cannot outlast the deadline.
        yield from response.iter_bytes()
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise TransferError(f"the content broke off ({type(error).__name__})") from None


def file_name(disposition: str) -> str:
    """Give a harmless file name from a Content-Disposition header (RFC 6266, RFC 5987), `report` where it has none."""
    message = Message()
    message["content-disposition"] = (
        disposition.encode("ascii", "replace").decode().replace("\r", " ").replace("\n", " ")
    )
    try:
        name = message.get_filename("") or ""
    except (LookupError, ValueError, TypeError):  # the standard library does not expect every numbering of parts
        name = ""
    name = re.split(r"[/\\]", name)[-1]
    name = _NOT_NAME.sub("_", name).strip(" .")
    name = name.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    return name if name and not _RESERVED.fullmatch(name) else "report"
