"""The columns that a view names, found in a table, and what is missing told with the nearest names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.errors import Place, choices
from icreport.model.conditions import predicate_of
from icreport.views.rows import Asked
from icreport.views.sort_keys import SortKeys
from icreport.views.words import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.model.elements import Table
    from icreport.model.formats import ValueType
    from icreport.views.loading import Origin
    from icreport.views.settings import ColumnSettings, Where
    from icreport.warnings import Warnings


@dataclass(frozen=True, slots=True)
class Missing:
    """What happens to what a view names and a report lacks: an error, or where it may be skipped a warning."""

    may_skip: bool
    warnings: Warnings

    def tell(
        self,
        origin: Origin,
        path: Sequence[str | int],
        message: str,
        remedy: str,
        place: Place | None,
        what: str | None = None,
    ) -> None:
        """Raise `ViewError`, or warn that it is left out, or all of `what` it is needed for."""
        error = origin.error(message, path, remedy)
        if not self.may_skip:
            raise error
        self.warnings.add("view-missing", f"{error}: {f'{what} is ' if what else ''}left out", place, loss=False)


class Columns:
    """Finds the columns of one table by the names that a view has for them."""

    def __init__(self, table: Table, index: int, missing: Missing, origin: Origin) -> None:
        self._table = table
        self._names = table.names
        self._heads = [column.head for column in table.columns]
        self._place = Place(index, table.caption)
        self._missing = missing
        self._origin = origin

    def find(self, name: str, *path: str | int, needed_for: str | None = None) -> int | None:
        """Return the index of a column, by its name or, of several with it, the first; None where it is skipped."""
        for known in (self._names, self._heads):
            if name in known:
                return known.index(name)
        what = f"the table {self._place.caption or self._place.element!r} has no column {name!r}"
        self._missing.tell(self._origin, path, what, choices(name, self._names), self._place, needed_for)
        return None

    def find_all(self, names: Sequence[str], *path: str | int, needed_for: str | None = None) -> list[int]:
        """Return the indexes of columns."""
        return [at for name in names if (at := self.find(name, *path, needed_for=needed_for)) is not None]

    def asked(self, where: Sequence[Where], settings: dict[int, ColumnSettings], *, of: str) -> list[Asked] | None:
        """Return conditions with the columns that they ask; None where one is skipped, so that rows would be too many.

        `of` says what is left out then.
        """
        found = [(one, self.find(one.column, "where", needed_for=of)) for one in where]
        asked = [
            Asked(at, predicate_of(one, type_of(self._table, at, settings.get(at))), in_words(one))
            for one, at in found
            if at is not None
        ]
        return asked if len(asked) == len(where) else None

    def settings(self, said: dict[str, ColumnSettings]) -> dict[int, ColumnSettings]:
        """Return how columns are shown, by their index."""
        found = [(self.find(name, "column", name), one) for name, one in said.items()]
        return {at: one for at, one in found if at is not None}

    def keys(
        self, sort: Sequence[str], groups: Sequence[int], settings: dict[int, ColumnSettings], table: Table
    ) -> list[tuple[int, SortKeys]]:
        """Return what rows sort by: their groups, then the columns that are named; `-Name` goes downwards."""
        wanted: dict[int, bool] = dict.fromkeys(groups, False)
        for name in sort:
            down = name.startswith("-") and name not in self._names
            at = self.find(name[1:] if down else name, "sort")
            if at is not None:
                wanted[at] = down
        return [
            (at, key_for(table, at, settings.get(at), down=down, apart=at in groups)) for at, down in wanted.items()
        ]


def type_of(table: Table, at: int, said: ColumnSettings | None) -> ValueType | None:
    """Return the type of a column, by what the view says of it before the report."""
    before = table.columns[at].format
    return (said and said.type) or (before and before.type) or None


def key_for(table: Table, at: int, said: ColumnSettings | None, *, down: bool = False, apart: bool = False) -> SortKeys:
    """Return what gives the values of a column their sort keys, by what the view says of it before the report."""
    before = table.columns[at].format
    order = (said and said.order) or (before and before.order) or None
    return SortKeys(type_of(table, at, said), order, down=down, apart=apart)
