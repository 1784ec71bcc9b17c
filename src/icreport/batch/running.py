"""Many conversions: as many at a time as there are workers, each with its line in the journal."""

from __future__ import annotations

import logging
import math
import os
import re
import time
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from icreport.batch import sources as given
from icreport.batch.changes import prune as prune_documents
from icreport.batch.changes import vanished
from icreport.batch.crew import crew_of
from icreport.batch.item import Task, end_sessions
from icreport.batch.journal import NAME, Journal
from icreport.batch.meta_table import read_meta
from icreport.batch.naming import Names
from icreport.batch.older_reports import check_older_reports
from icreport.batch.pool import check_may_start
from icreport.batch.preflight import check, probe, try_formats
from icreport.batch.recipe import Recipe, make_recipe
from icreport.batch.records import ItemRecord
from icreport.batch.result import BatchProgress, BatchResult
from icreport.batch.scheduling import Run, Submits, grouped
from icreport.clock import now
from icreport.errors import IcreportError, OutputError, UsageError
from icreport.output.draft_names import remove_abandoned_drafts
from icreport.urls import identity, redacted
from icreport.views.view import View
from icreport.warnings import check_strictness

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from icreport.conversion import ViewSource
    from icreport.warnings import Strictness

_LOG = logging.getLogger(__name__)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+")
_GROUP_ITEMS = 16


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
    meta: Mapping[str, str] | None = None,
    meta_from: str | os.PathLike[str] | None = None,
    strict: Strictness = False,
    server: str | None = None,
    ca_bundle: str | None = None,
    wait: float = 3600.0,
    journal: str | os.PathLike[str] | None = None,
    resume: bool = False,
    fail_fast: bool = False,
    item_timeout: float | None = None,
    prune: bool = False,
    compare_with: str | os.PathLike[str] | None = None,
    progress: Callable[[BatchProgress], None] | None = None,
    **options: object,
) -> BatchResult:
    """Convert many reports into a folder (or fsspec URL), each in several formats, on all cores or a cluster.

    Sources are files, folders, patterns, fsspec URLs, `@FILE` and `-` for lists of them, or with `server` the ids of
    jobs. `name` is the pattern of the documents' names: `{stem}`, `{name}` (the report's), `{job}`, `{format}`.
    A `view` says what of each report is shown, `meta` what each document says of itself, and `meta_from`, a CSV with a
    column `source` (path, file name, or that without its suffix), what differs from one to the next. Options go to the
    formats that have them.

    The work is done by `workers` processes of this machine (as many as cores), by any `concurrent.futures.Executor`
    (`workers` then says how many it has), or by the Dask cluster whose scheduler has this address. An item that fails
    (also one that takes more than `item_timeout` seconds, or crashes its worker) is counted and costs no other;
    `fail_fast` stops at the first.

    Each item has a line in the journal (`icreport-journal.jsonl` in a target folder of this machine, else in the
    current one). With `resume`, items that it has as done are left alone if their source, options and documents are
    what they were. With `prune`, documents that an earlier run wrote into the folder are removed if their source is
    gone and they are as they were written. With `compare_with`, a folder of older reports, each document gets one
    beside it that says what changed since the report of the same file name (`x.changes.html`).

    Raises `UsageError` (two sources with one target, wrong options), `ReadError` (a list or folder that cannot be
    read), `ThemeError`, `ViewError`, `OutputError` before anything runs; so it does with what each item would fail by.
    """
    started = time.monotonic()
    result = BatchResult(version=metadata.version("icreport"), started=time.time())
    sources = [sources] if isinstance(sources, str | os.PathLike) else list(sources)
    formats = [formats] if isinstance(formats, str) else formats
    folder = absolute(os.fspath(directory))
    own_workers = executor is None and scheduler is None
    check_strictness(strict)
    _check_what_is_asked(os.fspath(directory), os.fspath(journal or ""), item_timeout, own_workers=own_workers)
    shown, said = None if view is None else View.load(view), read_meta(meta, meta_from)
    older = _older(compare_with, server)
    asked = Recipe({}, "", strict, server, ca_bundle, wait, view=shown, meta=said, compare_with=older)
    recipe = make_recipe(formats, {"theme": theme, **options}, asked)
    names = Names(name, folder, formats, jobs=server is not None, changes=compare_with is not None)
    targets = _targets(_found(sources, server), names, older)
    recipe.meta.tell_unmatched(list(targets))
    _make_folder(folder)
    if own_workers:
        check(recipe, targets, folder)
    path = Path(journal) if journal is not None else Path("." if "://" in folder else folder) / NAME
    result.run, result.total, result.journal = recipe.run, len(targets), str(path)
    drafts = [probe(folder), *(target for paths in targets.values() for target in paths.values())]
    with ExitStack() as stack:
        private = server is not None or any("://" in name for name in (folder, *targets))
        log = stack.enter_context(Journal(path, private=private))
        remove_abandoned_drafts(drafts)
        stack.callback(remove_abandoned_drafts, drafts)
        stack.callback(end_sessions, recipe)
        crew = stack.enter_context(crew_of(executor, scheduler, workers, item_timeout))
        _try_formats(crew.pool, recipe)
        if server is None:
            before = dict.fromkeys(source for source, _ in log.earlier)
            result.items["vanished"] = vanished(before, targets, map(absolute, given.places(sources)))
        if not resume:
            log.start_anew(result.items["vanished"])
        alone = item_timeout is not None or server is not None
        most = 1 if alone else min(_GROUP_ITEMS, math.ceil(len(targets) / (4 * crew.workers)))
        run = Run(recipe, log, result, progress, fail_fast=fail_fast)
        run.work(_groups(targets, log, recipe, most), crew.pool, crew.window(fail_fast=fail_fast), crew.renew)
        if prune:
            _prune(result, log, folder, drafts)
    _end(result, started)
    return result


