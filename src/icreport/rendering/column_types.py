"""What the values of a column have in common, learnt as they go by: the type that a typed format gives it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from math import isinf
from typing import TYPE_CHECKING, Any, Literal

from icreport.values import ExactFloat

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["string", "boolean", "integer", "number", "date", "datetime", "instant"]
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,6})?)?(Z?)", re.ASCII)
_NONE = type(None)


class ColumnKind:
    """The kind of a column: dates are texts that are all strict ISO 8601, an instant is one in UTC (`…Z`).

    `least` and `most` are the bounds of its integers; `inexact` counts the numbers whose digits a 64-bit float does not
    hold; `is_beyond_float` tells of numbers that are larger than any, as 1e400, which make the column text; `is_mixed`
    tells that values of several types have only text in common.
    """

    def __init__(self) -> None:
        self.least = self.most = 0
        self.inexact = 0
        self.is_beyond_float = False
        self._types: set[type] = set()
        self._texts: Kind | None = None

    def look(self, column: Sequence[Any]) -> None:
        """Take note of values."""
        types = set(map(type, column))
        self._types |= types
        if int in types:
            integers = [value for value in column if type(value) is int]
            self.least, self.most = min(self.least, *integers), max(self.most, *integers)
        if ExactFloat in types:
            exact = [value for value in column if type(value) is ExactFloat]
            self.is_beyond_float = self.is_beyond_float or any(map(isinf, exact))
            self.inexact += sum(map(_is_inexact, exact))
        if str in types and self._texts != "string":
            kinds = {_kind_of(value) for value in column if type(value) is str}
            kinds |= {self._texts} if self._texts else set()
            self._texts = kinds.pop() if len(kinds) == 1 else "string"

    @property
    def kind(self) -> Kind:
        """The kind of all values seen so far."""
        types = self._types - {_NONE}
        if types == {str}:
            return self._texts or "string"
        if types == {bool}:
            return "boolean"
        if types == {int}:
            return "integer"
        if types and types <= {int, float, ExactFloat} and not self.is_beyond_float and self._floats_hold_integers:
            return "number"
        return "string"

    @property
    def _floats_hold_integers(self) -> bool:
        return self.least >= -(1 << 53) and self.most <= 1 << 53

    @property
    def is_mixed(self) -> bool:
        """Whether the column is text although not all of its values are."""
        return self.kind == "string" and bool(self._types - {_NONE, str})


def _is_inexact(number: ExactFloat) -> bool:
    return not isinf(number) and Decimal(number.literal) != Decimal(float.__repr__(number))


def _kind_of(text: str) -> Kind:
    with suppress(ValueError):
        if _DATE.fullmatch(text) and datetime.fromisoformat(text):
            return "date"
        if (found := _TIME.fullmatch(text)) and datetime.fromisoformat(text):
            return "instant" if found[1] else "datetime"
    return "string"
