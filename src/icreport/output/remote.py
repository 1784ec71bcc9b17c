"""Targets behind fsspec: each file appears under its name when it is whole, and counts when the store says so."""

from __future__ import annotations

import posixpath
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from icreport.errors import IcreportError, MissingExtraError, OutputError
from icreport.output.draft_names import draft_name
from icreport.output.drafts import stale_files
from icreport.urls import any_error_as, redacted, redacted_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsspec import AbstractFileSystem

_WHOLE_OBJECTS = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss"}
"""Stores whose objects appear when their upload is complete, whatever becomes of it before."""
_PACKAGE = "datapackage.json"


class RemoteTarget:
    """A place behind fsspec.

    The file systems of fsspec are shared between the callers of a thread or process, so nothing here changes one: no
    transaction is begun, which would be that of every thread.
    """

    def __init__(self, url: str, *, no_clobber: bool) -> None:
        self._url = url
        self._no_clobber = no_clobber
        with any_error_as(self._error):
            import fsspec

            system, path = fsspec.url_to_fs(url)
            self._system: AbstractFileSystem = system
            self._path = str(path).rstrip("/")
            self._check_clobber()

    @property
    def local_path(self) -> Path | None:
        """The path of a URL that is one of this machine."""
        from fsspec.implementations.local import LocalFileSystem

        return Path(self._path) if type(self._system) is LocalFileSystem else None

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Yield a path on this machine; what is there at the end, a file or a folder of files, is uploaded."""
        with tempfile.TemporaryDirectory(prefix="icreport-") as folder:
            path = Path(folder) / (posixpath.basename(self._path) or "document")
            yield path
            with any_error_as(self._error):
                self._check_clobber()
                if path.is_dir():
                    self._upload_folder(path)
                else:
                    self._upload(path, self._path)

    def _check_clobber(self) -> None:
        if self._no_clobber and not self._url.endswith("/") and self._system.exists(self._path):
            raise OutputError(f"{redacted(self._url)!r} already exists")

    def _upload_folder(self, folder: Path) -> None:
        """Upload the files of a folder, its list last, and remove those that only an earlier list has."""
        made = sorted(file.name for file in folder.iterdir())
        package = b""
        if _PACKAGE in made:
            with suppress(Exception):  # there is none, of which each file system says so in its own way
                package = self._system.cat_file(f"{self._path}/{_PACKAGE}")
        for name in sorted(made, key=_PACKAGE.__eq__):
            self._upload(folder / name, f"{self._path}/{name}")
        for name in stale_files(package, made):
            with suppress(FileNotFoundError):
                self._system.rm_file(f"{self._path}/{name}")

    def _upload(self, local: Path, path: str) -> None:
        system = self._system
        parent, _, name = path.rpartition("/")
        with suppress(Exception):
            # Stores have no folders; servers and disks do, where somebody may be making the same one. What is wrong
            # with the folder is said when the file is written.
            system.makedirs(parent, exist_ok=True)
        system.invalidate_cache()
        if _WHOLE_OBJECTS.isdisjoint([system.protocol] if isinstance(system.protocol, str) else system.protocol):
            # Beside its target: temporary folders of servers are on other file systems, or out of reach.
            draft = f"{parent}/{draft_name(name)}" if parent else draft_name(name)
            try:
                system.put_file(str(local), draft)
                _move(system, draft, path)
            except BaseException:
                with suppress(Exception):
                    system.rm_file(draft)
                raise
        else:
            system.put_file(str(local), path)
        self._check(path, local.stat().st_size)

    def _check(self, path: str, size: int) -> None:
        """Check that a file is there with all of its bytes: some servers accept an upload and drop it."""
        self._system.invalidate_cache()
        try:
            found = self._system.info(path).get("size")
        except FileNotFoundError:
            raise OutputError(f"{redacted(self._url)!r} took the document and does not have it") from None
        if found is not None and found != size:
            raise OutputError(f"{redacted(self._url)!r} has {found:,} of the document's {size:,} bytes")

    def _error(self, error: Exception) -> IcreportError:
        """Return the error of ours for one of a file system."""
        if isinstance(error, ImportError):
            return MissingExtraError(f"writing to {self._url.partition('://')[0]}://", "remote")
        told = redacted_text(str(error)) if isinstance(error, ValueError) else type(error).__name__
        what = getattr(error, "strerror", None) or told
        return OutputError(f"cannot write {redacted(self._url)!r}: {what}")


def _move(system: AbstractFileSystem, draft: str, path: str) -> None:
    from fsspec import AbstractFileSystem

    if type(system).mv is AbstractFileSystem.mv:
        # Made of copying and removing, both of which take [ ] * ? in a name for a pattern.
        system.cp_file(draft, path)
        system.rm_file(draft)
    else:
        system.mv(draft, path)
