"""The process that draws: started when it is first needed, reused for all charts, ended where one takes too long.

Vega runs in an engine that cannot be interrupted, on specifications that may come from anybody; a process can be ended.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from importlib import resources
from multiprocessing import spawn
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

from icreport.errors import MissingExtraError, RenderError, one_line

_MEMORY = 2 << 30
"""Bytes that the process may ask for, where the system can limit them."""
_GRACE = 5
_LONGEST = 200
"""Characters of what the library says that are told."""


class _Worker:
    """One process that answers one request after the other."""

    def __init__(self) -> None:
        said = json.dumps({"path": sys.path, "memory": _MEMORY, "grace": _GRACE})
        # What a report brings runs beside none of our secrets, and in one time zone: the same input, the same bytes.
        environment = {name: text for name, text in os.environ.items() if not name.upper().startswith("ICREPORT")}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own code, by the Python that runs
                [os.fsdecode(spawn.get_executable()), "-c", _code(), said],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment | {"TZ": "UTC"},
            )
        except OSError as error:
            raise RenderError(f"the process that draws charts cannot be started: {error.strerror}") from None
        self._pipes = [pipe for pipe in (self._process.stdin, self._process.stdout) if pipe is not None]

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, request: Mapping[str, object], seconds: int) -> dict[str, str]:
        """Return its answer; raises `RenderError` where it has none in time."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        requests, answers = self._pipes
        timer = threading.Timer(seconds, end)
        timer.start()
        try:
            line = b""
            with suppress(OSError):
                requests.write(json.dumps(request).encode() + b"\n")
                requests.flush()
                line = answers.readline()
        except BaseException:
            self.end()
            raise
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            answer: dict[str, str] = json.loads(line)
            return answer
        self.end()
        if late.is_set():
            remedy = "draw less; ICREPORT_MAX_CHART_SECONDS sets this limit"
            raise RenderError(f"it takes longer than {seconds} seconds to draw", remedy=remedy)
        raise RenderError("the process that draws charts has ended: it takes too much memory", remedy="draw less")

    def end(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()
        self.let_go()

    def let_go(self) -> None:
        """Close the pipes, so that the process ends when nobody else has them."""
        for pipe in self._pipes:
            with suppress(OSError):
                pipe.close()


class _Drawer:
    """Gives requests to the one process of this one, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def ask(self, request: Mapping[str, object], seconds: int) -> str:
        """Return what is made; raises `RenderError`."""
        with self._lock:
            if self._worker is None or not self._worker.is_alive:
                self.end()
                self._worker = _Worker()
            answer = self._worker.ask({**request, "seconds": seconds}, seconds)
        if "wrong" in answer:
            raise RenderError(
                f"it cannot be drawn: {_why(answer['wrong'])}", remedy="is it a specification of Vega-Lite?"
            )
        return answer["made"]

    def end(self) -> None:
        """End the process, if there is one."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def forget(self) -> None:
        """Start anew in a process that was forked: the pipes are those of its parent."""
        if self._worker is not None:
            self._worker.let_go()
        self._worker = None
        self._lock = threading.Lock()


def _why(said: str) -> str:
    """Return what the library says went wrong, without where in its own code that was."""
    lines = [line.strip() for line in said.splitlines()]
    told = [line for line in lines if line and not line.startswith("at ") and not line.endswith("failed:")]
    return one_line(told[0] if told else "it is not said why")[:_LONGEST]


_DRAWER = _Drawer()
atexit.register(_DRAWER.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_DRAWER.forget)


@cache
def _code() -> str:
    return resources.files("icreport.rendering.charts").joinpath("worker.py").read_text("utf-8")


def ask(request: Mapping[str, object], seconds: int) -> str:
    """Return what the process makes of a request; raises `RenderError`, and `MissingExtraError` without the library."""
    if importlib.util.find_spec("vl_convert") is None:
        raise MissingExtraError("a chart", "charts")
    return _DRAWER.ask(request, seconds)
