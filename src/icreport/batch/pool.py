"""Local worker processes: one that crashes, hangs or grows does no harm to the others."""

from __future__ import annotations

import multiprocessing
import os
import sys
from functools import partial
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from pebble import ProcessPool

from icreport.batch.worker import start_worker
from icreport.errors import UsageError

if sys.platform != "win32":
    from multiprocessing.context import ForkServerContext, ForkServerProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future


def check_may_start() -> None:
    """Raise `UsageError` where this process cannot have worker processes."""
    process = multiprocessing.current_process()
    if getattr(process, "_inheriting", False):
        raise UsageError(
            "worker processes run the script that started them", remedy='put the call under if __name__ == "__main__":'
        )
    if process.daemon:
        raise UsageError("a daemonic process cannot have worker processes", remedy="give an executor of threads")


_RETIRED = 219  # how a process ends that has made its calls: a status that nothing else is known to end with
_LEFT = 1


class _Worker(BaseProcess):
    """A process whose `exitcode` is 0 only when all its calls are done, not when one of them exits with status 0."""

    def run(self) -> None:
        """Make calls until there are no more."""
        super().run()
        raise SystemExit(_RETIRED)

    @property
    def exitcode(self) -> int | None:
        """What the process ended with: pebble takes 0 for the end of one that has nothing under way."""
        code = super().exitcode
        return {_RETIRED: 0, 0: _LEFT}.get(code, code) if code is not None else None


class _SpawnedWorker(_Worker, SpawnProcess):
    pass


class _SpawnContext(SpawnContext):
    Process = _SpawnedWorker


if sys.platform != "win32":

    class _ForkedWorker(_Worker, ForkServerProcess):
        pass

    class _ForkServerContext(ForkServerContext):
        Process = _ForkedWorker


def _context() -> Any:  # typed differently on each system
    """Return how workers start: from a server that has our modules loaded, where the system and program allow it.

    Never by a plain fork: threads of the program may hold locks.
    """
    if sys.platform != "win32" and multiprocessing.get_start_method(allow_none=True) != "spawn":
        context = _ForkServerContext()
        context.set_forkserver_preload(["icreport.batch.warm"])
        return context
    return _SpawnContext()


def _forget_what_is_no_file() -> None:
    """Drop `__main__.__file__` of a program that was typed in or is frozen, as `python -c` has none.

    Workers run the program that started them, and would look for a file called `<stdin>`.
    """
    main = vars(sys.modules["__main__"])
    if main.get("__spec__") is None and not Path(main.get("__file__") or sys.executable).exists():
        main.pop("__file__", None)


P = ParamSpec("P")
T = TypeVar("T")


class WorkerPool:
    """Calls functions in processes: an executor whose workers are replaced when they crash, hang, age or grow.

    A call that takes longer than `timeout` seconds is ended with its process, and fails with `TimeoutError`; one whose
    process is gone (killed, out of memory) with `pebble.ProcessExpired`. After `calls` calls a process makes place for
    a fresh one.
    """

    def __init__(self, workers: int, *, calls: int, timeout: float | None) -> None:
        self._timeout = timeout
        self._start = partial(
            ProcessPool,
            max_workers=workers,
            max_tasks=calls,
            initializer=start_worker,
            initargs=(dict(os.environ),),
            context=_context(),
        )
        _forget_what_is_no_file()
        self._pool = self._start()

    def submit(self, function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs) -> Future[T]:
        """Start a call."""
        try:
            future: Future[T] = self._pool.schedule(function, args=arguments, kwargs=options, timeout=self._timeout)
        except OSError as error:
            what = f"worker processes cannot be started ({error.strerror})"
            remedy = "on Linux they need a /dev/shm that can be written to; or give an executor of threads"
            raise UsageError(what, remedy=remedy) from error
        return future

    def renew(self) -> None:
        """Replace all processes; waits for their calls."""
        self._pool.close()
        self._pool.join()
        self._pool = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()
