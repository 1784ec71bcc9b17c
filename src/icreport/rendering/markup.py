"""Elements as HTML, for the HTML page and for what WeasyPrint lays out.

A table's rows are written here in Python, since a template per row would cost several times as much; a theme that
brings `elements/row.html.j2` gets its template called for each row and pays that price.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from markupsafe import escape

from icreport.errors import OptionError
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from icreport.model import Row, Table
    from icreport.rendering.grid import Grid

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
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Look:
    """How the values of one column are shown."""

    kind: str  # "number", "date", "status", "code" (short, no spaces) or "text"
    width: int  # of the widest sampled value, in characters
    share: float = 0  # of the table's width, in percent


def looks_of(grid: Grid) -> list[Look]:
    """Decide from the sample how each column looks."""
    columns = list(zip(*[row.values for row in grid.sample[:_SAMPLE]], strict=True)) or [()] * len(grid.heads)
    looks = [_look(head, column) for head, column in zip(grid.heads, columns, strict=True)]
    # Long text gives way: it can wrap, a number or a tag cannot.
    weights = [
        min(look.width, 14) + (3.8 if look.kind == "status" else 2.2) + max(0, min(look.width, 200) - 14) ** 0.6
        for look in looks
    ]
    return [
        replace(look, share=round(100 * weight / sum(weights), 3)) for look, weight in zip(looks, weights, strict=True)
    ]


def _look(head: str, column: Sequence[Any]) -> Look:
    values = [value for value in column if value is not None and value != ""]
    texts = [text_of(value) for value in values]
    longest_word = max((len(word) for word in head.split()), default=1)
    width = max([longest_word, *map(_width, texts)])
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return Look("number", width)
    if values and all(_DATE.fullmatch(text) for text in texts):
        return Look("date", width)
    distinct = {text.casefold() for text in texts}
    short = len(distinct) <= _MOST_STATUSES and all(len(text) <= _LONGEST_STATUS for text in distinct)
    if short and distinct & _CLASS_OF.keys() and not any(text[:1].isdigit() for text in distinct):
        return Look("status", width)
    if width <= _LONGEST_CODE and not any(" " in text or "\n" in text for text in texts):
        return Look("code", width)
    return Look("text", width)


def _width(text: str) -> int:
    return max(map(len, text.split("\n")), default=0)


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
        columns = [self._cells(at, column) for at, column in enumerate(zip(*[row.values for row in rows], strict=True))]
        if self._link and columns:
            columns[0] = [self._linked(row, cell) for row, cell in zip(rows, columns[0], strict=True)]
        starts = [_start(row) for row in rows]
        lines = map("".join, zip(starts, *columns, strict=True))
        return "<tbody>\n" + "</tr>\n".join(lines) + "</tr>\n</tbody>\n"

    def _cells(self, at: int, column: Sequence[Any]) -> Sequence[str]:
        start, end = ('<th scope="row">', "</th>") if at < self._row_heads else ("<td>", "</td>")
        texts = _texts(column) if self._text is text_of else [self._text(value) for value in column]
        if self._looks[at].kind == "status":
            return [start + self._status(text) + end for text in texts]
        if self._text is not text_of:
            return [self._local(value, text, start, end) for value, text in zip(column, texts, strict=True)]
        whole = _BETWEEN.join(texts)
        plain = "".join(texts)
        if plain.isprintable() or not _NOT_HTML.search(plain):
            # What no HTML can hold stands between the texts, so that C code makes the cells of the column at once.
            if any(mark in whole for mark in _MARKS):
                whole = str(escape(whole))
            return (start + whole.replace(_BETWEEN, end + _BETWEEN + start) + end).split(_BETWEEN)
        return [start + escaped(text) + end for text in texts]

    @staticmethod
    def _local(value: Any, text: str, start: str, end: str) -> str:
        # The value as it came, where it is shown in another form: the script sorts and downloads by it.
        plain = text_of(value)
        if plain != text:
            start = f'{start[:-1]} data-value="{escaped(plain)}">'
        return start + escaped(text) + end

    def _status(self, text: str) -> str:
        found = self._statuses.get(text)
        if found is None:
            kind = _CLASS_OF.get(text.casefold(), "")
            found = f'<span class="s {kind}">{escaped(text)}</span>' if text else ""
            self._statuses[text] = found
        return found

    def address(self, row: Row) -> str | None:
        """Give where a row leads, None where it leads nowhere."""
        return self._link.address(self._object, row.source_key) if self._link else None

    def _linked(self, row: Row, cell: str) -> str:
        address = self.address(row)
        if address is None:
            return cell
        start = cell.index(">") + 1
        end = cell.rindex("</")
        text = cell[start:end] or escaped(text_of(row.source_key))
        return f'{cell[:start]}<a href="{escaped(address)}">{text}</a>{cell[end:]}'


def _texts(column: Sequence[Any]) -> Sequence[str]:
    """Give the values of a column as `text_of` does, at once where they are of one kind."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return column
    if kinds <= {str, type(None)}:
        return [value or "" for value in column]
    if kinds <= {int, float}:
        return list(map(str, column))
    return [text_of(value) for value in column]


def _start(row: Row) -> str:
    key = row.source_key
    if type(key) is int:
        return f'<tr data-source-key="{key}">'
    return "<tr>" if key is None else f'<tr data-source-key="{escaped(text_of(key))}">'


# HTML 13.2.3.5: NUL and most other control characters are errors in a document, and CR would become LF.
_MARKS = ("&", "<", ">", '"', "'")
_BETWEEN = "\x1f"
_NOT_HTML = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def escaped(text: str) -> str:
    """Give text as HTML: markup escaped, what HTML cannot hold as U+FFFD."""
    return str(escape(showable(text)))


def showable(text: str) -> str:
    """Give text with LF for line ends, and U+FFFD for what HTML cannot hold."""
    if text.isprintable():
        return text
    return _NOT_HTML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def count_replaced(values: Iterable[Any]) -> int:
    """Count the characters of values that `showable` gives as U+FFFD."""
    text = " ".join([value if type(value) is str else text_of(value) for value in values if value])
    if text.isprintable():
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
