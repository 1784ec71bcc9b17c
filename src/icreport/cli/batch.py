"""The command for many reports at once."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icreport.cli.options import QuietOption, RendererOption, StrictOption, ThemeOption, ViewOption, parse_options
from icreport.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icreport.batch.records import ErrorRecord
    from icreport.batch.result import BatchProgress, BatchResult

SourcesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE…",
        help="Files, folders, patterns, URLs, @FILE or - for lists of them; with --server, ids of jobs.",
    ),
]
_LINE_EVERY = 30.0


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(batch)


def batch(
    sources: SourcesArgument,
    directory: Annotated[
        str, typer.Option("-d", "--directory", metavar="DIRECTORY", help="Where to write: a folder or a URL.")
    ],
    to: Annotated[
        list[str], typer.Option("-t", "--to", metavar="FORMAT", help="A format; several times for several of them.")
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="PATTERN", help="Names of the documents: {stem} {name} {job} {format}.")
    ] = "{stem}",
    theme: ThemeOption = None,
    view: ViewOption = None,
    option: RendererOption = None,
    strict: StrictOption = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, metavar="N", help="How many processes; as many as cores.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of tcp://HOST:PORT.")
    ] = None,
    server: Annotated[
        str | None, typer.Option("--server", metavar="URL", help="The sources are ids of jobs of this server.")
    ] = None,
    ca_bundle: Annotated[
        str | None, typer.Option("--ca-bundle", metavar="FILE", help="Certificates to trust, for a company's own.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", help="How long to wait for a job of the server.")
    ] = 3600.0,
    item_timeout: Annotated[
        float | None, typer.Option("--item-timeout", metavar="SECONDS", help="How long one item may take.")
    ] = None,
    journal: Annotated[
        str | None, typer.Option("--journal", metavar="FILE", help="Where the journal is, if not in the directory.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Leave alone what is done and unchanged.")] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first item that fails.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: QuietOption = False,
) -> int:
    """Convert many reports, each in one or more formats, on all cores or a cluster.

    What became of each item is in the journal, by which --resume goes on after an interruption. Items that fail do
    not stop the others; the exit status is then 4.
    """
    from icreport.batch.running import convert_many
    from icreport.cli import OK, SOME_FAILED

    with _resumable(), _watched(quiet=quiet) as progress:
        result = convert_many(
            sources,
            directory,
            [format for formats in to for format in formats.split(",")],
            name=name,
            view=view,
            strict=strict,
            workers=workers,
            scheduler=scheduler,
            server=server,
            ca_bundle=ca_bundle,
            wait=timeout,
            item_timeout=item_timeout,
            journal=journal,
            resume=resume,
            fail_fast=fail_fast,
            progress=progress,
            **parse_options(option or [], convert_many, theme=theme),
        )
    if as_json:
        print(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    elif not quiet:
        _summarise(result)
    if not result.ok:
        print(f"icreport: the journal: {result.journal}; --resume does what is missing", file=sys.stderr)
    return OK if result.ok else SOME_FAILED


@contextmanager
def _resumable() -> Iterator[None]:
    """Print how to resume after an interruption."""
    try:
        yield
    except KeyboardInterrupt:
        print("icreport: the same command with --resume goes on", file=sys.stderr)
        raise


@contextmanager
def _watched(*, quiet: bool) -> Iterator[Callable[[BatchProgress], None]]:
    """Show the progress of the batch: a bar on a terminal, a line now and then in a log; failures always."""
    if quiet:
        yield _tell_failure
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


def _lines() -> Callable[[BatchProgress], None]:
    started = last = time.monotonic()

    def show(progress: BatchProgress) -> None:
        nonlocal last
        now = time.monotonic()
        _tell_failure(progress)
        if now - last >= _LINE_EVERY:
            last = now
            rate = progress.ended / (now - started)
            left = (progress.total - progress.ended) / rate
            counts = f"{progress.ended:,} of {progress.total:,} items, {progress.failed:,} failed"
            print(f"icreport: {counts}; {rate:.1f} a second, {left:.0f} s left", file=sys.stderr, flush=True)

    return show


@contextmanager
def _bar() -> Iterator[Callable[[BatchProgress], None]]:
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
    columns: tuple[Any, ...] = (BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("items", total=None, rate="")

        def show(progress: BatchProgress) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:.1f}/s" if speed else ""
            bar.update(task, total=progress.total, completed=progress.ended, rate=rate)
            if progress.item.error is not None:
                told = _failure(progress.item.source, progress.item.error)
                bar.console.print(told, markup=False, highlight=False, soft_wrap=True)

        yield show


def _tell_failure(progress: BatchProgress) -> None:
    if progress.item.error is not None:
        print(_failure(progress.item.source, progress.item.error), file=sys.stderr, flush=True)


def _failure(source: str, error: ErrorRecord) -> str:
    return f"icreport: failed: {one_line(source)}: {error.message}"


def _summarise(result: BatchResult) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    table.add_column()
    counts = (
        (result.done, "converted"),
        (result.unchanged, "unchanged"),
        (result.failed, "failed"),
        (result.not_run, "not run"),
        (result.documents, "documents"),
        (result.rows, "rows"),
        (result.warnings, "warnings"),
    )
    for count, what in counts:
        if count or what in {"converted", "failed"}:
            table.add_row(f"{count:,}", what)
    table.add_row(f"{result.seconds:,.1f}", "seconds")
    console = Console(stderr=True)
    console.print(table)
