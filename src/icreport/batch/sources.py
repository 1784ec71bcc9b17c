"""Which reports a batch is of: files, folders, patterns, URLs, lists of them, and job ids."""

from __future__ import annotations

import codecs
import glob
import os
import posixpath
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from icreport.errors import IcreportError, MissingExtraError, ReadError, UsageError
from icreport.urls import any_error_as, redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fsspec import AbstractFileSystem

SUFFIXES = (".json", ".json.gz")
"""The names of report documents end in one of these; a folder stands for the files of it that do."""


def expand(sources: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """Yield each source: `-` stands for the lines of standard input, `@FILE` for a file's, a folder for its reports.

    Patterns (`*`, `?`, `[…]`, and `**` for folders below) work in paths and URLs. A file that is not there is found
    out when its turn comes, and fails alone. Raises `UsageError` for a pattern or folder without a report and, unless a
    list has it, for what is neither there nor called as a report; `ReadError` for a list or folder that cannot be read.
    """
    given = [os.fspath(source) for source in sources]
    named = frozenset(source for source in given if not source.startswith(("-", "@")))
    for source in expand_lists(given):
        if "://" in source:
            yield from _urls(source)
        elif Path(source).is_dir():
            yield from _some(_inside(source), source)
        elif glob.has_magic(source) and not Path(source).exists():
            found = glob.iglob(source, recursive=True)  # noqa: PTH207 - of Path there are none for absolute patterns
            yield from _some(sorted(found), source)
        elif source in named and not source.lower().endswith(SUFFIXES) and not _exists(source):
            raise UsageError(f"there is no file or folder {source!r}", remedy="check the path")
        else:
            yield source


def places(sources: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """Yield the folders, patterns and files that sources stand for, those of lists in files too."""
    for source in [os.fspath(source) for source in sources]:
        if source != "-":  # which can be read once
            yield from expand_lists([source])


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # what is wrong with it is said when its turn comes
        return True


def expand_lists(sources: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """Yield each source, or job id: `-` and `@FILE` stand for lists with a line each."""
    for source in [os.fspath(source) for source in sources]:
        if source == "-":
            yield from _lines(sys.stdin.buffer.read() if sys.stdin is not None else b"")
        elif source.startswith("@"):
            yield from _lines(_content(source[1:]))
        else:
            yield source


def file_name(source: str) -> str:
    """Return the last part of a path or URL, without the query of the latter."""
    return posixpath.basename(source.partition("?")[0] if "://" in source else source)


def _lines(content: bytes) -> list[str]:
    # Names of files are bytes, which need not be UTF-8.
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # as PowerShell writes them
        text = content.decode("utf-16", "replace")
    else:
        text = os.fsdecode(content.removeprefix(codecs.BOM_UTF8))
    return [line.strip() for line in text.split("\n") if line.strip()]


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ReadError(f"cannot read the list {redacted(path)!r}: {error.strerror}") from error


def _inside(folder: str) -> list[str]:
    try:
        return sorted(str(path) for path in Path(folder).iterdir() if _is_report(path.name))
    except OSError as error:
        raise ReadError(f"cannot list {folder!r}: {error.strerror}") from error


def _is_report(name: str) -> bool:
    # Hidden files are not meant, as in patterns: copies that a Mac leaves, drafts.
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def _some(found: list[str], source: str) -> list[str]:
    if not found:
        raise UsageError(f"{source!r} has no reports", remedy=f"their names end in {' or '.join(SUFFIXES)}")
    return found


def _urls(url: str) -> Iterator[str]:
    has_query = url.startswith("http")
    is_pattern = glob.has_magic(url.partition("?")[0] if has_query else url)
    # What has no suffix may be a folder; over HTTP it is as likely a report.
    if not is_pattern and (has_query or "." in file_name(url)) and not url.endswith("/"):
        yield url
        return
    import fsspec

    def ours(error: Exception) -> IcreportError:
        if isinstance(error, ImportError):
            return MissingExtraError(f"reading {url.partition('://')[0]}://", "remote")
        return ReadError(f"cannot list {redacted(url)}: {type(error).__name__}")

    with any_error_as(ours):
        system, path = fsspec.url_to_fs(url)
        found = _found(system, path, is_pattern=is_pattern, may_be_file=not url.endswith("/"))
    if found is None:
        yield url
        return
    yield from _some([system.unstrip_protocol(name) for name in sorted(found)], redacted(url))


def _found(system: AbstractFileSystem, path: str, *, is_pattern: bool, may_be_file: bool) -> list[str] | None:
    """Return the paths that a pattern or folder stands for; None for anything else."""
    if is_pattern:
        return list(system.glob(path))
    if may_be_file and not system.isdir(path):
        return None
    return [name for name in system.ls(path, detail=False) if _is_report(posixpath.basename(name))]
