"""The rows of a table as sheet XML (ECMA-376 part 1, 18.3.1.73 `row` and 18.3.1.4 `c`), column by column.

Rows and cells leave their optional `r` out, so what stands where follows from their order alone. Texts are inline
strings: they are never formulas, and nothing has to be remembered until the end of the workbook.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any, Protocol

from icreport.rendering.xlsx.serial_dates import date_format, serial
from icreport.rendering.xlsx.xml_text import MOST_UNITS, cut, escape, prose_width, units, width_of, without_forbidden
from icreport.values import ExactFloat, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from icreport.rendering.xlsx.styles import Styles

_NULL = type(None)
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
# What Excel would make something else of when a cell is edited, and blanks that XML readers may drop.
_DELICATE = re.compile("\n[ 0-9=+@.,($\u00a3\u00a5\u20ac%'/:#\uff1d\uff0b\uff0d\uff20-]")
_STARTS = frozenset("0123456789=+@.,($\u00a3\u00a5\u20ac%'/:#\uff1d\uff0b\uff0d\uff20-")
# Excel shows TRUE whatever the format, others go by it.
_BOOLS = '"true";"true";"false"'
_DECIMAL = re.compile(r"-?([0-9]+)\.([0-9]+)")
MARGIN = 2.5
"""How much wider than its content a column is."""
_LINE, _HIGHEST, _HALF_A_WORD, _PADDING = 15, 409, 3, 1
BLANK = "<c/>"


class Losses(Protocol):
    """Whom to tell what a cell cannot hold."""

    def cut(self, row: int, column: int, text: str) -> None:
        """Take a text of which the cell holds only the start; row and column count from 0 within the table."""

    def replaced(self, count: int) -> None:
        """Take note of characters that became U+FFFD."""


class TableCells:
    """Writes the cells of one table.

    Types, formats and widths of its columns are decided by its first rows; `heads` are the first columns that head
    the rows, `link` is the column that holds the links to the records, if any.
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
        columns = list(zip(*sample, strict=True)) if sample else [()] * width
        widths = [max((width_of(text_of(value)) for value in column), default=0) for column in columns]
        self.widths = [min(max(width, _NARROWEST), _WIDEST) for width in widths]
        self._wraps = wraps = [
            wide > _WIDEST or any(isinstance(value, str) and "\n" in value for value in column)
            for wide, column in zip(widths, columns, strict=True)
        ]
        self.columns: list[ColumnCells] = []
        for number, (column, wrap) in enumerate(zip(columns, wraps, strict=True)):
            self.columns.append(
                ColumnCells(
                    column,
                    number,
                    styles,
                    losses,
                    wrap=wrap,
                    top=any(wraps),
                    # Text keeps away from the numbers in the column before.
                    indent=number > 0 and not self.columns[-1].is_text,
                    head=number < heads,
                    link=number == link,
                )
            )

    def rows(self, columns: Sequence[Sequence[Any]], first: int) -> str:
        """Give the XML of rows, of which the first has this number in the table, from their values by column."""
        parts = [column.cells(values, first) for column, values in zip(self.columns, columns, strict=True)]
        template = "<row%s>" + "".join([part[0] for part in parts]) + "</row>"
        heights = self._heights(columns) if any(self._wraps) else [""] * len(columns[0] if columns else ())
        return "".join(map(template.__mod__, zip(heights, *[part[1] for part in parts], strict=True)))

    def _heights(self, columns: Sequence[Sequence[Any]]) -> list[str]:
        """Give the heights of rows with wrapped text, which not every reader finds by itself."""
        wrapped = [
            [line_count(text_of(value), width + MARGIN - _PADDING) for value in values]
            for values, width, wraps in zip(columns, self.widths, self._wraps, strict=True)
            if wraps
        ]
        return [height(max(lines)) for lines in zip(*wrapped, strict=True)]


def height(lines: int, gap: int = 0) -> str:
    """Give the attribute for the height of a row with so many lines and a gap (points); nothing for one line."""
    return "" if lines <= 1 else f' ht="{min(lines * _LINE + gap, _HIGHEST)}"'


def line_count(text: str, width: float) -> int:
    """Give how many lines a text takes, wrapped in a column so wide."""
    if "\n" not in text and width_of(text) <= width:
        return 1
    # Where a text is wrapped, about half a word of each line stays empty.
    widths = map(prose_width, text.split("\n"))
    return sum(1 if wide <= width else ceil(wide / max(width - _HALF_A_WORD, 1)) for wide in widths)


