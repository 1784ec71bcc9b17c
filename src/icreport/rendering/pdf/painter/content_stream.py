"""Placed rows as the operators of a PDF content stream, in the coordinates of the page in CSS pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from icreport.rendering.pdf.painter.resources import text_of
from icreport.rendering.pdf.weasyprint_inside import (
    draw_background,
    draw_border,
    draw_line,
    layout_box_backgrounds,
    styled_color,
)
from icreport.rendering.pdf.weasyprint_inside.box_tree import draw_ground, with_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.rendering.pdf.weasyprint_inside import TableCellBox

    _Border = tuple[tuple[int, ...], tuple[str, float, object]]
    """A border of cells that share theirs: what decides between two, and style, width and colour."""
    from tinycss2.color4 import Color

    from icreport.rendering.pdf.painter.pagination import PlacedCell, PlacedPage, PlacedRow
    from icreport.rendering.pdf.painter.table_model import CellModel, TableModel
    from icreport.rendering.pdf.painter.text_layout import Line
    from icreport.rendering.pdf.weasyprint_inside import Stream


class Painter:
    """Paints the rows of one table; what does not differ between rows is drawn once and repeated."""

    def __init__(self, table: TableModel, *, tagged: bool = False) -> None:
        self._table = table
        self._tagged = tagged
        self._decorations: dict[object, Decoration] = {}
        self._overlays: dict[tuple[int, float, tuple[int, int] | None], str] = {}
        self._colors: dict[object, str] = {}

    def paint(self, page: PlacedPage, *, first_mark: int = 0, ends: bool = False) -> bytes:
        """Return the operators for the rows of a page; `ends` says that the table ends here."""
        starts = [f"q 1 0 0 1 0 {_number(row.top)} cm" for row in page.rows]
        decorations = self._decorations_of(page, starts, ends=ends)
        if self._tagged and decorations:
            decorations = ["/Artifact BMC", *decorations, "EMC"]
        texts: list[str] = []
        tagged, mark = self._tagged, first_mark
        for row, start in zip(page.rows, starts, strict=True):
            texts.append(start)
            color = None
            for cell in row.cells:
                if not cell.lines:
                    continue
                if cell.model.color is not color:
                    color = cell.model.color
                    texts.append(self._color(color))
                if tagged:
                    texts.append(f"/Span<</MCID {mark}>>BDC")
                    mark += 1
                if cell.operators is None:
                    cell.operators = self._operators(cell)
                texts.append(cell.operators)
            texts.append("Q")
        return "\n".join([*decorations, *texts]).encode()

    def _decorations_of(self, page: PlacedPage, starts: list[str], *, ends: bool) -> list[str]:
        """Return what is drawn under the texts of a page; each row is moved to its place by one of the `starts`."""
        backgrounds: list[str] = []
        borders: list[str] = []
        last = len(page.rows) - 1
        for index, (row, start) in enumerate(zip(page.rows, starts, strict=True)):
            decoration = self._decoration(row, starts=index == 0, ends=ends and index == last)
            if decoration.background:
                backgrounds.append(f"{start} {decoration.background} Q")
            if decoration.border:
                borders.append(f"{start} {decoration.border} Q")
            if row.model.has_overlays:
                overlays = [self._overlay(cell, row.height) for cell in row.cells if cell.model.overlay]
                backgrounds += [f"{start} {overlay} Q" for overlay in overlays if overlay]
        return backgrounds + borders

    def _operators(self, cell: PlacedCell) -> str:
        """Return what paints the text of a cell, from the top of its row; where tagged, it ends the cell's mark."""
        model, top = cell.model, cell.top
        if cell.drawing:
            parts = [f"q 1 0 0 1 0 {_number(top)} cm {cell.drawing} Q"]
        else:
            parts = [
                f"1 0 0 -1 {_number(left_of(model, line))} {_number(top + line.baseline)} Tm {line.operators}"
                for line in cell.lines
                if line.operators
            ]
            parts = ["BT", *parts, "ET"] if parts else []
        parts += ["EMC"] * self._tagged
        pictures = [
            f"q 1 0 0 1 {_number(left_of(model, line))} {_number(top + line.baseline)} cm {line.pictures} Q"
            for line in cell.lines
            if line.pictures
        ]
        if pictures and self._tagged:
            pictures = ["/Artifact BMC", *pictures, "EMC"]
        return "\n".join(parts + pictures)

    def _color(self, color: Color) -> str:
        if color not in self._colors:
            stream = self._table.resources.stream()
            stream.set_color(color)
            self._colors[color] = text_of(stream)
        return self._colors[color]

    def _decoration(self, row: PlacedRow, *, starts: bool, ends: bool) -> Decoration:
        plain = (row.model.ground, round(row.height, 6))
        key = (*plain, starts, ends) if self._table.collapsed else plain
        try:
            return self._decorations[key]
        except KeyError:
            made = self._decorations[key] = self._decorate(row, starts=starts, ends=ends)
            return made

    def _decorate(self, row: PlacedRow, *, starts: bool, ends: bool) -> Decoration:
        """Let WeasyPrint draw the backgrounds and borders of a row whose top is at 0."""
        backgrounds, borders = self._table.resources.stream(), self._table.resources.stream()
        cells = [_box_of(model, row.height) for model in row.model.grounds]
        box = (self._table.made.get(row.own.made) or self._table.rows[row.own.parity]).copy_with_children(cells)
        box.position_y, box.height = 0, row.height
        for decorated in (box, *cells):
            layout_box_backgrounds(self._table.page_box, decorated, None, layout_children=False)
            draw_background(backgrounds, decorated.background)
        if not self._table.collapsed:
            for cell_box in cells:
                draw_border(borders, cell_box)
        if self._table.collapsed:
            _draw_collapsed_borders(borders, self._table, row.height, starts=starts, ends=ends)
        return Decoration(text_of(backgrounds), text_of(borders))

    def _overlay(self, cell: PlacedCell, height: float) -> str:
        """Let WeasyPrint draw the ground of a marked cell, and its bar, in a row whose top is at 0."""
        key = (id(cell.model), round(height, 6), cell.bar)
        if key not in self._overlays:
            box, stream = _box_of(cell.model, height), self._table.resources.stream()
            if cell.bar:
                box.style = with_bar(box.style, *cell.bar, rtl=self._table.rtl)
            layout_box_backgrounds(self._table.page_box, box, None, layout_children=False)
            draw_ground(stream, box.background)
            self._overlays[key] = text_of(stream)
        return self._overlays[key]


