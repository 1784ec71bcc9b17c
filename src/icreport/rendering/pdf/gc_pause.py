"""Python's garbage collector, out of the way while millions of objects that all stay are made."""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK = threading.Lock()
_pauses = 0
_was_enabled = False


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the collector from running; when the last of any threads in here leaves, it is as it was.

    A layout makes objects by the million and frees next to none before it ends: looking through them again and again
    takes two fifths of its time.
    """
    global _pauses, _was_enabled  # noqa: PLW0603 - the collector is one for the whole process
    with _LOCK:
        if _pauses == 0:
            _was_enabled = gc.isenabled()
            gc.disable()
        _pauses += 1
    try:
        yield
    finally:
        with _LOCK:
            _pauses -= 1
            if _pauses == 0 and _was_enabled:
                gc.enable()
