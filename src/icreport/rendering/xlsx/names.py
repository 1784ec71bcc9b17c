"""Names that Excel accepts: of sheets, of tables and of the columns of tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_SHEET = 31
_LONGEST_COLUMN = 255
_NOT_SHEET = re.compile(r"[\[\]:*?/\\\0-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """Give a sheet name near `wanted`: legal, at most 31 UTF-16 units, different from those taken in any case."""
    clean = " ".join(_NOT_SHEET.sub(" ", wanted).split()).strip("'").strip()
    if not clean or clean.casefold() == "history":
        clean = f"{clean or 'Table'} 1" if clean else "Table"
    return unique(clean, taken, _LONGEST_SHEET)


def column_names(heads: Iterable[str]) -> list[str]:
    """Give the names of a table's columns: none empty, none twice in any case (18.5.1.3)."""
    names: list[str] = []
    for number, head in enumerate(heads, 1):
        names.append(unique(head or f"Column {number}", names, _LONGEST_COLUMN))
    return names


def unique(wanted: str, taken: Iterable[str], longest: int) -> str:
    """Give `wanted`, numbered where it is taken, cut so that it fits."""
    known = {name.casefold() for name in taken}
    name = _cut(wanted, longest)
    number = 2
    while name.casefold() in known:
        ending = f" ({number})"
        name = _cut(wanted, longest - len(ending)) + ending
        number += 1
    return name


def _cut(text: str, longest: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: 2 * longest].decode("utf-16-le", "ignore").strip()
