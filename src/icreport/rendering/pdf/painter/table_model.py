"""What the painter knows of a table: areas, columns, cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from icreport.rendering.pdf.painter.drawn_cells import RichLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tinycss2.color4 import Color

    from icreport.rendering.pdf.painter.pagination import PlacedCell
    from icreport.rendering.pdf.painter.resources import Resources
    from icreport.rendering.pdf.painter.text_layout import TextLayout
    from icreport.rendering.pdf.weasyprint_inside import Box, PageBox, TableBox, TableRowBox

LINKED = "a"
"""The kind of a cell whose text is a link."""
REMEMBERED_ROWS = 2_000
"""Kinds of rows: there are very many where each cell has a colour of its own."""


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a page that takes rows: from `top`, no row further than `bottom`."""

    page: int
    top: float
    bottom: float


@dataclass(slots=True)
class CellModel:
    """How a cell of one column and kind looks."""

    box: Box
    above: float
    """From the top of the cell to its content: border and padding."""
    below: float
    left: float
    """Of the content, on the page."""
    width: float
    align: float
    """Of the free width, the part that is left of a line."""
    overflow: float
    """Of what a line is wider than its cell, the part that stands out on the left."""
    vertical: str
    font: str
    """Equal for texts of the same font, size and features."""
    color: Color
    layout: TextLayout | RichLayout
    is_head: bool
    decoration: object
    """Equal for cells that have the same background and border."""
    overlay: bool = False
    """Whether its background lies over that of a plain cell of its column."""
    link: tuple[float, float] | None = None
    """Of a linked cell, how far each line's link reaches above and below its baseline."""
    placed: dict[str, PlacedCell] = field(default_factory=dict)
    """Cells with some text that look so, as they stand in a row where nothing moves them."""


@dataclass(frozen=True, slots=True)
class RowModel:
    """How the cells of a row look; those of rows of the same kinds of cells share it."""

    cells: tuple[CellModel, ...]
    grounds: tuple[CellModel, ...]
    """How the cells look without what lies over their grounds."""
    ground: int
    """Equal for rows with the same grounds."""
    has_overlays: bool
    is_aligned: bool
    """Whether contents are moved down by how high the row is."""


@dataclass(slots=True)
class TableModel:
    """Everything that a table's further rows need."""

    identifier: str
    """The id of the table's element."""
    table: TableBox
    page_box: PageBox
    columns: int
    cells: dict[tuple[int, str, int], CellModel]
    """By column, kind (the cell's classes, or `LINKED`) and whether the row is an odd (0) or even (1) one."""
    rows: tuple[TableRowBox, TableRowBox]
    made: dict[str, TableRowBox]
    """A row of each kind that is none of the report, by its classes."""
    above_first: tuple[float, ...]
    """For each column, how much further down the first row's content starts: borders that collapse with the head's."""
    below_last: tuple[float, ...]
    """For each column, how much higher the last row is: borders that collapse with the table's."""
    first: Area
    following: tuple[Area, ...]
    """The areas of the pages after the first, to be taken in turn."""
    collapsed: bool
    spacing: float
    heads: int
    resources: Resources
    _row_models: dict[tuple[tuple[str, ...], int, str], RowModel] = field(default_factory=dict)
    _grounds: dict[object, int] = field(default_factory=dict)

    @property
    def rtl(self) -> bool:
        """Whether its page runs from right to left."""
        return bool(self.page_box.style["direction"] == "rtl")

    def prepare(self, column: int, kind: str, texts: Sequence[str]) -> None:
        """Lay out texts that will come in the cells of a column and kind, where doing so together is quicker."""
        if isinstance(layout := self.cell(column, kind, 0).layout, RichLayout):
            layout.prepare(texts)

    def row(self, kinds: tuple[str, ...], parity: int, made: str) -> RowModel:
        """Return the look of an odd (0) or even (1) row with cells of these kinds; `made` as `RowLook` has it."""
        key = kinds, parity, made
        found = self._row_models.get(key)
        if found is None:
            cells = tuple([self.cell(column, kind, parity) for column, kind in enumerate(kinds)])
            plain = [self.cell(at, "", parity) if cell.overlay else cell for at, cell in enumerate(cells)]
            looks = parity, made, tuple([cell.decoration for cell in plain])
            ground = self._grounds.setdefault(looks, len(self._grounds))
            if len(self._row_models) >= REMEMBERED_ROWS:
                self._row_models.clear()
            found = self._row_models[key] = RowModel(
                cells,
                tuple(plain),
                ground,
                has_overlays=any(cell.overlay for cell in cells),
                is_aligned=any(cell.vertical != "top" for cell in cells),
            )
        return found

    def cell(self, column: int, kind: str, parity: int) -> CellModel:
        """Return the look of a cell; a kind that the probe did not have looks as the column's first."""
        found = self.cells.get((column, kind, parity)) or self.cells.get((column, kind, 1 - parity))
        if found is None:
            # Of both parities at once: what is known of one stands for the other where that was not in the probe.
            firsts = [
                next(model for key, model in self.cells.items() if key[0] == column and key[2] == each)
                for each in (0, 1)
            ]
            self.cells |= {(column, kind, each): first for each, first in enumerate(firsts)}
            return firsts[parity]
        self.cells[column, kind, parity] = found
        return found
