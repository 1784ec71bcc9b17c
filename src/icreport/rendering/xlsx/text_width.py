"""How wide texts are and how many lines they take, many at a time; widths are in digits of the standard font.

Widths are estimates, so the first bytes of characters in UTF-8 are enough to tell which of them are wide: counting
bytes takes a fraction of the time of looking at characters.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from icreport.rendering.xml_text import with_line_feeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def _all_but(counted: Iterable[int]) -> bytes:
    return bytes(set(range(256)) - {*counted, *b"\n"})


# Letters of Calibri that are narrower or wider than its digits.
_NOT_SLIM, _NOT_BROAD = _all_but(b" !'(),./:;I[]fijlrt|"), _all_but(b"%&@ABCDGHKMNOQRUVWXmw")
# Without their first bytes, characters that UTF-8 writes in two (Greek, Cyrillic) leave one, and those of three (most
# of them East Asian, two digits wide) leave two. That is one too many for those of three bytes before U+3000, those of
# four, and marks over the letter before (U+0300 to U+033F).
_FIRST_BYTES = bytes(range(0xC0, 0x100))
_TOO_WIDE = b"\xcc\xe0\xe1\xe2\xf0"
_NOT_TOO_WIDE = _all_but(_TOO_WIDE)
_HALF_A_WORD = 3


def line_widths(lines: Sequence[str]) -> list[int]:
    """Return the widths of lines; East Asian wide characters count two."""
    whole = "\n".join(lines)
    if whole.isascii():
        return list(map(len, lines))
    data = whole.encode("utf-8", "surrogatepass")
    widths = _counts(data, _FIRST_BYTES)
    if any(byte in data for byte in _TOO_WIDE):
        widths = map(int.__sub__, widths, _counts(data, _NOT_TOO_WIDE))
    return list(widths)


def width_of(text: str) -> int:
    """Return the width of the widest line of a text."""
    return max(line_widths(text.split("\n")))


def line_counts(texts: Sequence[str], width: float) -> list[int]:
    """Return how many lines each text takes, wrapped in a column so wide."""
    whole = "\n".join(texts)
    if whole.count("\n") == len(texts) - 1 and "\r" not in whole:
        return _wrapped(texts, width)
    parts = [with_line_feeds(text)[0].split("\n") for text in texts]
    counts = iter(_wrapped(list(chain.from_iterable(parts)), width))
    return [sum(islice(counts, len(lines))) for lines in parts]


def line_count(text: str, width: float) -> int:
    """Return how many lines a text takes, wrapped in a column so wide."""
    return line_counts([text], width)[0]


def _wrapped(lines: Sequence[str], width: float) -> list[int]:
    """Return how many lines each line takes."""
    widths = line_widths(lines)
    if max(widths, default=0) <= width:
        return [1] * len(lines)
    data = "\n".join([line for line, wide in zip(lines, widths, strict=True) if wide > width])
    encoded = data.encode("utf-8", "surrogatepass")
    counts = zip(_counts(encoded, _NOT_SLIM), _counts(encoded, _NOT_BROAD), strict=True)
    # Of each wrapped line about half a word stays empty.
    room = max(width - _HALF_A_WORD, 1)
    found = []
    for wide in widths:
        if wide <= width:
            found.append(1)
        else:
            slim, broad = next(counts)
            prose = wide - 0.45 * slim + 0.3 * broad
            found.append(1 if prose <= width else -int(-prose // room))
    return found


def _counts(data: bytes, others: bytes) -> map[int]:
    """Count in each line the bytes that are none of `others`."""
    return map(len, data.translate(None, others).split(b"\n"))
