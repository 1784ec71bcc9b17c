"""Characters that one run of a font shapes from left to right, without a rule that looks further than its word."""

from __future__ import annotations

from typing import NamedTuple


class Script(NamedTuple):
    """Letters of one script."""

    tag: str
    language: str
    """What Pango takes such text for where the language of the page is written in another script."""
    letters: frozenset[str]


def _letters(*ranges: tuple[int, int]) -> frozenset[str]:
    """Return the letters in ranges of code points, the last one among them."""
    return frozenset(char for first, last in ranges for char in map(chr, range(first, last + 1)) if char.isalpha())


SIGNS = frozenset(char for char in map(chr, range(0x21, 0x7F)) if not char.isalpha()) | set(
    "§°±²³µ·\u00d7÷£¥€\u2013—\u2018\u2019“”„«»…•№≤≥≈"
)
"""Characters without a script, which take that of their neighbours."""
LATIN = Script("Latn", "en", _letters((0x41, 0x7A), (0xC0, 0x17E)) - {"ŉ"})
FURTHER = (
    Script("Latn", "en", LATIN.letters | _letters((0x180, 0x24F), (0x1E00, 0x1EFF))),
    Script("Grek", "el", _letters((0x386, 0x3CE))),
    Script("Cyrl", "ru", _letters((0x400, 0x481), (0x48A, 0x52F))),
)
"""Scripts that are looked at when a text has them."""
SIMPLE = SIGNS | LATIN.letters
