"""Rows of values as the XML of a sheet's rows (ECMA-376 part 1, 18.3.1.73 row, 18.3.1.4 c).

Columns are looked at in batches: where all values of a batch are of one kind, as they mostly are, its cells are one
piece of a template that the whole row fills in. Everything else goes cell by cell, with the same result.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
from openpyxl.utils import get_column_letter

from icreport.model import ExactFloat
from icreport.rendering.values import text_of
from icreport.rendering.xlsx.dates import excel_date
from icreport.rendering.xlsx.styles import BOOLEAN, GENERAL, TEXT
from icreport.rendering.xlsx.text import MAX_CELL, escape, fit_for_xml, is_plain, keeps_space, utf16_length

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from icreport.rendering.xlsx.styles import Styles

EXACT_DIGITS = 15
"""Excel shows and edits numbers with 15 digits; integers with more are written as text."""

LONG_TEXT = 60
"""Texts that are longer than so many characters wrap."""

LINE_HEIGHT = 15.0
MAX_HEIGHT = 409.0
"""In points, as Excel has them."""

# A column is LONG_TEXT digits wide; letters are narrower.
_LINE_LETTERS = 68
_MOST = 10**EXACT_DIGITS
_PLAIN_DECIMAL = re.compile(r"-?\d+\.(\d{1,30})")
_KNOWN_DATES = 1 << 14


class Losses:
    """Takes note of what a cell cannot hold: told the row, the column (both from 1) and the whole text."""

    def cut(self, row: int, column: int, text: str) -> None:
        """Note a text that is longer than a cell."""

    def replaced(self, row: int, column: int, count: int) -> None:
        """Note characters that XML cannot hold."""


class Column:
    """How the values of one column become cells; `sample` decides on dates and on wrapping."""

    def __init__(self, number: int, sample: Sequence[Any], styles: Styles, *, is_head: bool = False) -> None:
        self.number = number
        self.letter = get_column_letter(number)
        texts = [value for value in sample if type(value) is str]
        self.wraps = any(len(text) > LONG_TEXT or "\n" in text for text in texts)
        self._styles = styles
        self.text_style = styles.row_head if is_head else styles.body(TEXT, wrap=self.wraps)
        self.number_style = styles.row_head if is_head else styles.body()
        self.boolean_style = styles.row_head if is_head else styles.body(BOOLEAN)
        texts = list(filter(None, texts))
        dated = not is_head and bool(texts) and all(map(excel_date, texts))
        dated &= all(value is None or type(value) is str for value in sample)
        self.dates: _DateCells | None = _DateCells(styles) if dated else None
        self.has_times = dated and any(len(text) > len("yyyy-mm-dd") for text in texts)

    def piece(self, values: Sequence[Any], row: int, losses: Losses) -> tuple[str, Iterable[Any]]:
        """Give what stands in the row's template after the cell's reference, and its value for each row."""
        kinds = set(map(type, values))
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind is str and self.dates is None and is_plain(values):
            return f' s="{self.text_style}" t="inlineStr"><is><t>%s</t></is></c>', values
        if kind is bool:
            return f' s="{self.boolean_style}" t="b"><v>%d</v></c>', values
        if kind is float or (kind is int and min(values) > -_MOST and max(values) < _MOST):
            numbers = msgspec.json.encode(values).decode()[1:-1].split(",")
            if "null" not in numbers:
                return f' s="{self.number_style}"><v>%s</v></c>', numbers
        return "%s", [self.cell(value, at, losses) for at, value in enumerate(values, row)]

    def cell(self, value: Any, row: int, losses: Losses) -> str:
        """Give a cell from after its reference."""
        if value is None:
            return f' s="{self.text_style}"/>'
        kind = type(value)
        if kind is str:
            if self.dates is not None and (cell := self.dates[value]):
                return cell
            return self._text(value, row, losses)
        if kind is bool:
            return f' s="{self.boolean_style}" t="b"><v>{int(value)}</v></c>'
        if kind is float or kind is int or kind is ExactFloat:
            number = _number(value)
            if number is not None:
                literal, number_format = number
                style = self.number_style if number_format == GENERAL else self._styles.body(number_format)
                return f' s="{style}"><v>{literal}</v></c>'
            return f' s="{self._styles.body(TEXT, right=True)}" t="inlineStr"><is><t>{value}</t></is></c>'
        return self._text(text_of(value), row, losses)

    def _text(self, text: str, row: int, losses: Losses) -> str:
        if len(text) > MAX_CELL // 2 and utf16_length(text) > MAX_CELL:
            losses.cut(row, self.number, text)
            text = cut_to_cell(text)
        fit = fit_for_xml(text)
        if fit != text:
            losses.replaced(row, self.number, sum(map(str.__ne__, fit, text)))
        return f' s="{self.text_style}" t="inlineStr"><is><t{keeps_space(fit)}>{escape(fit)}</t></is></c>'


def cut_to_cell(text: str) -> str:
    """Give as much of the start of a text as a cell holds."""
    text = text[:MAX_CELL]
    return text.encode("utf-16-le", "surrogatepass")[: 2 * MAX_CELL].decode("utf-16-le", "ignore")


def _number(value: float) -> tuple[str, str] | None:
    """Give the literal and format of a number, None for one that Excel cannot hold or show to the last digit."""
    if isinstance(value, int):
        return (str(value), GENERAL) if -_MOST < value < _MOST else None
    literal = float.__repr__(value)
    if literal in {"inf", "-inf", "nan"}:
        return None
    if isinstance(value, ExactFloat):
        if len(value.literal) > 2 * MAX_CELL or Decimal(value.literal) != Decimal(literal):
            return None
        decimals = _PLAIN_DECIMAL.fullmatch(value.literal)
        if decimals and len(value.literal) <= EXACT_DIGITS:
            return literal, "0." + "0" * len(decimals[1])
    return literal, GENERAL


class _DateCells(dict[str, str]):
    """The cells of dates by their text, empty for texts that are none: the same days come again and again."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    def __missing__(self, text: str) -> str:
        found = excel_date(text)
        cell = f' s="{self._styles.body(found[1])}"><v>{found[0]}</v></c>' if found else ""
        if len(self) < _KNOWN_DATES:
            self[text] = cell
        return cell


