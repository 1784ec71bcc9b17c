"""What changed since an earlier run: sources that are gone, and the documents that were made of them."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from icreport.batch.item import size_and_sha256
from icreport.errors import OutputError
from icreport.urls import any_error_as, identity, redacted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from icreport.batch.records import ItemRecord, TargetRecord

_MAGIC = re.compile(r"[*?\[]")


def vanished(before: Iterable[str], now: Collection[str], given: Iterable[str]) -> list[str]:
    """Return the sources of an earlier run that are gone, of the folders and patterns that this run is of.

    `now` are the sources of this run, `given` its folders and patterns. What is elsewhere, what cannot be looked up and
    what comes from a server of jobs does not count as gone.
    """
    patterns = list(map(_pattern, given))
    known = set(map(identity, now))
    listed: dict[str, frozenset[str] | None] = {}
    return [
        source
        for source in before
        if source not in known and any(_is_of(source, *each) for each in patterns) and _is_gone(source, listed)
    ]


def _pattern(given: str) -> tuple[str, list[str]]:
    """Return the folder that a pattern starts in, and its parts from there on; a folder is the pattern of its files."""
    magic = _MAGIC.search(given)
    if not magic or given.startswith("http") or ("://" not in given and Path(given).exists()):
        return _slashes(identity(given)).rstrip("/"), ["*"]
    folder = _slashes(given[: magic.start()]).rpartition("/")[0]
    return identity(folder), _slashes(given[len(folder) :]).strip("/").split("/")


def _is_of(source: str, folder: str, pattern: Sequence[str]) -> bool:
    place = _slashes(source)
    return place.startswith(f"{folder}/") and _fits(place[len(folder) + 1 :].split("/"), pattern)


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Return whether the parts of a path are those of a pattern, in which `**` stands for any number of folders."""
    if not pattern or not parts:
        return not parts and all(part == "**" for part in pattern)
    if pattern[0] == "**":
        return _fits(parts, pattern[1:]) or _fits(parts[1:], pattern)
    return fnmatch(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])


def _slashes(path: str) -> str:
    return path if "://" in path else path.replace(os.sep, "/")


def _is_gone(source: str, listed: dict[str, frozenset[str] | None]) -> bool:
    if "://" not in source:
        with suppress(OSError, ValueError):
            return not Path(source).exists()
        return False
    # Over HTTP a server that is down cannot be told from one that has not what is asked for.
    if source.startswith("http") or "#" in source:
        return False
    folder, name = os.path.split(source)
    if folder not in listed:
        listed[folder] = _list(folder)
    names = listed[folder]
    return names is not None and name not in names


def _list(folder: str) -> frozenset[str] | None:
    """Return the names in a folder of a store, None where it cannot be listed."""
    import fsspec

    with suppress(Exception):  # each file system of fsspec has errors of its own
        system, path = fsspec.url_to_fs(folder)
        return frozenset(name.rstrip("/").rpartition("/")[2] for name in system.ls(path, detail=False, refresh=True))
    return None


def prune(record: ItemRecord, folder: str, keep: Collection[str]) -> tuple[list[str], list[str], list[str]]:
    """Remove the documents of a source that is gone from a folder; return those removed, those left, and failures.

    Only what is as we wrote it is removed, and nothing that is among the documents to `keep`.
    """
    removed: list[str] = []
    left: list[str] = []
    failures: list[str] = []
    for target in record.targets:
        place = _within(target, folder)
        if place is None or place in keep:
            left.append(target.path)
        elif (found := size_and_sha256(place)) == (target.size, target.sha256):
            try:
                with any_error_as(partial(_kept, target)):
                    _remove(place, folder)
            except OutputError as error:
                failures.append(str(error))
            else:
                removed.append(target.path)
        elif found[0] >= 0:
            left.append(target.path)
    return removed, left, failures


def _kept(target: TargetRecord, error: Exception) -> OutputError:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return OutputError(f"cannot remove {redacted(target.path)!r}: {reason}")


def _within(target: TargetRecord, folder: str) -> str | None:
    """Return where a document in a folder is, None for one elsewhere; the journal names no users and queries."""
    place = identity(folder).rstrip("/") + "/"
    path = target.path.replace(os.sep, "/") if "://" not in target.path else target.path
    if not path.startswith(place.replace(os.sep, "/") if "://" not in place else place):
        return None
    return f"{folder.rstrip('/')}/{path[len(place) :]}"


def _remove(place: str, folder: str) -> None:
    """Remove a document, and the folders below that of the batch that it leaves empty."""
    if "://" in place:
        import fsspec

        system, path = fsspec.url_to_fs(place)
        system.rm_file(path)
        return
    path = Path(place)
    path.unlink()
    with suppress(OSError):
        while (path := path.parent) != Path(folder):
            path.rmdir()
