"""Many conversions: as many at a time as there are workers, each with its line in the journal."""

from __future__ import annotations

import math
import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icreport.batch import sources as given
from icreport.batch.cluster import connect_cluster
from icreport.batch.item import Task, end_sessions
from icreport.batch.journal import NAME, Journal
from icreport.batch.naming import Names
from icreport.batch.pool import WorkerPool, check_may_start
from icreport.batch.recipe import Recipe, make_recipe
from icreport.batch.result import BatchProgress, BatchResult
from icreport.batch.scheduling import Run, grouped
from icreport.errors import OutputError, UsageError
from icreport.host import cores
from icreport.output.draft_names import remove_abandoned_drafts
from icreport.urls import identity, redacted
from icreport.views.view import View
from icreport.warnings import check_strictness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor

    from icreport.conversion import ViewSource
    from icreport.warnings import Strictness

_GROUP_ITEMS = 16
_CALLS = 64  # of one worker process, before a fresh one takes its place
_CLUSTER_GROUPS = 1000  # under way on a cluster, which may grow while it works


def convert_many(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    directory: str | os.PathLike[str],
    formats: str | Sequence[str],
    *,
    executor: Executor | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    name: str = "{stem}",
    theme: str | None = None,
    view: ViewSource | None = None,
    strict: Strictness = False,
    server: str | None = None,
    ca_bundle: str | None = None,
    wait: float = 3600.0,
    journal: str | os.PathLike[str] | None = None,
    resume: bool = False,
    fail_fast: bool = False,
    item_timeout: float | None = None,
    progress: Callable[[BatchProgress], None] | None = None,
    **options: Any,
) -> BatchResult:
    """Convert many reports into a folder (or fsspec URL), each in several formats, on all cores or a cluster.

    Sources are files, folders, patterns, fsspec URLs, `@FILE` and `-` for lists of them, or with `server` the ids of
    jobs. `name` is the pattern of the documents' names: `{stem}`, `{name}` (the report's), `{job}`, `{format}`.
    A `view` says what of each report is shown. Options go to the formats that have them.

    The work is done by `workers` processes of this machine (as many as cores), by any `concurrent.futures.Executor`
    (`workers` then says how many it has), or by the Dask cluster whose scheduler has this address. An item that fails
    (also one that takes more than `item_timeout` seconds, or crashes its worker) is counted and costs no other;
    `fail_fast` stops at the first.

    Each item has a line in the journal (`icreport-journal.jsonl` in a target folder of this machine, else in the
    current one). With `resume`, items that it has as done are left alone if their source, options and documents are
    what they were.

    Raises `UsageError` (two sources with one target, wrong options), `ReadError` (a list or folder that cannot be
    read), `ThemeError`, `ViewError`, `OutputError` before anything runs.
    """
    started = time.monotonic()
    folder = _absolute(os.fspath(directory))
    if executor is None and scheduler is None:
        check_may_start()
    elif item_timeout is not None:
        raise UsageError("item_timeout needs the worker processes of this machine", remedy="leave it out")
    if item_timeout is not None and not item_timeout > 0:  # NaN neither
        raise UsageError(f"item_timeout is {item_timeout:g}, no number of seconds in which an item could be done")
    if journal is not None and "://" in os.fspath(journal):
        raise UsageError(f"the journal is a file of this machine, not {redacted(os.fspath(journal))}")
    check_strictness(strict)
    formats = [formats] if isinstance(formats, str) else formats
    shown = None if view is None else View.load(view)
    recipe = make_recipe(
        formats, {"theme": theme, **options}, Recipe({}, "", strict, server, ca_bundle, wait, view=shown)
    )
    names = Names(name, folder, formats, jobs=server is not None)
    targets = {source: names.targets(source) for source in _found(sources, server)}
    for target in (target for paths in targets.values() for target in paths.values()):
        if target in targets:
            raise UsageError(f"{redacted(target)!r} would replace a source", remedy="name another directory")
    _make_folder(folder)
    private = server is not None or any("://" in name for name in (folder, *targets))
    path = Path(journal) if journal is not None else Path("." if "://" in folder else folder) / NAME
    result = BatchResult(len(targets), str(path))
    with ExitStack() as stack:
        log = stack.enter_context(Journal(path, resume=resume, private=private))
        drafts = [target for paths in targets.values() for target in paths.values()]
        remove_abandoned_drafts(drafts)
        stack.callback(remove_abandoned_drafts, drafts)
        stack.callback(end_sessions, recipe)
        cluster = stack.enter_context(connect_cluster(scheduler)) if scheduler is not None else None
        workers = workers or (cluster.cores if cluster else 0) or cores()
        tasks = [
            Task(source, paths, log.earlier.get((identity(source), recipe.digest))) for source, paths in targets.items()
        ]
        alone = item_timeout is not None or server is not None
        groups = grouped(tasks, 1 if alone else min(_GROUP_ITEMS, math.ceil(len(tasks) / (4 * workers))))
        run = Run(recipe, log, result, progress, fail_fast=fail_fast)
        if executor is not None:
            run.work(groups, executor, 3 * workers)
        elif cluster is not None:
            run.work(groups, cluster, 3 * workers if fail_fast else max(3 * workers, _CLUSTER_GROUPS))
        else:
            pool = stack.enter_context(WorkerPool(workers, calls=_CALLS, timeout=item_timeout))
            run.work(groups, pool, 3 * workers, pool.renew)
    result.not_run = result.total - result.done - result.unchanged - result.failed
    result.seconds = time.monotonic() - started
    return result


def _found(sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], server: str | None) -> dict[str, None]:
    """Return each source once, in order."""
    several = [sources] if isinstance(sources, str | os.PathLike) else sources
    if server is None:
        return dict.fromkeys(map(_absolute, given.expand(several)))
    from icreport.client.jobs import braced

    return dict.fromkeys(map(braced, given.expand_lists(several)))


def _make_folder(path: str) -> None:
    try:
        if "://" not in path:
            Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {path!r}: {error.strerror}") from error


def _absolute(path: str) -> str:
    """Return a path that means the same to every worker, wherever it runs, and to a run that resumes."""
    return path if "://" in path else str(Path(path).absolute())
