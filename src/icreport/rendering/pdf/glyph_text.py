"""The fonts of a document, and the text that each of their glyphs stands for when somebody copies or searches it.

WeasyPrint takes for a glyph the text where it is drawn first. That is another text later where it was part of a cluster
(a letter with a mark) or mirrored (a bracket in Arabic).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from unicodedata import mirrored

if TYPE_CHECKING:
    from uharfbuzz import Font as Shaper

    from icreport.rendering.pdf.weasyprint_inside import Font


class Fonts(dict[object, "Font"]):
    """The fonts of one document, by what Pango calls them."""

    def __setitem__(self, key: object, font: Font) -> None:
        """Add a font, which was not used yet."""
        font.to_unicode = Texts(font)
        super().__setitem__(key, font)


class Texts(dict[int, str]):
    """The text of each glyph: the character that it is of, or another text where it always stands for the same one.

    Until that is known, a glyph counts as missing, so that whoever draws it says again what it stands for.
    """

    def __init__(self, font: Font) -> None:
        super().__init__()
        self._data, self._index = font.file_content, font.index
        self.aliases: dict[int, int] = {}
        """Codes beside that of a glyph, by which it stands for another text than its own."""
        self._codes: dict[tuple[int, str], int] = {}
        self._known: set[int] = set()
        self._silent: int | None = None
        self._silent_before: dict[int, int] = {}
        """Glyphs without a text of their own, by the next glyph, which has that of the whole cluster."""

    def __contains__(self, glyph: object) -> bool:
        return glyph in self._known

    def __setitem__(self, glyph: int, text: str) -> None:
        found = self.get(glyph)
        if len(text) == 1 and (not mirrored(text) or self._shaper.get_nominal_glyph(ord(text)) == glyph):
            self._know(glyph, text)
        elif found is None:
            super().__setitem__(glyph, text)
            if text and self._silent is not None:
                self._silent_before[glyph] = self._silent
            self._silent = None if text else glyph
        elif found != text:
            # It stands for several texts: its own character is what they have in common.
            self._know(glyph, self._characters.get(glyph, found))

    def code(self, font: Font, glyph: int, text: str) -> int:
        """Return the code by which a glyph of the font stands for a text, a new one where it is not its own."""
        if len(text) == 1 and self._shaper.get_nominal_glyph(ord(text)) == glyph:
            self._know(glyph, text)
            return glyph
        known = self._codes.get((glyph, text))
        if known is None:
            known = self._codes[glyph, text] = font.get_unused_glyph_id((glyph, text))
            self.aliases[known] = glyph
            font.widths[known] = font.widths[glyph]
            self._know(known, text)
        return known

    def _know(self, glyph: int, text: str) -> None:
        if (silent := self._silent_before.pop(glyph, None)) is not None:
            super().__setitem__(silent, self[glyph].replace(text, "", 1))
        super().__setitem__(glyph, text)
        self._known.add(glyph)

    @cached_property
    def _shaper(self) -> Shaper:
        import uharfbuzz  # not all documents need it

        return uharfbuzz.Font(uharfbuzz.Face(self._data, self._index))

    @cached_property
    def _characters(self) -> dict[int, str]:
        """The character of each glyph, the first one if it is of several."""
        found: dict[int, str] = {}
        for code in sorted(self._shaper.face.unicodes):
            found.setdefault(self._shaper.get_nominal_glyph(code), chr(code))
        return found
