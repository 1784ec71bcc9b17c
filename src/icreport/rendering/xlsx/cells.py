"""The cells of a column as sheet XML (ECMA-376 part 1, 18.3.1.4 `c`).

Texts are inline strings: they are never formulas, and nothing has to be remembered until the end of the workbook. Each
is marked as text, so that Excel makes nothing else of it when the cell is edited.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from icreport.rendering.table_format import SIGNS
from icreport.rendering.xlsx.serial_dates import serial
from icreport.rendering.xlsx.text_width import line_widths, width_of
from icreport.rendering.xlsx.xml_text import MOST_UNITS, cut, escape, units
from icreport.rendering.xml_text import with_line_feeds, without_forbidden
from icreport.values import ExactFloat, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icreport.rendering.xlsx.styles import Styles

_NULL = type(None)
_NOT_TEXT = frozenset((int, float, ExactFloat, bool, _NULL))
_FLOATS = frozenset((float, ExactFloat))
_MOST_KEPT = 1 << 14
_MOST_DIGITS = 10**15
_SMALLEST = 2.2250738585072014e-308  # Excel makes smaller ones zero
# Numbers with more digits than Excel shows of its own accord (General: 11 characters, 1E-05 for 0.00001) get a format.
_USUAL, _LARGE = 0.1, 1e9
_SHOWN, _ALL = 10, 18
_MOST_GENERAL_INT = 10**11
_MOST_GENERAL_DIGITS = 9
_MOST_SHOWN_DIGITS = 15
_MOST_DECIMALS = 30
_SEPARATOR = "`"  # of texts that are looked at together: seldom in texts, and printable
_MAY_BE_DATE = re.compile(_SEPARATOR + "[0-9]{4}-")
# Excel shows TRUE whatever the format, others go by it.
_BOOLS = '"true";"true";"false"'
_DECIMAL = re.compile(r"-?([0-9]+)\.([0-9]+)")
_BLANK = "/>"
WIDEST = 60
"""How wide a column gets before its texts are wrapped."""
QUIET = "."
"""After a look, that it has no sign: that of a row is in its first cell."""
_KEEP_BLANKS = ' xml:space="preserve"'


class CellFormat(NamedTuple):
    """What is said of a column: digits after the point, whether all are texts, their look, a sign before values."""

    decimals: int | None = None
    as_text: bool = False
    look: str = ""
    sign: str = ""


PLAIN = CellFormat()


class Losses(Protocol):
    """Whom to tell what a cell cannot hold."""

    def cut(self, row: int, column: int, text: str) -> None:
        """Take a text of which the cell holds only the start; row and column count from 0 within the table."""

    def replaced(self, count: int) -> None:
        """Count characters that became U+FFFD."""

    def rounded_date(self, row: int, column: int) -> None:
        """Count a time that is finer than its cell shows."""

    def line_ends(self, count: int) -> None:
        """Count line ends that became line feeds."""


class ColumnValues(NamedTuple):
    """Some values of a column, and what they have in common.

    `kinds` are their types but for null, `texts` what is shown of them as text, `joined` these with separators around,
    `longest` the length of the longest one.
    """

    values: Sequence[Any]
    kinds: set[type]
    has_null: bool
    texts: Sequence[str]
    joined: str
    longest: int

    @property
    def has_line_break(self) -> bool:
        """Whether any text has several lines."""
        return "\n" in self.joined or "\r" in self.joined


def column_values(values: Sequence[Any]) -> ColumnValues:
    """Look at values of a column."""
    kinds = set(map(type, values))
    has_null = _NULL in kinds
    kinds.discard(_NULL)
    texts: Sequence[str] = ()
    if kinds == {str}:
        texts = values if not has_null else [value for value in values if value is not None]
    elif not kinds <= _NOT_TEXT:
        texts = [text_of(value) for value in values if type(value) not in _NOT_TEXT]
    joined = f"{_SEPARATOR}{_SEPARATOR.join(texts)}{_SEPARATOR}" if texts else ""
    return ColumnValues(values, kinds, has_null, texts, joined, max(map(len, texts), default=0))


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
        said: CellFormat = PLAIN,
    ) -> None:
        self.width = 0
        self.indent = indent
        self._said = said
        self.number = number
        self._styles = styles
        self._losses = losses
        self._look: dict[str, object] = {"top": top, "head": head, "link": link}
        if said.look:
            self._look |= {"look": said.look}
        style = styles.attribute
        signed = {"format": signed_format("@", said.sign)} if said.sign else {}
        self._style = style(**self._look, wrap=wrap, indent=indent, quote=True, **signed)
        self._plain = style(**self._look, **({"format": signed_format("General", said.sign)} if said.sign else {}))
        # The digits that are asked for, whatever those of a number are.
        shape = None if said.decimals is None else decimal_format(said.decimals)
        self._decimals = None if shape is None else self._format(shape)
        bools = style(**self._look, format=_BOOLS, align="center")
        self._bools = {value: f'{bools} t="b"><v>{value:d}</v></c>' for value in (True, False)}
        self._floats = _Kept(self._float)
        self._exacts = _Kept(self._exact)
        self._dates = _Kept(self._date_or_text)
        self._made = partial(ColumnCells, number, styles, losses, wrap=wrap, top=top, indent=indent, head=head)
        # Rows without a link do not look as if they had one.
        self._unlinked = self._made(said=said) if link else None
        self._by_look: dict[str, ColumnCells] = {}

    def widen_for(self, column: ColumnValues) -> None:
        """Make the column as wide as texts of it need."""
        longest = column.longest
        # No character is wider than two digits.
        if self.width <= WIDEST and longest * 2 > self.width:
            lines = "\n".join(column.texts).split("\n") if "\n" in column.joined else column.texts
            self._widen(max(line_widths(lines)))

    def cells(
        self, column: ColumnValues, first: int, linked: Sequence[bool] | None = None
    ) -> tuple[str, Sequence[str], str]:
        """Return what all cells start with, what each goes on with, and what all end with.

        `first` is the number of the first row in the table, from 0.
        """
        values, kinds = column.values, column.kinds
        if self._unlinked and linked is not None and not all(linked):
            looks = (self._unlinked, self)
            cells = [
                looks[is_linked].cell(value, row)
                for row, (value, is_linked) in enumerate(zip(values, linked, strict=True), first)
            ]
            self.width = max(look.width for look in looks)
            return "", cells, ""
        if kinds == {str}:
            return self._texts(column, first)
        if kinds == {int}:
            return self._integers(column)
        if kinds == {bool}:
            return "", [_BLANK if value is None else self._bools[value] for value in values], ""
        if kinds <= {float}:
            return "", list(map(self._floats.__getitem__, values)), ""
        if kinds <= _FLOATS:
            exacts, floats = self._exacts, self._floats
            cells = [exacts[value.literal] if type(value) is ExactFloat else floats[value] for value in values]
            return "", cells, ""
        return "", self._one_by_one(values, first), ""

    def looked(self, values: Sequence[object], looks: Sequence[str | None], first: int) -> list[str]:
        """Return what the cells of values go on with, some of which have a look of their own."""
        cells = []
        for row, (value, look) in enumerate(zip(values, looks, strict=True), first):
            column = self if not look else self._by_look.get(look) or self._with_look(look)
            cells.append(column.cell(value, row))
            self._widen(column.width)
        return cells

    def _with_look(self, look: str) -> ColumnCells:
        quiet = look.endswith(QUIET)
        said = self._said._replace(look=look.removesuffix(QUIET), sign="" if quiet else SIGNS.get(look, ""))
        made = self._by_look[look] = self._made(said=said)
        return made

    def _one_by_one(self, values: Sequence[object], first: int) -> list[str]:
        return [self.cell(value, row) for row, value in enumerate(values, first)]

    def _integers(self, column: ColumnValues) -> tuple[str, Sequence[str], str]:
        """Do as `cells` for values of which all are integers or null."""
        present = [value for value in column.values if value is not None] if column.has_null else column.values
        least, most = min(present), max(present)
        size = max(-least, most)
        if size >= _MOST_DIGITS:
            return "", self._one_by_one(column.values, 0), ""
        self._widen(max(len(str(least)), len(str(most))))
        start, end = f"{self._integer(size)}><v>", "</v></c>"
        if column.has_null:
            return "", [_BLANK if value is None else f"{start}{value}{end}" for value in column.values], ""
        return start, list(map(str, column.values)), end

    def _texts(self, column: ColumnValues, first: int) -> tuple[str, Sequence[str], str]:
        """Do as `cells` for values of which all are texts or null."""
        values, texts, joined = column.values, column.texts, column.joined
        may_be_date = not self._said.as_text and "-" in joined and _MAY_BE_DATE.search(joined)
        # What is lost of a text has to be told of each, so only texts that lose nothing are written together.
        has_breaks = "\n" in joined
        if column.longest > MOST_UNITS // 2 or not (joined.replace("\n", " ") if has_breaks else joined).isprintable():
            return "", self._one_by_one(values, first), ""
        if may_be_date:
            # What is lost of a time has to be told, too.
            if "." in joined:
                return "", self._one_by_one(values, first), ""
            return "", list(map(self._dates.__getitem__, values)), ""
        if "&" in joined or "<" in joined or ">" in joined or "_x" in joined:
            if joined.count(_SEPARATOR) != len(texts) + 1:
                return "", self._one_by_one(values, first), ""
            texts = escape(joined)[1:-1].split(_SEPARATOR)
        has_outer_blanks = has_breaks or f"{_SEPARATOR} " in joined or f" {_SEPARATOR}" in joined
        start = f'{self._style} t="inlineStr"><is><t{_KEEP_BLANKS if has_outer_blanks else ""}>'
        end = "</t></is></c>"
        if not column.has_null:
            return start, texts, end
        if texts is column.texts:
            return "", [_BLANK if value is None else start + value + end for value in values], ""
        left = iter(texts)
        return "", [_BLANK if value is None else start + next(left) + end for value in values], ""

    def _widen(self, width: int) -> None:
        self.width = max(self.width, width)

    def _tell_finer(self, values: Sequence[Any], first: int) -> None:
        for row, value in enumerate(values, first):
            if value and (found := serial(value)) and found.is_finer:
                self._losses.rounded_date(row, self.number)

    def cell(self, value: object, row: int) -> str:
        """Return the XML of a cell."""
        if value is None:
            return f"{self._plain}{_BLANK}" if self._said.look else _BLANK
        if isinstance(value, str):
            if "." in value:
                self._tell_finer([value], row)
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
        if self._decimals is not None and isfinite(value) and not 0 < size < _SMALLEST:
            return f"{self._decimals}><v>{text}</v></c>"
        # Most numbers have so few digits that Excel shows them, or more than it can show: no need to count them.
        if _USUAL <= size < _LARGE and text[-1] != "0" and not _SHOWN < len(text) - (value < 0) < _ALL:
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
        if self._decimals is not None:
            return self._decimals
        return self._plain if size < _MOST_GENERAL_INT else self._format("0")

    def _style_of(self, number: str) -> str:
        """Return the style that shows a number with the digits that it came with."""
        if self._decimals is not None:
            return self._decimals
        decimals = shown_decimals(number)
        return self._format("0." + "0" * decimals) if decimals else self._plain

    def _format(self, shape: str) -> str:
        return self._styles.attribute(**self._look, format=signed_format(shape, self._said.sign))

    def _date_or_text(self, text: str, row: int = 0) -> str:
        found = None if self._said.as_text else serial(text)
        if found is None:
            self._widen(width_of(text))
            return self._text_cell(text, row)
        self._widen(len(text))
        style = self._styles.attribute(**self._look, format=found.format, align="start", indent=self.indent)
        return f"{style}><v>{found.number!r}</v></c>"

    def _text_cell(self, text: str, row: int = 0) -> str:
        return _text(text, self._style, self._losses, row, self.number)


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
    space = _KEEP_BLANKS if text.strip() != text or "\n" in text else ""
    return f'{style} t="inlineStr"><is><t{space}>{escape(text)}</t></is></c>'


def decimal_format(decimals: int) -> str:
    """Return the number format with so many digits after the point."""
    return "0." + "0" * decimals if decimals else "0"


def signed_format(shape: str, sign: str) -> str:
    """Return a number format with the sign of a look before what it shows: so it is told without colours."""
    if not sign:
        return shape
    number = "General" if shape == "@" else shape
    return f'"{sign} "{number};"{sign} "-{number};"{sign} "{number};"{sign} "@'


def shown_decimals(number: str) -> int:
    """Return how many decimals a format has to ask for; 0 where Excel shows all digits, or cannot."""
    found = _DECIMAL.fullmatch(number)
    if not found:
        return 0
    whole, fraction = found.groups()
    if len((whole + fraction).lstrip("0")) > _MOST_SHOWN_DIGITS or len(fraction) > _MOST_DECIMALS:
        return 0
    long = len(whole) + len(fraction) > _MOST_GENERAL_DIGITS
    return len(fraction) if long or fraction[-1] == "0" or fraction.startswith("0000") else 0


class _Kept(dict[object, str]):
    """Cells of values that were met before: measurements and dates repeat. Null is a blank one."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__({None: _BLANK})
        self._make = make

    def __missing__(self, value: object) -> str:
        cell = self._make(value)
        # 0.0 and -0.0 are equal, so neither may stand for the other.
        if value and len(self) < _MOST_KEPT:
            self[value] = cell
        return cell
