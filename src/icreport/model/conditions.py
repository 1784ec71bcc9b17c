"""Conditions on values: what a view keeps and what a column's marks are put on, tested the same way everywhere."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, TypeVar

from icreport.clock import document_date
from icreport.dates import iso_date
from icreport.values import exact_float, replace_surrogates, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.dates import IsoDate
    from icreport.model.formats import Condition, Mark, ValueType
    from icreport.model.looks import Look

Test = Callable[[object], bool]
_Holds = Callable[[Any, Any], bool]
"""Whether the first of two, of a kind that has an order, stands so to the second."""
Found = TypeVar("Found")
_Value = TypeVar("_Value")

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,6})?")
"""A JSON number (RFC 8259) whose exponent can be reckoned with."""
_AGO = re.compile(r"([0-9]{1,6})(?:\s*(day|week|month|year)s?)?")
_EXACT = 1 << 53  # integers up to it are floats, too
_KNOWN = 1 << 14
_LONGEST_KNOWN = 256  # characters of a text that is remembered
_LONGEST_NO_VALUE = 9  # with spaces around it
_MOST_MEMORY = 8 << 20  # of a compiled pattern
NO_VALUES = frozenset(("", "n/a", "n.a.", "na", "-", "\N{EN DASH}", "\N{EM DASH}"))
"""Texts that stand for no value, in small letters: sorted last, in no total."""


def is_blank(value: object) -> bool:
    """Return whether a value is null or a text of nothing but spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_no_value(value: object) -> bool:
    """Return whether a value is blank or a text that stands for no value, such as `n/a`."""
    return value is None or (
        isinstance(value, str) and len(value) <= _LONGEST_NO_VALUE and value.strip().lower() in NO_VALUES
    )


