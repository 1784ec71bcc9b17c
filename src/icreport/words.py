"""What a document says of its own accord ("Contents", "3 rows"), in the reader's language.

A catalogue (GNU gettext) knows a message by its English text, before which stands where it is said if other languages
have other words there: `cover|Contents`. English needs none, and no Babel.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from icreport.package_files import templates_folder
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from babel import Locale

    Own = Mapping[str, str | Mapping[str, str]]
    """Words of a theme by their English text; of a plural by category (`one`, `few`, `other`; CLDR)."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")
_STANDS_FOR = {"nn": "nb", "no": "nb", "pt": "pt_BR"}
"""Languages whose readers are served by the catalogue of another one."""
_OTHER_SCRIPT = ("zh_hant", "zh_tw", "zh_hk", "zh_mo")
_MANY_NUMBERS = (*range(200), 1_000_000)
"""Among which each category of plurals has a number (CLDR, plural rules)."""


class Said(str):
    """A text of ours in English, to be said in the reader's language when this is known: see `Words.of`.

    What is made before that (by a view, a comparison) is made of such texts, by `say` and `say_many`.
    """

    __slots__ = ("message", "other", "values")
    message: str
    other: str | None
    values: dict[str, object]

    def __new__(cls, message: str, other: str | None, values: dict[str, object]) -> Self:
        """Make the text of a message, of the two forms of a plural where there is another."""
        made = super().__new__(cls, _said(ENGLISH, message, other, values))
        made.message, made.other, made.values = message, other, values
        return made

    def __reduce__(self) -> tuple[type[Said], tuple[str, str | None, dict[str, object]]]:
        return (Said, (self.message, self.other, self.values))


class Value(NamedTuple):
    """A value of a report, to be shown in a sentence as the document shows it in its tables."""

    value: object


def to_say(message: str) -> str:
    """Return a message as it is: it is said elsewhere, and found here for the catalogues."""
    return message


def say(message: str, /, **values: object) -> Said:
    """Return a message that will be said in the language of the document."""
    return Said(message, None, values)


def say_many(one: str, other: str, count: int, /, **values: object) -> Said:
    """Return the form of a message that fits a count, as `say` does."""
    return Said(one, other, {"count": count, **values})


