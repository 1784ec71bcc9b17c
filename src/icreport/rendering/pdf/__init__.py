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
from icreport.rendering.page.rows import BAND
from icreport.rendering.page.table_fit import asks_widths
from icreport.rendering.pdf.css_messages import lost_images
from icreport.rendering.pdf.css_variables import resolved
from icreport.rendering.pdf.gc_thresholds import seldom_collected
from icreport.rendering.pdf.glyph_text import Fonts
from icreport.rendering.pdf.large_tables import HeldTable, Placer, join_placed, whole_page
from icreport.rendering.pdf.layout_notes import LayoutNotes
from icreport.rendering.pdf.libraries import require_libraries
from icreport.rendering.pdf.long_text import with_line_ends
from icreport.rendering.pdf.missing_glyphs import describe, missing_glyphs, require_fonts
from icreport.rendering.pdf.page import PaperPage
from icreport.rendering.themes.checks import check_theme
from icreport.rendering.themes.language import language_of
from icreport.rendering.themes.loading import load_theme
from icreport.rendering.themes.pictures import warn_of_lost
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pydyf import PDF
    from weasyprint import Attachment

    from icreport.errors import Place
    from icreport.model.front_matter import FrontMatter
    from icreport.model.report import ReportLike
    from icreport.rendering.pdf.stylesheets import StyleSheet
    from icreport.rendering.pdf.weasyprint_inside.fetcher import DataFetcher
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
        from icreport.rendering.pdf.weasyprint_inside.drawn_texts import texts_drawn_whole
        from icreport.rendering.pdf.weasyprint_inside.fetcher import DataFetcher

        fetcher = DataFetcher()
        parts: list[str | HeldTable] = []
        places: list[Place] = []
        try:
            for place, part in page.body(report, self.headings, sink):
                parts.append(part)
                places.append(place)
                if isinstance(part, HeldTable):
                    part.place = place
            said = document_of(report).over(or_nothing(theme.config.document))
            around = page.around(self.title_of(report, words), source=report.source, document=said, lists=self.lists)
            told |= page.pictures.tell(sink.warnings)
            if page.entries >= _MANY_ENTRIES:
                _tell_of_contents(theme, style, sink)
            attachments = [_source(report, words)] if self.attach_source else []
            with missing_glyphs() as missing, lost_images() as lost, texts_drawn_whole():
                document = self._lay_out(parts, around, style, sink, attachments, fetcher, said)
            for address in (each for each in lost if each not in told):
                warn_of_lost(address, lost[address], sink.warnings)
            for address in (each for each in fetcher.refused if each not in {*told, *lost}):
                message = f"the theme asks for {address[:60]!r}, which is not fetched: put it in as a data: URL"
                sink.warnings.add("not-fetched", message, loss=False)
            if missing:
                shown = (place for place, part in zip(places, parts, strict=True) if _shows(part, missing.keys()))
                sink.warnings.add("missing-glyph", describe(missing), next(shown, None), count=len(missing))
        finally:
            for part in parts:
                if isinstance(part, HeldTable):
                    part.close()
        sink.write(document)

    def _lay_out(
        self,
        parts: list[str | HeldTable],
        around: tuple[str, str],
        style: StyleSheet,
        sink: Sink,
        attachments: list[Attachment],
        fetcher: DataFetcher,
        said: FrontMatter,
    ) -> bytes:
        from weasyprint import CSS, HTML, Document

        from icreport.rendering.pdf.contents_numbers import number_entries
        from icreport.rendering.pdf.font_encodings import encode_plainly
        from icreport.rendering.pdf.isolation import isolate_texts
        from icreport.rendering.pdf.properties import properties_of, set_properties
        from icreport.rendering.pdf.tag_tree import complete_structure
        from icreport.rendering.pdf.weasyprint_inside.shared_styles import sharing_styles
        from icreport.rendering.pdf.weasyprint_inside.text_stream import tell_text_of

        properties = properties_of(said)
        variant = None if self.pdf_variant == "none" else self.pdf_variant

        def lay_out(page: str, more: str = "", *, isolates: bool = True) -> Document:
            sheets = [style.css]
            if more:
                sheets.append(CSS(string=more, font_config=style.fonts, url_fetcher=fetcher))
            html = HTML(string=with_line_ends(page), url_fetcher=fetcher, media_type="print")
            if isolates:
                isolate_texts(html, page)
            with sharing_styles():
                document = html.render(
                    stylesheets=sheets, font_config=style.fonts, counter_style=style.counters, pdf_variant=variant
                )
            document.fonts = Fonts()
            set_properties(document, properties)
            return document

        def finish(document: Document, pdf: PDF) -> None:
            encode_plainly(document, pdf)
            complete_structure(document, pdf)

        notes = LayoutNotes(parts, sink, "-v says why" if self.painter == "auto" else "the painter is off")
        placer = Placer(
            around,
            style.text,
            lay_out,
            partial(lay_out, isolates=False),
            BAND,
            tagged=variant == "pdf/ua-1",
            paints=self.painter == "auto",
            advance=partial(sink.advance, phase="pages"),
            slow=notes.slow,
            laid_out=notes.laid_out,
        )
        page = placer.place(parts)
        notes.slow_cells(page.count("<td"))
        options: dict[str, object] = {
            "pdf_variant": variant,
            "pdf_identifier": _identifier(parts, style.text + page + str(self.link or "")),
            "attachments": attachments,
            "custom_metadata": bool(properties),
        }
        document = join_placed(parts, page, lay_out, notes.laid_out, options)
        if document is None:
            if any(isinstance(part, HeldTable) and part.placed is not None for part in parts):
                page = whole_page(parts, around)
                notes.slow_cells(page.count("<td"))
            whole = lay_out(page)
            number_entries(whole.pages, range(1, len(whole.pages) + 1))
            tell_text_of(whole)
            document = whole.write_pdf(finisher=finish, **options)
        return document


def _style_of(theme: Theme, words: Words) -> StyleSheet:
    # Before anything imports WeasyPrint, which prints what it thinks of a machine without libraries or fonts.
    require_libraries()
    require_fonts()
    from icreport.rendering.pdf.contents_numbers import reserved
    from icreport.rendering.pdf.stylesheets import parsed

    css = theme.css(paper=True, words=words)
    # A template of somebody else can set custom properties and count pages too.
    return parsed(css if theme.styles_by_template else reserved(resolved(css)))


def _tell_of_contents(theme: Theme, style: StyleSheet, sink: Sink) -> None:
    """Tell, before it begins and in the record, that a long document is laid out again for its page numbers."""
    from icreport.rendering.pdf.contents_numbers import layout_reason

    if why := layout_reason(style.text, styles_by_template=theme.styles_by_template):
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


def _identifier(parts: list[str | HeldTable], page: str) -> bytes:
    """Return what identifies the document: a hash of its page and of the rows that have pages apart."""
    digest = hashlib.sha256(page.encode("utf-8", "replace"))
    for part in parts:
        if isinstance(part, HeldTable) and part.placed is not None:
            part.update(digest)
    return digest.digest()[:16]
