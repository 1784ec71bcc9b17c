"""What a batch says while it runs and at its end: each failure as it happens, equal ones once; counts of everything."""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from icreport.cli.messages import LOG, counted, line, say
from icreport.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icreport.batch.records import ErrorRecord, ItemRecord
    from icreport.batch.result import BatchProgress, BatchResult

_LINE_EVERY = 30.0
_COUNTS = (
    ("done", "converted"),
    ("unchanged", "unchanged"),
    ("failed", "failed"),
    ("not_run", "not run"),
    ("documents", "document"),
    ("rows", "row"),
    ("warnings", "warning"),
)
_SINGULAR = frozenset(("document", "row", "warning"))


class BatchLog:
    """The messages of one batch: a bar on a terminal, a line now and then in a log; `verbose` tells of each item."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._failures: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def shown(self) -> Iterator[Callable[[BatchProgress], None]]:
        """Yield what takes the progress of the batch."""
        if self._quiet:
            yield lambda progress: self._tell_item(progress.item, _print)
        elif sys.stderr.isatty() and not LOG.as_json:
            with self._bar() as show:
                yield show
        else:
            yield self._lines()

    def end(self, result: BatchResult, *, with_counts: bool) -> None:
        """Say what there is to say of all: repeated failures, warnings by their kind, counts, and how to go on."""
        for (kind, message), count in self._failures.items():
            if count > 1 and not self._verbose:
                more = counted(count - 1, "more item")
                say(f"failed: {more}: {message}", "error", event="failures", kind=kind, count=count)
        for message in result.not_removed:
            say(f"failed: {message}", "error", event="not_removed")
        if not self._quiet:
            for code, told in result.warnings_by_code.items():
                where = f"{counted(told['items'], 'item')}, the first {told['source']}"
                fields = {name: told[name] for name in ("items", "count", "source")}
                say(f"{code} in {where}: {told['message']}", "warning", event="warnings", code=code, **fields)
            if result.pruned:
                say(f"removed {counted(len(result.pruned), 'document')} whose source is gone", event="pruned")
            if with_counts:
                _tell_counts(result)
        if not result.ok:
            say(f"the journal: {result.journal}; --resume does what is missing", event="incomplete")

    def _tell_item(self, record: ItemRecord, tell: Callable[[str], None]) -> None:
        if record.error is not None:
            error = record.error
            equal = error.kind, error.message.replace(record.source, "…")
            self._failures[equal] += 1
            if self._verbose or self._failures[equal] == 1:
                tell(_failure(record.source, error))
        if not self._verbose:
            return
        source = one_line(record.source)
        if record.status != "failed":
            documents = ", ".join(target.path for target in record.targets)
            said = f"{record.status}: {source} → {one_line(documents)} ({counted(record.rows, 'row')})"
            tell(line(said, event="item", status=record.status, source=record.source, seconds=record.seconds))
        for warning in record.warnings:
            fields = {name: warning[name] for name in ("format", "code", "count", "loss")}
            tell(line(f"{source}: {warning['message']}", "warning", event="warning", source=record.source, **fields))

    def _lines(self) -> Callable[[BatchProgress], None]:
        started = last = time.monotonic()

        def show(progress: BatchProgress) -> None:
            nonlocal last
            now = time.monotonic()
            self._tell_item(progress.item, _print)
            if now - last >= _LINE_EVERY:
                last = now
                rate = progress.ended / (now - started)
                left = (progress.total - progress.ended) / rate
                counts = f"{progress.ended:,} of {progress.total:,} items, {progress.failed:,} failed"
                said = f"{counts}; {rate:.1f} a second, {left:.0f} s left"
                say(said, event="progress", ended=progress.ended, total=progress.total, failed=progress.failed)

        return show

    @contextmanager
    def _bar(self) -> Iterator[Callable[[BatchProgress], None]]:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        rate = TextColumn("{task.fields[rate]}")
        columns = (BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("items", total=None, rate="")

            def tell(told: str) -> None:
                bar.console.print(told, markup=False, highlight=False, soft_wrap=True)

            def show(progress: BatchProgress) -> None:
                speed = bar.tasks[0].speed
                rate = f"{speed:.1f}/s" if speed else ""
                bar.update(task, total=progress.total, completed=progress.ended, rate=rate)
                self._tell_item(progress.item, tell)

            yield show


def _print(told: str) -> None:
    print(told, file=sys.stderr, flush=True)


def _failure(source: str, error: ErrorRecord) -> str:
    said = f"failed: {one_line(source)}: {error.message}"
    return line(said, "error", event="item", status="failed", source=source, kind=error.kind)


def _tell_counts(result: BatchResult) -> None:
    counts = [(getattr(result, name), what) for name, what in _COUNTS]
    if LOG.as_json:
        fields = {name: getattr(result, name) for name, _ in _COUNTS}
        said = f"{counted(result.done, 'item')} converted, {result.failed:,} failed"
        seconds = round(result.seconds, 3)
        say(said, event="end", **fields, seconds=seconds, run=result.run, peak_memory=result.peak_memory)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    table.add_column()
    for count, what in counts:
        if count or what in {"converted", "failed"}:
            table.add_row(f"{count:,}", f"{what}s" if what in _SINGULAR and count != 1 else what)
    table.add_row(f"{result.seconds:,.1f}", "seconds")
    Console(stderr=True).print(table)
