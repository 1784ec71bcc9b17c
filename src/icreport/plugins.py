"""What ours and third parties' packages register as entry points."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

RENDERERS = "icreport.renderers"
ELEMENTS = "icreport.elements"


@cache
def _all() -> Any:
    # Reading what every installed package registers takes longer than a small conversion.
    return entry_points()


@cache
def registered(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group."""
    return tuple(_all().select(group=group))
