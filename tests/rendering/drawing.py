"""Charts for tests, and how they look."""

from dataclasses import replace

from icreport import Chart, Limits
from icreport.rendering.charts.look import look_of
from icreport.rendering.themes.language import language_of
from icreport.rendering.themes.loading import load_theme

BARS = {"mark": "bar", "encoding": {"x": {"field": "Component"}, "y": {"field": "Count", "type": "quantitative"}}}
COLUMNS = ["Component", "Criticality", "Count"]
ROWS = [("J1", "Critical", 3), ("J1", "Minor", 4), ("J2", "Minor", 12000), ("J2", "Critical", 1)]
COLOURED = BARS | {"encoding": BARS["encoding"] | {"color": {"field": "Criticality"}}}
HEAT = BARS | {"mark": "rect"}


def chart(spec=COLOURED, rows=ROWS, columns=COLUMNS, caption="Open anomalies", **more):
    return Chart(spec, columns=columns, rows=rows, caption=caption, **more)


def look(theme=None, locale=None, **more):
    loaded = load_theme(theme)
    return replace(look_of(loaded, language_of(locale, loaded.config), Limits()), **more)
