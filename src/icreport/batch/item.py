"""One item of a batch, converted in a worker: nothing that goes wrong with it leaves here as an exception."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from msgspec.structs import replace

from icreport.batch.naming import fit, stem_of
from icreport.batch.records import ErrorRecord, ItemRecord, TargetRecord
from icreport.conversion import convert, write
from icreport.errors import IcreportError, ServiceError
from icreport.reading.scan import read
from icreport.reading.source import open_source
from icreport.urls import identity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.batch.recipe import Recipe
    from icreport.client.client import Client
    from icreport.result import ConversionResult

HELD = 8 << 20
"""A source of up to so many bytes is read once and held for all its formats; a larger one is scanned for each."""
_BLOCK = 1 << 20
_THREAD = threading.local()
_PACKED = 12  # JSON of tables packs to about a twelfth


@dataclass(frozen=True, slots=True)
class Task:
    """An item to be done: its source, its targets by format, and what an earlier run by the same recipe left of it."""

    source: str
    targets: dict[str, str]
    earlier: ItemRecord | None = field(default=None, compare=False)


def start_worker(environment: dict[str, str]) -> None:
    """Get a worker process ready: who interrupts the batch does not interrupt each of them, and drafts are removed.

    It gets our environment of now, not that of when the server of the workers was started.
    """
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)


def _leave(signum: int, frame: object) -> NoReturn:  # noqa: ARG001
    # What is half made and thrown away has nothing more to say.
    sys.unraisablehook = lambda _: None
    raise SystemExit(128 + signal.SIGTERM)


def convert_group(recipe: Recipe, tasks: Sequence[Task]) -> tuple[list[ItemRecord], int]:
    """Convert some items one after the other; gives their records and the peak memory of this process in bytes."""
    records = [convert_item(recipe, task) for task in tasks]
    unit = 1 if sys.platform == "darwin" else 1024
    return records, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def convert_item(recipe: Recipe, task: Task) -> ItemRecord:
    """Convert one item; what goes wrong is in its record."""
    started = time.monotonic()
    record = ItemRecord(identity(task.source), "failed", recipe.digest)
    try:
        # What a job gave does not change, and may be gone from the server.
        if recipe.server is not None and task.earlier and _is_unchanged(task, task.earlier.sha256):
            return replace(task.earlier, status="unchanged")
        with tempfile.TemporaryDirectory(prefix="icreport-") as folder:
            path = _local(recipe, task.source, Path(folder))
            with open_source(path).open() as stream:
                digest = stream.sha256()
            if task.earlier is not None and _is_unchanged(task, digest):
                return replace(task.earlier, status="unchanged")
            record = _convert(recipe, task, path, digest)
    except IcreportError as error:
        record = failed(task, recipe, type(error).__name__, str(error))
    except OSError as error:
        record = failed(task, recipe, type(error).__name__, error.strerror or str(error))
    except MemoryError:
        record = failed(task, recipe, "MemoryError", "the worker ran out of memory")
    except Exception as error:  # noqa: BLE001 - one bad item must not take the others with it
        record = failed(task, recipe, type(error).__name__, f"internal error: {type(error).__name__}; please report it")
    return replace(record, seconds=round(time.monotonic() - started, 3))


def failed(task: Task, recipe: Recipe, kind: str, message: str) -> ItemRecord:
    """Give the record of an item that failed."""
    return ItemRecord(identity(task.source), "failed", recipe.digest, error=ErrorRecord(kind, message))


def _convert(recipe: Recipe, task: Task, path: Path, digest: str) -> ItemRecord:
    results: dict[str, ConversionResult] = {}
    held = path.stat().st_size * (_PACKED if path.suffix == ".gz" else 1) <= HELD
    source: Any = read(path) if held else path
    make: Any = write if held else convert
    for kind, target in task.targets.items():
        _make_folder(target)
        results[kind] = make(source, target, format=kind, strict=recipe.strict, **recipe.options[kind])
    first = next(iter(results.values()))
    return ItemRecord(
        identity(task.source),
        "done",
        recipe.digest,
        sha256=digest,
        targets=tuple(
            TargetRecord(
                identity(task.targets[kind]), kind, result.target_size or 0, result.target_sha256 or "", result.rows
            )
            for kind, result in results.items()
        ),
        elements=len(first.elements),
        rows=sum(element.rows_in or 0 for element in first.elements),
        warnings=tuple(
            {"format": kind, "code": told.code, "message": str(told), "count": told.count, "loss": told.loss}
            for kind, result in results.items()
            for told in result.warnings
        ),
    )


def _local(recipe: Recipe, source: str, folder: Path) -> Path:
    """Give the item as a file of this machine, so that what is hashed is what is converted."""
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
    """Give the session of this thread: logged in once for all of its items, logged out when the worker ends."""
    from icreport.client.client import connect  # noqa: PLC0415
    from icreport.client.settings import load_settings  # noqa: PLC0415

    key = recipe.server, recipe.ca_bundle
    sessions: dict[Any, Client] = _THREAD.__dict__.setdefault("sessions", {})
    if key not in sessions:
        sessions[key] = connect(load_settings(recipe.server)[0], recipe.ca_bundle)
        # Worker processes of multiprocessing run its finalizers, not those of atexit.
        Finalize(None, sessions[key].close, exitpriority=1)
    return sessions[key]


def _is_unchanged(task: Task, digest: str | None) -> bool:
    earlier = task.earlier
    return (
        earlier is not None
        and earlier.sha256 == digest
        and {target.format: target.path for target in earlier.targets}
        == {kind: identity(target) for kind, target in task.targets.items()}
        and all(
            _size_and_sha256(task.targets[target.format]) == (target.size, target.sha256) for target in earlier.targets
        )
    )


def _make_folder(target: str) -> None:
    if "://" not in target:
        Path(target).parent.mkdir(parents=True, exist_ok=True)


def _size_and_sha256(target: str) -> tuple[int, str]:
    """Give the bytes of a document and their SHA-256; (-1, "") where it cannot be read, and is to be made again."""
    try:
        if "://" not in target:
            return Path(target).stat().st_size, _sha256(Path(target))
        import fsspec  # noqa: PLC0415

        digest, size = hashlib.sha256(), 0
        with fsspec.open(target, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
        return size, digest.hexdigest()
    except Exception:  # noqa: BLE001 - each file system of fsspec has errors of its own
        return -1, ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
