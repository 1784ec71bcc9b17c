"""Types that a view pins columns to, and the values that are none of them, which are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.model.conditions import date_of, is_blank, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icreport.errors import Place
    from icreport.model.formats import ValueType
    from icreport.model.rows import Batch
    from icreport.warnings import Warnings


def _is_integer(value: object) -> bool:
    number = number_of(value)
    return number is not None and number == number.to_integral_value()


_FITS: dict[ValueType, Callable[[object], bool]] = {
    "integer": _is_integer,
    "decimal": lambda value: number_of(value) is not None,
    "date": lambda value: (found := date_of(value)) is not None and not found.separator,
    "datetime": lambda value: (found := date_of(value)) is not None and bool(found.separator),
    "boolean": lambda value: isinstance(value, bool),
}


@dataclass(frozen=True, slots=True)
class Pins:
    """The columns of a table that are pinned to a type: their indexes among those shown, names and types."""

    columns: Sequence[tuple[int, str, ValueType]]
    warnings: Warnings
    place: Place

    def look(self, batch: Batch) -> None:
        """Tell of values that are not of the type of their column; blanks are of any."""
        for at, name, kind in self.columns:
            fits = _FITS[kind]
            if others := sum(not fits(value) for value in batch.column(at) if not is_blank(value)):
                message = f"values of {name!r} are no {kind}, which the view says that they are"
                self.warnings.add("other-type", message, self.place, count=others, loss=False)


def pins_of(columns: Sequence[tuple[str, ValueType | None]], warnings: Warnings, place: Place) -> Pins | None:
    """Return what looks after the pinned ones of columns, by name and type; None where there are none."""
    pinned = [(at, name, kind) for at, (name, kind) in enumerate(columns) if kind is not None and kind in _FITS]
    return Pins(pinned, warnings, place) if pinned else None
