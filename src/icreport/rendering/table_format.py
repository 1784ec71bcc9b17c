"""What a table says of how it is shown (`icreport.model.formats`), column by column of its grid."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING

from icreport.model.conditions import look_of
from icreport.model.looks import KEY
from icreport.model.rows import Row
from icreport.model.totals import TOTAL_NAMES
from icreport.rendering.grid import narrowed
from icreport.values import ExactFloat
from icreport.words import ENGLISH, say, to_say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from icreport.model.elements import Table
    from icreport.model.formats import ColumnFormat, Total
    from icreport.model.looks import Look, RowKind
    from icreport.rendering.grid import Grid
    from icreport.rendering.locales import PageText
    from icreport.rendering.shown_rows import ShownRows
    from icreport.words import Said, Words

SIGNS = {"good": "\u2022", "fair": "!", "bad": "!!"}
"""What stands before a marked value, so that it is told without colours."""
BLANK = "\N{EM DASH}"
"""What heads a group of rows without a value."""
_LABELS = {"subtotal": to_say("Subtotal"), "total": to_say("Total")}
_OF_VALUES = ("sum", "mean", "min", "max")
"""The totals that are like the values of their column."""
_DECIMALS_OF_MEAN = 3
_MOST_ASKED = 90.0
"""Percent of a table's width that columns may ask for, where there are others."""
_MOST_DIGITS = 40
"""Digits before the point of a number that is rounded; a longer one is shown as it came."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How a table is shown; `formats` and what follows are by the columns of its grid."""

    formats: Sequence[ColumnFormat]
    looks: Sequence[Callable[[object], Look | None] | None]
    """What gives a value its look by the marks of its column."""
    grouped: bool = False
    """Whether headings of groups stand among the rows."""
    new_page: bool = False
    words: Words = ENGLISH
    ranges: dict[int, Range] = field(default_factory=dict)
    """The numbers of the columns with a bar or a colour scale, when all rows have been seen."""

    @property
    def says(self) -> bool:
        """Whether anything is said of a column or of groups."""
        return self.grouped or any(one.model_fields_set for one in self.formats)

    @property
    def totals(self) -> bool:
        """Whether columns have totals."""
        return any(one.total for one in self.formats)

    @property
    def measured(self) -> list[int]:
        """The columns whose least and greatest number have to be known."""
        return [at for at, one in enumerate(self.formats) if one.bar or one.scale]

    @property
    def widths(self) -> dict[int, float]:
        """The widths that columns are to have, in percent of the table's; less where they are more than it has."""
        asked = {at: float(one.width.rstrip("% ")) for at, one in enumerate(self.formats) if one.width}
        most = 100.0 if len(asked) == len(self.formats) else _MOST_ASKED
        part = min(1.0, most / sum(asked.values())) if asked else 1.0
        return {at: round(width * part, 3) for at, width in asked.items()}

    def narrowed(self, columns: Sequence[int]) -> Shown:
        """Return what is said of some of the columns, in this order."""
        return replace(
            self,
            formats=[self.formats[at] for at in columns],
            looks=[self.looks[at] for at in columns],
            ranges={to: self.ranges[at] for to, at in enumerate(columns) if at in self.ranges},
        )

    def rounded(self, at: int, column: Sequence[object]) -> Sequence[object]:
        """Return the values of a column with the decimals that are asked for."""
        decimals = self.formats[at].decimals
        return column if decimals is None else [rounded(value, decimals) for value in column]

    def looks_of(self, row: Row) -> list[Look | None]:
        """Return how the cells of a row look: as they say, by the marks of their columns, or as the row says."""
        own = row.looks if row.cells else {}
        of_row = row.look if row.fields is not None else None
        if of_row or row.kind != "row":
            return [own.get(at) or of_row for at in range(len(row.values))]
        return [
            own.get(at) or (look(value) if look else None)
            for at, (look, value) in enumerate(zip(self.looks, row.values, strict=True))
        ]

    def listed(self, rows: list[Row]) -> list[Row]:
        """Return the rows of the report, without headings, subtotals and totals."""
        return [row for row in rows if row.kind == "row"] if any_said(rows) else rows

    def totalled(self, rows: list[Row]) -> list[Row]:
        """Return subtotals and totals as rows that have nothing but the numbers and dates of their columns."""
        of_values = [one.total in _OF_VALUES for one in self.formats]
        found = [row for row in rows if row.fields is not None and row.kind in ("subtotal", "total")]
        return [
            Row(tuple([value if is_one else None for value, is_one in zip(row.values, of_values, strict=True)]))
            for row in found
            if any(of_values)
        ]

    def label_at(self, row: Row) -> int | None:
        """Return which cell of a row of totals says what it is: the first one without a total, if it is blank."""
        at = next((at for at, one in enumerate(self.formats) if one.total is None), None)
        return at if at is not None and row.values[at] in (None, "") else None

    def label_of(self, kind: RowKind) -> str:
        """Return what a row of totals says that it is."""
        return self.words.of(label_of(kind, [one.total for one in self.formats]))

    def before_value(self, kind: RowKind, text: str) -> str:
        """Return the label and the value of a first cell, in rows that have no cell for the label alone."""
        return self.words.of(before_value(self.label_of(kind), text))

    @property
    def all_totals(self) -> bool:
        """Whether every column has a total, so that none is left for a label."""
        return all(one.total for one in self.formats)

    def total_of(self, at: int, value: object) -> object:
        """Return a total with the decimals of its column; a mean of a column that says none has three at most."""
        one = self.formats[at]
        if one.total == "mean" and one.decimals is None and isinstance(value, float):
            made = _rounded(str(value), _DECIMALS_OF_MEAN)
            return ExactFloat(str(made).rstrip("0").rstrip(".")) if "." in str(made) else made
        return rounded(value, one.decimals) if one.decimals is not None else value

    def statuses(self, words: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
        """Return the words of columns that tell a status, none for those that say how values look or what they were."""
        return [{} if one.marks or one.was else each for one, each in zip(self.formats, words, strict=True)]

    def see(self, rows: Iterable[Row]) -> None:
        """Take note of the numbers of the columns with a bar or a colour scale."""
        for at in self.measured:
            found = [_number(row.values[at]) for row in rows if row.kind == "row"]
            if numbers := [number for number in found if number is not None]:
                known = self.ranges.get(at)
                least, most = min(numbers), max(numbers)
                self.ranges[at] = Range(min(least, known.least), max(most, known.most)) if known else Range(least, most)


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest number of a column."""

    least: float
    most: float

    def place(self, value: object) -> float | None:
        """Return where between the two a number is, from 0 to 1; None for what is none."""
        number = _number(value)
        if number is None:
            return None
        # Halves: what lies between the largest numbers of both signs is more than a float holds.
        width = self.most / 2 - self.least / 2
        return min(max((number / 2 - self.least / 2) / width, 0.0), 1.0) if width else 1.0

    def bar(self, value: object) -> tuple[int, int] | None:
        """Return from where to where the bar of a number goes, in percent of its cell; zero may be within it."""
        whole = Range(min(self.least, 0.0), max(self.most, 0.0))
        at = whole.place(value)
        if at is None or whole.least == whole.most:
            return None
        zero, end = (round(100 * place) for place in (whole.place(0) or 0.0, at))
        return (min(zero, end), max(zero, end)) if zero != end else None


def label_of(kind: RowKind, totals: Iterable[Total | None]) -> Said:
    """Return what a row of subtotals or totals says that it is, with the kind of its totals if all are of one.

    `totals` are those of its columns. A sum is what everybody takes a total for, and is not named.
    """
    kinds = {one for one in totals if one is not None}
    one: Total = next(iter(kinds)) if len(kinds) == 1 else "sum"
    label = say(_LABELS[kind])
    return label if one == "sum" else say("{label} ({total})", label=label, total=say(TOTAL_NAMES[one]))


def made_texts(row: Row, shown: Shown, page_text: PageText) -> list[str]:
    """Return what a row that is none of the report says: of a heading one text, of totals those of its cells."""
    texts = [page_text.text(shown.total_of(at, value)) for at, value in enumerate(row.values)]
    if row.kind == "group":
        return [next(filter(None, texts), "").strip() or BLANK]
    label = shown.label_at(row)
    if label is not None:
        texts[label] = texts[label] or shown.label_of(row.kind)
    elif texts and shown.all_totals:
        texts[0] = shown.before_value(row.kind, texts[0])
    return texts


def before_value(label: str, text: str) -> str:
    """Return the label and the value of a first cell, in rows that have no cell for the label alone."""
    return say("{label}: {value}", label=label, value=text) if text else label


def shown_of(table: Table, rectangle: Grid, *, grouped: bool = False, words: Words = ENGLISH) -> Shown:
    """Return what a table says, for the columns of its grid, its labels in the words of the document."""
    return Shown(
        rectangle.formats,
        [look_of(one.marks, one.type) for one in rectangle.formats],
        grouped=grouped,
        new_page=bool(table.format.new_page),
        words=words,
    )


def with_shown_rows(rectangle: Grid, rows: ShownRows) -> Grid:
    """Return a grid as pages show it: headings of groups stand for their columns, totals among the rows."""
    if not rows.has_more:
        return rectangle
    whole = replace(rectangle, batches=rows.batches())
    visible = [at for at in range(len(rectangle.heads)) if at not in rectangle.groups]
    return narrowed(whole, visible) if rectangle.groups and visible else whole


def written(rows: list[Row], ordinary: Callable[[list[Row]], str], made: Callable[[Row], str]) -> str:
    """Return rows as text: those of the report as many at a time as follow each other, others one by one."""
    if not any_said(rows):
        return ordinary(rows)
    return "".join(
        ordinary(list(run)) if kind == "row" else "".join(map(made, run))
        for kind, run in groupby(rows, lambda row: row.kind)
    )


def any_said(rows: Sequence[Row]) -> bool:
    """Return whether any of these rows, or a cell of one, says how it is shown."""
    said = [row.fields for row in rows if row.fields is not None]
    if any(KEY in fields for fields in said):
        return True
    celled = [row.cells for row in rows if row.cells is not None]
    return any(isinstance(cell, dict) and KEY in cell for cells in celled for cell in cells.values())


def rounded(value: object, decimals: int) -> object:
    """Return a number with so many decimals, halves away from zero as in a workbook; what is none as it came."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    return _rounded(str(value), decimals)


def _number(value: object) -> float | None:
    """Return a number as a float, None for what is none and for what no float holds."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


@lru_cache(maxsize=1 << 14)
def _rounded(text: str, decimals: int) -> ExactFloat | int:
    number = Decimal(text)
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
        return ExactFloat(text)
    with localcontext(prec=_MOST_DIGITS + decimals + 2):
        made = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    # No number is less than nothing by a sign alone.
    literal = f"{made or abs(made):f}"
    return ExactFloat(literal) if decimals else int(literal)
