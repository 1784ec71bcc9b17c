"""Charts that office programs have themselves: bars, lines, areas, points and pies of a table of series."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any

from icreport.model.conditions import number_in
from icreport.rendering.charts.fields import COLOURED, as_number, channel, colours_of, column_values, in_order
from icreport.rendering.charts.styling import kind_of
from icreport.rendering.themes.tokens import SERIES
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from icreport.model.chart import Chart
    from icreport.rendering.charts.fields import Channel
    from icreport.rendering.charts.look import Look

KINDS = frozenset(("bar", "line", "area", "point", "arc"))
_ALSO_POINTS = {"circle": "point", "square": "point"}
_SAID_OF_MARK = (
    "type point tooltip opacity fillOpacity filled size strokeWidth cornerRadius cornerRadiusEnd innerRadius line clip"
)
_MARK = frozenset(_SAID_OF_MARK.split())
_CHANNEL = frozenset(("field", "type", "title", "axis", "legend", "sort", "scale", "aggregate", "stack", "bin"))
_CHANNELS = frozenset(("x", "y", "x2", "xOffset", "theta", "tooltip", "order", "opacity", *COLOURED))
_PLACED = frozenset(("zero", "nice", "padding", "paddingInner", "paddingOuter"))
"""What a scale says of where marks stand that Excel does of its own accord, or nearly so."""
_AXIS = frozenset(("title", "tickMinStep", "tickCount", "grid", "ticks", "labelAngle", "labelLimit", "labelOverlap"))
_LEGEND = frozenset(("title", "orient"))
_CONFIG = frozenset(("view", "font", "background", "padding", "axis", "axisX", "axisY", "legend", "title", "header"))
_VIEW = frozenset(("mark", "encoding", "width", "height", "config", "title", "description", "name", "$schema",
                   "autosize", "padding", "background", "data", "view"))  # fmt: skip
_MOST_SERIES = 200
_MOST_DIGITS = 10**15
"""Larger integers are texts in a workbook."""
_HEX = re.compile("#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class PlainChart:
    """A chart as a table of series: the first column is along it, each other one a series.

    `kind` is bar, line, area, point or arc; `along` the type of the first column; `colours` are six digits each, of a
    pie one for each row.
    """

    kind: str
    along: str
    heads: list[str]
    rows: list[tuple[Any, ...]]
    colours: list[str]
    x_title: str
    y_title: str
    is_stacked: bool
    is_lying: bool
    is_histogram: bool
    has_legend: bool
    row_colours: list[str] = field(default_factory=list)
    """Of bars that have colours by what they are of."""


def plain_of(chart: Chart, look: Look) -> PlainChart | None:
    """Return a chart as a table of series, None where it says more than that."""
    spec = chart.spec
    encoding, mark = spec.get("encoding"), spec.get("mark")
    kind = _ALSO_POINTS.get(kind_of(spec), kind_of(spec))
    if not isinstance(encoding, dict) or kind not in KINDS or not spec.keys() <= _VIEW or not chart.rows:
        return None
    if (isinstance(mark, dict) and not mark.keys() <= _MARK) or not encoding.keys() <= _CHANNELS:
        return None
    config = spec.get("config", {})
    if not isinstance(config, dict) or not config.keys() <= _CONFIG or len(encoding.keys() & set(COLOURED)) > 1:
        return None
    shown = [said for name, said in encoding.items() if name not in {"tooltip", "order", "opacity", "xOffset", "x2"}]
    if not all(isinstance(said, dict) and said.keys() <= _CHANNEL for said in shown):
        return None
    if not all(_is_plain(name, said) for name, said in encoding.items() if said in shown):
        return None
    found = {name: channel(chart, encoding, name) for name in encoding}
    if any(one is None for name, one in found.items() if encoding[name] in shown):
        return None
    colour = next((found[name] for name in COLOURED if found.get(name)), None)
    if kind == "arc":
        return _pie(chart, found.get("theta"), colour, look)
    return _series(chart, encoding, kind, found.get("x"), found.get("y"), colour, look)


def _is_plain(name: str, said: dict[str, object]) -> bool:
    """Return whether Excel shows what is said of an axis, its scale and legend."""
    scale = said.get("scale") or {}
    if not isinstance(scale, dict):
        return False
    if name in COLOURED:
        legend = said.get("legend") or {}
        return isinstance(legend, dict) and legend.keys() <= _LEGEND and (not scale or _said_colours(said) is not None)
    axis = said.get("axis", {})
    return isinstance(axis, dict) and axis.keys() <= _AXIS and scale.keys() <= _PLACED


def _said_colours(said: dict[str, object]) -> dict[str, str] | None:
    """Return the colours that a scale gives to values, by their texts; None where it says them otherwise."""
    scale = said.get("scale")
    if not isinstance(scale, dict) or scale.keys() != {"domain", "range"}:
        return None
    values, colours = scale["domain"], scale["range"]
    if not isinstance(values, list) or not isinstance(colours, list) or len(values) != len(colours):
        return None
    if not all(isinstance(colour, str) and _HEX.fullmatch(colour) for colour in colours):
        return None
    return dict(zip(map(text_of, values), colours, strict=True))


def _colours(chart: Chart, colour: Channel | None, values: Sequence[object], look: Look) -> list[str] | None:
    """Return a colour for each value; None where those that a scale says are not those of all."""
    if colour is None or colour.at is None:
        return _by_turns(look, len(values))
    said = _said_colours(colour.said)
    if said is not None:
        texts = list(map(text_of, values))
        return [said[text] for text in texts] if said.keys() >= set(texts) else None
    return colours_of(chart, colour.at, values, look) or _by_turns(look, len(values))


def _pie(chart: Chart, theta: Channel | None, colour: Channel | None, look: Look) -> PlainChart | None:
    if theta is None or colour is None or colour.at is None or theta.said.get("bin") or colour.said.get("bin"):
        return None
    parts = in_order(chart, colour)
    totals = _totals(chart, theta, colour.at, None, parts, [None])
    if totals is None:
        return None
    rows = [(part, row[0]) for part, row in zip(parts, totals, strict=True)]
    colours = _colours(chart, colour, parts, look)
    if colours is None:
        return None
    heads = [colour.title(look.words) or " ", theta.title(look.words) or look.words("Count")]
    has_legend = colour.said.get("legend", {}) is not None
    return PlainChart("arc", "nominal", heads, rows, _digits(colours), "", "", False, False, False, has_legend)


def _series(
    chart: Chart,
    encoding: dict[str, object],
    kind: str,
    x: Channel | None,
    y: Channel | None,
    colour: Channel | None,
    look: Look,
) -> PlainChart | None:
    if x is None or y is None or y.said.get("bin") is True:
        return None
    is_lying = y.is_discrete and not x.is_discrete and kind == "bar"
    along, height = (y, x) if is_lying else (x, y)
    binned = along.said.get("bin")
    is_histogram = isinstance(binned, dict) and binned.get("binned") is True and "x2" in encoding
    if along.at is None or along.aggregate or height.is_discrete or (binned and not is_histogram):
        return None
    if height.type != "quantitative" or ("x2" in encoding and not is_histogram) or height.said.get("bin"):
        return None
    if isinstance(along.said.get("sort"), dict):
        return None
    names = in_order(chart, colour) if colour and colour.at is not None else [None]
    if len(names) > _MOST_SERIES or (
        colour and (colour.at is None or not colour.is_discrete or colour.said.get("bin"))
    ):
        return None
    at = colour.at if colour else None
    colours = _colours(chart, colour, names, look)
    heads = [along.title(look.words) or " ", *_heads(names, height, look)]
    offset = encoding.get("xOffset")
    if offset is not None and not (isinstance(offset, dict) and colour and offset.get("field") == colour.said["field"]):
        return None
    stack = height.said.get("stack", "zero")
    if stack not in ("zero", None, True, False):
        return None
    is_stacked = kind in {"bar", "area"} and offset is None and bool(stack)
    if kind == "point" or (kind == "line" and along.type == "quantitative"):
        rows = _points(chart, along, height, at, names)
    else:
        rows = _categories(chart, along, height, at, names, is_histogram=is_histogram)
    if rows is None or colours is None:
        return None
    return PlainChart(
        kind,
        along.type,
        heads,
        rows,
        _digits(colours),
        along.title(look.words),
        height.title(look.words),
        is_stacked,
        is_lying,
        is_histogram,
        colour is not None and colour.said.get("legend", {}) is not None,
        _digits(_row_colours(chart, along, rows, look) if kind == "bar" and colour is None else []),
    )


def _row_colours(chart: Chart, along: Channel, rows: Sequence[tuple[object, ...]], look: Look) -> list[str]:
    """Return the colours of bars by what they are of, where that is a status."""
    values = [row[0] for row in rows]
    return (colours_of(chart, along.at or 0, values, look) if along.is_discrete else None) or []


def _heads(names: Sequence[object], height: Channel, look: Look) -> list[str]:
    return [height.title(look.words) or look.words("Count") if name is None else text_of(name) for name in names]


def _points(
    chart: Chart, along: Channel, height: Channel, colour: int | None, names: Sequence[object]
) -> list[tuple[object, ...]] | None:
    """Return a row for each mark, its value in the column of its series; along them are numbers or dates."""
    if height.aggregate or height.at is None or along.at is None or along.type != "quantitative":
        return None
    texts = [text_of(name) for name in names]
    rows = []
    shown = column_values(chart, colour) if colour is not None else [None] * len(chart.rows)
    for x, y, name in zip(column_values(chart, along.at), column_values(chart, height.at), shown, strict=True):
        if as_number(x) is None or as_number(y) is None or (colour is not None and name is None):
            continue
        values: list[object] = [None] * len(names)
        values[texts.index(text_of(name)) if colour is not None else 0] = _in_cell(y)
        rows.append((_in_cell(x), *values))
    return sorted(rows, key=lambda row: as_number(row[0]) or 0.0)


def _categories(
    chart: Chart, along: Channel, height: Channel, colour: int | None, names: Sequence[object], *, is_histogram: bool
) -> list[tuple[object, ...]] | None:
    """Return a row for each value along the chart."""
    if along.at is None:
        return None
    if along.type == "quantitative" or (along.type == "temporal" and not is_histogram):
        # Numbers and dates stand in their order.
        wanted = {text_of(value): value for value in column_values(chart, along.at) if value is not None}
        if along.type == "quantitative" and any(as_number(value) is None for value in wanted.values()):
            return None
        by_size = along.type == "quantitative"
        places = sorted(wanted.values(), key=lambda value: (as_number(value) or 0.0) if by_size else text_of(value))
    else:
        places = in_order(chart, along)
    totals = _totals(chart, height, along.at, colour, places, names, is_added=kind_of(chart.spec) in {"bar", "area"})
    if totals is None:
        return None
    sort = along.said.get("sort")
    if isinstance(sort, str) and sort.lstrip("-") in {"x", "y"}:
        pairs = sorted(zip(places, totals, strict=True), key=lambda pair: sum(value or 0 for value in pair[1]))
        pairs = pairs[::-1] if sort.startswith("-") else pairs
        places, totals = [place for place, _ in pairs], [row for _, row in pairs]
    ends = dict(zip(map(text_of, column_values(chart, along.at)), _ends(chart, along.at), strict=True))
    heads = [f"{text_of(place)}\u2013{text_of(ends[text_of(place)])}" if is_histogram else place for place in places]
    return [(head, *row) for head, row in zip(heads, totals, strict=True)]


def _ends(chart: Chart, at: int) -> list[object]:
    """Return where bins end: the column after that of where they start."""
    return column_values(chart, at + 1)


def _totals(
    chart: Chart,
    height: Channel,
    along: int,
    colour: int | None,
    places: Sequence[object],
    names: Sequence[object],
    *,
    is_added: bool = True,
) -> list[list[float | None]] | None:
    """Return what is as high, for each value along the chart and each colour; None where it is not known here."""
    cells: dict[tuple[str, str], list[float]] = {}
    shown = column_values(chart, colour) if colour is not None else [None] * len(chart.rows)
    heights = column_values(chart, height.at) if height.at is not None else [1] * len(chart.rows)
    for place, name, value in zip(column_values(chart, along), shown, heights, strict=True):
        number = 1.0 if height.aggregate == "count" else as_number(value)
        if number is not None:
            cells.setdefault((text_of(place), text_of(name)), []).append(number)
    if height.aggregate not in _AGGREGATES:
        return None
    if not is_added and height.aggregate is None and any(len(found) > 1 for found in cells.values()):
        return None
    total = _AGGREGATES[height.aggregate]
    rows = [[cells.get((text_of(place), text_of(name))) for name in names] for place in places]
    return [[None if found is None else _whole(total(found)) for found in row] for row in rows]


_AGGREGATES: Mapping[str | None, Callable[[Sequence[float]], float]] = {
    None: sum,
    "sum": sum,
    "count": sum,
    "min": min,
    "max": max,
    "mean": lambda values: sum(values) / len(values),
    "average": lambda values: sum(values) / len(values),
}


def _whole(number: float) -> float | None:
    """Return a number without a fraction that is none; None for a sum beyond floats."""
    if not isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < _MOST_DIGITS else float(number)


def _in_cell(value: object) -> object:
    """Return a number as its cell holds it as one."""
    found = number_in(value)
    return float(found) if isinstance(found, int | float) and abs(found) >= _MOST_DIGITS else found


def _by_turns(look: Look, count: int) -> list[str]:
    return [look.colours[f"series-{at % SERIES + 1}"] for at in range(count)]


def _digits(colours: Sequence[str]) -> list[str]:
    return [colour.lstrip("#").upper() for colour in colours]
