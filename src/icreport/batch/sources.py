"""Which reports a batch is of: files, folders, patterns, URLs, lists of them, and job ids."""

from __future__ import annotations

import glob
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from icreport.errors import MissingExtraError, ReadError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES = (".json", ".json.gz")
"""The names of report documents end in one of these; a folder stands for the files of it that do."""


def expand(sources: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """Give each source: `-` stands for the lines of standard input, `@FILE` for a file's, a folder for its reports.

    Patterns (`*`, `?`, `[…]`, and `**` for folders below) work in paths and URLs. A file that is not there is found
    out when its turn comes, and fails alone. Raises `UsageError` for a pattern or folder without a report.
    """
    for source in [os.fspath(source) for source in sources]:
        if source == "-":
            yield from expand(_lines(sys.stdin.read()))
        elif source.startswith("@"):
            yield from expand(_lines(_text(source[1:])))
        elif "://" in source:
            yield from _urls(source)
        elif Path(source).is_dir():
            inside = sorted(str(path) for path in Path(source).iterdir() if path.name.endswith(SUFFIXES))
            yield from _some(inside, source)
        elif glob.has_magic(source) and not Path(source).exists():
            found = glob.iglob(source, recursive=True)  # noqa: PTH207 - of Path there are none for absolute patterns
            yield from _some(sorted(found), source)
        else:
            yield source


def expand_jobs(jobs: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """Give each job id: `-` and `@FILE` stand for lists of them."""
    for job in [os.fspath(job) for job in jobs]:
        if job == "-":
            yield from _lines(sys.stdin.read())
        elif job.startswith("@"):
            yield from _lines(_text(job[1:]))
        else:
            yield job


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"cannot read the list {path!r}: {getattr(error, 'strerror', None) or error}") from error


def _some(found: list[str], source: str) -> list[str]:
    if not found:
        raise UsageError(f"{source!r} has no reports", remedy=f"their names end in {' or '.join(SUFFIXES)}")
    return found


def _urls(url: str) -> Iterator[str]:
    if not (url.endswith("/") or glob.has_magic(url.partition("?")[0] if url.startswith("http") else url)):
        yield url
        return
    import fsspec  # noqa: PLC0415

    scheme = url.partition("://")[0]
    try:
        system, path = fsspec.url_to_fs(url)
        found = system.glob(path) if glob.has_magic(path) else system.ls(path, detail=False)
    except ImportError as error:
        raise MissingExtraError(f"reading {scheme}://", "remote") from error
    except Exception as error:  # noqa: BLE001 - each file system of fsspec has errors of its own
        raise ReadError(f"cannot list {scheme}://{path_of(url)}: {type(error).__name__}") from None
    kept = found if glob.has_magic(path) else [name for name in found if name.endswith(SUFFIXES)]
    yield from _some([system.unstrip_protocol(name) for name in sorted(kept)], f"{scheme}://{path_of(url)}")


def path_of(url: str) -> str:
    """Give a URL's place without its scheme and without who logs in there."""
    return url.partition("://")[2].rpartition("@")[2]
