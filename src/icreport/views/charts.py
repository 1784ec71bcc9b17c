"""Charts that a view makes of a table: rows are counted, totalled or taken as they are walked over, never held."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from icreport.errors import LimitError, Place
from icreport.model.chart import Chart, field_of
from icreport.model.conditions import date_of, is_blank, is_no_value, number_in, number_of
from icreport.model.elements import Column
from icreport.model.formats import ColumnFormat
from icreport.model.rows import Row
from icreport.model.totals import TOTAL_NAMES
from icreport.values import text_of
from icreport.views.columns import Columns, key_for
from icreport.views.histogram import Histogram
from icreport.views.rows import ordinary
from icreport.views.settings import SummarySettings
from icreport.views.summary import Summary
from icreport.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icreport.model.elements import Table
    from icreport.model.formats import Total
    from icreport.model.rows import Batch
    from icreport.views.columns import Missing
    from icreport.views.loading import Origin
    from icreport.views.rows import Asked
    from icreport.views.settings import ChartSettings, ColumnSettings

_WHAT = "the chart"
_FORMATS = ("unit", "decimals", "type", "marks", "order")
"""What a column of a chart says of how it is shown."""
_BLANK = say("(blank)")
_MOST_MARKS = 10_000
_MEAN_DECIMALS = 3
_FEW_TICKS = 8
_Rows: TypeAlias = "Sequence[tuple[Any, ...]]"
"""What a chart is drawn of: values of whatever kind its columns have."""


def chart_of(
    said: ChartSettings,
    origin: Origin,
    table: Table,
    index: int,
    missing: Missing,
    settings: dict[int, ColumnSettings],
) -> ViewChart | None:
    """Return what makes the chart of a table, None where this lacks a column and that may be; raises `ViewError`.

    `settings` are what the view says of the columns of the table.
    """
    columns = Columns(table, index, missing, origin)
    height = next(iter(said.y.values())) if isinstance(said.y, dict) else said.y if said.y != "count" else None
    x = columns.find(said.x, "x", needed_for=_WHAT)
    y = columns.find(height, "y", needed_for=_WHAT) if height is not None else None
    color = columns.find(said.color, "color", needed_for=_WHAT) if said.color is not None else None
    asked = columns.asked(said.where, settings, of=_WHAT)
    if asked is None or x is None or (y is None) != (height is None) or (color is None) != (said.color is None):
        return None
    return ViewChart(said, origin, table, Place(index, table.caption), missing, settings, asked, _Axes(x, y, color))


class _Axes(NamedTuple):
    """The columns of a table that a chart shows, by their index: no `y` where it counts rows."""

    x: int
    y: int | None
    color: int | None


@dataclass(frozen=True, slots=True)
class ViewChart:
    """A chart that is made of the rows of a table, of those that meet what is `asked`."""

    _said: ChartSettings
    _origin: Origin
    _table: Table
    _place: Place
    _missing: Missing
    _settings: dict[int, ColumnSettings]
    asked: list[Asked]
    _axes: _Axes

    def of(self, batches: Iterable[Batch]) -> Chart:
        """Return the chart for these rows."""
        found = (ordinary(batch) for batch in batches)
        if self._said.mark == "histogram":
            return self._histogram(found)
        if self._is_raw:
            return self._raw(found)
        return self._totalled(found)

    def _totalled(self, batches: Iterable[Batch]) -> Chart:
        """Return a chart of counts or other totals by x, and by colour if it has any."""
        counted = SummarySettings(
            of=self._said.of, rows=[self._said.x], columns=self._said.color, value=_value(self._said)
        )
        index = self._place.element or 0
        made = Summary(counted, self._origin, self._table, index, self._missing, self._settings).of(batches)
        heads = [column.head for column in made.columns[1:]]
        rows = [(row.values[0], list(row.values[1:])) for row in made.rows]
        if self._total == "mean":
            decimals = _MEAN_DECIMALS if self._said.decimals is None else self._said.decimals
            rows = [(x, [_rounded(value, decimals) for value in values]) for x, values in rows]
        self._tell_lost(sum(not _can_be_drawn(value) for _, values in rows for value in values))
        if self._said.sorted_by == "y":
            rows.sort(key=lambda row: sum(_size(value) or 0 for value in row[1]), reverse=self._is_down)
        elif self._is_down:
            rows.reverse()
        height = _called(self._height())
        if self._axes.color is None:
            columns, values = [self._column(self._axes.x), height], [(x, found[0]) for x, found in rows]
            return self._chart(columns, values)
        columns = [self._column(self._axes.x), self._column(self._axes.color), height]
        return self._chart(
            columns, [(x, head, value) for x, found in rows for head, value in zip(heads, found, strict=True)]
        )

    @property
    def _total(self) -> Total | None:
        """The kind of total that the heights are, None where they are counts or values."""
        return next(iter(self._said.y)) if isinstance(self._said.y, dict) else None

    @property
    def _is_raw(self) -> bool:
        """Whether there is a mark for each row."""
        return self._axes.y is not None and self._total is None

    @property
    def _is_down(self) -> bool:
        return (self._said.sort or "").startswith("-") and self._said.sorted_by is not None

    def _height(self) -> str:
        if self._total is None or self._axes.y is None:
            return say("Count")
        return say("{label} ({total})", label=self._head(self._axes.y), total=say(TOTAL_NAMES[self._total]))

    def _raw(self, batches: Iterable[Batch]) -> Chart:
        """Return a chart with a mark for each row that has values for it."""
        wanted = [at for at in self._axes if at is not None]
        rows: list[tuple[object, ...]] = []
        lost = 0
        for batch in batches:
            for values in zip(*[batch.column(at) for at in wanted], strict=True):
                if is_no_value(values[0]) or not _can_be_drawn(values[0]) or _size(values[1]) is None:
                    lost += 1
                    continue
                if len(rows) == _MOST_MARKS:
                    what = f"a chart of {self._table.caption!r} would have more than {_MOST_MARKS:,} marks"
                    raise LimitError(what, remedy='say what to count or total: y = "count", or { mean = "…" }')
                rows.append((values[0], number_in(values[1]), *[_named(value) for value in values[2:]]))
        self._tell_lost(lost)
        if self._said.sorted_by is not None:
            by = 0 if self._said.sorted_by == "x" else 1
            rows.sort(key=lambda row: _order(row[by]), reverse=self._is_down)
        return self._chart([self._column(at) for at in wanted], rows)

    def _histogram(self, batches: Iterable[Batch]) -> Chart:
        """Return a chart of how many numbers there are of which size."""
        x, _, color = self._axes
        counted = Histogram()
        for batch in batches:
            nothing = [None] * len(batch)
            colours = list(map(_named, batch.column(color))) if color is not None else nothing
            counted.add(batch.column(x), colours)
        self._tell_lost(counted.lost)
        head = self._head(x)
        columns = [_called(say("{label} from", label=head)), _called(say("{label} to", label=head))]
        if color is None:
            rows: list[tuple[object, ...]] = [
                (start, end, counts.get(None, 0)) for start, end, counts in counted.bins()
            ]
            return self._chart([*columns, _called(say("Count"))], rows, bins=head)
        shown = self._ordered(color, counted.colours)
        rows = [(start, end, one, counts.get(one, 0)) for start, end, counts in counted.bins() for one in shown]
        return self._chart([*columns, self._column(color), _called(say("Count"))], rows, bins=head)

    def _ordered(self, at: int, values: Sequence[object]) -> list[object]:
        keys = key_for(self._table, at, self._settings.get(at))
        return sorted(values, key=keys.of)

    def _tell_lost(self, lost: int) -> None:
        if lost:
            message = f"rows without a value for it are not in the chart {str(self._caption())!r:.80}"
            self._missing.warnings.add("not-in-chart", message, self._place, count=lost, loss=False)

    def _chart(self, columns: list[Column], rows: _Rows, *, bins: str = "") -> Chart:
        names = Chart(spec={}, columns=columns).table.names
        made = Chart(spec=self._spec(names, rows, bins), caption=self._caption(), columns=columns, alt=self._said.alt)
        # As they are: their texts are said in the reader's language.
        data = made.data.model_copy(update={"columns": columns, "rows": [Row(values) for values in rows]})
        return made.model_copy(update={"caption": self._caption(), "data": data})

    def _spec(self, names: list[str], rows: _Rows, bins: str) -> dict[str, object]:
        said = self._said
        if bins:
            start, end, *colours, height = map(field_of, names)
            binned = {"binned": True, "step": rows[0][1] - rows[0][0]} if rows else {"binned": True}
            x: dict[str, object] = {"field": start, "type": "quantitative", "bin": binned, "title": bins}
            encoding: dict[str, object] = {"x": x, "x2": {"field": end}}
        else:
            start, *others = map(field_of, names)
            height, *colours = others if self._is_raw else reversed(others)
            kind = _kind_of(said.mark, [row[0] for row in rows])
            x = {"field": start, "type": kind}
            if kind == "nominal":
                x["sort"] = None
            encoding = {"x": x}
        y: dict[str, object] = {"field": height, "type": "quantitative"}
        if said.y == "count":
            y["axis"] = {"tickMinStep": 1} | self._ticks(rows)
        if said.mark == "arc":
            y.pop("axis", None)
            return {"mark": "arc", "encoding": {"theta": y, "color": x | {"type": "nominal", "sort": None}}}
        if colours:
            (color,) = colours
            shown = self._shown(names, color, rows)
            encoding["color"] = {"field": color, "type": "nominal", "sort": shown}
            if said.mark == "bar" and not said.stacked:
                encoding["xOffset"] = {"field": color, "sort": shown}
            elif said.mark in {"area", "histogram"} and not said.stacked:
                y["stack"] = None
        if said.mark == "point" and not bins:
            x["scale"] = y["scale"] = {"zero": False}
        mark: object = {"type": "line", "point": True} if said.mark == "line" else said.mark
        return {"mark": "bar" if said.mark == "histogram" else mark, "encoding": encoding | {"y": y}}

    def _ticks(self, rows: _Rows) -> dict[str, object]:
        """Return what has an axis of a few counts say whole numbers only."""
        most = max([row[-1] for row in rows], default=0)
        return {"tickCount": most} if self._said.mark == "line" and 0 < most < _FEW_TICKS else {}

    def _shown(self, names: list[str], color: str, rows: _Rows) -> list[object]:
        """Return the values of the colour in their order."""
        at = [field_of(name) for name in names].index(color)
        found = dict.fromkeys(row[at] for row in rows)
        return self._ordered(self._axes.color or 0, list(found))

    def _column(self, at: int) -> Column:
        return Column(caption=self._caption_of(at), format=self._format(at))

    def _format(self, at: int) -> ColumnFormat | None:
        said, before = self._settings.get(at), self._table.columns[at].format
        whole = said.format(before) if said else before
        shown = {name: getattr(whole, name) for name in _FORMATS if getattr(whole, name, None) is not None}
        return ColumnFormat.model_validate(shown) if shown else None

    def _caption_of(self, at: int) -> str | float | None:
        said = self._settings.get(at)
        return (said.caption if said else None) or self._table.columns[at].caption

    def _head(self, at: int) -> str:
        return Column(caption=self._caption_of(at), format=self._format(at)).head

    def _caption(self) -> str:
        if self._said.caption is not None:
            return self._said.caption
        by = [self._said.x, *([self._said.color] if self._said.color is not None else [])]
        return say("{table} by {columns}", table=self._table.caption or say("Chart"), columns=by)


def _value(said: ChartSettings) -> dict[Total, str] | Literal["count"]:
    return said.y if isinstance(said.y, dict) else "count"


def _named(value: object) -> object:
    return _BLANK if is_blank(value) else text_of(value)


def _called(caption: str) -> Column:
    """Return a column whose caption is a text of ours: what checks fields would make a plain one of it."""
    return Column(caption=caption).model_copy(update={"caption": caption})


def _kind_of(mark: str, values: Sequence[object]) -> str:
    """Return the type of what is along a chart: dates and numbers have their place, bars stand side by side."""
    present = [value for value in values if not is_no_value(value)]
    if mark in {"bar", "arc"} or not present:
        return "nominal"
    if all(date_of(value) for value in present):
        return "temporal"
    if all(number_of(value) is not None for value in present):
        return "quantitative"
    return "nominal"


def _rounded(value: object, decimals: int) -> object:
    size = _size(value)
    return value if size is None else round(size, decimals)


def _size(value: object) -> float | None:
    """Return the number that a value says; None where it says none, or one beyond those of floats."""
    number = number_of(value)
    return None if number is None or not isfinite(float(number)) else float(number)


def _can_be_drawn(value: object) -> bool:
    return number_of(value) is None or _size(value) is not None


def _order(value: object) -> tuple[int, float, str]:
    number = _size(value)
    return (0, number, "") if number is not None else (1, 0.0, text_of(value))
