"""A specification as it is drawn: with the chart's rows, and the colours, type and size of the document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from icreport.model.chart import field_of
from icreport.rendering.charts.fields import COLOURED, channel, colours_of, drawn_value, in_order, name_of
from icreport.rendering.themes.tokens import SERIES
from icreport.values import text_of

if TYPE_CHECKING:
    from icreport.model.chart import Chart
    from icreport.rendering.charts.fields import Channel
    from icreport.rendering.charts.look import Look

WIDTH, HEIGHT = 640, 320
"""CSS pixels of a chart that says no size: what a page of A4 has room for."""
_SEVERAL = ("layer", "hconcat", "vconcat", "concat", "spec", "repeat", "facet")
_NAMED = frozenset(("x", "y", "theta", "radius", "size", "shape", "opacity", "row", "column", "facet", *COLOURED))
"""Channels whose titles are shown."""
_PUT_TOGETHER = ("aggregate", "bin", "timeUnit")
_FACETS = ("row", "column", "facet")
_CHARACTER = 6.2
"""CSS pixels of a character of a label, about."""
_TURNED = {"labelAngle": -35, "labelAlign": "right", "labelBaseline": "middle", "labelLimit": 120}
"""How labels stand that would run into each other; the first of them has to end before the edge."""
_UPRIGHT = {"labelAngle": -90, "labelLimit": 120, "labelOverlap": "greedy"}
_MANY = 40
"""Labels beyond which not each of them is written."""
_ORDER = "icreport order"
MEASURED = "sans-serif"
"""The font that texts are measured in, whatever they are shown in: the library brings it, and knows it quickly."""
_PADDING = {"left": 8, "top": 4, "right": 14, "bottom": 4}
"""CSS pixels around a drawing, for texts of fonts that are wider."""


def styled(chart: Chart, look: Look) -> dict[str, object]:
    """Return the specification of a chart with all that it is drawn with."""
    names = chart.table.names
    aliases = {name: f"column {at}" for at, name in enumerate(names, 1) if field_of(name) != name}
    rows = [dict(zip(names, map(drawn_value, row.values), strict=False)) for row in chart.rows]
    for row in rows if aliases else ():
        row |= {alias: row.get(name) for name, alias in aliases.items()}
    spec = {name: part for name, part in chart.spec.items() if name not in {"data", "$schema"}}
    said = spec.get("config")
    spec["config"] = _merged(_config(look), said if isinstance(said, dict) else {})
    spec["data"] = {"values": rows}
    spec |= {name: _titled(part, chart, look) for name, part in spec.items() if name not in {"data", "config"}}
    encoding = spec.get("encoding")
    if isinstance(encoding, dict) and not any(name in spec for name in _SEVERAL):
        spec |= _single(chart, spec, encoding, look)
    elif "layer" in spec and "width" not in spec:
        spec |= {"width": WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}} | spec
    if not aliases:
        return spec
    return {name: part if name == "data" else _renamed(part, aliases) for name, part in spec.items()}


def _titled(part: object, chart: Chart, look: Look) -> object:
    """Return a part of a specification whose totals and bins are called in the words of the document."""
    if isinstance(part, list):
        return [_titled(one, chart, look) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: _titled(one, chart, look) for name, one in part.items()}
    for name in _NAMED & part.keys():
        found, said = channel(chart, part, name), made[name]
        if found and isinstance(said, dict) and not said.keys().isdisjoint(_PUT_TOGETHER) and "title" not in said:
            made[name] = {"title": found.title(look.words)} | said
    return made


def _renamed(part: object, aliases: dict[str, str]) -> object:
    """Return a specification whose fields have other names where Vega-Lite takes letters of theirs for more."""
    if isinstance(part, list):
        return [_renamed(one, aliases) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: _renamed(one, aliases) for name, one in part.items()}
    field = part.get("field")
    if isinstance(field, str) and (alias := aliases.get(name_of(field))) is not None:
        made = {"title": name_of(field)} | made | {"field": alias}
    return made


def _single(chart: Chart, spec: dict[str, object], encoding: dict[str, object], look: Look) -> dict[str, object]:
    """Return what a view of one mark has beside what it says: size, colours of statuses, order of what is stacked."""
    made = dict(encoding)
    changes: dict[str, object] = {}
    x, y = channel(chart, made, "x"), channel(chart, made, "y")
    for name, found in (("x", x), ("y", y)):
        if found and found.is_discrete and found.at is not None and "sort" not in found.said:
            made[name] = found.said | {"sort": in_order(chart, found)}
    shown = next((name for name in COLOURED if name in made), None)
    coloured = channel(chart, made, shown) if shown else None
    if coloured and coloured.at is not None and coloured.is_discrete:
        values = in_order(chart, coloured)
        made[shown or ""] = coloured.said | {"scale": _scale(chart, coloured, values, look)}
        if "order" not in made and kind_of(spec) in {"bar", "area", "arc"}:
            named = json.dumps(chart.table.names[coloured.at])
            order = {
                "calculate": f"indexof({json.dumps(list(map(drawn_value, values)))}, datum[{named}])",
                "as": _ORDER,
            }
            transform = spec.get("transform")
            changes["transform"] = [*(transform if isinstance(transform, list) else []), order]
            made["order"] = {"field": _ORDER, "type": "quantitative"}
    elif shown is None and kind_of(spec) == "bar":
        found = next((one for one in (x, y) if one and one.is_discrete and one.at is not None), None)
        if found and found.at is not None and (colours := colours_of(chart, found.at, in_order(chart, found), look)):
            scale = {"domain": list(map(drawn_value, in_order(chart, found))), "range": colours}
            made["color"] = {"field": found.said["field"], "type": "nominal", "scale": scale, "legend": None}
    if not any(name in made for name in _FACETS):
        changes |= _size(chart, spec, made, x, y)
    return changes | {"encoding": made}


def kind_of(spec: dict[str, object]) -> str:
    """Return what kind of mark a specification has."""
    mark = spec.get("mark")
    kind = mark.get("type") if isinstance(mark, dict) else mark
    return kind if isinstance(kind, str) else ""


def _scale(chart: Chart, coloured: Channel, values: list[object], look: Look) -> object:
    said = coloured.said.get("scale")
    scale = said if isinstance(said, dict) else {} if said is None and "scale" not in coloured.said else None
    if scale is None or scale.keys() & {"domain", "range", "scheme"}:
        return said
    colours = colours_of(chart, coloured.at or 0, values, look)
    return scale | {"domain": list(map(drawn_value, values))} | ({"range": colours} if colours else {})


def _size(
    chart: Chart, spec: dict[str, object], encoding: dict[str, object], x: Channel | None, y: Channel | None
) -> dict[str, object]:
    """Return the size of a view that says none, and turn labels that would run into each other."""
    made: dict[str, object] = {}
    if x and x.is_discrete and x.at is not None:
        labels = [text_of(value) for value in in_order(chart, x)]
        room = WIDTH * 0.8 / max(len(labels), 1)
        axis = x.said.get("axis", {})
        if isinstance(axis, dict) and "labelAngle" not in axis:
            fits = max(map(len, labels), default=0) * _CHARACTER < room
            turned = {"labelAngle": 0} if fits else _TURNED if len(labels) <= _MANY else _UPRIGHT
            encoding["x"] = x.said | {"axis": turned | axis}
    if "autosize" in spec:
        return made
    if "width" not in spec:
        made["width"] = WIDTH
    if "height" not in spec and not (y and y.is_discrete):
        made["height"] = HEIGHT
    kind = {("width",): "fit-x", ("height",): "fit-y", ("width", "height"): "fit"}.get(tuple(made))
    return made | ({"autosize": {"type": kind, "contains": "padding"}} if kind else {})


def _config(look: Look) -> dict[str, object]:
    colours = look.colours
    ink, muted, line, paper = (colours[name] for name in ("ink", "muted", "line", "paper"))
    text = {"labelColor": muted, "titleColor": ink, "labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": 600}
    ramp = [colours["series-1"] + "22", colours["series-1"]]
    return {
        "font": MEASURED,
        "background": None,
        "padding": _PADDING,
        "view": {"stroke": None, "continuousWidth": 300, "continuousHeight": 220},
        "axis": text
        | {"gridColor": line, "domainColor": muted, "tickColor": muted, "labelLimit": 200, "titlePadding": 8},
        "axisXDiscrete": {"zindex": 1, "grid": False, "ticks": False, "labelPadding": 6},
        "axisYDiscrete": {"grid": False, "ticks": False, "labelPadding": 6},
        "axisYQuantitative": {"domain": False, "ticks": False},
        "legend": text | {"labelLimit": 240, "symbolSize": 90},
        "header": text,
        "title": {"color": ink, "subtitleColor": muted, "anchor": "start", "fontSize": 13, "fontWeight": 600},
        "text": {"color": ink},
        "rule": {"color": muted},
        "mark": {"color": colours["series-1"]},
        "bar": {"stroke": paper, "strokeWidth": 0.5},
        "arc": {"stroke": paper, "strokeWidth": 1.5},
        "line": {"strokeWidth": 2},
        "area": {"opacity": 0.85},
        "point": {"filled": True, "size": 55, "opacity": 0.9},
        "range": {"category": [colours[f"series-{at + 1}"] for at in range(SERIES)], "ramp": ramp, "heatmap": ramp},
    }


def _merged(ours: dict[str, object], theirs: dict[str, object]) -> dict[str, object]:
    """Return our configuration with what a specification says of its own in it."""
    made = dict(ours)
    for name, said in theirs.items():
        before = made.get(name)
        made[name] = _merged(before, said) if isinstance(before, dict) and isinstance(said, dict) else said
    return made
