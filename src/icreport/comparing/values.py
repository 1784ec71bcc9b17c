"""When two values are the same: numbers as numbers, dates as dates, texts exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from icreport.model.conditions import date_of, number_of
from icreport.model.totals import moment_of
from icreport.values import encode_exact_float, text_of

if TYPE_CHECKING:
    from decimal import Decimal

    from icreport.dates import IsoDate

Difference = Literal["notation", "value"]
"""How two values differ: in nothing but how they are written, or in what they say."""

_SORTED = msgspec.json.Encoder(enc_hook=encode_exact_float, order="sorted")


def difference(old: object, new: object) -> Difference | None:
    """Return how two values differ, None where they do not.

    12.10 and 12.1, 7 and the text `7`, null and an empty text, one moment in two time zones say the same in another
    notation.
    Two texts that are no dates are compared as they are. The keys of an object may be in any order.
    """
    if type(old) is type(new) and exact_text(old) == exact_text(new):
        return None
    return "notation" if _say_the_same(old, new) else "value"


def _say_the_same(old: object, new: object) -> bool:
    if text_of(old) == text_of(new):
        return True
    if isinstance(old, str) and isinstance(new, str):
        before, after = date_of(old), date_of(new)
        return before is not None and after is not None and _moment(before) == _moment(after)
    if isinstance(old, list | dict) or isinstance(new, list | dict):
        return type(old) is type(new) and meaning_of(old) == meaning_of(new)
    number = number_of(old)
    return number is not None and number == number_of(new)


def exact_text(value: object) -> str:
    """Return a value as text that tells it from all others of its type, in whatever order objects have their keys."""
    return _SORTED.encode(value).decode() if isinstance(value, list | dict) else text_of(value)


def meaning_of(value: object) -> str:
    """Return what values that say the same have in common: 7, 7.0 and `"7"` are alike, as are null and no text."""
    if type(value) is int:
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(repr, map(meaning_of, value))) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{meaning_of(value[key])!r}" for key in sorted(value)) + "}"
    number = number_of(value)
    if number is not None:
        return _number_text(number)
    found = date_of(value)
    return text_of(value) if found is None else repr(_moment(found))


def _moment(found: IsoDate) -> tuple[object, ...]:
    """Return what a date and those that say the same have in common: moments with a zone are none without."""
    return (*moment_of(found)[:1], bool(found.separator), bool(found.zone))


def _number_text(number: Decimal) -> str:
    """Return the digits of a number, the same for all that are equal."""
    sign, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    if not text:
        return "0"
    whole = text.rstrip("0")
    power = int(exponent) + len(text) - len(whole)
    shown = whole + "0" * power if 0 <= power <= _MOST_ZEROS else f"{whole}e{power}" if power else whole
    return f"-{shown}" if sign else shown


_MOST_ZEROS = 400
"""Zeros that the text of a whole number may end in."""
