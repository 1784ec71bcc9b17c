"""The looks of cells: asked for by what they mean, kept as openpyxl's cell formats."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

from openpyxl.styles import Alignment, Font, PatternFill

if TYPE_CHECKING:
    from openpyxl import Workbook

INK = "0B5A7A"
ON_INK = "FFFFFF"
LINK = "0563C1"
MUTED = "595959"


_ACCENT = "accent"
"""Stands for the theme's colour."""
_ROLES: dict[str, tuple[int, bool, str | None]] = {
    "title": (16, True, _ACCENT),
    "section": (13, True, _ACCENT),
    "caption": (11, True, None),
    "note": (11, False, MUTED),
    "heads": (11, True, ON_INK),
}


class Styles:
    """Gives the number of a look in the workbook's list of cell formats; the first one is the default look."""

    def __init__(self, book: Workbook, ink: str, start: Literal["left", "right"]) -> None:
        self._ink = ink
        self._start = start
        self._sheet = book.create_sheet()
        self._count = 0
        self.attribute = cache(self._attribute)

    def _attribute(
        self,
        *,
        format: str | None = None,
        wrap: bool = False,
        top: bool = False,
        align: str | None = None,
        indent: bool = False,
        quote: bool = False,
        head: bool = False,
        link: bool = False,
        role: str = "",
    ) -> str:
        """Return the attribute of a cell with this look, with a space before it; nothing for the default look.

        `align` is `center` or `start`, where lines of the language start; `indent` is a space there; `quote` marks text
        that Excel is to keep as text when it is edited; `head` is a cell that heads its row; a `role` is one of title,
        section, caption, note and heads (those over the columns).
        """
        self._count += 1
        cell = self._sheet.cell(self._count, 1)
        if format:
            cell.number_format = format
        if indent:
            # Of numbers in changing formats LibreOffice loses an indent at the right.
            align = "start"
        if align == "start":
            align = self._start
        if wrap or top or align:
            cell.alignment = Alignment(align, "top" if top else None, wrap_text=wrap or None, indent=int(indent))
        if quote:
            cell.quotePrefix = True
        if head:
            cell.font = Font(name="Calibri", size=11, bold=True)
        if link:
            cell.font = Font(name="Calibri", size=11, underline="single", color=LINK)
        if role:
            size, bold, color = _ROLES[role]
            cell.font = Font(name="Calibri", size=size, bold=bold, color=self._ink if color == _ACCENT else color)
        if role == "heads":
            cell.fill = PatternFill("solid", fgColor=self._ink)
            cell.alignment = Alignment(align, "center", wrap_text=True, indent=int(indent))
        number = cell.style_id
        return f' s="{number}"' if number else ""

    def close(self) -> None:
        """Take the sheet that the looks were tried on out of the workbook."""
        self._sheet.parent.remove(self._sheet)


def ink_of(token: str | None) -> str:
    """Return a theme's accent as the six digits that Excel knows, ours where it is no plain colour."""
    found = re.fullmatch("#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", (token or "").strip())
    digits = found[1] if found else INK
    short = len(digits) < len(INK)
    return ("".join(digit * 2 for digit in digits) if short else digits).upper()
