"""Which element of one report is which of the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from icreport.model.elements import Table

Pair: TypeAlias = tuple[int | None, int | None]
"""An element by its index among the old ones and among the new ones, None where it is in one report only."""
Text: TypeAlias = tuple[tuple[str, str | None], str]
"""An element that is no table: its type and caption, and its text."""

_ENOUGH = 0.5
"""The part of columns, or words, that two elements have in common that may be one."""
_MOST_TRIED = 20
"""How many elements are looked at for the one that another may be."""


def paired_tables(old: Sequence[Table], new: Sequence[Table]) -> Iterator[tuple[Pair, bool]]:
    """Yield the tables in pairs, in the order of the new report, and whether it is their order alone that pairs them.

    Tables are one if they have one caption and business object and nobody else has, else in their order: first those
    of one caption, then those that have all columns in common, then those that have at least half of them. Tables with
    columns are none without.
    """
    pairing = _Pairing(len(old), len(new))
    pairing.pair(list(map(_identity, old)), list(map(_identity, new)), only_one=True)
    is_named = set(pairing.new)
    pairing.pair(*[[(_identity(one), *one.names) for one in side] for side in (old, new)])
    pairing.pair_like(lambda was, now: _identity(old[was]) == _identity(new[now]) and _are_like(old[was], new[now]))
    # A business object that only one of the reports names tells nothing.
    pairing.pair_like(lambda was, now: _has_caption(old[was], new[now]) and _are_like(old[was], new[now]))
    pairing.pair_like(lambda was, now: old[was].names == new[now].names and _are_like(old[was], new[now]))
    pairing.pair_like(lambda was, now: _are_like(old[was], new[now]))
    for was, now in pairing.pairs():
        yield (was, now), was is not None and now is not None and now not in is_named


def paired_texts(old: Sequence[Text], new: Sequence[Text]) -> Iterator[Pair]:
    """Yield other elements in pairs.

    Equal ones are one, then those with one caption, then those with at least half of their words in common, in their
    order.
    """
    pairing = _Pairing(len(old), len(new))
    pairing.pair(old, new)
    captions = [[one[0] if one[0][1] else None for one in side] for side in (old, new)]
    pairing.pair(*captions)
    words = [[Counter(one[1].split()) for one in side] for side in (old, new)]

    def are_like(was: int, now: int) -> bool:
        before, after = words[0][was], words[1][now]
        if old[was][0] != new[now][0]:
            return False
        return (before & after).total() >= max(before.total(), after.total()) * _ENOUGH

    pairing.pair_like(are_like)
    yield from pairing.pairs()


class _Pairing:
    """Elements of which one is in no more than one pair."""

    def __init__(self, old: int, new: int) -> None:
        self.new: dict[int, int] = {}
        """Of each new element that is paired the old one."""
        self._old_left = dict.fromkeys(range(old))
        self._count = new

    def pair(self, old: Sequence[Hashable], new: Sequence[Hashable], *, only_one: bool = False) -> None:
        """Pair what is alike, the first with the first; None is like nothing."""
        waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
        for at in reversed(self._old_left):
            waiting[old[at]].append(at)
        left = [at for at in range(self._count) if at not in self.new and new[at] is not None]
        counts = Counter(new[at] for at in left)
        for at in left:
            found = waiting.get(new[at])
            if found and not (only_one and (len(found) > 1 or counts[new[at]] > 1)):
                self._keep(found.pop(), at)

    def pair_like(self, are_like: Callable[[int, int], bool]) -> None:
        """Pair what is like each other, each new element with the first of the next old ones."""
        for at in range(self._count):
            if at in self.new:
                continue
            for was in [one for one, _ in zip(self._old_left, range(_MOST_TRIED), strict=False)]:
                if are_like(was, at):
                    self._keep(was, at)
                    break

    def _keep(self, was: int, at: int) -> None:
        self.new[at] = was
        del self._old_left[was]

    def pairs(self) -> Iterator[Pair]:
        """Yield the new elements in their order, each old one that is gone after the one it stood after."""
        of_old = {was: at for at, was in self.new.items()}
        gone: defaultdict[int, list[int]] = defaultdict(list)
        last = -1
        for was in sorted([*of_old, *self._old_left]):
            if was in of_old:
                last = of_old[was]
            else:
                gone[last].append(was)
        for was in gone[-1]:
            yield was, None
        for at in range(self._count):
            yield self.new.get(at), at
            for was in gone[at]:
                yield was, None


def _identity(table: Table) -> tuple[object, ...]:
    return bool(table.columns), table.source_business_object, table.caption


def _has_caption(old: Table, new: Table) -> bool:
    return bool(old.caption) and old.caption == new.caption


def _are_like(old: Table, new: Table) -> bool:
    """Return whether two tables may be one: with one business object, and half of their columns in common."""
    if bool(old.columns) != bool(new.columns):
        return False
    objects = old.source_business_object, new.source_business_object
    if None not in objects and len(set(objects)) > 1:
        return False
    before, after = set(old.names), set(new.names)
    return len(before & after) >= max(len(before), len(after)) * _ENOUGH
