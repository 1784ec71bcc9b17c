"""Words of one font and size as PDF glyph strings, with the widths that Pango gives them."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import uharfbuzz

from icreport.rendering.pdf.painter.scripts import FURTHER, LATIN, SIGNS, SIMPLE
from icreport.rendering.pdf.weasyprint_inside import FROM_UNITS, Layout, ffi, font_features, line_size, pango

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icreport.rendering.pdf.painter.resources import Resources
    from icreport.rendering.pdf.painter.scripts import Script
    from icreport.rendering.pdf.weasyprint_inside import ComputedStyle

REMEMBERED_WORDS = 20_000
PANGO_UNIT = 1024
"""Pango's units in a CSS pixel."""
# Letters without a script of their own take that of their neighbours: a font may treat them differently alone.
_UNSCRIPTED = "0123456789.,:;/-+()[]%&#@!?'\"*=<>_°±"
_FIGURES = "0123456789-.,:/"
"""What numbers, dates and the ends of identifiers are made of: most words of a report, and no two alike."""
_CALIBRATION = "AVATAR To. fi ffi Työ 0123456789 (12/34-56) ÄÖé, 7.5 % Wv"


class PangoNeededError(Exception):
    """The text has something that only Pango can tell."""


class Word(NamedTuple):
    """A shaped word: its advance in Pango units and what stands between < and > in a TJ array."""

    width: int
    glyphs: str
    advances: tuple[int, ...] | None
    """Advance of each character, None where glyphs and characters are not one to one."""
    script: str
    """The tag of its letters' script; none for a word of signs."""


