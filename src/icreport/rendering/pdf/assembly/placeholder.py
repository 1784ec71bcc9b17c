"""A table whose pages are made apart from the document that they join: what that document has in their stead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

FEWEST_PAGES = 3
"""A table on fewer pages than this is left to WeasyPrint: there is no page between its first and last one."""


class Extent(NamedTuple):
    """Where the rows of a page stand, in CSS pixels from the top of the page: what follows them starts at `bottom`."""

    top: float
    bottom: float

    @property
    def height(self) -> float:
        """The height that the rows take."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Rows that stand for those of a table in the shell: the document that its pages join.

    The first and the last page share theirs with other content; of the `between` ones, which are whole pages, the shell
    has three at most.
    """

    identifier: str
    columns: int
    first: Extent
    last: Extent
    between: int

    @property
    def templates(self) -> int:
        """The number of pages between in the shell: left and right pages stay what they are, odd or even in number."""
        return min(self.between, 2 + self.between % 2)

    @property
    def added(self) -> int:
        """The number of pages that the shell does not have."""
        return self.between - self.templates

    def rows(self) -> str:
        """Return the rows as HTML."""
        between = [(1.0, "break-before:page")] * self.templates
        heights = [(self.first.height, ""), *between, (self.last.height, "break-before:page")]
        return "".join(high_row(self.columns, height, style) for height, style in heights)


def high_row(columns: int, height: float, style: str = "") -> str:
    """Return a row of this height without content, as HTML."""
    cell = f'<td colspan="{columns}" style="box-sizing:border-box;height:{height:.6f}px;padding:0"></td>'
    return f'<tr style="{style}">{cell}</tr>'
