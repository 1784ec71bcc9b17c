"""What a conversion has to tell although it succeeded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from icreport.errors import LossError, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.errors import Place


@dataclass(frozen=True, slots=True)
class ReportWarning:
    """One kind of thing that happened, how often, and where first.

    `code` is stable and for programs (`unknown-element`, `ragged-rows`); `message` is for people. `loss` says that the
    output does not hold or show something as the source had it: `strict` makes that an error.
    """

    code: str
    message: str
    place: Place | None = None
    count: int = 1
    loss: bool = True

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place and str(self.place) else ""
        times = f" ({self.count:,} times)" if self.count > 1 else ""
        return one_line(f"{where}{self.message}{times}")

    def to_dict(self) -> dict[str, Any]:
        """Return the warning as JSON has it; `row` and `column` say where first."""
        return {
            "code": self.code,
            "message": self.message,
            "row": self.place.row if self.place else None,
            "column": self.place.column if self.place else None,
            "count": self.count,
            "loss": self.loss,
        }


@dataclass(slots=True)
class Warnings:
    """Collects warnings: the same code at the same element with the same message counts up instead of repeating."""

    strict: bool = False
    _found: dict[tuple[str, int | None, str], ReportWarning] = field(default_factory=dict)
    _notes: dict[tuple[str, int | None, str], ReportWarning] = field(default_factory=dict)

    def add(self, code: str, message: str, place: Place | None = None, *, count: int = 1, loss: bool = True) -> None:
        """Record a warning; under `strict` a loss raises `LossError` instead."""
        if self.strict and loss:
            raise LossError(message, place=place)
        _count(self._found, ReportWarning(code, message, place, count, loss))

    def note(self, code: str, message: str, place: Place | None = None, *, count: int = 1) -> None:
        """Record what is as it was asked for: it is in the fidelity record, and nobody is warned."""
        _count(self._notes, ReportWarning(code, message, place, count, loss=False))

    @property
    def notes(self) -> tuple[ReportWarning, ...]:
        """What only the record keeps."""
        return tuple(self._notes.values())

    def clear(self) -> None:
        """Drop everything, for a rendering that starts again."""
        self._found.clear()
        self._notes.clear()

    def __iter__(self) -> Iterator[ReportWarning]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)


def _count(found: dict[tuple[str, int | None, str], ReportWarning], new: ReportWarning) -> None:
    key = (new.code, new.place.element if new.place else None, new.message)
    known = found.get(key)
    found[key] = replace(known, count=known.count + new.count) if known else new
