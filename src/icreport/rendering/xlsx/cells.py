"""Values as cells of sheet XML (ECMA-376 Part 1, 18.3.1.4), a column of a batch at a time.

Cells carry no reference: they stand in order (the `r` attribute is optional), and text is inline, so that a sheet can
be written in one pass. Nothing here is ever a formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from icreport.model import ExactFloat
from icreport.rendering.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LONGEST_TEXT = 32_767
"""Characters that a cell can hold, in UTF-16 code units as Excel counts them."""
MOST_DIGITS = 15
"""Significant digits that a cell's number keeps."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d")
# 1900 was no leap year, but day 60 of the 1900 date system is its 29 February (18.17.4.1): dates start after it.
_EPOCH = date(1899, 12, 30)
_FIRST = date(1900, 3, 1)
_SECONDS = 86_400

_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What needs care: markup, line ends and edges that XML would change, and what Excel reads as an escape (22.9.2.19).
_SPECIAL = re.compile(
    "[&<>\r\n\t\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_|\ue001 | \ue001|  "
)
_ESCAPE_LIKE = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_EDGE = "\ue001"

Kind = Literal["text", "number", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How the values of a column become cells: dates only where every sampled value is one."""

    kind: Kind
    decimals: int | None = None
    separator: str = "T"


def plan_of(values: Iterable[Any]) -> ColumnPlan:
    """Decide from sampled values what a column holds."""
    found = [value for value in values if value is not None]
    if found and all(type(value) is str for value in found):
        if all(_DATE.fullmatch(value) and serial_of(value) for value in found):
            return ColumnPlan("date")
        matches = [_DATETIME.fullmatch(value) for value in found]
        if all(matches) and len({match[1] for match in matches if match}) == 1 and all(map(serial_of, found)):
            return ColumnPlan("datetime", separator=matches[0][1] if matches[0] else "T")
        return ColumnPlan("text")
    if found and all(isinstance(value, int | float) and not isinstance(value, bool) for value in found):
        decimals = {_decimals(value) for value in found}
        uniform = len(decimals) == 1 and any(isinstance(value, ExactFloat) for value in found)
        return ColumnPlan("number", decimals=decimals.pop() if uniform else None)
    return ColumnPlan("text")


def _decimals(value: float) -> int | None:
    match = re.fullmatch(r"-?\d+\.(\d+)", str(value))
    return len(match[1]) if match else None


@lru_cache(1 << 14)
def serial_of(text: str) -> str | None:
    """Give an ISO 8601 date or local date and time as a serial number, None where Excel has none for it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is not None or moment.date() < _FIRST:
        return None
    days = (moment.date() - _EPOCH).days
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return repr(days + seconds / _SECONDS) if seconds else str(days)


class ColumnWriter:
    """Writes the cells of one column; `style` is the style of its texts, `typed` that of its numbers or dates."""

    def __init__(self, plan: ColumnPlan, style: int, typed: int, on_loss: Callable[[str, int, Any], None]) -> None:
        self._plan = plan
        self._typed = typed
        self._text_start = f'<c s="{style}" t="inlineStr"><is><t>'
        self._kept_start = f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        self._blank = f'<c s="{style}"/>'
        truth = typed if plan.kind == "text" else style
        self._truth = (f'<c s="{truth}" t="b"><v>0</v></c>', f'<c s="{truth}" t="b"><v>1</v></c>')
        self._number_start = f'<c s="{typed}"><v>' if plan.kind == "number" else f'<c s="{style}"><v>'
        self._on_loss = on_loss

    def cells(self, column: Sequence[Any], first: int) -> list[str]:
        """Give the cells of a batch; `first` is the number of its first row, from 1, for what is told of losses."""
        kinds = set(map(type, column))
        if self._plan.kind in {"text", "number"}:
            if kinds == {str}:
                return self._texts(column, first)
            if kinds == {float}:
                start = self._number_start
                return [f"{start}{value!r}</v></c>" for value in column]
        return [self._cell(value, row) for row, value in enumerate(column, first)]

    def _texts(self, column: Sequence[str], first: int) -> list[str]:
        if (
            not _SPECIAL.search(f"{_EDGE}{_EDGE.join(column)}{_EDGE}")
            and len(max(column, key=len)) <= LONGEST_TEXT // 2
        ):
            start = self._text_start
            return [f"{start}{text}</t></is></c>" if text else self._blank for text in column]
        return [self._text(text, row) for row, text in enumerate(column, first)]

    def _cell(self, value: Any, row: int) -> str:
        if value is None:
            return self._blank
        if isinstance(value, str):
            if self._plan.kind in {"date", "datetime"} and (serial := self._serial(value)) is not None:
                return f'<c s="{self._typed}"><v>{serial}</v></c>'
            return self._text(value, row)
        if isinstance(value, bool):
            return self._truth[value]
        if isinstance(value, int | float) and _fits(value):
            number = repr(float(value)) if isinstance(value, float) else str(value)
            return f"{self._number_start}{number}</v></c>"
        return self._text(text_of(value), row)

    def _serial(self, text: str) -> str | None:
        pattern = _DATE if self._plan.kind == "date" else _DATETIME
        match = pattern.fullmatch(text)
        if not match or (self._plan.kind == "datetime" and match[1] != self._plan.separator):
            return None
        return serial_of(text)

    def _text(self, text: str, row: int) -> str:
        if not text:
            return self._blank
        if len(text) > LONGEST_TEXT // 2 and (cut := cut_to_fit(text)) != text:
            self._on_loss("cut-text", row, text)
            text = cut
        clean, count = _NOT_XML.subn("\ufffd", text)
        if count:
            self._on_loss("control-character", row, count)
        keep = clean != clean.strip() or "\n" in clean or "\r" in clean or "  " in clean or "\t" in clean
        return f"{self._kept_start if keep else self._text_start}{escaped(clean)}</t></is></c>"


def _fits(value: float) -> bool:
    text = str(value)
    if isinstance(value, float) and (value in (float("inf"), float("-inf")) or value != value):  # noqa: PLR0124
        return False
    digits = re.sub(r"[eE].*|\D", "", text).strip("0")
    return len(digits) <= (MOST_DIGITS if isinstance(value, int) else MOST_DIGITS + 2)


def cut_to_fit(text: str) -> str:
    """Cut text to what a cell can hold, between characters."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")


def escaped(text: str) -> str:
    """Give text as XML that Excel reads back as the same text."""
    text = _ESCAPE_LIKE.sub("_x005F_", _NOT_XML.sub("\ufffd", text))
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\r", "&#13;")):
        text = text.replace(mark, entity)
    return text
