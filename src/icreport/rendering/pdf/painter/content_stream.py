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
    from collections.abc import Iterable, Sequence

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
        decorations = self._decorations_of(page, ends=ends)
        if self._tagged and decorations:
            decorations = ["/Artifact BMC", *decorations, "EMC"]
        texts: list[tuple[float, str]] = []
        tagged, mark = self._tagged, first_mark
        color = None
        for row in page.rows:
            parts: list[str] = []
            for cell in row.cells:
                if not cell.lines:
                    continue
                if cell.model.color is not color:
                    color = cell.model.color
                    parts.append(self._color(color))
                if tagged:
                    parts.append(f"/Span<</MCID {mark}>>BDC")
                    mark += 1
                if cell.operators is None:
                    cell.operators = self._operators(cell)
                parts.append(cell.operators)
            texts.append((row.top, "\n".join(parts)))
        return "\n".join([*decorations, *_moved_down(texts)]).encode()

    def _decorations_of(self, page: PlacedPage, *, ends: bool) -> list[str]:
        """Return what is drawn under the texts of a page."""
        backgrounds: list[tuple[float, str]] = []
        borders: list[tuple[float, str]] = []
        last = len(page.rows) - 1
        for index, row in enumerate(page.rows):
            decoration = self._decoration(row, starts=index == 0, ends=ends and index == last)
            backgrounds.append((row.top, decoration.background))
            borders.append((row.top, decoration.border))
            if row.model.has_overlays:
                backgrounds += [(row.top, self._overlay(cell, row.height)) for cell in row.cells if cell.model.overlay]
        return [*_moved_down(backgrounds), *_moved_down(borders)]

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
        table = self._table
        cells = [_box_of(model, row.height) for model in row.model.grounds]
        box = (table.made.get(row.own.made) or table.rows[row.own.parity]).copy_with_children(cells)
        box.position_y, box.height = 0, row.height

        def draw_backgrounds(stream: Stream) -> None:
            for decorated in (box, *cells):
                layout_box_backgrounds(table.page_box, decorated, None, layout_children=False)
                draw_background(stream, decorated.background)

        def draw_borders(stream: Stream) -> None:
            if table.collapsed:
                _draw_collapsed_borders(stream, table, row.height, starts=starts, ends=ends)
                return
            for cell in cells:
                draw_border(stream, cell)

        width, height = table.page_box.margin_width(), table.page_box.margin_height()
        # Lines may stand out of their row.
        area = -width, -height, 3 * width, 3 * height
        return Decoration(table.resources.form(draw_backgrounds, area), table.resources.form(draw_borders, area))

    def _overlay(self, cell: PlacedCell, height: float) -> str:
        """Let WeasyPrint draw the ground of a marked cell, and its bar, in a row whose top is at 0."""
        key = (id(cell.model), round(height, 6), cell.bar)
        if key not in self._overlays:
            box, stream = _box_of(cell.model, height), self._table.resources.stream()
            if cell.bar:
                box.style = with_bar(box.style, *cell.bar, rtl=self._table.rtl)
            layout_box_backgrounds(self._table.page_box, box, None, layout_children=False)
            draw_ground(stream, box.background)
            self._overlays[key] = f"q {text_of(stream)} Q" if stream.stream else ""
        return self._overlays[key]


def _box_of(model: CellModel, height: float) -> TableCellBox:
    """Return the box of a cell in a row of this height, its top at 0."""
    box = model.box.copy()
    box.position_y = 0
    box.padding_top = box.padding_bottom = 0
    box.height = height - box.border_top_width - box.border_bottom_width
    return box


class Decoration(NamedTuple):
    """The operators that draw what is under the texts of a row, its top at 0."""

    background: str
    border: str


def left_of(model: CellModel, line: Line) -> float:
    """Return where a line starts on its page."""
    free = model.width - line.width
    return model.left + free * (model.align if free > 0 else model.overflow)


def _moved_down(parts: Iterable[tuple[float, str]]) -> list[str]:
    """Return operators that draw as those given, each from its place down the page, which it does not know itself.

    Each place counts from the one before: most rows are as high as others, so that this repeats itself.
    """
    drawn: list[str] = []
    at = 0.0
    for top, operators in parts:
        if operators:
            down = round(top - at, 4)
            at += down
            drawn.append(f"1 0 0 1 0 {_number(down)} cm {operators}" if down else operators)
    return ["q", *drawn, "Q"] if drawn else []


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