def _box_of(model: CellModel, height: float) -> TableCellBox:
    """Return the box of a cell in a row of this height, its top at 0."""
    box = model.box.copy()
    box.position_y = 0
    box.padding_top = box.padding_bottom = 0
    box.height = height - box.border_top_width - box.border_bottom_width
    return box


class Decoration(NamedTuple):
    """What is drawn under the texts of a row, its top at 0."""

    background: str
    border: str


def left_of(model: CellModel, line: Line) -> float:
    """Return where a line starts on its page."""
    free = model.width - line.width
    return model.left + free * (model.align if free > 0 else model.overflow)


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _draw_collapsed_borders(stream: Stream, table: TableModel, height: float, *, starts: bool, ends: bool) -> None:
    """Draw the borders under and beside a row, and above it where it is the first of its page."""
    box = table.table
    vertical, horizontal = box.collapsed_border_grid
    first = table.heads
    above = horizontal[first] if starts else horizontal[first + 1]
    below = horizontal[-1] if ends else horizontal[first + 1]
    sides = vertical[first]
    positions = [*box.column_positions, box.column_positions[-1] + box.column_widths[-1]]
    count = len(box.column_widths)

    def width(borders: Sequence[_Border], *indexes: int) -> float:
        return max([borders[i][1][1] for i in indexes if 0 <= i < len(borders)], default=0) / 2

    segments: list[tuple[tuple[int, ...], tuple[str, float, Color, str], tuple[float, float, float, float]]] = []
    for x in range(count + 1):
        score, line = sides[x]
        top, bottom = width(above, x - 1, x), width(below, x - 1, x)
        segments.append((score, (*line, "left"), (positions[x], -top, positions[x], height + bottom)))
    for y, borders in ((0.0, above), (height, below)) if starts else ((height, below),):
        x = 0
        while x < count:
            score, line = borders[x]
            end = x
            while line[0] == "solid" and end + 1 < count and borders[end + 1] == borders[x]:
                end += 1
            left = positions[x] - width(sides, x)
            segments.append((score, (*line, "top"), (left, y, positions[end + 1] + width(sides, end + 1), y)))
            x = end + 1
    segments.sort(key=lambda segment: segment[0])
    for _, (style, thickness, color, side), (x1, y1, x2, y2) in segments:
        if thickness and color.alpha:
            draw_line(stream, x1, y1, x2, y2, thickness, style, styled_color(style, color, side))
