"""What a chart says to those who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.rendering.charts.fields import COLOURED, channel

if TYPE_CHECKING:
    from icreport.model.chart import Chart
    from icreport.rendering.charts.look import Look


def description_of(chart: Chart, look: Look) -> tuple[str, str]:
    """Return the title of a chart, and its text: its own (`alt`), else what kind it is and of what."""
    words = look.words
    kinds = {
        "bar": words("Bar chart"),
        "line": words("Line chart"),
        "area": words("Area chart"),
        "point": words("Scatter chart"),
        "arc": words("Pie chart"),
    }
    mark = chart.spec.get("mark")
    kind = mark.get("type") if isinstance(mark, dict) else mark
    said = kinds.get(kind, words("Chart")) if isinstance(kind, str) else words("Chart")
    title = (chart.caption or "").strip() or said
    if chart.alt and chart.alt.strip():
        return title, chart.alt.strip()
    encoding = chart.spec.get("encoding")
    shown = [*("x", "y", "theta"), *COLOURED]
    channels = [channel(chart, encoding, name) for name in shown] if isinstance(encoding, dict) else []
    titles = list(dict.fromkeys(found.title(words) or words("Count") for found in channels if found))
    parts = [said, ", ".join(titles), words.many("{count} row of data", "{count} rows of data", len(chart.rows))]
    return title, ". ".join(part for part in parts if part)