def rows_xml(columns: Sequence[Column], values: Sequence[Sequence[Any]], row: int, losses: Losses) -> str:
    """Give the XML of consecutive rows from the values of their columns; `row` is the number of the first, from 1."""
    numbers = range(row, row + len(values[0]))
    template = '<row r="%d">'
    parts: list[Iterable[Any]] = [numbers]
    if wrapping := [of_column for column, of_column in zip(columns, values, strict=True) if column.wraps]:
        template = '<row r="%d"%s>'
        parts.append(map(_height, *wrapping))
    for column, of_column in zip(columns, values, strict=True):
        piece, cells = column.piece(of_column, row, losses)
        template += f'<c r="{column.letter}%d"{piece}'
        parts += [numbers, cells]
    fill: Callable[[tuple[Any, ...]], str] = (template + "</row>").__mod__
    return "".join(map(fill, zip(*parts, strict=True)))


def _height(*values: Any) -> str:
    """Give the height of a row in which a text takes several lines; not every reader finds it by itself."""
    texts = [value for value in values if type(value) is str and (len(value) > LONG_TEXT or "\n" in value)]
    if not texts:
        return ""
    lines = max(sum(1 + len(line) // _LINE_LETTERS for line in text.split("\n")) for text in texts)
    return f' ht="{min(lines * LINE_HEIGHT, MAX_HEIGHT)}"'


def text_row(row: int, cells: Iterable[tuple[str, int]], *, height: float | None = None) -> str:
    """Give a row of texts with their styles."""
    inner = "".join(
        f'<c r="{get_column_letter(number)}{row}" s="{style}" t="inlineStr">'
        f"<is><t{keeps_space(text)}>{escape(text)}</t></is></c>"
        for number, (text, style) in enumerate(((fit_for_xml(text), style) for text, style in cells), 1)
        if text
    )
    tall = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{row}"{tall}>{inner}</row>'
