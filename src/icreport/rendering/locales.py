"""Numbers and dates as a language writes them, for readers who ask for it (`locale`); by Babel."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from icreport.errors import OptionError
from icreport.values import text_of

if TYPE_CHECKING:
    from babel import Locale

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?")
_PLAIN = re.compile(r"-?\d+(\.(\d+))?")


class LocalText:
    """Gives values as text in one language: the same digits after the point as the report has, dates in full."""

    def __init__(self, name: str) -> None:
        from babel import Locale, UnknownLocaleError  # noqa: PLC0415

        try:
            self.locale: Locale = Locale.parse(name.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            raise OptionError(f"there is no locale {name!r}", remedy="such as de, nb or en-GB") from None

    @property
    def lang(self) -> str:
        """The language as HTML names it (BCP 47)."""
        return str(self.locale).replace("_", "-")

    @property
    def dir(self) -> str:
        """The direction of its script: `ltr` or `rtl`."""
        return str(self.locale.text_direction)

    @property
    def decimal_mark(self) -> str:
        """What the language writes before decimals."""
        from babel.numbers import get_decimal_symbol  # noqa: PLC0415

        return str(get_decimal_symbol(self.locale))

    def text(self, value: Any) -> str:
        """Give a value: typed ones in the language, everything else as it is."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _number(str(value), self.locale)
        if isinstance(value, str) and len(value) >= len("2026-01-01") and value[:4].isdigit():
            return _moment(value, self.locale)
        return text_of(value)


# The same numbers and dates come again and again, and Babel takes its time.
@lru_cache(maxsize=1 << 14)
def _number(text: str, locale: Locale) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415

    match = _PLAIN.fullmatch(text)
    if not match:
        return text
    pattern = "#,##0" + (f".{'0' * len(match[2])}" if match[2] else "")
    # Decimal keeps 28 digits unless it is told of more.
    with localcontext(prec=max(28, len(text) + 1)):
        return str(format_decimal(Decimal(text), format=pattern, locale=locale))


@lru_cache(maxsize=1 << 14)
def _moment(text: str, locale: Locale) -> str:
    from babel.dates import format_date, format_datetime  # noqa: PLC0415

    try:
        if _DATE.fullmatch(text):
            return str(format_date(date.fromisoformat(text), locale=locale))
        if _DATETIME.fullmatch(text):
            return str(format_datetime(datetime.fromisoformat(text), locale=locale))
    except ValueError:
        pass
    return text
