"""Columns of ISO 8601 dates as the serial numbers that Excel counts days by."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:([T ])(?:[01][0-9]|2[0-3]):[0-9]{2}(?:(:)[0-9]{2}(?:\.([0-9]{1,3}))?)?)?"
)
# Excel takes 1900 for a leap year: from March on its count of days is right.
_FIRST = datetime(1900, 3, 1)  # noqa: DTZ001 - spreadsheets know no time zones
_DAY_0 = datetime(1899, 12, 30).toordinal()  # noqa: DTZ001
_SECONDS = 86_400


def date_format(texts: Iterable[str]) -> str | None:
    """Give the number format that shows all of these texts as they are, if they are dates of the same shape."""
    formats = {_format_of(text) for text in texts}
    return formats.pop() if len(formats) == 1 else None


def serial(text: str, shape: str) -> float | None:
    """Give the serial number of a date; None for what is none, is of another shape, or is from before March 1900."""
    if _format_of(text) != shape:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment < _FIRST:
        return None
    days = moment.toordinal() - _DAY_0
    if "h" not in shape:
        return days
    return days + (moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6) / _SECONDS


def _format_of(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    between, seconds, fraction = found.groups("")
    return _format_with(between, seconds, len(fraction))


@cache
def _format_with(between: str, seconds: str, decimals: int) -> str:
    if not between:
        return "yyyy-mm-dd"
    between = '"T"' if between == "T" else between
    return f"yyyy-mm-dd{between}hh:mm{':ss' if seconds else ''}{'.' + '0' * decimals if decimals else ''}"
