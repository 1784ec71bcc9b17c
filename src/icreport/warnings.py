"""What a conversion has to tell although it succeeded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from icreport.errors import LossError

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
        return " ".join(f"{where}{self.message}{times}".split())


@dataclass(slots=True)
class Warnings:
    """Collects warnings: the same code at the same element with the same message counts up instead of repeating."""

    strict: bool = False
    _found: dict[tuple[str, int | None, str], ReportWarning] = field(default_factory=dict)

    def add(self, code: str, message: str, place: Place | None = None, *, count: int = 1, loss: bool = True) -> None:
        """Take note of something; under `strict` a loss raises `LossError` instead."""
        if self.strict and loss:
            raise LossError(message, place=place)
        key = (code, place.element if place else None, message)
        known = self._found.get(key)
        self._found[key] = (
            replace(known, count=known.count + count) if known else ReportWarning(code, message, place, count, loss)
        )

    def clear(self) -> None:
        """Forget everything, for a rendering that starts again."""
        self._found.clear()

    def __iter__(self) -> Iterator[ReportWarning]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)