class Words:
    """Says the words of a document in one language.

    Of the values that stand in placeholders, whole numbers are written as the language writes them, a list as one whose
    last two are joined by `and`, a tuple by `or`, a `Value` as the document shows it, what is `Said` in this language.
    """

    def __init__(
        self,
        lang: str,
        catalogue: NullTranslations | None = None,
        own: Own | None = None,
        show: Callable[[object], str] = text_of,
    ) -> None:
        self.lang = lang
        """The language of the words (BCP 47), English where there are none in the one that was asked for."""
        self._catalogue = catalogue or NullTranslations()
        self._own = own or {}
        self._show = show

    def __call__(self, message: str, /, **values: object) -> str:
        """Return a message with its placeholders filled in."""
        return self._filled(self.pattern(message), values)

    def many(self, one: str, other: str, count: int, /, **values: object) -> str:
        """Return the form of a message that fits a count, with `{count}` and its other placeholders filled in."""
        return self._filled(self.pattern(one, other, count), {"count": count, **values})

    def of(self, text: str) -> str:
        """Return a text as it is, one that is `Said` in this language."""
        return str.__str__(_said(self, text.message, text.other, text.values)) if isinstance(text, Said) else text

    def pattern(self, message: str, other: str | None = None, count: int = 1) -> str:
        """Return a message, or its form for a count, with its placeholders in it."""
        own = self._own.get(message)
        if isinstance(own, str):
            return own if other is None or count == 1 else self._own_text(other) or own
        if own is not None:
            return own.get(self.category(count)) or own["other"]
        if other is None:
            found = self._catalogue.gettext(message)
            return found if found != message else message.rpartition("|")[2]
        return self._own_text(other) or self._catalogue.ngettext(message, other, count)

    def _own_text(self, message: str) -> str | None:
        own = self._own.get(message)
        return own if isinstance(own, str) else None

    def forms(self, one: str, other: str) -> dict[str, str]:
        """Return the forms of a message by their category, as a browser's `Intl.PluralRules` calls it."""
        numbers = {self.category(number): number for number in reversed(_MANY_NUMBERS)}
        return {category: self.pattern(one, other, number) for category, number in numbers.items()}

    def category(self, count: int) -> str:
        """Return the category of a count in the plurals of the language (CLDR)."""
        if self._is_english:
            return "one" if count == 1 else "other"
        return str(locale_of(self.lang).plural_form(count))

    def over(self, own: Own, show: Callable[[object], str] = text_of) -> Words:
        """Return these words with others laid over them, and with what shows a `Value`."""
        return Words(self.lang, self._catalogue, {**self._own, **own}, show)

    def value(self, value: object) -> str:
        """Return a value as the document writes those of a report."""
        return self._show(value)

    def number(self, number: int) -> str:
        """Return a whole number as the language writes it."""
        if self._is_english:
            return f"{number:,}"
        from babel.numbers import format_decimal

        return str(format_decimal(number, locale=locale_of(self.lang)))

    @property
    def _is_english(self) -> bool:
        return self.lang.partition("-")[0] == "en"

    def _filled(self, pattern: str, values: Mapping[str, object]) -> str:
        return PLACEHOLDER.sub(lambda found: self._text(values[found[1]]), pattern) if values else pattern

    def _text(self, value: object) -> str:
        if isinstance(value, Value):
            return self._show(value.value)
        if isinstance(value, list | tuple):
            return self._listed([self._text(item) for item in value], "and" if isinstance(value, list) else "or")
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        return self.of(value) if isinstance(value, str) else str(value)

    def _listed(self, texts: list[str], how: Literal["and", "or"]) -> str:
        if len(texts) == 1:
            return texts[0]
        if self._is_english:
            *first, last = texts
            return f"{', '.join(first)} {how} {last}"
        from babel.lists import format_list

        return str(format_list(texts, "standard" if how == "and" else "or", locale=locale_of(self.lang)))


def _said(words: Words, message: str, other: str | None, values: dict[str, Any]) -> str:
    return words(message, **values) if other is None else words.many(message, other, values["count"], **values)


ENGLISH = Words("en")


@lru_cache(maxsize=64)
def words_of(lang: str | None) -> Words:
    """Return the words of a language: a tag (BCP 47) or the name of a locale; English where it is None or unknown."""
    if not lang:
        return ENGLISH
    name, tag = _catalogue_of(lang), lang.replace("_", "-")
    if name is None:
        return Words(tag) if re.match(r"en\b|en_", lang) else ENGLISH
    return Words(tag, _read(templates_folder() / "locale" / f"{name}.po"))


def _catalogue_of(lang: str) -> str | None:
    """Return the name of the catalogue for a language, None where there is none."""
    tag = lang.replace("-", "_").lower()
    language = tag.partition("_")[0]
    name = _STANDS_FOR.get(language, language)
    is_there = language.isalpha() and (templates_folder() / "locale" / f"{name}.po").is_file()
    return name if is_there and not tag.startswith(_OTHER_SCRIPT) else None


def _read(catalogue: Path) -> NullTranslations:
    """Read a catalogue: compiled where it is (in a wheel), else compiled here from its source."""
    compiled = catalogue.with_suffix(".mo")
    if compiled.is_file():
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    data = BytesIO()
    with catalogue.open("rb") as file:
        write_mo(data, read_po(file))
    data.seek(0)
    return GNUTranslations(data)


@lru_cache
def known_messages() -> list[str]:
    """Return all messages that documents are made of, those of plurals in both of their forms."""
    from babel.messages.pofile import read_po

    with (templates_folder() / "locale" / "icreport.pot").open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    return [one for id_ in ids for one in ([id_] if isinstance(id_, str) else id_)]


@lru_cache
def locale_of(lang: str) -> Locale:
    """Return the locale of a language (BCP 47), or of as much of its tag as CLDR knows; English if it knows none."""
    from babel import Locale, UnknownLocaleError

    for tag in (lang, lang.partition("-")[0]):
        with suppress(ValueError, UnknownLocaleError):
            return Locale.parse(tag, sep="-")
    return Locale.parse("en_GB")
