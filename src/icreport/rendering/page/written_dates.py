"""Dates and times of day as people write them: `15.3.26`, `3/15/2026 1:05 PM`, `15. März 2026`, `2026年3月15日`."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from icreport.dates import iso_date
from icreport.rendering.page.month_names import best_names, names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icreport.rendering.page.month_names import Names

_AHEAD = {
    "上午": 0,
    "午前": 0,
    "오전": 0,
    "凌晨": 0,
    "早上": 0,
    "下午": 12,
    "中午": 12,
    "晚上": 12,
    "午後": 12,
    "오후": 12,
}
"""Halves of the day that stand before the hour, with the hours that they start with."""
_CLOCK = (
    rf"(?:(?P<ahead>{'|'.join(_AHEAD)})\s?)?"
    r"(?P<hour>\d{1,2})[:.h](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?P<fraction>[.,]\d{1,9})?)?"
    r"(?:\s?(?P<half>(?!UTC|GMT|Z)[^\d\s+:-][^\d+:-]{0,11}))?(?:\s?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?"
)
_AFTER = rf"(?:(?:T|,?\s+(?:at\s|kl\.?\s|um\s)?|,){_CLOCK})?"
_DAY_NAME = r"(?:(?P<weekday>[^\d\s,.]{2,14})[,.]{0,2}\s)?"
_NAME = r"(?P<name>[^\d\s.,/'-]{2,15})\.?"
_YEAR = r"'?(?P<year>\d{4}|\d\d)"
_NUMERIC = re.compile(
    rf"{_DAY_NAME}(?P<a>\d{{1,4}})(?P<by>[-./ ]|\.\s)(?P<b>\d{{1,2}})(?P=by)(?P<c>\d{{1,4}})\.?{_AFTER}"
)
_NAMED = tuple(
    re.compile(_DAY_NAME + pattern + _AFTER)
    for pattern in (
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|\u00ba)?[\s/-]*(?:(?:de|di|of)\s)?{_NAME},?[\s/-]*(?:de\s)?{_YEAR}(?:\s\u0433\.?)?",
        rf"{_NAME}[\s-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s*(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})[\s/-]{_NAME}[\s/-](?P<day>\d{{1,2}})",
        rf"{_NAME},?[\s/-]*(?:de\s)?(?P<year>\d{{4}})(?P<day>)",
    )
)
_WEEKDAY = (
    r"\s?[(\uff08]?(?:(?:星期|周|礼拜)[一二三四五六日天]|[月火水木金土日](?:曜日?)?|[월화수목금토일]요일)?[)\uff09]?"
)
_EAST_ASIAN = re.compile(
    rf"(?P<a>\d{{4}})\s?[年년]\s?(?P<b>\d{{1,2}})\s?[月월]\s?(?P<c>\d{{1,2}})\s?[日일]{_WEEKDAY}{_AFTER}"
)
_TIME = re.compile(_CLOCK)
_ORDERS = {"dmy": "cba", "mdy": "cab", "ymd": "abc"}
_LAST_SHORT_YEAR = 68
"""The last two-digit year of this century (POSIX `%y`)."""
_NOON = 12
_HOURS = 24
_DAYS = 31


class DateHabits(NamedTuple):
    """How dates are written by those who write in a language: the order of numbers, and its name."""

    order: str = "dmy"
    language: str = "en"


def date_reader(texts: Sequence[str], habits: DateHabits) -> Callable[[str], str | None] | None:
    """Return what reads the dates of a column, None if most of its texts are none.

    Which of day and month comes first is told by the column, by a number over 12; else by `habits`. A reader returns
    a date as ISO 8601 writes it, that of a time of day the seconds since midnight, None for other texts.
    """
    named = list(map(_named_day, texts))
    words = {match["name"] for match in named if match}
    names = best_names(words, habits.language) if words else names_of(habits.language)
    # Reading tells all that a text lacks to be a date, but takes its time: most columns have none.
    likely = [text for text, match in zip(texts, named, strict=True) if _may_be_date(text, match, names)]
    if 2 * len(likely) > len(texts):
        readers = [partial(_read, names=names, order=order) for order in dict.fromkeys((habits.order, *_ORDERS))]
        best = max(readers, key=lambda reader: sum(reader(text) is not None for text in likely))
        if 2 * sum(best(text) is not None for text in likely) > len(texts):
            return best
    read_time = partial(_read_time, names=names)
    return read_time if 2 * sum(read_time(text) is not None for text in texts) > len(texts) else None


def _named(text: str) -> re.Match[str] | None:
    return next((match for pattern in _NAMED if (match := pattern.fullmatch(text))), None)


def _named_day(text: str) -> re.Match[str] | None:
    """Return how a text reads with the name of a month, if its day is one that a month has."""
    match = _named(text)
    # Numbers such as AN-000123 would have the months of all languages looked up.
    return match if match and 0 < int(match["day"] or 1) <= _DAYS else None


def _may_be_date(text: str, named: re.Match[str] | None, names: Names) -> bool:
    """Return whether a text has the form of a date; `named` is how it reads with the name of a month."""
    is_named = named is not None and names.month(named["name"]) is not None
    return is_named or bool(iso_date(text) or _NUMERIC.fullmatch(text) or _EAST_ASIAN.fullmatch(text))


def _read(text: str, *, names: Names, order: str) -> str | None:
    if iso_date(text):
        return text
    match = _NUMERIC.fullmatch(text) or _EAST_ASIAN.fullmatch(text)
    if match:
        is_year_first = len(match["a"]) == len("2026")
        year, month, day = (match[part] for part in _ORDERS["ymd" if is_year_first else order])
    elif match := _named(text):
        year, month, day = match["year"], str(names.month(match["name"]) or ""), match["day"] or "1"
    else:
        return None
    weekday = match.groupdict().get("weekday")
    if weekday and not names.is_day(weekday):
        return None
    if not ({len(month), len(day)} <= {1, 2} and len(year) in {2, 4}):
        return None
    if len(year) == len("26"):
        year = f"{'20' if int(year) <= _LAST_SHORT_YEAR else '19'}{year}"
    with suppress(ValueError):
        day_of_year = date(int(year), int(month), int(day)).isoformat()
        clock = _clock(match, names)
        return None if clock is None else day_of_year + (f"T{clock}" if clock else "")
    return None


def _clock(match: re.Match[str], names: Names) -> str | None:
    """Return the time that a text has, in ISO 8601, nothing if it has none; None if it is no time."""
    if match["hour"] is None:
        return ""
    hour = int(match["hour"])
    if match["ahead"]:
        if not 0 < hour <= _NOON:
            return None
        hour = hour % _NOON + _AHEAD[match["ahead"]]
    if match["half"]:
        half = names.half(match["half"])
        if half is None and match["half"].strip().casefold() not in ("h", "uhr"):
            return None
        if half is not None:
            if not 0 < hour <= _NOON:
                return None
            hour = hour % _NOON + half
    if hour >= _HOURS:
        return None
    fraction = (match["fraction"] or "").replace(",", ".")
    zone = {"UTC": "Z", "GMT": "Z"}.get(match["zone"] or "", match["zone"] or "")
    zone = f"{zone[:3]}:{zone[3:]}" if len(zone) == len("+0200") else zone
    return f"{hour:02}:{match['minute']}:{match['second'] or '00'}{fraction}{zone}"


def _read_time(text: str, *, names: Names) -> str | None:
    match = _TIME.fullmatch(text)
    clock = _clock(match, names) if match else None
    if not clock:
        return None
    hour, minute, second = clock[:8].split(":")
    return str(3600 * int(hour) + 60 * int(minute) + int(second))
