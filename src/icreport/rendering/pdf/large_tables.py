"""Large tables of the PDF: their rows are held back while the page is made, then painted or laid out apart from it."""

from __future__ import annotations

import logging
import pickle
import tempfile
from dataclasses import dataclass, field
from functools import partial
from itertools import compress, groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from icreport.limits import IN_MEMORY
from icreport.model.rows import Row
from icreport.rendering.changes import with_was
from icreport.rendering.html_text import showable
from icreport.rendering.page.formatted_rows import class_of
from icreport.rendering.pdf.long_text import with_line_ends
from icreport.rendering.table_format import any_said
from icreport.values import text_of

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from weasyprint import Document

    from icreport.errors import Place
    from icreport.rendering.grid import Grid
    from icreport.rendering.page.columns import Look
    from icreport.rendering.page.formatted_rows import FormattedRows
    from icreport.rendering.pdf.assembly.merge import PlacedTable
    from icreport.rendering.pdf.page import Around
    from icreport.rendering.pdf.painter.pagination import Texts
    from icreport.rendering.pdf.painter.resources import Resources
    from icreport.rendering.pdf.painter.table_model import TableModel

    LayOut = Callable[[str, str], Document]
    """Lays out a page with some more CSS."""

LARGE = 300
"""Rows of the sample from which on a table is held back: fewer are soon laid out."""
_PROBED = 5
_SOME_KEY = 1
_LOG = logging.getLogger("icreport.rendering.painting")  # the name that programs know
_SAMPLED = 200


def _shortest(values: Sequence[object]) -> object:
    """Return the shortest of values that are not blank; None if all are."""
    return min(
        (value for value in values if value is not None and text_of(value).strip()),
        key=lambda value: len(text_of(value)),
        default=None,
    )


