"""Read the service's responses: bounded, decoded, with the reason of a failure."""

from __future__ import annotations

import codecs
import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from icreport.client.redaction import redact
from icreport.errors import ServiceError, TransferError

LONGEST_ANSWER = 300.0
IS_IT = "is this the address of IC-Web?"


class WebPageError(ServiceError):
    """The server answered with a web page instead of data, such as its login page after the session expired."""


def origin_of(url: str) -> str:
    """Return the scheme, host and port of a URL, empty where it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def target_of(response: httpx.Response) -> str:
    """Return where a redirect leads, empty where it is none or that is no address."""
    if not response.has_redirect_location:
        return ""
    try:
        return str(httpx.URL(urljoin(str(response.request.url), response.headers["location"])))
    except (ValueError, httpx.InvalidURL):
        return ""


def decode(content: bytes, response: httpx.Response) -> object:
    """Decode JSON, which is UTF-8 unless it cannot be and the header says what it is.

    Raises `ValueError`, and `RecursionError` for what is nested too deeply.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        charset = response.charset_encoding
        if charset is None:
            raise
    try:
        return msgspec.json.decode(content.decode(charset))
    except LookupError:
        raise ValueError(charset) from None


def read_all(response: httpx.Response, limit: int = 64 << 20, *, until: float | None = None) -> bytes:
    """Read a body that is to be small."""
    parts = []
    size = 0
    until = deadline(LONGEST_ANSWER) if until is None else until
    try:
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > limit:
                raise TransferError(f"the answer is longer than {limit >> 20} MiB")
            if time.monotonic() > until:
                raise TransferError("the answer comes too slowly")
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise TransferError(f"the answer broke off: {reason_of(error)}") from None
    return b"".join(parts)


def plain_text(response: httpx.Response) -> str:
    """Return what the server said, short and without markup."""
    try:
        text = read_all(response, 1 << 16).decode("utf-8", "replace")
    except (TransferError, httpx.StreamError):
        return ""
    text = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    return f": {redact(text)[:500]}" if text else ""


def reason_of(error: Exception) -> str:
    """Return what went wrong, without secrets."""
    return redact(str(error)) or type(error).__name__


def retry_after(response: httpx.Response) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds or a date; nonsense and dates gone by count as none.

    A date counts from the server's own Date, whose clock may not be ours.
    """
    given = response.headers.get("retry-after", "").strip()
    if given.isdecimal():
        return float(given) or None
    moment, now = _date(given), _date(response.headers.get("date", "")) or datetime.now(UTC)
    seconds = (moment - now).total_seconds() if moment else 0
    return seconds if seconds > 0 else None


def _date(given: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(given)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def deadline(seconds: float) -> float:
    """Return the moment, on the monotonic clock, that lies so many seconds ahead."""
    return time.monotonic() + seconds
