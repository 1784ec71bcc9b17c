"""In which direction a text runs: that of its first letter (Unicode Standard Annex #9, rules P2 and P3)."""

from __future__ import annotations

import re
from typing import Literal
from unicodedata import bidirectional

Direction = Literal["ltr", "rtl"]

# Blocks with letters of Hebrew, Arabic and the like; what among them is no letter is told by its class.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ISOLATED = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_ONE_WAY = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*|[0-9]+|\s*")
"""What looks the same whatever the direction around it is, however it is broken into lines."""
_RIGHT_TO_LEFT_KINDS = frozenset(("R", "AL"))
_ORDERED_KINDS = _RIGHT_TO_LEFT_KINDS | {"NSM", "WS", "B", "S"}
"""What readers of a PDF put in order alike: letters, their marks and blanks."""
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def may_run_right_to_left(text: str) -> bool:
    """Return whether a text may have letters that run from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def direction_of(text: str) -> Direction:
    """Return the direction of a paragraph; of one without letters from left to right."""
    if not may_run_right_to_left(text):
        return "ltr"
    for char in _ISOLATED.sub("", text):
        kind = bidirectional(char)
        if kind in _RIGHT_TO_LEFT_KINDS:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def own_direction(text: str, around: Direction) -> Direction | None:
    """Return the direction of a paragraph where it is another than the one around it and matters, else None."""
    if around == "ltr" and not may_run_right_to_left(text):
        return None
    direction = direction_of(text)
    return None if direction == around or _ONE_WAY.fullmatch(text) else direction


def is_mixed(text: str) -> bool:
    """Return whether a text has letters from right to left beside what is no such letter: figures, signs, Latin."""
    if not may_run_right_to_left(text):
        return False
    kinds = set(map(bidirectional, text))
    return not kinds.isdisjoint(_RIGHT_TO_LEFT_KINDS) and not kinds <= _ORDERED_KINDS


def isolated(text: str, around: Direction) -> str:
    """Return a text whose parts stay in their order in a line of another direction, by characters that show nothing."""
    return text if own_direction(text, around) is None else f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"


def enclosed(text: str) -> str:
    """Return a text that changes the direction of nothing after it in its line, whatever marks it has."""
    is_plain = text.isascii() or not (may_run_right_to_left(text) or _TURNS.search(text))
    return text if is_plain else f"{_FIRST_STRONG_ISOLATE}{_ISOLATES.sub('', text)}{_POP_ISOLATE}"
