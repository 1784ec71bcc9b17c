"""When a document is made: `SOURCE_DATE_EPOCH` (reproducible-builds.org), or now."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from icreport.errors import UsageError

_EPOCH = "SOURCE_DATE_EPOCH"
_EARLIEST_IN_ZIP = datetime(1980, 1, 1, tzinfo=UTC)
_LATEST_IN_ZIP = datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)


def fixed_date() -> datetime | None:
    """Return the time that `SOURCE_DATE_EPOCH` sets (seconds since 1970, UTC), None where it is not set or empty.

    Raises `UsageError` where it is no such time.
    """
    epoch = os.environ.get(_EPOCH, "").strip()
    if not epoch:
        return None
    try:
        if epoch.isascii() and epoch.isdigit():
            return datetime.fromtimestamp(int(epoch), UTC)
    except (OverflowError, ValueError, OSError):  # beyond the year 9999
        pass
    raise UsageError(f"{_EPOCH} is {epoch[:40]!r}, no number of seconds since 1970", remedy="correct or unset it")


def now() -> str:
    """Return the time of an event of a run (RFC 3339, UTC, milliseconds), which `SOURCE_DATE_EPOCH` never sets."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def document_date() -> datetime:
    """Return the time that a document bears, to the second."""
    return fixed_date() or datetime.now(UTC).replace(microsecond=0)


def archive_date() -> datetime:
    """Return the time of the members of a ZIP archive, which are never from now: equal input is to be equal output.

    ZIP has years from 1980 to 2107 (APPNOTE 6.3.10, 4.4.6).
    """
    return min(max(fixed_date() or _EARLIEST_IN_ZIP, _EARLIEST_IN_ZIP), _LATEST_IN_ZIP)
