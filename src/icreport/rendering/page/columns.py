"""How the values of each column look, decided from a survey of the table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from heapq import nlargest
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

from icreport.dates import iso_date
from icreport.rendering.locales import PageText
from icreport.values import texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icreport.model.formats import ColumnFormat
    from icreport.model.rows import Row
    from icreport.rendering.page.decimals import Decimals
    from icreport.rendering.page.survey import Survey
    from icreport.rendering.table_format import Shown

_LONGEST_CODE = 18
UNBROKEN = ("number", "date", "code")
"""The looks whose values stand on one line."""
_MEASURED = 40
_LONGEST_MEASURED = 2000
_WORD = re.compile(r"[^\s\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]+|\S")
_CAPITAL, _WIDE, _HEAD, _UNEVEN_HEAD = 1.1, 1.8, 1.05, 1.25
_THIN, _THIN_IN_HEAD = re.compile("[Ifijlrt]"), 0.17
"""Widths in digits: of a capital, of a Chinese character, and how much wider a head's bold type is, that of Arabic."""
_SIGN = 2.0
"""What stands before a marked value, in digits."""
_KINDS: dict[str | None, str] = {"integer": "number", "decimal": "number", "date": "date", "datetime": "date"}
"""The looks of the types that a column may be said to have."""
_COMPARED = 8
"""Of the longest pieces of text, those of which the widest is looked for."""
_WIDTHS = {
    0.46: "'ijl",
    0.53: " ,.:;J",
    0.6: "-If",
    0.73: '!"()/[\\]rt',
    0.84: "?_`sz",
    0.94: "FLckvxy",
    1.0: "$*0123456789ESTYae{|}",
    1.1: "KPRVXZbdghnopqu",
    1.14: "ABC",
    1.38: "#&+<=>DGHNOQU^w~",
    1.64: "%@MWm",
}
"""Characters of ASCII by about their width in digits: the most that Noto Sans or DejaVu Sans needs."""
_ASCII = [next((width for width, chars in _WIDTHS.items() if chr(code) in chars), 0.0) for code in range(128)]
_WITHOUT_WIDTH = frozenset(("Mn", "Me", "Cf"))


Measure = Callable[[str], float]
"""Says how wide a line of text is, in digits."""
# From Armenian to Khmer and Mongolian, and their further blocks: letters of many widths, which their neighbours change.
_UNEVEN = re.compile("[\u0530-\u10ff\u1200-\u1cff\ua800-\uabff\ufb13-\ufdff\ufe70-\ufefc]")
_LONGEST_EXACT = 60
_MOST_EXACT = 24
"""Characters of a text, and texts of a column, that are measured: what is longer wraps."""
ENGLISH = PageText("en")


@dataclass(frozen=True, slots=True)
class Look:
    """How the values of one column are shown; widths are in digits."""

    kind: str  # "number", "date", "status", "code" (short, no spaces) or "text"
    width: float  # of the widest sampled value
    word: float  # of the widest sampled word, what cannot be broken nicely
    length: float = 0  # of the longest sampled value, were it on one line
    breaks: int = 0  # the most line ends that a sampled value has
    share: float = 0  # of the table's width on paper, in percent
    lines: tuple[tuple[float, ...], ...] = ()  # of some rows, the head first: the width of each line of the value
    decimals: Decimals | None = None  # what numbers are aligned by, where they are
    statuses: Mapping[str, str] = field(default_factory=dict, compare=False)  # words that tell a status: their looks


def looks_of(
    heads: Sequence[str],
    survey: Survey,
    page_text: PageText = ENGLISH,
    statuses: Sequence[Mapping[str, str]] | None = None,
    measure: Measure | None = None,
    shown: Shown | None = None,
) -> list[Look]:
    """Decide from a survey how each column looks; `page_text` says how values are shown.

    `statuses` are for each column the words that tell a status, `shown` is what the table says of its columns. With
    `measure`, texts whose widths are hard to estimate are measured.
    """
    columns: list[Sequence[object]] = list(survey.columns()) or [[] for _ in heads]
    words = statuses or [{} for _ in heads]
    if shown is not None:
        columns = [shown.rounded(at, column) for at, column in enumerate(columns)]
    looks = [
        _look(head, column, page_text, each, measure) for head, column, each in zip(heads, columns, words, strict=True)
    ]
    if shown is None:
        return looks
    looks = [_as_said(look, one) for look, one in zip(looks, shown.formats, strict=True)]
    if looks and shown.totals:
        # Rows of totals say in their first cell without a total what they are, or in the first one before its total.
        label = _HEAD * _width_of(shown.label_of("subtotal" if shown.grouped else "total"))
        at = next((at for at, one in enumerate(shown.formats) if one.total is None), 0)
        width = label + looks[at].width + _SIGN if shown.all_totals else max(looks[at].width, label)
        looks[at] = replace(looks[at], width=width, word=max(looks[at].word, label))
    return looks


