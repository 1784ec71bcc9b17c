"""Names by Excel's rules: of sheets, of tables, of the columns of a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icreport.rendering.xlsx.texts import cut, units, without_forbidden

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_SHEET = 31
_MOST_TABLE = 120
_MOST_HEAD = 255
_NOT_IN_SHEET = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\s\ufffd]+")
# Letters that Excel surely takes; it knows fewer of the others than Unicode does by now.
_NOT_IN_TABLE = re.compile(
    "[^0-9A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f]+"
)
_CELL = re.compile(r"[A-Z]{1,3}[0-9]+|R[0-9]*(C[0-9]*)?|C[0-9]*", re.IGNORECASE)


class SheetNames:
    """Gives names for sheets: legal, at most 31 UTF-16 units, different whatever the case of their letters."""

    def __init__(self) -> None:
        self._taken = {"history"}  # Excel keeps it for itself

    def add(self, wanted: str) -> str:
        """Give the legal name that is next to what is wanted and not taken."""
        name = _NOT_IN_SHEET.sub(" ", without_forbidden(wanted)[0]).strip(" '")
        name = cut(name, _MOST_SHEET).strip(" '") or "Table"
        return _unique(name, self._taken, _MOST_SHEET, " ({})")


class TableNames:
    """Gives names by which formulas speak of a table."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def add(self, wanted: str) -> str:
        """Give the legal name that is next to what is wanted and not taken."""
        name = _NOT_IN_TABLE.sub("_", wanted)[:_MOST_TABLE].strip("_") or "Table"
        if name[0].isdigit() or _CELL.fullmatch(name):
            name = "_" + name
        return _unique(name, self._taken, _MOST_TABLE, "_{}")


def head_names(heads: Iterable[str]) -> list[str]:
    """Give the heads of an Excel table: none empty, none twice, none over 255 units.

    A blank one becomes spaces, one that repeats is numbered.
    """
    taken: set[str] = set()
    names = []
    for head in heads:
        name = cut(without_forbidden(head)[0], _MOST_HEAD)
        if name.strip():
            names.append(_unique(name, taken, _MOST_HEAD, " ({})"))
        else:
            blank = name or " "
            while blank in taken:
                blank += " "
            taken.add(blank)
            names.append(blank)
    return names


def _unique(name: str, taken: set[str], most: int, pattern: str) -> str:
    """Make a name that is taken different by a number from 2, shortened to give it place."""
    unique, number = name, 1
    while unique.casefold() in taken:
        number += 1
        suffix = pattern.format(number)
        unique = cut(name, most - units(suffix)).rstrip() + suffix
    taken.add(unique.casefold())
    return unique
