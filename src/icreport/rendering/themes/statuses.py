"""Which columns tell a status, and how their values look: the theme's words before ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icreport.rendering.themes.status_words import status_words_of
from icreport.values import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from icreport.model.rows import Row
    from icreport.rendering.themes.config import ThemeConfig
    from icreport.rendering.themes.status_words import StatusWords

LONGEST_STATUS = 16
_MOST_STATUSES = 8
_WORD_OF_HEADER = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])")


class Statuses:
    """Decides for a column whether its values tell a status, by what the theme says and else by header and values."""

    def __init__(self, config: ThemeConfig | None = None, lang: str = "en") -> None:
        self._ours = status_words_of(lang)
        self._on = config is None or config.statuses == "on"
        self._words: Mapping[str, str] = config.status.words if config else {}
        self._columns: Mapping[str, Mapping[str, str]] = config.status.columns if config else {}
        self._known = (
            dict(self._ours.by_header)
            | dict(self._ours.clear)
            | dict.fromkeys(self._ours.plain, "plain")
            | dict(self._words)
        )

    def of_columns(self, headers: Sequence[str], rows: Sequence[Row]) -> list[Mapping[str, str]]:
        """Return for each column of a table the words that have a look, from its headers and its first rows."""
        columns = list(zip(*[row.values for row in rows], strict=True)) or [()] * len(headers)
        return [self.words_of(head, texts_of(column)) for head, column in zip(headers, columns, strict=True)]

    def words_of(self, header: str, texts: Iterable[str]) -> Mapping[str, str]:
        """Return the words of a column that have a look, with their looks; none where it does not tell a status.

        `texts` are values of the column; blank ones say nothing.
        """
        named = self._columns.get(folded(header))
        if not self._on or named is not None:
            return (named or {}) if self._on else {}
        distinct = {folded(text) for text in set(texts)} - {""}
        others = distinct - self._known.keys()
        if len(distinct) > _MOST_STATUSES or any(len(text) > LONGEST_STATUS or text[0].isdigit() for text in others):
            return {}
        coloured = {text for text in distinct if self._known.get(text, "plain") != "plain"}
        if says_status(header, self._ours):
            return self._known if coloured else {}
        # Words that mean something else in another column count only beside one that does not.
        clear = coloured & {*self._ours.clear, *self._words}
        return self._known if clear and len(others) <= len(distinct) / 2 else {}


def folded(text: str) -> str:
    """Return a text as words and headers are compared: case and blanks do not count."""
    return " ".join(text.split()).casefold()


def says_status(header: str, ours: StatusWords) -> bool:
    """Return whether a header says that its column tells a status."""
    words = {word.casefold() for word in _WORD_OF_HEADER.findall(header)}
    if ours.spaced:
        return not words.isdisjoint(ours.headers) and words.isdisjoint(ours.positions)
    said = [word for word in ours.headers if word in words or (not word.isascii() and word in header)]
    return bool(said) and not any(word in words or (not word.isascii() and word in header) for word in ours.positions)