class ColumnCells:
    """Writes the cells of one column, with its formats."""

    def __init__(
        self,
        sample: Sequence[Any],
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
        self._number = number
        self._styles = styles
        self._losses = losses
        self._look = {"top": top, "head": head, "link": link}
        self.indent = indent
        present = [value for value in sample if value is not None and value != ""]
        texts = [value for value in present if isinstance(value, str)]
        self._shape = date_format(texts) if texts and len(texts) == len(present) else None
        self.is_text = len(texts) == len(present)
        style = styles.attribute
        self._style = style(**self._look, wrap=wrap, indent=indent)
        self._quote = style(**self._look, wrap=wrap, indent=indent, quote=True)
        self._text = f'<c{self._style} t="inlineStr"><is><t>'
        self._plain = style(**self._look)
        self._date = style(**self._look, format=self._shape, align="left", indent=indent) if self._shape else ""
        bools = style(**self._look, format=_BOOLS, align="center")
        self._bools = {value: f'<c{bools} t="b"><v>{value:d}</v></c>' for value in (True, False)}
        self._floats = _Kept(self._float)
        self._exacts = _Kept(self._exact)
        self._dates = _Kept(self._date_or_text)

    def cells(self, values: Sequence[Any], first: int) -> tuple[str, Iterable[Any]]:
        """Give a template for a cell, and what is to be put into it for each value."""
        kinds = set(map(type, values))
        kinds.discard(_NULL)
        if kinds == {str}:
            return self._texts(values, first)
        if kinds <= _FLOATS:
            exacts, floats = self._exacts, self._floats
            if ExactFloat in kinds:
                return "%s", [exacts[value.literal] if type(value) is ExactFloat else floats[value] for value in values]
            return "%s", map(floats.__getitem__, values)
        if kinds == {int} and None not in values and (size := max(abs(max(values)), abs(min(values)))) < _MOST_DIGITS:
            return f"<c{self._integer(size)}><v>%s</v></c>", values
        return "%s", [self._cell(value, row) for row, value in enumerate(values, first)]

    def _texts(self, values: Sequence[str | None], first: int) -> tuple[str, Iterable[Any]]:
        """Do as `cells` for values of which all are texts or null."""
        if self._shape:
            # What is lost of a text has to be told each time, so only texts that lose nothing are looked up.
            whole = "".join(filter(None, values))
            if whole.isprintable() and max(map(len, filter(None, values)), default=0) <= MOST_UNITS // 2:
                return "%s", map(self._dates.__getitem__, values)
        elif _are_plain(texts := [value for value in values if value is not None]):
            start, end = self._text, "</t></is></c>"
            if len(texts) == len(values):
                return start + "%s" + end, values
            return "%s", [BLANK if value is None else start + value + end for value in values]
        return "%s", [self._cell(value, row) for row, value in enumerate(values, first)]

    def _cell(self, value: Any, row: int) -> str:
        if value is None:
            return BLANK
        if isinstance(value, str):
            return self._text_cell(value, row) if not self._shape else self._date_or_text(value, row)
        if isinstance(value, bool):
            return self._bools[value]
        if isinstance(value, ExactFloat):
            return self._exacts[value.literal]
        if isinstance(value, float):
            return self._floats[value]
        if isinstance(value, int) and abs(value) < _MOST_DIGITS:
            return f"<c{self._integer(abs(value))}><v>{value}</v></c>"
        return self._text_cell(text_of(value), row)

    def _float(self, value: float) -> str:
        text = str(value)
        size = abs(value)
        # Most numbers have so few digits that Excel shows them, or more than it can show: no need to count them.
        if 0.1 <= size < 1e9 and text[-1] != "0" and not 10 < len(text) - (value < 0) < 18:  # noqa: PLR2004
            return f"<c{self._plain}><v>{text}</v></c>"
        if not isfinite(value) or 0 < size < _SMALLEST:
            return self._text_cell(text)
        return f"<c{self._style_of(text)}><v>{text}</v></c>"

    def _exact(self, text: str) -> str:
        number = float(text)
        if not isfinite(number) or 0 < abs(number) < _SMALLEST or Decimal(repr(number)) != Decimal(text):
            return self._text_cell(text)
        return f"<c{self._style_of(text)}><v>{number!r}</v></c>"

    def _integer(self, size: int) -> str:
        return self._plain if size < _MOST_GENERAL_INT else self._format("0")

    def _style_of(self, number: str) -> str:
        """Give the style that shows a number with the digits that it came with."""
        decimals = shown_decimals(number)
        return self._format("0." + "0" * decimals) if decimals else self._plain

    def _format(self, shape: str) -> str:
        return self._styles.attribute(**self._look, format=shape)

    def _date_or_text(self, text: str, row: int = 0) -> str:
        number = serial(text, self._shape or "")
        return self._text_cell(text, row) if number is None else f"<c{self._date}><v>{number!r}</v></c>"

    def _text_cell(self, text: str, row: int = 0) -> str:
        return text_cell(text, self._quote if text[:1] in _STARTS else self._style, self._losses, row, self._number)


def text_cell(text: str, style: str, losses: Losses, row: int = 0, column: int = 0) -> str:
    """Give a cell with any text, its style an attribute; what the cell cannot hold goes to `losses`."""
    text, count = without_forbidden(text)
    if count:
        losses.replaced(count)
    if len(text) > MOST_UNITS // 2 and units(text) > MOST_UNITS:
        losses.cut(row, column, text)
        text = cut(text, MOST_UNITS)
    space = ' xml:space="preserve"' if text.strip() != text or "\n" in text else ""
    return f'<c{style} t="inlineStr"><is><t{space}>{escape(text)}</t></is></c>'


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
        super().__init__({None: BLANK})
        self._make = make

    def __missing__(self, value: Any) -> str:
        cell = self._make(value)
        # 0.0 and -0.0 are equal, so neither may stand for the other.
        if value and len(self) < _MOST_KEPT:
            self[value] = cell
        return cell


def _are_plain(texts: Sequence[str]) -> bool:
    """Look at all texts at once whether none needs an escape, a mark or a cut."""
    if max(map(len, texts), default=0) > MOST_UNITS // 2:
        return False
    whole = "".join(texts)
    if not whole.isprintable() or "&" in whole or "<" in whole or ">" in whole or "_x" in whole:
        return False
    lines = "\n" + "\n".join(texts) + "\n"
    return not (" \n" in lines or _DELICATE.search(lines))
