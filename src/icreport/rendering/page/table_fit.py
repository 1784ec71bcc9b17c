"""How tables fit on paper: which kind of page each gets, which columns stand side by side, how they share the width.

Lengths are in digits of the table's type, as in `Look.width`. They are estimates that decide what looks good; nothing
is cut off where they fail, since every value on paper may wrap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icreport.rendering.page.columns import UNBROKEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
_FEWEST = 2
"""Rows of a table that can be apart."""
_SHORT = 8
"""Rows of a table that stays on one page."""
_FEW_PAGES = 2
_MUCH_LOWER = 0.75
_BESIDE = 1.0
"""Between a number and the text to its right, beside the padding that both have."""
_SLACK = 1.03
"""How much wider a value may be than estimated."""
_STEPS = 60
_NORM = 6
_NOTHING = 0.01
_ASKING = re.compile(r"\b(?:col|th)\b[^{}]*\{[^{}]*(?<![-\w])width\s*:", re.IGNORECASE)
_CHIP = 1.6
"""Beside the text of a status: the padding of its chip."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a kind of page has for a table: its width, of that what the padding of a column takes, rows of one line."""

    fit: str
    width: float
    padding: float
    rows: float = 40


def fit_of(looks: Sequence[Look], rooms: Sequence[Room], rows: int = 0) -> Room:
    """Choose the first kind of page that has room for a table; the last if none has.

    A table of long texts that takes pages has the next kind of the same paper where it is much lower on it.
    """
    at = next((at for at, room in enumerate(rooms) if sum(_needs(looks, room)) <= room.width), len(rooms) - 1)
    small = at + 1
    if small < len(rooms) and rooms[small].fit == f"{rooms[at].fit} small":
        pages = pages_of(looks, rooms[at], rows)
        if pages > _FEW_PAGES and pages_of(looks, rooms[small], rows) < _MUCH_LOWER * pages:
            return rooms[small]
    return rooms[at]


def kind_of_page(room: Room) -> str:
    """Return the name of the pages that a table in this room is on, none where they are the usual ones."""
    classes = room.fit.split()
    return next((kind for kind in ("larger", "wide") if kind in classes), "")


def pages_of(looks: Sequence[Look], room: Room, rows: int) -> float:
    """Return about how many pages so many rows take, by those whose lines are known."""
    widths = [
        max(1.0, width - room.padding - _chip(look)) for look, width in zip(looks, _widths(looks, room), strict=True)
    ]
    cells = [[_height(lines, width) for lines in look.lines[1:]] for look, width in zip(looks, widths, strict=True)]
    heights: list[float] = [max(row) for row in zip(*cells, strict=True)]
    return sum(heights) / max(1, len(heights)) * rows / room.rows


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


def asks_widths(css: str) -> bool:
    """Return whether a style sheet has widths for columns."""
    return _ASKING.search(css) is not None


def with_shares(looks: Sequence[Look], room: Room, asked: Mapping[int, float] | None = None) -> list[Look]:
    """Return the looks with the share of the width that each column has, in percent.

    Columns shrink to what they hold. What is left goes to the texts that wrap where all would fit; where not, to where
    it makes the table lowest, by the rows whose lines are known. Columns for which a share is `asked` have that; the
    others divide what is left.
    """
    if not looks:
        return []
    if asked:
        part = max(0.0, 100 - sum(asked.values())) / 100
        rest = [look for at, look in enumerate(looks) if at not in asked]
        others = iter(with_shares(rest, replace(room, width=room.width * part)))
        return [
            replace(look, share=round(asked[at] if at in asked else next(others).share * part, 3))
            for at, look in enumerate(looks)
        ]
    widths = _widths(looks, room)
    whole = sum(widths)
    return [replace(look, share=round(100 * width / whole, 3)) for look, width in zip(looks, widths, strict=True)]


