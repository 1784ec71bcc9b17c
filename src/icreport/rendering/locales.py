"""How values are shown on a page: nearly as they came, or as a language writes them (`locale`, by Babel)."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from functools import lru_cache, partial
from typing import TYPE_CHECKING, ClassVar

from icreport.dates import iso_date
from icreport.errors import OptionError
from icreport.rendering.column_texts import SEPARATOR, ColumnTexts
from icreport.values import WITHOUT_TEXT, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from babel import Locale

    from icreport.rendering.text_direction import Direction

_PLAIN = re.compile(r"-?\d+(\.(\d+))?")
_LEFT_TO_RIGHT = "\u200e"
_SOME_DAY = "2026-08-24"
_DAY = len(_SOME_DAY)
_LONGEST_CLOCK = len("T06:29:00.123456789+02:00")
_Around = tuple[str, str]
"""What stands before and after a day where a time is shown with it."""
_POWER = re.compile(r"[eE][+-]?\d+$")
_YES_NO: dict[str, str] = {
    "ar": "نعم لا", "cs": "Ano Ne", "da": "Ja Nej", "de": "Ja Nein",
    "el": "\u039d\u03b1\u03b9 \u038c\u03c7\u03b9", "en": "Yes No", "es": "Sí No", "et": "Jah Ei",
    "fa": "بله خیر", "fi": "Kyllä Ei", "fr": "Oui Non", "he": "כן לא", "hi": "हाँ नहीं", "hu": "Igen Nem",
    "id": "Ya Tidak", "it": "Sì No", "ja": "はい いいえ", "ko": "예 아니요", "lt": "Taip Ne", "lv": "Jā Nē",
    "ms": "Ya Tidak", "nb": "Ja Nei", "nl": "Ja Nee", "nn": "Ja Nei", "no": "Ja Nei", "pl": "Tak Nie",
    "pt": "Sim Não", "ro": "Da Nu", "ru": "\u0414\u0430 \u041d\u0435\u0442", "sk": "Áno Nie", "sv": "Ja Nej",
    "th": "ใช่ ไม่", "tr": "Evet Hay\u0131r", "uk": "\u0422\u0430\u043a \u041d\u0456", "vi": "Có Không",
    "zh": "是 否",
}  # fmt: skip
"""What is said for true and false (CLDR, `posix/messages`, which Babel leaves out)."""
_MAY_BE_DATE = "-", re.compile(f"{SEPARATOR}....-..-")
"""What a date has, and whether any of several texts, each with a separator before it, may be one."""
_MAY_HAVE_TIME = ":", re.compile(f"{SEPARATOR}....-..-..[^{SEPARATOR}]")


class PageText:
    """Shows values on a page: true and false in words of a language, times as people read them, the rest as it came."""

    _are_numbers_plain: ClassVar = True
    _may_change: ClassVar = _MAY_HAVE_TIME
    """What texts have that are shown in another form, and how one of several is found, each after a separator."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        no_words = _YES_NO["en"]
        yes, no = _YES_NO.get(re.split("[-_]", lang)[0].lower(), no_words).split()
        self._words: dict[object, str] = {True: yes, False: no, None: ""}
        self._day: Callable[[str], str | None] = _plain_day
        self._clock: Callable[[str], _Around | None] = _plain_clock

    @property
    def decimal_mark(self) -> str:
        """What is written before decimals."""
        return "."

    def text(self, value: object) -> str:
        """Return a value as it is shown."""
        if isinstance(value, bool):
            return self._words[value]
        if isinstance(value, str):
            # Quick to tell what is no date: of all texts there are, few are.
            return self._moments([value])[0] if value[4:5] == "-" == value[7:8] else value
        return self._other(value)

    def texts(self, column: Sequence[object]) -> Sequence[str]:
        """Return values of a column as they are shown."""
        return self.shown(ColumnTexts(column))

    def shown(self, column: ColumnTexts) -> Sequence[str]:
        """Return values of a column as they are shown: its own `texts` where they all are as they came."""
        kinds = column.kinds
        if kinds <= {str, type(None)}:
            mark, one = self._may_change
            if mark not in column.joined or not one.search(SEPARATOR + column.joined):
                return column.texts
            return self._moments(column.texts)
        if kinds <= {bool, type(None)}:
            return list(map(self._words.__getitem__, column.values))
        if self._are_numbers_plain and bool not in kinds and kinds <= WITHOUT_TEXT:
            return column.texts
        return list(map(self.text, column.values))

    def _moments(self, texts: Sequence[str]) -> list[str]:
        """Return texts as they are shown, where some may be dates; few of them come again, but days and times do."""
        heads, tails = [text[:_DAY] for text in texts], [text[_DAY:] for text in texts]
        days = {head: self._day(head) for head in set(heads)}
        clocks = {tail: self._clock(tail) if len(tail) <= _LONGEST_CLOCK else None for tail in set(tails)}
        found = zip(map(days.__getitem__, heads), map(clocks.__getitem__, tails), texts, strict=True)
        return [f"{around[0]}{day}{around[1]}" if day and around else text for day, around, text in found]

    def _other(self, value: object) -> str:
        return text_of(value)


