"""What there is to tell of tables that are not painted: why, and that their layout takes minutes; once a table."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from icreport.rendering.pdf.large_tables import HeldTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.errors import Place
    from icreport.rendering.renderer import Sink

_LOG = logging.getLogger("icreport.rendering.pdf")  # the name that programs know
_CELLS_A_MINUTE = 60_000  # of WeasyPrint 70 on one core of 2026
_MANY_CELLS = 60_000


@dataclass(frozen=True, slots=True)
class LayoutNotes:
    """Tells of the tables of a page; one whose columns go on to further pages is held in several of its parts."""

    parts: Sequence[str | HeldTable]
    sink: Sink
    hint: str
    """Why nothing is painted, or where that is said."""
    _slow: set[Place | None] = field(default_factory=set)
    _laid_out: set[Place | None] = field(default_factory=set)

    def laid_out(self, held: HeldTable, why: str) -> None:
        """Tell why a table is not painted."""
        if held.place in self._laid_out:
            return
        self._laid_out.add(held.place)
        message = f"the rows are laid out one by one, not painted, since {why}"
        _LOG.warning("%s: %s", held.identifier, message)
        self.sink.warnings.note("laid-out-table", message, held.place)

    def whole(self, why: str) -> None:
        """Tell why a long document is laid out at once, which takes memory for all of its pages."""
        message = f"the document is laid out at once, not some pages at a time, since {why}"
        _LOG.warning(message)
        self.sink.warnings.note("whole-document", message)

    def slow(self, held: HeldTable) -> None:
        """Tell, before it begins and with the result, that the layout of a table will take minutes."""
        if held.place in self._slow:
            return
        self._slow.add(held.place)
        same = [part for part in self.parts if isinstance(part, HeldTable) and part.place == held.place]
        self.slow_cells(sum(part.rows * len(part.grid.heads) for part in same))

    def slow_cells(self, cells: int) -> None:
        """Tell that the layout of so many cells will take minutes."""
        if cells < _MANY_CELLS:
            return
        minutes = max(1, round(cells / _CELLS_A_MINUTE))
        message = f"{cells:,} cells are laid out one by one, which takes about {minutes} min; {self.hint}"
        _LOG.warning(message)
        self.sink.warnings.add("slow-table", message, loss=False)
