"""Charts of a workbook: Excel's own beside their data where it has the kind, else a picture (ECMA-376-1, 21.2)."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl.chart import AreaChart, BarChart, LineChart, PieChart, Reference, ScatterChart
from openpyxl.chart.axis import DateAxis
from openpyxl.chart.data_source import AxDataSource
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series import Series, SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.image import Image
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter, quote_sheetname

from icreport.model.elements import Table
from icreport.rendering.charts.describing import description_of
from icreport.rendering.charts.drawing import draw
from icreport.rendering.charts.plain import plain_of
from icreport.rendering.charts.specs import check_chart
from icreport.rendering.xlsx.chart_values import day_of, has_days, numbers_at, texts_at
from icreport.rendering.xlsx.xml_text import cut
from icreport.rendering.xml_text import without_forbidden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.chart._chart import ChartBase
    from openpyxl.worksheet.worksheet import Worksheet

    from icreport.errors import Place
    from icreport.model.chart import Chart
    from icreport.rendering.charts.look import Look
    from icreport.rendering.charts.plain import PlainChart
    from icreport.rendering.xlsx.workbook import Sheet

_WIDTH, _HEIGHT = 17.5, 9.0  # centimetres
_DOTS_PER_INCH = 192
_MOST_ALT = 1000
_MOST_TITLE = 255
_GRID = "D9D9D9"


@dataclass(frozen=True)
class SheetChart:
    """A chart beside its data: Excel's own (`plain`), or a picture with its size in pixels."""

    title: str
    alt: str
    plain: PlainChart | None
    picture: tuple[bytes, float, float] | None = None

    def add_to(self, plan: Worksheet, sheet: Sheet) -> None:
        """Put it on its sheet, to the right of the data."""
        anchor = f"{get_column_letter(len(sheet.widths) + 2)}{max(sheet.head, 1)}"
        if self.picture is not None:
            data, width, height = self.picture
            image = Image(BytesIO(data))
            image.width, image.height = round(width), round(height)
            plan.add_image(image, anchor)
        elif self.plain is not None:
            chart = _made(self.plain, plan, sheet)
            chart.title = self.title or None
            chart.roundedCorners = False
            # What says nothing of it stands over the plot in some versions of Excel.
            for part in (
                chart.title,
                chart.legend,
                *(getattr(chart, axis).title for axis in ("x_axis", "y_axis") if hasattr(chart, axis)),
            ):
                if part is not None:
                    part.overlay = False
            chart.width, chart.height = _WIDTH, _HEIGHT
            plan.add_chart(chart, anchor)


def sheet_chart(chart: Chart, look: Look, place: Place) -> tuple[Table, SheetChart]:
    """Return the table that a chart's sheet holds, and the chart beside it; raises `RenderError` as `draw` does."""
    check_chart(chart, look.most_rows, place)
    _, description = description_of(chart, look)
    alt = cut(" ".join(without_forbidden(description)[0].split()), _MOST_ALT)
    said = chart.spec.get("title")
    caption = chart.caption or (said if isinstance(said, str) else "")
    title = cut(" ".join(without_forbidden(caption)[0].split()), _MOST_TITLE)
    plain = plain_of(chart, look)
    if plain is not None:
        table = Table(caption=chart.caption, columns=plain.heads, rows=plain.rows)
        return table, SheetChart(title, alt, plain)
    drawing = draw(chart, look, place)
    return chart.table, SheetChart(title, alt, None, (drawing.png(_DOTS_PER_INCH), drawing.width, drawing.height))


def _made(plain: PlainChart, plan: Worksheet, sheet: Sheet) -> ChartBase:
    """Return Excel's chart of the data on a sheet."""
    if plain.kind == "arc":
        return _pie(plain, plan, sheet)
    points = plain.kind == "point" or (plain.kind == "line" and plain.along == "quantitative")
    chart: ChartBase = (
        ScatterChart() if points else {"bar": BarChart, "line": LineChart, "area": AreaChart}[plain.kind]()
    )
    for at, colour in enumerate(plain.colours, 1):
        series = _series(plain, plan, sheet, at, points=points)
        _colour(series, colour, plain, points=points)
        _colour_points(series, plain.row_colours)
        chart.series.append(series)
    if points:
        chart.scatterStyle = "lineMarker"
    else:
        chart.grouping = "stacked" if plain.is_stacked and len(plain.colours) > 1 else _APART[plain.kind]
    if plain.kind == "bar":
        chart.type = "bar" if plain.is_lying else "col"
        chart.gapWidth = 4 if plain.is_histogram else 60
        chart.overlap = 100 if chart.grouping == "stacked" else None
    _axes(chart, plain, points=points)
    if not plain.has_legend:
        chart.legend = None
    return chart