def kept_together(looks: Sequence[Look], room: Room, rows: int) -> str:
    """Say which rows of a table stay together: all ("short"), the first two and the last two ("rows") or none ("").

    A page must have room for them: WeasyPrint fails where it has not.
    """
    if rows < _FEWEST or not looks:
        return ""
    widths = [
        max(1.0, (room.width * look.share / 100 or room.width / len(looks)) - room.padding - 2 * _CHIP)
        for look in looks
    ]
    highest = max(look.breaks + 1 + 1.3 * look.length / width for look, width in zip(looks, widths, strict=True))
    if highest > room.rows / 5:
        return ""
    if rows > _SHORT:
        return "rows"
    cells = [[_height(lines, width) for lines in look.lines[1:]] for look, width in zip(looks, widths, strict=True)]
    height = sum(max(row) for row in zip(*cells, strict=True))
    return "short" if 1.2 * height < room.rows / 2 else "rows"


def _widths(looks: Sequence[Look], room: Room) -> list[float]:
    leasts = [_least(look) + room.padding + _beside(looks, at) for at, look in enumerate(looks)]
    mosts = [
        max(least, look.width * _SLACK + _chip(look) + room.padding + _beside(looks, at))
        for at, (look, least) in enumerate(zip(looks, leasts, strict=True))
    ]
    left = room.width - sum(leasts)
    if left <= 0:
        return leasts
    if (slack := room.width - sum(mosts)) >= 0:
        texts = [most if look.kind == "text" else 0 for look, most in zip(looks, mosts, strict=True)]
        weights = texts if any(texts) else mosts
        return [most + slack * weight / sum(weights) for most, weight in zip(mosts, weights, strict=True)]
    return _lowest(looks, leasts, mosts, left, room.padding)


def _lowest(looks: Sequence[Look], leasts: list[float], mosts: list[float], left: float, padding: float) -> list[float]:
    """Return widths from the least to the most, a step at a time to the column that makes rows lowest by it.

    A row is as high as the highest of its cells; a norm stands for that, so that each cell that is lowered counts.
    """
    widths = list(leasts)
    step = max(left / _STEPS, 0.25)
    lines = [look.lines or ((look.width,),) for look in looks]

    def powers(at: int, width: float) -> list[float]:
        room = width - padding - _chip(looks[at]) - _beside(looks, at)
        return [_height(each, max(room, 1.0)) ** _NORM for each in lines[at]]

    now = [powers(at, width) for at, width in enumerate(widths)]
    while left > _NOTHING:
        heights = [sum(cells) ** (1 / _NORM - 1) for cells in zip(*now, strict=True)]
        best: tuple[float, int, float, list[float]] | None = None
        for at, width in enumerate(widths):
            more = min(step, mosts[at] - width, left)
            if more <= _NOTHING:
                continue
            then = powers(at, width + more)
            won = sum([(old - new) * row for old, new, row in zip(now[at], then, heights, strict=True)]) / more
            if best is None or won > best[0]:
                best = (won, at, more, then)
        if best is None:
            break
        _, at, more, now[at] = best
        widths[at] += more
        left -= more
    return widths


def _height(lines: Sequence[float], width: float) -> float:
    """Return about how many lines a value takes; a line that wraps leaves some of its width blank."""
    return sum([max(1.0, line / width + 0.4) if line > width else 1.0 for line in lines])


def _needs(looks: Sequence[Look], room: Room, text: float = _LONGEST_LINE) -> list[float]:
    """Return the widths that columns should have, those of texts up to `text`."""
    return [
        min(look.width, text if look.kind == "text" else _LONGEST_LINE) + _chip(look) + room.padding for look in looks
    ]


def _chip(look: Look) -> float:
    return _CHIP if look.kind == "status" else 0


def _beside(looks: Sequence[Look], at: int) -> float:
    """Return what a column has of the room between a number and the text to its right."""
    kinds = [look.kind for look in looks]
    left = kinds[at] == "number" and at + 1 < len(kinds) and kinds[at + 1] != "number"
    return _BESIDE if left or (at > 0 and kinds[at] != "number" and kinds[at - 1] == "number") else 0.0


def _least(look: Look) -> float:
    """Return the width below which a column is hard to read."""
    if look.kind in UNBROKEN:
        return min(look.width, _LONGEST_LINE) + 0.5
    return min(look.word, _LONGEST_WORD) + _chip(look) + 0.5
