"""Which texts are dates (ISO 8601): the one rule of every format."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

_DATE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:([T ])((?:[01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](?:\.([0-9]{1,9}))?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORTEST = len("2026-08-14")


class IsoDate(NamedTuple):
    """A date, or a date with a time, and how it was written.

    `moment` is cut to microseconds; it has a time zone if the text has one. `separator` is `T`, a space or, of a date
    without a time, nothing; `fraction` are the digits of the second, `zone` is `Z`, `+HH:MM`, `-HH:MM` or nothing.
    """

    moment: datetime
    separator: str
    has_seconds: bool
    fraction: str
    zone: str

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds since 1970, in UTC if there is a time zone."""
        moment = self.moment if self.moment.tzinfo else self.moment.replace(tzinfo=UTC)
        since = moment - _EPOCH
        return (since.days * 86_400 + since.seconds) * 10**9 + int(self.fraction.ljust(9, "0"))


def iso_date(text: str) -> IsoDate | None:
    """Return what a text says if it is a date: `2026-08-14`, or with a time `2026-08-14T06:29[:00[.1234567]][Z]`.

    A fraction has up to 9 digits, an offset hours and minutes (`+02:00`); a space may stand for the `T`. Days that no
    calendar has, week and ordinal dates, and those without hyphens are none.
    """
    if len(text) < _SHORTEST or text[4] != "-" or (found := _DATE.fullmatch(text)) is None:
        return None
    _, separator, _, seconds, fraction, zone = found.groups("")
    with suppress(ValueError):
        return IsoDate(datetime.fromisoformat(text), separator, bool(seconds), fraction, zone)
    return None
