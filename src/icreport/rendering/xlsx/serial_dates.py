"""ISO 8601 dates as the serial numbers that Excel counts days by."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from icreport.dates import iso_date

# Excel takes 1900 for a leap year: from March on its count of days is right.
_FIRST = datetime.fromisoformat("1900-03-01")  # spreadsheets know no time zones
_DAY_0 = date(1899, 12, 30).toordinal()
_SECONDS = 86_400
_MOST_DECIMALS = 3
"""How many digits of a second a number format shows."""


class Serial(NamedTuple):
    """The number that stands for a date, and the format that shows it; `is_finer` where it does not show all digits."""

    number: float
    format: str
    is_finer: bool


def serial(text: str) -> Serial | None:
    """Return the serial number of a date; None for what is none, has a time zone, or is from before March 1900."""
    found = iso_date(text)
    if found is None or found.zone or found.moment < _FIRST:
        return None
    moment = found.moment
    days = moment.toordinal() - _DAY_0
    if not found.separator:
        return Serial(days, "yyyy-mm-dd", is_finer=False)
    fraction, shown = found.fraction, found.fraction[:_MOST_DECIMALS]
    # Near today the steps of the number are two thirds of a microsecond.
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + float(f"0.{fraction}0")
    shape = _format(found.separator, found.has_seconds, len(shown))
    return Serial(days + seconds / _SECONDS, shape, is_finer=fraction[_MOST_DECIMALS:].strip("0") != "")


@cache
def _format(separator: str, has_seconds: bool, decimals: int) -> str:
    between = '"T"' if separator == "T" else separator
    return f"yyyy-mm-dd{between}hh:mm{':ss' if has_seconds else ''}{'.' + '0' * decimals if decimals else ''}"