class Face:
    """One font at one size with its features; shapes words once and remembers them."""

    def __init__(self, style: ComputedStyle, resources: Resources) -> None:
        self.style = style
        layout = Layout(style)
        layout.set_text("x")
        line, _ = layout.get_first_line()
        run = line.runs[0]
        self._extents = _extents(layout, line)
        self._pango_font = run.data.item.analysis.font
        self._keep_alive = layout
        self.font, self.size = resources.font(self._pango_font)
        self.resource = f"/{self.font.hash} {self.size:g} Tf"
        face = uharfbuzz.Face(self.font.file_content, self.font.index)
        self._hb_font = uharfbuzz.Font(face)
        scale = pango.pango_font_description_get_size(pango.pango_font_describe_with_absolute_size(self._pango_font))
        self._hb_font.scale = (scale, scale)
        if self.font.variations:
            self._hb_font.set_variations(self.font.variations)
        self._features = {
            key: int(value) if not isinstance(value, bool) else value
            for key, value in font_features(
                style["font_kerning"],
                style["font_variant_ligatures"],
                style["font_variant_position"],
                style["font_variant_caps"],
                style["font_variant_numeric"],
                style["font_variant_alternates"],
                style["font_variant_east_asian"],
                style["font_feature_settings"],
            ).items()
        }
        self._ink, self._logical = ffi.new("PangoRectangle *"), ffi.new("PangoRectangle *")
        self._cmap = frozenset(char for char in SIMPLE if self._hb_font.get_nominal_glyph(ord(char)))
        self._words: dict[str, Word] = {}
        self._latin = LATIN._replace(language=style["lang"] or LATIN.language)
        self._further: dict[Script, tuple[Script, frozenset[str]]] = {}
        """Scripts that were looked at, as they are shaped, and which characters of each are."""
        try:
            self.space = self._shape(" ", self._latin)
            self.exact = self._is_exact()
        except PangoNeededError:  # a font without a space
            self.exact = False
        self._figures = self._independent(_FIGURES) if self.exact else ""

    def word(self, text: str) -> Word:
        """Return the shaped word.

        Raises `PangoNeededError` where a character is not simple or not in the font.
        """
        shaped = self._words.get(text)
        if shaped is None:
            shaped = self._joined(text) or self._shape(text, self._script_of(text))
            if len(self._words) >= REMEMBERED_WORDS:
                self._words.clear()
            self._words[text] = shaped
        return shaped

    def _joined(self, text: str) -> Word | None:
        """Return a word that ends in several figures, made of its start up to the first of them and each other one."""
        start = len(text.rstrip(self._figures)) + 1
        if start >= len(text):
            return None
        parts = [self.word(text[:start]), *map(self.word, text[start:])]
        advances = [part.advances for part in parts]
        return Word(
            sum([part.width for part in parts]),
            "".join([part.glyphs for part in parts]),
            None if None in advances else tuple(chain.from_iterable(filter(None, advances))),
            parts[0].script,
        )

    def _script_of(self, text: str) -> Script:
        if self._cmap.issuperset(text):
            return self._latin
        for script in FURTHER:
            if not script.letters.isdisjoint(text):
                if script not in self._further:
                    self._further[script] = self._learn(script)
                known, characters = self._further[script]
                if characters.issuperset(text):
                    return known
        raise PangoNeededError

    def _learn(self, script: Script) -> tuple[Script, frozenset[str]]:
        """Return a script in the language that Pango takes its text for, and the characters that are shaped in it."""
        letters = sorted(char for char in script.letters if self._hb_font.get_nominal_glyph(ord(char)))
        signs = sorted(SIGNS & self._cmap)
        pairs = "".join(first + second for first in signs for second in signs)
        for language in (self._latin.language, script.language):
            own = script._replace(language=language)
            if (
                self._is_as_pango_has_it("".join(letters) + " ".join(letters), own)
                and self._glyphs(pairs, own) == self._glyphs(pairs, self._latin)
                and self._stand_alone(letters, own)
            ):
                return own, frozenset(letters).union(signs)
        return script, frozenset()

    def _is_exact(self) -> bool:
        """Whether words shaped here, joined by spaces, are as wide as Pango's line of the same text."""
        if self.font.bitmap or self.font.png or self.font.svg or self.font.colr:
            return False
        if self.style["letter_spacing"] != "normal" or self.style["word_spacing"]:
            return False
        pairs = "".join(first + second for first in _UNSCRIPTED for second in _UNSCRIPTED)
        if self._glyphs(pairs, self._latin) != self._glyphs(pairs, self._latin._replace(tag="Zyyy")):
            return False
        if not self._stand_alone(self._cmap, self._latin):
            return False
        for text in (_CALIBRATION, pairs):
            layout = Layout(self.style)
            layout.set_text(text)
            line, _ = layout.get_first_line()
            width, _ = line_size(line, self.style)
            parts = [sum(self._glyphs(part, self._latin)[1]) for part in re.split("( )", text)]
            if round(width * PANGO_UNIT) != sum(parts):
                return False
        return True

    def _independent(self, characters: str) -> str:
        """Return those of some characters whose glyphs and advances are the same whichever of them are beside them."""
        text = "".join(first + second for first in characters for second in characters)
        alone = {char: list(zip(*self._glyphs(char, self._latin), strict=True)) for char in characters}
        shaped = list(zip(*self._glyphs(text, self._latin), strict=True))
        if len(shaped) != len(text):
            return ""
        changed = {char for char, glyph in zip(text, shaped, strict=True) if alone[char] != [glyph]}
        return "".join(char for char in characters if char not in changed)

    def _stand_alone(self, characters: Iterable[str], script: Script) -> bool:
        """Whether characters are as wide beside a space as without it."""
        return all(
            sum(self._glyphs(f"{char} {char}", script)[1]) == 2 * sum(self._glyphs(char, script)[1]) + self.space.width
            for char in characters
        )

    def _is_as_pango_has_it(self, text: str, script: Script) -> bool:
        """Whether Pango gives a text the same glyphs in a line as high as others."""
        layout = Layout(self.style)
        layout.set_text(text)
        line, _ = layout.get_first_line()
        run = line.runs[0]
        if run.next != ffi.NULL or run.data.item.analysis.font != self._pango_font:
            return False
        string = run.data.glyphs
        found = [(info.glyph, info.geometry.width) for info in string.glyphs[0 : string.num_glyphs]]
        own = list(zip(*self._glyphs(text, script), strict=True))
        return found == own and _extents(layout, line) == self._extents

    def _glyphs(self, text: str, script: Script) -> tuple[list[int], list[int]]:
        buffer = self._buffer(text, script)
        return [info.codepoint for info in buffer.glyph_infos], [pos.x_advance for pos in buffer.glyph_positions]

    def _buffer(self, text: str, script: Script) -> uharfbuzz.Buffer:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.direction = "ltr"
        buffer.script = script.tag
        buffer.language = script.language
        uharfbuzz.shape(self._hb_font, buffer, self._features)
        return buffer

    def _shape(self, text: str, script: Script) -> Word:
        buffer = self._buffer(text, script)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        widths, to_unicode = self.font.widths, self.font.to_unicode
        parts: list[str] = []
        advances: list[int] = []
        for index, (info, position) in enumerate(zip(infos, positions, strict=True)):
            glyph, advance = info.codepoint, position.x_advance
            if not glyph or position.x_offset or position.y_offset:
                raise PangoNeededError
            if glyph not in to_unicode:
                end = infos[index + 1].cluster if index + 1 < len(infos) else len(text)
                to_unicode[glyph] = text[info.cluster : end]
            width = widths.get(glyph)
            if width is None:
                width = widths[glyph] = self._logical_width(glyph)
            parts.append(f"{glyph:04x}")
            # WeasyPrint truncates as well: the same roundings put every glyph at the same place.
            if kerning := int(width - advance * 1000 * FROM_UNITS / self.size):
                parts.append(f">{kerning}<")
            advances.append(advance)
        one_to_one = len(infos) == len(text) and all(info.cluster == i for i, info in enumerate(infos))
        own = "" if SIGNS.issuperset(text) else script.tag
        return Word(sum(advances), "".join(parts), tuple(advances) if one_to_one else None, own)

    def _logical_width(self, glyph: int) -> int:
        pango.pango_font_get_glyph_extents(self._pango_font, glyph, self._ink, self._logical)
        width: int = round(self._logical.width * 1000 * FROM_UNITS / self.size)
        return width


def _extents(layout: Layout, line: object) -> tuple[float, int]:
    """Return the height of the first line of a layout, and where its baseline is."""
    return line_size(line, layout.style)[1], pango.pango_layout_get_baseline(layout.layout)
