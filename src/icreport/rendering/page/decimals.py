"""Numbers of a column that have other decimals stand with their decimal marks below one another on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.rendering.locales import PageText
    from icreport.rendering.page.columns import Look
    from icreport.rendering.page.survey import Survey
    from icreport.rendering.table_format import Shown

_MOST = 6
"""Decimals up to which numbers are aligned: what a computer calculated has 17, and others would stand apart."""
_MARK = 0.5
"""About how wide a decimal mark is, in digits."""


@dataclass(frozen=True, slots=True)
class Decimals:
    """The decimals of a column: what is written before them, and the most that a number has."""

    mark: str
    most: int

    def missing(self, text: str) -> float:
        """Return the room that a number leaves for the decimals that it lacks, in digits; 0 for what is no number."""
        if not text[-1:].isdecimal():
            return 0.0
        count = _count(text, self.mark)
        return max(0, self.most - count) if count else self.most + _MARK

    def room(self, text: str) -> str:
        """Return that room as HTML, to follow the text."""
        missing = self.missing(text)
        return f'<span style="padding-right:{missing:g}ch"></span>' if missing else ""


def with_decimals(
    looks: Sequence[Look], survey: Survey, page_text: PageText, shown: Shown, *, is_linked: bool
) -> list[Look]:
    """Return looks that say of columns of numbers how they are aligned, with the width that it takes.

    The first column is left out where it `is_linked`: a link is as wide as its text.
    """
    return [
        _aligned(look, page_text.texts(shown.rounded(at, column)), page_text.decimal_mark)
        if look.kind == "number" and (at or not is_linked)
        else look
        for at, (look, column) in enumerate(zip(looks, survey.columns() or [[] for _ in looks], strict=True))
    ]


def _aligned(look: Look, texts: Sequence[str], mark: str) -> Look:
    counts = {_count(text, mark) for text in texts if text}
    most = max(counts, default=0)
    if len(counts) <= 1 or most > _MOST:
        return look
    decimals = Decimals(mark, most)
    # What has the most digits before the mark may have none after it.
    wider = max(len(text) + decimals.missing(text) for text in texts) - max(map(len, texts))
    return replace(look, decimals=decimals, width=look.width + wider, word=look.word + wider)


def _count(text: str, mark: str) -> int:
    _, found, decimals = text.rpartition(mark)
    return len(decimals) if found else 0
