"""The language of a document: of its words and values, and in which direction it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.rendering.locales import LocalText, PageText
from icreport.words import Words, locale_of, words_of

if TYPE_CHECKING:
    from datetime import date

    from icreport.rendering.text_direction import Direction
    from icreport.rendering.themes.config import ThemeConfig

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_RIGHT_TO_LEFT = frozenset(("ar", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"))


@dataclass(frozen=True, slots=True)
class Language:
    """What a document is written in.

    `lang` is its tag (BCP 47); `text` shows values: as a language writes them where a locale was asked for (`local`),
    else nearly as they came. `words` are ours.
    """

    lang: str
    dir: Direction
    words: Words
    text: PageText
    local: LocalText | None = None

    @property
    def foreign_words(self) -> bool:
        """Whether the words are of another language than the document."""
        return self.words.lang.partition("-")[0] != self.lang.partition("-")[0]

    def long_date(self, day: date) -> str:
        """Return a date with the name of its month, as `24 August 2026`."""
        if self.local is None and self.lang in {"en", "en-GB"}:
            # Most documents are of no other language, and do without Babel.
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        from babel.dates import format_date

        return str(format_date(day, "long", locale=locale_of(self.lang)))


def language_of(locale: str | None, theme: ThemeConfig) -> Language:
    """Return the language of a document: that of its locale or of the theme's, else the one that the theme names.

    Raises `OptionError` for a locale that there is not.
    """
    name = locale or theme.locale
    local = LocalText(name) if name else None
    lang = local.lang if local else theme.lang
    text = local or PageText(lang)
    # What is asked for one document comes before what the theme says of all.
    own: Direction = "rtl" if lang.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    direction = own if locale else theme.dir or own
    words = words_of(lang)
    if theme.words.speaks(lang) and words.lang.partition("-")[0] != lang.partition("-")[0]:
        words = Words(lang)
    return Language(lang, direction, words.over(theme.words.of(lang), text.text), text, local)
