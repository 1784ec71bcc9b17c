"""Which row of one table is which of the other: by their keys, part by part of both."""

from __future__ import annotations

from collections import Counter, defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeAlias

from icreport.comparing.partitions import Partitions
from icreport.comparing.records import Record, unpacked
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

Pair: TypeAlias = tuple[Record | None, Record | None]
"""A row in the old table and in the new one; None where it is in one only."""

MOST_ALIKE = 1000
"""How many rows of a table may have one key: more are not told apart by it, and are paired where they are equal."""
MOST_AT_ONCE = 96 << 20
"""Bytes of records that are paired in memory."""
_DIVIDED = 16
_DEEPEST = 4
_ALIKE = "="  # starts a key that more rows have


def joined(old: Partitions, new: Partitions) -> Iterator[list[Pair]]:
    """Yield the rows of both tables in pairs, a part of them at a time."""
    for at in range(new.count):
        if old.size(at) + new.size(at) <= MOST_AT_ONCE or new.level == _DEEPEST:
            yield _pairs(old.part(at), new.part(at))
            continue
        often = _often(old, at) | _often(new, at)
        count, level = _DIVIDED, new.level + 1
        with Partitions(count, level) as before, Partitions(count, level) as after:
            for whole, divided in ((old, before), (new, after)):
                for block in whole.blocks(at):
                    divided.add([_by_all(record) if record[0] in often else record for record in block])
            yield from joined(before, after)


def _often(whole: Partitions, at: int) -> set[str]:
    """Return the keys of a part that too many rows have."""
    counts: Counter[str] = Counter()
    for block in whole.blocks(at):
        counts.update([record[0] for record in block])
    return {key for key, count in counts.items() if count > MOST_ALIKE}


def _by_all(record: Record) -> Record:
    key, number, source_key, compared, others = record
    return _ALIKE + key + blake2b(compared, digest_size=16).hexdigest(), number, source_key, compared, others


def _pairs(old: list[Record], new: list[Record]) -> list[Pair]:
    before = {record[0]: record for record in old}
    if len(before) == len(old) and len({record[0] for record in new}) == len(new):
        # No key twice, as nearly always: this takes a third of the time.
        pairs: list[Pair] = [(before.pop(record[0], None), record) for record in new]
        return pairs + [(record, None) for record in before.values()]
    return list(_grouped_pairs(_by_key(old), _by_key(new)))


def _grouped_pairs(before: dict[str, list[Record]], after: dict[str, list[Record]]) -> Iterator[Pair]:
    for key, news in after.items():
        olds = before.pop(key, None)
        if olds is None:
            yield from [(None, one) for one in news]
        elif len(olds) == len(news) == 1:
            yield olds[0], news[0]
        else:
            yield from _of_one_key(key, olds, news)
    for olds in before.values():
        yield from [(one, None) for one in olds]


def _by_key(records: list[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record[0], []).append(record)
    return found


def _of_one_key(key: str, old: list[Record], new: list[Record]) -> Iterator[Pair]:
    """Yield the pairs of rows that have one key: equal ones, then those whose keys are of one type, then others.

    Which of several are paired does not depend on the order in which they came.
    """
    tells = not key.startswith(_ALIKE) and max(len(old), len(new)) <= MOST_ALIKE
    told_by: list[Callable[[Record], Hashable]] = [lambda one: (one[3], one[4], _type(one)), lambda one: one[3]]
    if tells:
        told_by += [_type, lambda _: None]
        old, new = sorted(old, key=_texts), sorted(new, key=_texts)
    for tell in told_by:
        waiting: defaultdict[Hashable, list[Record]] = defaultdict(list)
        for one in reversed(old):
            waiting[tell(one)].append(one)
        left = []
        paired = set()
        for one in new:
            if found := waiting.get(tell(one)):
                paired.add(found[-1][1])
                yield found.pop(), one
            else:
                left.append(one)
        old, new = [one for one in old if one[1] not in paired], left
    yield from [(one, None) for one in old]
    yield from [(None, one) for one in new]


def _type(record: Record) -> str:
    return type(record[2]).__name__


def _texts(record: Record) -> list[str]:
    return list(map(text_of, unpacked(record[3])))
