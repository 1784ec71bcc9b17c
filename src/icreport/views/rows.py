"""The rows of a table that a view shows: filtered, picked, sorted and cut while they are walked."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import and_
from typing import TYPE_CHECKING

from icreport.model.rows import Batch, batches_of
from icreport.views.sorting import SortedRows
from icreport.words import ENGLISH, say, say_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from icreport.errors import Place
    from icreport.model.rows import Row
    from icreport.views.pins import Pins
    from icreport.views.sort_keys import SortKeys
    from icreport.warnings import Warnings
    from icreport.words import Said

_MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition on a column by its index, and what it is in words."""

    column: int
    test: Callable[[object], bool]
    words: Said


@dataclass(slots=True)
class LeftOut:
    """How many rows a view was given, how many it shows, and which conditions the others did not meet."""

    rows: int = 0
    shown: int = 0
    is_known: bool = False
    """Whether the rows have been walked."""
    by: dict[Said, int] = field(default_factory=dict)
    """The rows that a condition left out, by its words: each counts at the first that it does not meet."""

    def leave_out(self, words: Said, rows: int) -> None:
        """Count rows that a condition leaves out."""
        if rows:
            self.by[words] = self.by.get(words, 0) + rows

    @property
    def note(self) -> Said | None:
        """What is said under the table: `34 of 137 rows: Status not Closed`; None where nothing is left out."""
        if not self.by:
            return None
        conditions = list(self.by)[:_MOST_SAID]
        if (more := len(self.by) - _MOST_SAID) > 0:
            conditions.append(say("{count} more", count=more))
        joined = conditions[0]
        for condition in conditions[1:]:
            joined = say("{first}; {second}", first=joined, second=condition)
        counted = say_many("{shown} of {count} row", "{shown} of {count} rows", self.rows, shown=self.shown)
        return say("{label}: {value}", label=counted, value=joined)

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON has it."""
        left_out = [{"condition": ENGLISH.of(words), "rows": rows} for words, rows in self.by.items()]
        return {"rows_in": self.rows, "rows_shown": self.shown, "left_out": left_out}


@dataclass(frozen=True, slots=True)
class Declared:
    """How many columns a table has, for rows with fewer cells: where columns are picked, nobody else sees those."""

    width: int
    warnings: Warnings
    place: Place

    def look(self, rows: Sequence[Row]) -> None:
        """Tell of the rows that are short."""
        if short := sum(len(row.values) < self.width for row in rows if row.kind == "row"):
            message = "rows with fewer cells than the table has columns"
            self.warnings.add("short-row", message, self.place, count=short)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows and cells of a table are shown, in which order.

    `columns` are indexes, None for all; cells from `beyond` on follow them. `sort` gives keys for columns.
    """

    asked: Sequence[Asked] = ()
    columns: Sequence[int] | None = None
    beyond: int | None = None
    sort: Sequence[tuple[int, SortKeys]] = ()
    limit: int | None = None
    pins: Pins | None = None
    declared: Declared | None = None


class ViewedRows:
    """An iterable of the rows that are shown, in batches too; each walk counts anew what is left out."""

    def __init__(self, rows: Iterable[Row], selection: Selection, *, says_note: bool = True) -> None:
        self.left_out = LeftOut()
        self.source = rows
        self._selection = selection
        self._says_note = says_note

    @property
    def width(self) -> int:
        """The least number of columns that a renderer shall reckon with."""
        rows = self.source
        width = max(map(len, rows), default=0) if isinstance(rows, list) else getattr(rows, "width", 0)
        selection = self._selection
        if selection.columns is None or selection.beyond is not None:
            return max(0, width - self.narrower)
        return len(selection.columns)

    @property
    def narrower(self) -> int:
        """How many cells less than it was given each row has."""
        selection = self._selection
        if selection.columns is None or selection.beyond is None:
            return 0
        return selection.beyond - len(selection.columns)

    @property
    def note(self) -> Said | None:
        """What is to be said of the rows that are left out, once they have been walked."""
        return self.left_out.note if self._says_note else None

    def hold(self) -> Callable[[], None]:
        """Keep the rows beyond their element; return what frees the disk space."""
        hold: Callable[[], Callable[[], None]] | None = getattr(self.source, "hold", None)
        return hold() if hold is not None else lambda: None

    def __iter__(self) -> Iterator[Row]:
        for batch in self.batches():
            yield from batch.rows

    def batches(self) -> Iterator[Batch]:
        """Yield the rows some at a time."""
        self.left_out = LeftOut(is_known=True)
        batches = self.kept()
        selection = self._selection
        if not selection.sort:
            yield from self._limited(batch.selected(None, selection.columns, selection.beyond) for batch in batches)
            return
        with SortedRows(selection.sort) as spool:
            for batch in batches:
                spool.add(batch, batch.selected(None, selection.columns, selection.beyond))
            yield from self._limited(spool.blocks())

    def kept(self) -> Iterator[Batch]:
        """Yield the rows that meet the conditions, with all of their cells."""
        changes = self._selection.asked or self._selection.sort or self._selection.limit is not None
        for whole in batches_of(self.source):
            # What the report says between its rows is no longer so.
            batch = ordinary(whole) if changes else whole
            self.left_out.rows += len(batch)
            kept = self._meets(batch)
            found = batch if kept is None else batch.selected(kept, None)
            if self._selection.declared is not None and min(found.widths, default=0) < self._selection.declared.width:
                self._selection.declared.look(found.rows)
            if len(found):
                yield found

    def _meets(self, batch: Batch) -> list[bool] | None:
        """Return for each row whether it meets the conditions, None where all do."""
        kept: list[bool] | None = None
        for asked in self._selection.asked:
            meets = list(map(asked.test, batch.column(asked.column)))
            before = sum(kept) if kept is not None else len(batch)
            kept = meets if kept is None else list(map(and_, kept, meets))
            self.left_out.leave_out(asked.words, before - sum(kept))
        return None if kept is None or all(kept) else kept

    def _limited(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        limit = self._selection.limit
        left_out = self.left_out
        for batch in batches:
            room = len(batch) if limit is None else limit - left_out.shown
            found = batch if room >= len(batch) else batch.selected([at < room for at in range(len(batch))], None)
            left_out.shown += len(found)
            if limit is not None:
                left_out.leave_out(say("first {count}", count=limit), len(batch) - len(found))
            if len(found):
                if self._selection.pins is not None:
                    self._selection.pins.look(found)
                yield found


class CountedRows(ViewedRows):
    """Rows none of which are left out: their number, `count`, is known before the walk."""

    def __init__(self, rows: Iterable[Row], selection: Selection, count: int, *, says_note: bool = True) -> None:
        super().__init__(rows, selection, says_note=says_note)
        self._count = count

    def __len__(self) -> int:
        return self._count


def ordinary(batch: Batch) -> Batch:
    """Return a batch without the headings and totals that a report has among its rows."""
    return batch if batch.is_ordinary else batch.selected([row.kind == "row" for row in batch.rows], None)
