"""When a document is made."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def document_date() -> datetime:
    """Give the time that a document bears: now, or `SOURCE_DATE_EPOCH` so that it can be made again the same."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC).replace(microsecond=0)