_APART = {"bar": "clustered", "line": "standard", "area": "standard"}


def _series(plain: PlainChart, plan: Worksheet, sheet: Sheet, at: int, *, points: bool = False) -> Series | XYSeries:
    """Return the series of a column, called as its head says, with the values of its cells.

    Viewers that calculate nothing draw it of these values (21.2.2.150 `strCache`, `numCache`).
    """
    heights = numbers_at(_cells(plan, sheet, at), [row[at] for row in plain.rows])
    along = _along(plain, _cells(plan, sheet, 0))
    made: Series | XYSeries = XYSeries(xVal=along, yVal=heights) if points else Series(cat=along, val=heights)
    head = sheet.table.heads[at] if sheet.table else plain.heads[at]
    cell = f"{quote_sheetname(plan.title)}!${get_column_letter(at + 1)}${sheet.head}"
    made.tx = SeriesLabel(strRef=texts_at(cell, [head]))
    return made


def _cells(plan: Worksheet, sheet: Sheet, at: int) -> str:
    return str(Reference(plan, min_col=at + 1, min_row=sheet.head + 1, max_row=sheet.end))


def _along(plain: PlainChart, cells: str) -> AxDataSource:
    """Return what is along a chart: numbers, days by their serial numbers, or texts."""
    values = [row[0] for row in plain.rows]
    if has_days(plain):
        return AxDataSource(numRef=numbers_at(cells, [day_of(value) for value in values], "yyyy-mm-dd").numRef)
    if plain.along == "quantitative" and not plain.is_histogram:
        return AxDataSource(numRef=numbers_at(cells, values).numRef)
    return AxDataSource(strRef=texts_at(cells, values))


def _pie(plain: PlainChart, plan: Worksheet, sheet: Sheet) -> PieChart:
    chart = PieChart()
    series = _series(plain, plan, sheet, 1)
    _colour_points(series, plain.colours)
    chart.series.append(series)
    if not plain.has_legend:
        chart.legend = None
    chart.layout = Layout(manualLayout=ManualLayout(h=0.75, w=0.75, x=0.05, y=0.18))
    return chart


def _colour(series: Series | XYSeries, colour: str, plain: PlainChart, *, points: bool) -> None:
    if plain.kind in {"bar", "area"}:
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.graphicalProperties.line = LineProperties(solidFill="FFFFFF", w=6350)
        return
    series.graphicalProperties = GraphicalProperties()
    series.smooth = False
    line = LineProperties(solidFill=colour, w=22225)
    if points:
        series.marker.symbol = "circle"
        series.marker.size = 7
        series.marker.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.marker.graphicalProperties.line = LineProperties(solidFill=colour)
        if plain.kind == "point":
            line = LineProperties(noFill=True)
    series.graphicalProperties.line = line


def _colour_points(series: Series | XYSeries, colours: Sequence[str]) -> None:
    for at, colour in enumerate(colours):
        point = DataPoint(idx=at)
        point.graphicalProperties = GraphicalProperties(solidFill=colour)
        point.graphicalProperties.line = LineProperties(solidFill="FFFFFF")
        series.dPt.append(point)


def _axes(chart: ChartBase, plain: PlainChart, *, points: bool) -> None:
    if has_days(plain) and not points:
        chart.x_axis = DateAxis(crossAx=100)
        chart.x_axis.number_format = "yyyy-mm-dd"
        chart.y_axis.crossAx = 500
    for axis, title in ((chart.x_axis, plain.x_title), (chart.y_axis, plain.y_title)):
        axis.delete = False
        axis.title = cut(" ".join(without_forbidden(title)[0].split()), _MOST_TITLE) or None
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    if plain.is_lying:
        chart.x_axis.scaling.orientation = "maxMin"
    if points:
        chart.x_axis.majorGridlines = None
    heights = [value for row in plain.rows for value in row[1:] if isinstance(value, int | float)]
    if not points and heights and max(heights) <= _FEW and all(isinstance(value, int) for value in heights):
        chart.y_axis.number_format = "0"


_FEW = 1_000_000