@dataclass(slots=True)
class HeldTable:
    """A table whose rows wait in a file; `start` and `end` are the page around them.

    `write` makes a `tbody` of some rows; where it is not that of `markup`, the table cannot be painted.
    """

    identifier: str
    start: str
    end: str
    grid: Grid
    looks: list[Look]
    markup: FormattedRows
    write: Callable[[Sequence[Row]], str]
    keeps_ends: bool = False
    """Whether the first and the last row have another one on their page."""
    new_page: bool = False
    """Whether groups start on new pages."""
    place: Place | None = None
    """Which element it is, where somebody is to be told of it."""
    rows: int = 0
    placeholder: str = ""
    placed: PlacedTable | None = None
    _file: IO[bytes] = field(default_factory=lambda: tempfile.SpooledTemporaryFile(IN_MEMORY))

    def hold(self, batch: list[Row]) -> None:
        """Keep rows for later."""
        self.rows += len(batch)
        says = any_said(batch)
        rows = [
            (row.values, row.source_key, row.fields, row.cells) if says else (row.values, row.source_key)
            for row in batch
        ]
        pickle.dump(rows, self._file, protocol=5)

    def batches(self) -> Iterator[list[Row]]:
        """Yield the rows that were kept."""
        self._file.seek(0)
        left = self.rows
        while left:
            batch = [Row(*parts) for parts in pickle.load(self._file)]  # noqa: S301 - what `hold` wrote
            left -= len(batch)
            yield batch

    def plain_rows(self) -> str:
        """Return all rows as HTML, for a table that is not painted."""
        return "".join(map(self.write, self.markup.bodies(self.batches())))

    def probe_rows(self) -> tuple[str, int]:
        """Return a few rows as HTML, and their number: the first one, and others with something in every cell.

        Where rows can lead somewhere, there are odd and even ones of those that do and of those that do not.
        """
        sample = self.grid.sample
        filled = Row(tuple(map(_shortest, zip(*[row.values for row in sample[:_SAMPLED]], strict=True))))
        rows = [sample[0], *[filled] * (_PROBED - 1)]
        leading = Row(filled.values, _SOME_KEY)
        if self.markup.address(leading) is not None:
            rows = [sample[0], leading, leading, filled, filled, leading, leading]
        band = self.markup.plain(rows)
        is_linked = self.markup.address(leading) is not None
        made = self.markup.samples([filled, leading] if is_linked else [filled])
        if made:
            # They stand before the last two rows, which are on pages of their own.
            *before, one, other = band.split("<tr")
            band = "<tr".join([*before, *[line.removeprefix("<tr") + "\n" for line in made], one, other])
        return band, len(rows) + len(made)

    def rows_with(self, column: int, texts: list[str], *, linked: bool) -> str:
        """Return rows as HTML that are empty but for one column, and lead somewhere or not."""
        width, key = len(self.grid.heads), _SOME_KEY if linked else None
        return self.markup.band(
            [Row((None,) * column + (text,) + (None,) * (width - column - 1), key) for text in texts]
        )

    @property
    def html(self) -> str:
        """The table as it is on the page, what stands for its rows among it."""
        return self.start + self.placeholder + self.end

    def update(self, digest: hashlib._Hash) -> None:
        """Add the rows to a hash."""
        self._file.seek(0)
        while data := self._file.read(1 << 20):
            digest.update(data)

    def close(self) -> None:
        """Drop the rows."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Placer:
    """Makes the pages of large tables: painted, or laid out in bands of rows where they cannot be.

    `around` is the page around a table, `css` its style sheet, `body` the rows of a `tbody`. `lay_out_plain`
    leaves texts in the direction of the page: cells hold nothing else. `advance` is told of rows as they have their
    pages, `slow` of a table before its cells are laid out one by one, `laid_out` of a table that is not painted, and
    why.
    """

    around: Around
    css: str
    lay_out: LayOut
    lay_out_plain: LayOut
    body: int
    resources: Resources
    tagged: bool
    paints: bool
    advance: Callable[[int], None]
    slow: Callable[[HeldTable], None]
    laid_out: Callable[[HeldTable, str], None]

    def place(self, held: HeldTable, before: str) -> None:
        """Make the pages of a table that stands after some HTML, and what stands for its rows there.

        One that needs few pages, or can have none apart, is in the page whole; why is logged for `-v`.
        """
        held.placed = self._placed(held, before)
        held.placeholder = f"<tbody>{held.placed.placeholder.rows()}</tbody>" if held.placed else held.plain_rows()

    def _placed(self, held: HeldTable, before: str) -> PlacedTable | None:
        from icreport.rendering.pdf.painter.style_checks import UnknownStyleError

        try:
            if self.paints:
                return self._paint(held, before)
        except UnknownStyleError as reason:
            self.laid_out(held, str(reason))
        try:
            return self._lay_out(held, before)
        except UnknownStyleError as reason:
            _LOG.info("%s: the table is laid out whole, since %s", held.identifier, reason)
        return None

    def _paint(self, held: HeldTable, before: str) -> PlacedTable:
        from icreport.rendering.pdf.assembly.painted_pages import paint
        from icreport.rendering.pdf.assembly.placeholder import high_row
        from icreport.rendering.pdf.painter.pagination import LoneRowError
        from icreport.rendering.pdf.painter.probe import moved
        from icreport.rendering.pdf.painter.style_checks import UnknownStyleError, check_stylesheet

        if held.write != held.markup.band:
            raise UnknownStyleError("the theme has a template of its own for rows")
        check_stylesheet(self.css)
        options = {"tagged": self.tagged, "keeps_ends": held.keeps_ends}
        model = self._learn(held, before)
        try:
            return paint(model, _rows(held, model, self.advance), **options)
        except LoneRowError as lone:
            # A row as high as two starts on the next page, with all that must not stand apart from it.
            as_two = f"<tbody>{high_row(len(held.grid.heads), lone.height)}</tbody>"
            document = self.lay_out_plain(before + held.start + as_two + held.end + self.around.tail, "")
            model = moved(model, document)
            return paint(model, _rows(held, model, self.advance), **options)

    def _learn(self, held: HeldTable, before: str) -> TableModel:
        from icreport.rendering.pdf.painter.probe import learn, probe_stylesheet

        around = self.around

        def prober(column: int, texts: list[str], linked: bool) -> Document:
            rows = held.rows_with(column, texts, linked=linked)
            return self.lay_out(around.again + held.start + rows + held.end + around.tail, "")

        rows, count = held.probe_rows()
        probe = self.lay_out_plain(
            before + held.start + rows + held.end + around.tail, probe_stylesheet(held.identifier, count)
        )
        return learn(probe, held.identifier, self.resources, prober, [look.decimals for look in held.looks])

    def _lay_out(self, held: HeldTable, before: str) -> PlacedTable:
        from icreport.rendering.pdf.assembly.chunked_layout import Frame, lay_out_bands
        from icreport.rendering.pdf.assembly.drawn_pages import DrawnBody
        from icreport.rendering.pdf.painter.style_checks import UnknownStyleError

        columns = len(held.grid.heads)
        self.slow(held)
        if held.markup.made:
            raise UnknownStyleError("its rows are grouped or have totals")
        frame = Frame(
            held.identifier,
            columns,
            before=before + held.start,
            start=self.around.again + held.start,
            end=held.end + self.around.tail,
            write=held.write,
            body=self.body,
            keeps_ends=held.keeps_ends,
        )
        draw = partial(DrawnBody, resources=self.resources, tagged=self.tagged)
        return lay_out_bands(frame, held.batches(), held.rows, self.lay_out, draw, self.advance)


def _rows(held: HeldTable, model: TableModel, advance: Callable[[int], None]) -> Iterator[Texts]:
    """Yield the rows of a table as the painter takes them."""
    if held.markup.is_shown:
        yield from _formatted(held, model, advance)
        return
    for batch in held.batches():
        yield from _plain(held, model, batch)
        advance(len(batch))


def _plain(held: HeldTable, model: TableModel, batch: Sequence[Row]) -> Iterator[Texts]:
    from icreport.rendering.pdf.painter.table_model import LINKED

    kinds = ("",) * len(held.grid.heads)
    kinds_by_address = {True: (LINKED, *kinds[1:]), False: kinds}
    columns = []
    addresses = list(map(held.markup.address, batch))
    for at, values in enumerate(zip(*[row.values for row in batch], strict=True)):
        shown = _shown(held, at, values, batch, addresses)
        for kind in {kinds_by_address[address is not None][at] for address in addresses}:
            own = (kinds_by_address[address is not None][at] == kind for address in addresses)
            model.prepare(at, kind, list(compress(shown, own)))
        columns.append(shown)
    for texts, address in zip(zip(*columns, strict=True), addresses, strict=True):
        yield texts, kinds_by_address[address is not None], address


def _shown(
    held: HeldTable, at: int, values: Sequence[object], batch: Sequence[Row], addresses: Sequence[str | None]
) -> list[str]:
    texts = with_was(batch, at, held.markup.texts(at, values), lambda value: held.markup.texts(at, [value])[0])
    if at == 0:
        # As on the page: where there is nothing to click at, the key of the record is.
        texts = [
            text or text_of(row.source_key) if address else text
            for text, row, address in zip(texts, batch, addresses, strict=True)
        ]
    return list(map(_printable, texts))


def _formatted(held: HeldTable, model: TableModel, advance: Callable[[int], None]) -> Iterator[Texts]:
    """Yield the rows of a table that says how it is shown: each with its place in its body, and its bars."""
    from icreport.rendering.pdf.painter.pagination import RowLook

    pages = 0
    keeps = False
    for body in held.markup.bodies(held.batches()):
        at = 0
        for kind, run in groupby(body, key=attrgetter("kind")):
            rows = list(run)
            if kind == "row":
                for texts, kinds, address, bars in _ordinary(held, model, rows):
                    yield texts, kinds, address, RowLook(at % 2, keeps=keeps, bars=bars)
                    at, keeps = at + 1, False
                continue
            for row in rows:
                texts, classes = held.markup.made_cells(row)
                name = class_of(row)
                starts = kind == "group" and row.level == 0 and held.new_page
                pages += starts
                keeps = keeps or kind != "group"
                own = RowLook(at % 2, keeps=keeps, new_page=starts and pages > 1, made=name)
                yield list(map(_printable, texts)), tuple([f"{name}|{one}" for one in classes]), None, own
                at, keeps = at + 1, kind == "group"
        advance(len(body))


def _ordinary(
    held: HeldTable, model: TableModel, rows: Sequence[Row]
) -> Iterator[tuple[Sequence[str], tuple[str, ...], str | None, tuple[tuple[int, int] | None, ...]]]:
    from icreport.rendering.pdf.painter.table_model import LINKED

    addresses = list(map(held.markup.address, rows))
    looks = held.markup.kinds(rows)
    columns, kinds, bars = [], [], []
    for at, values in enumerate(zip(*[row.values for row in rows], strict=True)):
        shown = _shown(held, at, values, rows, addresses)
        own = [
            f"{LINKED} {kind}".strip() if at == 0 and address else kind
            for (kind, _), address in zip(looks[at], addresses, strict=True)
        ]
        for kind in set(own):
            model.prepare(at, kind, [text for text, one in zip(shown, own, strict=True) if one == kind])
        columns.append(shown)
        kinds.append(own)
        bars.append([bar for _, bar in looks[at]])
    rows_of = (zip(*parts, strict=True) for parts in (columns, kinds, bars))
    texts, own_kinds, own_bars = rows_of
    yield from zip(texts, own_kinds, addresses, own_bars, strict=True)


def _printable(text: str) -> str:
    return text if text.isprintable() else with_line_ends(showable(text))
