"""Many conversions: as many at a time as there are workers, each with its line in the journal."""

from __future__ import annotations

import hashlib
import json
import math
import os
import time
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future
from concurrent.futures import wait as wait_for
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from icreport.batch import sources as given
from icreport.batch.item import Recipe, Task, convert_group, failed
from icreport.batch.journal import NAME, Journal
from icreport.batch.naming import Names
from icreport.batch.pool import WorkerPool, check_may_start
from icreport.errors import MissingExtraError, OutputError, UsageError
from icreport.output import remove_drafts
from icreport.plugins import ELEMENTS, RENDERERS, registered
from icreport.rendering.registry import find_renderer, make_renderer
from icreport.rendering.theme import built_in_themes, load_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from icreport.batch.records import ItemRecord

_GROUP_ITEMS = 16
_GROUP_BYTES = 1 << 20
_CALLS = 64  # of one worker process, before a fresh one takes its place
_LARGEST_WORKER = 1 << 30
_CLUSTER_GROUPS = 1000  # under way on a cluster, which may grow while it works
_CONNECT = 10.0


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is, and the item that has just ended."""

    total: int
    done: int
    unchanged: int
    failed: int
    item: ItemRecord

    @property
    def ended(self) -> int:
        """The number of items that are behind us."""
        return self.done + self.unchanged + self.failed


@dataclass(slots=True)
class BatchResult:
    """What a batch did; `failures` are the records of the items that failed, the journal has all."""

    total: int
    journal: str
    done: int = 0
    unchanged: int = 0
    failed: int = 0
    not_run: int = 0
    documents: int = 0
    rows: int = 0
    warnings: int = 0
    seconds: float = 0.0
    failures: list[ItemRecord] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every item is done."""
        return not self.failed and not self.not_run

    def to_dict(self) -> dict[str, Any]:
        """Give the counts and failures as JSON can hold them."""
        return {**asdict(self), "failures": msgspec.to_builtins(self.failures)}

    def add(self, record: ItemRecord) -> None:
        """Count an item that has ended."""
        if record.status == "failed":
            self.failed += 1
            self.failures.append(record)
            return
        if record.status == "done":
            self.done += 1
        else:
            self.unchanged += 1
        self.documents += len(record.targets)
        self.rows += record.rows
        self.warnings += len(record.warnings)


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
    strict: bool = False,
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
    Options go to the formats that have them.

    The work is done by `workers` processes of this machine (as many as cores), by any `concurrent.futures.Executor`
    (`workers` then says how many it has), or by the Dask cluster whose scheduler has this address. An item that fails
    (also one that takes more than `item_timeout` seconds, or crashes its worker) is counted and costs no other;
    `fail_fast` stops at the first.

    Each item has a line in the journal (`icreport-journal.jsonl` in a target folder of this machine, else in the
    current one). With `resume`, items that it has as done are left alone if their source, options and documents are
    what they were.

    Raises `UsageError` (two sources with one target, wrong options), `ReadError` (a list or folder that cannot be
    read), `ThemeError`, `OutputError` before anything runs.
    """
    started = time.monotonic()
    folder = _absolute(os.fspath(directory))
    if executor is None and scheduler is None:
        check_may_start()
    elif item_timeout is not None:
        raise UsageError("item_timeout needs the worker processes of this machine", remedy="leave it out")
    formats = [formats] if isinstance(formats, str) else formats
    recipe = _recipe(formats, {"theme": theme, **options}, Recipe({}, "", strict, server, ca_bundle, wait))
    names = Names(name, folder, formats, jobs=server is not None)
    targets = {source: names.targets(source) for source in _found(sources, server)}
    for target in (target for paths in targets.values() for target in paths.values()):
        if target in targets:
            raise UsageError(f"{target!r} would replace a source", remedy="name another directory")
    _make_folder(folder)
    path = Path(journal) if journal is not None else Path("." if "://" in folder else folder) / NAME
    result = BatchResult(len(targets), str(path))
    with ExitStack() as stack:
        log = stack.enter_context(Journal(path, resume=resume))
        drafts = [target for paths in targets.values() for target in paths.values()]
        remove_drafts(drafts)
        stack.callback(remove_drafts, drafts)
        cluster = stack.enter_context(_cluster(scheduler)) if scheduler is not None else None
        workers = workers or (cluster.cores if cluster else 0) or len(os.sched_getaffinity(0))
        tasks = [Task(source, paths, log.done.get((source, recipe.digest))) for source, paths in targets.items()]
        alone = item_timeout is not None or server is not None
        groups = _grouped(tasks, 1 if alone else min(_GROUP_ITEMS, math.ceil(len(tasks) / (4 * workers))))
        run = _Run(recipe, log, result, progress, fail_fast=fail_fast)
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


class Submits(Protocol):
    """What is needed of an executor (`concurrent.futures.Executor`)."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Start a call."""


