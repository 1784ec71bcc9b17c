"""The fonts of the document that the painted pages join."""

from __future__ import annotations

from typing import Any

from weasyprint.pdf.fonts import Font
from weasyprint.text.fonts import get_pango_font_key


def add_font(pango_font: Any, fonts: dict[Any, Font]) -> tuple[Font, float]:
    """Give the document's font for a font of Pango, and its size in CSS pixels; as WeasyPrint's streams do."""
    key, description, size = get_pango_font_key(pango_font)
    if key not in fonts:
        fonts[key] = Font(pango_font, description, size)
    return fonts[key], size
