"""How the codes of a page's text lead to glyphs: by the same encoding in every font of a document.

WeasyPrint writes a CMap of its own for a font in which characters are missing, to show the font's sign for them.
Programs that read text (pypdf, pdfminer.six) know no CMaps but those of Adobe, and read nothing that makes sense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydyf

from icreport.rendering.pdf.tag_tree import object_number

if TYPE_CHECKING:
    from weasyprint import Document

    from icreport.rendering.pdf.weasyprint_inside import Font


def encode_plainly(document: Document, pdf: pydyf.PDF) -> None:
    """Set the encoding of fonts with missing characters to that of the others (ISO 32000-1, 9.7.5.2: Identity-H).

    The codes of missing characters lead to the sign for them (glyph 0) by the map from codes to glyphs (9.7.4.2), which
    fonts of the kind CIDFontType2 have; in others, codes that no glyph has lead there by themselves (9.7.6.3).
    """
    for entry in pdf.objects:
        if not _is_composite(entry) or entry["Encoding"] == "/Identity-H":
            continue
        stream = pdf.objects[object_number(entry["Encoding"])]
        stream.extra.clear()
        stream.stream = [_glyphs([font for font in document.fonts.values() if font.name == entry["BaseFont"]])]
        entry["Encoding"] = "/Identity-H"
        descendant = pdf.objects[object_number(entry["DescendantFonts"][0])]
        if descendant["Subtype"] == "/CIDFontType2":
            descendant["CIDToGIDMap"] = stream.reference


def _is_composite(item: object) -> bool:
    return isinstance(item, pydyf.Dictionary) and item.get("Type") == "/Font" and item.get("Subtype") == "/Type0"


def _glyphs(fonts: list[Font]) -> bytes:
    """Return the glyph of each code, two bytes each."""
    codes = {code for font in fonts for code in font.to_unicode}
    missing = {code for font in fonts for code in font.missing.values()}
    aliases = {code: glyph for font in fonts for code, glyph in font.to_unicode.aliases.items()}
    glyphs = bytearray(2 * (max(codes) + 1))
    for code in codes - missing:
        glyphs[2 * code : 2 * code + 2] = code.to_bytes(2, "big")
    for code, glyph in aliases.items():
        glyphs[2 * code : 2 * code + 2] = glyph.to_bytes(2, "big")
    return bytes(glyphs)
