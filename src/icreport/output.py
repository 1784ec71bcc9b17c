"""Where documents go: a file, folder, ZIP archive, stream or URL that gets all of a document or nothing."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
import time
import zipfile
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from icreport.errors import MissingExtraError, OutputError, RenderError
from icreport.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from icreport.warnings import Warnings

_IN_MEMORY = 1 << 22
_BLOCK = 1 << 20
_LONGEST_NAME = 200  # bytes of a target's name in that of its draft
_DRAFT = re.compile(r"\.(.*)\.[0-9a-f]{8}\.part", re.DOTALL)


class SupportsWrite(Protocol):
    """Anything with a `write` that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""


Target = str | os.PathLike[str] | SupportsWrite


class Output:
    """The sink of one rendering (see `icreport.rendering.renderer.Sink`)."""

    def __init__(
        self,
        draft: FileDraft | FolderDraft,
        warnings: Warnings,
        on_rows: Callable[[int, int | None], None],
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self.warnings = warnings
        self.limits = limits
        self.rows = 0
        self._painted: int | None = None
        self._draft = draft
        self._on_rows = on_rows

    @property
    def is_folder(self) -> bool:
        """Whether the target takes several files."""
        return isinstance(self._draft, FolderDraft)

    def write(self, data: bytes, /) -> object:
        """Add bytes to the document."""
        if isinstance(self._draft, FolderDraft):
            raise RenderError("this format is one file", remedy="name a target that is a file")
        return self._draft.write(data)

    def insert(self, at: int, data: bytes) -> None:
        """Put bytes among those that were written, before the byte with index `at`."""
        if isinstance(self._draft, FileDraft):
            self._draft.insert(at, data)

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Start a further file of a document that is a folder."""
        if isinstance(self._draft, FileDraft):
            raise RenderError("several files do not fit into one", remedy="name a target that ends in .zip or /")
        return self._draft.open(name)

    def advance(self, rows: int) -> None:
        """Count rows as done."""
        self.rows += rows
        self._on_rows(self.rows, self._painted)

    def advance_painting(self, rows: int) -> None:
        """Count rows as painted, of those that are done."""
        self._painted = (self._painted or 0) + rows
        self._on_rows(self.rows, self._painted)

    def restart(self) -> None:
        """Drop what has been written, for a rendering that starts again."""
        self.rows = 0
        self._painted = None
        self._draft.restart()


class FileDraft:
    """A document that is one stream of bytes, hashed and counted as they are written."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self._start()

    def _start(self) -> None:
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """The hash of what has been written."""
        return self._digest.hexdigest()

    def write(self, data: bytes, /) -> int:
        """Add bytes."""
        self._digest.update(data)
        self.size += len(data)
        return self.stream.write(data)

    def insert(self, at: int, data: bytes) -> None:
        """Put bytes before the byte with index `at`."""
        end = self.stream.seek(0, os.SEEK_END)
        # From the end, so that nothing is written over before it has been read.
        while end > at:
            start = max(at, end - _BLOCK)
            self.stream.seek(start)
            moved = self.stream.read(end - start)
            self.stream.seek(start + len(data))
            self.stream.write(moved)
            end = start
        self.stream.seek(at)
        self.stream.write(data)
        self.size += len(data)
        self._digest = _hash_of(self.stream)

    def restart(self) -> None:
        """Drop what has been written."""
        self.stream.seek(0)
        self.stream.truncate()
        self._start()


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


def _hash_of(stream: BinaryIO) -> hashlib._Hash:
    """Read a stream from its start to its end for its hash."""
    digest = hashlib.sha256()
    stream.seek(0)
    while data := stream.read(_BLOCK):
        digest.update(data)
    return digest


def suffix_of(target: Target) -> str:
    """Give the suffix by which a target says its format: `/` for a folder, empty for streams without a name."""
    name = target if isinstance(target, str) else getattr(target, "name", None)
    if isinstance(target, os.PathLike):
        name = os.fspath(target)
    if not isinstance(name, str) or name == "-":
        return ""
    if name.endswith(("/", os.sep)) or ("://" not in name and Path(name).is_dir()):
        return "/"
    return Path(name).suffix


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
        return _to_stream(target)
    name = os.fspath(target)
    if name == "-":
        if sys.stdout is None:
            raise OutputError("standard output is closed")
        # In a notebook it has no buffer, and takes only text.
        stream: SupportsWrite = getattr(sys.stdout, "buffer", cast("Any", sys.stdout))
        return _draft(stream, no_clobber=no_clobber)
    if "://" in name:
        return _to_url(name, no_clobber=no_clobber)
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
        return _to_folder(path, no_clobber=no_clobber)
    if suffix.lower() == ".zip":
        return _to_archive(path, no_clobber=no_clobber)
    return _to_file(path, no_clobber=no_clobber)


@contextmanager
def _to_stream(stream: SupportsWrite) -> Iterator[FileDraft]:
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as draft:
        yield FileDraft(cast("BinaryIO", draft))
        draft.seek(0)
        try:
            shutil.copyfileobj(draft, stream)
            getattr(stream, "flush", lambda: None)()
        except (TypeError, ValueError) as error:
            raise OutputError(f"the target takes no bytes: {error}") from error


@contextmanager
def _to_special(path: Path) -> Iterator[FileDraft]:
    with path.open("wb") as stream, _to_stream(stream) as draft:
        yield draft


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
def _to_file(path: Path, *, no_clobber: bool) -> Iterator[FileDraft]:
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
def _to_folder(path: Path, *, no_clobber: bool) -> Iterator[FolderDraft]:
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


@contextmanager
def _to_archive(path: Path, *, no_clobber: bool) -> Iterator[FolderDraft]:
    with tempfile.TemporaryDirectory() as folder:
        parts = FolderDraft(Path(folder))
        yield parts
        with _to_file(path, no_clobber=no_clobber) as draft:
            _pack(parts.folder, draft.stream)
            # ZIP comes back to the head of each file, so that the hash is that of what stands there at the end.
            parts.sha256 = _hash_of(draft.stream).hexdigest()
            parts.size = draft.stream.tell()


def _pack(folder: Path, target: BinaryIO) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns):
            entry = zipfile.ZipInfo(file.name, _archive_time())
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as packed:
                shutil.copyfileobj(source, packed)


