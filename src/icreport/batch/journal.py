"""The journal of a batch: a line of JSON for each item, by which a run that was cut short goes on."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

import msgspec

from icreport.batch.records import ItemRecord
from icreport.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Self

NAME = "icreport-journal.jsonl"


class Journal:
    """A file of `ItemRecord`s (JSON Lines), one run's at a time; `done` has those that earlier runs left.

    Each line is on disk before the next item counts. A line that a crash has torn is dropped. Raises `OutputError`,
    and `UsageError` while another run writes here.
    """

    def __init__(self, path: Path, *, resume: bool) -> None:
        self.path = path
        self.done: dict[str, ItemRecord] = {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("r+b" if path.exists() else "w+b", buffering=0)
        except OSError as error:
            raise OutputError(f"cannot write the journal {str(path)!r}: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise UsageError(f"another run writes the journal {str(path)!r}", remedy="wait for it to end") from None
        try:
            if resume:
                self._load()
            else:
                self._file.truncate()
        except BaseException:
            self._file.close()
            raise

    def _load(self) -> None:
        whole = 0
        decoder = msgspec.json.Decoder(ItemRecord)
        for line in self._file.readall().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            try:
                record = decoder.decode(line)
            except msgspec.MsgspecError as error:
                raise UsageError(f"{str(self.path)!r} is no journal: {error}", remedy="name another one") from None
            if record.status == "failed":
                self.done.pop(record.source, None)
            else:
                self.done[record.source] = record
        if self._file.tell() > whole:
            self._file.truncate(whole)
        self._file.seek(whole)

    def append(self, records: Sequence[ItemRecord]) -> None:
        """Take down what became of some items."""
        if not records:
            return
        lines = b"".join(msgspec.json.encode(record) + b"\n" for record in records)
        try:
            self._file.write(lines)
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(f"cannot write the journal {str(self.path)!r}: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
