"""PDF: the page of the HTML renderer on paper, laid out by WeasyPrint."""

from __future__ import annotations

import hashlib
import logging
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from icreport.clock import document_date
from icreport.errors import ThemeError
from icreport.model.front_matter import document_of, or_nothing
from icreport.rendering.page.options import PageRenderer
from icreport.rendering.page.table_fit import asks_widths
from icreport.rendering.pdf.css_messages import lost_images
from icreport.rendering.pdf.css_variables import resolved
from icreport.rendering.pdf.gc_thresholds import seldom_collected
from icreport.rendering.pdf.large_tables import HeldTable
from icreport.rendering.pdf.layout_notes import LayoutNotes
from icreport.rendering.pdf.libraries import require_libraries
from icreport.rendering.pdf.missing_glyphs import describe, missing_glyphs, require_fonts
from icreport.rendering.pdf.page import PaperPage
from icreport.rendering.themes.checks import check_theme
from icreport.rendering.themes.language import language_of
from icreport.rendering.themes.loading import load_theme
from icreport.rendering.themes.pictures import warn_of_lost
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from weasyprint import Attachment

    from icreport.errors import Place
    from icreport.model.report import ReportLike
    from icreport.rendering.pdf.layout import Layout
    from icreport.rendering.pdf.page import Around
    from icreport.rendering.pdf.stylesheets import StyleSheet
    from icreport.rendering.renderer import Sink
    from icreport.rendering.themes.theme import Theme
    from icreport.words import Words

_LOG = logging.getLogger(__name__)
# What a program does not ask to see is not printed for it: warnings are in the result too.
logging.getLogger("icreport").addHandler(logging.NullHandler())
_LEAST_DIGITS = 15
_LEAST_ROWS = 5
"""What pages have room for, at least."""
_MANY_ENTRIES = 100
"""Entries of contents from which on it takes seconds to lay the document out again."""


class PdfRenderer(PageRenderer):
    """Writes a document for paper and archive: outline, page numbers, metadata, tags."""

    format: ClassVar[str] = "pdf"
    suffixes: ClassVar[tuple[str, ...]] = (".pdf",)
    media_type: ClassVar[str] = "application/pdf"

    pdf_variant: Literal["pdf/ua-1", "pdf/a-3u", "none"] = Field(
        default="pdf/ua-1", description="The standard that the file claims: tagged for screen readers, or for archives."
    )

    painter: Literal["auto", "off"] = Field(
        default="auto", description="Paint the rows of large tables, which takes seconds, or lay all of them out."
    )

    attach_source: bool = Field(
        default=False, description="Attach the report document (JSON), for whoever reads the PDF with a program."
    )

    # What is loaded for the first document stays: looking through it takes a tenth of the time of a small one.
    @seldom_collected()
    def render(self, report: ReportLike, sink: Sink) -> None:
        """Lay out the report and write the document."""
        theme = load_theme(self.theme)
        told = check_theme(theme, sink.warnings)
        language = language_of(self.locale, theme.config)
        words = language.words
        style = _style_of(theme, words)
        _check_room(theme, style)
        rooms = style.rooms if theme.config.page.largest else style.rooms[:-1]
        measure = style.ruler.width if style.ruler else None
        asked = style.asked_widths if asks_widths(theme.own_css) else None
        page = PaperPage(theme, self.link, language, rooms, asked, measure)
        from icreport.rendering.pdf.contents_numbers import layout_reason
        from icreport.rendering.pdf.layout import Layout
        from icreport.rendering.pdf.properties import properties_of
        from icreport.rendering.pdf.weasyprint_inside.fetcher import DataFetcher
        from icreport.rendering.pdf.weasyprint_inside.our_documents import our_documents

        fetcher = DataFetcher()
        why = layout_reason(style.text, styles_by_template=theme.styles_by_template)
        parts: list[tuple[Place, str | HeldTable]] = []
        try:
            for place, part in page.body(report, self.headings, sink):
                parts.append((place, part))
                if isinstance(part, HeldTable):
                    part.place = place
            said = document_of(report).over(or_nothing(theme.config.document))
            around = page.around(self.title_of(report, words), source=report.source, document=said, lists=self.lists)
            told |= page.pictures.tell(sink.warnings)
            if why and page.entries >= _MANY_ENTRIES:
                _tell_of_contents(why, sink)
            variant = None if self.pdf_variant == "none" else self.pdf_variant
            layout = Layout(style, fetcher, variant, properties_of(said))
            attachments = [_source(report, words)] if self.attach_source else []
            with missing_glyphs() as missing, lost_images() as lost, our_documents():
                document = self._written(parts, around, layout, why, sink, attachments)
            for address in (each for each in lost if each not in told):
                warn_of_lost(address, lost[address], sink.warnings)
            for address in (each for each in fetcher.refused if each not in {*told, *lost}):
                message = f"the theme asks for {address[:60]!r}, which is not fetched: put it in as a data: URL"
                sink.warnings.add("not-fetched", message, loss=False)
            if missing:
                shown = (place for place, part in parts if _shows(part, missing.keys()))
                sink.warnings.add("missing-glyph", describe(missing), next(shown, None), count=len(missing))
        finally:
            for _, part in parts:
                if isinstance(part, HeldTable):
                    part.close()
        sink.write(document)

    def _written(
        self,
        parts: list[tuple[Place, str | HeldTable]],
        around: Around,
        layout: Layout,
        why: str | None,
        sink: Sink,
        attachments: list[Attachment],
    ) -> bytes:
        """Lay out the parts of the page; `why` says why WeasyPrint has to find the page numbers of the contents."""
        from icreport.rendering.pdf.layout import PrintedPage

        listed = [part for _, part in parts]
        notes = LayoutNotes(listed, sink, "-v says why" if self.painter == "auto" else "the painter is off")
        notes.slow_cells(sum(part.count("<td") for part in listed if isinstance(part, str)))
        said = layout.style.text + around.head + around.tail + str(self.link or "")
        page = PrintedPage(
            parts,
            around,
            layout,
            notes,
            paints=self.painter == "auto",
            advance=partial(sink.advance, phase="pages"),
            numbers_reason=why,
        )
        return page.written(
            partial(_identifier, listed, said),
            pdf_variant=layout.variant,
            attachments=attachments,
            custom_metadata=bool(layout.properties),
        )


