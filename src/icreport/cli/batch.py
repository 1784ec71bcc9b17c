"""The command for many reports at once."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

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
)

if TYPE_CHECKING:
    from collections.abc import Iterator


SourcesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE…",
        help="Files, folders, patterns, URLs, @FILE or - for lists of them; with --server, ids of jobs.",
    ),
]


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
    meta: MetaOption = None,
    meta_from: Annotated[
        str | None,
        typer.Option(
            "--meta-from", metavar="FILE.csv", help="What differs by document: a column `source`, then as --meta."
        ),
    ] = None,
    schema: SchemaOption = None,
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
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove documents of an earlier run whose source is gone.")
    ] = False,
    compare_with: Annotated[
        str | None,
        typer.Option(
            "--compare-with", metavar="FOLDER", help="Write beside each document what changed since the report there."
        ),
    ] = None,
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
    from icreport.batch.metrics import openmetrics
    from icreport.batch.running import convert_many
    from icreport.cli import OK, SOME_FAILED
    from icreport.cli.batch_log import BatchLog
    from icreport.output.publishing import publish, try_target

    for target in filter(None, (summary, metrics)):
        try_target(target)
    tell_what_is_logged(verbose=False)
    logging.getLogger("icreport.batch.items").propagate = False  # the log of the batch tells of them
    log = BatchLog(quiet=quiet, verbose=verbose)
    with _resumable(), log.shown() as progress:
        result = convert_many(
            sources,
            directory,
            [format for formats in to for format in formats.split(",")],
            name=name,
            view=view,
            meta=parse_meta(meta or []),
            meta_from=meta_from,
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
            prune=prune,
            compare_with=compare_with,
            progress=progress,
            **parse_options(option or [], convert_many, theme=theme, schema=schema),
        )
    told = json.dumps(result.to_dict(), ensure_ascii=False, indent=2)
    if summary is not None:
        publish(summary, told.encode("utf-8", "replace") + b"\n")
    if metrics is not None:
        publish(metrics, openmetrics(result).encode("utf-8", "replace"))
    if as_json:
        print(told)
    log.end(result, with_counts=not as_json)
    return OK if result.ok else SOME_FAILED


@contextmanager
def _resumable() -> Iterator[None]:
    """Print how to resume after an interruption."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):  # the latter for SIGTERM and its like
        say("the same command with --resume goes on", event="interrupted")
        raise
