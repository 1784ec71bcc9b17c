"""URLs as they may be shown, without who logs in there and queries, which may hold keys; and what is behind them."""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from icreport.errors import IcreportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.response import addinfourl

HIDDEN = "?…"
"""Stands for the query of a URL."""
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s'\"<>]*", re.IGNORECASE)
_CHAIN = re.compile(r"::(?=[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
_HOST = re.compile(r"(\[[0-9a-f:.]*\]|[^/?#:@]*)(:[0-9]*)?([/?#]|$)", re.IGNORECASE)


def redacted(url: str) -> str:
    """Return a URL for messages and records; of a chained one (`zip://a.json::s3://…`) each part. A path stays."""
    parts = [_split(part) for part in _CHAIN.split(url)]
    return "::".join(place + HIDDEN * bool(hidden) for place, hidden in parts)


def identity(url: str) -> str:
    """Return a path or URL for the journal: a digest stands for a query, by which two are told apart.

    Who logs in is no part of it: a changed password does not make another source.
    """
    parts = [_split(part) for part in _CHAIN.split(url)]
    hidden = "".join(hidden for _, hidden in parts)
    digest = f"#{hashlib.sha256(hidden.encode('utf-8', 'replace')).hexdigest()[:12]}" if hidden else ""
    return "::".join(place for place, _ in parts) + digest


def redacted_text(text: str) -> str:
    """Return a text, such as a message of a library, with each URL in it as it may be shown."""
    return _URL.sub(lambda found: redacted(found[0]), text) if "://" in text else text


def open_data_url(url: str) -> addinfourl:
    """Open what is in a `data:` URL (RFC 2397); raises `ValueError` for one that is broken."""
    from urllib.request import DataHandler, Request

    return DataHandler().data_open(Request(url))  # noqa: S310 - the handler knows no other scheme


@contextmanager
def any_error_as(ours: Callable[[Exception], IcreportError]) -> Iterator[None]:
    """Raise what `ours` makes of an error that is none of ours, whatever it is: each file system has its own.

    Its text and cause may have secrets, so neither goes along but of a library that is not there.
    """
    try:
        yield
    except IcreportError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        raise ours(error) from (error if isinstance(error, ImportError) else None)


def _split(url: str) -> tuple[str, str]:
    """Return what may be shown of a URL, and its query and fragment."""
    scheme, has_scheme, rest = url.partition("://")
    if not has_scheme:
        return url, ""
    # A password that nobody escaped may hold `/`, `?`, `#` and `@`: up to the last @ all counts as one, unless there is
    # plainly a host before. What looks like a port may be the start of a password.
    host = _HOST.match(rest)
    if host is None or (host[2] and "@" in rest):
        rest = rest.rpartition("@")[2] if "@" in rest else "…"
    place = re.split("[?#]", rest, maxsplit=1)[0]
    return f"{scheme}://{place}", rest[len(place) :]
