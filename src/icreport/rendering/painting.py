"""Large tables of the PDF: their rows are held back while the page is made, then painted instead of laid out."""

from __future__ import annotations

import logging
import pickle
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from icreport.model import Row
from icreport.rendering.markup import showable
from icreport.rendering.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from weasyprint import Document

    from icreport.rendering.grid import Grid
    from icreport.rendering.markup import Look, Rows
    from icreport.rendering.painter.joining import PaintedTable
    from icreport.rendering.painter.paging import Texts
    from icreport.rendering.painter.probe import TableModel

    LayOut = Callable[[str, str], Document]
    """Lays out a page with some more CSS."""

LARGE = 300
"""Rows of the sample from which on a table is held back: fewer are soon laid out."""
_IN_MEMORY = 1 << 22
_PROBED = 5
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class HeldTable:
    """A table whose rows wait in a file; `start` and `end` are the page around them."""

    identifier: str
    start: str
    end: str
    grid: Grid
    looks: list[Look]
    markup: Rows
    rows: int = 0
    placeholder: str = ""
    painted: PaintedTable | None = None
    _file: Any = field(default_factory=lambda: tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115

    def hold(self, batch: list[Row]) -> None:
        """Keep rows for later."""
        self.rows += len(batch)
        pickle.dump([(row.values, row.source_key) for row in batch], self._file, protocol=5)

    def batches(self) -> Iterator[list[Row]]:
        """Give the rows that were kept."""
        self._file.seek(0)
        left = self.rows
        while left:
            batch = [Row(values, key) for values, key in pickle.load(self._file)]  # noqa: S301 - what `hold` wrote
            left -= len(batch)
            yield batch

    def plain_rows(self, band: int) -> str:
        """Give all rows as HTML, for a table that is not painted."""
        return "".join(
            self.markup.band(batch[at : at + band]) for batch in self.batches() for at in range(0, len(batch), band)
        )

    def probe_rows(self) -> tuple[str, int]:
        """Give a few rows as HTML, and their number: the first one, and others with something in every cell.

        Where rows lead somewhere, there is an odd and an even one of those that do not.
        """
        sample = self.grid.sample
        filled = Row(
            tuple(
                next((row.values[at] for row in sample if row.values[at] not in (None, "")), None)
                for at in range(len(self.grid.heads))
            )
        )
        rows = [sample[0], *[filled] * (_PROBED - 1)]
        linked = next((row for row in sample if self.markup.address(row) is not None), None)
        if linked is not None:
            leading = Row(linked.values[:1] + filled.values[1:], linked.source_key)
            rows = [sample[0], leading, leading, filled, filled, leading, leading]
        return self.markup.band(rows), len(rows)

    def rows_with(self, column: int, texts: list[str]) -> str:
        """Give rows as HTML that are empty but for one column."""
        width = len(self.grid.heads)
        return self.markup.band([Row((None,) * column + (text,) + (None,) * (width - column - 1)) for text in texts])

    def update(self, digest: Any) -> None:
        """Add the rows to a hash."""
        self._file.seek(0)
        while data := self._file.read(1 << 20):
            digest.update(data)

    def close(self) -> None:
        """Let go of the rows."""
        self._file.close()


def paint_tables(
    parts: list[str | HeldTable],
    around: tuple[str, str],
    css: str,
    lay_out: LayOut,
    band: int,
    *,
    tagged: bool,
    advance: Callable[[int], None],
) -> str:
    """Paint the tables that can be, in order; give the page, with placeholders for the rows that are painted.

    `css` is the style sheet of the page, `advance` is told of rows as they are painted.

    Those that are not painted are in the page whole; why is logged for those who ask (`-v`).
    """
    head, tail = around
    fonts: dict[Any, Any] = {}
    for index, part in enumerate(parts):
        if isinstance(part, str):
            continue
        from icreport.rendering.painter.checks import UnknownStyleError, check_stylesheet  # noqa: PLC0415 - heavy

        try:
            check_stylesheet(css)
            model = _learn(part, head + _page(parts[:index]), tail, head, lay_out, fonts)
            part.placeholder = _paint(part, model, advance, tagged=tagged)
        except UnknownStyleError as reason:
            _LOG.info("%s: the rows are laid out one by one, since %s", part.identifier, reason)
            part.placeholder = part.plain_rows(band)
    return head + _page(parts) + tail


def join_painted(parts: list[str | HeldTable], page: str, lay_out: LayOut, options: dict[str, Any]) -> bytes | None:
    """Give the PDF of a page with painted tables; None where there are none, or they do not fit into it."""
    painted = [part.painted for part in parts if isinstance(part, HeldTable) and part.painted is not None]
    if not painted:
        return None
    from icreport.rendering.painter.checks import UnknownStyleError  # noqa: PLC0415 - heavy
    from icreport.rendering.painter.joining import join  # noqa: PLC0415 - heavy

    try:
        return join(lambda css: lay_out(page, css), painted, **options)
    except UnknownStyleError as reason:
        _LOG.info("the rows of all tables are laid out one by one, since %s", reason)
        return None


def whole_page(parts: list[str | HeldTable], around: tuple[str, str], band: int) -> str:
    """Give the page with all rows, nothing painted."""
    for part in parts:
        if isinstance(part, HeldTable):
            part.placeholder = part.plain_rows(band)
    return around[0] + _page(parts) + around[1]


def _page(parts: list[str | HeldTable]) -> str:
    return "".join(part if isinstance(part, str) else part.start + part.placeholder + part.end for part in parts)


def _learn(held: HeldTable, before: str, tail: str, head: str, lay_out: LayOut, fonts: dict[Any, Any]) -> TableModel:
    from icreport.rendering.painter.probe import learn, probe_stylesheet  # noqa: PLC0415 - heavy

    def prober(column: int, texts: list[str]) -> Document:
        return lay_out(head + held.start + held.rows_with(column, texts) + held.end + tail, "")

    rows, count = held.probe_rows()
    probe = lay_out(before + held.start + rows + held.end + tail, probe_stylesheet(held.identifier, count))
    return learn(probe, held.identifier, fonts, prober)


def _paint(held: HeldTable, model: TableModel, advance: Callable[[int], None], *, tagged: bool) -> str:
    from icreport.rendering.painter.checks import UnknownStyleError  # noqa: PLC0415 - heavy
    from icreport.rendering.painter.joining import FEWEST_PAGES, paint  # noqa: PLC0415 - heavy

    held.painted = paint(model, _rows(held, model, advance), tagged=tagged)
    if held.painted is None:
        raise UnknownStyleError(f"the table takes fewer than {FEWEST_PAGES} pages")
    return "<tbody>" + held.painted.placeholder_rows() + "</tbody>"


def _rows(held: HeldTable, model: TableModel, advance: Callable[[int], None]) -> Iterator[Texts]:
    from icreport.rendering.painter.probe import LINKED  # noqa: PLC0415 - heavy

    kinds = ("",) * len(held.grid.heads)
    kinds_by_address = {True: (LINKED, *kinds[1:]), False: kinds}
    for batch in held.batches():
        columns = []
        addresses = list(map(held.markup.address, batch))
        for at, values in enumerate(zip(*[row.values for row in batch], strict=True)):
            texts = held.markup.texts(values)
            if at == 0:
                # As on the page: where there is nothing to click at, the key of the record is.
                texts = [
                    text or text_of(row.source_key) if address else text
                    for text, row, address in zip(texts, batch, addresses, strict=True)
                ]
            shown = [text if text.isprintable() else showable(text) for text in texts]
            model.prepare(at, shown)
            columns.append(shown)
        for texts, address in zip(zip(*columns, strict=True), addresses, strict=True):
            yield texts, kinds_by_address[address is not None], address
        advance(len(batch))