def _archive_time() -> tuple[int, int, int, int, int, int]:
    # ZIP knows no time before 1980; a fixed one keeps equal input equal output.
    epoch = max(int(os.environ.get("SOURCE_DATE_EPOCH", "315532800")), 315532800)
    return time.gmtime(epoch)[:6]


@contextmanager
def _to_url(url: str, *, no_clobber: bool) -> Iterator[FileDraft | FolderDraft]:
    """Publish through fsspec, whose transactions put a file in its place when it is whole."""
    with _url_errors(url):
        import fsspec  # noqa: PLC0415

        system, path = fsspec.url_to_fs(url)
        if no_clobber and system.exists(path) and not url.endswith("/"):
            raise OutputError(f"{path!r} is there already")
    if url.endswith("/") or url.lower().endswith(".zip"):
        with tempfile.TemporaryDirectory() as folder:
            local = Path(folder) / Path(path).name
            with (_to_folder if url.endswith("/") else _to_archive)(local, no_clobber=False) as draft:
                yield draft
            files = sorted(local.iterdir()) if local.is_dir() else [local]
            with _url_errors(url):
                for file in files:
                    with file.open("rb") as stream:
                        _upload(system, f"{path.rstrip('/')}/{file.name}" if local.is_dir() else path, stream)
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as draft:
        yield FileDraft(cast("BinaryIO", draft))
        draft.seek(0)
        with _url_errors(url):
            _upload(system, path, cast("BinaryIO", draft))


def _upload(system: Any, path: str, content: BinaryIO) -> None:
    parent = path.rpartition("/")[0]
    with suppress(NotImplementedError, OSError):
        # Stores have no folders; servers and disks do.
        system.makedirs(parent, exist_ok=True)
    with system.transaction, system.open(path, "wb") as stream:
        shutil.copyfileobj(content, stream, _BLOCK)


@contextmanager
def _url_errors(url: str) -> Iterator[None]:
    """Tell what goes wrong with a URL, without who logs in there: each file system of fsspec has errors of its own."""
    scheme, _, place = url.partition("://")
    shown = f"{scheme}://{place.partition('?')[0].rpartition('@')[2]}"
    try:
        yield
    except ImportError as error:
        raise MissingExtraError(f"writing to {scheme}://", "remote") from error
    except OutputError:
        raise
    except Exception as error:  # noqa: BLE001
        told = str(error) if isinstance(error, ValueError) else type(error).__name__
        what = getattr(error, "strerror", None) or told
        raise OutputError(f"cannot write {shown!r}: {what}") from None
