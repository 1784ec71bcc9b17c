"""The pages of a document: its sections (ECMA-376 part 1, 17.6), upright and across, with header and footer."""

from __future__ import annotations

import copy
import io
from typing import TYPE_CHECKING

from docx.shared import Inches

from icreport.rendering.docx.oxml import OxmlElement, describe, element_of, parse_xml, properties_of
from icreport.rendering.docx.styles import SIZE, SMALL, W
from icreport.rendering.docx.text import cleaned, field, paragraph, run, with_fields
from icreport.rendering.page.table_fit import Room
from icreport.rendering.text_direction import may_run_right_to_left
from icreport.rendering.themes.config import millimetres
from icreport.rendering.themes.paper import size_of
from icreport.rendering.themes.pictures import raster_logo

if TYPE_CHECKING:
    from docx.document import Document

    from icreport.rendering.docx.oxml import BaseOxmlElement
    from icreport.rendering.docx.styles import DocumentStyles
    from icreport.rendering.renderer import Sink
    from icreport.rendering.themes.theme import Theme
    from icreport.words import Words

TWIPS = 1440 / 25.4
"""Twentieths of a point in a millimetre."""
_DIGIT = 0.56
"""The width of a digit in heights of its type: the most that common fonts of office programs need."""
_LINE = 1.25
PADDING = 160
"""Twips at both sides of a cell."""
_SPACE = 60
"""Twips above and below the text of a cell."""
_LOGO_HEIGHT = 0.45
_FIELDS = {"\ue000": field("PAGE", "1"), "\ue001": field("NUMPAGES", "1")}
_REFERENCES = ("headerReference", "footerReference", "titlePg", "pgNumType")


class Pages:
    """The two kinds of pages of a document, by the last section of its template."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._section = document.sections[-1]
        self._is_first = True
        self._has_header = True

    def set_paper(self, theme: Theme) -> None:
        """Take the paper of a theme."""
        page = theme.config.page
        width, height = size_of(page.size, landscape=page.orientation == "landscape")
        margin = round(max(millimetres(page.margin), 15.0) * TWIPS)
        self._set("pgSz", w=round(width * TWIPS), h=round(height * TWIPS), orient=page.orientation)
        sides = dict.fromkeys(("top", "right", "bottom", "left"), margin)
        self._set("pgMar", **sides, header=margin // 2, footer=margin // 2, gutter=0)

    def set_direction(self) -> None:
        """Have the pages of a document from right to left start there."""
        properties = properties_of(self._section)
        if properties.find(f"{{{W}}}bidi") is None:
            properties.insert_element_before(
                OxmlElement("w:bidi"), "w:rtlGutter", "w:docGrid", "w:printerSettings", "w:sectPrChange"
            )

    def add_header(self) -> None:
        """Start a header where a template has none."""
        header = self._section.header
        self._has_header = not header.is_linked_to_previous
        header.is_linked_to_previous = False

    def fill_header(self, theme: Theme, running: str, styles: DocumentStyles, sink: Sink) -> None:
        """Write the header of a theme, what stands on every page, and the logo, where a template has no header."""
        if self._has_header:
            return
        header, style = self._section.header, styles.id("header")
        texts = [cleaned(text, lambda _: None) for text in (theme.config.header, running) if text]
        self._replace(element_of(header), [paragraph(style, run(text)) for text in texts] or [paragraph(style, "")])
        if logo := raster_logo(theme, sink.warnings):
            first = header.paragraphs[0].insert_paragraph_before(style=self._document.styles["Header"])
            shape = first.add_run().add_picture(io.BytesIO(logo), height=Inches(_LOGO_HEIGHT))
            describe(shape, theme.config.organisation or "Logo")

    def add_footer(self, text: str, styles: DocumentStyles, words: Words) -> None:
        """Put page numbers, and the footer of a theme, where a template has none."""
        footer = self._section.footer
        if not footer.is_linked_to_previous:
            return
        footer.is_linked_to_previous = False
        message = words("Page {page} of {pages}", page="\ue000", pages="\ue001")
        numbers = with_fields(message, _FIELDS)
        style = styles.id("footer")
        lines = [paragraph(style, run(cleaned(text, lambda _: None)))] if text else []
        own = "<w:bidi/>" if may_run_right_to_left(message) else '<w:bidi w:val="0"/>'
        self._replace(element_of(footer), [*lines, paragraph(style, numbers, own)])

    def _replace(self, element: BaseOxmlElement, paragraphs: list[str]) -> None:
        for child in list(element):
            element.remove(child)
        for xml in paragraphs:
            element.append(parse_xml(xml.replace("<w:p>", f'<w:p xmlns:w="{W}">', 1)))

    def _set(self, name: str, **values: object) -> None:
        properties = properties_of(self._section)
        found = properties.find(f"{{{W}}}{name}")
        if found is None:
            found = OxmlElement(f"w:{name}")
            properties.insert(0, found)
        for key, value in values.items():
            found.set(f"{{{W}}}{key}", str(value))

    def width(self, *, is_wide: bool) -> int:
        """Return the width of text on a page in twips."""
        width, height, left, right, *_ = self._lengths
        across = max(width, height) if is_wide else width
        return max(across - left - right, 1440)

    def rooms(self) -> list[Room]:
        """Return the rooms that a table may have: a page, one across, and small type on that."""
        kinds = [("", False, SIZE), ("wide", True, SIZE), ("wide small", True, SMALL)]
        return [self.room(fit, is_wide=is_wide, size=size) for fit, is_wide, size in kinds]

    def room(self, fit: str, *, is_wide: bool, size: float) -> Room:
        """Return what a kind of page has for a table in type of a size in points."""
        width, height, _, _, top, bottom = self._lengths
        digit = _DIGIT * size * 20
        rows = (min(width, height) if is_wide else height) - top - bottom
        line = _LINE * size * 20 + _SPACE
        return Room(fit, self.width(is_wide=is_wide) / digit, PADDING / digit, max(5.0, rows / line))

    @property
    def _lengths(self) -> tuple[int, int, int, int, int, int]:
        """The width and height of a page, and its margins, in twips."""
        section = self._section
        lengths = (
            (section.page_width, 210), (section.page_height, 297), (section.left_margin, 20),
            (section.right_margin, 20), (section.top_margin, 20), (section.bottom_margin, 20),
        )  # fmt: skip
        width, height, left, right, top, bottom = (
            round(length.twips if length is not None else other * TWIPS) for length, other in lengths
        )
        return width, height, left, right, abs(top), abs(bottom)

    def section(self, *, is_wide: bool) -> str:
        """Return the properties of a section that ends; header and footer of the first one go on in the others."""
        properties = copy.deepcopy(properties_of(self._section))
        for child in list(properties):
            name = child.tag.rpartition("}")[2]
            if name == "type" or (name in _REFERENCES and not self._is_first):
                properties.remove(child)
        self._is_first = False
        size = properties.find(f"{{{W}}}pgSz")
        width, height, *_ = self._lengths
        if is_wide and size is not None and width < height:
            size.set(f"{{{W}}}w", str(height))
            size.set(f"{{{W}}}h", str(width))
            size.set(f"{{{W}}}orient", "landscape")
        return str(properties.xml)
