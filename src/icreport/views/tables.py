"""A table as a view shows it: its columns, rows, groups and how they look."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING

from msgspec.structs import replace

from icreport.errors import Place, choices
from icreport.model.elements import Column
from icreport.model.formats import TableFormat
from icreport.values import text_of
from icreport.views.columns import Columns
from icreport.views.pins import pins_of
from icreport.views.rows import CountedRows, Declared, LeftOut, Selection, ViewedRows
from icreport.words import Said, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icreport.model.elements import Table
    from icreport.model.rows import Row
    from icreport.views.columns import Missing
    from icreport.views.loading import Origin
    from icreport.views.settings import ColumnSettings, TableSettings

_ONLY_WITH_COLUMNS = ("where", "sort", "group_by", "column")


def viewed_table(table: Table, index: int, said: TableSettings, origin: Origin, missing: Missing) -> Table | None:
    """Return a table as a view shows it; `index` is its place in the report. Raises `ViewError`.

    None where it lacks a column that `where` asks, and this may be skipped: it would show rows that it shall not.
    Where anything is asked of its rows they are `ViewedRows`, which do it while they are walked.
    """
    if not table.columns:
        return _vertical(table, index, said, origin, missing)
    columns = Columns(table, index, missing, origin)
    settings = columns.settings(said.column)
    asked = columns.asked(said.where, settings, of="the table")
    if asked is None:
        return None
    groups = columns.find_all(said.group_by, "group_by") or table.group_columns
    picked, beyond = _picked(table, said, groups, columns)
    sort = columns.keys(said.sort, groups, settings, table) if said.sort or said.group_by else []
    shown = list(range(len(table.columns))) if picked is None else picked
    types = [(table.names[at], settings[at].type if at in settings else None) for at in shown]
    pins = pins_of(types, missing.warnings, Place(index, table.caption))
    declared = Declared(len(table.columns), missing.warnings, Place(index, table.caption))
    selection = Selection(asked, picked, beyond, sort, said.limit, pins, declared if picked is not None else None)
    made = _with_columns(table, [_column(table.columns[at], settings.get(at)) for at in shown], said)
    made = _with_groups(made, [shown.index(at) for at in groups if at in shown], said)
    if selection == Selection():
        return made
    if table.categories and (selection.asked or selection.sort or selection.limit is not None):
        return _pivot(made, selection, declared, says_note=said.note)
    return _with_rows(made, _rows(made.rows, selection, says_note=said.note))


def _rows(rows: Iterable[Row], selection: Selection, *, says_note: bool) -> ViewedRows:
    if isinstance(rows, Sized) and not selection.asked and selection.limit is None:
        return CountedRows(rows, selection, len(rows), says_note=says_note)
    return ViewedRows(rows, selection, says_note=says_note)


def _picked(
    table: Table, said: TableSettings, groups: Sequence[int], columns: Columns
) -> tuple[list[int] | None, int | None]:
    """Return the columns that are shown, None for all, and from where on cells beyond the columns are."""
    width = len(table.columns)
    if said.columns is not None:
        listed = columns.find_all(said.columns, "columns")
        shown = [*[at for at in groups if at not in listed], *listed]
        return (None if shown == list(range(width)) else shown), None
    if said.hide is not None:
        hidden = set(columns.find_all(said.hide, "hide")) - set(groups)
        return [at for at in range(width) if at not in hidden], width
    return None, None


def _column(column: Column, said: ColumnSettings | None) -> Column:
    if said is None:
        return column
    form = said.format(column.format)
    changes: dict[str, object] = {"caption": said.caption} if said.caption is not None else {}
    changes |= {"format": form} if form is not None else {}
    return column.model_copy(update=changes)


def _with_columns(table: Table, columns: list[Column], said: TableSettings) -> Table:
    made = table
    if columns != table.columns:
        made = made.model_copy(update={"data": made.data.model_copy(update={"columns": columns})})
    return made.model_copy(update={"caption": said.caption}) if said.caption is not None else made


def _with_groups(table: Table, groups: list[int], said: TableSettings) -> Table:
    changes: dict[str, object] = {}
    if groups:
        changes["grouped_by"] = [table.names[at] for at in groups]
    if said.new_page:
        changes["new_page"] = True
    before = table.data.format
    form = before.model_copy(update=changes) if before else TableFormat.model_validate(changes)
    if form == (before or TableFormat.empty()):
        return table
    return table.model_copy(update={"data": table.data.model_copy(update={"format": form})})


def _with_rows(table: Table, rows: object, **changes: object) -> Table:
    return table.model_copy(update={"data": table.data.model_copy(update={"rows": rows, **changes})})


def _pivot(table: Table, selection: Selection, declared: Declared, *, says_note: bool) -> Table:
    """Return a table whose rows have categories: these go with their rows, all of which are held in memory."""
    rows = list(table.rows)
    declared.look(rows)
    width = max([declared.width, *map(len, rows)])
    numbered = [
        replace(row, values=(*row.values, *[None] * (width - len(row)), number)) for number, row in enumerate(rows)
    ]
    columns = [*(range(width) if selection.columns is None else selection.columns), width]
    if selection.beyond is not None:
        columns[-1:] = [*range(selection.beyond, width), width]
    numbers = Selection(selection.asked, columns, None, selection.sort, selection.limit, selection.pins)
    viewed = ViewedRows(numbered, numbers, says_note=says_note)
    kept = list(viewed)
    # Rows beyond the categories have one without a name, so that those after them keep theirs.
    known = [*table.categories, *[Column()] * (len(rows) - len(table.categories))]
    categories = [known[row.values[-1]] for row in kept]
    shown = HeldRows([replace(row, values=row.values[:-1]) for row in kept], viewed.left_out, viewed.note)
    return _with_rows(table, shown, categories=categories)


class HeldRows(list["Row"]):
    """Rows in memory, and what was left out of them."""

    def __init__(self, rows: list[Row], left_out: LeftOut, note: Said | None) -> None:
        super().__init__(rows)
        self.left_out = left_out
        self.note = note


def _vertical(table: Table, index: int, said: TableSettings, origin: Origin, missing: Missing) -> Table:
    """Return a table whose rows have headers and whose columns have none: `columns` and `hide` name rows."""
    place = Place(index, table.caption)
    for name in _ONLY_WITH_COLUMNS:
        if getattr(said, name):
            what = f"the table {table.caption or index!r} is vertical: its rows have headers, its columns none"
            missing.tell(
                origin, [name], f"{what}, so {name} asks nothing", "use columns or hide, by the headers", place
            )
    made = _with_columns(table, [], said)
    if said.columns is None and said.hide is None and said.limit is None:
        return made
    rows = list(table.rows)
    heads = [text_of(row.values[0]) if row.values else "" for row in rows]
    for part in ("columns", "hide"):
        for name in getattr(said, part) or ():
            if name not in heads:
                what = f"the table {table.caption or index!r} has no row {name!r}"
                missing.tell(origin, [part], what, choices(name, heads), place)
    wanted = [name for name in heads if name not in (said.hide or ())] if said.columns is None else said.columns
    numbers = [at for name in dict.fromkeys(wanted) for at, head in enumerate(heads) if head == name]
    named = [rows[at] for at in (numbers if said.columns is not None else sorted(numbers))]
    kept = named[: said.limit]
    cut = LeftOut(len(rows), len(kept))
    cut.leave_out(say("first {count}", count=len(kept)), len(named) - len(kept))
    # What columns and hide leave out is told in no note, as columns of other tables are not.
    note = cut.note if said.note else None
    left_out = LeftOut(len(rows), len(kept), is_known=True)
    left_out.leave_out(Said("columns" if said.columns is not None else "hide", None, {}), len(rows) - len(named))
    left_out.by |= cut.by
    return _with_rows(made, HeldRows(kept, left_out, note))
