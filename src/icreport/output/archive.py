"""ZIP archives that get all of a document of several files or nothing."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from icreport.clock import archive_date
from icreport.output.drafts import FolderDraft, hash_of
from icreport.output.local import to_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.output.local import Tell


@contextmanager
def to_archive(path: Path, tell: Tell, *, no_clobber: bool) -> Iterator[FolderDraft]:
    """Yield a folder that becomes a ZIP archive."""
    with tempfile.TemporaryDirectory() as folder:
        parts = FolderDraft(Path(folder))
        yield parts
        with to_file(path, tell, no_clobber=no_clobber) as draft:
            _pack(parts.folder, draft.stream)
            # ZIP comes back to the head of each file, so that the hash is that of what stands there at the end.
            parts.sha256 = hash_of(draft.stream).hexdigest()
            parts.size = draft.stream.tell()


def _pack(folder: Path, target: BinaryIO) -> None:
    date = archive_date().timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns):
            entry = zipfile.ZipInfo(file.name, date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as packed:
                shutil.copyfileobj(source, packed)
