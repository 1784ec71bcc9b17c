"""The pages of a table that cannot be painted: WeasyPrint lays out its rows in bands, and only the pages are kept.

A band is a document of its own in which the rows stand as they do in the whole table: under the repeated head of a left
or right page, in the same body and as odd or even ones. Its last page is not full, so the next band starts with it.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from icreport.rendering.pdf.assembly.placeholder import FEWEST_PAGES, Extent, Placeholder
from icreport.rendering.pdf.painter.style_checks import TOLERANCE, UnknownStyleError
from icreport.rendering.pdf.weasyprint_inside import boxes
from icreport.rendering.pdf.weasyprint_inside.box_tree import body_rows, tables_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from weasyprint import Document, Page

    from icreport.model.rows import Row
    from icreport.rendering.pdf.assembly.drawn_pages import DrawnBody
    from icreport.rendering.pdf.assembly.page_template import Template
    from icreport.rendering.pdf.weasyprint_inside import Box, PageBox, TableBox, TableRowBox

    LayOut = Callable[[str, str], Document]
    """Lays out a page with some more CSS."""

_LEAD = '<tr style="break-after:page"><td colspan="{}" style="height:1px;padding:0"></td></tr>'
_HIDDEN = '<tr style="display:none"></tr>'


@dataclass(frozen=True, slots=True)
class Frame:
    """The page around the rows of a table, as HTML."""

    identifier: str
    columns: int
    before: str
    """What comes before the rows in the whole document, its placeholders among it."""
    start: str
    """The least that may come before them."""
    end: str
    write: Callable[[list[Row]], str]
    """Writes up to `body` rows as a `tbody`."""
    body: int
    rows: int = 500
    """So many rows are laid out at once; more where they do not fill a page."""
    keeps_ends: bool = False
    """Whether the first and the last row have another one on their page."""


@dataclass(frozen=True, slots=True)
class BandedTable:
    """The laid-out pages of a table; the first and the last one share theirs with other content."""

    placeholder: Placeholder
    shared: tuple[TableBox, TableBox]
    """The boxes of the table on its first and its last page."""
    between: list[DrawnBody]

    def page(self, number: int, _: Page, template: Template) -> DrawnBody:
        """Return one of the pages between, its margins those of a template."""
        page = self.between[number]
        page.template = template
        return page


class _Part(NamedTuple):
    """The rows of a table on one page of a band; the first one may go on from the page before."""

    page: Page
    page_index: int
    table: TableBox
    rows: list[TableRowBox]
    first: int
    goes_on: bool


def lay_out_bands(
    frame: Frame,
    batches: Iterable[list[Row]],
    total: int,
    lay_out: LayOut,
    draw: Callable[[Page], DrawnBody],
    advance: Callable[[int], None],
) -> BandedTable:
    """Lay out the rows of a table, `total` of them; `advance` is told of rows as they have their pages.

    `draw` draws pages that only have rows of this table.

    Raises `UnknownStyleError` where bands would not look like the whole table.
    """
    bands = _Bands(frame, lay_out, draw)
    source = iter(batches)
    waiting: list[Row] = []
    number, size = 0, frame.rows
    while number < total:
        while len(waiting) < size and (more := next(source, None)):
            waiting += more
        rows = waiting[:size]
        done = bands.add(rows, number, is_last=number + len(rows) == total)
        if not done:
            size *= 2
            continue
        advance(done)
        del waiting[:done]
        number, size = number + done, frame.rows
        # What is left of the band is in cycles: only what was made since the last time is looked through.
        gc.collect(0)
    if bands.first is None or bands.last is None or len(bands.between) < FEWEST_PAGES - 2:
        raise UnknownStyleError(f"the table takes fewer than {FEWEST_PAGES} pages")
    return _banded(frame, bands.first, bands.between, bands.last)


class _Bands:
    """The pages that were laid out so far."""

    def __init__(self, frame: Frame, lay_out: LayOut, draw: Callable[[Page], DrawnBody]) -> None:
        self.between: list[DrawnBody] = []
        self.first: _Part | None = None
        self.last: _Part | None = None
        self._draw = draw
        self._frame = frame
        self._lay_out = lay_out
        self._previous: list[Row] = []
        self._usual: int | None = None
        """The index of the page on which a band starts without a lead."""

    def add(self, rows: list[Row], number: int, *, is_last: bool) -> int:
        """Lay out rows from `number` on; give how many of them have their pages."""
        css, body = "", f"#{self._frame.identifier} tbody"
        if self._frame.keeps_ends:
            css += f"{body}:first-of-type > tr:first-child {{ break-after: avoid }}" * (number == 0)
            css += f"{body}:last-of-type > tr:last-child {{ break-before: avoid }}" * is_last
        parts = self._follow(rows, number, css, self.first) if self.first else self._start(rows, css)
        _check(parts[0].table, (self.first or parts[0]).table)
        if parts[-1].first + len(parts[-1].rows) != len(rows):
            raise UnknownStyleError("a row of the report is not one row of the table")
        kept = parts if is_last else _full(parts)
        if not kept:
            return 0
        self._keep(kept, is_last=is_last)
        done = len(rows) if is_last else parts[len(kept)].first
        self._previous = rows[done - 1 : done]
        return done

    def _keep(self, parts: list[_Part], *, is_last: bool) -> None:
        """Keep the pages of a band; what is between the first and the last one of the table is drawn."""
        if self.first is None:
            self.first, *parts = parts
        if is_last and parts:
            *parts, self.last = parts
        self.between += [self._draw(part.page) for part in parts]

    def _start(self, rows: list[Row], css: str) -> list[_Part]:
        frame = self._frame
        return _parts(self._lay_out(frame.before + _bodies(frame, rows, 0) + frame.end, css), frame, skipped=0)

    def _follow(self, rows: list[Row], number: int, css: str, first: _Part) -> list[_Part]:
        """Lay out rows so that they start a left or right page, as they do in the whole table.

        The row before them, whose borders may be theirs too, has the page before.
        """
        if self._usual is None:
            self._usual = self._led(rows[:1], number, 0, "")[0].page_index
        wanted = first.page_index + 1 + len(self.between)
        usual = (wanted - self._usual) % 2
        for leads in (usual, 1 - usual):
            parts = self._led(rows, number, leads, css)
            if (parts[0].page_index - wanted) % 2 == 0:
                return parts
        raise UnknownStyleError("its rows cannot start on a left and on a right page")

    def _led(self, rows: list[Row], number: int, leads: int, css: str) -> list[_Part]:
        """Lay out rows after the one before them and so many more, each with a page of its own."""
        frame = self._frame
        lead = f"<tbody>{_LEAD.format(frame.columns)}</tbody>" * leads
        page = frame.start + lead + _bodies(frame, self._previous + rows, number - 1) + frame.end
        before = f"tbody:nth-of-type({leads + 1}) tr:nth-child({(number - 1) % frame.body + 1})"
        own = f"#{frame.identifier} {before} {{ break-after: page }}"
        return _parts(self._lay_out(page, own + css), frame, skipped=leads + 1)


def _parts(document: Document, frame: Frame, *, skipped: int) -> list[_Part]:
    """Return the parts of the table on the pages of a band, without its first `skipped` rows."""
    parts: list[_Part] = []
    last, number = None, -1 - skipped
    for index, table in tables_of(document, frame.identifier):
        listed = list(body_rows(table))
        goes_on = bool(listed) and listed[0].element is last
        first = number + (not goes_on)
        number = first + len(listed) - 1
        last = listed[-1].element if listed else None
        rows = listed[-first:] if first < 0 else listed
        if number >= 0:
            parts.append(_Part(document.pages[index], index, table, rows, max(first, 0), goes_on))
    return parts


def _full(parts: list[_Part]) -> list[_Part]:
    """Return the pages up to the last one that starts with a new row, which is the next band's."""
    end = next((at for at in range(len(parts) - 1, 0, -1) if not parts[at].goes_on), 0)
    return parts[:end]


