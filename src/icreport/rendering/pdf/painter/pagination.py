"""Rows placed on pages: how high each is, where its lines stand, and where a page ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, cycle
from typing import TYPE_CHECKING, NamedTuple

from icreport.rendering.pdf.painter.style_checks import UnknownStyleError
from icreport.rendering.pdf.painter.text_layout import NOTHING, REMEMBERED_TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from icreport.rendering.pdf.painter.table_model import Area, CellModel, RowModel, TableModel
    from icreport.rendering.pdf.painter.text_layout import Line


class RowLook(NamedTuple):
    """How a row of a table that says how it is shown differs from others."""

    parity: int
    """Whether it is an odd (0) or even (1) row of its body."""
    keeps: bool = False
    """Whether it is on the page of the row before, where both have room."""
    new_page: bool = False
    bars: tuple[tuple[int, int] | None, ...] = ()
    """For each cell from where to where its bar goes, in percent."""
    made: str = ""
    """The classes of a row that is none of the report; the heading of a group has one cell."""


_PLAIN = (RowLook(0), RowLook(1))

Texts = (
    tuple["Sequence[str]", "tuple[str, ...]", "str | None"]
    | tuple["Sequence[str]", "tuple[str, ...]", "str | None", RowLook]
)
"""The texts of a row's cells, their kinds, where its linked cells lead, and what else is said of it, if anything."""


@dataclass(slots=True)
class PlacedCell:
    """A cell of a placed row; `top` is where its content starts, from the top of the row."""

    model: CellModel
    lines: tuple[Line, ...]
    height: float
    top: float
    drawing: str = ""
    bar: tuple[int, int] | None = None
    """From where to where its bar goes, in percent of its width."""
    operators: str | None = None
    """What paints its text, from the top of the row, when that is known."""

    @property
    def needed(self) -> float:
        """How high its row is at least."""
        return self.top + self.height + self.model.below

    def moved(self, down: float) -> PlacedCell:
        """Return the cell with its content further down."""
        if not down:
            return self
        return PlacedCell(self.model, self.lines, self.height, self.top + down, self.drawing, self.bar)


class PlacedRow(NamedTuple):
    """A row with its place on a page; its number counts from 0."""

    number: int
    top: float
    height: float
    cells: Sequence[PlacedCell]
    model: RowModel
    address: str | None = None
    text: str = ""
    """That of the first cell, which is what leads there."""
    own: RowLook = _PLAIN[0]
    """What is said of it."""


class LoneRowError(UnknownStyleError):
    """The first row stands alone at the foot of a page; `height` is what it takes together with the second one."""

    def __init__(self, height: float) -> None:
        super().__init__("two of its rows do not fit on a page")
        self.height = height


class PlacedPage(NamedTuple):
    """The rows of one page; `bottom` is where what follows the table would start."""

    area: Area
    rows: list[PlacedRow]
    bottom: float


