"""TODO icreport.output.publishing."""

from __future__ import annotations

import io
import os
import sys
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from icreport.errors import OutputError
from icreport.output.archive import to_archive
from icreport.output.drafts import FileDraft, FolderDraft
from icreport.output.local import to_file, to_folder, to_stream
from icreport.output.remote import to_url
from icreport.output.target import SupportsWrite, Target, suffix_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def publish(target: Target, data: bytes) -> None:
    """Write a small document, whole or not at all; raises `OutputError`."""
    with drafting(target) as draft:
        if isinstance(draft, FolderDraft):
            raise OutputError("this is one file", remedy="name a target that is a file")
        draft.write(data)


class _TriedError(Exception):
    """A draft was begun only to see whether it can be."""


def try_target(target: str, *, no_clobber: bool = False) -> None:
    """See whether a document can be written to a path before the work for it is done; raises `OutputError`.

    Streams, URLs and folders, where trying leaves something behind, are not tried.
    """
    if (
        target == "-"
        or "://" in target
        or suffix_of(target) == "/"
        or (Path(target).exists() and not Path(target).is_file())
    ):
        return
    with suppress(_TriedError), drafting(target, no_clobber=no_clobber):
        raise _TriedError


@contextmanager
def drafting(target: Target, *, no_clobber: bool = False) -> Iterator[FileDraft | FolderDraft]:
    """Give a draft that becomes the target when the block ends well, and vanishes when it does not.

    A file is written beside its target, synced and renamed over it (POSIX rename is atomic), keeping the mode and
    owner of a file that was there; a link is followed. Streams get their bytes at the end. Raises `OutputError`.
    """
    try:
        with _draft(target, no_clobber=no_clobber) as draft:
            yield draft
    except OSError as error:
        if isinstance(error, BrokenPipeError) and target == "-":
            raise  # whoever read our output has left, which is no failure to tell
        shown = target if isinstance(target, str | os.PathLike) else error.filename
        name = "" if shown is None or shown == "-" else f" {os.fspath(shown)!r}"
        remedy = "make its folder first" if isinstance(error, FileNotFoundError) else ""
        raise OutputError(f"cannot write{name}: {error.strerror or error}", remedy=remedy) from error


def _draft(target: Target, *, no_clobber: bool) -> AbstractContextManager[FileDraft | FolderDraft]:
    if not isinstance(target, str | os.PathLike):
        if not hasattr(target, "write") or isinstance(target, io.TextIOBase):
            raise OutputError(
                f"a {type(target).__name__} takes no bytes", remedy="give a path, or a file opened with 'wb'"
            )
        return to_stream(target)
    name = os.fspath(target)
    if name == "-":
        if sys.stdout is None:
            raise OutputError("standard output is closed")
        # In a notebook it has no buffer, and takes only text.
        stream: SupportsWrite = getattr(sys.stdout, "buffer", cast("Any", sys.stdout))
        return _draft(stream, no_clobber=no_clobber)
    if "://" in name:
        return to_url(name, no_clobber=no_clobber)
    return _to_path(name, no_clobber=no_clobber)


def _to_path(name: str, *, no_clobber: bool) -> AbstractContextManager[FileDraft | FolderDraft]:
    if not name:
        raise OutputError("the target has no name")
    given = Path(name)
    try:
        # A pipe or device by the name that was given: those in /dev/fd have no other.
        is_special = given.exists() and not given.is_file() and not given.is_dir()
        path = Path(os.path.realpath(given))
    except ValueError as error:
        raise OutputError(f"there can be no file {name!r:.200}: {error}") from error
    if is_special:
        return _to_special(given)
    if path.is_symlink():
        raise OutputError(f"{name!r} is a link that leads in a circle")
    suffix = suffix_of(name)
    if no_clobber and suffix != "/" and path.exists():
        raise OutputError(f"{name!r} is there already", remedy="leave --no-clobber out to replace it")
    if suffix == "/":
        return to_folder(path, no_clobber=no_clobber)
    if suffix.lower() == ".zip":
        return to_archive(path, no_clobber=no_clobber)
    return to_file(path, no_clobber=no_clobber)


@contextmanager
def _to_special(path: Path) -> Iterator[FileDraft]:
    with path.open("wb") as stream, to_stream(stream) as draft:
        yield draft
