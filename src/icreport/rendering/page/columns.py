"""How the values of each column look, decided from a sample."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import category, east_asian_width

from icreport.dates import iso_date
from icreport.values import shown_texts, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icreport.rendering.grid import Grid


_CLASSES = {
    "good": "pass passed ok closed accepted acceptable complete completed good",
    "fair": "open monitor monitored minor medium moderate pending waiting overdue due",
    "bad": "fail failed critical major high severe rejected unacceptable bad",
}
STATUS_CLASSES = {word: name for name, words in _CLASSES.items() for word in words.split()}
_MOST_STATUSES = 8
LONGEST_STATUS = 16
_LONGEST_CODE = 18
UNBROKEN = ("number", "date", "code")
"""The looks whose values stand on one line."""
_SAMPLE = 200
_WORD = re.compile(r"[^\s\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]+|\S")
_CAPITAL, _WIDE, _HEAD = 1.1, 1.8, 1.05
"""Widths in digits: of a capital, of a Chinese character, and how much wider a head's bold type is."""
_CAPITALS = bytes(range(0x41, 0x5B))
_WITHOUT_WIDTH = frozenset(("Mn", "Me", "Cf"))


@dataclass(frozen=True, slots=True)
class Look:
    """How the values of one column are shown; widths are in digits."""

    kind: str  # "number", "date", "status", "code" (short, no spaces) or "text"
    width: float  # of the widest sampled value
    word: float  # of the widest sampled word, what cannot be broken nicely
    share: float = 0  # of the table's width on paper, in percent


def looks_of(grid: Grid, text: Callable[[Any], str] = text_of) -> list[Look]:
    """Decide from the sample how each column looks; `text` gives a value as it is shown."""
    columns = list(zip(*[row.values for row in grid.sample[:_SAMPLE]], strict=True)) or [()] * len(grid.heads)
    return [_look(head, column, text) for head, column in zip(grid.heads, columns, strict=True)]


def _look(head: str, column: Sequence[Any], text: Callable[[Any], str]) -> Look:
    values = [value for value in column if value is not None and value != ""]
    texts = texts_of(values)
    shown = shown_texts(values, text)
    in_head = _HEAD * _width_of_word([head])
    width, word = max(in_head, 1.0, _width(shown)), max(in_head, 1.0, _width_of_word(shown))
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return Look("number", width, word)
    if values and all(map(iso_date, texts)):
        return Look("date", width, word)
    distinct = {text.casefold() for text in texts}
    short = len(distinct) <= _MOST_STATUSES and all(len(text) <= LONGEST_STATUS for text in distinct)
    if short and distinct & STATUS_CLASSES.keys() and not any(text[:1].isdigit() for text in distinct):
        return Look("status", width, word)
    if width <= _LONGEST_CODE and not any(" " in text or "\n" in text for text in texts):
        return Look("code", width, word)
    return Look("text", width, word)


def _width(texts: Sequence[str]) -> float:
    """Give about how wide the widest of these texts is."""
    return _widest(texts, [line for text in texts for line in text.split("\n")])


def _width_of_word(texts: Sequence[str]) -> float:
    """Give about how wide the widest word is; lines may be broken between any two wide characters."""
    return _widest(texts, _WORD.findall("\n".join(texts)))


def _widest(texts: Sequence[str], pieces: Sequence[str]) -> float:
    together = "".join(texts)
    if not together.isascii():
        return max(map(_width_of, pieces), default=0.0)
    data = together.encode()
    capitals = len(data) - len(data.translate(None, _CAPITALS))
    return max(map(len, pieces), default=0) * (1 + (_CAPITAL - 1) * capitals / max(1, len(data)))


def _width_of(text: str) -> float:
    return sum(
        _WIDE if east_asian_width(char) in "WF" else 0.0 if category(char) in _WITHOUT_WIDTH else _CAPITAL
        for char in text
    )
