"""What became of a table: its columns, and each of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sized
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from icreport.comparing.changed_rows import ChangedRow, ChangedRows
from icreport.comparing.columns import Columns, paired_columns
from icreport.comparing.join import joined
from icreport.comparing.partitions import Partitions
from icreport.comparing.records import WHOLE, Keys, Record, exact, records_of, unpacked
from icreport.comparing.values import difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from icreport.comparing.join import Pair
    from icreport.model.elements import Table
    from icreport.model.looks import Change

_OF_A_PART = 25_000
"""Rows of a table in one part, about."""
_UNKNOWN_PARTS = 32
_AFTER_ALL = 1 << 60
"""The place of removed rows: they come after those of the new table."""
_ENOUGH_PAIRS = 1000
"""Rows that tell whether a column is the same with another name."""
_LIKE_ENOUGH = 0.5
"""The part of a column's values that are the same where it is the same column with another name."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How rows are compared: the names of columns that tell rows without a `sourceKey`, and what is no change.

    With `ignore_notation` values that say the same are the same; with `unchanged` rows are shown that did not change.
    """

    key: Sequence[str] = ()
    ignore_notation: bool = False
    unchanged: bool = False


@dataclass(slots=True)
class TableChanges:
    """What became of a table, which is `old`, `new` or both, and how many of its rows are what."""

    old: Table | None
    new: Table | None
    columns: Columns
    rows: ChangedRows
    layout: Sequence[tuple[str, int]]
    """The columns that are shown, in their order: whether `both`, the `new` table or the `old` have it, and where."""
    counts: Counter[Change] = field(default_factory=Counter)
    rewritten_keys: int = 0
    """Rows whose keys are of another type than before, as 7 and `"7"`."""
    is_by_order: bool = False
    """Whether it is taken for the same table by its place among others, not by its caption."""

    @property
    def table(self) -> Table:
        """The table as it is now, or was."""
        return next(table for table in (self.new, self.old) if table is not None)

    @property
    def has_new_shape(self) -> bool:
        """Whether the table or columns of it are new, are gone, or are called otherwise."""
        columns = self.columns
        return self.old is None or self.new is None or bool(columns.added or columns.removed or columns.renamed)

    def to_dict(self) -> dict[str, Any]:
        """Return what became of the table as JSON has it."""
        columns = self.columns
        return {
            "caption": self.table.caption,
            "source_business_object": self.table.source_business_object,
            "status": "added" if self.old is None else "removed" if self.new is None else "both",
            "was_called": self.old.caption if self.is_by_order and self.old else None,
            "rows": counted(self.counts),
            "rewritten_keys": self.rewritten_keys,
            "columns_added": [columns.new[at] for at in columns.added] if self.old else [],
            "columns_removed": [columns.old[at] for at in columns.removed] if self.new else [],
            "columns_renamed": [[columns.old[was], columns.new[now]] for was, now in columns.renamed],
            "columns_moved": [columns.new[at] for at in columns.moved],
        }

    def __bool__(self) -> bool:
        return self.has_new_shape or any(count for change, count in self.counts.items() if change != "same")


def counted(counts: Mapping[Change, int]) -> dict[str, int]:
    """Return how many are what; those in another notation are among the changed."""
    found = {change: counts.get(change, 0) for change in ("same", "added", "removed", "changed", "notation")}
    return {**found, "changed": found["changed"] + found["notation"]}


def compare_tables(old: Table | None, new: Table | None, rules: Rules, words: Mapping[Change, str]) -> TableChanges:
    """Return what became of a table, its rows in memory that does not grow."""
    columns = paired_columns(old, new)
    headed = is_headed(old, new)
    is_keyed, is_sure = True, not columns.renamed
    while True:
        with Partitions(_parts(old, new)) as before, Partitions(_parts(old, new)) as after:
            keyed = [
                _fill(parts, table, side, columns, _keys(columns, side, rules, headed, is_keyed), headed)
                for side, (parts, table) in enumerate(((before, old), (after, new)))
                if table is not None
            ]
            if is_keyed and old and new and bool(keyed[0]) != bool(keyed[1]):
                # Keys that only one of the reports has tell nothing.
                is_keyed = False
                continue
            pairs = joined(before, after)
            if not is_sure:
                # Rows are in parts by chance, so the first that have enough of them tell of all.
                is_sure, first = True, _some(pairs)
                if wrong := _wrong_names(columns, first, int(headed)):
                    columns = columns.without(wrong)
                    continue
                pairs = chain([first], pairs)
            found = TableChanges(old, new, columns, ChangedRows(words), layout_of(columns, int(headed)))
            walk = _Walk(found, rules, int(headed))
            for part in pairs:
                walk.see(part)
            return found


def _some(parts: Iterator[list[Pair]]) -> list[Pair]:
    """Return the pairs of the first parts: of a few rows in many parts most are empty."""
    found: list[Pair] = []
    for part in parts:
        found += part
        if len(found) >= _ENOUGH_PAIRS:
            break
    return found


def _parts(*tables: Table | None) -> int:
    counts = [_count(table.data.rows) for table in tables if table is not None]
    return max(_UNKNOWN_PARTS if count is None else count // _OF_A_PART + 1 for count in counts)


def _count(rows: object) -> int | None:
    while rows is not None and not isinstance(rows, Sized):
        rows = getattr(rows, "source", None)
        if rows is None:
            return None
    return len(rows) if isinstance(rows, Sized) else 0


def is_headed(*tables: Table | None) -> bool:
    """Return whether categories head the rows of any of these tables."""
    return any(table.categories for table in tables if table is not None)


def _keys(columns: Columns, side: int, rules: Rules, headed: bool, keyed: bool) -> Keys:
    """Return what the rows of the old (0) or new (1) table are found by."""
    picked = []
    for name in rules.key:
        known = (pair for pair in columns.common if name in (columns.old[pair[0]], columns.new[pair[1]]))
        if pair := next(known, None):
            picked.append(pair[side])
    has_heads = headed or not (columns.old or columns.new)
    return Keys(keyed, picked if len(picked) == len(rules.key) else (), by_head=has_heads)


def _fill(parts: Partitions, table: Table, side: int, columns: Columns, keys: Keys, headed: bool) -> int:
    """Divide the rows of a table, and return how many have a key of their record."""
    compared = [pair[side] for pair in columns.common]
    others = (columns.removed, columns.added)[side]
    width = len((columns.old, columns.new)[side])
    heads = [category.head for category in table.categories] if headed else None
    keyed = 0
    for records in records_of(table.rows, keys, compared, others, width, heads):
        keyed += len(records) - [record[2] for record in records].count(None)
        parts.add(records)
    return keyed


def _wrong_names(columns: Columns, pairs: Sequence[Pair], heads: int) -> list[tuple[int, int]]:
    """Return the pairs of columns whose values say that they are two, not one with another name."""
    places = {pair: at + heads for at, pair in enumerate(columns.common) if pair in columns.renamed}
    same: Counter[tuple[int, int]] = Counter()
    count, alone = 0, [0, 0]
    for old, new in pairs:
        if old is not None and new is not None:
            count += 1
            before, after = unpacked(old[3]), unpacked(new[3])
            same.update(pair for pair, at in places.items() if difference(before[at], after[at]) != "value")
        elif record := old or new:
            alone[old is None] += record[0].startswith(WHOLE)
    # Whole rows that are in one table only may be in both, but for such a column.
    count += min(alone)
    return [pair for pair in places if (pairs and not count) or same[pair] < count * _LIKE_ENOUGH]


class _Walk:
    """Sees pairs of rows, counts them, and keeps those that are shown."""

    def __init__(self, found: TableChanges, rules: Rules, heads: int) -> None:
        self._found = found
        self._rules = rules
        self._heads = heads

    def see(self, pairs: Iterable[Pair]) -> None:
        counts, same, unchanged = self._found.counts, 0, self._rules.unchanged
        for old, new in pairs:
            if old is None or new is None:
                if record := old or new:
                    counts[self._alone(record, is_new=old is None)] += 1
                continue
            if type(old[2]) is not type(new[2]) and old[0][0] == "s":
                self._found.rewritten_keys += 1
            change: Change = "same" if old[3] == new[3] else self._change(old, new)
            if change == "same" and not unchanged:
                same += 1
                continue
            counts[change] += 1
            values, was = self._together(old, new, change)
            self._found.rows.add(ChangedRow(new[1], change, exact(new[2]), values, was))
        counts["same"] += same

    def _alone(self, record: Record, *, is_new: bool) -> Change:
        change: Change = "added" if is_new else "removed"
        place = record[1] + (0 if is_new else _AFTER_ALL)
        values = self._spread(record, side=int(is_new))
        self._found.rows.add(ChangedRow(place, change, exact(record[2]), values, {}))
        return change

    def _change(self, old: Record, new: Record) -> Change:
        before, after = unpacked(old[3]), unpacked(new[3])
        longest = max(len(before), len(after))
        found = set(map(difference, _padded(before, longest), _padded(after, longest)))
        if "value" in found:
            return "changed"
        return "notation" if "notation" in found and not self._rules.ignore_notation else "same"

    def _together(self, old: Record, new: Record, change: Change) -> tuple[list[object], dict[int, object]]:
        before, after = self._spread(old, side=0), self._spread(new, side=1)
        longest = max(len(before), len(after))
        before, after = _padded(before, longest), _padded(after, longest)
        was = {}
        if change != "same":
            for at, (one, other) in enumerate(zip(before, after, strict=True)):
                how = difference(one, other)
                if how == "value" or (how == "notation" and not self._rules.ignore_notation):
                    was[at] = one
        elif self._rules.unchanged:
            # What only the old table has is shown as it was.
            after = [
                one if kind == "old" else other
                for (kind, _), one, other in _by_layout(self._found.layout, before, after)
            ]
        return after, was

    def _spread(self, record: Record, *, side: int) -> list[object]:
        """Return the values of a row in the columns that are shown, and those beyond."""
        paired, heads = self._found.columns, self._heads
        compared, others = unpacked(record[3]), unpacked(record[4]) if record[4] else ()
        by_column = {pair[side]: compared[at + heads] for at, pair in enumerate(paired.common)}
        by_column |= dict(zip((paired.removed, paired.added)[side], others, strict=True))
        own = ("old", "new")[side]
        values: list[object] = []
        for kind, at in self._found.layout:
            if kind == "head":
                values.append(compared[0])
            elif kind == "both":
                values.append(by_column[paired.common[at][side]])
            else:
                values.append(by_column[at] if kind == own else None)
        return values + list(compared[len(paired.common) + heads :])


def _by_layout(
    layout: Sequence[tuple[str, int]], before: Sequence[object], after: Sequence[object]
) -> Iterator[tuple[tuple[str, int], object, object]]:
    beyond = [("both", 0)] * (len(after) - len(layout))
    return zip([*layout, *beyond], before, after, strict=True)


def _padded(values: Sequence[object], length: int) -> list[object]:
    return [*values, *[None] * (length - len(values))]


def layout_of(columns: Columns, heads: int) -> list[tuple[str, int]]:
    """Return the columns that are shown: those of the new table, each that is gone after the one it stood after."""
    of_old = {was: at for at, (was, _) in enumerate(columns.common)}
    gone: dict[int | None, list[tuple[str, int]]] = {}
    last: int | None = None
    for was in range(len(columns.old)):
        if was in of_old:
            last = of_old[was]
        else:
            gone.setdefault(last, []).append(("old", was))
    of_new = {now: at for at, (_, now) in enumerate(columns.common)}
    found = [("head", 0)] * heads + gone.get(None, [])
    for now in range(len(columns.new)):
        found += [("both", of_new[now]), *gone.get(of_new[now], [])] if now in of_new else [("new", now)]
    return found
