"""Python's garbage collector, called less often while many objects that nearly all stay are made."""

from __future__ import annotations

import gc
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SELDOM = (50_000, 10, 10)


class _Thresholds:
    """The thresholds of this process, raised while anybody asks for that; the collector itself is never turned off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._before = self._raised = gc.get_threshold()

    def raise_for_one_more(self) -> None:
        with self._lock:
            if self._users == 0:
                self._before = gc.get_threshold()
                # A threshold of 0 turns the collector off, which is somebody's own wish.
                if self._before[0]:
                    gc.set_threshold(*map(max, self._before, _SELDOM))
                self._raised = gc.get_threshold()
            self._users += 1

    def release(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._restore()

    def _restore(self) -> None:
        # Unless somebody has set others meanwhile.
        if gc.get_threshold() == self._raised:
            gc.set_threshold(*self._before)

    def forget_users(self) -> None:
        """Restore them in a forked child, which has none of the other threads."""
        if self._users:
            self._restore()
        self._users = 0
        # Somebody may have held it when the process forked.
        self._lock = threading.Lock()


_THRESHOLDS = _Thresholds()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_THRESHOLDS.forget_users)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Have the collector look through objects seldom; when the last thread leaves, its thresholds are as they were.

    A layout makes objects by the million and frees next to none before it ends: looking through them at every 700th
    takes two fifths of its time, at every 50,000th next to none.
    """
    _THRESHOLDS.raise_for_one_more()
    process = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == process:
            _THRESHOLDS.release()
