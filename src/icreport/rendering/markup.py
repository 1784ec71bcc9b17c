"""Elements as HTML, for the HTML page and for what WeasyPrint lays out.

A table's rows are written here in Python, since a template per row would cost several times as much; a theme that
brings `elements/row.html.j2` gets its template called for each row and pays that price.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import repeat
from typing import TYPE_CHECKING, Any
from unicodedata import category, east_asian_width
from urllib.parse import quote, urlsplit

from markupsafe import escape

from icreport.errors import OptionError
from icreport.values import ExactFloat, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from icreport.model import Row, Table
    from icreport.rendering.grid import Grid
    from icreport.rendering.survey import Survey

BAND = 250
"""Rows in one `tbody`: what a browser skips or draws at once."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?")
_CLASSES = {
    "good": "pass passed ok closed accepted acceptable complete completed good",
    "fair": "open monitor monitored minor medium moderate pending waiting overdue due",
    "bad": "fail failed critical major high severe rejected unacceptable bad",
}
_CLASS_OF = {word: name for name, words in _CLASSES.items() for word in words.split()}
_MOST_STATUSES = 8
_LONGEST_STATUS = 16
_LONGEST_CODE = 18
UNBROKEN = ("number", "date", "code")
"""The looks whose values stand on one line."""
_MEASURED = 40
_LONGEST_MEASURED = 2000
_WORD = re.compile(r"[^\s\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]+|\S")
_CAPITAL, _WIDE, _HEAD = 1.1, 1.8, 1.05
"""Widths in digits: of a capital, of a Chinese character, and how much wider a head's bold type is."""
_COMPARED = 8
"""Of the longest pieces of text, those of which the widest is looked for."""
_WIDTHS = {
    0.46: " .,:;'ijl",
    0.6: '-()[]{}/\\`"frtJ',
    0.87: "?*_csvxyzk",
    1.0: "0123456789$|{}aeLFTESYZ",
    1.08: "bdghnopqu",
    1.12: "ABCKPRVX",
    1.35: "#+<=>^~&DGHNOQUw",
    1.64: "@%mMW",
}
"""Characters of ASCII by about their width in digits: the most that Noto Sans or DejaVu Sans needs."""
_ASCII = [next((width for width, chars in _WIDTHS.items() if chr(code) in chars), 0.0) for code in range(128)]
_WITHOUT_WIDTH = frozenset(("Mn", "Me", "Cf"))


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


def looks_of(heads: Sequence[str], survey: Survey, text: Callable[[Any], str] = text_of) -> list[Look]:
    """Decide from a survey how each column looks; `text` gives a value as it is shown."""
    columns = survey.columns() or [[] for _ in heads]
    return [_look(head, column, text) for head, column in zip(heads, columns, strict=True)]


