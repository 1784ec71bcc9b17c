"""What the encoding of a specification says of one channel: which column, of what type, how put together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from icreport.model.conditions import look_of, number_in
from icreport.model.totals import TOTAL_NAMES
from icreport.values import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.model.chart import Chart
    from icreport.rendering.charts.look import Look
    from icreport.words import Words

_ESCAPED = re.compile(r"\\(.)")
DISCRETE = frozenset(("nominal", "ordinal"))
COLOURED = ("color", "fill", "stroke")
_TOTALS: dict[str, str] = {"average": TOTAL_NAMES["mean"]} | {str(name): said for name, said in TOTAL_NAMES.items()}
"""What aggregates of Vega-Lite are called; of others it says so itself."""
_MOST_EXACT = 1 << 53
"""Integers up to here are floats without a loss."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of an encoding that shows a column, or how many rows there are (`at` is None)."""

    said: dict[str, object]
    at: int | None
    type: str
    aggregate: str | None
    name: str

    @property
    def is_discrete(self) -> bool:
        """Whether its values are apart from each other."""
        return self.type in DISCRETE

    def title(self, words: Words) -> str:
        """Return what stands at it: its own title, else its column and how that is put together."""
        for part in (self.said.get("axis"), self.said.get("legend"), self.said):
            if isinstance(part, dict) and "title" in part:
                lines = part["title"] if isinstance(part["title"], list) else [part["title"]]
                return " ".join(line for line in lines if isinstance(line, str))
        if self.aggregate == "count":
            return words("Count")
        total = _TOTALS.get(self.aggregate or "")
        return words("{label} ({total})", label=self.name, total=words(total)) if total else self.name


def channel(chart: Chart, encoding: dict[str, object], name: str) -> Channel | None:
    """Return what an encoding says of a channel; None where it says nothing, or nothing of a column."""
    said = encoding.get(name)
    if not isinstance(said, dict):
        return None
    names = chart.table.names
    field = said.get("field")
    wanted = name_of(field) if isinstance(field, str) else None
    aggregate = said.get("aggregate")
    if wanted not in names and aggregate != "count":
        return None
    at = names.index(wanted) if wanted in names else None
    kind = said.get("type") or ("quantitative" if aggregate or said.get("bin") else "nominal")
    return Channel(
        said,
        at,
        kind if isinstance(kind, str) else "",
        aggregate if isinstance(aggregate, str) else None,
        names[at] if at is not None else "",
    )


def name_of(field: str) -> str:
    """Return the name of the column that a field means."""
    return _ESCAPED.sub(r"\1", field)


def column_values(chart: Chart, at: int) -> list[object]:
    """Return the values of a column, null where a row is short."""
    return [row.values[at] if at < len(row.values) else None for row in chart.rows]


def in_order(chart: Chart, found: Channel) -> list[Any]:
    """Return the different values of a discrete channel in the order in which they are shown."""
    values = list({_key(value): value for value in column_values(chart, found.at or 0) if value is not None}.values())
    sort = found.said.get("sort", "ascending")
    said = chart.columns[found.at or 0].format
    order = sort if isinstance(sort, list) else said.order if said and said.order and "sort" not in found.said else None
    if order is not None:
        rank = {_key(value): at for at, value in enumerate(order)}
        return sorted(values, key=lambda value: rank.get(_key(value), len(rank)))
    if sort is None:
        return values
    numbers = all(isinstance(value, int | float) for value in values)
    return sorted(values, key=None if numbers else text_of, reverse=sort == "descending")


def _key(value: object) -> object:
    return (type(value) is bool, value) if isinstance(value, int | float | str) else text_of(value)


def looks_of(chart: Chart, at: int, values: Sequence[object], look: Look) -> list[str | None]:
    """Return how values of a column look: by its marks, else as words of a status."""
    said = chart.columns[at].format
    if said and (marked := look_of(said.marks, said.type)):
        return [marked(value) for value in values]
    words = look.statuses.words_of(chart.columns[at].head, texts_of(values))
    return [words.get(" ".join(text_of(value).split()).casefold()) for value in values]


def colours_of(chart: Chart, at: int, values: Sequence[object], look: Look) -> list[str] | None:
    """Return the colour of each value of a column; None where none of them has a look of its own."""
    looks = looks_of(chart, at, values, look)
    if not any(one in {"good", "fair", "bad"} for one in looks):
        return None
    counts: dict[str, int] = {}
    made = []
    for one in looks:
        name = one or "plain"
        counts[name] = counts.get(name, 0) + 1
        made.append(look.colours[f"{name}-{min(counts[name], 3)}"])
    return made


def drawn_value(value: object) -> object:
    """Return a value as data of a specification: plain floats, nests and numbers beyond those of floats as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = as_number(value)
        return text_of(value) if number is None else value if abs(value) < _MOST_EXACT else number
    return text_of(value) if isinstance(value, list | dict) else value


def as_number(value: object) -> float | None:
    """Return a value as a number, or a text that says one; None where it is none, or beyond those of floats."""
    found = number_in(value)
    if not isinstance(found, int | float) or isinstance(found, bool):
        return None
    try:
        number = float(found)
    except OverflowError:
        return None
    return number if isfinite(number) else None
