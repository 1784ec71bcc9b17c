"""Names of months, days and halves of the day in the languages that reports are written in; by Babel (CLDR)."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

if TYPE_CHECKING:
    from collections.abc import Collection

    from babel import Locale

_LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "nb",
    "sv",
    "da",
    "fi",
    "pl",
    "cs",
    "ru",
    "tr",
    "id",
    "ar",
    "hi",
)
_SHORTEST = 3
_CONTEXTS, _WIDTHS = ("format", "stand-alone"), ("abbreviated", "wide")
_HALVES = {"am": 0, "a": 0, "pm": 12, "p": 12}


def folded_name(name: str) -> str:
    """Return a name without case, accents, points and blanks."""
    plain = normalize("NFKD", name.casefold())
    return "".join(char for char in plain if not combining(char) and not char.isspace() and char not in ".\u200f\u200e")


class Names:
    """The names of one language, looked up when the first is asked for."""

    def __init__(self, language: str) -> None:
        self._language = language

    @cached_property
    def _locale(self) -> Locale:
        from babel import Locale

        return Locale.parse(self._language)

    @cached_property
    def _months(self) -> dict[str, int]:
        months = self._locale.months
        return {
            folded_name(name): month
            for context in _CONTEXTS
            for width in _WIDTHS
            for month, name in months[context][width].items()
        }

    @cached_property
    def _days(self) -> set[str]:
        days = self._locale.days
        return {
            folded_name(name) for context in _CONTEXTS for width in _WIDTHS for name in days[context][width].values()
        }

    @cached_property
    def _halves(self) -> dict[str, int]:
        halves = dict(_HALVES)
        for names in self._locale.day_periods["format"].values():
            halves |= {folded_name(names[key]): hours for key, hours in (("am", 0), ("pm", 12)) if key in names}
        return halves

    def month(self, name: str) -> int | None:
        """Return the number of a month, of whose name the start is enough if it fits no other."""
        name = folded_name(name)
        known = self._months.get(name)
        if known is None and len(name) >= _SHORTEST:
            starts = {month for full, month in self._months.items() if full.startswith(name)}
            known = starts.pop() if len(starts) == 1 else None
        return known

    def is_day(self, name: str) -> bool:
        """Whether this is a day of the week."""
        return folded_name(name) in self._days

    def half(self, name: str) -> int | None:
        """Return the hours that a half of the day starts with: 0 or 12."""
        return self._halves.get(folded_name(name))


@lru_cache
def names_of(language: str) -> Names:
    """Return the names of a language, read once."""
    return Names(language)


def best_names(words: Collection[str], language: str) -> Names:
    """Return the names of the language that knows most of these months: the one given where no other knows more."""
    best = names_of(language)
    known = sum(best.month(word) is not None for word in words)
    for other in _LANGUAGES:
        if known == len(words):
            break
        names = names_of(other)
        if (more := sum(names.month(word) is not None for word in words)) > known:
            best, known = names, more
    return best