def _end(result: BatchResult, started: float) -> None:
    """Say in a result what was left, and how long it took since a time of the monotonic clock."""
    result.not_run = result.total - result.done - result.unchanged - result.failed
    result.seconds = time.monotonic() - started
    counts = result.done, result.unchanged, result.failed, result.not_run, result.seconds
    _LOG.info("batch ended: %d done, %d unchanged, %d failed, %d not run in %.1f s", *counts)
    result.ended = time.time()


def _older(folder: str | os.PathLike[str] | None, server: str | None) -> str | None:
    """Return the folder of older reports."""
    if folder is not None and server is not None:
        raise UsageError("jobs of a server have no older ones", remedy="fetch their reports, and compare the files")
    return None if folder is None else absolute(os.fspath(folder))


def _try_formats(pool: Submits, recipe: Recipe) -> None:
    """Raise what each item would fail by in a worker; what is wrong with workers themselves, the run tells."""
    try:
        failure = pool.submit(try_formats, recipe).exception()
    except IcreportError:
        raise
    except Exception:  # noqa: BLE001 - of an executor that broke, was shut down or lost its cluster
        return
    if isinstance(failure, IcreportError):
        raise failure


def _check_what_is_asked(directory: str, journal: str, item_timeout: float | None, *, own_workers: bool) -> None:
    """Raise `UsageError` for what cannot be, whatever the sources are."""
    if own_workers:
        check_may_start()
    elif item_timeout is not None:
        raise UsageError("item_timeout needs the worker processes of this machine", remedy="leave it out")
    if item_timeout is not None and not item_timeout > 0:  # NaN neither
        raise UsageError(f"item_timeout is {item_timeout:g}, no number of seconds in which an item could be done")
    if "://" in journal:
        raise UsageError(f"the journal is a file of this machine, not {redacted(journal)}")
    for path in (directory, journal):
        _refuse_broken_url(path)


def _targets(sources: Iterable[str], names: Names, older: str | None) -> dict[str, dict[str, str]]:
    """Return the paths of each source's documents by format; `older` is the folder of older reports.

    Raises `UsageError` where one would replace a source, or be compared with itself.
    """
    targets = {source: names.targets(source) for source in sources}
    for target in (target for paths in targets.values() for target in paths.values()):
        if target in targets:
            raise UsageError(f"{redacted(target)!r} would replace a source", remedy="name another directory")
    if older is not None:
        check_older_reports(older, targets)
    return targets


def _groups(targets: Mapping[str, dict[str, str]], log: Journal, recipe: Recipe, size: int) -> Iterator[list[Task]]:
    """Yield what is to be done, in groups that a worker takes at once, with what the journal has of each."""
    tasks = [
        Task(source, paths, log.earlier.get((identity(source), recipe.digest))) for source, paths in targets.items()
    ]
    return grouped(tasks, size)


def _prune(result: BatchResult, log: Journal, folder: str, keep: Collection[str]) -> None:
    """Remove the documents of sources that are gone; the journal forgets those of which nothing is left."""
    gone = frozenset(result.items["vanished"])
    for record in [record for record in log.earlier.values() if record.source in gone]:
        removed, left, failures = prune_documents(record, folder, keep)
        result.pruned += removed
        result.not_removed += failures
        if left:
            _LOG.warning("%s stays: it was changed, or is in use", ", ".join(map(redacted, left)))
        elif not failures:
            told = ItemRecord(record.source, "removed", record.recipe, targets=record.targets)
            log.append([replace(told, time=now(), run=result.run, version=result.version)])


def _found(sources: Iterable[str | os.PathLike[str]], server: str | None) -> dict[str, None]:
    """Return each source once, in order."""
    if server is None:
        return dict.fromkeys(map(absolute, given.expand(sources)))
    from icreport.client.jobs import braced

    return dict.fromkeys(map(braced, given.expand_lists(sources)))


def _refuse_broken_url(path: str) -> None:
    """Raise `UsageError` for a URL that lost a slash (`pathlib` takes it away), which would become a folder here."""
    scheme, is_broken, _ = path.partition(":/")
    if is_broken and _SCHEME.fullmatch(scheme) and "://" not in path and not Path(f"{scheme}:").exists():
        raise UsageError(f"{path!r} is neither a URL nor a path", remedy=f"a URL starts with {scheme}://, in a str")


def _make_folder(path: str) -> None:
    try:
        if "://" not in path:
            Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {path!r}: {error.strerror}") from error


def absolute(path: str) -> str:
    """Return a path that means the same to every worker, wherever it runs, and to a run that resumes."""
    if "://" in path:
        return path
    if ".." not in (whole := Path(path).absolute()).parts:
        return str(whole)
    # Up from a folder that is a link leads elsewhere than its name says.
    plain = Path(os.path.normpath(whole))
    return str(plain if plain.resolve() == whole.resolve() else whole.parent.resolve() / whole.name)
