"""Style sheets as WeasyPrint has them, parsed once for all documents: parsing takes as long as laying out a page."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import cached_property
from math import isclose
from typing import TYPE_CHECKING

from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration

from icreport.rendering.page.table_fit import KINDS_OF_PAGE, Room
from icreport.rendering.pdf.css_messages import without_messages
from icreport.rendering.pdf.weasyprint_inside import Layout, boxes, line_size
from icreport.rendering.pdf.weasyprint_inside.box_tree import head_rows, page_box, tables_of
from icreport.rendering.pdf.weasyprint_inside.fetcher import DataFetcher

if TYPE_CHECKING:
    from icreport.rendering.pdf.weasyprint_inside import ComputedStyle

_MOST = 8
_MOST_MEASURED = 5_000
_SAME = 0.01
"""How little the widths of two kinds of page differ that are on the same paper."""
_THREAD = threading.local()
_DIGITS = "0123456789"
_TABLE = (
    '<section class="element table {fit}"><div class="frame"><table><tbody><tr><td><span>{digits}</span></td></tr>'
    "</tbody></table></div></section>"
)


class Ruler:
    """Measures short texts in one style, in digits."""

    def __init__(self, style: ComputedStyle) -> None:
        self._style = style
        self._known: dict[str, float] = {}
        self._digit = self._pixels(_DIGITS) / len(_DIGITS)

    def width(self, text: str) -> float:
        """Return how wide a text is on one line."""
        if text not in self._known:
            if len(self._known) >= _MOST_MEASURED:
                self._known.clear()
            self._known[text] = self._pixels(text) / self._digit
        return self._known[text]

    def _pixels(self, text: str) -> float:
        layout = Layout(self._style)
        layout.set_text(text)
        line, _ = layout.get_first_line()
        width: float = line_size(line, self._style)[0]
        return width


@dataclass(frozen=True)
class StyleSheet:
    """A parsed style sheet, and the fonts and counters that it brings."""

    text: str
    css: CSS
    fonts: FontConfiguration
    counters: CounterStyle

    @cached_property
    def rooms(self) -> list[Room]:
        """What each kind of page has for a table, measured with a page of its own for each."""
        if len(self._cells) != len(KINDS_OF_PAGE):
            # A style sheet that makes something else of tables: what A4 has in our own.
            return [Room(fit, 110, 2) for fit in KINDS_OF_PAGE]
        return _without_repeated([_room(fit, *cell) for fit, cell in zip(KINDS_OF_PAGE, self._cells, strict=True)])

    @cached_property
    def _cells(self) -> list[tuple[boxes.TableCellBox, float]]:
        """A cell of ten digits on each kind of page, and the height of the page."""
        tables = "".join(_TABLE.format(fit=fit, digits=_DIGITS) for fit in KINDS_OF_PAGE)
        page = HTML(string=f"<body><main>{tables}</main>", url_fetcher=DataFetcher(), media_type="print")
        document = page.render(stylesheets=[self.css], font_config=self.fonts, counter_style=self.counters)
        return [
            (cell, page_box(page).height)
            for page in document.pages
            for cell in page_box(page).descendants()
            if isinstance(cell, boxes.TableCellBox)
        ]

    @cached_property
    def ruler(self) -> Ruler | None:
        """What measures texts as the cells of a table show them; None where a style sheet has no such cells."""
        text = _text_of(self._cells[0][0]) if self._cells else None
        return Ruler(text.style) if text else None

    def asked_widths(self, table: str, identifier: str) -> dict[int, float]:
        """Return which columns of a table have a width by the style sheet, in percent of the table's; 100 at most."""
        html = HTML(string=f"<body><main>{table}</main>", url_fetcher=DataFetcher(), media_type="print")
        document = html.render(stylesheets=[self.css], font_config=self.fonts, counter_style=self.counters)
        found = tables_of(document, identifier)
        if not found:
            return {}
        box = found[0][1]
        columns = [column for group in box.column_groups for column in group.children]
        heads = [cell for row in head_rows(box) for cell in row.children]
        asking = {at for cells in (columns, heads) for at, cell in enumerate(cells) if cell.style["width"] != "auto"}
        whole = max(sum(box.column_widths), box.width)
        return {at: 100 * width / whole for at, width in enumerate(box.column_widths) if at in asking}


def _without_repeated(rooms: list[Room]) -> list[Room]:
    """Return the kinds of page without the wide one where all pages are wide: a page that only has another name breaks.

    The last one, on larger paper, stays the last; where a theme has none, it is on the paper of the one before.
    """
    usual, wide, small, larger = rooms
    if isclose(usual.width, wide.width, rel_tol=_SAME):
        small = replace(small, fit="small")
    larger = replace(larger, fit=small.fit) if isclose(small.width, larger.width, rel_tol=_SAME) else larger
    return [usual, *([wide] if small.fit != "small" else []), small, larger]


def _room(fit: str, cell: boxes.TableCellBox, height: float) -> Room:
    text = _text_of(cell)
    digit = text.width / len(text.text) if text and text.text else cell.style["font_size"]
    width = cell.border_width()
    return Room(fit, width / digit, (width - cell.width) / digit, height / max(1, cell.border_height()))


def _text_of(cell: boxes.TableCellBox) -> boxes.TextBox | None:
    return next((box for box in cell.descendants() if isinstance(box, boxes.TextBox)), None)


def parsed(text: str) -> StyleSheet:
    """Return the style sheet; each thread has its own, since Pango's fonts are not for several."""
    known: dict[str, StyleSheet] = _THREAD.__dict__.setdefault("known", {})
    found = known.pop(text, None)
    if found is None:
        fonts, counters = FontConfiguration(), CounterStyle()
        with without_messages():
            css = CSS(string=text, font_config=fonts, counter_style=counters, url_fetcher=DataFetcher())
        found = StyleSheet(text, css, fonts, counters)
    known[text] = found
    if len(known) > _MOST:
        del known[next(iter(known))]
    return found
