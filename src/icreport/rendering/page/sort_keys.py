"""What the values of a column sort by, where it is not their text, so that the browser need not guess."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from icreport.rendering.page.written_dates import date_reader
from icreport.rendering.page.written_numbers import number_reader
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icreport.rendering.page.written_dates import DateHabits

# As the script has it: numbers as JSON writes them, and ISO 8601, sort by themselves.
_SORTS_ITSELF = re.compile(
    r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?"
)
_PLAIN: dict[int, str | None] = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x2066, 0x206A)))
_PLAIN |= {first + digit: str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}
_PLAIN |= {0x060C: ",", 0x066B: ".", 0x066C: ","}
_LONGEST = 60
"""Characters of a text that can be a number or a date."""


def _plain(text: str) -> str:
    """Return a text with digits and marks of ASCII for Arabic and Persian ones, and none that turn its direction."""
    return text.strip() if text.isascii() else text.translate(_PLAIN).strip()


def in_order(order: Sequence[object]) -> Callable[[str], str | None]:
    """Return what gives texts of a column their place in the order that it is said to have; others stand after them."""
    places = {text_of(value): str(at) for at, value in reversed(list(enumerate(order)))}
    return places.get


def sort_key_of(column: Sequence[object], habits: DateHabits, mark: str | None) -> Callable[[str], str | None] | None:
    """Return what gives texts of a column their sort key, None where all sort as they are.

    The majority of some of its values says what the column is. A key is a number as JSON writes it, or a date as
    ISO 8601 does; None for a text that sorts as it is, or is not of the column's kind.
    """
    given = [text for value in column if type(value) is str and (text := value.strip())]
    texts = list(map(_plain, given))
    if 2 * len(texts) < len(column) - column.count(None) or all(map(_SORTS_ITSELF.fullmatch, given)):
        return None
    texts = [text[: _LONGEST + 1] for text in texts]
    if 2 * sum(any(map(str.isdigit, text)) and len(text) <= _LONGEST for text in texts) <= len(texts):
        return None
    read = date_reader(texts, habits) or number_reader(texts, mark)
    if read is None:
        return None

    @lru_cache(maxsize=1 << 12)
    def key_of(text: str) -> str | None:
        given, text = text, _plain(text)
        if len(text) > _LONGEST:
            return None
        key = read(text)
        return None if key == given.strip() else key

    return key_of