def _as_said(look: Look, said: ColumnFormat) -> Look:
    """Return a look with what is said of the column: its type, and the sign before a marked value."""
    if said.type in _KINDS:
        look = replace(look, kind=_KINDS[said.type])
    elif said.type == "text" and look.kind in ("number", "date"):
        look = replace(look, kind="code" if look.width <= _LONGEST_CODE else "text")
    return replace(look, width=look.width + _SIGN, word=look.word + _SIGN) if said.marks else look


def with_lines(
    looks: Sequence[Look],
    heads: Sequence[str],
    rows: Sequence[Row],
    page_text: PageText,
    measure: Measure | None = None,
    shown: Shown | None = None,
) -> list[Look]:
    """Return looks with the lines of about so many rows as say how high the table will be."""
    some = rows[:: max(1, len(rows) // _MEASURED)]
    columns: list[Sequence[object]] = list(zip(*[row.values for row in some], strict=True)) or [()] * len(heads)
    if shown is not None:
        columns = [shown.rounded(at, column) for at, column in enumerate(columns)]
    return [
        replace(
            look,
            lines=((_width_in_head([head], measure),), *[_lines(text, measure) for text in page_text.texts(column)]),
        )
        for look, head, column in zip(looks, heads, columns, strict=True)
    ]


def _lines(text: str, measure: Measure | None) -> tuple[float, ...]:
    return tuple([_exact(line, measure) for line in text[:_LONGEST_MEASURED].split("\n")])


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _look(
    head: str,
    column: Sequence[object],
    page_text: PageText,
    statuses: Mapping[str, str],
    measure: Measure | None,
) -> Look:
    values = [value for value in column if not _is_blank(value)]
    texts = texts_of(values)
    shown = page_text.texts(values)
    in_head = _width_in_head(_WORD.findall(head), measure)
    width = max(in_head, 1.0, _width(shown, measure))
    word = max(in_head, 1.0, _width_of_word(shown, measure))
    length = max(map(len, shown), default=0) * (1 if "".join(shown).isascii() else _WIDE)
    breaks = max((each.count("\n") for each in shown), default=0)
    kind = "status" if statuses else _kind(values, texts, width)
    return Look(kind, width, word, length, breaks, statuses=statuses)


def _kind(values: Sequence[object], texts: Sequence[str], width: float) -> str:
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return "number"
    if values and all(map(iso_date, texts)):
        return "date"
    if width <= _LONGEST_CODE and not any(" " in text or "\n" in text for text in texts):
        return "code"
    return "text"


def _width(texts: Sequence[str], measure: Measure | None) -> float:
    """Return about how wide the widest of these texts is."""
    return _widest(texts, [line for text in texts for line in text.split("\n")], measure)


def _width_of_word(texts: Sequence[str], measure: Measure | None) -> float:
    """Return about how wide the widest word is; lines may be broken between any two wide characters."""
    return _widest(texts, _WORD.findall("\n".join(texts)), measure)


def _width_in_head(texts: Sequence[str], measure: Measure | None) -> float:
    """Return about how wide the widest of these texts is in the bold type of headers, whose thin letters are wider."""
    return max(
        (_bolder(text) * _exact(text, measure) + _THIN_IN_HEAD * len(_THIN.findall(text)) for text in texts),
        default=0.0,
    )


def _bolder(text: str) -> float:
    return _HEAD if text.isascii() or not _UNEVEN.search(text) else _UNEVEN_HEAD


def _widest(texts: Sequence[str], pieces: Sequence[str], measure: Measure | None) -> float:
    together = "".join(texts)
    if together.isascii():
        # In the order of the rows: that of a set is another in each process.
        pieces = nlargest(_COMPARED, dict.fromkeys(pieces), key=len)
    elif measure and _UNEVEN.search(together):
        candidates = nlargest(_MOST_EXACT, dict.fromkeys(pieces), key=_width_of)
        return max((_exact(piece, measure) for piece in candidates), default=0.0)
    return max(map(_width_of, set(pieces)), default=0.0)


def _exact(text: str, measure: Measure | None) -> float:
    if measure is None or len(text) > _LONGEST_EXACT or text.isascii() or not _UNEVEN.search(text):
        return _width_of(text)
    return measure(text)


def _width_of(text: str) -> float:
    if text.isascii():
        return sum(map(_ASCII.__getitem__, text.encode()))
    return sum(
        _ASCII[ord(char)]
        if char.isascii()
        else _WIDE
        if east_asian_width(char) in "WF"
        else 0.0
        if category(char) in _WITHOUT_WIDTH
        else _CAPITAL
        for char in text
    )
