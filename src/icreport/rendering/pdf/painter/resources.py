"""What drawn and painted pages name: fonts, and what WeasyPrint's own drawing adds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pydyf

from icreport.rendering.pdf.glyph_text import Fonts
from icreport.rendering.pdf.weasyprint_inside import Font, Stream, get_pango_font_key
from icreport.rendering.pdf.weasyprint_inside.text_stream import named_in, tell_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from weasyprint import Page

KINDS = ("ExtGState", "XObject", "Pattern", "Shading")
Rectangle = tuple[float, float, float, float]


class _ColourSpaces(pydyf.Object):
    """Stands for the colour spaces of a document, whose number is known when it is written."""

    data = b"null"


def _nothing() -> pydyf.Dictionary:
    return pydyf.Dictionary({**{kind: pydyf.Dictionary() for kind in KINDS}, "ColorSpace": _ColourSpaces()})


@dataclass(slots=True)
class Resources:
    """The fonts and the named things of the pages of a document that are drawn before it is written."""

    fonts: dict[object, Font] = field(default_factory=Fonts)
    _named: pydyf.Dictionary = field(default_factory=_nothing)
    _images: dict[str, object] = field(default_factory=dict)

    def font(self, pango_font: object) -> tuple[Font, float]:
        """Return the document's font for a font of Pango, and its size in CSS pixels; as WeasyPrint's streams do."""
        key, description, size = get_pango_font_key(pango_font)
        if key not in self.fonts:
            self.fonts[key] = Font(pango_font, description, size)
        return self.fonts[key], size

    def stream(self, rectangle: Rectangle | None = None) -> Stream:
        """Return an empty content stream that names its things here; that of a page says which rectangle it is."""
        return tell_text(Stream(self.fonts, rectangle, self._named, self._images, None, {}, None))

    def form(self, draw: Callable[[Stream], None], area: Rectangle) -> str:
        """Draw something within an area; return the operator that repeats it, empty where nothing was drawn.

        It is a form (ISO 32000-1, 8.10) without tags.
        """
        stream = self.stream().add_group(*area)
        draw(stream)
        if not stream.stream:
            del self._named["XObject"][stream.id]
            return ""
        del stream.extra["Group"]
        stream.compress = True
        return f"/{stream.id} Do"

    def join(self, page: Page) -> None:
        """Let a document know what is named here as soon as its first page is painted, and name further things there.

        Things are named by their number, so that two who name them would give the same names.
        """
        paint = page.paint

        def joined(stream: Stream, scale: float = 1) -> None:
            named, images = named_in(stream)
            self._named["ColorSpace"].data = named["ColorSpace"]
            for kind in KINDS:
                named[kind].update(self._named[kind])
            images.update(self._images)
            self._named, self._images = named, images
            paint(stream, scale)

        page.paint = joined


def text_of(stream: Stream, *, start: int = 0) -> str:
    """Return the operators of a stream as text, without the first `start` ones."""
    return " ".join(part.decode() if isinstance(part, bytes) else str(part) for part in stream.stream[start:])
