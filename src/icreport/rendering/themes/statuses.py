"""Which columns tell a status, and how their values look: the theme's words before ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from icreport.values import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from icreport.model.rows import Row
    from icreport.rendering.themes.config import ThemeConfig

LONGEST_STATUS = 16
_MOST_STATUSES = 8
_CLEAR = {
    "good": """pass passed ok accepted acceptable approved completed compliant conforming good
        satisfactory""",
    "fair": "fair pending",
    "bad": """fail failed rejected unacceptable non-compliant non-conforming bad poor overdue defective
        unsatisfactory""",
}
"""Words that tell a status in whatever column they are."""
_BY_HEADER = {
    "good": "closed complete done low",
    "fair": "open monitor monitored minor medium moderate waiting due",
    "bad": "critical major high severe",
}
"""Words that may as well be the position of a valve, a size or a level: they tell a status where the header says so."""
_PLAIN = (
    "n/a", "na", "none", "unknown", "not inspected", "not applicable", "not checked", "not tested", "in progress",
    "cancelled", "canceled", "planned", "scheduled", "on hold", "draft", "new", "-", "\u2013",
)  # fmt: skip
"""Words that stand beside those of a status, without a colour."""
_HEADER = """
    status statuses state result results outcome verdict condition severity criticality priority risk consequence
    likelihood assessment acceptance compliance conformity evaluation urgency rag"""
_POSITION = "valve valves position door hatch breaker switch damper gate tap contact circuit"
"""Words of headers over which open and closed are positions, whatever else stands there."""
_WORD_OF_HEADER = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])")


def _looks(words: Mapping[str, str]) -> dict[str, str]:
    return {word: look for look, listed in words.items() for word in listed.split()}


class Statuses:
    """Decides for a column whether its values tell a status, by what the theme says and else by header and values."""

    _clear: ClassVar[dict[str, str]] = _looks(_CLEAR)
    _by_header: ClassVar[dict[str, str]] = _looks(_BY_HEADER)

    def __init__(self, config: ThemeConfig | None = None) -> None:
        self._on = config is None or config.statuses == "on"
        self._words: Mapping[str, str] = config.status.words if config else {}
        self._columns: Mapping[str, Mapping[str, str]] = config.status.columns if config else {}
        self._known = self._by_header | self._clear | dict.fromkeys(_PLAIN, "plain") | dict(self._words)

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
        distinct = {folded(text) for text in texts} - {""}
        others = distinct - self._known.keys()
        if len(distinct) > _MOST_STATUSES or any(len(text) > LONGEST_STATUS or text[0].isdigit() for text in others):
            return {}
        coloured = {text for text in distinct if self._known.get(text, "plain") != "plain"}
        if says_status(header):
            return self._known if coloured else {}
        # Words that mean something else in another column count only beside one that does not.
        clear = coloured & {*self._clear, *self._words}
        return self._known if clear and len(others) <= len(distinct) / 2 else {}


def folded(text: str) -> str:
    """Return a text as words and headers are compared: case and blanks do not count."""
    return " ".join(text.split()).casefold()


def says_status(header: str) -> bool:
    """Return whether a header says that its column tells a status."""
    words = {word.casefold() for word in _WORD_OF_HEADER.findall(header)}
    return not words.isdisjoint(_HEADER.split()) and words.isdisjoint(_POSITION.split())
