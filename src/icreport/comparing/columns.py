"""Which column of one table is which of the other: by name; one between the same neighbours is called otherwise."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.model.elements import Table


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of two tables, by their indexes in each.

    `common` pairs those that both have, in the order of the new table; those in `renamed` have another name in it.
    """

    old: Sequence[str]
    new: Sequence[str]
    common: Sequence[tuple[int, int]]
    renamed: Sequence[tuple[int, int]] = ()
    moved: Sequence[int] = ()
    """Indexes in the new table of columns that stood before or after others of both."""

    @property
    def removed(self) -> list[int]:
        """Columns that only the old table has."""
        kept = {at for at, _ in self.common}
        return [at for at in range(len(self.old)) if at not in kept]

    @property
    def added(self) -> list[int]:
        """Columns that only the new table has."""
        kept = {at for _, at in self.common}
        return [at for at in range(len(self.new)) if at not in kept]

    def without(self, wrong: Sequence[tuple[int, int]]) -> Columns:
        """Return the columns, pairs that were thought to be one column with another name taken apart."""
        common = [pair for pair in self.common if pair not in wrong]
        return Columns(self.old, self.new, common, [pair for pair in self.renamed if pair not in wrong], self.moved)


def paired_columns(old: Table | None, new: Table | None) -> Columns:
    """Return the columns of a table in two reports; all are added or removed where it is in one only."""
    before, after = old.names if old else [], new.names if new else []
    places = {name: at for at, name in enumerate(before)}
    named = {at: places[name] for at, name in enumerate(after) if name in places}
    renamed = _renamed(len(before), len(after), named) if old and new else []
    common = sorted([*((was, at) for at, was in named.items()), *renamed], key=lambda pair: pair[1])
    return Columns(before, after, common, renamed, _moved(common))


def _renamed(before: int, after: int, named: dict[int, int]) -> list[tuple[int, int]]:
    """Return the pairs of columns without a namesake that stand between the same two, as many in both tables."""
    of_old = {was: at for at, was in named.items()}
    runs: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for side, known, count in ((0, of_old, before), (1, {at: at for at in named}, after)):
        for at, around in _neighbours(known, count).items():
            runs.setdefault(around, ([], []))[side].append(at)
    return [pair for olds, news in runs.values() if len(olds) == len(news) for pair in zip(olds, news, strict=True)]


def _neighbours(known: dict[int, int], count: int) -> dict[int, tuple[int, int]]:
    """Return for each column that is not known what the nearest ones before and after it are, -1 for none."""
    left, right, last, following = {}, {}, -1, -1
    for at in range(count):
        last = left[at] = known.get(at, last)
    for at in reversed(range(count)):
        following = right[at] = known.get(at, following)
    return {at: (left[at], right[at]) for at in range(count) if at not in known}


def _moved(common: Sequence[tuple[int, int]]) -> list[int]:
    """Return the columns outside the longest run of columns that are in the same order in both."""
    # Patience sorting: of each length of a run the one whose last column stood first in the old table.
    ends: list[int] = []
    lasts: list[int] = []
    before: list[int | None] = []
    for at, (was, _) in enumerate(common):
        place = bisect_left(ends, was)
        before.append(lasts[place - 1] if place else None)
        ends[place : place + 1] = [was]
        lasts[place : place + 1] = [at]
    kept = set()
    at_now = lasts[-1] if lasts else None
    while at_now is not None:
        kept.add(at_now)
        at_now = before[at_now]
    return [new for at, (_, new) in enumerate(common) if at not in kept]
