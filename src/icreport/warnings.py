"""What a conversion has to tell although it succeeded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from icreport.errors import LossError, UsageError, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icreport.errors import Place

Strictness: TypeAlias = bool | Literal["all"]
"""What is an error: nothing, losses, or with `all` also what a format leaves out or changes by design."""

BY_DESIGN = frozenset(
    ("blank-date", "changed-heads", "cut-header", "dropped-link", "escaped-formula", "left-out", "line-ends",
     "rounded-time", "wrong-format")
)  # fmt: skip
"""Codes of what is left out or changed by design, where it is no loss (docs/trust.md)."""


@dataclass(frozen=True, slots=True)
class ReportWarning:
    """One kind of thing that happened, how often, and where first.

    `code` is stable and for programs (`unknown-element`, `ragged-rows`); `message` is for people. `loss` says that the
    output does not hold or show something as the source had it: `strict` makes that an error, `strict="all"` also what
    is left out or changed by design.
    """

    code: str
    message: str
    place: Place | None = None
    count: int = 1
    loss: bool = True

    @property
    def by_design(self) -> bool:
        """Whether something is left out or changed because the format, or what was asked for, is so."""
        return not self.loss and self.code in BY_DESIGN

    def refused(self, strict: Strictness) -> bool:
        """Return whether this is an error."""
        return bool(strict) and (self.loss or (strict == "all" and self.by_design))

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

    strict: Strictness = False
    _found: dict[tuple[str, int | None, str], ReportWarning] = field(default_factory=dict)
    _notes: dict[tuple[str, int | None, str], ReportWarning] = field(default_factory=dict)

    def add(self, code: str, message: str, place: Place | None = None, *, count: int = 1, loss: bool = True) -> None:
        """Record a warning; under `strict` a loss raises `LossError` instead, under `all` what is by design too."""
        self._count(self._found, ReportWarning(code, message, place, count, loss))

    def note(self, code: str, message: str, place: Place | None = None, *, count: int = 1) -> None:
        """Record what is as it was asked for: it is in the fidelity record, and nobody is warned but under `all`."""
        self._count(self._notes, ReportWarning(code, message, place, count, loss=False))

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

    def _count(self, found: dict[tuple[str, int | None, str], ReportWarning], new: ReportWarning) -> None:
        refuse([new], self.strict)
        key = (new.code, new.place.element if new.place else None, new.message)
        known = found.get(key)
        found[key] = replace(known, count=known.count + new.count) if known else new


def refuse(warnings: Iterable[ReportWarning], strict: Strictness) -> None:
    """Raise `LossError` for the first warning that is an error."""
    for warning in warnings:
        if warning.refused(strict):
            raise LossError(warning.message, place=warning.place)


def check_strictness(strict: object) -> None:
    """Raise `UsageError` for what says nothing of how strict to be."""
    if strict is not True and strict is not False and strict != "all":
        raise UsageError(f"strict is {strict!r:.60}", remedy='say True, False or "all"')
