"""From the parts of a page to the PDF: laid out run by run where that is the same, else as one document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from math import inf
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from weasyprint import CSS, HTML

from icreport.rendering.page.rows import BAND
from icreport.rendering.pdf.assembly.element_runs import SIZE, SIZE_OF_TABLE, Piece, Runs
from icreport.rendering.pdf.assembly.merge import write_joined
from icreport.rendering.pdf.assembly.run_checks import check_runs
from icreport.rendering.pdf.isolation import isolate_texts
from icreport.rendering.pdf.large_tables import HeldTable, Placer
from icreport.rendering.pdf.long_text import with_line_ends
from icreport.rendering.pdf.painter.resources import Resources
from icreport.rendering.pdf.painter.style_checks import UnknownStyleError
from icreport.rendering.pdf.properties import set_properties

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from weasyprint import Document

    from icreport.errors import Place
    from icreport.rendering.pdf.layout_notes import LayoutNotes
    from icreport.rendering.pdf.page import Around
    from icreport.rendering.pdf.stylesheets import StyleSheet
    from icreport.rendering.pdf.weasyprint_inside.fetcher import DataFetcher

_LONG = 2 * SIZE
"""Characters of HTML from which on a document is laid out in runs."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Lays out pages with a style sheet; all have the same properties."""

    style: StyleSheet
    fetcher: DataFetcher
    variant: str | None
    properties: dict[str, str]

    def lay_out(self, page: str, more: str = "", *, isolates: bool = True) -> Document:
        """Lay out a page with some more CSS; texts in another direction than it are apart where it `isolates` them."""
        sheets = [self.style.css]
        if more:
            sheets.append(CSS(string=more, font_config=self.style.fonts, url_fetcher=self.fetcher))
        html = HTML(string=with_line_ends(page), url_fetcher=self.fetcher, media_type="print")
        if isolates:
            isolate_texts(html, page)
        document = html.render(
            stylesheets=sheets,
            font_config=self.style.fonts,
            counter_style=self.style.counters,
            pdf_variant=self.variant,
        )
        set_properties(document, self.properties)
        return document


@dataclass(frozen=True)
class PrintedPage:
    """The parts of a page with the places of their elements, and what is around them."""

    parts: Sequence[tuple[Place, str | HeldTable]]
    around: Around
    layout: Layout
    notes: LayoutNotes
    paints: bool
    advance: Callable[[int], None]
    numbers_reason: str | None
    """Why WeasyPrint has to find the page numbers of the contents; None where their places are reserved."""

    def written(self, identifier_of: Callable[[], bytes], **options: Any) -> bytes:
        """Return the PDF; what it is identified by is asked for when all tables are placed."""
        told = 0

        def advance(rows: int) -> None:
            nonlocal told
            told += rows
            self.advance(rows)

        if sum(map(_size_of, self._parts)) > _LONG:
            try:
                return self._joined(SIZE, identifier_of, options, advance, with_sections=self._sections_go_on())
            except UnknownStyleError as reason:
                self.notes.whole(str(reason))
                for held in self._held:
                    held.placed, held.placeholder = None, ""
        further = _after(told, self.advance)
        try:
            return self._joined(inf, identifier_of, options, further)
        except UnknownStyleError as reason:
            for held in self._held:
                if held.placed is not None:
                    self.notes.laid_out(held, str(reason))
        for held in self._held:
            held.placed, held.placeholder = None, held.plain_rows()
        return self._joined(inf, identifier_of, options, further)

    @property
    def _parts(self) -> list[str | HeldTable]:
        return [part for _, part in self.parts]

    @property
    def _held(self) -> list[HeldTable]:
        return [part for part in self._parts if isinstance(part, HeldTable)]

    @cached_property
    def _pieces(self) -> list[Piece]:
        parts = filter(itemgetter(1), self.parts)
        return [Piece.of([part for _, part in run]) for _, run in groupby(parts, itemgetter(0))]

    def _sections_go_on(self) -> bool:
        """Return whether anything is counted by sections; raises `UnknownStyleError` where runs cannot know enough."""
        if any(piece.hides_section for piece in self._pieces):
            raise UnknownStyleError("the theme has headings of sections within other elements")
        tags = {(piece.name, piece.classes) for piece in self._pieces}
        return check_runs(self.layout.style.text, self.numbers_reason, tags)

    def _joined(
        self,
        size: float,
        identifier_of: Callable[[], bytes],
        options: dict[str, Any],
        advance: Callable[[int], None],
        *,
        with_sections: bool = False,
    ) -> bytes:
        resources = Resources()
        is_tagged = self.layout.variant == "pdf/ua-1"
        lay_out = self.layout.lay_out
        placer = Placer(
            self.around,
            self.layout.style.text,
            lay_out,
            partial(lay_out, isolates=False),
            BAND,
            resources,
            tagged=is_tagged,
            paints=self.paints,
            advance=advance,
            slow=self.notes.slow,
            laid_out=self.notes.laid_out,
        )
        runs = Runs(
            self._pieces,
            self.around,
            placer.place,
            lay_out,
            resources,
            is_tagged,
            size,
            with_sections=with_sections,
            finds_numbers=self.numbers_reason is not None,
        )
        pages = list(runs.pages())
        options["pdf_identifier"] = identifier_of()
        return write_joined(runs.documents[0], pages, runs.tables, resources, **options)


def _after(told: int, advance: Callable[[int], None]) -> Callable[[int], None]:
    """Return what tells of rows but the first ones, which were told of before all was laid out again."""
    left = told

    def advance_further(rows: int) -> None:
        nonlocal left
        known = min(left, rows)
        left -= known
        if rows > known:
            advance(rows - known)

    return advance_further


def _size_of(part: str | HeldTable) -> int:
    return len(part) if isinstance(part, str) else SIZE_OF_TABLE
