"""Which tables of a report the parts of a view mean."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from icreport.errors import choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.model.elements import Table
    from icreport.views.columns import Missing
    from icreport.views.loading import Origin
    from icreport.views.settings import Matched, SummarySettings

_MOST_NAMED = 1000  # of captions that are kept for a message
_LONGEST_PATTERN = 1000


def fits(said: Matched, table: Table, number: int) -> bool:
    """Return whether a part of a view means a table, which is the `number`th of the report's, from 1."""
    return (
        (said.number is None or said.number == number)
        and (said.match is None or fits_caption(said.match, table.caption or ""))
        and (said.source_business_object is None or said.source_business_object == table.source_business_object)
    )


def fits_caption(pattern: str, caption: str) -> bool:
    """Return whether a caption is that of a pattern, in which `*` stands for any text, `?` for any character."""
    return caption == pattern or (len(pattern) <= _LONGEST_PATTERN and fnmatchcase(caption, pattern))


def is_summarised(said: SummarySettings, table: Table, number: int) -> bool:
    """Return whether a summary is of a table."""
    return said.of == number if isinstance(said.of, int) else fits_caption(said.of, table.caption or "")


class Seen:
    """The tables that were seen, and the parts of a view that some of them fitted."""

    def __init__(self) -> None:
        self.tables = 0
        self._captions: dict[str, None] = {}
        self._fitted: set[tuple[str, int]] = set()

    def see(self, table: Table) -> int:
        """Return the number of a table, from 1."""
        self.tables += 1
        if len(self._captions) < _MOST_NAMED:
            self._captions[table.caption or str(self.tables)] = None
        return self.tables

    def fitted(self, part: str, at: int) -> None:
        """Take note that a part of the view, `table` or `summary`, means a table that there is."""
        self._fitted.add((part, at))

    def tell_unfitted(self, part: str, said: Sequence[object], origins: Sequence[Origin], missing: Missing) -> None:
        """Tell of each part of the view that means no table of the report."""
        for at, (one, origin) in enumerate(zip(said, origins, strict=True)):
            if (part, at) in self._fitted:
                continue
            name, key = _named(one)
            remedy = choices(str(name), self._captions) if self._captions else "the report has no tables"
            missing.tell(origin, [key], f"the report has no table {name!r}", remedy, None)


def _named(said: object) -> tuple[str | int, str]:
    """Return by what a part of a view names a table, and the setting that does."""
    for key in ("of", "match", "number", "source_business_object"):
        if (name := getattr(said, key, None)) is not None:
            return name, key
    return "", "match"
