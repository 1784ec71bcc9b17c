"""One item of a batch, converted in a worker: every failure becomes part of its record."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from icreport.batch.naming import CHANGES, fit, stem_of
from icreport.batch.older_reports import changes_written, older_report
from icreport.batch.records import ErrorRecord, ItemRecord, TargetRecord
from icreport.conversion import convert, write
from icreport.errors import IcreportError, ServiceError
from icreport.reading.scan import read
from icreport.reading.source import open_source
from icreport.urls import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.batch.recipe import Recipe
    from icreport.client.client import Client
    from icreport.result import ConversionResult

HELD = 8 << 20
"""A source of up to so many bytes is read once and held for all its formats; a larger one is scanned for each."""
_BLOCK = 1 << 20
_CLIENTS: dict[tuple[str, str], Client] = {}
_CLIENTS_LOCK = threading.Lock()
_PACKED = 12  # JSON of tables packs to about a twelfth


@dataclass(frozen=True, slots=True)
class Task:
    """An item to convert: its source, its targets by format, and the record of an earlier run with the same recipe."""

    source: str
    targets: dict[str, str]
    earlier: ItemRecord | None = field(default=None, compare=False)


def convert_item(recipe: Recipe, task: Task) -> ItemRecord:
    """Convert one item and return its record, failures included."""
    started = time.monotonic()
    record = ItemRecord(identity(task.source), "failed", recipe.digest)
    try:
        older = older_report(recipe.compare_with, task.source)
        if older is None:
            task = Task(task.source, _without_changes(task.targets), task.earlier)
        # What a job gave does not change, and may be gone from the server.
        earlier = task.earlier
        if recipe.server is not None and earlier and _is_unchanged(task, _done_before(task, earlier.sha256)):
            return replace(earlier, status="unchanged")
        with tempfile.TemporaryDirectory(prefix="icreport-") as folder:
            path = _local(recipe, task.source, Path(folder))
            with open_source(path).open() as stream:
                digest = stream.sha256()
            compared = None
            if older is not None:
                with open_source(older).open() as stream:
                    compared = stream.sha256()
            done = _done_before(task, digest, compared)
            if earlier is not None and _is_unchanged(task, done):
                return replace(earlier, status="unchanged")
            record = _convert(recipe, task, path, digest, done, older, compared)
    except Exception as error:  # noqa: BLE001 - one bad item must not take the others with it
        record = replace(record, error=describe(error))
    return replace(record, seconds=round(time.monotonic() - started, 3))


def failed(task: Task, recipe: Recipe, kind: str, message: str) -> ItemRecord:
    """Return the record of an item that failed."""
    return ItemRecord(identity(task.source), "failed", recipe.digest, error=ErrorRecord(kind, message))


def _without_changes(targets: dict[str, str]) -> dict[str, str]:
    return {kind: target for kind, target in targets.items() if not kind.startswith(CHANGES)}


def _convert(
    recipe: Recipe,
    task: Task,
    path: Path,
    digest: str,
    done: dict[str, TargetRecord],
    older: str | None,
    compared: str | None,
) -> ItemRecord:
    """Convert a source to each format that is not done; one that fails leaves the others."""
    held = path.stat().st_size * (_PACKED if path.suffix == ".gz" else 1) <= HELD
    source = read(path) if held else path
    make = partial(convert, source) if isinstance(source, Path) else partial(write, source)
    results: dict[str, ConversionResult] = {}
    failures: dict[str, ErrorRecord] = {}
    changes: dict[str, int] = {}
    with changes_written(recipe, older, source, changes) if older is not None else nullcontext() as write_changes:
        for kind, target in task.targets.items():
            if kind in done:
                continue
            try:
                _make_folder(target)
                if write_changes is not None and kind.startswith(CHANGES):
                    results[kind] = write_changes(kind, target)
                    continue
                results[kind] = make(
                    target,
                    format=kind,
                    view=recipe.view,
                    meta=recipe.meta.of(task.source),
                    strict=recipe.strict,
                    **recipe.options[kind],
                )
            except Exception as error:  # noqa: BLE001 - one format must not take the others with it
                failures[kind] = describe(error)
    first = next((result for kind, result in results.items() if not kind.startswith(CHANGES)), None)
    earlier = task.earlier if done else None
    return ItemRecord(
        identity(task.source),
        "failed" if failures else "done",
        recipe.digest,
        sha256=digest,
        targets=tuple(
            done.get(kind) or _target(identity(task.targets[kind]), kind, results[kind])
            for kind in task.targets
            if kind in done or kind in results
        ),
        elements=len(first.elements) if first else earlier.elements if earlier else 0,
        rows=sum(element.rows_in or 0 for element in first.elements) if first else earlier.rows if earlier else 0,
        warnings=(
            *(told for told in (earlier.warnings if earlier else ()) if told["format"] in done),
            *_warnings(results),
        ),
        error=_together(failures, of_many=len(task.targets) > 1) if failures else None,
        changes=changes or (earlier.changes if earlier else {}),
        compared_sha256=compared,
    )


def _done_before(task: Task, digest: str | None, compared: str | None = None) -> dict[str, TargetRecord]:
    """Return, by format, the documents of an earlier run of the same source that are unchanged since."""
    earlier = task.earlier
    if earlier is None or earlier.sha256 != digest:
        return {}
    return {
        target.format: target
        for target in earlier.targets
        if (not target.format.startswith(CHANGES) or earlier.compared_sha256 == compared)
        and target.path == identity(task.targets.get(target.format, ""))
        and size_and_sha256(task.targets[target.format]) == (target.size, target.sha256)
    }


def _target(path: str, kind: str, result: ConversionResult) -> TargetRecord:
    return TargetRecord(path, kind, result.target_size or 0, result.target_sha256 or "", result.rows)


def _warnings(results: dict[str, ConversionResult]) -> Iterator[dict[str, object]]:
    for kind, result in results.items():
        for told in result.warnings:
            yield {"format": kind, "code": told.code, "message": str(told), "count": told.count, "loss": told.loss}


def _together(failures: dict[str, ErrorRecord], *, of_many: bool) -> ErrorRecord:
    """Merge the failures of an item into one message that names the formats; equal failures are named once."""
    formats: dict[ErrorRecord, list[str]] = {}
    for kind, error in failures.items():
        formats.setdefault(error, []).append(kind)
    if not of_many or (len(formats) == 1 and len(failures) > 1):
        return next(iter(formats))
    said = "; ".join(f"{', '.join(kinds)}: {error.message}" for error, kinds in formats.items())
    return ErrorRecord(next(iter(formats)).kind, said)


def describe(error: Exception) -> ErrorRecord:
    """Return the one line that describes a failure, never a traceback."""
    kind = type(error).__name__
    if isinstance(error, IcreportError):
        return ErrorRecord(kind, str(error))
    if isinstance(error, OSError):
        return ErrorRecord(kind, error.strerror or str(error))
    if isinstance(error, MemoryError):
        return ErrorRecord(kind, "the worker ran out of memory")
    return ErrorRecord(kind, f"internal error: {kind}; please report it")


def _local(recipe: Recipe, source: str, folder: Path) -> Path:
    """Yield the item as a local file, so that what is hashed is what is converted."""
    if recipe.server is not None:
        return _content(recipe, source, folder)
    if "://" not in source:
        return Path(source)
    # The file name is what a report without a name is called by.
    path = folder / f"{fit(stem_of(source)) or 'report'}.json{'.gz' if source.endswith('.gz') else ''}"
    with open_source(source).open() as stream, path.open("wb") as file:
        shutil.copyfileobj(stream, file, _BLOCK)
    return path


def _content(recipe: Recipe, job: str, folder: Path) -> Path:
    client = _client(recipe)
    client.wait(job, timeout=recipe.wait)
    content = client.content(job)
    if not content.is_report:
        raise ServiceError(
            f"the job's content is {content.filename} ({content.media_type}), not a report document",
            remedy="fetch it as it is with icreport fetch",
        )
    path = folder / f"{job.strip('{}')}.json"
    shutil.move(content.path, path)
    return path


def _client(recipe: Recipe) -> Client:
    """Return the session of this process for a run, logged out when the run or the process ends."""
    from icreport.client.client import connect
    from icreport.client.settings import load_settings

    key = recipe.run, str(os.getpid())
    with _CLIENTS_LOCK:
        if key not in _CLIENTS:
            _CLIENTS[key] = connect(load_settings(recipe.server)[0], recipe.ca_bundle)
            # Worker processes of multiprocessing run its finalizers, not those of atexit.
            Finalize(None, end_sessions, args=(recipe,), exitpriority=1)
        return _CLIENTS[key]


def end_sessions(recipe: Recipe) -> None:
    """Log out of the sessions with which this process fetched the items of a run."""
    with _CLIENTS_LOCK:
        client = _CLIENTS.pop((recipe.run, str(os.getpid())), None)
    if client is not None:
        client.close()


def _is_unchanged(task: Task, done: dict[str, TargetRecord]) -> bool:
    """Return whether an earlier run made all of the item's documents and they are unchanged since."""
    return task.earlier is not None and task.earlier.status != "failed" and done.keys() == task.targets.keys()


def _make_folder(target: str) -> None:
    if "://" not in target:
        Path(target).parent.mkdir(parents=True, exist_ok=True)


def size_and_sha256(target: str) -> tuple[int, str]:
    """Return the size in bytes and SHA-256 of a document; (-1, "") if it cannot be read and must be made again."""
    with suppress(Exception):  # each file system of fsspec has errors of its own
        if "://" not in target:
            return Path(target).stat().st_size, _sha256(Path(target))
        import fsspec

        digest, size = hashlib.sha256(), 0
        with fsspec.open(target, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
        return size, digest.hexdigest()
    return -1, ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
