"""Rows of columns of text as one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def joined_rows(columns: Sequence[Sequence[str]], between: str, row_end: str) -> str:
    """Return the rows of at least one column: `between` stands between cells, `row_end` after each row."""
    first, *others = columns
    if not others:
        return row_end.join([*first, ""])
    # One join of all rows takes a third of the time of one for each; so what follows a row stands in its last piece.
    ends = [f"{last}{row_end}{start}" for last, start in zip(others[-1], [*first[1:], ""], strict=True)]
    filled = [*others[:-1], ends]
    pieces = [""] * (len(ends) * len(filled))
    for at, column in enumerate(filled):
        pieces[at :: len(filled)] = column
    return between.join([*first[:1], *pieces])
