"""Where the lines of a cell's text end: what Pango and WeasyPrint decide, for text of simple words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weasyprint.text.line_break import get_log_attrs

if TYPE_CHECKING:
    from icreport.rendering.painter.shaping import Face, Word

_LETTERS = str.maketrans(
    {chr(code): "a" for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))}
    | {chr(code): "a" for code in range(0xC0, 0x17F) if chr(code).isalpha()}
    | {str(digit): "0" for digit in range(10)}
)


class Opportunities:
    """Remembers where Pango allows a break: inside a word, and at the space between two."""

    def __init__(self, language: str | None) -> None:
        self._language = language
        self._inside: dict[str, tuple[int, ...]] = {}
        self._between: dict[tuple[str, str], bool] = {}

    def inside(self, word: str) -> tuple[int, ...]:
        """Give the indexes of characters before which a line may start, without 0."""
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


def break_lines(text: str, face: Face, opportunities: Opportunities, limit: int, *, anywhere: bool) -> list[Line] | None:
    """Break a text whose spaces are single, as greedily as Pango and WeasyPrint do.

    `limit` is the width of a line in Pango units; `anywhere` says that a word wider than a line breaks where it must.
    None where the text has something that only Pango can tell.
    """
    words = text.split(" ")
    shaped = []
    width = -face.space.width
    for word in words:
        found = face.word(word)
        if found is None:
            return None
        shaped.append(found)
        width += face.space.width + found.width
    if width <= limit:
        return [(face.space.glyphs.join([word.glyphs for word in shaped]), width)]
    return _break_words(words, shaped, face, opportunities, limit, anywhere=anywhere)


def _break_words(
    words: list[str], shaped: list[Word], face: Face, opportunities: Opportunities, limit: int, *, anywhere: bool
) -> list[Line] | None:
    lines: list[Line] = []
    last = len(words) - 1
    space = face.space
    index, offset = 0, 0
    while True:
        # The line starts in words[index], after `offset` characters of it.
        head = face.word(words[index][offset:]) if offset else shaped[index]
        if head is None:
            return None
        start, width = index, 0
        best: tuple[int, int, int] | None = None  # the word and character where the next line starts; the width
        while True:
            word, current = words[index], shaped[index]
            if index == start:
                current = head
            else:
                width += space.width
            skipped = offset if index == start else 0
            if not word.isalnum():
                for at in opportunities.inside(word):
                    if at <= skipped:
                        continue
                    piece = face.word(word[skipped:at])
                    if piece is None:
                        return None
                    reached = width + piece.width
                    if reached > limit:
                        break
                    best = (index, at, reached)
            width += current.width
            if width > limit:
                break
            if index == last:
                best = None
                break
            if opportunities.between(word, words[index + 1]):
                best = (index + 1, 0, width)
            index += 1
        if width <= limit:
            parts = [head.glyphs, *[word.glyphs for word in shaped[start + 1 :]]]
            lines.append((space.glyphs.join(parts), width))
            return lines
        if best is None:
            if not anywhere or index != start or head.advances is None:
                return None
            fits, reached = 0, 0
            for advance in head.advances:
                if reached + advance > limit:
                    break
                reached += advance
                fits += 1
            if not fits:
                return None
            end = face.word(words[start][offset : offset + fits])
            if end is None or end.width > limit:
                return None
            best = (start, offset + fits, end.width)
        index, cut, width = best
        parts = [head.glyphs, *[word.glyphs for word in shaped[start + 1 : index]]] if index > start else []
        if cut:
            parts.append(face.word(words[index][offset if index == start else 0 : cut]).glyphs)  # type: ignore[union-attr]
        lines.append((space.glyphs.join(parts), width))
        offset = cut