def _bodies(frame: Frame, rows: list[Row], number: int) -> str:
    """Return rows as HTML, the first of them with this number, in the bodies in which they are in the whole table."""
    hidden = number % frame.body
    edges = [0, *range(frame.body - hidden, len(rows), frame.body), len(rows)]
    bodies = [frame.write(rows[start:end]) for start, end in pairwise(edges)]
    return "".join(bodies).replace("<tbody>", "<tbody>" + _HIDDEN * hidden, 1)


def _check(table: TableBox, first: Box) -> None:
    """Check that a table has columns as wide as the first part of it, whatever is in them."""
    if table.style["table_layout"] != "fixed":
        raise UnknownStyleError("the widths of the table's columns depend on all rows (table-layout is not fixed)")
    if any(abs(a - b) > TOLERANCE for a, b in zip(table.column_widths, first.column_widths, strict=True)):
        raise UnknownStyleError("the widths of the table's columns depend on its rows")


def _banded(frame: Frame, first: _Part, between: list[DrawnBody], last: _Part) -> BandedTable:
    start, end = (
        Extent(part.rows[0].position_y, part.rows[-1].position_y + part.rows[-1].height) for part in (first, last)
    )
    placeholder = Placeholder(frame.identifier, frame.columns, start, end, len(between))
    return BandedTable(placeholder, (first.table, last.table), between)


def put_in_place(page_box: PageBox, table: TableBox) -> None:
    """Put a table, as it was laid out in a band, in the place of the one with its id on a page."""
    identifier = table.element.get("id")
    for parent in list(page_box.descendants()):
        children = getattr(parent, "children", None) or ()
        if any(_is(child, identifier) for child in children):
            parent.children = [table if _is(child, identifier) else child for child in children]


def _is(box: Box, identifier: str) -> bool:
    return isinstance(box, boxes.TableBox) and box.element is not None and box.element.get("id") == identifier
