"""URLs as they may be shown: without who logs in there, and without queries, which may hold a signature or key."""

from __future__ import annotations

import hashlib
import re

_URL = re.compile(r"[A-Za-z][\w+.-]*://[^\s'\"<>]+")


def redacted(url: str) -> str:
    """Return a URL for messages and records; of a chained one (`zip://a.json::s3://…`) each part."""
    parts = url.split("::")
    if any("@" in part and "://" not in part for part in parts[1:]):
        # A password with :: in it.
        return f"{url.partition('://')[0].partition('::')[0]}://…"
    return "::".join(_redacted(part) if "://" in part else part for part in parts)


def identity(url: str) -> str:
    """Return a URL for the journal: as shown, with a digest of what is hidden, so that two are told apart."""
    shown = redacted(url)
    return shown if shown == url else f"{shown}#{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:12]}"


def redacted_text(text: str) -> str:
    """Return a text, such as a message of a library, with each URL in it as it may be shown."""
    return _URL.sub(lambda found: redacted(found[0]), text)


def _redacted(url: str) -> str:
    scheme, _, rest = url.partition("://")
    netloc = re.split("[/?#]", rest, maxsplit=1)[0]
    tail = rest[len(netloc) :]
    user, has_user, host = netloc.rpartition("@")
    _, has_port, port = host.partition(":")
    is_cut = has_port and (not port.isdecimal() or "@" in tail) and not host.startswith("[")
    if (":" in user and "@" in tail) if has_user else is_cut:
        # A password with one of /?# in it, which belongs into a URL in percent signs.
        return f"{scheme}://…"
    path = re.split("[?#]", tail, maxsplit=1)[0]
    return f"{scheme}://{host}{path}{'?…' if path != tail else ''}"
