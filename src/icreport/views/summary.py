"""Cross tables: how many rows of a table, or what total of a column, for each value of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.errors import LimitError
from icreport.model.conditions import is_blank
from icreport.model.elements import Column, Table
from icreport.model.formats import ColumnFormat
from icreport.model.rows import Row
from icreport.model.spoken import SaidRows
from icreport.model.totals import TOTAL_NAMES, group_of, total_of
from icreport.values import text_of
from icreport.views.columns import Columns, key_for, type_of
from icreport.views.rows import ordinary
from icreport.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icreport.model.formats import Total
    from icreport.model.rows import Batch
    from icreport.model.totals import ColumnTotal
    from icreport.views.columns import Missing
    from icreport.views.loading import Origin
    from icreport.views.rows import Asked
    from icreport.views.settings import ColumnSettings, SummarySettings

_MOST_CELLS = 1_000_000
_MOST_COLUMNS = 1000
_TOTAL = say("Total")
_BLANK = say("(blank)")
_WHAT = "the summary"
_ADD_UP: dict[Total, Total] = {"count": "sum", "sum": "sum", "min": "min", "max": "max"}
"""Totals of cells that are those of the rows behind them."""
_Key = tuple[object, ...]


def summary_of(
    said: SummarySettings,
    origin: Origin,
    table: Table,
    index: int,
    missing: Missing,
    settings: dict[int, ColumnSettings],
) -> Summary | None:
    """Return what makes a summary of a table, None where this lacks a column and that may be; raises `ViewError`."""
    made = Summary(said, origin, table, index, missing, settings)
    return made if made.is_whole else None


class Summary:
    """A cross table that is made of the rows of another; raises `ViewError` for columns that this one lacks.

    `settings` are what the view says of the columns of that one, for the order and type of values.
    """

    def __init__(
        self,
        said: SummarySettings,
        origin: Origin,
        table: Table,
        index: int,
        missing: Missing,
        settings: dict[int, ColumnSettings],
    ) -> None:
        self._said = said
        self._table = table
        self._settings = settings
        columns = Columns(table, index, missing, origin)
        self._kind: Total = "count"
        self._value: int | None = None
        if isinstance(said.value, dict):
            ((self._kind, name),) = said.value.items()
            self._value = columns.find(name, "value", needed_for=_WHAT)
        self._rows = columns.find_all(said.rows, "rows", needed_for=_WHAT)
        self._across = columns.find(said.columns, "columns", needed_for=_WHAT) if said.columns is not None else None
        asked = columns.asked(said.where, settings, of=_WHAT)
        self.asked: list[Asked] = asked or []
        self.is_whole = (
            (self._value is None) == (said.value == "count")
            and len(self._rows) == len(said.rows)
            and (self._across is None) == (said.columns is None)
            and asked is not None
        )
        self._cells: dict[tuple[_Key, object], ColumnTotal] = {}
        self._heads: dict[_Key, _Key] = {}
        self._columns: dict[object, object] = {}

    def of(self, batches: Iterable[Batch]) -> Table:
        """Return the table for these rows."""
        for batch in batches:
            # Totals that the report has among its rows are those of other rows.
            self._see(ordinary(batch))
        return self._made()

    def _see(self, batch: Batch) -> None:
        heads = list(zip(*[batch.column(at) for at in self._rows], strict=True))
        across = batch.column(self._across) if self._across is not None else [None] * len(batch)
        values: Sequence[object] = batch.column(self._value) if self._value is not None else [1] * len(batch)
        together: dict[tuple[_Key, object], list[object]] = {}
        for head, column, value in zip(heads, across, values, strict=True):
            row, at = tuple(map(group_of, head)), group_of(column)
            self._heads.setdefault(row, head)
            self._columns.setdefault(at, column)
            together.setdefault((row, at), []).append(value)
        if len(self._columns) > _MOST_COLUMNS or len(self._cells) > _MOST_CELLS:
            raise LimitError(
                f"the summary of {self._table.caption!r} would have more than {_MOST_COLUMNS:,} columns"
                f" or {_MOST_CELLS:,} cells",
                remedy="take columns with fewer different values",
            )
        for key, found in together.items():
            if key not in self._cells:
                self._cells[key] = self._total()
            self._cells[key].add(found)

    def _made(self) -> Table:
        keys = [key_for(self._table, at, self._settings.get(at), apart=True) for at in self._rows]
        rows = sorted(
            self._heads, key=lambda row: [key.of(value) for key, value in zip(keys, self._heads[row], strict=True)]
        )
        columns = list(self._columns)
        if self._across is not None:
            key = key_for(self._table, self._across, self._settings.get(self._across))
            columns.sort(key=lambda at: key.of(self._columns[at]))
        has_total = self._said.totals and self._across is not None
        made = []
        for row in rows:
            cells = [self._cells.get((row, at)) for at in columns]
            total = [self._together(cells).value] if has_total else []
            heads = [_BLANK if is_blank(value) else value for value in self._heads[row]]
            made.append(Row((*heads, *[self._value_of(cell) for cell in cells], *total)))
        if self._said.totals and self._kind not in _ADD_UP and made:
            made.append(self._last(rows, columns, has_total=has_total))
        names = [self._name(at) for at in columns] + [_TOTAL] * has_total
        shown = [
            *[_column(self._head(at)) for at in self._rows],
            *[_column(name, self._format()) for name in names],
        ]
        caption = self._caption()
        table = Table(caption=caption, columns=shown, rows=made)
        # What is validated becomes plain text: texts of ours stay what they are.
        data = table.data.model_copy(update={"rows": SaidRows(made)})
        return table.model_copy(update={"caption": caption, "data": data})

    def _last(self, rows: list[_Key], columns: list[object], *, has_total: bool) -> Row:
        """Return the row of totals where those of the cells above do not add up to them, as means."""
        by_column = [self._together([self._cells.get((row, at)) for row in rows]).value for at in columns]
        all_of_it = [self._together(list(self._cells.values())).value] if has_total else []
        return Row.shown((*[None] * len(self._rows), *by_column, *all_of_it), kind="total")

    def _total(self) -> ColumnTotal:
        at = self._value
        return total_of(self._kind, None if at is None else type_of(self._table, at, self._settings.get(at)))

    def _together(self, cells: Sequence[ColumnTotal | None]) -> ColumnTotal:
        total = self._total()
        for cell in cells:
            if cell is not None:
                total.merge(cell)
        return total

    def _value_of(self, cell: ColumnTotal | None) -> object:
        if cell is None:
            return 0 if self._kind in {"count", "distinct"} else None
        return cell.value

    def _format(self) -> ColumnFormat | None:
        said: dict[str, object] = {"decimals": self._said.decimals} if self._said.decimals is not None else {}
        if self._said.totals and self._kind in _ADD_UP:
            said["total"] = _ADD_UP[self._kind]
        return ColumnFormat.model_validate(said) if said else None

    def _head(self, at: int) -> str:
        said = self._settings.get(at)
        return (said.caption if said else None) or self._table.columns[at].head

    def _name(self, at: object) -> str:
        if self._across is None:
            if self._value is None:
                return say("Count")
            head = self._table.columns[self._value].head
            return say("{label} ({total})", label=head, total=say(TOTAL_NAMES[self._kind]))
        return _BLANK if is_blank(self._columns[at]) else text_of(self._columns[at])

    def _caption(self) -> str:
        if self._said.caption is not None:
            return self._said.caption
        by = [*self._said.rows, *([self._said.columns] if self._said.columns is not None else [])]
        return say("{table} by {columns}", table=self._table.caption or say("Summary"), columns=by)


def _column(caption: str, said: ColumnFormat | None = None) -> Column:
    made = Column(caption=caption, format=said) if said else Column(caption=caption)
    return made.model_copy(update={"caption": caption})
