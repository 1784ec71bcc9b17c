"""Drafts of documents: each becomes its target when it is whole, and vanishes when it does not."""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from icreport.errors import OutputError
from icreport.host import any_length
from icreport.limits import IN_MEMORY
from icreport.output.drafts import GzipDraft
from icreport.output.local import to_file, to_folder, to_stream
from icreport.output.target import SupportsWrite, Target, is_gzipped, suffix_of
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from icreport.output.drafts import FileDraft, FolderDraft
    from icreport.output.local import Tell
    from icreport.output.remote import RemoteTarget

_LOG = logging.getLogger(__name__)


def publish(target: Target, data: bytes) -> None:
    """Write a small file, whole or not at all; raises `OutputError`."""
    with draft_file(target) as draft:
        draft.write(data)


class _TriedError(Exception):
    """A draft was begun only to see whether it can be."""


def try_target(target: str, *, no_clobber: bool = False) -> None:
    """Check whether a document can be written to a path before the work for it is done; raises `OutputError`.

    Streams, URLs and folders, where trying leaves something behind, are not tried.
    """
    if (
        target == "-"
        or "://" in target
        or suffix_of(target) == "/"
        or (Path(target).exists() and not Path(target).is_file())
    ):
        return
    with suppress(_TriedError), draft_file(target, no_clobber=no_clobber):
        raise _TriedError


def is_folder(target: Target) -> bool:
    """Return whether a target takes several files: a folder, or a ZIP archive."""
    return suffix_of(target).lower() in {"/", ".zip"} and isinstance(target, str | os.PathLike)


@contextmanager
def draft_file(target: Target, *, no_clobber: bool = False, tell: Tell = _LOG.warning) -> Iterator[FileDraft]:
    """Yield a draft of one file.

    It is written beside its target, synced, and renamed over it (POSIX rename is atomic), with the mode and owner of
    a file that was there; a link is followed. Streams get their bytes at the end. `tell` takes what a file system
    cannot do, which is done without. Raises `OutputError`.
    """
    with _errors(target), _draft_file(target, tell, no_clobber=no_clobber) as draft:
        yield draft


@contextmanager
def draft_folder(
    target: str | os.PathLike[str], *, no_clobber: bool = False, tell: Tell = _LOG.warning
) -> Iterator[FolderDraft]:
    """Yield a draft of several files: of a ZIP archive where the target ends in .zip, else of a folder."""
    with _errors(target), _draft_folder(os.fspath(target), tell, no_clobber=no_clobber) as draft:
        yield draft


@contextmanager
def _draft_folder(name: str, tell: Tell, *, no_clobber: bool) -> Iterator[FolderDraft]:
    if suffix_of(name).lower() == ".zip":
        from icreport.output.archive import to_archive as make  # with zipfile and what it imports
    else:
        make = to_folder
    path = _path(name, no_clobber=no_clobber)
    if isinstance(path, Path):
        with make(path, tell, no_clobber=no_clobber) as draft:
            yield draft
        return
    with path.draft() as local, make(local, tell, no_clobber=False) as draft:
        yield draft


@contextmanager
def _draft_file(target: Target, tell: Tell, *, no_clobber: bool) -> Iterator[FileDraft]:
    if not isinstance(target, str | os.PathLike):
        if not hasattr(target, "write") or isinstance(target, io.TextIOBase):
            raise OutputError(
                f"a {type(target).__name__} takes no bytes", remedy="give a path, or a file opened with 'wb'"
            )
        with to_stream(target) as draft:
            yield draft
        return
    name = os.fspath(target)
    if name == "-":
        with to_stream(_standard_output()) as draft:
            yield draft
        return
    if suffix_of(name) == "/":
        raise OutputError(f"{redacted(name)!r} is a folder, and this is one file", remedy="name a file")
    path = _path(name, no_clobber=no_clobber)
    if not isinstance(path, Path):
        with path.draft() as local, to_file(local, tell, no_clobber=False) as draft:
            yield draft
    elif path.exists() and not path.is_file():
        # A pipe or device.
        with path.open("wb") as stream, to_stream(stream) as draft:
            yield draft
    else:
        with to_file(path, tell, no_clobber=no_clobber) as draft:
            yield draft


def _standard_output() -> SupportsWrite:
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    # In a notebook it has no buffer, and takes only text.
    stream: SupportsWrite = getattr(sys.stdout, "buffer", cast("Any", sys.stdout))
    return stream


def _path(name: str, *, no_clobber: bool) -> Path | RemoteTarget:
    """Return where a name leads, links followed."""
    if "://" in name:
        from icreport.output.remote import RemoteTarget  # most targets are of this machine

        remote = RemoteTarget(name, no_clobber=no_clobber)
        if remote.local_path is None:
            return remote
        name = str(remote.local_path) + "/" * name.endswith("/")
    if not name:
        raise OutputError("the target has no name")
    given = Path(name)
    try:
        if given.exists() and not given.is_file() and not given.is_dir():
            return given  # as it was given: those in /dev/fd have no other name
        path = any_length(Path(os.path.realpath(given)))
    except ValueError as error:
        raise OutputError(f"there can be no file {name!r:.200}: {error}") from error
    if path.is_symlink():
        raise OutputError(f"{name!r} is a link that leads in a circle")
    if no_clobber and suffix_of(name) != "/" and path.exists():
        raise OutputError(f"{name!r} already exists", remedy="name another target, or let it be replaced")
    return path


@contextmanager
def _errors(target: Target) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if isinstance(error, BrokenPipeError) and target == "-":
            raise  # whoever read our output has left, which is no failure to tell
        if error.errno == errno.ENOENT and "temporary directory" in str(error):
            remedy = "make room in one, or set TMPDIR to a folder that can be written to"
            raise OutputError("there is no usable folder for temporary files", remedy=remedy) from error
        shown = target if isinstance(target, str | os.PathLike) else error.filename
        name = "" if shown is None or shown == "-" else f" {_shown(shown)!r}"
        remedy = "make its folder first" if isinstance(error, FileNotFoundError) else ""
        raise OutputError(f"cannot write{name}: {error.strerror or error}", remedy=remedy) from error


def _shown(path: str | bytes | os.PathLike[str]) -> str:
    return redacted(os.fsdecode(path))


@contextmanager
def _draft_gzipped(target: Target, tell: Tell, *, no_clobber: bool) -> Iterator[FileDraft]:

    # Renderers go back in what they have written, which compressed data do not allow.
    with (
        draft_file(target, no_clobber=no_clobber, tell=tell) as packed,
        tempfile.SpooledTemporaryFile(IN_MEMORY) as plain,
    ):
        draft = GzipDraft(cast("BinaryIO", plain))
        yield draft
        draft.compress_to(packed)


def draft_document(
    target: Target, *, no_clobber: bool = False, tell: Tell = _LOG.warning
) -> AbstractContextManager[FileDraft | FolderDraft]:
    """Yield a draft of a document: of several files where its target takes them, else of one; compressed for `….gz`."""
    if isinstance(target, str | os.PathLike) and is_folder(target):
        return draft_folder(target, no_clobber=no_clobber, tell=tell)
    if is_gzipped(target):
        return _draft_gzipped(target, tell, no_clobber=no_clobber)
    return draft_file(target, no_clobber=no_clobber, tell=tell)
