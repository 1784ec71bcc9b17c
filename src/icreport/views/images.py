"""Photo logs: the images of a folder that a view adds to a report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icreport.errors import LimitError, UsageError
from icreport.model.image import Image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from icreport.views.loading import Origin
    from icreport.views.settings import ImagesSettings

MOST_IMAGES = 10_000
_NUMBER = re.compile(r"([0-9]+)")
_PLACEHOLDER = re.compile(r"\{(stem|name|number)\}")


def image_files(said: ImagesSettings, origin: Origin) -> list[Path]:
    """Return the files that the patterns of a photo log name, each once, `photo 2` before `photo 10`.

    Raises `ViewError` for one that is, by a link, not below the folder of the view.
    """
    folder = origin.file.folder
    inside = folder.resolve()
    found: dict[Path, None] = {}
    for pattern in said.source:
        for path in sorted(folder.glob(pattern), key=lambda path: _in_order(path.relative_to(folder).as_posix())):
            if path.is_dir():
                continue
            if not path.resolve().is_relative_to(inside):
                raise origin.error(f"{path.name!r} is a link that leads out of the folder of the view", ["from"])
            found[path] = None
            if len(found) > MOST_IMAGES:
                raise origin.error(f"more than {MOST_IMAGES:,} files are named by {pattern!r}", ["from"])
    return list(found)


def images_of(said: ImagesSettings, origin: Origin, files: list[Path]) -> Iterator[Image]:
    """Yield the images of a photo log, one at a time; raises `ViewError` for what is none."""
    for number, path in enumerate(files, 1):
        known = {"stem": path.stem, "name": path.name, "number": str(number)}
        try:
            yield Image(
                path,
                caption=_filled(said.caption, known) or None,
                alt=_filled(said.alt, known) if said.alt else None,
                keep_metadata=said.keep_metadata,
            )
        except (UsageError, LimitError) as error:
            raise origin.error(error.message, ["from"], error.remedy) from None


def _filled(text: str, known: dict[str, str]) -> str:
    # A name that is not UTF-8 has halves of surrogate pairs, which no document holds.
    filled = _PLACEHOLDER.sub(lambda found: known[found[1]], text)
    return filled.encode("utf-8", "replace").decode()


def _in_order(path: str) -> list[object]:
    """Return a key by which numbers in names count as numbers; equal but for case, names are in one order, too."""
    parts = _NUMBER.split(path.casefold())
    return [[(int(part) if at % 2 else 0, part) for at, part in enumerate(parts)], path]
