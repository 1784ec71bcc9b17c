"""The structure of a painted table, for those who read it with their ears: rows, cells and their heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icreport.rendering.painter.paging import PlacedPage
    from icreport.rendering.painter.probe import TableModel


class TableStructure:
    """Gathers the rows of a table page by page."""

    def __init__(self, model: TableModel) -> None:
        self._model = model

    def add_page(self, page: PlacedPage) -> None:
        """Add the rows of the next page."""
