"""Documents on their way to their target: one stream of bytes, or a folder of files."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK = 1 << 20
_LEVEL = 6  # as gzip itself


class FileDraft:
    """A document that is one stream of bytes, hashed and counted as they are written."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self._start()

    def _start(self) -> None:
        self.digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """The hash of what has been written."""
        return self.digest.hexdigest()

    def write(self, data: bytes, /) -> int:
        """Add bytes."""
        self.digest.update(data)
        self.size += len(data)
        return self.stream.write(data)

    def insert(self, at: int, data: bytes) -> None:
        """Put bytes before the byte with index `at`."""
        end = self.stream.seek(0, os.SEEK_END)
        # From the end, so that nothing is written over before it has been read.
        while end > at:
            start = max(at, end - BLOCK)
            self.stream.seek(start)
            moved = self.stream.read(end - start)
            self.stream.seek(start + len(data))
            self.stream.write(moved)
            end = start
        self.stream.seek(at)
        self.stream.write(data)
        self.size += len(data)
        self.digest = hash_of(self.stream)

    def restart(self) -> None:
        """Drop what has been written."""
        self.stream.seek(0)
        self.stream.truncate()
        self._start()


class GzipDraft(FileDraft):
    """A document that is compressed (RFC 1952) when it is whole; its hash and size are then of what was made of it."""

    def compress_to(self, draft: FileDraft) -> None:
        """Write what it holds to another draft, compressed, without a name or time: the same bytes for the same."""
        self.stream.seek(0)
        with gzip.GzipFile("", "wb", _LEVEL, cast("BinaryIO", draft), 0) as packed:
            shutil.copyfileobj(self.stream, packed, BLOCK)
        self.digest, self.size = draft.digest, draft.size


class FolderDraft:
    """A document of several files, in a folder on its way to its place or into an archive.

    An archive has a size and a hash when it is published; a folder has none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.size: int | None = None
        self.sha256: str | None = None

    def open(self, name: str) -> BinaryIO:
        """Start a file; only the last part of the name counts."""
        return (self.folder / Path(name).name).open("wb")

    def restart(self) -> None:
        """Drop what has been written."""
        for path in self.folder.iterdir():
            path.unlink()


def hash_of(stream: BinaryIO) -> hashlib._Hash:
    """Read a stream from its start to its end for its hash."""
    digest = hashlib.sha256()
    stream.seek(0)
    while data := stream.read(BLOCK):
        digest.update(data)
    return digest


def stale_files(package: bytes, made: Sequence[str]) -> list[str]:
    """Return the files of an earlier data package (its `datapackage.json`) that a new one does not have.

    Only what such a list names is ours to remove, and only where the new document has a list again.
    """
    if "datapackage.json" not in made:
        return []
    try:
        resources = json.loads(package)["resources"]
        paths = [resource["path"] for resource in resources]
    except (ValueError, LookupError, TypeError):
        return []
    names = [path for path in paths if isinstance(path, str) and path == Path(path).name and not path.startswith(".")]
    # Where a file system knows no case, one that differs by it alone is the new one.
    kept = {name.casefold() for name in made}
    return sorted({name for name in names if name.casefold() not in kept})
