"""The looks of cells, registered with the workbook as they are needed."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.worksheet.worksheet import Worksheet

_COLOURS = {"accent": "0b5a7a", "head": "eef2f6", "ink": "17222d", "line": "d8e0e7", "muted": "51606e"}
TEXT = "@"
GENERAL = "General"
# LibreOffice shows a boolean as 1 but for this format; Excel shows TRUE whatever the format.
BOOLEAN = '"TRUE";"TRUE";"FALSE"'


class Styles:
    """Gives the index of a look, as a cell's `s` attribute says it (ECMA-376 part 1, 18.3.1.4)."""

    def __init__(self, sheet: Worksheet, tokens: Mapping[str, str]) -> None:
        self._sheet = sheet
        self.colours = {name: _colour(tokens.get(name, ""), default) for name, default in _COLOURS.items()}
        self.body = cache(self._body)
        self._line = Border(bottom=Side("thin", self.colours["line"]))

    def _body(self, number_format: str = GENERAL, *, wrap: bool = False, right: bool = False) -> int:
        cell = self._cell()
        cell.number_format = number_format
        cell.alignment = Alignment(vertical="top", wrap_text=wrap or None, horizontal="right" if right else None)
        cell.border = self._line
        return int(cell.style_id)

    @property
    def head(self) -> int:
        """The head of a column."""
        cell = self._cell(Font(name="Calibri", sz=11, b=True, color=self.colours["ink"]))
        cell.fill = PatternFill("solid", self.colours["head"])
        cell.border = Border(bottom=Side("medium", self.colours["accent"]))
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.number_format = TEXT
        return int(cell.style_id)

    @property
    def row_head(self) -> int:
        """The head of a row."""
        cell = self._cell(Font(name="Calibri", sz=11, b=True, color=self.colours["ink"]))
        cell.fill = PatternFill("solid", self.colours["head"])
        cell.border = self._line
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.number_format = TEXT
        return int(cell.style_id)

    @property
    def title(self) -> int:
        """What stands over a sheet."""
        return self._text(Font(name="Calibri", sz=16, b=True, color=self.colours["accent"]), wrap=False)

    @property
    def heading(self) -> int:
        """What stands over a part of a sheet."""
        return self._text(Font(name="Calibri", sz=13, b=True, color=self.colours["ink"]), wrap=True, vertical="bottom")

    @property
    def paragraph(self) -> int:
        """Running text."""
        return self._text(Font(name="Calibri", sz=11, color=self.colours["ink"]), wrap=True)

    @property
    def link(self) -> int:
        """A link to a sheet."""
        return self._text(Font(name="Calibri", sz=11, u="single", color=self.colours["accent"]), wrap=True)

    def _text(self, font: Font, *, wrap: bool, vertical: str = "top") -> int:
        cell = self._cell(font)
        cell.alignment = Alignment(vertical=vertical, wrap_text=wrap or None)
        return int(cell.style_id)

    def _cell(self, font: Font | None = None) -> Cell:
        cell = Cell(self._sheet, row=1, column=1)
        if font is not None:
            cell.font = font
        return cell


def _colour(token: str, default: str) -> str:
    """Give a token's colour where it is one that Excel can have, as `FFRRGGBB`."""
    found = re.fullmatch("#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", token.strip())
    digits = found[1] if found else default
    if len(digits) == 3:  # noqa: PLR2004 - #rgb
        digits = "".join(digit * 2 for digit in digits)
    return "FF" + digits.upper()
