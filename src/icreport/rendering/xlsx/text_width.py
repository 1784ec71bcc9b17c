"""How wide texts are and how many lines they take, many at a time; widths are in digits of the standard font.

Widths are estimates, so the first bytes of characters in UTF-8 are enough to tell which of them are wide: counting
bytes takes a fraction of the time of looking at characters.
"""

from __future__ import annotations

from itertools import chain, islice
from math import ceil
from typing import TYPE_CHECKING

from icreport.rendering.xlsx.xml_text import with_line_feeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def _all_but(counted: Iterable[int]) -> bytes:
    return bytes(set(range(256)) - {*counted, *b"\n"})


# Letters of Calibri that are narrower or wider than its digits.
_NOT_SLIM, _NOT_BROAD = _all_but(b" !'(),./:;I[]fijlrt|"), _all_but(b"%&@ABCDGHKMNOQRUVWXmw")
# Characters from U+3000 to U+DFFF and from U+F000 on: East Asian scripts and symbols, two digits wide.
_NOT_WIDE = _all_but([*range(0xE3, 0xEE), *range(0xEF, 0xF5)])
# A character starts with a byte that does not continue another; those with 0xCC are marks over the letter before.
_NOT_START = _all_but({*range(0x80), *range(0xC0, 0x100)} - {0xCC})
_HALF_A_WORD = 3


def line_widths(lines: Sequence[str]) -> list[int]:
    """Return the widths of lines; East Asian wide characters count two."""
    return _line_widths("\n".join(lines)) if lines else []


def width_of(text: str) -> int:
    """Return the width of the widest line of a text."""
    return max(_line_widths(text))


def line_counts(texts: Sequence[str], width: float) -> list[int]:
    """Return how many lines each text takes, wrapped in a column so wide."""
    whole = "\n".join(texts)
    if whole.count("\n") == len(texts) - 1 and "\r" not in whole:
        return _wrapped(whole, width)
    lines = [with_line_feeds(text)[0].split("\n") for text in texts]
    counts = iter(_wrapped("\n".join(chain.from_iterable(lines)), width))
    return [sum(islice(counts, len(these))) for these in lines]


def line_count(text: str, width: float) -> int:
    """Return how many lines a text takes, wrapped in a column so wide."""
    return line_counts([text], width)[0]


def _line_widths(whole: str) -> list[int]:
    if whole.isascii():
        return list(map(len, whole.split("\n")))
    data = whole.encode("utf-8", "surrogatepass")
    return [*map(int.__add__, _counts(data, _NOT_START), _counts(data, _NOT_WIDE))]


def _wrapped(whole: str, width: float) -> list[int]:
    """Return how many lines each line takes."""
    widths = _line_widths(whole)
    if max(widths) <= width:
        return [1] * len(widths)
    data = whole.encode("utf-8", "surrogatepass")
    counts = zip(widths, _counts(data, _NOT_SLIM), _counts(data, _NOT_BROAD), strict=True)
    # Of each wrapped line about half a word stays empty.
    room = max(width - _HALF_A_WORD, 1)
    return [
        1 if wide <= width or (prose := wide - 0.45 * slim + 0.3 * broad) <= width else ceil(prose / room)
        for wide, slim, broad in counts
    ]


def _counts(data: bytes, others: bytes) -> map[int]:
    """Count in each line the bytes that are none of `others`."""
    return map(len, data.translate(None, others).split(b"\n"))
