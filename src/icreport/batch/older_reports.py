"""The older report with which one of a batch is compared, and what becomes of that."""

from __future__ import annotations

import posixpath
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from icreport.batch.naming import CHANGES
from icreport.batch.sources import file_name
from icreport.comparison import compare
from icreport.conversion import language_for, renderer_for, view_for, write
from icreport.errors import UsageError
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from icreport.batch.recipe import Recipe
    from icreport.comparing.comparison import Comparison
    from icreport.model.report import Report
    from icreport.result import ConversionResult

_OF_REPORTS = ("table", "schema", "title")
"""Options of formats that are meant for the report, not for what changed in it."""


def older_report(folder: str | None, source: str) -> str | None:
    """Return the report of the same file name in a folder of older ones, compressed or not; None without one."""
    if folder is None:
        return None
    name = file_name(source)
    for wanted in (name, name.removesuffix(".gz") if name.endswith(".gz") else f"{name}.gz"):
        path = posixpath.join(folder, wanted)
        if _is_there(path):
            return path
    return None


def _is_there(path: str) -> bool:
    if "://" not in path:
        return Path(path).is_file()
    from fsspec.core import url_to_fs

    system, inner = url_to_fs(path)
    return bool(system.exists(inner))


def check_older_reports(folder: str, sources: Iterable[str]) -> None:
    """Raise `UsageError` where a folder of older reports is none, or is that of the sources themselves."""
    if "://" not in folder and not Path(folder).is_dir():
        raise UsageError(f"there is no folder {folder!r} of older reports", remedy="name that of the run before")
    if same := next((source for source in sources if posixpath.join(folder, file_name(source)) == source), None):
        raise UsageError(f"{redacted(same)!r} would be compared with itself", remedy="name another folder")


@contextmanager
def changes_written(
    recipe: Recipe, older: str, source: Report | Path, found: dict[str, int]
) -> Iterator[Callable[[str, str], ConversionResult]]:
    """Give what writes the changes since an older report to a target in a format; `found` gets how many there are.

    Both are read when the first document is asked for, and compared once for all.
    """
    made: list[Comparison] = []

    def written(kind: str, target: str) -> ConversionResult:
        format = kind.removeprefix(CHANGES)
        options = {name: value for name, value in recipe.options[format].items() if name not in _OF_REPORTS}
        if not made:
            # Its words are in the language of the first document.
            renderer = renderer_for(target, format, options)
            shown = view_for(renderer, recipe.view)
            made.append(compare(older, source, view=shown, locale=language_for(renderer)))
            found.update(made[0].to_dict()["rows"])
        return write(made[0].report, target, format, view={}, strict=recipe.strict, **options)

    try:
        yield written
    finally:
        for one in made:
            one.close()
