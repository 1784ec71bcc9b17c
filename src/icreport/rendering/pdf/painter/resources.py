"""What the contents of painted pages name: fonts, and what WeasyPrint's own drawing adds."""

from __future__ import annotations

from dataclasses import dataclass, field

from icreport.rendering.pdf.weasyprint_inside import Font, Stream, get_pango_font_key
from icreport.rendering.pdf.weasyprint_inside.text_stream import add_resources, tell_text

KINDS = ("ExtGState", "XObject", "Pattern", "Shading")


@dataclass(slots=True)
class Resources:
    """The fonts of the document that the painted pages join, and the named things of one table's pages."""

    fonts: dict[object, Font]
    named: dict[str, dict[str, object]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    images: dict[str, object] = field(default_factory=dict)

    def font(self, pango_font: object) -> tuple[Font, float]:
        """Return the document's font for a font of Pango, and its size in CSS pixels; as WeasyPrint's streams do."""
        key, description, size = get_pango_font_key(pango_font)
        if key not in self.fonts:
            self.fonts[key] = Font(pango_font, description, size)
        return self.fonts[key], size

    def stream(self) -> Stream:
        """Return an empty content stream that names its things here."""
        return tell_text(Stream(self.fonts, None, self.named, self.images, None, {}, None))

    def share(self, stream: Stream) -> None:
        """Let the page of a stream know what is named here."""
        add_resources(stream, self.named, self.images)


def text_of(stream: Stream, *, start: int = 0) -> str:
    """Return the operators of a stream as text, without the first `start` ones."""
    return " ".join(part.decode() if isinstance(part, bytes) else str(part) for part in stream.stream[start:])
