"""The rows of a table as sheet XML (ECMA-376 part 1, 18.3.1.73 `row` and 18.3.1.4 `c`), column by column.

Rows and cells say where they stand (`r`): it is optional, but many readers count on it. Texts are inline strings: they
are never formulas, and nothing has to be remembered until the end of the workbook. Each is marked as text, so that
Excel makes nothing else of it when the cell is edited.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any, Protocol

from openpyxl.utils import get_column_letter

from icreport.rendering.xlsx.serial_dates import serial
from icreport.rendering.xlsx.xml_text import (
    MOST_UNITS,
    cut,
    escape,
    prose_width,
    units,
    width_of,
    with_line_feeds,
    without_forbidden,
)
from icreport.values import ExactFloat, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from icreport.rendering.xlsx.styles import Styles

_NULL = type(None)
_SLIM = frozenset((int, float, ExactFloat, bool, _NULL))
_FLOATS = frozenset((float, ExactFloat))
_MOST_KEPT = 1 << 14
_MOST_DIGITS = 10**15
_SMALLEST = 2.2250738585072014e-308  # Excel makes smaller ones zero
# Numbers with more digits than Excel shows of its own accord (General: 11 characters, 1E-05 for 0.00001) get a format.
_MOST_GENERAL_INT = 10**11
_MOST_GENERAL_DIGITS = 9
_MOST_SHOWN_DIGITS = 15
_MOST_DECIMALS = 30
_WIDEST, _NARROWEST = 60, 6
# Blanks that XML readers may drop, and what may be a date.
_OUTER_BLANK = re.compile("\n | \n")
_MAY_BE_DATE = re.compile("\n[0-9]{4}-")
# Excel shows TRUE whatever the format, others go by it.
_BOOLS = '"true";"true";"false"'
_DECIMAL = re.compile(r"-?([0-9]+)\.([0-9]+)")
MARGIN = 2.5
"""How much wider than its content a column is."""
_LINE, _HIGHEST, _HALF_A_WORD, _PADDING = 15, 409, 3, 1
_BLANK = "/>"


class Losses(Protocol):
    """Whom to tell what a cell cannot hold."""

    def cut(self, row: int, column: int, text: str) -> None:
        """Take a text of which the cell holds only the start; row and column count from 0 within the table."""

    def replaced(self, count: int) -> None:
        """Take note of characters that became U+FFFD."""

    def rounded_date(self, row: int, column: int) -> None:
        """Take note of a date whose fraction of a second is cut."""

    def line_ends(self, count: int) -> None:
        """Take note of line ends that became line feeds."""


class TableCells:
    """Writes the cells of one table.

    Columns start with what their first rows need, and get wider, or wrapped, as rows need it. `heads` are the first
    columns that head the rows, `link` is the column that holds the links to the records, if any.
    """

    def __init__(
        self,
        sample: Sequence[Sequence[Any]],
        width: int,
        styles: Styles,
        losses: Losses,
        *,
        heads: int,
        link: int | None,
    ) -> None:
        columns: Sequence[Sequence[Any]] = list(zip(*sample, strict=True)) if sample else [()] * width
        self._styles, self._losses = styles, losses
        self._heads, self._link = heads, link
        self._letters = [get_column_letter(number) for number in range(1, width + 1)]
        self._wide = [_width_needed(column) for column in columns]
        self._wraps = [
            wide > _WIDEST or _has_line_break(column) for wide, column in zip(self._wide, columns, strict=True)
        ]
        self.are_text = [all(isinstance(value, str | None) for value in column) for column in columns]
        self.columns = self._columns()

    @property
    def widths(self) -> list[int]:
        """The widths of the columns, by all rows so far."""
        return [
            min(max(wide, column.width, _NARROWEST), _WIDEST)
            for wide, column in zip(self._wide, self.columns, strict=True)
        ]

    def _columns(self) -> list[ColumnCells]:
        return [
            ColumnCells(
                number,
                self._styles,
                self._losses,
                wrap=wrap,
                top=any(self._wraps),
                # Text keeps away from the numbers in the column before.
                indent=number > 0 and not self.are_text[number - 1],
                head=number < self._heads,
                link=number == self._link,
            )
            for number, wrap in enumerate(self._wraps)
        ]

    def rows(self, columns: Sequence[Sequence[Any]], first: int, top: int, linked: Sequence[bool] | None = None) -> str:
        """Return the XML of rows, from their values by column.

        `first` is the number of the first one in the table, from 0; `top` that in the sheet, from 1; `linked` tells
        which rows have a link, if the table has any.
        """
        self._wrap_where_needed(columns)
        count = len(columns[0]) if columns else 0
        numbers = [str(number) for number in range(top, top + count)]
        # Filling a column at a time and joining once takes a third of the time of formatting row by row.
        step = 4 * len(columns) + 4
        pieces: list[str] = [""] * (step * count)
        pieces[0::step] = ['<row r="'] * count
        pieces[1::step] = numbers
        pieces[2::step] = [f'"{tall}>' for tall in self._heights(columns)] if any(self._wraps) else ['">'] * count
        end = ""
        for number, (column, values) in enumerate(zip(self.columns, columns, strict=True)):
            before, texts, after = column.cells(values, first, linked if number == self._link else None)
            at = 4 * number + 3
            pieces[at::step] = [f'{end}<c r="{self._letters[number]}'] * count
            pieces[at + 1 :: step] = numbers
            pieces[at + 2 :: step] = ['"' + before] * count
            pieces[at + 3 :: step] = texts
            end = after
        pieces[step - 1 :: step] = [end + "</row>"] * count
        return "".join(pieces)

    def _wrap_where_needed(self, columns: Sequence[Sequence[Any]]) -> None:
        """Wrap from now on the columns whose rows are wider, or have more lines, than those before."""
        found = [
            number
            for number, values in enumerate(columns)
            if not self._wraps[number]
            and _may_need_wrap(values)
            and (_width_needed(values) > _WIDEST or _has_line_break(values))
        ]
        if found:
            self._wide = self.widths
            for number in found:
                self._wraps[number] = True
            self.columns = self._columns()

    def _heights(self, columns: Sequence[Sequence[Any]]) -> list[str]:
        """Return the heights of rows with wrapped text, which not every reader finds by itself."""
        wrapped = [
            [line_count(text_of(value), width + MARGIN - _PADDING) for value in values]
            for values, width, wraps in zip(columns, self.widths, self._wraps, strict=True)
            if wraps
        ]
        return [height(max(lines)) for lines in zip(*wrapped, strict=True)]


def _width_needed(values: Iterable[Any]) -> int:
    return max((width_of(text_of(value)) for value in values), default=0)


def _has_line_break(values: Iterable[Any]) -> bool:
    return any(isinstance(value, str) and ("\n" in value or "\r" in value) for value in values)


def _may_need_wrap(values: Sequence[Any]) -> bool:
    """Look quickly whether any value is long or has a line break; numbers never are."""
    try:
        whole = "".join(values)
    except TypeError:
        texts = [value if isinstance(value, str) else text_of(value) for value in values if type(value) not in _SLIM]
        if not texts:
            return False
        whole, values = "".join(texts), texts
    return not whole.isprintable() or max(map(len, values)) > _WIDEST // 2


def height(lines: int, gap: int = 0) -> str:
    """Give the attribute for the height of a row with so many lines and a gap (points); nothing for one line."""
    return "" if lines <= 1 else f' ht="{min(lines * _LINE + gap, _HIGHEST)}"'


def line_count(text: str, width: float) -> int:
    """Give how many lines a text takes, wrapped in a column so wide."""
    if "\n" not in text and "\r" not in text and width_of(text) <= width:
        return 1
    # Where a text is wrapped, about half a word of each line stays empty.
    widths = map(prose_width, with_line_feeds(text)[0].split("\n"))
    return sum(1 if wide <= width else ceil(wide / max(width - _HALF_A_WORD, 1)) for wide in widths)


class ColumnCells:
    """Writes the cells of one column; `width` is that of the widest one, as far as it was looked at.

    A cell is written from behind its place: `<c r="A1"` is the caller's.
    """

    def __init__(
        self,
        number: int,
        styles: Styles,
        losses: Losses,
        *,
        wrap: bool = False,
        top: bool = False,
        indent: bool = False,
        head: bool = False,
        link: bool = False,
    ) -> None:
        self.width = 0
        self.indent = indent
        self._number = number
        self._styles = styles
        self._losses = losses
        self._look = {"top": top, "head": head, "link": link}
        style = styles.attribute
        self._style = style(**self._look, wrap=wrap, indent=indent, quote=True)
        self._plain = style(**self._look)
        bools = style(**self._look, format=_BOOLS, align="center")
        self._bools = {value: f'{bools} t="b"><v>{value:d}</v></c>' for value in (True, False)}
        self._floats = _Kept(self._float)
        self._exacts = _Kept(self._exact)
        self._dates = _Kept(self._date_or_text)
        # Rows without a link do not look as if they had one.
        self._unlinked = (
            ColumnCells(number, styles, losses, wrap=wrap, top=top, indent=indent, head=head) if link else None
        )

    def cells(
        self, values: Sequence[Any], first: int, linked: Sequence[bool] | None = None
    ) -> tuple[str, list[str], str]:
        """Return what all cells start with, what each goes on with, and what all end with."""
        if self._unlinked and linked is not None and not all(linked):
            looks = (self._unlinked, self)
            cells = [
                looks[is_linked].cell(value, row)
                for row, (value, is_linked) in enumerate(zip(values, linked, strict=True), first)
            ]
            self.width = max(look.width for look in looks)
            return "", cells, ""
        kinds = set(map(type, values))
        kinds.discard(_NULL)
        if kinds == {str}:
            return self._texts(values, first)
        if kinds <= _FLOATS:
            exacts, floats = self._exacts, self._floats
            if ExactFloat in kinds:
                cells = [exacts[value.literal] if type(value) is ExactFloat else floats[value] for value in values]
                return "", cells, ""
            return "", list(map(floats.__getitem__, values)), ""
        if kinds == {int} and None not in values and (size := max(abs(max(values)), abs(min(values)))) < _MOST_DIGITS:
            self._widen(len(str(size)) + (min(values) < 0))
            return f"{self._integer(size)}><v>", list(map(str, values)), "</v></c>"
        return "", [self.cell(value, row) for row, value in enumerate(values, first)], ""

    def _texts(self, values: Sequence[str | None], first: int) -> tuple[str, list[str], str]:
        """Do as `cells` for values of which all are texts or null."""
        texts: Sequence[Any] = [value for value in values if value is not None]
        longest = max(map(len, texts), default=0)
        whole = "".join(texts)
        if longest > MOST_UNITS // 2 or not whole.isprintable():
            return "", [self.cell(value, row) for row, value in enumerate(values, first)], ""
        # What is lost of a text has to be told each time, so only texts that lose nothing are looked up.
        lines = "\n" + "\n".join(texts) + "\n"
        if _MAY_BE_DATE.search(lines):
            if "." in whole:
                self._tell_rounded(values, first)
            return "", list(map(self._dates.__getitem__, values)), ""
        if longest * 2 > self.width:
            self._widen(longest if whole.isascii() else max(map(width_of, texts)))
        if "&" in whole or "<" in whole or ">" in whole or "_x" in whole or _OUTER_BLANK.search(lines):
            return "", [_BLANK if value is None else self._text_cell(value) for value in values], ""
        start, end = f'{self._style} t="inlineStr"><is><t>', "</t></is></c>"
        if len(texts) == len(values):
            return start, list(texts), end
        return "", [_BLANK if value is None else start + value + end for value in values], ""

    def _widen(self, width: int) -> None:
        self.width = max(self.width, width)

    def _tell_rounded(self, values: Sequence[Any], first: int) -> None:
        for row, value in enumerate(values, first):
            if value and (found := serial(value)) and found.is_cut:
                self._losses.rounded_date(row, self._number)

    def cell(self, value: Any, row: int) -> str:
        """Return the XML of a cell."""
        if value is None:
            return _BLANK
        if isinstance(value, str):
            if "." in value:
                self._tell_rounded([value], row)
            return self._date_or_text(value, row)
        if isinstance(value, bool):
            return self._bools[value]
        if isinstance(value, ExactFloat):
            return self._exacts[value.literal]
        if isinstance(value, float):
            return self._floats[value]
        if isinstance(value, int) and abs(value) < _MOST_DIGITS:
            self._widen(len(str(value)))
            return f"{self._integer(abs(value))}><v>{value}</v></c>"
        return self._text_cell(text_of(value), row)

    def _float(self, value: float) -> str:
        text = str(value)
        size = abs(value)
        self._widen(len(text))
        # Most numbers have so few digits that Excel shows them, or more than it can show: no need to count them.
        if 0.1 <= size < 1e9 and text[-1] != "0" and not 10 < len(text) - (value < 0) < 18:  # noqa: PLR2004
            return f"{self._plain}><v>{text}</v></c>"
        if not isfinite(value) or 0 < size < _SMALLEST:
            return self._text_cell(text)
        return f"{self._style_of(text)}><v>{text}</v></c>"

    def _exact(self, text: str) -> str:
        number = float(text)
        self._widen(len(text))
        if not isfinite(number) or 0 < abs(number) < _SMALLEST or Decimal(repr(number)) != Decimal(text):
            return self._text_cell(text)
        return f"{self._style_of(text)}><v>{number!r}</v></c>"

    def _integer(self, size: int) -> str:
        return self._plain if size < _MOST_GENERAL_INT else self._format("0")

    def _style_of(self, number: str) -> str:
        """Give the style that shows a number with the digits that it came with."""
        decimals = shown_decimals(number)
        return self._format("0." + "0" * decimals) if decimals else self._plain

    def _format(self, shape: str) -> str:
        return self._styles.attribute(**self._look, format=shape)

    def _date_or_text(self, text: str, row: int = 0) -> str:
        found = serial(text)
        if found is None:
            self._widen(width_of(text))
            return self._text_cell(text, row)
        self._widen(len(text))
        style = self._styles.attribute(**self._look, format=found.format, align="left", indent=self.indent)
        return f"{style}><v>{found.number!r}</v></c>"

    def _text_cell(self, text: str, row: int = 0) -> str:
        return _text(text, self._style, self._losses, row, self._number)


def text_cell(place: str, text: str, style: str, losses: Losses, row: int = 0) -> str:
    """Return a cell at a place (`A1`) with any text, its style an attribute; tells `losses` what it cannot hold."""
    return f'<c r="{place}"' + _text(text, style, losses, row, 0)


def _text(text: str, style: str, losses: Losses, row: int, column: int) -> str:
    text, count = without_forbidden(text)
    if count:
        losses.replaced(count)
    text, count = with_line_feeds(text)
    if count:
        losses.line_ends(count)
    if len(text) > MOST_UNITS // 2 and units(text) > MOST_UNITS:
        losses.cut(row, column, text)
        text = cut(text, MOST_UNITS)
    space = ' xml:space="preserve"' if text.strip() != text or "\n" in text else ""
    return f'{style} t="inlineStr"><is><t{space}>{escape(text)}</t></is></c>'


def shown_decimals(number: str) -> int:
    """Give how many decimals a format has to ask for; 0 where Excel shows all digits, or cannot."""
    found = _DECIMAL.fullmatch(number)
    if not found:
        return 0
    whole, fraction = found.groups()
    if len((whole + fraction).lstrip("0")) > _MOST_SHOWN_DIGITS or len(fraction) > _MOST_DECIMALS:
        return 0
    long = len(whole) + len(fraction) > _MOST_GENERAL_DIGITS
    return len(fraction) if long or fraction[-1] == "0" or fraction.startswith("0000") else 0


class _Kept(dict[Any, str]):
    """Cells of values that were met before: measurements and dates repeat. Null is a blank one."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__({None: _BLANK})
        self._make = make

    def __missing__(self, value: Any) -> str:
        cell = self._make(value)
        # 0.0 and -0.0 are equal, so neither may stand for the other.
        if value and len(self) < _MOST_KEPT:
            self[value] = cell
        return cell
