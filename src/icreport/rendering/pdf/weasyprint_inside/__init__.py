"""What is private to WeasyPrint, behind one wall: what of its inside we use, and what we change in it.

Its documented interface is used everywhere in `pdf`. What is here may be another in any release: so the range of its
versions has an end. The names below are taken as they are; `box_tree` reads and changes laid-out pages, `text_stream`
has streams tell texts; `our_documents` names all that is put in the place of something of theirs.
"""

from weasyprint.css import ComputedStyle
from weasyprint.draw import draw_background, draw_border, draw_line, draw_stacking_context, styled_color
from weasyprint.draw.text import draw_emojis, draw_first_line, draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.boxes import (
    Box,
    LineBox,
    MarginBox,
    PageBox,
    TableBox,
    TableCellBox,
    TableRowBox,
    TableRowGroupBox,
    TextBox,
)
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.matrix import Matrix
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream
from weasyprint.stacking import StackingContext
from weasyprint.text.ffi import FROM_UNITS, ffi, fontconfig, harfbuzz, pango
from weasyprint.text.fonts import font_features, get_pango_font_key
from weasyprint.text.line_break import Layout, get_log_attrs, line_size, split_first_line, strut
from weasyprint.urls import iri_to_uri

__all__ = (
    "FROM_UNITS",
    "Box",
    "ComputedStyle",
    "Font",
    "Layout",
    "LineBox",
    "MarginBox",
    "Matrix",
    "PageBox",
    "StackingContext",
    "Stream",
    "TableBox",
    "TableCellBox",
    "TableRowBox",
    "TableRowGroupBox",
    "TextBox",
    "boxes",
    "draw_background",
    "draw_border",
    "draw_emojis",
    "draw_first_line",
    "draw_line",
    "draw_stacking_context",
    "draw_text",
    "ffi",
    "font_features",
    "fontconfig",
    "get_log_attrs",
    "get_pango_font_key",
    "harfbuzz",
    "iri_to_uri",
    "layout_box_backgrounds",
    "line_size",
    "pango",
    "split_first_line",
    "strut",
    "styled_color",
)