def with_lines(
    looks: Sequence[Look], heads: Sequence[str], rows: Sequence[Row], text: Callable[[Any], str]
) -> list[Look]:
    """Give looks with the lines of about so many rows as say how high the table will be."""
    some = rows[:: max(1, len(rows) // _MEASURED)]
    columns = list(zip(*[row.values for row in some], strict=True)) or [()] * len(heads)
    return [
        replace(look, lines=((_HEAD * _width_of(head),), *map(_lines, _shown(column, text))))
        for look, head, column in zip(looks, heads, columns, strict=True)
    ]


def _lines(text: str) -> tuple[float, ...]:
    return tuple([_width([line]) for line in text[:_LONGEST_MEASURED].split("\n")])


def _look(head: str, column: Sequence[Any], text: Callable[[Any], str]) -> Look:
    values = [value for value in column if value is not None and value != ""]
    texts = _texts(values)
    shown = _shown(values, text)
    in_head = _HEAD * _width_of_word([head])
    width, word = max(in_head, 1.0, _width(shown)), max(in_head, 1.0, _width_of_word(shown))
    length = max(map(len, shown), default=0) * (1 if "".join(shown).isascii() else _WIDE)
    breaks = max((each.count("\n") for each in shown), default=0)
    return Look(_kind(values, texts, width), width, word, length, breaks)


def _kind(values: Sequence[Any], texts: Sequence[str], width: float) -> str:
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return "number"
    if values and all(_DATE.fullmatch(text) for text in texts):
        return "date"
    distinct = {text.casefold() for text in texts}
    short = len(distinct) <= _MOST_STATUSES and all(len(text) <= _LONGEST_STATUS for text in distinct)
    if short and distinct & _CLASS_OF.keys() and not any(text[:1].isdigit() for text in distinct):
        return "status"
    if width <= _LONGEST_CODE and not any(" " in text or "\n" in text for text in texts):
        return "code"
    return "text"


def _width(texts: Sequence[str]) -> float:
    """Give about how wide the widest of these texts is."""
    return _widest(texts, [line for text in texts for line in text.split("\n")])


def _width_of_word(texts: Sequence[str]) -> float:
    """Give about how wide the widest word is; lines may be broken between any two wide characters."""
    return _widest(texts, _WORD.findall("\n".join(texts)))


def _widest(texts: Sequence[str], pieces: Sequence[str]) -> float:
    if "".join(texts).isascii():
        pieces = nlargest(_COMPARED, set(pieces), key=len)
    return max(map(_width_of, pieces), default=0.0)


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


class Rows:
    """Writes the rows of one table as HTML; `text` gives a value as text."""

    def __init__(
        self,
        grid: Grid,
        table: Table,
        looks: Sequence[Look],
        link: LinkPattern | None,
        text: Callable[[Any], str] = text_of,
    ) -> None:
        self._text = text
        self._row_heads = grid.row_heads
        self._looks = looks
        self._link = link
        self._object = table.source_business_object
        self._statuses: dict[str, str] = {}

    def band(self, rows: Sequence[Row]) -> str:
        """Give one `tbody`."""
        values = list(zip(*[row.values for row in rows], strict=True))
        texts = [self.texts(column) for column in values]
        columns = [self._contents(at, column) for at, column in enumerate(texts)]
        if self._link and columns:
            columns[0] = list(map(self._linked, rows, texts[0], columns[0]))
        starts = _starts([row.source_key for row in rows])
        if not columns or self._row_heads or self._text is not text_of:
            tagged = [
                map("".join, zip(self._tags(at, values[at], texts[at]), column, repeat(self._end(at))))
                for at, column in enumerate(columns)
            ]
            lines = map("".join, zip(starts, *tagged, strict=True))
            return "<tbody>\n" + "</tr>\n".join(lines) + "</tr>\n</tbody>\n"
        columns[0] = list(map("<td>".join, zip(starts, columns[0], strict=True)))
        lines = map("</td><td>".join, zip(*columns, strict=True))
        return "<tbody>\n" + "</td></tr>\n".join(lines) + "</td></tr>\n</tbody>\n"

    def texts(self, column: Sequence[Any]) -> Sequence[str]:
        """Give the values of a column as text."""
        return _shown(column, self._text)

    def _contents(self, at: int, texts: Sequence[str]) -> Sequence[str]:
        if self._looks[at].kind == "status":
            return [self._status(text) for text in texts]
        together = "".join(texts)
        if not is_showable(together):
            return [escaped(text) for text in texts]
        if any(mark in together for mark in _MARKS):
            # What no HTML can hold stands between the texts, so that C code escapes the column at once.
            return str(escape(_BETWEEN.join(texts))).split(_BETWEEN)
        return texts

    def _tags(self, at: int, values: Sequence[Any], texts: Sequence[str]) -> Iterable[str]:
        start = '<th scope="row"' if at < self._row_heads else "<td"
        if self._text is text_of:
            return repeat(f"{start}>", len(values))
        # The value as it came, where it is shown in another form: the script sorts and downloads by it.
        plains = _texts(values)
        return [
            f"{start}>" if plain == text else f'{start} data-value="{escaped(plain)}">'
            for plain, text in zip(plains, texts, strict=True)
        ]

    def _end(self, at: int) -> str:
        return "</th>" if at < self._row_heads else "</td>"

    def _status(self, text: str) -> str:
        found = self._statuses.get(text)
        if found is None:
            found = _chip(text, escaped(text))
            if len(text) <= _LONGEST_STATUS:
                self._statuses[text] = found
        return found

    def address(self, row: Row) -> str | None:
        """Give where a row leads, None where it leads nowhere."""
        return self._link.address(self._object, row.source_key) if self._link else None

    def _linked(self, row: Row, text: str, content: str) -> str:
        address = self.address(row)
        if address is None:
            return content
        link = f'<a href="{escaped(address)}">{escaped(text or text_of(row.source_key))}</a>'
        # The link is in the chip: WeasyPrint has no place in the structure for a box within a link.
        return _chip(text, link) if self._looks[0].kind == "status" else link


def _chip(text: str, content: str) -> str:
    """Give the content of a cell that shows a status, in the colour of what the text means; long text as it is."""
    if not 0 < len(text) <= _LONGEST_STATUS:
        return content
    return f'<span class="s {_CLASS_OF.get(text.casefold(), "")}">{content}</span>'


_NUMBERS = {int, float, ExactFloat}
_WITHOUT_TEXT = {*_NUMBERS, bool, type(None)}


def _shown(values: Sequence[Any], text: Callable[[Any], str]) -> Sequence[str]:
    """Give values as text in the way that is asked for."""
    return _texts(values) if text is text_of else [text(value) for value in values]


def _texts(column: Sequence[Any]) -> Sequence[str]:
    """Give the values of a column as `text_of` does, at once where they are of one kind."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return column
    if kinds <= {str, type(None)}:
        return [value or "" for value in column]
    if kinds <= _NUMBERS:
        return list(map(str, column))
    if kinds == {bool}:
        return ["true" if value else "false" for value in column]
    return [text_of(value) for value in column]


def _starts(keys: Sequence[Any]) -> list[str]:
    if set(map(type, keys)) == {int}:
        return [f'<tr data-source-key="{key}">' for key in keys]
    return ["<tr>" if key is None else f'<tr data-source-key="{escaped(text_of(key))}">' for key in keys]


# HTML 13.2.3.5: NUL and most other control characters are errors in a document, and CR would become LF.
_MARKS = ("&", "<", ">", '"', "'")
_BETWEEN = "\x1f"
_NOT_HTML = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_CONTROLS = bytes([*range(0x09), *range(0x0B, 0x20), 0x7F])


def escaped(text: str) -> str:
    """Give text as HTML: markup escaped, what HTML cannot hold as U+FFFD."""
    return str(escape(showable(text)))


def is_showable(text: str) -> bool:
    """Say whether HTML can hold a text as it is."""
    if text.isascii():
        data = text.encode()
        return len(data.translate(None, _CONTROLS)) == len(data)
    return text.isprintable() or not _NOT_HTML.search(text)


def showable(text: str) -> str:
    """Give text with LF for line ends, and U+FFFD for what HTML cannot hold."""
    if is_showable(text):
        return text
    return _NOT_HTML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def shortened(text: str, longest: int) -> str:
    """Give text of up to so many characters, an ellipsis in place of the rest."""
    return text if len(text) <= longest else text[: longest - 1] + "\u2026"


def count_replaced(values: Sequence[Any]) -> int:
    """Count the characters of values that `showable` gives as U+FFFD."""
    if set(map(type, values)) <= _WITHOUT_TEXT:
        return 0
    text = " ".join(_texts(values))
    if is_showable(text):
        return 0
    return len(_NOT_HTML.findall(text.replace("\r\n", "\n").replace("\r", "\n")))


class LinkPattern:
    """The address of a record: `https://host/#/{sourceBusinessObject}/{sourceKey}`."""

    def __init__(self, pattern: str) -> None:
        parts = urlsplit(pattern)
        if parts.scheme not in {"http", "https"} or not parts.netloc or "{" in parts.netloc:
            raise OptionError("the link is no http or https address")
        self._pattern = pattern

    def address(self, business_object: str | None, key: Any) -> str | None:
        """Give the address of a record, None where a part of it is not known."""
        if key is None or (business_object is None and "{sourceBusinessObject}" in self._pattern):
            return None
        filled = self._pattern.replace("{sourceBusinessObject}", quote(business_object or "", safe=""))
        return filled.replace("{sourceKey}", quote(text_of(key), safe=""))