def _style_of(theme: Theme, words: Words) -> StyleSheet:
    # Before anything imports WeasyPrint, which prints what it thinks of a machine without libraries or fonts.
    require_libraries()
    require_fonts()
    from icreport.rendering.pdf.contents_numbers import reserved
    from icreport.rendering.pdf.stylesheets import parsed

    css = theme.css(paper=True, words=words)
    # A template of somebody else can set custom properties and count pages too.
    return parsed(css if theme.styles_by_template else reserved(resolved(css)))


def _tell_of_contents(why: str, sink: Sink) -> None:
    """Tell, before it begins and in the record, that a long document is laid out again for its page numbers."""
    message = f"the document is laid out again for the page numbers of its contents, since {why}"
    _LOG.warning(message)
    sink.warnings.note("repeated-layout", message)


def _check_room(theme: Theme, style: StyleSheet) -> None:
    """Check that pages have room for some text: a report of ten pages would have a thousand."""
    usual = style.rooms[0]
    if usual.width < _LEAST_DIGITS or usual.rows < _LEAST_ROWS:
        raise ThemeError(f"{theme.folder}: its pages leave no room for text: make the margins of @page smaller")


def _source(report: ReportLike, words: Words) -> Attachment:
    """Return the report document as what the PDF was made of (ISO 19005-3, 6.8: its relationship is Source)."""
    from weasyprint import Attachment

    return Attachment(
        string=report.to_json(),
        name=f"{report.source or 'report'}.json",
        description=words("The report document that this was made of"),
        relationship="Source",
        created=document_date(),
        modified=document_date(),
    )


def _shows(part: str | HeldTable, characters: AbstractSet[str]) -> bool:
    """Return whether a part of the page has any of these characters."""
    if isinstance(part, str):
        return not characters.isdisjoint(part)
    if not characters.isdisjoint(part.start):
        return True
    texts = (text_of(value) for rows in part.batches() for row in rows for value in row.values)
    return any(not characters.isdisjoint(text) for text in texts)


def _identifier(parts: list[str | HeldTable], around: str) -> bytes:
    """Return what identifies the document: a hash of its page and of the rows that have pages apart."""
    digest = hashlib.sha256(around.encode("utf-8", "replace"))
    for part in parts:
        digest.update((part if isinstance(part, str) else part.html).encode("utf-8", "replace"))
        if isinstance(part, HeldTable) and part.placed is not None:
            part.update(digest)
    return digest.digest()[:16]
