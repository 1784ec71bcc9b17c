"""Documents of many elements, laid out run by run: as many elements at once as fill some pages.

A run is a document of its own, whose last page, which is not full, is left to the next run: that starts with an element
with which a page starts. How a page looks depends on what is before it. So a run has that before its first page, on
pages that are thrown away: the head of the document, its sections so far, and the tag of the element before.
"""

from __future__ import annotations

import gc
import re
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from icreport.rendering.pdf.assembly.drawn_pages import DrawnPage
from icreport.rendering.pdf.assembly.merge import Numbered, numbered_shell, numbers_with, with_tables
from icreport.rendering.pdf.contents_numbers import has_entries
from icreport.rendering.pdf.large_tables import HeldTable
from icreport.rendering.pdf.painter.style_checks import UnknownStyleError
from icreport.rendering.pdf.weasyprint_inside.box_tree import first_children, has_fixed, page_box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from weasyprint import Document

    from icreport.rendering.pdf.assembly.merge import PlacedTable
    from icreport.rendering.pdf.page import Around
    from icreport.rendering.pdf.painter.resources import Resources

SIZE = 60_000
"""Characters of HTML that a run has at least: those of some fifteen pages."""
SIZE_OF_TABLE = SIZE // 4
"""What a table that is placed counts for: each is probed after what a run has before it."""
_TAG = re.compile(r'\s*<(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?:\s+[\w-]+(?:="[^"]*")?)*)\s*>')
_ID = re.compile(r'\sid="([^"]*)"')
_CLASS = re.compile(r'\sclass="([^"]*)"')
_OF_SECTION = re.compile(r"""<h1\b|\sclass=(["']?)(?:(?!\1)[^<>])*\bsection\b""")
_HOLDERS = {"article", "aside", "blockquote", "details", "div", "dl", "figure", "footer", "header", "main", "nav"}
_HOLDERS |= {"ol", "section", "ul"}
"""Tags that can hold what fills a page: the parser of HTML ends a paragraph there, and takes it out of a table."""
_MONOLITH = '<div style="height:9999px;overflow:hidden"></div>'
"""As high as a page, and not divided: what follows is on a new page, as after a full one."""
_SECTIONS = '<div style="height:0;overflow:hidden">{}</div>'
_IN_SECTIONS = ' style="break-before:auto;break-after:auto;page:auto;margin:0;line-height:0"'
_HIDDEN = '<section style="display:none"></section>'
"""What comes after the last element of a run that is not the last of the report."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What the page has of an element, and what its first tag is: its name and attributes, without the id."""

    parts: list[str | HeldTable]
    identifier: str
    name: str
    attributes: str

    @classmethod
    def of(cls, parts: list[str | HeldTable]) -> Piece:
        """Return the piece of these parts of a page, none of which may be missing."""
        first = parts[0]
        found = _TAG.match(first if isinstance(first, str) else first.start)
        if found is None:
            return cls(parts, "", "", "")
        identifier = _ID.search(found["attributes"])
        return cls(parts, identifier[1] if identifier else "", found["name"], _ID.sub("", found["attributes"]))

    @property
    def classes(self) -> frozenset[str]:
        """The classes of its tag."""
        found = _CLASS.search(self.attributes)
        return frozenset(found[1].split() if found else ())

    @property
    def is_section(self) -> bool:
        """Whether it is the heading of a section."""
        return "section" in self.classes

    @property
    def hides_section(self) -> bool:
        """Whether it has the heading of a section, or a title, that is not its first tag: a run would not know it."""
        first = self.parts[0] if isinstance(self.parts[0], str) else self.parts[0].start
        found = _TAG.match(first)
        is_title = self.name == "h1" and not self.is_section
        return is_title or _OF_SECTION.search(first, found.end() if found else 0) is not None

    @property
    def inside(self) -> str:
        """The HTML after its first tag."""
        found = _TAG.match(self.html)
        return self.html[found.end() :] if found else self.html

    @property
    def html(self) -> str:
        """The HTML, with placeholders for the rows of tables that are placed."""
        return "".join([part if isinstance(part, str) else part.html for part in self.parts])


class _Start(NamedTuple):
    """A page of a run that starts with one of its pieces, by their indexes."""

    page: int
    piece: int


