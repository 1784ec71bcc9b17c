"""Which tables of a report the parts of a view mean."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from icreport.errors import choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.model.elements import Table
    from icreport.views.columns import Missing
    from icreport.views.loading import Origin
    from icreport.views.settings import ChartSettings, Matched, SummarySettings

_MOST_NAMED = 1000  # of captions that are kept for a message
_LONGEST_PATTERN = 1000
_OTHERS = re.compile(r"[?\[]")  # what else `fnmatch` takes for a pattern


def fits(said: Matched, table: Table, number: int) -> bool:
    """Return whether a part of a view means a table, which is the `number`th of the report's, from 1."""
    return (
        (said.number is None or said.number == number)
        and (said.match is None or fits_caption(said.match, table.caption or ""))
        and (said.source_business_object is None or said.source_business_object == table.source_business_object)
    )


def fits_caption(pattern: str, caption: str) -> bool:
    """Return whether a caption is that of a pattern, in which `*` stands for any text, everything else for itself."""
    return caption == pattern or (
        len(pattern) <= _LONGEST_PATTERN and fnmatchcase(caption, _OTHERS.sub(r"[\g<0>]", pattern))
    )


def is_summarised(said: SummarySettings | ChartSettings, table: Table, number: int) -> bool:
    """Return whether a summary or chart is of a table."""
    return said.of == number if isinstance(said.of, int) else fits_caption(said.of, table.caption or "")


class Seen:
    """The tables that were seen, and the parts of a view that some of them fitted."""

    def __init__(self) -> None:
        self.tables = 0
        self._captions: dict[str, None] = {}
        self._fitted: set[tuple[str, int]] = set()
        self._taken: dict[tuple[str, int], tuple[str, int]] = {}

    def see(self, table: Table) -> int:
        """Return the number of a table, from 1."""
        self.tables += 1
        if len(self._captions) < _MOST_NAMED:
            self._captions[table.caption or str(self.tables)] = None
        return self.tables

    def fitted(self, part: str, at: int) -> None:
        """Take note that a part of the view, `table`, `summary` or `chart`, means a table that there is."""
        self._fitted.add((part, at))

    def fit(self, table: Table, settings: Sequence[int]) -> None:
        """Take note of which of the view's tables fit the table that was seen last; the first counts for it."""
        for at in settings[:1]:
            self.fitted("table", at)
        for at in settings[1:]:
            self._taken["table", at] = (table.caption or str(self.tables), settings[0])

    def tell_unfitted(self, part: str, said: Sequence[object], origins: Sequence[Origin], missing: Missing) -> None:
        """Tell of each part of the view that means no table of the report."""
        for at, (one, origin) in enumerate(zip(said, origins, strict=True)):
            if (part, at) in self._fitted:
                continue
            name, key = _named(one)
            if taken := self._taken.get((part, at)):
                _tell_taken(*taken, one, origins, at, missing)
                continue
            remedy = choices(str(name), self._captions) if self._captions else "the report has no tables"
            missing.tell(origin, [key], f"the report has no table {name!r}", remedy, None)


def _tell_taken(caption: str, by: int, said: object, origins: Sequence[Origin], at: int, missing: Missing) -> None:
    """Tell of a `[[table]]` whose table an earlier one of the same view takes, unless it is for the rest, if any."""
    name, key = _named(said)
    if origins[by].level == origins[at].level and (key == "number" or (key == "match" and "*" not in str(name))):
        what = f"{key} = {name!r}: an earlier [[table]] takes the table {caption!r}"
        missing.tell(origins[at], [key], what, "say this one before it", None)


def _named(said: object) -> tuple[str | int, str]:
    """Return by what a part of a view names a table, and the setting that does."""
    for key in ("of", "match", "number", "source_business_object"):
        if (name := getattr(said, key, None)) is not None:
            return name, key
    return "", "match"
