"""What `theme.toml` may say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from icreport.errors import OptionError
from icreport.model.front_matter import FrontMatter
from icreport.rendering.locales import LocalText
from icreport.rendering.themes.tokens import check_value
from icreport.words import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

_LENGTH = r"\d+(\.\d+)?(mm|cm|in|pt|px)"
MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96}
_NARROWER_SIDES = {"A3": 297, "A4": 210, "A5": 148, "letter": 216, "legal": 216, "ledger": 279}
"""Of the sizes of paper, in mm (ISO 216, ANSI Y14.1)."""
_LEAST_ROOM = 50
"""Millimetres that margins have to leave across a page."""
_MOST_WATERMARK = 40
PLURALS = frozenset(("zero", "one", "two", "few", "many", "other"))
"""The categories of plurals (CLDR)."""
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
StatusLook = Literal["good", "fair", "bad", "plain"]
_Word = Annotated[str, AfterValidator(lambda word: " ".join(word.split()).casefold())]


def millimetres(length: str) -> float:
    """Return a length of `theme.toml` in millimetres."""
    return float(length[:-2]) * MILLIMETRES[length[-2:]]


def _check_locale(value: str) -> str:
    try:
        LocalText(value)
    except OptionError as error:
        raise ValueError(str(error)) from None
    return value


_TokenName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
_TokenValue = Annotated[str, AfterValidator(check_value)]


class PageSetup(BaseModel):
    """The paper that a theme is printed on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: Literal["A3", "A4", "A5", "letter", "legal", "ledger"] = "A4"
    orientation: Literal["portrait", "landscape"] = "portrait"
    margin: str = Field(default="15mm", pattern=rf"^{_LENGTH}$")
    largest: Literal["A3", "ledger"] | None = None
    """Paper for tables that are too wide for `size`; without it their columns are carried over to further pages."""

    @field_validator("margin")
    @classmethod
    def _check_room(cls, margin: str, info: ValidationInfo) -> str:
        side = _NARROWER_SIDES[info.data.get("size", "A4")]
        if side - 2 * millimetres(margin) < _LEAST_ROOM:
            raise ValueError(f"leaves less than {_LEAST_ROOM} mm of {side} mm for the text: make it smaller")
        return margin


class Tokens(BaseModel):
    """The tokens of a theme: values by name, those of a dark screen apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    light: dict[_TokenName, _TokenValue] = {}
    dark: dict[_TokenName, _TokenValue] = {}

    @model_validator(mode="before")
    @classmethod
    def _part(cls, data: object) -> object:
        """Take `[tokens.dark]`, which stands among the tokens, out of them."""
        if not isinstance(data, dict):
            return data
        dark = data.get("dark", {})
        return {"light": {name: value for name, value in data.items() if name != "dark"}, "dark": dark}


class StatusWords(BaseModel):
    """The words of values that tell a status, and how they look: everywhere, and in columns of a name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: dict[_Word, StatusLook] = {}
    columns: dict[_Word, dict[_Word, StatusLook]] = {}

    @model_validator(mode="before")
    @classmethod
    def _part(cls, data: object) -> object:
        """Tell the words of `[status]` from the columns, which are tables in it."""
        if not isinstance(data, dict):
            return data
        return {
            "words": {name: value for name, value in data.items() if not isinstance(value, dict)},
            "columns": {name: value for name, value in data.items() if isinstance(value, dict)},
        }


class ThemeWords(BaseModel):
    """Words of documents by their English text: in documents of all languages, and of some."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    everywhere: dict[str, str | dict[str, str]] = {}
    languages: dict[str, dict[str, str | dict[str, str]]] = {}

    @model_validator(mode="before")
    @classmethod
    def _part(cls, data: object) -> object:
        """Tell the words of `[words]` from the languages, which are tables in it; the forms of a plural are one too."""
        if not isinstance(data, dict):
            return data
        languages = {
            name: value for name, value in data.items() if isinstance(value, dict) and not PLURALS.issuperset(value)
        }
        return {
            "everywhere": {name: value for name, value in data.items() if name not in languages},
            "languages": languages,
        }

    @model_validator(mode="after")
    def _check(self) -> Self:
        for name, words in (("", self.everywhere), *self.languages.items()):
            if name and not _TAG.fullmatch(name):
                raise ValueError(
                    f"{name!r} is no language, such as nb or pt-BR, and no message with the forms of a plural"
                )
            for message, said in words.items():
                forms = {"": said} if isinstance(said, str) else said
                if "other" not in forms and "" not in forms:
                    raise ValueError(f"{message!r} has no form `other`, which every plural has")
                known = set(PLACEHOLDER.findall(message))
                for form in forms.values():
                    if unknown := set(PLACEHOLDER.findall(form)) - known:
                        raise ValueError(f"{form!r} has {{{min(unknown)}}}, which {message!r} has not")
        return self

    def of(self, lang: str) -> dict[str, str | dict[str, str]]:
        """Return the words for a language: those of its tag before those of the language without a region."""
        tag = lang.replace("_", "-").lower()
        fitting = [name for name in self.languages if f"{tag}-".startswith(f"{name.lower()}-")]
        words = dict(self.everywhere)
        for name in sorted(fitting, key=len):
            words |= self.languages[name]
        return words

    def messages(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield each message with the names of the table that it is in."""
        for name, words in (("", self.everywhere), *self.languages.items()):
            for message in words:
                yield ("words", name) if name else ("words",), message

    def speaks(self, lang: str) -> bool:
        """Return whether there are words for this language."""
        return bool(self.of(lang).keys() - self.everywhere.keys()) or any(
            f"{lang.lower()}-".startswith(f"{name.lower()}-") for name in self.languages
        )


class ThemeConfig(BaseModel):
    """What `theme.toml` may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = ""
    extends: Literal["house", "compact", "formal"] | None = None
    tokens: Tokens = Tokens()
    page: PageSetup = PageSetup()
    logo: str | None = None
    organisation: str = ""
    header: str = ""
    footer: str = ""
    watermark: str = Field(default="", max_length=_MOST_WATERMARK)
    source: bool = True
    statuses: Literal["on", "off"] = "on"
    status: StatusWords = StatusWords()
    words: ThemeWords = ThemeWords()
    document: FrontMatter | None = None
    """What its documents say of themselves where neither view nor report does."""
    view: str | None = None
    """The file of a view in the theme's folder: what is shown of reports for which no other is named."""
    locale: Annotated[str, AfterValidator(_check_locale)] | None = None
    lang: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    dir: Literal["ltr", "rtl"] | None = None
    """The direction of pages; left open, that of their language."""
