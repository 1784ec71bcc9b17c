"""The document around the rows: python-docx opens the template and draws all parts but the text.

The text is deflated as it comes (`zip_package`), so no row goes through objects and memory stays flat.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import docx

from icreport.clock import document_date
from icreport.errors import Place
from icreport.model.front_matter import NOTHING, document_at_start, document_of, label_of
from icreport.rendering.docx.contents import Contents
from icreport.rendering.docx.figures import drawing
from icreport.rendering.docx.front import FrontPages
from icreport.rendering.docx.package import Package, add_properties
from icreport.rendering.docx.pages import Pages
from icreport.rendering.docx.styles import TABLE_NOTE, Colours, DocumentStyles, document_defaults
from icreport.rendering.docx.table import MOST_COLUMNS, TableWriter
from icreport.rendering.docx.template import open_template, without_text
from icreport.rendering.docx.text import cleaned, direction, field, paragraph, run, with_fields
from icreport.rendering.grid import grid, narrowed
from icreport.rendering.page.numbering import Numbering
from icreport.rendering.page.table_fit import column_groups, fit_of
from icreport.rendering.pictures import LostImageError, prepare
from icreport.rendering.shown_rows import ShownRows
from icreport.rendering.table_format import shown_of, with_shown_rows
from icreport.rendering.themes.language import language_of
from icreport.rendering.zip_package import Piece, piece

if TYPE_CHECKING:
    from contextlib import ExitStack

    from docx.document import Document

    from icreport.model.chart import Chart
    from icreport.model.elements import Paragraph, Section, Table
    from icreport.model.front_matter import FrontMatter
    from icreport.model.image import Image
    from icreport.model.report import ReportLike
    from icreport.model.rows import Batch
    from icreport.rendering.charts.look import Look
    from icreport.rendering.docx import DocxRenderer
    from icreport.rendering.grid import Grid
    from icreport.rendering.pictures import Picture
    from icreport.rendering.renderer import Sink
    from icreport.rendering.table_format import Shown
    from icreport.rendering.themes.theme import Theme
    from icreport.words import Words

FONT = "Arial"
_NUMBER = "\ue000"
"""Stands for a field in a message."""
_SPACE = "\u2002"
_PIXELS = 96 / 1440
"""CSS pixels of a twip."""
_MOST_HEIGHT = 420.0
_LINE_HEIGHT = 19.0
"""CSS pixels of a picture, and of a line."""
_LINE_END = re.compile(r"\s*\n\s*")
_FAMILY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w -]+))""")
_OTHER_LETTERS = frozenset(("zh", "yue", "ja", "ko", "th", "lo", "km", "my", "hi", "mr", "ne", "bn", "ta", "te"))
"""Languages whose letters Word counts as East Asian or complex: Latin words beside them break as English ones do."""
_GENERIC = ("system-ui", "-apple-system", "sans-serif", "serif", "monospace", "ui-sans-serif", "ui-serif")
_PROPERTIES = {"number": "Document number"}
"""What a property is called, where it is not the name of what is said."""
_TOGETHER = 1000
"""How many pieces of XML are deflated at once."""
_HEADING_LINES, _CAPTION_LINES, _PARAGRAPH_LINE = 3.0, 4.5, 95
"""For where pages end: lines of a heading and a caption, characters of a line of text."""


