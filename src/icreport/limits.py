"""How large a report may be before it is refused: far above real reports, and each limit can be set."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

from icreport.errors import LimitError, UsageError

if TYPE_CHECKING:
    from icreport.errors import Place

_PREFIX = "ICREPORT_MAX_"
_DEEPEST = 900  # beyond that the decoder would end Python's stack

IN_MEMORY = 1 << 22
"""Bytes of a temporary file that stay in memory."""
_BOMB = 64 << 20
_INFLATION = 200  # JSON that repeats itself packs to a hundredth; nothing honest to less than this


def check_inflation(packed: int, unpacked: int, what: str) -> None:
    """Raise `LimitError` where data unpack to so many times their bytes that they were made to fill a disk."""
    if unpacked > _BOMB and unpacked > packed * _INFLATION:
        raise LimitError(f"{what} is more than {_INFLATION} times as large when unpacked", remedy="unpack it")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one conversion; without any said, `ICREPORT_MAX_DEPTH`, `ICREPORT_MAX_ELEMENTS`, … are asked."""

    depth: int = 500
    """How deep arrays and objects may nest inside one value; at most 900."""
    elements: int = 100_000
    """Elements of a report."""
    columns: int = 16_384
    """Columns of a table, and values of a row: those of a sheet of Excel."""
    cell: int = 16 << 20
    """Characters of one text."""
    unpacked: int = 16 << 30
    """Bytes that gzip may unpack to."""
    image: int = 32 << 20
    """Bytes of an image."""
    pixels: int = 100_000_000
    """Pixels of an image."""
    pages: int = 100_000
    """Pages of a PDF, reckoned before it is laid out at a hundred rows a page."""

    chart_rows: int = 10_000
    """Rows that a chart is drawn of."""
    chart_seconds: int = 20
    """How long a chart may take to be drawn."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int) or value < 1 or (field.name == "depth" and value > _DEEPEST):
                most = f" up to {_DEEPEST}" if field.name == "depth" else ""
                raise UsageError(f"the limit {field.name!r} is {value!r}, not a whole number from 1{most}")

    @classmethod
    def from_environment(cls) -> Self:
        """Return the limits that the environment says, the defaults for the others."""
        said: dict[str, int] = {}
        for field in fields(cls):
            name = _PREFIX + field.name.upper()
            if (text := os.environ.get(name)) is not None:
                try:
                    said[field.name] = int(text)
                except ValueError:
                    raise UsageError(f"{name} is {text!r}, not a whole number") from None
        return cls(**said)

    def exceeded(self, name: str, message: str, place: Place | None = None) -> LimitError:
        """Make the error that says which limit it was and how to set it."""
        limit = f"{getattr(self, name):,}"
        return LimitError(f"{message} than {limit}", place=place, remedy=f"{_PREFIX}{name.upper()} sets this limit")