def number_of(value: object) -> Decimal | None:
    """Return the number that a value is or, as JSON has it, says; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    text = value if isinstance(value, str) else str(value) if isinstance(value, float) else ""
    return Decimal(text.strip()) if text and _NUMBER.fullmatch(text.strip()) else None


def number_in(value: _Value) -> _Value | int | float:
    """Return the number that a text says as JSON has it, with all its digits; other values as they are."""
    if not isinstance(value, str) or number_of(value) is None:
        return value
    text = value.strip()
    return int(text) if text.lstrip("-").isdecimal() else exact_float(text)


def date_of(value: object) -> IsoDate | None:
    """Return the date that a value says, None where it is none."""
    return iso_date(value.strip()) if isinstance(value, str) else None


def predicate_of(condition: Condition, kind: ValueType | None = None) -> Test:
    """Return the test of a condition: whether a value meets it. Raises `ValueError` where the condition is none.

    `kind` is the type of the column, which has no numbers and dates where it is text.
    """
    known = _TESTS if kind != "text" else _TESTS_OF_TEXT
    said = {name: getattr(condition, name) for name in known}
    tests = [known[name](asked) for name, asked in said.items() if asked is not None]
    if not tests:
        raise ValueError("it asks nothing of a value: say equals, in, at_least, between, contains, blank, …")
    return _remembered(tests[0] if len(tests) == 1 else lambda value: all(test(value) for test in tests))


def look_of(marks: Sequence[Mark] | None, kind: ValueType | None = None) -> Callable[[object], Look | None] | None:
    """Return what gives a value its look by the marks of its column, of a type; None where the column has none."""
    if not marks:
        return None
    tests = [(mark.look, predicate_of(mark, kind)) for mark in marks]
    return _remembered(lambda value: next((look for look, test in tests if test(value)), None))


def _remembered(function: Callable[[object], Found]) -> Callable[[object], Found]:
    """Return a function that looks at equal values once, as those of a column repeat."""
    known: dict[object, tuple[Found]] = {}

    def remembered(value: Any) -> Found:
        kind = type(value)
        if kind is str and len(value) <= _LONGEST_KNOWN:
            key = value
        elif kind is int or kind is float:
            key = (kind, value)
        else:
            return function(value)
        found = known.get(key)
        if found is None:
            if len(known) >= _KNOWN:
                known.clear()
            found = known[key] = (function(value),)
        return found[0]

    return remembered


def _not(test: Test) -> Test:
    return lambda value: not test(value)


def _in(wanted: Sequence[object]) -> Test:
    texts = {text_of(one) for one in wanted}
    numbers = {number_of(one) for one in wanted if not isinstance(one, str)} - {None}
    dates = [found for found in map(date_of, wanted) if found]

    def is_in(value: object) -> bool:
        if value is None:
            return False
        if text_of(value) in texts:
            return True
        if numbers and number_of(value) in numbers:
            return True
        found = date_of(value) if dates else None
        return found is not None and any(_order(found, one) == 0 for one in dates)

    return is_in


def _compared(bound: object, holds: _Holds) -> Test:
    """Return the test of an order: of numbers, dates or other texts, by what the bound is."""
    number = number_of(bound)
    if number is not None:
        return _compared_numbers(bound, number, holds)
    said = date_of(bound)
    if said is None:
        return lambda value: isinstance(value, str) and not is_blank(value) and holds(value, bound)

    def compared(value: object) -> bool:
        found = date_of(value)
        return found is not None and holds(_order(found, said), 0)

    return compared


def _in_text(wanted: Sequence[object]) -> Test:
    texts = {text_of(one) for one in wanted}
    return lambda value: value is not None and text_of(value) in texts


def _compared_text(bound: object, holds: _Holds) -> Test:
    text = text_of(bound)
    return lambda value: not is_blank(value) and holds(text_of(value), text)


def _compared_numbers(bound: object, number: Decimal, holds: _Holds) -> Test:
    # A float is ordered as the digits that show it, if it stands beside one or beside what one holds exactly.
    plain = bound if (type(bound) is int or type(bound) is float) and abs(bound) <= _EXACT else None

    def compared(value: Any) -> bool:
        kind = type(value)
        if plain is not None and (kind is float or (kind is int and -_EXACT <= value <= _EXACT)):
            return holds(value, plain)
        found = number_of(value)
        return found is not None and holds(found, number)

    return compared


def _order(found: IsoDate, bound: IsoDate) -> int:
    """Return -1, 0 or 1: days are compared where the bound is one; moments as written, unless both have a zone."""
    if not bound.separator:
        one, other = found.moment.date().toordinal(), bound.moment.date().toordinal()
    elif found.zone and bound.zone:
        one, other = found.nanoseconds, bound.nanoseconds
    else:
        one, other = (each._replace(moment=each.moment.replace(tzinfo=None)).nanoseconds for each in (found, bound))
    return (one > other) - (one < other)


def _matching(pattern: str) -> Test:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MOST_MEMORY
    try:
        search = re2.compile(pattern, options=options).search
    except (re2.error, UnicodeEncodeError) as error:
        said = error.args[0] if error.args else ""
        said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise ValueError(f"matches is no regular expression of RE2: {said}") from None
    return lambda value: search(replace_surrogates(text_of(value))[0]) is not None and not is_blank(value)


def day_before(ago: int | str) -> str:
    """Return the day so long before the date of the document: `"30 days"`, `"6 months"`, or a number of days.

    Raises `ValueError` where that is no length of time.
    """
    found = _AGO.fullmatch(str(ago).strip())
    if found is None:
        raise ValueError(f'{ago!r:.40} is no length of time: say days as a number, or "30 days", "6 months", "2 years"')
    count, unit = int(found[1]), found[2] or "day"
    today = document_date().date()
    try:
        if unit in {"day", "week"}:
            return (today - timedelta(days=count * (7 if unit == "week" else 1))).isoformat()
        months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1])).isoformat()
    except (OverflowError, ValueError):
        raise ValueError(f"{ago!r} is before the first year") from None


def _aged(ago: int | str, holds: _Holds) -> Test:
    return _compared(day_before(ago), holds)


def _tests(
    is_in: Callable[[Sequence[object]], Test],
    compared: Callable[[object, _Holds], Test],
    aged: Callable[[int | str, _Holds], Test],
    kind: ValueType | None = None,
) -> Mapping[str, Callable[[Any], Test]]:
    """Return what makes the test of what a condition asks, by its field."""

    def between(bounds: Sequence[object]) -> Test:
        first, second = compared(bounds[0], ge), compared(bounds[1], le)
        return lambda value: first(value) and second(value)

    return {
        "equals": lambda wanted: is_in([wanted]),
        "not_equals": lambda wanted: _not(is_in([wanted])),
        "one_of": is_in,
        "none_of": lambda wanted: _not(is_in(wanted)),
        "at_least": lambda bound: compared(bound, ge),
        "above": lambda bound: compared(bound, gt),
        "at_most": lambda bound: compared(bound, le),
        "below": lambda bound: compared(bound, lt),
        "between": between,
        "contains": lambda part: lambda value: part in text_of(value) and not is_blank(value),
        "starts_with": lambda start: lambda value: text_of(value).startswith(start) and not is_blank(value),
        "matches": _matching,
        "blank": lambda wanted: lambda value: is_blank(value) is wanted,
        "older_than": lambda ago: aged(ago, lt),
        "newer_than": lambda ago: aged(ago, ge),
        "opposite_of": lambda condition: _not(predicate_of(condition, kind)),
    }


_TESTS = _tests(_in, _compared, _aged)
_TESTS_OF_TEXT = _tests(_in_text, _compared_text, lambda *_: lambda _: False, "text")
"""In columns of texts, which have no numbers and dates."""
