"""What the values of a column have in common, learnt as they go by: the type that a typed format gives it."""

from __future__ import annotations

from decimal import Decimal
from math import isinf
from typing import TYPE_CHECKING, Literal

from icreport.dates import iso_date
from icreport.values import ExactFloat

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["string", "boolean", "integer", "number", "date", "datetime", "instant"]

_NONE = type(None)
_FIRST, _LAST = "1678", "2261"


class ColumnKind:
    """The kind of a column: dates are texts that are all ISO 8601 (`icreport.dates`) or empty.

    An instant is a moment with a time zone, the same (`zone`) in the whole column; `is_fine` tells that microseconds do
    not hold all of them. `least` and `most` are the bounds of its integers; `inexact` counts the numbers whose digits a
    64-bit float does not hold; `is_beyond_float` tells of numbers that are larger than any, as 1e400, which make the
    column text; `is_mixed` tells that values of several types have only text in common.
    """

    def __init__(self) -> None:
        self.seeks_dates = False
        """Whether dates count beside texts that are none: for a column whose type is said."""
        self.least = self.most = 0
        self.inexact = 0
        self.is_beyond_float = False
        self._types: set[type] = set()
        self.is_fine = False
        self._has_blanks = False
        self._outside = False
        self._texts: set[tuple[Kind, str]] = set()

    def look(self, column: Sequence[object]) -> None:
        """Learn from values."""
        types = set(map(type, column))
        self._types |= types
        if int in types:
            integers = [value for value in column if type(value) is int]
            self.least, self.most = min(self.least, *integers), max(self.most, *integers)
        if ExactFloat in types:
            exact = [value for value in column if type(value) is ExactFloat]
            self.is_beyond_float = self.is_beyond_float or any(map(isinf, exact))
            self.inexact += sum(map(_is_inexact, exact))
        if str in types and (self.seeks_dates or ("string", "") not in self._texts):
            self._look_at_texts([value for value in column if type(value) is str])

    def _look_at_texts(self, texts: list[str]) -> None:
        present = list(filter(None, texts))
        self._has_blanks |= len(present) < len(texts)
        kinds = set(map(_kind_of, present))
        self._texts |= kinds
        if ("string", "") in kinds and not self.seeks_dates:
            return
        self.is_fine = self.is_fine or any("." in text and _is_fine(text) for text in present)
        # A year beyond has no moment in nanoseconds of 64 bits.
        self._outside = self._outside or any(not _FIRST <= text[:4] <= _LAST for text in present)

    @property
    def kind(self) -> Kind:
        """The kind of all values seen so far."""
        types = self._types - {_NONE}
        if types == {str}:
            if len(self._texts) != 1 or (self.is_fine and self._outside):
                return "string"
            return next(iter(self._texts))[0]
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
    def zone(self) -> str:
        """The zone of the moments of a column: `Z`, also where they have several, or an offset such as `+02:00`.

        Empty where they have none, and where the column is text, unless dates count beside others.
        """
        zones = [zone for kind, zone in self._texts if kind == "instant"]
        if not zones or (self.kind != "instant" and not self.seeks_dates):
            return ""
        return zones[0] if len(zones) == 1 else "Z"

    @property
    def has_blank_dates(self) -> bool:
        """Whether a column of dates has empty texts."""
        return self._has_blanks and self.kind in {"date", "datetime", "instant"}

    @property
    def is_mixed(self) -> bool:
        """Whether the column is text although not all of its values are."""
        return self.kind == "string" and bool(self._types - {_NONE, str})


def _is_inexact(number: ExactFloat) -> bool:
    return not isinf(number) and Decimal(number.literal) != Decimal(float.__repr__(number))


def _kind_of(text: str) -> tuple[Kind, str]:
    """Return the kind of a text and, of an instant, its offset; that from UTC is nothing, however it is written."""
    found = iso_date(text)
    if found is None:
        return "string", ""
    if not found.separator:
        return "date", ""
    if found.zone:
        return "instant", "Z" if found.zone == "+00:00" else found.zone
    return "datetime", ""


def _is_fine(text: str) -> bool:
    """Whether a text is a moment that microseconds do not hold."""
    found = iso_date(text)
    return found is not None and found.fraction[6:].strip("0") != ""
