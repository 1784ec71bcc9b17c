"""Names that Excel accepts: of sheets, and of the columns of an Excel table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icreport.rendering.xlsx.text import fit_for_xml, utf16_length

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_SHEET_NAME = 31
MAX_COLUMN_NAME = 255
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\s]+")


class SheetNames:
    """Gives each sheet a name of its own: 31 UTF-16 units, unique whatever the case, no marks that Excel forbids."""

    def __init__(self) -> None:
        # Excel keeps the name "History" for itself.
        self._taken = {"history"}

    def give(self, wanted: str | None, otherwise: str) -> str:
        """Give the legal name that is nearest to the wanted one."""
        cleaned = _NOT_IN_SHEET_NAMES.sub(" ", fit_for_xml(wanted or "")).strip(" '")
        base = _cut(cleaned, MAX_SHEET_NAME).strip(" '") or otherwise
        name, number = base, 1
        while name.casefold() in self._taken:
            number += 1
            suffix = f" ({number})"
            name = _cut(base, MAX_SHEET_NAME - len(suffix)).rstrip(" '") + suffix
        self._taken.add(name.casefold())
        return name


def column_names(heads: Iterable[str]) -> list[str]:
    """Give the heads as the columns of an Excel table need them: not empty, unique whatever the case, one line."""
    names: list[str] = []
    taken: set[str] = set()
    for number, head in enumerate(heads, 1):
        base = _cut(" ".join(fit_for_xml(head).split()), MAX_COLUMN_NAME) or f"Column{number}"
        name, repeat = base, 1
        while name.casefold() in taken:
            repeat += 1
            suffix = f" ({repeat})"
            name = _cut(base, MAX_COLUMN_NAME - len(suffix)) + suffix
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, length: int) -> str:
    text = text[:length]
    while utf16_length(text) > length:
        text = text[:-1]
    return text
