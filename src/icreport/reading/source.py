"""Where reports come from: one way to open a path, URL, stream, text, bytes or dict, as often as needed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from icreport.errors import MissingExtraError, ReadError
from icreport.host import any_length
from icreport.limits import IN_MEMORY
from icreport.urls import any_error_as, redacted, redacted_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer


class SupportsRead(Protocol):
    """Anything with a `read` that gives bytes or text."""

    def read(self, size: int = ..., /) -> bytes | str:
        """Return up to `size` bytes or characters."""


Source = str | os.PathLike[str] | bytes | dict[str, Any] | SupportsRead


class OpenSource:
    """A source that can be read from its start again: `open()` gives a stream of its bytes, `close()` closes it.

    `is_document` is false where the bytes are of our making and not those of a document that somebody has.
    """

    def __init__(
        self,
        name: str | None,
        opener: Callable[[], BinaryIO],
        closer: Callable[[], None] = lambda: None,
        *,
        is_document: bool = True,
    ) -> None:
        self.name = name
        self.close = closer
        self.is_document = is_document
        self._opener = opener

    def open(self) -> HashedStream:
        """Return a stream over the bytes from the first on."""
        name = f"{self.name!r:.200}"
        try:
            return HashedStream(self._opener())
        except FileNotFoundError as error:
            raise ReadError(f"there is no file {name}", remedy="check the path") from error
        except IsADirectoryError as error:
            raise ReadError(f"{name} is a folder", remedy="name a file in it") from error
        except OSError as error:
            raise ReadError(f"cannot read {name}: {error.strerror or error}") from error
        except ValueError as error:  # a name that no file can have: NUL, half of a surrogate pair
            raise ReadError(f"there can be no file {name}: {error}") from error


class HashedStream(io.RawIOBase):
    """A stream whose bytes are hashed as they are read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        """Return true."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes."""
        with any_error_as(_reading_failed):
            data = self._stream.read(size)
        self._digest.update(data)
        return data

    def sha256(self) -> str:
        """Read what is left, and return the hash of everything."""
        while self.read(1 << 20):
            pass
        return self._digest.hexdigest()

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
        super().close()


def open_source(source: Source) -> OpenSource:
    """Open a source: a `str` that starts with `{` is JSON, `-` is stdin, `scheme://…` goes through fsspec."""
    if isinstance(source, dict):
        return _in_memory(_dump(source), is_document=False)
    if isinstance(source, bytes | bytearray | memoryview):
        return _in_memory(bytes(source))
    if isinstance(source, str):
        if source.lstrip("\ufeff \t\r\n").startswith("{"):
            return _in_memory(_encoded(source))
        if source == "-":
            if sys.stdin is None:
                raise ReadError("standard input is closed")
            return _replayed(None, getattr(sys.stdin, "buffer", sys.stdin))
        if "://" in source:
            return OpenSource(redacted(source), lambda: _open_url(source))
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        return OpenSource(str(path), lambda: any_length(path).open("rb"))
    if hasattr(source, "read"):
        name = getattr(source, "name", None)
        return _replayed(name if isinstance(name, str) else None, source)
    raise ReadError(
        f"a {type(source).__name__} is no source of a report",
        remedy="write it with icreport.write(report, target)"
        if hasattr(source, "elements")
        else "give a path, URL, file object, bytes, JSON text or dict",
    )


def no_room(what: str, error: OSError) -> ReadError:
    """Make the error for what cannot be kept in a temporary file."""
    remedy = "make room, or set TMPDIR to a folder that has it"
    return ReadError(f"cannot keep {what} in a temporary file: {error.strerror or error}", remedy=remedy)


def _replayed(name: str | None, stream: SupportsRead) -> OpenSource:
    replay = _Replay(stream)
    return OpenSource(name, replay.open, replay.close)


def _in_memory(data: bytes, *, is_document: bool = True) -> OpenSource:
    return OpenSource(None, lambda: io.BytesIO(data), is_document=is_document)


def _encoded(text: str) -> bytes:
    # Half of a surrogate pair becomes its escape, which is then counted and replaced as in any document.
    return text.encode("utf-8", "backslashreplace")


def _dump(document: dict[str, object]) -> bytes:
    try:
        return json.dumps(document, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ReadError(f"the dict is not a JSON document: {error}") from error


def _open_url(url: str) -> BinaryIO:
    import fsspec

    with any_error_as(lambda error: ReadError(f"cannot read {redacted(url)}: {type(error).__name__}")):
        try:
            system, path = fsspec.url_to_fs(url)
            opened: BinaryIO = system.open(path, "rb")
        except FileNotFoundError as error:
            # That is also what fsspec says of a server that is not there, or has an error.
            raise ReadError(f"there is nothing to read at {redacted(url)}", remedy="check the address") from error
        except ImportError as error:
            raise MissingExtraError(f"reading {redacted(url)}", "remote") from error
        # An archive within another file system is closed when nobody holds it.
        weakref.finalize(opened, lambda _: None, system)
    return opened


def _reading_failed(error: Exception) -> ReadError:
    return ReadError(f"reading failed: {redacted_text(getattr(error, 'strerror', None) or str(error))}")


class _Replay:
    """Lets a stream that can be read only once be read again, from a copy on disk of what has been read."""

    def __init__(self, stream: SupportsRead) -> None:
        self._stream = stream
        self._copy = cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY))
        self.close = self._copy.close

    def open(self) -> BinaryIO:
        return io.BufferedReader(_ReplayReader(self._stream, self._copy), 1 << 18)


class _ReplayReader(io.RawIOBase):
    def __init__(self, stream: SupportsRead, copy: BinaryIO) -> None:
        self._stream = stream
        self._copy = copy
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        self._copy.seek(self._at)
        data = self._copy.read(len(view))
        if not data:
            fresh = self._stream.read(len(view))
            fresh = _encoded(fresh) if isinstance(fresh, str) else fresh
            try:
                self._copy.write(fresh)
            except OSError as error:
                raise no_room("the source", error) from error
            # Text takes more bytes than were asked for: the copy has the rest.
            self._copy.seek(self._at)
            data = self._copy.read(len(view))
        self._at += len(data)
        view[: len(data)] = data
        return len(data)