@lru_cache(maxsize=1 << 14)
def _plain_day(text: str) -> str | None:
    return text if iso_date(text) else None


@lru_cache(maxsize=1 << 14)
def _plain_clock(text: str) -> _Around | None:
    """Return what stands around a day where a time follows it: the time as it is given, without seconds that are none.

    `text` is what follows the day; None if that is no time.
    """
    found = iso_date(_SOME_DAY + text)
    if found is None or not found.separator:
        return None if text else ("", "")
    clock = text[1 : len("T06:29:00")] if found.has_seconds else text[1 : len("T06:29")]
    if found.fraction.strip("0"):
        clock += f".{found.fraction}"
    elif found.has_seconds:
        clock = clock.removesuffix(":00")
    return "", f" {clock}{found.zone}"


class LocalText(PageText):
    """Shows values in one language: the same digits after the point as the report has, dates in full."""

    _are_numbers_plain: ClassVar = False
    _may_change: ClassVar = _MAY_BE_DATE

    def __init__(self, name: str) -> None:
        from babel import Locale, UnknownLocaleError

        try:
            self.locale: Locale = Locale.parse(name.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            raise OptionError(f"there is no locale {name!r}", remedy="such as de, nb or en-GB") from None
        # As HTML names it (BCP 47).
        super().__init__(str(self.locale).replace("_", "-"))
        self._day = partial(_local_day, self.locale)
        self._clock = partial(_local_clock, self.locale)

    @property
    def dir(self) -> Direction:
        """The direction of its script."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    @property
    def decimal_mark(self) -> str:
        """What the language writes before decimals."""
        from babel.numbers import get_decimal_symbol

        return str(get_decimal_symbol(self.locale))

    @property
    def date_order(self) -> str:
        """In which order the language writes day, month and year: `dmy`, `mdy` or `ymd`."""
        order = re.sub(r"[^dmy]|(.)(?=\1)", "", str(self.locale.date_formats["short"].pattern).lower())
        return order if order in ("dmy", "mdy", "ymd") else "dmy"

    def _other(self, value: object) -> str:
        return _number(str(value), self.locale) if isinstance(value, int | float) else text_of(value)


# The same numbers and dates come again and again, and Babel takes its time.
@lru_cache(maxsize=1 << 14)
def _number(text: str, locale: Locale) -> str:
    from babel.numbers import format_decimal

    match = _PLAIN.fullmatch(text)
    if not match:
        power = _POWER.search(text)
        return _number(text[: power.start()], locale) + power[0] if power else text
    pattern = "#,##0" + (f".{'0' * len(match[2])}" if match[2] else "")
    # Decimal keeps 28 digits unless it is told of more.
    with localcontext(prec=max(28, len(text) + 1)):
        return str(format_decimal(Decimal(text), format=pattern, locale=locale))


@lru_cache(maxsize=1 << 14)
def _local_day(locale: Locale, text: str) -> str | None:
    from babel.dates import format_date

    found = iso_date(text)
    return str(format_date(found.moment.date(), locale=locale)) if found else None


@lru_cache(maxsize=1 << 14)
def _local_clock(locale: Locale, text: str) -> _Around | None:
    """Return what stands around a day where a time follows it (`text`); None if that is no time."""
    from babel.dates import format_time, get_datetime_format, get_time_format
    from babel.numbers import get_decimal_symbol

    found = iso_date(_SOME_DAY + text)
    if found is None or not found.separator:
        return None if text else ("", "")
    fraction = found.fraction if found.fraction.strip("0") else ""
    pattern = str(get_time_format("medium" if found.moment.second or fraction else "short", locale=locale).pattern)
    if fraction:
        pattern = re.sub("(s+)", rf"\1'{get_decimal_symbol(locale)}{fraction}'", pattern)
    clock = str(format_time(found.moment.time(), format=pattern, locale=locale))
    joined = str(get_datetime_format("medium", locale=locale)).replace("'", "").format(clock, SEPARATOR)
    before, _, after = joined.partition(SEPARATOR)
    # The zone as it was given: a report of one place is read there. Its sign comes first from right to left too.
    mark = _LEFT_TO_RIGHT if locale.text_direction == "rtl" else ""
    return before, f"{after} {mark}{found.zone}" if found.zone else after