class DocumentWriter:
    """Gathers the text of a document and writes it."""

    def __init__(self, options: DocxRenderer, theme: Theme, sink: Sink, stack: ExitStack) -> None:
        self._options = options
        self._theme = theme
        self._sink = sink
        self._stack = stack
        self._language = language_of(options.locale, theme.config)
        self._page_text = self._language.text
        self._words = self._language.words
        self._around = self._language.dir
        self._document = self._opened()
        self._styles = DocumentStyles(self._document.styles.element, Colours.of(theme))
        self._pages = Pages(self._document)
        self._set_up()
        self._pieces: list[Piece] = []
        self._text: list[str] = []
        self._package = Package(stack)
        self._contents = Contents()
        self._numbering = Numbering(self._words)
        self._headings: list[str] = []
        """Headings right before what comes next: they go with a table to a page across."""
        self._is_wide = False
        self._has_section = self._is_after_table = False
        self._page = 1.0
        self._tables = self._rows = self._figures = 0
        self._look: Look | None = None

    @property
    def words(self) -> Words:
        """The words of the document."""
        return self._words

    @property
    def rows(self) -> int:
        """The rows so far."""
        return self._rows

    def _opened(self) -> Document:
        return open_template(self._options.template) if self._options.template else without_text(docx.Document())

    def _set_up(self) -> None:
        """Give the document its styles, pages, header and footer."""
        config = self._theme.config
        lang = self._language.lang
        latin = "en" if self._around == "rtl" or lang.partition("-")[0] in _OTHER_LETTERS else lang
        if not self._options.template:
            self._styles.start_anew(document_defaults(_font(self._theme), lang, latin))
            self._pages.set_paper(self._theme)
        elif self._options.locale:
            self._styles.set_language(lang, latin)
        if self._around == "rtl":
            self._pages.set_direction()
            self._styles.set_direction()
        self._styles.set_outline()
        self._styles.set_contents(self._pages.width(is_wide=False))
        self._pages.add_header()
        self._pages.add_footer(config.footer, self._styles, self._words)

    def number_headings(self, report: ReportLike) -> None:
        """Have headings numbered where the report or the theme asks for it: known with the first element."""
        said = document_at_start(report).over(self._theme.config.document or NOTHING)
        self._numbering.headings = said.headings == "numbered"

    def add_section(self, section: Section) -> None:
        """Write the heading of a section; one without a caption leaves nothing to be read."""
        caption = _caption_of(self._numbering.captioned(section).caption)
        if caption is None:
            return
        self._has_section = True
        self._heading(caption, 1, None)

    def add_paragraph(self, element: Paragraph, index: int) -> None:
        """Write running text."""
        place = Place(index, element.caption)
        if (caption := _caption_of(self._numbering.captioned(element).caption)) is not None:
            self._heading(caption, 2 if self._has_section else 1, place)
        style = self._styles.id("Normal")
        for text in re.split(r"\n\s*\n", self._cleaned(element.text, place)):
            if text.strip():
                self._put(paragraph(style, run(text.strip("\n")), direction(text, self._around)))
                self._advance(1.5 + len(text) / _PARAGRAPH_LINE)

    def _heading(self, caption: str, level: int, place: Place | None) -> None:
        text = _in_line(self._cleaned(caption, place))
        xml = self._contents.bookmarked(level, text, run(text), self._page)
        self._headings.append(paragraph(self._styles.id(f"heading {level}"), xml, direction(text, self._around)))

    def add_table(self, table: Table, index: int) -> None:
        """Write a table: caption, rows, and what is said under it."""
        place = Place(index, table.caption)
        self._tables += 1
        whole = grid(table, index, self._sink.warnings)
        more = ShownRows(whole)
        rectangle = with_shown_rows(whole, more)
        shown = shown_of(table, rectangle, grouped=bool(whole.groups), words=self._words)
        links = (
            self._options.link.of_table(table.source_business_object, self._sink.warnings, place)
            if self._options.link
            else None
        )
        make = partial(
            TableWriter,
            styles=self._styles,
            page_text=self._page_text,
            around=self._around,
            link=self._package.link,
            links=links,
            replaced=partial(self._replaced, place=place),
        )
        parts = self._parts(rectangle, shown, make)
        if len(parts) > 1:
            message = "the columns go on in further tables, as they do not fit side by side"
            self._sink.warnings.note("split-table", message, place, count=len(parts) - 1)
        files = [self._package.file() for _ in parts]
        for writer, file in zip([part for _, part in parts], files, strict=True):
            file.write(writer.header())
        count = 0
        for batch in rectangle.batches:
            # Rows of no cells are none in a document.
            listed = len(shown.listed(batch.rows)) if parts else 0
            count += listed
            for (columns, writer), file in zip(parts, files, strict=True):
                file.write(writer.rows(_picked(rectangle, batch, columns)))
            self._sink.advance(listed)
        self._rows += count
        caption = _in_line(self._cleaned(_caption_of(table.caption) or "", place))
        for number, ((_, writer), file) in enumerate(zip(parts, files, strict=True)):
            self._put_table(writer, file.close(), caption, count, is_first=number == 0)
        empty = self._words("No rows.") if not count and rectangle.heads else ""
        said = [empty, self._words.of(table.note or "").strip(), *map(self._words.of, more.notes())]
        notes = "\n".join(filter(None, said))
        for line in filter(str.strip, self._cleaned(notes, place).split("\n")):
            self._put(paragraph(self._styles.id(TABLE_NOTE), run(line), direction(line, self._around)))
            self._advance(1.5)

    def add_image(self, image: Image, index: int) -> None:
        """Write an image; one that is broken is told, and its caption stays."""
        place = Place(index, image.caption)
        picture: Picture | None = None
        try:
            picture = prepare(image, *self._room, self._sink.limits, place, vector=False)
        except LostImageError as lost:
            self._sink.warnings.add("lost-image", f"the image is not shown: {lost}", place)
        alt = self._cleaned(image.alt or "", place)
        if picture is None:
            self._add_figure(image.caption, alt, None, (0, 0), place)
            return
        name = self._package.picture(picture.content, picture.media_type)
        self._add_figure(image.caption, alt, name, (picture.width, picture.height), place)

    def add_chart(self, chart: Chart, index: int) -> None:
        """Write a chart as a picture of it."""
        from icreport.rendering.charts.drawing import draw
        from icreport.rendering.charts.look import look_of

        place = Place(index, chart.caption)
        self._look = self._look or look_of(self._theme, self._language, self._sink.limits, paper=True)
        drawn = draw(chart, self._look, place)
        part = min(1.0, self._room[0] / drawn.width, self._room[1] / drawn.height)
        name = self._package.picture(drawn.png(), "image/png")
        alt = self._cleaned(f"{drawn.title}. {drawn.description}", place)
        self._add_figure(chart.caption, alt, name, (part * drawn.width, part * drawn.height), place)

    @property
    def _room(self) -> tuple[float, float]:
        """The room of a picture in CSS pixels."""
        return self._pages.width(is_wide=self._is_wide) * _PIXELS, _MOST_HEIGHT

    def _add_figure(
        self, given: str | None, alt: str, picture: str | None, size: tuple[float, float], place: Place
    ) -> None:
        self._figures += 1
        caption = _in_line(self._cleaned(_caption_of(given) or "", place))
        called = self._words("Figure {number}", number=self._figures)
        if picture is None:
            runs = run(self._words("This image cannot be shown."))
        else:
            runs = drawing(1000 + self._figures, picture, called, alt or caption or called, size)
        self._put(paragraph(self._styles.id("Figure"), runs))
        numbered = field(r"SEQ Figure \* ARABIC", self._words.number(self._figures))
        runs = with_fields(self._words("Figure {number}", number=_NUMBER), {_NUMBER: numbered})
        text = f"{called}{_SPACE}{caption}" if caption else called
        runs += run(text.removeprefix(called))
        self._put(
            paragraph(
                self._styles.id("Figure Caption"),
                self._contents.bookmarked(0, "", runs, self._page, ("Figure", text)),
                direction(caption or called, self._around),
            )
        )
        self._advance(size[1] / _LINE_HEIGHT + _CAPTION_LINES)

    def _parts(self, rectangle: Grid, shown: Shown, make: partial[TableWriter]) -> list[tuple[list[int], TableWriter]]:
        """Return the tables that a table becomes, and which of its columns are in each."""
        if not rectangle.heads:
            return []
        if len(rectangle.heads) <= MOST_COLUMNS:
            usual = make(rectangle, shown, is_small=False)
            room = fit_of(usual.looks, self._pages.rooms())
            groups = column_groups(usual.looks, room)
            if len(groups) == 1:
                columns = list(range(len(rectangle.heads)))
                writer = make(rectangle, shown, is_small=True) if "small" in room.fit else usual
                return [(columns, writer)]
        else:
            key, *others = range(len(rectangle.heads))
            step = MOST_COLUMNS - 1
            groups = [[key, *others[at : at + step]] for at in range(0, len(others), step)]
        return [(group, make(narrowed(rectangle, group), shown.narrowed(group), is_small=True)) for group in groups]

    def _put_table(self, writer: TableWriter, rows: Piece, caption: str, count: int, *, is_first: bool) -> None:
        called = self._words("Table {number}", number=self._tables)
        start, is_wide, pages = writer.start(self._pages, caption or called, count)
        self._turn(is_wide=is_wide)
        # Further parts of a table have its number, too.
        numbered = field(
            r"SEQ Table \* ARABIC" if is_first else r"SEQ Table \c \* ARABIC", self._words.number(self._tables)
        )
        runs = with_fields(self._words("Table {number}", number=_NUMBER), {_NUMBER: numbered})
        runs += run(f"{_SPACE}{caption}" if caption else "")
        if is_first:
            listed = ("Table", f"{called}{_SPACE}{caption}" if caption else called)
            runs = self._contents.bookmarked(2, caption or called, runs, self._page, listed)
        own = direction(caption or called, self._around)
        self._put(paragraph(self._styles.id("caption"), runs, own))
        self._text.append(start)
        self._flush()
        self._pieces.append(rows)
        self._text.append("</w:tbl>")
        self._is_after_table = True
        self._advance(_CAPTION_LINES)
        self._page += pages

    def _turn(self, *, is_wide: bool) -> None:
        """Go on on pages of the other kind where a table needs them."""
        if is_wide == self._is_wide:
            return
        self._end_section()
        self._page = math.floor(self._page) + 1.0
        self._contents.move(len(self._headings), self._page)
        self._is_wide = is_wide

    def _end_section(self) -> None:
        xml = self._pages.section(is_wide=self._is_wide)
        self._text.append(paragraph(self._styles.id(TABLE_NOTE), "", xml))
        self._is_after_table = False

    def _put(self, xml: str) -> None:
        """Add a paragraph; between tables, and after a last one, stands one."""
        self._end_table()
        self._text += self._headings
        self._advance(_HEADING_LINES * len(self._headings))
        self._headings.clear()
        self._text.append(xml)
        if len(self._text) > _TOGETHER:
            self._flush()

    def _end_table(self) -> None:
        if self._is_after_table:
            self._text.append(paragraph(self._styles.id(TABLE_NOTE), ""))
            self._is_after_table = False

    def _flush(self) -> None:
        if self._text:
            self._pieces.append(piece("".join(self._text).encode(), last=False))
            self._text.clear()

    def _advance(self, lines: float) -> None:
        self._page += lines / self._pages.rooms()[int(self._is_wide)].rows

    def _cleaned(self, text: str, place: Place | None) -> str:
        return cleaned(text, partial(self._replaced, place=place))

    def _replaced(self, count: int, place: Place | None = None) -> None:
        message = "control characters, which XML cannot hold, became U+FFFD"
        self._sink.warnings.add("replaced-characters", message, place, count=count)

    def write(self, report: ReportLike, title: str) -> None:
        """Write the document."""
        self._end_table()
        self._text += self._headings
        self._flush()
        said = document_of(report).over(self._theme.config.document or NOTHING)
        title = _in_line(self._cleaned(title, None))
        self._set_properties(title, report.source, said)
        self._pages.fill_header(self._theme, said.running(self._words), self._styles, self._sink)
        opening = piece(self._opening(title, report.source, said).encode(), last=False)
        section = self._pages.section(is_wide=self._is_wide)
        self._package.write(self._document, [opening, *self._pieces], section, self._sink.write)

    def _opening(self, title: str, source: str | None, document: FrontMatter) -> str:
        """Return the title, what is said under it, the front matter and the contents."""
        said = [self._language.long_date(document_date().date())]
        if source and source != title and self._theme.config.source:
            said.append(self._words("Source: {source}", source=self._cleaned(source, None)))
        width, rows = self._pages.width(is_wide=False), self._pages.rooms()[0].rows
        front = FrontPages(self._styles, self._words, self._around, width, self._replaced).xml(document)
        return "".join(
            [
                paragraph(self._styles.id("Title"), run(title), direction(title, self._around)),
                paragraph(self._styles.id("Subtitle"), run(" \u00b7 ".join(said))),
                front,
                self._contents.xml(
                    self._styles, self._words, self._around, rows, lists=bool(document.lists), behind=bool(document)
                ),
            ]
        )

    def _set_properties(self, title: str, source: str | None, document: FrontMatter) -> None:
        """Say what the document is, in its properties."""
        said = {name: self._cleaned(text, None)[:255] for name, text in document.facts_by_name.items()}
        properties = self._document.core_properties
        most = 255
        properties.title = title[:most]
        properties.author = self._cleaned(self._theme.config.organisation, None)[:most] or "icreport"
        properties.last_modified_by = properties.author
        properties.subject = self._cleaned(source or "", None)[:most]
        properties.language = self._language.lang
        properties.comments = properties.keywords = properties.category = ""
        properties.revision = 1
        properties.identifier = said.get("number", "")
        properties.content_status = said.get("status", "")
        properties.version = said.get("revision", "")
        if said:
            names = {name: _PROPERTIES.get(name) or label_of(self._cleaned(name, None)) for name in said}
            add_properties(self._document, {names[name]: text for name, text in said.items()})
        properties.created = properties.modified = document_date().replace(tzinfo=None)


def _font(theme: Theme) -> str:
    """Return the font of a theme that names one, ours else."""
    for name in _FAMILY.findall(theme.config.tokens.light.get("font", "")):
        family: str = next(filter(None, name)).strip()
        if family.lower() not in _GENERIC and family:
            return family
    return FONT


def _in_line(text: str) -> str:
    return _LINE_END.sub(" ", text).strip()


def _caption_of(caption: str | None) -> str | None:
    return caption if caption and caption.strip() else None


def _picked(rectangle: Grid, batch: Batch, columns: list[int]) -> Batch:
    """Return rows with only these columns, as they stand in a part of the table."""
    if len(columns) == len(rectangle.heads):
        return batch
    return next(iter(narrowed(_only(rectangle, batch), columns).batches))


def _only(rectangle: Grid, batch: Batch) -> Grid:
    return replace(rectangle, batches=iter([batch]), sample=[])
