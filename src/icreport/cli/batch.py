"""The command for many reports at once."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from icreport.cli.messages import say, tell_what_is_logged
from icreport.cli.options import (
    MetaOption,
    QuietOption,
    RendererOption,
    SchemaOption,
    StrictOption,
    ThemeOption,
    ViewOption,
    parse_meta,
    parse_options,
    with_options,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icreport.batch.result import BatchResult


SourcesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE…",
        help="Files, folders, patterns, URLs, @FILE or - for lists of them; with --server, ids of jobs.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """What the documents are like."""

    name: Annotated[
        str, typer.Option("--name", metavar="PATTERN", help="Names of the documents: {stem} {name} {job} {format}.")
    ] = "{stem}"
    theme: ThemeOption = None
    view: ViewOption = None
    meta: MetaOption = None
    meta_from: Annotated[
        str | None,
        typer.Option(
            "--meta-from", metavar="FILE.csv", help="What differs by document: a column `source`, then as --meta."
        ),
    ] = None
    schema: SchemaOption = None
    option: RendererOption = None
    strict: StrictOption = False

    def arguments(self, verb: Callable[..., object]) -> dict[str, Any]:
        """Return the arguments of the verb that converts; raises `UsageError`."""
        return parse_options(self.option or [], verb, theme=self.theme, schema=self.schema) | {
            "name": self.name,
            "view": self.view,
            "meta": parse_meta(self.meta or []),
            "meta_from": self.meta_from,
            "strict": self.strict,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Where items are converted, how long they may take, and what becomes of those that fail or are done."""

    workers: Annotated[
        int | None, typer.Option("--workers", min=1, metavar="N", help="How many processes; as many as cores.")
    ] = None
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of tcp://HOST:PORT.")
    ] = None
    server: Annotated[
        str | None, typer.Option("--server", metavar="URL", help="The sources are ids of jobs of this server.")
    ] = None
    ca_bundle: Annotated[
        str | None, typer.Option("--ca-bundle", metavar="FILE", help="Certificates to trust, for a company's own.")
    ] = None
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", help="How long to wait for a job of the server.")
    ] = 3600.0
    item_timeout: Annotated[
        float | None, typer.Option("--item-timeout", metavar="SECONDS", help="How long one item may take.")
    ] = None
    journal: Annotated[
        str | None, typer.Option("--journal", metavar="FILE", help="Where the journal is, if not in the directory.")
    ] = None
    resume: Annotated[bool, typer.Option("--resume", help="Leave alone what is done and unchanged.")] = False
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first item that fails.")] = False
    prune: Annotated[bool, typer.Option("--prune", help="Remove documents of an earlier run whose source is gone.")] = (
        False
    )
    compare_with: Annotated[
        str | None,
        typer.Option(
            "--compare-with", metavar="FOLDER", help="Write beside each document what changed since the report there."
        ),
    ] = None

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the verb that converts, which waits where a command has a timeout."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return given | {"wait": given.pop("timeout")}


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(with_options(batch))


def batch(
    sources: SourcesArgument,
    directory: Annotated[
        str, typer.Option("-d", "--directory", metavar="DIRECTORY", help="Where to write: a folder or a URL.")
    ],
    to: Annotated[
        list[str], typer.Option("-t", "--to", metavar="FORMAT", help="A format; several times for several of them.")
    ],
    documents: Documents,
    running: Running,
    *,
    summary: Annotated[
        str | None, typer.Option("--summary", metavar="FILE", help="Write counts, changes and failures as JSON.")
    ] = None,
    metrics: Annotated[
        str | None, typer.Option("--metrics", metavar="FILE", help="Write the counts as OpenMetrics (Prometheus).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    log_format: Annotated[  # noqa: ARG001 - whoever runs the commands has looked at it, before anything is said
        Literal["text", "json"], typer.Option("--log-format", metavar="text|json", help="How messages are said.")
    ] = "text",
    quiet: QuietOption = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Say what became of each item.")] = False,
) -> int:
    """Convert many reports, each in one or more formats, on all cores or a cluster.

    What became of each item is in the journal, by which --resume goes on after an interruption. Items that fail do
    not stop the others; the exit status is then 4. Equal failures are told once, and counted at the end.
    """
    from icreport.batch.running import convert_many
    from icreport.cli import OK, SOME_FAILED
    from icreport.cli.batch_log import BatchLog
    from icreport.output.publishing import try_target

    for target in filter(None, (summary, metrics)):
        try_target(target)
    tell_what_is_logged(verbose=False)
    logging.getLogger("icreport.batch.items").propagate = False  # the log of the batch tells of them
    log = BatchLog(quiet=quiet, verbose=verbose)
    formats = [format for formats in to for format in formats.split(",")]
    with _resumable(), log.shown() as progress:
        more = documents.arguments(convert_many) | running.arguments()
        result = convert_many(sources, directory, formats, progress=progress, **more)
    _write(result, summary, metrics)
    if as_json:
        print(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    log.end(result, with_counts=not as_json)
    return OK if result.ok else SOME_FAILED


def _write(result: BatchResult, summary: str | None, metrics: str | None) -> None:
    """Write the counts where they are wanted, as JSON and for Prometheus."""
    from icreport.batch.metrics import openmetrics
    from icreport.output.publishing import publish

    if summary is not None:
        told = json.dumps(result.to_dict(), ensure_ascii=False, indent=2)
        publish(summary, told.encode("utf-8", "replace") + b"\n")
    if metrics is not None:
        publish(metrics, openmetrics(result).encode("utf-8", "replace"))


@contextmanager
def _resumable() -> Iterator[None]:
    """Print how to resume after an interruption."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):  # the latter for SIGTERM and its like
        say("the same command with --resume goes on", event="interrupted")
        raise
