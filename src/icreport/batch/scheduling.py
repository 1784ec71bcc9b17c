"""Hand groups of items to workers and take their results."""

from __future__ import annotations

import logging
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future
from concurrent.futures import wait as wait_for
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeAlias, TypeVar

from msgspec.structs import replace

from icreport.batch.item import Task, failed
from icreport.batch.result import BatchProgress, BatchResult
from icreport.batch.worker import convert_group
from icreport.clock import now
from icreport.errors import one_line
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from icreport.batch.journal import Journal
    from icreport.batch.recipe import Recipe
    from icreport.batch.records import ItemRecord

P = ParamSpec("P")
T = TypeVar("T")
_Converted: TypeAlias = "Future[tuple[list[ItemRecord], int]]"
_GROUP_BYTES = 1 << 20
_LARGEST_WORKER = 1 << 30


class Submits(Protocol):
    """The methods of an executor (`concurrent.futures.Executor`) that a batch needs."""

    def submit(self, function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs) -> Future[T]:
        """Start a call."""


_LOG = logging.getLogger("icreport.batch.items")
_LOG.addHandler(logging.NullHandler())  # a library prints nothing by itself


def _log(record: ItemRecord) -> None:
    """Tell a host that listens to `icreport.batch` what became of an item."""
    if record.error is not None:
        _LOG.warning("%s: %s: %s", one_line(redacted(record.source)), record.status, one_line(record.error.message))
    else:
        source = one_line(redacted(record.source))
        _LOG.info("%s: %s, %d rows in %.1f s", source, record.status, record.rows, record.seconds)


class Run:
    """One run over groups of tasks: the futures in flight, and the results so far."""

    def __init__(
        self,
        recipe: Recipe,
        journal: Journal,
        result: BatchResult,
        progress: Callable[[BatchProgress], None] | None,
        *,
        fail_fast: bool,
    ) -> None:
        self._recipe = recipe
        self._journal = journal
        self._result = result
        self._progress = progress
        self._fail_fast = fail_fast
        self._under_way: dict[_Converted, list[Task]] = {}
        self._again: list[list[Task]] = []
        self._grown = False
        self._refused = False

    def work(
        self, groups: Iterator[list[Task]], pool: Submits, window: int, renew: Callable[[], None] = lambda: None
    ) -> None:
        """Keep up to `window` groups under way until all have ended; `renew` replaces workers that have grown large."""
        try:
            while True:
                while len(self._under_way) < window and self._may_start and (group := self._next(groups)):
                    self._submit(group, pool)
                if not self._under_way and not self._grown:
                    return
                if not self._under_way:
                    renew()
                    self._grown = False
                    continue
                for future in wait_for(self._under_way, return_when=FIRST_COMPLETED).done:
                    self._end(future, self._under_way.pop(future))
        except BaseException:
            for future in self._under_way:
                future.cancel()
            raise

    @property
    def _may_start(self) -> bool:
        return not (self._grown or self._refused or (self._fail_fast and self._result.failed))

    def _next(self, groups: Iterator[list[Task]]) -> list[Task] | None:
        return self._again.pop() if self._again else next(groups, None)

    def _submit(self, group: list[Task], pool: Submits) -> None:
        try:
            self._under_way[pool.submit(convert_group, self._recipe, group)] = group
        except Exception as error:  # noqa: BLE001 - of an executor that broke, was shut down or lost its cluster
            self._refuse(group[0], error)

    def _refuse(self, task: Task, error: BaseException) -> None:
        """Start no more, and say so once."""
        if not self._refused:
            self._refused = True
            why = _said(f"there are no workers: {type(error).__name__}", error)
            self._take([failed(task, self._recipe, type(error).__name__, why)])

    def _end(self, future: _Converted, group: list[Task]) -> None:
        # Items fail in records: what is raised is about their worker, were it SystemExit.
        if future.cancelled():
            self._refuse(group[0], CancelledError())
            return
        error = future.exception()
        if isinstance(error, KeyboardInterrupt):
            raise error
        if error is None:
            records, memory = future.result()
            self._result.peak_memory = max(self._result.peak_memory, memory)
            self._grown = self._grown or memory > _LARGEST_WORKER
            self._take(records)
        elif len(group) > 1:
            # Only one of them is to blame, and those that are done are written once more.
            self._again += [[task] for task in group]
        else:
            self._take([failed(group[0], self._recipe, type(error).__name__, _why(error))])

    def _take(self, records: list[ItemRecord]) -> None:
        stamp = {"time": now(), "run": self._result.run, "version": self._result.version}
        records = [record if record.status == "unchanged" else replace(record, **stamp) for record in records]
        self._journal.append([record for record in records if record.status != "unchanged"])
        for record in records:
            self._result.add(record, self._journal.done_before(record))
            _log(record)
            if self._progress is not None:
                counts = self._result
                self._progress(BatchProgress(counts.total, counts.done, counts.unchanged, counts.failed, record))


def _why(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "it took longer than the item timeout"
    return _said("its worker was lost", error)


def _said(what: str, error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{what}: {text}" if text else what


def grouped(tasks: Iterable[Task], most: int) -> Iterator[list[Task]]:
    """Yield tasks in groups: sending a small one to a worker costs as much as doing it."""
    group: list[Task] = []
    size = 0
    for task in tasks:
        group.append(task)
        with suppress(OSError, ValueError):
            size += Path(task.source).stat().st_size
        if len(group) >= most or size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group
