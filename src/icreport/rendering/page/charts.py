"""Charts on a page: drawn into a browser's page, an image on paper, with their data as a table a click away."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING, TypedDict

from icreport.package_files import templates_folder
from icreport.rendering.charts.drawing import chart_rules, draw
from icreport.rendering.charts.look import look_of
from icreport.rendering.themes.files import read_text

if TYPE_CHECKING:
    from icreport.errors import Place
    from icreport.limits import Limits
    from icreport.model.chart import Chart
    from icreport.rendering.themes.language import Language
    from icreport.rendering.themes.theme import Theme


class ChartValues(TypedDict):
    """What a template shows of a chart beside its picture."""

    summary: str
    heads: list[str]
    rows: list[list[str]]
    numbers: list[bool]


class PageCharts:
    """Draws the charts of one page."""

    def __init__(self, theme: Theme, language: Language, limits: Limits, *, paper: bool) -> None:
        self._look = look_of(theme, language, limits, paper=paper)
        self._text = language.text
        self._paper = paper
        self.picture = ""
        """The chart that was drawn last, as HTML."""

    def values(self, chart: Chart, name: str, place: Place) -> ChartValues:
        """Draw a chart; return what its template shows beside the picture: the data, unless they are on paper."""
        drawing = draw(chart, self._look, place)
        if self._paper:
            data = base64.b64encode(drawing.svg.encode()).decode()
            alternative = escape(f"{drawing.title}. {drawing.description}")
            size = f'width="{drawing.width:g}" height="{drawing.height:g}"'
            self.picture = f'<img {size} alt="{alternative}" src="data:image/svg+xml;base64,{data}">'
        else:
            self.picture = drawing.inline(name)
        return {
            "summary": "" if self._paper else self._look.words("Data of the chart"),
            "heads": [] if self._paper else chart.table.names,
            "rows": [] if self._paper else [list(map(self._text.text, row.values)) for row in chart.rows],
            "numbers": [] if self._paper else [_are_numbers(chart, at) for at in range(len(chart.columns))],
        }

    def rules(self) -> list[str]:
        """Return the rules of pages with charts."""
        css = read_text(templates_folder() / "charts.css")
        return [css, ".chart figcaption { bookmark-level: 2 }"] if self._paper else [css, *chart_rules(self._look)]


def _are_numbers(chart: Chart, at: int) -> bool:
    values = [row.values[at] for row in chart.rows if at < len(row.values) and row.values[at] is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
