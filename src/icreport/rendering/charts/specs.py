"""Which specifications are drawn: those that name nothing outside of the chart, and end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icreport.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.errors import Place
    from icreport.model.chart import Chart

_DEEPEST = 60
_LARGEST = 4000
"""CSS pixels of a side."""
_SCHEMA = re.compile(r"https?://vega\.github\.io/schema/vega-lite/v\d+(\.\d+)*\.json")
_URL = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:\s*|^\s*)//|^\s*(?:data:[\w/+.-]*[;,]|(?:javascript|vbscript|blob):\S|file:/)|url\s*\(",
    re.IGNORECASE,
)
_FETCHING = frozenset(("url", "href", "src", "xlink:href", "usermeta", "loader", "datasets"))
_MAPS = frozenset(("image", "geoshape", "graticule", "sphere", "topojson"))
_CHANCE = re.compile(r"\b(?:random|now|sample(?:Normal|LogNormal|Uniform))\s*\(|\bdatetime\s*\(\s*\)")
_ESCAPED = re.compile(r"\\u\{?0*([0-9a-fA-F]{1,4})\}?")
"""A letter as a name of an expression may have it (ECMA-262, 12.7)."""
_EXPRESSIONS = frozenset(("calculate", "filter", "expr", "labelExpr", "test", "signal", "update"))
_SIDES = frozenset(
    ("width", "height", "step", "continuousWidth", "continuousHeight", "discreteWidth", "discreteHeight")
)


def check_chart(chart: Chart, most_rows: int, place: Place | None) -> None:
    """Raise `RenderError` for a chart whose specification must not be drawn, or that has more rows than are drawn."""
    check_spec(chart.spec, place)
    if len(chart.rows) > most_rows:
        raise RenderError(
            f"the chart has {len(chart.rows):,} rows, and at most {most_rows:,} are drawn",
            place=place,
            remedy="draw fewer, or totals of them; ICREPORT_MAX_CHART_ROWS sets this limit",
        )


def check_spec(spec: dict[str, object], place: Place | None) -> None:
    """Raise `RenderError` for a specification that names a URL, data or an image, or is not the same each time."""
    if "marks" in spec or "signals" in spec:
        raise _refused("it is one of Vega", place, "write it in Vega-Lite")
    for path, value in _parts(spec, "spec", 0, place):
        name = path.rpartition(".")[2]
        if path == "spec.$schema":
            if not isinstance(value, str) or not _SCHEMA.fullmatch(value):
                raise _refused(f"its $schema is {value!r:.80}", place, "write it in Vega-Lite")
        elif name in _FETCHING:
            raise _refused(f"its {path} names a URL, or what has some", place, "its rows are all that it draws")
        elif name == "data" and not (isinstance(value, dict) and value.keys() <= {"name"}):
            what = f"its {path} names a URL" if isinstance(value, dict) and "url" in value else f"it has {path}"
            raise _refused(what, place, "data come from the rows of the chart only")
        elif isinstance(value, str):
            _check_text(path, name, value, place)
        elif name in _SIDES and isinstance(value, int | float) and not 0 <= value <= _LARGEST:
            raise _refused(f"its {path} is {value}, not from 0 to {_LARGEST:,}", place, "pages are smaller")
        elif name == "sample" and isinstance(value, int | float):
            raise _refused(f"its {path} takes rows by chance", place, "a chart is the same each time")


def _check_text(path: str, name: str, text: str, place: Place | None) -> None:
    if _URL.search(text):
        raise _refused(f"its {path} names a URL", place, "nothing is fetched for a chart")
    if name in {"mark", "type"} and text in _MAPS:
        raise _refused(f"its {path} is {text!r}", place, "charts have no images and maps")
    if _CHANCE.search(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)) and not _EXPRESSIONS.isdisjoint(
        path.split(".")
    ):
        raise _refused(f"its {path} asks for chance or the time", place, "a chart is the same each time")


def _parts(value: object, path: str, depth: int, place: Place | None) -> Iterator[tuple[str, object]]:
    """Yield every part of a specification with the names on the way to it."""
    if depth > _DEEPEST:
        raise _refused(f"it nests more than {_DEEPEST} deep", place, "draw less")
    if depth:
        yield path, value
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _parts(part, f"{path}.{name}", depth + 1, place)
    elif isinstance(value, list):
        for part in value:
            yield from _parts(part, path, depth + 1, place)


def _refused(what: str, place: Place | None, remedy: str) -> RenderError:
    return RenderError(f"the chart is not drawn: {what}", place=place, remedy=remedy)
