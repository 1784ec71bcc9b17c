"""Cells that hold more than text: WeasyPrint lays out each different one once, and what it draws is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.rendering.pdf.painter.resources import text_of
from icreport.rendering.pdf.painter.style_checks import TOLERANCE, UnknownStyleError
from icreport.rendering.pdf.painter.text_layout import NOTHING, Line, Lines
from icreport.rendering.pdf.weasyprint_inside import StackingContext, boxes, draw_stacking_context
from icreport.rendering.pdf.weasyprint_inside.box_tree import is_link, page_box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from weasyprint import Document

    from icreport.rendering.pdf.painter.resources import Resources
    from icreport.rendering.pdf.weasyprint_inside import PageBox, TableCellBox

    Prober = Callable[[int, list[str], bool], Document]
    """Renders the table with rows that are empty but for one column, which shows these texts as the theme does.

    The last argument says that the rows lead to their records.
    """

REMEMBERED_CELLS = 5_000


class RichLayout:
    """Lays out the cells of one column, told apart by their text; `like` is one of them in its place."""

    def __init__(
        self,
        column: int,
        like: TableCellBox,
        prober: Prober,
        identifier: str,
        resources: Resources,
        *,
        is_linked: bool = False,
    ) -> None:
        self.column = column
        self.is_linked = is_linked
        self._left, self._width = like.position_x, like.width
        self._prober = prober
        self._identifier = identifier
        self._resources = resources
        self._remembered: dict[str, Lines] = {}

    def prepare(self, texts: Iterable[str]) -> None:
        """Lay out the texts that are new, together: much quicker than one by one."""
        new = [text for text in dict.fromkeys(texts) if text and text not in self._remembered]
        if not new:
            return
        if len(self._remembered) + len(new) > REMEMBERED_CELLS:
            self._remembered.clear()
        document = self._prober(self.column, new, self.is_linked)
        cells = [
            (cell, page_box(page))
            for page in document.pages
            for cell in _cells(page_box(page), self._identifier, self.column)
        ]
        for text, (cell, page) in zip(new, cells, strict=True):
            self._remembered[text] = self.draw(cell, page)

    def lay_out(self, text: str) -> Lines:
        """Return what a cell shows."""
        if not text:
            return NOTHING
        if text not in self._remembered:
            self.prepare([text])
        return self._remembered[text]

    def draw(self, cell: TableCellBox, page_box: PageBox) -> Lines:
        """Draw the content of a cell, its top at 0.

        Raises `UnknownStyleError` where it was laid out in another width than its column has.
        """
        if abs(cell.width - self._width) > TOLERANCE:
            raise UnknownStyleError("pages have other margins than their neighbours")
        first = next((line for line in cell.descendants() if isinstance(line, boxes.LineBox)), None)
        top = cell.children[0].position_y if cell.children else cell.position_y
        baseline = first.position_y + first.baseline - top if first is not None else 0.0
        height = cell.content_height
        box = cell.copy_with_children(cell.children)
        box.background = None
        for side in ("top", "right", "bottom", "left"):
            setattr(box, f"border_{side}_width", 0)
        stream = self._resources.stream()
        stream.transform(e=self._left - cell.position_x, f=-top)
        draw_stacking_context(stream, StackingContext.from_box(box, page_box, []))
        drawing = text_of(stream)
        areas = [each.hit_area() for each in box.descendants() if is_link(each)] if self.is_linked else []
        return Lines((Line("", 0.0, baseline, height, link=self._link(areas, cell.position_x, top)),), height, drawing)

    def _link(
        self, areas: list[tuple[float, float, float, float]], left: float, top: float
    ) -> tuple[float, float, float, float] | None:
        if not areas:
            return None
        across, down = self._left - left, -top
        return (
            min(x for x, _, _, _ in areas) + across,
            min(y for _, y, _, _ in areas) + down,
            max(x + width for x, _, width, _ in areas) + across,
            max(y + height for _, y, _, height in areas) + down,
        )


def _cells(page_box: PageBox, identifier: str, column: int) -> list[TableCellBox]:
    return [
        row.children[column]
        for table in page_box.descendants()
        if isinstance(table, boxes.TableBox) and table.element is not None and table.element.get("id") == identifier
        for group in table.children
        if not group.is_header
        for row in group.children
    ]
