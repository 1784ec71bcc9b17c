"""Names by Excel's rules: of sheets, of tables, of the columns of a table."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from icreport.column_names import unique_names
from icreport.rendering.xlsx.xml_text import cut, units
from icreport.rendering.xml_text import without_forbidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


def sheet_names(wanted: Iterable[str], unnamed: str = "Table") -> list[str]:
    """Return a name for each sheet: legal, at most 31 UTF-16 units, different whatever the case of their letters.

    A sheet of whose name nothing is left is called `unnamed`.
    """
    # Excel keeps "History" for itself.
    return _names(
        list(wanted), partial(_sheet_name, unnamed=unnamed), partial(_numbered, most=_MOST_SHEET), ["history"]
    )


def _sheet_name(wanted: str, unnamed: str) -> str:
    name = _NOT_IN_SHEET.sub(" ", without_forbidden(wanted)[0]).strip(" '")
    return cut(name, _MOST_SHEET).strip(" '") or unnamed


def table_names(wanted: Iterable[str]) -> list[str]:
    """Return names by which formulas speak of tables."""
    return _names(list(wanted), _table_name, partial(_numbered, most=_MOST_TABLE, pattern="_{}"))


def _table_name(wanted: str) -> str:
    name = _NOT_IN_TABLE.sub("_", wanted)[:_MOST_TABLE].strip("_") or "Table"
    is_other = name[0].isdigit() or _CELL.fullmatch(name) or name.casefold() in _RESERVED
    return "_" + name if is_other else name


def _names(
    wanted: list[str], legal: Callable[[str], str], numbered: Callable[[str, int], str], taken: Iterable[str] = ()
) -> list[str]:
    """Return legal names; those that may stay as they are wanted go before those that become the same."""
    names = list(map(legal, wanted))
    order = sorted(range(len(names)), key=lambda at: names[at] != wanted[at])
    found = dict(zip(order, unique_names([names[at] for at in order], numbered, str.casefold, taken), strict=True))
    return [found[at] for at in range(len(names))]


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
    """Return a name with a number, shortened to make room for it."""
    suffix = pattern.format(number)
    return cut(name, most - units(suffix)).rstrip() + suffix
