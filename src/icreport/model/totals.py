"""Totals of columns, exact: numbers are added as decimals, values that are none are left out and counted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import TYPE_CHECKING, Any, Self

from icreport.model.conditions import date_of, is_blank, is_no_value, number_of
from icreport.values import exact_float, text_of
from icreport.words import to_say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.dates import IsoDate
    from icreport.model.formats import Total, ValueType

TOTAL_NAMES: dict[Total, str] = {
    "sum": to_say("sum"),
    "mean": to_say("mean"),
    "min": to_say("min"),
    "max": to_say("max"),
    "count": to_say("count"),
    "distinct": to_say("distinct"),
}
"""The kinds of totals as they are said."""
# Enough for numbers as far apart as those of 64-bit floats; digits beyond are rounded.
_EXACT = Context(prec=1000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_MEAN = Context(prec=17, Emax=MAX_EMAX, Emin=MIN_EMIN)
_LONGEST = 21  # digits before a number is written with an exponent


class ColumnTotal(ABC):
    """The total of some values of a column, which come a batch at a time.

    `left_out` counts those that are in no total: blanks, texts such as `n/a` and, where numbers or dates are asked for,
    what is neither.
    """

    def __init__(self) -> None:
        self._others = 0
        self.of_text = False
        """Whether the column is one of texts, which has no numbers and dates."""

    @property
    def left_out(self) -> int:
        """How many values are in no total."""
        return self._others

    @property
    def counted(self) -> str:
        """What a value has to be to be in the total."""
        return "value"

    @abstractmethod
    def add(self, values: Sequence[object]) -> None:
        """Reckon with more values."""

    @abstractmethod
    def merge(self, other: Self) -> None:
        """Reckon with the values of another total of the same kind."""

    @property
    @abstractmethod
    def value(self) -> object:
        """The total as a JSON value."""


class _Sum(ColumnTotal):
    """A sum: 12.10 and 0.2 are 12.30; 0 of nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self._whole = 0
        self._decimal: Decimal | None = None

    def add(self, values: Sequence[Any]) -> None:
        if self.of_text:
            self._others += len(values)
            return
        kinds = set(map(type, values))
        if kinds == {int}:
            self._whole += sum(values)
            self.count += len(values)
            return
        read = (map(Decimal, map(str, values))) if kinds <= {int, float} else map(number_of, values)
        numbers = [number for number in read if number is not None]
        self._others += len(values) - len(numbers)
        self.count += len(numbers)
        if numbers:
            with localcontext(_EXACT):
                self._decimal = sum(numbers, self._decimal or Decimal(0))

    def merge(self, other: Self) -> None:
        self._others += other._others
        self.count += other.count
        self._whole += other._whole
        if other._decimal is not None:
            with localcontext(_EXACT):
                self._decimal = (self._decimal or Decimal(0)) + other._decimal

    @property
    def counted(self) -> str:
        return "number"

    @property
    def exact(self) -> Decimal:
        """The sum with all its digits."""
        with localcontext(_EXACT):
            return self._whole + (self._decimal or Decimal(0))

    @property
    def value(self) -> object:
        return self._whole if self._decimal is None else json_number(self.exact)


class _Mean(_Sum):
    """A mean, to 17 digits, which are those of a 64-bit float; null of nothing."""

    @property
    def value(self) -> object:
        return json_number(_MEAN.divide(self.exact, self.count)) if self.count else None


class _Extreme(ColumnTotal):
    """The least or the most of numbers, of dates where there are no numbers; null of nothing."""

    sign = 1

    def __init__(self) -> None:
        super().__init__()
        self._number: tuple[Decimal, object] | None = None
        self._date: tuple[tuple[int, ...], object] | None = None
        self._dates = 0

    def add(self, values: Sequence[Any]) -> None:
        if self.of_text:
            self._others += len(values)
            return
        if set(map(type, values)) in ({int}, {float}):
            values = [min(values) if self.sign < 0 else max(values)]
        for value in values:
            number = number_of(value)
            if number is not None:
                self._see_number((number, value))
            elif (found := date_of(value)) is not None:
                self._dates += 1
                self._see_date((moment_of(found), value))
            else:
                self._others += 1

    def _see_number(self, seen: tuple[Decimal, object]) -> None:
        if self._number is None or (seen[0] > self._number[0] if self.sign > 0 else seen[0] < self._number[0]):
            self._number = seen

    def _see_date(self, seen: tuple[tuple[int, ...], object]) -> None:
        if self._date is None or (seen[0] > self._date[0] if self.sign > 0 else seen[0] < self._date[0]):
            self._date = seen

    def merge(self, other: Self) -> None:
        self._others += other._others
        self._dates += other._dates
        if other._number is not None:
            self._see_number(other._number)
        if other._date is not None:
            self._see_date(other._date)

    @property
    def left_out(self) -> int:
        return self._others + (self._dates if self._number is not None else 0)

    @property
    def counted(self) -> str:
        if self._number is None and self._date is None:
            return "number or date"
        return "date" if self._number is None else "number"

    @property
    def value(self) -> object:
        found = self._number or self._date
        return None if found is None else found[1]


class _Least(_Extreme):
    sign = -1


class _Count(ColumnTotal):
    """How many values there are."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def add(self, values: Sequence[object]) -> None:
        missing = sum(map(is_no_value, values))
        self._others += missing
        self._count += len(values) - missing

    def merge(self, other: Self) -> None:
        self._others += other._others
        self._count += other._count

    @property
    def value(self) -> object:
        return self._count


class _Distinct(ColumnTotal):
    """How many different values there are: 1 and 1.0 are the same."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[object] = set()

    def add(self, values: Sequence[object]) -> None:
        present = [value for value in values if not is_no_value(value)]
        self._others += len(values) - len(present)
        self._seen.update(map(identity, present))

    def merge(self, other: Self) -> None:
        self._others += other._others
        self._seen |= other._seen

    @property
    def value(self) -> object:
        return len(self._seen)


_KINDS: dict[Total, type[ColumnTotal]] = {
    "sum": _Sum,
    "mean": _Mean,
    "min": _Least,
    "max": _Extreme,
    "count": _Count,
    "distinct": _Distinct,
}


def total_of(kind: Total, type_: ValueType | None = None) -> ColumnTotal:
    """Return a total of a kind, of nothing yet, for a column of a type."""
    made = _KINDS[kind]()
    made.of_text = type_ == "text"
    return made


def identity(value: object) -> object:
    """Return what equal values have in common: 1 and 1.0 are the same, 1, `"1"` and true are not."""
    number = None if isinstance(value, str) else number_of(value)
    return (type(value) is bool, text_of(value)) if number is None else number


def group_of(value: object) -> object:
    """Return what the values of one group have in common: equal ones are of one, as all blanks are."""
    return None if is_blank(value) else identity(value)


def moment_of(found: IsoDate) -> tuple[int, ...]:
    """Return what a date sorts by: a day before the moments in it, moments with a zone by UTC."""
    return found.nanoseconds, len(found.separator)


def json_number(number: Decimal) -> int | float:
    """Return a decimal as a JSON number with all its digits."""
    if number.adjusted() >= _LONGEST or number.adjusted() < -_LONGEST:
        return exact_float(str(number))
    literal = format(number, "f")
    return exact_float(literal) if "." in literal else int(literal)
