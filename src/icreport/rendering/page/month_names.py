"""Names of months, days and halves of the day in the languages that reports are written in; by Babel (CLDR)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

if TYPE_CHECKING:
    from collections.abc import Collection

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
_HALVES = {"am": 0, "a": 0, "pm": 12, "p": 12}


def folded_name(name: str) -> str:
    """Return a name without case, accents, points and blanks."""
    plain = normalize("NFKD", name.casefold())
    return "".join(char for char in plain if not combining(char) and not char.isspace() and char not in ".\u200f\u200e")


class Names:
    """The names of one language."""

    def __init__(self, language: str) -> None:
        from babel import Locale

        locale = Locale.parse(language)
        self._months: dict[str, int] = {}
        self._days: set[str] = set()
        for context in ("format", "stand-alone"):
            for width in ("abbreviated", "wide"):
                self._months |= {folded_name(name): month for month, name in locale.months[context][width].items()}
                self._days |= set(map(folded_name, locale.days[context][width].values()))
        self._halves = dict(_HALVES)
        for names in locale.day_periods["format"].values():
            self._halves |= {folded_name(names[key]): hours for key, hours in (("am", 0), ("pm", 12)) if key in names}

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
