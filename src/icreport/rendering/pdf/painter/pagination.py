"""Rows placed on pages: how high each is, where its lines stand, and where a page ends."""

from __future__ import annotations

from itertools import chain, cycle
from typing import TYPE_CHECKING, NamedTuple

from icreport.rendering.pdf.painter.text_layout import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from icreport.rendering.pdf.painter.table_model import Area, CellModel, TableModel
    from icreport.rendering.pdf.painter.text_layout import Line

Texts = tuple["Sequence[str]", "Sequence[str]", "str | None"]
"""The texts of a row's cells, their kinds, and where its linked cells lead."""


class PlacedCell(NamedTuple):
    """A cell of a placed row; `top` is where its content starts, from the top of the row."""

    model: CellModel
    lines: tuple[Line, ...]
    height: float
    top: float
    drawing: str = ""


class PlacedRow(NamedTuple):
    """A row with its place on a page; its number counts from 0."""

    number: int
    top: float
    height: float
    cells: list[PlacedCell]
    address: str | None = None
    text: str = ""
    """That of the first cell, which is what leads there."""


class PlacedPage(NamedTuple):
    """The rows of one page; `bottom` is where what follows the table would start."""

    area: Area
    rows: list[PlacedRow]
    bottom: float


def place(table: TableModel, rows: Iterable[Texts], *, keeps_last: bool = False) -> Iterator[PlacedPage]:
    """Fill pages with rows, as WeasyPrint's table layout does: no row breaks unless it is higher than a page.

    A row that is higher goes on under the repeated head; WeasyPrint leaves the head out there. With `keeps_last` the
    last row has the one before it on its page.
    """
    areas = chain((table.first,), cycle(table.following))
    area = next(areas)
    top, limit = area.top, area.bottom * (1 + 1e-9)
    placed: list[PlacedRow] = []
    columns = range(table.columns)
    models = table.cells
    spacing = table.spacing
    above_first, below_last = table.above_first, table.below_last
    for number, (texts, kinds, address), is_last in _numbered(rows):
        parity = number % 2
        cells = []
        height = 0.0
        aligned = False
        for column in columns:
            kind = kinds[column]
            model = models.get((column, kind, parity)) or table.cell(column, kind, parity)
            text = texts[column]
            lines, content, drawing = model.layout.lay_out(text) if text else NOTHING
            if model.vertical != "top":
                aligned = True
            above = model.above if number else model.above + above_first[column]
            cells.append(PlacedCell(model, lines, content, above, drawing))
            needed = above + content + model.below
            if is_last:
                needed += below_last[column]
            if needed > height:  # noqa: PLR1730 - a call for each cell takes longer
                height = needed
        if aligned:
            height, cells = _align(cells, height)
        if top + height + spacing > limit:
            with_last = [placed.pop()] if keeps_last and is_last and len(placed) > 1 else []
            yield PlacedPage(area, placed, with_last[0].top if with_last else top)
            area = next(areas)
            top, limit = area.top, area.bottom * (1 + 1e-9)
            placed = [row._replace(top=top) for row in with_last]
            top += sum([row.height + spacing for row in with_last])
            while top + height + spacing > limit and any(cell.lines for cell in cells):
                piece, cells = _split(cells, area.bottom - top - spacing)
                row = PlacedRow(number, top, area.bottom - top - spacing, piece, address, texts[0])
                yield PlacedPage(area, [row], area.bottom)
                area = next(areas)
                top, limit = area.top, area.bottom * (1 + 1e-9)
                height = max([cell.top + cell.height + cell.model.below for cell in cells])
        placed.append(PlacedRow(number, top, height, cells, address, texts[0]))
        top += height + spacing
    yield PlacedPage(area, placed, top)


def _split(cells: list[PlacedCell], height: float) -> tuple[list[PlacedCell], list[PlacedCell]]:
    """Divide the lines of a row that is higher than a page: those that fit, at least one of a cell, and the others."""
    fitting, others = [], []
    for cell in cells:
        space = height - cell.model.above - cell.model.below
        count = sum(line.bottom <= space for line in cell.lines) or min(1, len(cell.lines))
        taken = cell.lines[count - 1].bottom if count else 0.0
        rest = [
            line._replace(baseline=line.baseline - taken, bottom=line.bottom - taken) for line in cell.lines[count:]
        ]
        top = cell.model.above
        fitting.append(PlacedCell(cell.model, cell.lines[:count], taken, top, cell.drawing))
        others.append(PlacedCell(cell.model, tuple(rest), cell.height - taken if rest else 0.0, top))
    return fitting, others


def _numbered(rows: Iterable[Texts]) -> Iterator[tuple[int, Texts, bool]]:
    """Yield rows with their numbers from 0 and whether they are the last."""
    number = -1
    held: Texts | None = None
    for number, row in enumerate(rows):
        if held is not None:
            yield number - 1, held, False
        held = row
    if held is not None:
        yield number, held, True


def _align(cells: list[PlacedCell], height: float) -> tuple[float, list[PlacedCell]]:
    """Move contents down as `vertical-align` asks; baselines can make the row higher."""
    baselines = [
        cell.top + cell.lines[0].baseline if cell.lines else cell.top
        for cell in cells
        if cell.model.vertical == "baseline"
    ]
    common = max(baselines, default=0.0)
    moved = []
    for cell in cells:
        if cell.model.vertical == "baseline":
            own = cell.top + cell.lines[0].baseline if cell.lines else cell.top
            moved.append(cell._replace(top=cell.top + common - own))
        else:
            moved.append(cell)
    height = max(
        height,
        *[cell.top + cell.height + cell.model.below for cell in moved],
    )
    shares = {"middle": 0.5, "bottom": 1.0}
    return height, [
        cell._replace(top=cell.top + shares[cell.model.vertical] * (height - cell.top - cell.height - cell.model.below))
        if cell.model.vertical in shares
        else cell
        for cell in moved
    ]
