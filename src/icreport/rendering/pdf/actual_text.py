"""Texts whose glyphs do not say what they are: letters that are composed, reordered or taken apart by a font.

A glyph has one text in the whole document, so that those who copy, search or read such a text aloud need it beside its
glyphs, as its `/ActualText` (ISO 32000-1, 14.9.4).
"""

from __future__ import annotations

from unicodedata import bidirectional, category

_FIRST_MARK = "\u0300"
_MARKS = {"Mn", "Mc", "Me"}
_RIGHT_TO_LEFT = {"R", "AL"}
_TAKEN_APART = "\u0e33\u0eb3"
"""SARA AM of Thai and Lao: a mark over the letter before and a vowel after it."""
_JOINERS = "\u200c\u200d"
_JAMO = (("\u1100", "\u11ff"), ("\ua960", "\ua97f"), ("\ud7b0", "\ud7ff"))
"""Letters of Hangul, which are composed to syllables."""


def needs_actual_text(text: str) -> bool:
    """Return whether a text has letters that a font composes, reorders or takes apart.

    Not where it runs from right to left: readers turn round what they find, as they do with the text of glyphs.
    """
    if text.isascii():
        return False
    letters = {char for char in text if char >= _FIRST_MARK}
    return any(map(_is_shaped, letters)) and not any(bidirectional(char) in _RIGHT_TO_LEFT for char in letters)


def actual_text(text: str) -> str:
    """Return the start of a marked span that stands for a text, as an operator of a content stream."""
    return f"/Span<</ActualText<FEFF{text.encode('utf-16-be').hex()}>>>BDC"


def _is_shaped(char: str) -> bool:
    return (
        category(char) in _MARKS
        or char in _TAKEN_APART
        or char in _JOINERS
        or any(first <= char <= last for first, last in _JAMO)
    )