class _Run:
    """One run over groups of tasks: what is under way, and what has become of the rest."""

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
        self._under_way: dict[Future[Any], list[Task]] = {}
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

    def _end(self, future: Future[Any], group: list[Task]) -> None:
        # Items fail in records: what is raised is about their worker, were it SystemExit.
        if future.cancelled():
            self._refuse(group[0], CancelledError())
            return
        error = future.exception()
        if isinstance(error, KeyboardInterrupt):
            raise error
        if error is None:
            records, memory = future.result()
            self._grown = self._grown or memory > _LARGEST_WORKER
            self._take(records)
        elif len(group) > 1:
            # Only one of them is to blame, and those that are done are written once more.
            self._again += [[task] for task in group]
        else:
            self._take([failed(group[0], self._recipe, type(error).__name__, _why(error))])

    def _take(self, records: list[ItemRecord]) -> None:
        self._journal.append([record for record in records if record.status != "unchanged"])
        for record in records:
            self._result.add(record)
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


def _found(sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], server: str | None) -> dict[str, None]:
    """Give each source once, in order."""
    several = [sources] if isinstance(sources, str | os.PathLike) else sources
    if server is None:
        return dict.fromkeys(map(_absolute, given.expand(several)))
    from icreport.client.jobs import braced  # noqa: PLC0415

    return dict.fromkeys(map(braced, given.expand_lists(several)))


def _make_folder(path: str) -> None:
    try:
        if "://" not in path:
            Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {path!r}: {error.strerror}") from error


def _absolute(path: str) -> str:
    """Give a path that means the same to every worker, wherever it runs, and to a run that resumes."""
    return path if "://" in path else str(Path(path).absolute())


def _recipe(formats: Sequence[str], options: Mapping[str, Any], recipe: Recipe) -> Recipe:
    """Sort options by the formats that have them, and try them before anything runs."""
    if not formats:
        raise UsageError("say at least one format")
    by_format: dict[str, dict[str, Any]] = {}
    wanted = {name: value for name, value in options.items() if value is not None}
    theme = wanted.get("theme")
    folder = None if theme is None or theme in built_in_themes() else Path(theme).absolute()
    if theme is not None:
        load_theme(theme)
    if folder is not None:
        wanted["theme"] = str(folder)
    kinds = [find_renderer(format, "") for format in formats]  # noqa: A001
    for kind in kinds:
        known = {name: value for name, value in wanted.items() if name in kind.model_fields}
        make_renderer(kind, known)
        by_format[kind.format] = known
    for name, value in wanted.items():
        # As in a conversion, formats that have no use for a theme do without.
        if name != "theme" and not any(name in kind.model_fields for kind in kinds):
            # Its own message names what there is.
            make_renderer(kinds[0], {name: value})
    packages = [entry.dist for group in (RENDERERS, ELEMENTS) for entry in registered(group) if entry.dist]
    versions = sorted({(package.name, package.version) for package in packages})
    said = [versions, by_format, recipe.strict, recipe.server]
    digest = hashlib.sha256(json.dumps(said, default=str).encode())
    for part in _content(folder) if folder else ():
        digest.update(part)
    return replace(recipe, options=by_format, digest=digest.hexdigest()[:16])


def _content(folder: Path) -> Iterator[bytes]:
    """Give the names and bytes of all files in a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            yield b"%s:%d:" % (os.fsencode(path.relative_to(folder)), len(data)) + data


def _grouped(tasks: Iterable[Task], most: int) -> Iterator[list[Task]]:
    """Give tasks in groups: handing a small one over costs as much as doing it."""
    group: list[Task] = []
    size = 0
    for task in tasks:
        group.append(task)
        with suppress(OSError):
            size += Path(task.source).stat().st_size
        if len(group) >= most or size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


class _Cluster:
    """The executor of a Dask cluster, and how many cores it has now."""

    def __init__(self, client: Any) -> None:
        self.submit = client.get_executor(pure=False).submit
        self.cores = sum(client.ncores().values())


@contextmanager
def _cluster(address: str) -> Iterator[_Cluster]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise MissingExtraError("running on a Dask cluster", "dask") from error
    try:
        client = distributed.Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"there is no Dask scheduler at {address!r}: {error}", remedy="check the address") from error
    with client:
        yield _Cluster(client)
