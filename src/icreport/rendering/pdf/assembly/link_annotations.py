"""Where the rows of a painted table lead: a link annotation (ISO 32000-1, 12.5.6.5) over the text of a linked cell.

The annotations of a large table are many: they wait compressed, and become objects when the document is written.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pydyf

from icreport.rendering.pdf.painter.content_stream import left_of
from icreport.rendering.pdf.weasyprint_inside import iri_to_uri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.rendering.pdf.painter.pagination import PlacedCell, PlacedPage

_POINTS = 0.75  # in a CSS pixel
_FASTEST = 1


class Links:
    """Gathers the links of a table, page by page; `height` is that of a page in CSS pixels."""

    def __init__(self, height: float) -> None:
        self._height = height
        self._pages: list[bytes] = []
        self.counts: list[int] = []
        """The number of links on each of the table's pages."""

    def add_page(self, page: PlacedPage) -> None:
        """Add the rows of the next page."""
        found = [
            self._annotation(cell, row.top + cell.top, row.address, row.text)
            for row in page.rows
            if row.address
            for cell in row.cells
            if is_linked(cell)
        ]
        self.counts.append(len(found))
        self._pages.append(zlib.compress(b"\n".join(found), _FASTEST))

    def annotations(self) -> Iterator[bytes]:
        """Yield the inside of the dictionary of each annotation, in order."""
        for count, page in zip(self.counts, self._pages, strict=True):
            yield from zlib.decompress(page).split(b"\n") if count else ()

    def _annotation(self, cell: PlacedCell, top: float, address: str, text: str) -> bytes:
        x1, y1, x2, y2 = cell.lines[0].link or _area(cell)
        corners = (x1, self._height - top - y2, x2, self._height - top - y1)
        place = " ".join(f"{corner * _POINTS:.2f}" for corner in corners)
        uri = pydyf.String(iri_to_uri(address)).data
        # ISO 19005-3, 6.3.2: annotations are printed; ISO 14289-1, 7.18.5: they say in words what they are.
        return b"/Type/Annot/Subtype/Link/F 4/BS<</W 0>>/Rect[%b]/Contents %b/A<</Type/Action/S/URI/URI %b>>" % (
            place.encode(),
            pydyf.String(" ".join(text.split())).data,
            uri,
        )


def _area(cell: PlacedCell) -> tuple[float, float, float, float]:
    """Return where the text of a cell is: left, top, right, bottom; down from the top of its content."""
    above, below = cell.model.link or (0.0, 0.0)
    x1 = min(left_of(cell.model, line) for line in cell.lines)
    x2 = max(left_of(cell.model, line) + line.width for line in cell.lines)
    return x1, cell.lines[0].baseline - above, x2, cell.lines[-1].baseline + below


def is_linked(cell: PlacedCell) -> bool:
    """Return whether a cell is a link that somebody can see."""
    return cell.model.link is not None and bool(cell.lines)
