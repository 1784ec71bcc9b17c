"""The words by which values tell a status, by language (`templates/statuses`); those of English always count."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from icreport.package_files import templates_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

_STANDS_FOR = {"nn": "nb", "no": "nb"}


@dataclass(frozen=True, slots=True)
class StatusWords:
    """The words of a language.

    Those of `clear` have a look in whatever column they are; those of `by_header` may as well be the position of a
    valve, a size or a level, and have one where the header says so; `plain` ones have none beside them. Words of
    `headers` say that their column tells a status, unless one of `positions` stands there too.
    """

    clear: Mapping[str, str]
    by_header: Mapping[str, str]
    plain: frozenset[str]
    headers: frozenset[str]
    positions: frozenset[str]
    spaced: bool = True
    """Whether spaces stand between words: else a word of a header is found within it."""


@cache
def status_words_of(lang: str) -> StatusWords:
    """Return the words of a language (BCP 47) and those of English; where both have a word, the language's counts."""
    name = lang.replace("_", "-").partition("-")[0].lower()
    name = _STANDS_FOR.get(name, name)
    english, own = _read("en"), _read(name) if name != "en" else None
    if english is None or own is None:
        return english or StatusWords({}, {}, frozenset(), frozenset(), frozenset())
    # A word that is clear in one language may be another word in the other.
    clear = {word: look for word, look in english.clear.items() if word not in own.by_header and word not in own.plain}
    return StatusWords(
        clear | dict(own.clear),
        dict(english.by_header) | dict(own.by_header),
        english.plain | own.plain,
        english.headers | own.headers,
        english.positions | own.positions,
        own.spaced,
    )


@cache
def _read(name: str) -> StatusWords | None:
    """Read the file of a language, None if there is none."""
    path = templates_folder() / "statuses" / f"{name}.toml"
    if not name.isalpha() or not path.is_file():
        return None
    said = tomllib.loads(path.read_text("utf-8"))
    return StatusWords(
        _by_look(said["clear"]),
        _by_look(said["by_header"]),
        _split(said["plain"]),
        _split(said["headers"]),
        _split(said["positions"]),
        said.get("spaced", True),
    )


def _by_look(listed: Mapping[str, str]) -> dict[str, str]:
    return {word: look for look, words in listed.items() for word in sorted(_split(words))}


def _split(words: str) -> frozenset[str]:
    return frozenset(" ".join(word.split()).casefold() for word in words.split(","))
