"""TODO icreport.output.local."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from icreport.errors import OutputError
from icreport.output.drafts import FileDraft, FolderDraft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icreport.output.target import SupportsWrite

IN_MEMORY = 1 << 22
_LONGEST_NAME = 200  # bytes of a target's name in that of its draft
_DRAFT = re.compile(r"\.(.*)\.[0-9a-f]{8}\.part", re.DOTALL)


@contextmanager
def to_stream(stream: SupportsWrite) -> Iterator[FileDraft]:
    """Yield a draft that is written to a stream at the end."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as draft:
        yield FileDraft(cast("BinaryIO", draft))
        draft.seek(0)
        try:
            shutil.copyfileobj(draft, stream)
            getattr(stream, "flush", lambda: None)()
        except (TypeError, ValueError) as error:
            raise OutputError(f"the target takes no bytes: {error}") from error


def remove_drafts(targets: Iterable[str]) -> None:
    """Remove what conversions to these paths left when they were killed; none of them may be running."""
    for folder, names in groupby(sorted(map(os.path.split, targets)), key=itemgetter(0)):
        known = {_shortened(name) for _, name in names}
        with suppress(OSError), os.scandir(folder or ".") as entries:
            for entry in entries:
                draft = _DRAFT.fullmatch(entry.name)
                if draft is not None and draft[1] in known:
                    Path(entry.path).unlink(missing_ok=True)


@contextmanager
def to_file(path: Path, *, no_clobber: bool) -> Iterator[FileDraft]:
    """Yield a draft beside the path, which takes its name when it is whole."""
    # Hidden and beside the target: a rename is atomic only within one file system.
    part = path.with_name(f".{_shortened(path.name)}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x+b") as stream:
            # Before there is anything to see: what was private is not open to others meanwhile.
            _keep_mode_and_owner(path, stream.fileno())
            yield FileDraft(stream)
            stream.flush()
            os.fsync(stream.fileno())
        if no_clobber:
            os.link(part, path)
        else:
            part.replace(path)
        _sync_folder(path.parent)
    except FileExistsError as error:
        raise OutputError(f"{str(path)!r} is there already") from error
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _shortened(name: str) -> str:
    """Leave room in a name for what is put around it; file systems count bytes."""
    return os.fsdecode(os.fsencode(name)[:_LONGEST_NAME])


def _keep_mode_and_owner(path: Path, file: int) -> None:
    try:
        old = path.stat()
    except FileNotFoundError:
        return
    os.fchmod(file, stat.S_IMODE(old.st_mode))
    with suppress(PermissionError):
        os.fchown(file, old.st_uid, old.st_gid)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def to_folder(path: Path, *, no_clobber: bool) -> Iterator[FolderDraft]:
    """Yield a folder beside the path, whose files move there when all are whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{_shortened(path.name)}.", suffix=".part", dir=path.parent))
    try:
        yield FolderDraft(draft)
        taken = [file.name for file in draft.iterdir() if (path / file.name).exists()]
        if no_clobber and taken:
            raise OutputError(f"{str(path / taken[0])!r} is there already")
        path.mkdir(exist_ok=True)
        for file in sorted(draft.iterdir()):
            file.replace(path / file.name)
        _sync_folder(path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
