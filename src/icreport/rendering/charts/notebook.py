"""A chart as a notebook shows it: an image that no style sheet of the notebook changes."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from icreport.errors import IcreportError, MissingExtraError
from icreport.limits import Limits
from icreport.rendering.charts.drawing import draw
from icreport.rendering.charts.look import look_of
from icreport.rendering.themes.language import language_of
from icreport.rendering.themes.loading import load_theme

if TYPE_CHECKING:
    from icreport.model.chart import Chart


def picture_of(chart: Chart) -> str | None:
    """Return a chart as an image in HTML, or why it is none; None where what draws it is not installed."""
    try:
        theme = load_theme(None)
        drawing = draw(chart, look_of(theme, language_of(None, theme.config), Limits.from_environment()))
    except MissingExtraError:
        return None
    except IcreportError as error:
        return f"<p>{escape(str(error))}</p>"
    data = base64.b64encode(drawing.svg.encode()).decode()
    ground = "background: #fff; max-width: 100%"
    return f'<img style="{ground}" alt="{escape(drawing.description)}" src="data:image/svg+xml;base64,{data}">'
