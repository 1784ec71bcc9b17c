"""A chart as a drawing: SVG for pages and paper, PNG for what shows no SVG."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from icreport.errors import IcreportError, RenderError
from icreport.rendering.charts.describing import description_of
from icreport.rendering.charts.process import ask
from icreport.rendering.charts.specs import check_chart
from icreport.rendering.charts.styling import MEASURED, styled
from icreport.rendering.charts.svg import cleaned, written

if TYPE_CHECKING:
    from icreport.errors import Place
    from icreport.model.chart import Chart
    from icreport.rendering.charts.look import Look

_VERSION = "6.4"
"""Of Vega-Lite, so that a chart looks the same with what the library brings beside it."""
_MOST_SVG = 8 << 20
_LARGEST = 8000
"""CSS pixels of a side of a drawing."""
_MOST_PIXELS = 40_000_000
_PER_INCH = 96


@dataclass(frozen=True)
class Drawing:
    """A chart that has been drawn: `width` and `height` in CSS pixels, `description` for who does not see it."""

    width: float
    height: float
    title: str
    description: str
    _drawn: ET.Element
    _look: Look

    @property
    def svg(self) -> str:
        """The drawing as an SVG file in colours for paper and light screens."""
        return written(self._drawn, prefix="chart", colour=str, font=None, titles=self._titles)

    def inline(self, prefix: str) -> str:
        """Return it as SVG within a page: colours are custom properties (`chart_rules`), ids start with `prefix`."""
        names = {value: f"var(--chart-{name})" for name, value in self._look.colours.items()}
        return written(
            self._drawn,
            prefix=prefix,
            colour=lambda value: names.get(value.lower(), value),
            font=self._look.font,
            titles=self._titles,
        )

    def png(self, dots_per_inch: int = 192) -> bytes:
        """Return it as a PNG image."""
        scale = dots_per_inch / _PER_INCH
        if self.width * self.height * scale * scale > _MOST_PIXELS:
            raise RenderError(f"a picture of the chart would have more than {_MOST_PIXELS:,} pixels")
        request = {"to": "png", "svg": self.svg, "scale": scale}
        return base64.b64decode(ask(request, self._look.seconds))

    @property
    def _titles(self) -> list[tuple[str, str]]:
        return [("title", self.title), ("desc", self.description)]


def draw(chart: Chart, look: Look, place: Place | None = None) -> Drawing:
    """Draw a chart, in a process of its own and a limited time.

    Raises `RenderError` for a specification that is none, names a URL or is too much, and `MissingExtraError` where the
    extra `icreport[charts]` is not installed; `place` says in it which element it is.
    """
    try:
        return _drawn(chart, look)
    except IcreportError as error:
        error.place = error.place or place
        raise


def _drawn(chart: Chart, look: Look) -> Drawing:
    check_chart(chart, look.most_rows, None)
    request = {
        "to": "svg",
        "spec": styled(chart, look),
        "version": _VERSION,
        "numbers": dict(look.numbers),
        "dates": dict(look.dates),
    }
    text = ask(request, look.seconds)
    if len(text) > _MOST_SVG:
        raise RenderError(f"the chart is drawn of more than {_MOST_SVG >> 20} MB", remedy="draw less")
    try:
        drawn = cleaned(text)
    except (ET.ParseError, RecursionError) as error:
        raise RenderError(f"the chart is drawn as no SVG: {error}") from None
    for element in drawn.iter():
        if element.get("font-family") == MEASURED:
            element.set("font-family", look.font)
    width, height = _side(drawn, "width"), _side(drawn, "height")
    title, description = description_of(chart, look)
    return Drawing(width, height, title, description, drawn, look)


def _side(drawn: ET.Element, name: str) -> float:
    try:
        side = float(drawn.get(name, ""))
    except ValueError:
        side = 0.0
    if not 0 < side <= _LARGEST:
        raise RenderError(f"the chart has a {name} of {side:,.0f}, not up to {_LARGEST:,}", remedy="say a smaller size")
    return side


def chart_rules(look: Look) -> list[str]:
    """Return the rules of a page by which its charts follow light and dark."""

    def said(colours: dict[str, str]) -> str:
        return ".chart svg { " + "".join(f"--chart-{name}: {value}; " for name, value in colours.items()) + "}"

    rules = [said(dict(look.colours))]
    if look.dark:
        rules.append(f"@media screen and (prefers-color-scheme: dark) {{ {said(dict(look.dark))} }}")
    return rules
