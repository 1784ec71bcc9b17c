"""What WeasyPrint logs of style sheets: not of rules for browsers, which ours have.

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


class _NotMeant(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        return not getattr(_THREAD, "is_silent", False)


logging.getLogger("weasyprint").addFilter(_NotMeant())


@contextmanager
def without_messages() -> Iterator[None]:
    """Drop what WeasyPrint logs in this thread; what is no CSS in a theme is told by `check_theme`."""
    _THREAD.is_silent = True
    try:
        yield
    finally:
        _THREAD.is_silent = False
