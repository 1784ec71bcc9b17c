"""How tables fit on paper: which kind of page each gets, which columns stand side by side, how they share the width.

Lengths are in digits of the table's type, as in `Look.width`. They are estimates that decide what looks good; nothing
is cut off where they fail, since every value on paper may wrap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icreport.rendering.page.columns import UNBROKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.rendering.page.columns import Look

KEY_COLUMN = 0
"""The column that is repeated where a table goes on with further columns."""
KINDS_OF_PAGE = ("", "wide", "wide small", "wide small larger")
"""The classes of a table's element, in the order in which they are tried: its page, a landscape one, there in small
type, so on larger paper."""
_LONGEST_LINE = 28
"""A column that is at least so wide may wrap its values."""
_NARROW = 18
"""A column of texts that wrap can still be read at this width."""
_LONGEST_WORD = 14
_CHIP = 1.6
"""Beside the text of a status: the padding of its chip."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a kind of page has for a table: its width, and of that what the padding of a column takes."""

    fit: str
    width: float
    padding: float


def fit_of(looks: Sequence[Look], rooms: Sequence[Room]) -> Room:
    """Choose the first kind of page that has room for a table; the last if none has."""
    return next((room for room in rooms if sum(_needs(looks, room)) <= room.width), rooms[-1])


def column_groups(looks: Sequence[Look], room: Room) -> list[list[int]]:
    """Divide columns into sets that fit side by side, each begun by the key column; one set if narrow texts will do."""
    if sum(_needs(looks, room, text=_NARROW)) <= room.width:
        return [list(range(len(looks)))]
    needs = _needs(looks, room)
    keys = [KEY_COLUMN] if needs[KEY_COLUMN] <= room.width / 3 else []
    groups: list[list[int]] = [[]]
    left = room.width
    for column, need in enumerate(needs):
        if need > left and groups[-1]:
            groups.append(list(keys))
            left = room.width - sum(needs[key] for key in keys)
        groups[-1].append(column)
        left -= need
    return groups


def part_of_width(looks: Sequence[Look], room: Room) -> float:
    """Say how much of the page's width a set of columns should take, so that few columns are not drawn out."""
    return min(1.0, 1.25 * sum(_needs(looks, room)) / room.width)


def with_shares(looks: Sequence[Look], room: Room) -> list[Look]:
    """Give the looks with the share of the width that each column has, in percent.

    Long text gives way: it can wrap, a number or a tag cannot without becoming hard to read.
    """
    if not looks:
        return []
    weights = [
        min(look.width, _LONGEST_WORD)
        + _chip(look)
        + room.padding
        + max(0.0, min(look.width, 200) - _LONGEST_WORD) ** 0.6
        for look in looks
    ]
    leasts = [_least(look) + room.padding for look in looks]
    widths = _distributed(room.width, weights, leasts)
    whole = sum(widths)
    return [replace(look, share=round(100 * width / whole, 3)) for look, width in zip(looks, widths, strict=True)]


def _distributed(width: float, weights: list[float], leasts: list[float]) -> list[float]:
    """Distribute a width by weights, but to none less than its least as long as there is enough for all."""
    if sum(leasts) >= width:
        return leasts
    fixed: set[int] = set()
    while True:
        free = width - sum(leasts[at] for at in fixed)
        weight = sum(each for at, each in enumerate(weights) if at not in fixed)
        widths = [leasts[at] if at in fixed else free * each / weight for at, each in enumerate(weights)]
        short = {at for at, each in enumerate(widths) if at not in fixed and each < leasts[at]}
        if not short:
            return widths
        fixed |= short


def _needs(looks: Sequence[Look], room: Room, text: float = _LONGEST_LINE) -> list[float]:
    """Give the widths that columns should have, those of texts up to `text`."""
    return [
        min(look.width, text if look.kind == "text" else _LONGEST_LINE) + _chip(look) + room.padding for look in looks
    ]


def _chip(look: Look) -> float:
    return _CHIP if look.kind == "status" else 0


def _least(look: Look) -> float:
    """Give the width below which a column is hard to read."""
    if look.kind in UNBROKEN:
        return min(look.width, _LONGEST_LINE) + 0.5
    return min(look.word, _LONGEST_WORD) + _chip(look)
