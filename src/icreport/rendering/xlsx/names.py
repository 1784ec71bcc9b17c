"""Names by Excel's rules: of sheets, of tables, of the columns of a table."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from icreport.column_names import unique_names
from icreport.rendering.xlsx.xml_text import cut, units, without_forbidden

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_SHEET = 31
_MOST_TABLE = 120
MOST_HEAD = 255
_NOT_IN_SHEET = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\s\ufffd]+")
# Letters that Excel surely takes; it knows fewer of the others than Unicode does by now.
_NOT_IN_TABLE = re.compile(
    "[^0-9A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f]+"
)
_CELL = re.compile(r"[A-Z]{1,3}[0-9]+|R[0-9]*(C[0-9]*)?|C[0-9]*", re.IGNORECASE)
# Constants, and names that Excel has for itself (ECMA-376 part 1, 18.2.5).
_RESERVED = frozenset(
    (
        "true",
        "false",
        "print_area",
        "print_titles",
        "criteria",
        "extract",
        "database",
        "consolidate_area",
        "sheet_title",
    )
)


class SheetNames:
    """Gives names for sheets: legal, at most 31 UTF-16 units, different whatever the case of their letters."""

    def __init__(self) -> None:
        self._names = _Names(_MOST_SHEET, " ({})", ["history"])  # Excel keeps it for itself

    def add(self, wanted: str) -> str:
        """Give the legal name that is next to what is wanted and not taken."""
        name = _NOT_IN_SHEET.sub(" ", without_forbidden(wanted)[0]).strip(" '")
        name = cut(name, _MOST_SHEET).strip(" '") or "Table"
        return self._names.add(name)


class TableNames:
    """Gives names by which formulas speak of a table."""

    def __init__(self) -> None:
        self._names = _Names(_MOST_TABLE, "_{}")

    def add(self, wanted: str) -> str:
        """Give the legal name that is next to what is wanted and not taken."""
        name = _NOT_IN_TABLE.sub("_", wanted)[:_MOST_TABLE].strip("_") or "Table"
        if name[0].isdigit() or _CELL.fullmatch(name) or name.casefold() in _RESERVED:
            name = "_" + name
        return self._names.add(name)


def head_names(heads: Iterable[str]) -> list[str]:
    """Return the heads of an Excel table: none empty, none twice, none over 255 units.

    A blank one becomes spaces, one that repeats is numbered.
    """
    names = []
    blanks = 0
    for head in heads:
        name = cut(without_forbidden(head)[0], MOST_HEAD)
        if not name.strip(" "):
            blanks += 1
            name = " " * min(blanks, MOST_HEAD)
        names.append(name)
    return unique_names(names, partial(_numbered, most=MOST_HEAD), str.casefold)


def _numbered(name: str, number: int, most: int, pattern: str = " ({})") -> str:
    """Put a number to a name, shortened to give it place."""
    suffix = pattern.format(number)
    return cut(name, most - units(suffix)).rstrip() + suffix


class _Names:
    """Names that are different whatever the case of their letters: one that is taken gets a number, from 2."""

    def __init__(self, most: int, pattern: str, taken: Iterable[str] = ()) -> None:
        self._most = most
        self._pattern = pattern
        self._last = dict.fromkeys(taken, 1)

    def add(self, name: str) -> str:
        """Give the name, or the next one with a number, shortened to give it place."""
        unique, key = name, name.casefold()
        while unique.casefold() in self._last:
            # What was numbered last is remembered: thousands of tables may have the same caption.
            self._last[key] += 1
            unique = _numbered(name, self._last[key], self._most, self._pattern)
        self._last[unique.casefold()] = 1
        return unique