@dataclass(slots=True)
class Runs:
    """Lays out the pieces of a document, with what is around them.

    `place` makes the pages of a large table after the HTML that is before it, `lay_out` is that of WeasyPrint.
    """

    pieces: Sequence[Piece]
    around: Around
    place: Callable[[HeldTable, str], None]
    lay_out: Callable[[str, str], Document]
    resources: Resources
    tagged: bool
    size: float = SIZE
    """Characters of a run; infinity for one run that has all."""
    with_sections: bool = False
    """Whether anything is counted by sections, so that each run has those before it."""
    finds_numbers: bool = False
    """Whether WeasyPrint finds the page numbers of the contents; only for one run that has all."""
    documents: list[Document] = field(default_factory=list)
    """The document of the first run, which has the metadata."""
    tables: list[PlacedTable] = field(default_factory=list)
    """The tables whose pages are among those that were given so far."""

    def pages(self) -> Iterator[Numbered]:
        """Yield the pages, those of large tables among them; all that can be drawn are.

        Raises `UnknownStyleError` where runs do not look like the whole document.
        """
        start, made, size = 0, 0, self.size
        while start < len(self.pieces) or not self.documents:
            if self.documents:
                # What is left of the run before is in cycles; what there was earlier is not looked through each time.
                gc.collect(1)
            before = self.around.head if start == 0 else self._before(start, made)
            end, html = self._gather(start, size, before)
            is_last = end == len(self.pieces)
            html = before + html + ("" if is_last else _HIDDEN) + self.around.tail
            document, numbers = self._laid_out(html, self._placed(start, end))
            first = self._first(document, start, made)
            stop = _Start(len(document.pages), end)
            if not (is_last and start == 0) and has_fixed(document):
                raise UnknownStyleError("the theme has something stand on all pages (position: fixed)")
            if not is_last:
                last = self._last_start(document, start, end)
                if last is None:
                    size *= 2
                    continue
                stop = last
            tables = self._placed(start, stop.piece)
            pages = with_tables(document, tables, numbers, range(first, stop.page))
            self.documents = self.documents or [document]
            del document
            self.tables += tables
            made += len(pages)
            start, size = stop.piece, self.size
            yield from map(self._drawn, pages) if self.size < inf else pages

    def _laid_out(self, html: str, tables: Sequence[PlacedTable]) -> tuple[Document, Sequence[int]]:
        """Lay out a run; return it, and how its pages are numbered."""
        if not self.finds_numbers:
            document = self.lay_out(html, "")
            return document, range(1, len(document.pages) + 1)
        document = numbered_shell(partial(self.lay_out, html), [table.placeholder for table in tables])
        return document, numbers_with(tables, document)

    def _placed(self, start: int, end: int) -> list[PlacedTable]:
        parts = [part for piece in self.pieces[start:end] for part in piece.parts]
        return [part.placed for part in parts if isinstance(part, HeldTable) and part.placed is not None]

    def _gather(self, start: int, size: float, before: str) -> tuple[int, str]:
        """Return where a run ends, and its HTML; large tables in it are placed."""
        listed: list[str] = []
        for end, piece in enumerate(self.pieces[start:], start + 1):
            for part in piece.parts:
                if isinstance(part, HeldTable):
                    if not part.placeholder:
                        self.place(part, before + "".join(listed))
                    size -= SIZE_OF_TABLE
                listed.append(part if isinstance(part, str) else part.html)
                size -= len(listed[-1])
            if size <= 0:
                return end, "".join(listed)
        return len(self.pieces), "".join(listed)

    def _before(self, start: int, made: int) -> str:
        """Return what a run has before its first piece, so that this starts a left or a right page as it must."""
        piece = self.pieces[start - 1]
        known = self.pieces[:start] if self.with_sections else ()
        sections = [f"<{each.name}{each.attributes}{_IN_SECTIONS}>" + each.inside for each in known if each.is_section]
        opened = f"{self.around.again}<{piece.name}{piece.attributes}>" + _SECTIONS.format("".join(sections))
        least = f"{opened}{_MONOLITH}</{piece.name}>"
        following = self.pieces[start]
        pages = self.lay_out(
            f"{least}<{following.name}{following.attributes}>.</{following.name}>{self.around.tail}", ""
        ).pages
        return f"{opened}{_MONOLITH * (1 + (len(pages) - 1 - made) % 2)}</{piece.name}>"

    def _first(self, document: Document, start: int, made: int) -> int:
        """Return the index of the page with which the first piece of a run starts."""
        if start == 0:
            return 0
        name = self.pieces[start].identifier
        first = next((at for at, page in enumerate(document.pages) if name in page.anchors), None)
        if first is None or (first - made) % 2:
            raise UnknownStyleError("a run of elements cannot start on a left and on a right page")
        return first

    def _last_start(self, document: Document, start: int, end: int) -> _Start | None:
        """Return the last page that starts with a further piece, of which the page before has nothing."""
        further = {
            piece.identifier: at for at, piece in enumerate(self.pieces[:end]) if at > start and piece.identifier
        }
        last = None
        for page, identifier in first_children(document, further.keys()):
            before = self.pieces[further[identifier] - 1]
            if before.name in _HOLDERS and not before.is_section:
                last = _Start(page, further[identifier])
        return last

    def _drawn(self, numbered: Numbered) -> Numbered:
        """Return a page that needs no more than its number drawn."""
        page, number, total = numbered
        if not DrawnPage.can_be(page) or has_entries(page_box(page)):
            return numbered
        return Numbered(DrawnPage(page, self.resources, tagged=self.tagged), number, total)