def place(table: TableModel, rows: Iterable[Texts], *, keeps_ends: bool = False) -> Iterator[PlacedPage]:
    """Fill pages with rows, as WeasyPrint's table layout does: no row breaks unless it is higher than a page.

    A row that is higher goes on under the repeated head; WeasyPrint leaves the head out there. With `keeps_ends` the
    last row has the one before it on its page.

    Raises `LoneRowError` where the first row should have the second one on its page, and that has no room there.
    """
    areas = chain((table.first,), cycle(table.following))
    area = next(areas)
    top, limit = area.top, area.bottom * (1 + 1e-9)
    placed: list[PlacedRow] = []
    spacing = table.spacing
    for number, (texts, kinds, address, *said), is_last in _numbered(rows):
        own = said[0] if said else _PLAIN[number % 2]
        model = table.row(kinds, own.parity, own.made)
        cells, height = _cells(table, model, texts, own, is_first=number == 0, is_last=is_last)
        if top + height + spacing > limit or (own.new_page and placed):
            if keeps_ends and number == 1 and not own.new_page:
                raise LoneRowError(top + height - placed[0].top)
            taken = _taken_along(placed, own, keeps_last=keeps_ends and is_last)
            yield PlacedPage(area, placed, taken[0].top if taken else top)
            area = next(areas)
            top, limit = area.top, area.bottom * (1 + 1e-9)
            placed = []
            for row in taken:
                placed.append(row._replace(top=top))
                top += row.height + spacing
            while top + height + spacing > limit and any(cell.lines for cell in cells):
                piece, cells = _split(cells, area.bottom - top - spacing)
                row = PlacedRow(number, top, area.bottom - top - spacing, piece, model, address, texts[0], own)
                yield PlacedPage(area, [*placed, row], area.bottom)
                area, placed = next(areas), []
                top, limit = area.top, area.bottom * (1 + 1e-9)
                height = max([cell.needed for cell in cells])
        placed.append(PlacedRow(number, top, height, cells, model, address, texts[0], own))
        top += height + spacing
    yield PlacedPage(area, placed, top)


def _cells(
    table: TableModel, model: RowModel, texts: Sequence[str], own: RowLook, *, is_first: bool, is_last: bool
) -> tuple[list[PlacedCell], float]:
    """Return the cells of a row, and how high it is."""
    cells = [cell.placed.get(text) or _placed(cell, text) for cell, text in zip(model.cells, texts, strict=True)]
    if own.bars:
        cells = [replace(cell, bar=bar) if bar else cell for cell, bar in zip(cells, own.bars, strict=True)]
    if is_first:
        cells = [cell.moved(down) for cell, down in zip(cells, table.above_first, strict=False)]
    height = max([cell.needed for cell in cells])
    if is_last:
        height = max(height, *[cell.needed + more for cell, more in zip(cells, table.below_last, strict=False)])
    return _aligned(cells, height) if model.is_aligned else (cells, height)


def _placed(model: CellModel, text: str) -> PlacedCell:
    """Return a cell with this text, its content at the top of it."""
    lines, height, drawing = model.layout.lay_out(text) if text else NOTHING
    if len(model.placed) >= REMEMBERED_TEXTS:
        model.placed.clear()
    made = model.placed[text] = PlacedCell(model, lines, height, model.above, drawing)
    return made


def _taken_along(placed: list[PlacedRow], own: RowLook, *, keeps_last: bool) -> list[PlacedRow]:
    """Take the rows off a page that the next one keeps with it: none where that would be all of them."""
    at = len(placed)
    if own.new_page:
        return []
    if own.keeps:
        at -= 1
        while at > 0 and placed[at].own.keeps:
            at -= 1
    elif keeps_last:
        at -= 1
    if at <= 0:
        return []
    taken = placed[at:]
    del placed[at:]
    return taken


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
        fitting.append(PlacedCell(cell.model, cell.lines[:count], taken, top, cell.drawing, cell.bar))
        others.append(PlacedCell(cell.model, tuple(rest), cell.height - taken if rest else 0.0, top, bar=cell.bar))
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


def _aligned(cells: list[PlacedCell], height: float) -> tuple[list[PlacedCell], float]:
    """Move contents down as `vertical-align` asks; return the cells, and the height of the row, which may grow."""
    baselines = [_baseline(cell) if cell.model.vertical == "baseline" else 0.0 for cell in cells]
    common = max(baselines)
    cells = [
        cell.moved(common - baseline) if cell.model.vertical == "baseline" else cell
        for cell, baseline in zip(cells, baselines, strict=True)
    ]
    height = max(height, *[cell.needed for cell in cells])
    shares = {"middle": 0.5, "bottom": 1.0}
    return [cell.moved(shares.get(cell.model.vertical, 0.0) * (height - cell.needed)) for cell in cells], height


def _baseline(cell: PlacedCell) -> float:
    return cell.top + cell.lines[0].baseline if cell.lines else cell.top
