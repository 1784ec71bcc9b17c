"""Codes of glyphs that are shaped together, such that their texts, one after the other, are the text of the report.

A glyph has one text, that of its code (ISO 32000-1, 9.10.3). Where a letter is drawn before the one that it follows, or
is drawn as several glyphs, these get codes of their own, which stand for the letters in the order of the text: so
programs read it that know nothing of `/ActualText`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from icreport.rendering.pdf.weasyprint_inside import ffi, pango

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.rendering.pdf.weasyprint_inside import Font, Layout, Stream

_CODES = re.compile(rb"<([0-9a-f]+)>")
_DIGITS = 4
_MOST_CODES = 0xFFFF


class _Glyph(NamedTuple):
    """A glyph of a line in the order in which it is drawn, and its part of the text; None where it has its own."""

    font: Font
    number: int
    text: str | None


def give_codes(stream: Stream, layout: Layout, start: int) -> None:
    """Give the glyphs of a line their codes, in the operators that a stream has for it from `start` on."""
    glyphs = list(_glyphs(stream, layout))
    shown = [
        at for at, part in enumerate(stream.stream[start:], start) if isinstance(part, bytes) and part.endswith(b"] TJ")
    ]
    count = sum(len(codes) // _DIGITS for at in shown for codes in _CODES.findall(stream.stream[at]))
    if count != len(glyphs) or all(glyph.text is None for glyph in glyphs):
        return
    waiting = iter(glyphs)

    def coded(match: re.Match[bytes]) -> bytes:
        codes = match[1]
        return b"<%b>" % b"".join(
            _code(next(waiting), codes[at : at + _DIGITS]) for at in range(0, len(codes), _DIGITS)
        )

    for at in shown:
        stream.stream[at] = _CODES.sub(coded, stream.stream[at])


def _code(glyph: _Glyph, drawn: bytes) -> bytes:
    font = glyph.font
    if glyph.text is None or font.glyph_count + len(font.missing) >= _MOST_CODES:
        return drawn
    return b"%04x" % font.to_unicode.code(font, glyph.number, glyph.text)


def _glyphs(stream: Stream, layout: Layout) -> Iterator[_Glyph]:
    data = layout.text.encode()
    line, _ = layout.get_first_line()
    run = line.runs[0]
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        font, _ = stream.add_font(item.analysis.font)
        numbers = [info.glyph for info in glyphs.glyphs[0 : glyphs.num_glyphs]]
        starts = list(glyphs.log_clusters[0 : glyphs.num_glyphs])
        text = data[item.offset : item.offset + item.length]
        for part, own in zip(numbers, _texts(numbers, starts, text, font), strict=True):
            if part != pango.PANGO_GLYPH_EMPTY:
                yield _Glyph(font, part, own)
        run = run.next


def _texts(numbers: list[int], starts: list[int], data: bytes, font: Font) -> list[str | None]:
    """Return the part of the text that each glyph of a run stands for."""
    texts: list[str | None] = []
    # Only fonts with TrueType outlines have a map from codes to glyphs; those of pictures have one picture a glyph.
    plain = font.type == "ttf" and not (font.bitmap or font.png or font.svg or font.colr)
    at = 0
    while at < len(starts):
        end = next((other for other in range(at, len(starts)) if starts[other] != starts[at]), len(starts))
        text = data[starts[at] : starts[end] if end < len(starts) else len(data)].decode()
        count = end - at
        drawn = all(0 <= number < font.glyph_count for number in numbers[at:end])
        if not plain or not drawn or (count == 1 and len(text) == 1):
            texts += [None] * count
        else:
            texts += [*text[: count - 1], text[count - 1 :], *[""] * (count - 1 - len(text))][:count]
        at = end
    return texts
