"""TODO icreport.output.remote."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from icreport.errors import MissingExtraError, OutputError
from icreport.output.archive import to_archive
from icreport.output.drafts import BLOCK, FileDraft, FolderDraft
from icreport.output.local import IN_MEMORY, to_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def to_url(url: str, *, no_clobber: bool) -> Iterator[FileDraft | FolderDraft]:
    """Publish through fsspec, whose transactions put a file in its place when it is whole."""
    with _url_errors(url):
        import fsspec  # noqa: PLC0415

        system, path = fsspec.url_to_fs(url)
        if no_clobber and system.exists(path) and not url.endswith("/"):
            raise OutputError(f"{path!r} is there already")
    if url.endswith("/") or url.lower().endswith(".zip"):
        with tempfile.TemporaryDirectory() as folder:
            local = Path(folder) / Path(path).name
            with (to_folder if url.endswith("/") else to_archive)(local, no_clobber=False) as draft:
                yield draft
            files = sorted(local.iterdir()) if local.is_dir() else [local]
            with _url_errors(url):
                for file in files:
                    with file.open("rb") as stream:
                        _upload(system, f"{path.rstrip('/')}/{file.name}" if local.is_dir() else path, stream)
        return
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as draft:
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
        shutil.copyfileobj(content, stream, BLOCK)


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
