"""Where the lines of a cell's text end: what Pango and WeasyPrint decide, for text of simple words."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from icreport.rendering.pdf.painter.scripts import FURTHER, LATIN
from icreport.rendering.pdf.painter.shaping import PangoNeededError
from icreport.rendering.pdf.weasyprint_inside import get_log_attrs

if TYPE_CHECKING:
    from icreport.rendering.pdf.painter.shaping import Face, Word

_LETTERS = str.maketrans(
    dict.fromkeys(chain(LATIN.letters, *[script.letters for script in FURTHER]), "a") | dict.fromkeys("0123456789", "0")
)
"""Letters and figures, each of which breaks lines as all others of its kind."""


class Opportunities:
    """Remembers where Pango allows a break: inside a word, and at the space between two."""

    def __init__(self, language: str | None) -> None:
        self._language = language
        self._inside: dict[str, tuple[int, ...]] = {}
        self._between: dict[tuple[str, str], bool] = {}

    def inside(self, word: str) -> tuple[int, ...]:
        """Return the indexes of characters before which a line may start, without 0."""
        if word.isalnum():
            return ()
        shape = word.translate(_LETTERS)
        try:
            return self._inside[shape]
        except KeyError:
            attributes = get_log_attrs(f"a {shape} a", self._language)
            found = self._inside[shape] = tuple(i for i in range(1, len(shape)) if attributes[i + 2].is_line_break)
            return found

    def between(self, left: str, right: str) -> bool:
        """Whether a line may end after one word and start with the next."""
        if left[-1].isalnum() and right[0].isalnum():
            return True
        key = (left[-2:].translate(_LETTERS), right[:2].translate(_LETTERS))
        try:
            return self._between[key]
        except KeyError:
            attributes = get_log_attrs(f"a {key[0]} {key[1]} a", self._language)
            found = self._between[key] = bool(attributes[len(key[0]) + 3].is_line_break)
            return found


Line = tuple[str, int]
"""The glyphs of a line and its width in Pango units."""


class Breaker:
    """Breaks texts of one face into lines of one width, as greedily as Pango and WeasyPrint do.

    `limit` is the width of a line in Pango units; `anywhere` says that a word wider than a line breaks where it must.
    """

    def __init__(self, face: Face, opportunities: Opportunities, limit: int, *, anywhere: bool) -> None:
        self._face = face
        self._opportunities = opportunities
        self._limit = limit
        self._anywhere = anywhere

    def lines(self, text: str) -> list[Line]:
        """Break a text whose spaces are single.

        Raises `PangoNeededError` where it has to be laid out by Pango.
        """
        face = self._face
        space = face.space
        words = text.split(" ")
        shaped = [face.word(word) for word in words]
        if not text.isascii() and len({word.script for word in shaped} - {""}) > 1:
            # Signs between letters of two scripts belong to one of them.
            raise PangoNeededError
        width = space.width * (len(words) - 1)
        for word in shaped:
            width += word.width
        if width <= self._limit:
            return [(space.glyphs.join([word.glyphs for word in shaped]), width)]
        lines: list[Line] = []
        start, offset = 0, 0
        while start < len(words):
            # The line starts in words[start], after `offset` characters of it.
            head = face.word(words[start][offset:]) if offset else shaped[start]
            end, cut, width = self._end(words, shaped, head, start, offset)
            parts = [head.glyphs, *[word.glyphs for word in shaped[start + 1 : end]]] if end > start else []
            if cut:
                parts.append(face.word(words[end][offset if end == start else 0 : cut]).glyphs)
            lines.append((space.glyphs.join(parts), width))
            start, offset = end, cut
        return lines

    def _end(self, words: list[str], shaped: list[Word], head: Word, start: int, offset: int) -> tuple[int, int, int]:
        """Return the word where the line ends, how many characters of it are on the line, and the line's width."""
        best: tuple[int, int, int] | None = None
        width = 0
        for index in range(start, len(words)):
            word = words[index]
            if index > start:
                width += self._face.space.width
            if not word.isalnum():
                skipped = offset if index == start else 0
                best = self._inside(word, index, skipped, width) or best
            width += head.width if index == start else shaped[index].width
            if width > self._limit:
                break
            if index + 1 == len(words):
                return index + 1, 0, width
            if self._opportunities.between(word, words[index + 1]):
                best = (index + 1, 0, width)
        if best is not None:
            return best
        if not self._anywhere or index != start:
            raise PangoNeededError
        return self._anywhere_inside(words[start], head, start, offset)

    def _inside(self, word: str, index: int, skipped: int, width: int) -> tuple[int, int, int] | None:
        """Return the last place inside a word where the line may end and still fits."""
        best = None
        # What is left of a word that was cut is a text of its own to WeasyPrint.
        rest = word[skipped:]
        for at in self._opportunities.inside(rest):
            reached = width + self._face.word(rest[:at]).width
            if reached > self._limit:
                break
            best = (index, skipped + at, reached)
        return best

    def _anywhere_inside(self, word: str, head: Word, start: int, offset: int) -> tuple[int, int, int]:
        """Cut a word that is wider than the line after the last character that fits."""
        if head.advances is None:
            raise PangoNeededError
        fits, reached = 0, 0
        for advance in head.advances:
            if reached + advance > self._limit:
                break
            reached += advance
            fits += 1
        if not fits:
            raise PangoNeededError
        width = self._face.word(word[offset : offset + fits]).width
        if width > self._limit:
            raise PangoNeededError
        return start, offset + fits, width
