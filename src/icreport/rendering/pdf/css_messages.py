"""What WeasyPrint logs: of style sheets nothing, since ours have rules for browsers; of images those that are lost.

A module of its own: loggers outlive others at the end of a program, and what is reachable from here does too, which the
fonts of a style sheet must not.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_THREAD = threading.local()


class _Messages(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        lost: dict[str, str] | None = getattr(_THREAD, "lost", None)
        if lost is not None and isinstance(record.args, tuple) and record.msg.startswith("Failed to load image"):
            address, why = record.args
            if address:  # an image of SVG may have none
                lost[str(address)] = str(why)
        return not getattr(_THREAD, "is_silent", False)


@contextmanager
def lost_images() -> Iterator[dict[str, str]]:
    """Gather the addresses of images that WeasyPrint goes on without in this thread, and why."""
    _THREAD.lost = {}
    try:
        yield _THREAD.lost
    finally:
        _THREAD.lost = None


logging.getLogger("weasyprint").addFilter(_Messages())


@contextmanager
def without_messages() -> Iterator[None]:
    """Drop what WeasyPrint logs in this thread; what is no CSS in a theme is told by `check_theme`."""
    _THREAD.is_silent = True
    try:
        yield
    finally:
        _THREAD.is_silent = False
