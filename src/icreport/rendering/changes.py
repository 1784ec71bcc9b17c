"""What values were in another report, beside what they are: as text, and as columns of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as struct_replace

from icreport.model.formats import ColumnFormat
from icreport.model.rows import Batch
from icreport.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from icreport.model.rows import Row
    from icreport.rendering.grid import Grid
    from icreport.words import Words

_BLANK = "\N{EN DASH}"


def was_and_is(was: str, text: str) -> str:
    """Return what a value was and what it is as one text, a dash where there is none."""
    return f"{was or _BLANK} \N{RIGHTWARDS ARROW} {text or _BLANK}"


def with_was(rows: Sequence[Row], at: int, texts: Sequence[str], show: Callable[[object], str]) -> Sequence[str]:
    """Return the texts of a column of these rows with what the cells were, where they say it."""
    return [
        was_and_is(show(row.was[at]), text) if row.cells and at in row.was else text
        for row, text in zip(rows, texts, strict=True)
    ]


def with_was_columns(rectangle: Grid, words: Words = ENGLISH) -> Grid:
    """Return a grid in which what cells were is in a column of its own, after theirs; null where they do not say."""
    told = [at for at, one in enumerate(rectangle.formats) if one.was]
    if not told:
        return rectangle
    places = [at + sum(one < at for one in told) for at in range(len(rectangle.heads))]
    heads: list[str] = []
    formats: list[ColumnFormat] = []
    for head, one in zip(rectangle.heads, rectangle.formats, strict=True):
        heads.append(head)
        formats.append(one)
        if one.was:
            heads.append(words("{name} (was)", name=head))
            formats.append(ColumnFormat(decimals=one.decimals, type=one.type))

    def widened(rows: Sequence[Row]) -> list[Row]:
        return [_widened(row, told, places) for row in rows]

    def batches() -> Iterator[Batch]:
        for batch in rectangle.batches:
            yield Batch(widened(batch.rows))

    return replace(
        rectangle,
        heads=heads,
        formats=formats,
        sample=widened(rectangle.sample),
        batches=batches(),
        groups=[places[at] for at in rectangle.groups],
    )


def _widened(row: Row, told: Sequence[int], places: Sequence[int]) -> Row:
    was = row.was if row.cells else {}
    values = [None] * (len(places) + len(told))
    for at, value in enumerate(row.values):
        values[places[at]] = value
    for at in told:
        values[places[at] + 1] = was.get(at)
    cells = row.cells and {places[at]: cell for at, cell in row.cells.items()}
    return struct_replace(row, values=tuple(values), cells=cells)
