"""The journal of a batch: one line of JSON per item, from which an interrupted run resumes."""

from __future__ import annotations

import json
import logging
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import msgspec

from icreport.batch.records import ItemRecord
from icreport.errors import OutputError, UsageError
from icreport.host import change_mode, lock
from icreport.output.local import sync_file

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from pathlib import Path
    from typing import Self

_LOG = logging.getLogger(__name__)
NAME = "icreport-journal.jsonl"
_START = b'{"source":'
_DECODER = msgspec.json.Decoder(ItemRecord)


class Journal:
    """A file of `ItemRecord`s (JSON Lines), one run's at a time.

    `earlier` has the last of each source and recipe, for a run that resumes; those whose documents were removed since
    are not in it.

    Each line is on disk before the next item counts. A line that a crash has torn is dropped. A `private` journal,
    which names servers, is for its owner alone. Raises `OutputError`, and `UsageError` while another run writes here,
    or where the file is something else.
    """

    def __init__(self, path: Path, *, private: bool = False) -> None:
        self.path = path
        self.earlier: dict[tuple[str, str], ItemRecord] = {}
        self._done: dict[tuple[str, str], ItemRecord] = {}
        self._last_done: dict[str, ItemRecord] = {}
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            mode = 0o600 if private else 0o666
            self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, mode), "a+b")
            if private:
                with suppress(OSError):  # a share that knows no modes
                    path.chmod(mode)
        try:
            with self._told():
                self._lock()
                self._load()
                if private:
                    # Of one that already exists; where modes cannot be changed there are none.
                    with suppress(OSError):
                        change_mode(self._file.fileno(), stat.S_IMODE(os.fstat(self._file.fileno()).st_mode) & 0o700)
        except BaseException:
            self._file.close()
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(f"cannot write the journal {str(self.path)!r}: {error.strerror}") from error

    def _lock(self) -> None:
        try:
            is_ours = lock(self._file)
        except OSError as error:
            message = "%s cannot be locked (%s): take care that no other run writes there"
            _LOG.warning(message, self.path, error.strerror)
            return
        if not is_ours:
            raise UsageError(f"another run writes the journal {str(self.path)!r}", remedy="wait for it to end")

    def _load(self) -> None:
        self._file.seek(0)
        # The start of a first line may be all of it that a crash left, or not even that.
        start = self._file.read(len(_START)).rstrip(b"\0")
        if not self.path.is_file() or not _START.startswith(start):
            raise self._foreign()
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            record = _decode(line)
            if record is None and not whole:
                raise self._foreign()
            whole += len(line)
            if record is None:
                continue  # not whole, for whatever reason: its item is done again
            self._know(record)
        if self._file.tell() > whole:
            self._file.truncate(whole)

    def _know(self, record: ItemRecord) -> None:
        key = record.source, record.recipe
        if record.status == "removed":
            self.earlier.pop(key, None)
            self._done.pop(key, None)
            self._last_done.pop(record.source, None)
            return
        self.earlier[key] = record
        if record.status == "done":
            self._done[key] = self._last_done[record.source] = record

    def done_before(self, record: ItemRecord) -> ItemRecord | None:
        """Return what an earlier run that did an item says of it: one with the same recipe, else the last one."""
        return self._done.get((record.source, record.recipe)) or self._last_done.get(record.source)

    def start_anew(self, kept: Container[str]) -> None:
        """Drop all lines but those of the sources that are `kept`, for a run that does not resume."""
        with self._told():
            self._file.truncate(0)
        self.append([record for record in self.earlier.values() if record.source in kept])
        self.earlier = {key: record for key, record in self.earlier.items() if record.source in kept}

    def _foreign(self) -> UsageError:
        return UsageError(f"{str(self.path)!r} is no journal of a batch", remedy="name another file")

    def append(self, records: Sequence[ItemRecord]) -> None:
        """Append the results of items."""
        if not records:
            return
        with self._told():
            self._file.writelines(_encode(record) + b"\n" for record in records)
            self._file.flush()
            sync_file(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # what could not be written has been told
            self._file.close()


def _encode(record: ItemRecord) -> bytes:
    try:
        return msgspec.json.encode(record)
    except UnicodeEncodeError:
        # Names of files that are not UTF-8 have halves of surrogate pairs, which only Python's JSON escapes.
        return json.dumps(msgspec.to_builtins(record)).encode()


def _decode(line: bytes) -> ItemRecord | None:
    try:
        return _DECODER.decode(line)
    except msgspec.DecodeError:
        with suppress(ValueError, msgspec.ValidationError):
            return msgspec.convert(json.loads(line), ItemRecord)
    return None
