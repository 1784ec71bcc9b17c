"""Strict ISO 8601 dates and times as Excel's day numbers, with formats that show the same text."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:([T ])([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,3})?)?)?", re.ASCII)
_DAY_ZERO = date(1899, 12, 30)
# Excel counts 1900 as a leap year, so its days before March are one off from everybody else's.
_FIRST = date(1900, 3, 1)


def excel_date(text: str) -> tuple[str, str] | None:
    """Give the number of days and the number format that shows this text; None for what is not such a date.

    Dates before March 1900, with a time zone or finer than milliseconds are not: Excel would show something else.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    day_text, separator, hour, minute, second, fraction = found.groups()
    try:
        day = date.fromisoformat(day_text)
    except ValueError:
        return None
    if day < _FIRST:
        return None
    days = (day - _DAY_ZERO).days
    if separator is None:
        return str(days), "yyyy-mm-dd"
    seconds = int(hour) * 3600 + int(minute) * 60 + float((second or "0") + (fraction or ""))
    parts = 'yyyy-mm-dd"T"hh:mm' if separator == "T" else "yyyy-mm-dd hh:mm"
    parts += ":ss" * (second is not None) + ("." + "0" * (len(fraction) - 1) if fraction else "")
    return repr(days + seconds / 86400), parts
