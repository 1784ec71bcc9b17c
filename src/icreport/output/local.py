"""Files, folders and streams of this machine that get all of a document or nothing."""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, cast

from icreport.errors import OutputError
from icreport.host import change_mode, change_owner, replace, sync_folder
from icreport.limits import IN_MEMORY
from icreport.output.draft_names import draft_beside
from icreport.output.drafts import BLOCK, FileDraft, FolderDraft, stale_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from icreport.output.target import SupportsWrite

    Tell = Callable[[str], None]
    """Takes what a file system cannot do, of a document that was written all the same."""

_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.EACCES, errno.EBADF}
"""What file systems answer to what they cannot do (network shares, FUSE)."""


@contextmanager
def to_stream(stream: SupportsWrite) -> Iterator[FileDraft]:
    """Yield a draft that is written to a stream at the end."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as draft:
        yield FileDraft(cast("BinaryIO", draft))
        draft.seek(0)
        try:
            while block := draft.read(BLOCK):
                _write_all(stream, block)
            getattr(stream, "flush", lambda: None)()
        except (TypeError, ValueError) as error:
            raise OutputError(f"the target takes no bytes: {error}") from error


def _write_all(stream: SupportsWrite, data: bytes) -> None:
    """Write bytes to a stream, of which those without a buffer (`io.RawIOBase`) may take fewer at a time, or none."""
    if not isinstance(stream, io.RawIOBase):
        stream.write(data)
        return
    left = memoryview(data)
    while left:
        taken = stream.write(left)
        if taken is None:
            raise BlockingIOError(errno.EAGAIN, "it takes nothing more now, and does not wait")
        left = left[taken:]


@contextmanager
def to_file(path: Path, tell: Tell, *, no_clobber: bool) -> Iterator[FileDraft]:
    """Yield a draft beside the path, which takes its name when it is whole."""
    # Hidden and beside the target: a rename is atomic only within one file system.
    part = draft_beside(path)
    try:
        with part.open("x+b") as stream:
            # Before there is anything to see: what was private is not open to others meanwhile.
            _keep_mode_and_owner(path, stream.fileno(), tell)
            yield FileDraft(stream)
            stream.flush()
            unsynced = sync_file(stream.fileno())
        if no_clobber:
            _publish_new(part, path)
        else:
            replace(part, path)
    except FileExistsError as error:
        raise OutputError(f"{str(path)!r} already exists") from error
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    _tell_unsynced(path, [unsynced, _sync_folder(path.parent)], tell)


def _publish_new(part: Path, path: Path) -> None:
    """Give a draft the name of its target unless that exists."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError, NotImplementedError):
        # Without hard links the name is taken first, by a file that the draft then replaces.
        path.open("xb").close()
        try:
            replace(part, path)
        except BaseException:
            path.unlink()
            raise


def _keep_mode_and_owner(path: Path, file: int, tell: Tell) -> None:
    """Give a draft the mode and owner of the file that it will replace, as far as the file system lets us."""
    try:
        old = path.stat()
    except FileNotFoundError:
        return
    mode = stat.S_IMODE(old.st_mode)
    try:
        change_mode(file, mode)
    except OSError as error:
        tell(f"the mode of {str(path)!r} could not be kept: {error.strerror}")
    with suppress(OSError):
        change_owner(file, old.st_uid, old.st_gid)


def sync_file(file: int) -> str | None:
    """Sync a file to disk before it is published.

    Return why the file system cannot do that, if it says so; other errors (a full disk) are raised.
    """
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
        return os.strerror(error.errno or 0)
    return None


def _sync_folder(folder: Path) -> str | None:
    """Sync the folder of a file that is already published, so a failure is returned, not raised."""
    try:
        sync_folder(folder)
    except OSError as error:
        return error.strerror
    return None


def _tell_unsynced(path: Path, reasons: list[str | None], tell: Tell) -> None:
    """Warn once if anything could not be synced."""
    if reason := next(filter(None, reasons), None):
        tell(f"{str(path)!r} could not be synced, so a power cut may undo this: {reason}")


@contextmanager
def to_folder(path: Path, tell: Tell, *, no_clobber: bool) -> Iterator[FolderDraft]:
    """Yield a folder beside the path, whose files move there when all are whole.

    Files that an earlier data package of the folder lists, and this one does not, are removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_beside(path)
    draft.mkdir(0o700)  # nobody else's until its files are in their place
    try:
        yield FolderDraft(draft)
        made = sorted(file.name for file in draft.iterdir())
        taken = [name for name in made if (path / name).exists()]
        if no_clobber and taken:
            raise OutputError(f"{str(path / taken[0])!r} already exists")
        path.mkdir(exist_ok=True)
        stale = stale_files(_read_if_there(path / "datapackage.json"), made)
        unsynced: list[str | None] = []
        for name in made:
            with (draft / name).open("r+b") as file:
                _keep_mode_and_owner(path / name, file.fileno(), tell)
                unsynced.append(sync_file(file.fileno()))
        for name in made:
            replace(draft / name, path / name)
        for name in stale:
            (path / name).unlink(missing_ok=True)
        _tell_unsynced(path, [*unsynced, _sync_folder(path)], tell)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _read_if_there(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
