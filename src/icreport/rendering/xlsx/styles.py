"""The looks of cells: asked for by what they mean, kept as openpyxl's cell formats."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from icreport.rendering.themes.contrast import mixed_grounds, palettes
from icreport.rendering.themes.tokens import digits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openpyxl import Workbook
    from openpyxl.cell import Cell

    from icreport.rendering.themes.theme import Theme

INK = "0B5A7A"
ON_INK = "FFFFFF"
LINK = "0563C1"
MUTED = "595959"
GROUND = "EEF2F6"
BAR = "A3C0CD"


_ACCENT = "accent"
"""Stands for the theme's colour."""
_ROLES: dict[str, tuple[int, bool, str | None]] = {
    "title": (16, True, _ACCENT),
    "section": (13, True, _ACCENT),
    "caption": (11, True, None),
    "note": (11, False, MUTED),
    "heads": (11, True, ON_INK),
    "group": (11, True, None),
    "subtotal": (11, True, None),
    "total": (11, True, None),
}
_SUMS = ("group", "subtotal", "total")
LOOKS = {
    "good": ("14603A", "E2F3E8"),
    "fair": ("7A4A00", "FDF0D6"),
    "bad": ("97201B", "FCE6E4"),
    "plain": (None, "E9EEF3"),
}
"""The colours of text and ground of each look; a theme has its own."""


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of looks (text and ground), of data bars, and of the deep end of colour scales."""

    looks: Mapping[str, tuple[str | None, str]] = field(default_factory=lambda: LOOKS)
    bar: str = BAR
    scale: str = BAR


class Styles:
    """Gives the number of a look in the workbook's list of cell formats; the first one is the default look."""

    def __init__(
        self, book: Workbook, ink: str, start: Literal["left", "right"], colours: Callable[[], Colours] | None = None
    ) -> None:
        self._ink = ink
        self._colours = colours
        self._start = start
        self._sheet = book.create_sheet()
        self._count = 0
        self.attribute = cache(self._attribute)

    @cached_property
    def colours(self) -> Colours:
        """The colours of what tables say of how they are shown."""
        return self._colours() if self._colours else Colours()

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
        look: str = "",
    ) -> str:
        """Return the attribute of a cell with this look, with a space before it; nothing for the default look.

        `align` is `center` or `start`, where lines of the language start; `indent` is a space there; `quote` marks text
        that Excel is to keep as text when it is edited; `head` is a cell that heads its row; a `role` is one of title,
        section, caption, note, heads (those over the columns), group, subtotal and total; `look` is that of a mark.
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
        if head or link:
            underline, color = ("single", LINK) if link else (None, None)
            cell.font = Font(name="Calibri", size=11, bold=not link or None, underline=underline, color=color)
        if role:
            size, bold, color = _ROLES[role]
            cell.font = Font(name="Calibri", size=size, bold=bold, color=self._ink if color == _ACCENT else color)
        if role == "heads":
            cell.fill = PatternFill("solid", fgColor=self._ink)
            cell.alignment = Alignment(align, "center", wrap_text=True, indent=int(indent))
        if look or role in _SUMS:
            self._shade(cell, role, look)
        number = cell.style_id
        return f' s="{number}"' if number else ""

    def _shade(self, cell: Cell, role: str, look: str) -> None:
        """Give a marked cell its colours; a heading of a group, or totals, a ground and a line above."""
        if not look:
            cell.fill = PatternFill("solid", fgColor=GROUND)
            cell.border = Border(top=Side("thin" if role != "total" else "medium", color=MUTED))
            return
        ink, ground = self.colours.looks[look]
        cell.font = Font(name="Calibri", size=11, bold=look != "plain", color=ink)
        cell.fill = PatternFill("solid", fgColor=ground)

    def close(self) -> None:
        """Take the sheet that the looks were tried on out of the workbook."""
        self._sheet.parent.remove(self._sheet)


def colours_of(theme: Theme) -> Colours:
    """Return the colours of a theme, ours where its tokens are no plain colours."""
    tokens = palettes(theme)["light"]
    looks = {
        look: (digits_of(tokens.get(look), ink) if ink else None, digits_of(tokens.get(f"{look}-ground"), ground))
        for look, (ink, ground) in LOOKS.items()
    }
    grounds = mixed_grounds(theme, 2)["light"]
    return Colours(looks, bar=digits_of(grounds[1], BAR), scale=digits_of(grounds[1], BAR))


def ink_of(token: str | None) -> str:
    """Return a theme's accent as the six digits that Excel knows, ours where it is no plain colour."""
    return digits_of(token, INK)
