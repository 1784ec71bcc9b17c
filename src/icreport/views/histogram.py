"""How many numbers there are of which size, found while they are walked over: the bins widen as the numbers need it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from icreport.model.conditions import number_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_FINE = 2000
"""Bins in memory: each wider step is a whole number of those before, so that no number has to be asked again."""
_MOST_BINS = 20
_MOST_COLOURS = 50
_NICE = (1, 2, 5)
_FINEST = -9
_OTHERS = "…"
_LARGEST = Decimal(10) ** 15


class Histogram:
    """Counts numbers by their size and a colour; `lost` are those that are no numbers."""

    def __init__(self) -> None:
        self.lost = 0
        self.colours: list[object] = []
        self._power = _FINEST
        self._half = False
        self._counts: dict[int, Counter[object]] = {}
        self._digits = 0
        """The most digits after the point that a number has: no bin of twenty is finer."""

    @property
    def _step(self) -> Decimal:
        """The width of a bin in memory: a power of ten, or half of one."""
        return Decimal(5 if self._half else 1).scaleb(self._power)

    def add(self, values: Sequence[object], colours: Sequence[object]) -> None:
        """Count more values."""
        for value, colour in zip(values, colours, strict=True):
            number = number_of(value)
            if number is None or abs(number) >= _LARGEST:
                self.lost += 1
                continue
            exponent = number.as_tuple().exponent
            self._digits = max(self._digits, min(-_FINEST, -exponent if isinstance(exponent, int) else 0))
            name = self._colour(colour)
            at = int(number // self._step) - (number < 0 and number % self._step != 0)
            self._counts.setdefault(at, Counter())[name] += 1
            while len(self._counts) > _MOST_FINE:
                self._widen()

    def _colour(self, colour: object) -> object:
        if colour in self.colours:
            return colour
        if len(self.colours) == _MOST_COLOURS:
            self.colours[-1] = _OTHERS
            return _OTHERS
        self.colours.append(colour)
        return colour

    def _widen(self) -> None:
        """Make bins five times as wide, or twice, in turn."""
        factor = 2 if self._half else 5
        self._power, self._half = self._power + self._half, not self._half
        wider: dict[int, Counter[object]] = {}
        for at, counts in self._counts.items():
            wider.setdefault(at // factor, Counter()).update(counts)
        self._counts = wider

    def bins(self) -> Iterator[tuple[int | float, int | float, Counter[object]]]:
        """Yield the bins without gaps, up to twenty: from where, up to where, and how many of each colour."""
        if not self._counts:
            return
        fine = self._step
        low, high = min(self._counts) * fine, (max(self._counts) + 1) * fine
        step = next(step for step in self._steps() if (high - 1 * fine) // step - low // step < _MOST_BINS)
        made: dict[int, Counter[object]] = {}
        for at, counts in self._counts.items():
            made.setdefault(_floor(at * fine, step), Counter()).update(counts)
        for at in range(min(made), max(made) + 1):
            yield _plain(at * step), _plain((at + 1) * step), made.get(at, Counter())

    def _steps(self) -> Iterator[Decimal]:
        power = max(self._power, -self._digits)
        while True:
            for digit in _NICE:
                step = Decimal(digit).scaleb(power)
                if step % self._step == 0:
                    yield step
            power += 1


def _floor(number: Decimal, step: Decimal) -> int:
    whole = int(number // step)
    return whole - (number < 0 and number % step != 0)


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
