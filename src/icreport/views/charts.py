"""Charts that a view makes of a table: rows are counted, totalled or taken as they are walked over, never held."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

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


class ViewChart:
    """A chart that is made of the rows of a table; raises `ViewError` for columns that this one lacks.

    `settings` are what the view says of the columns of the table.
    """

    def __init__(
        self,
        said: ChartSettings,
        origin: Origin,
        table: Table,
        index: int,
        missing: Missing,
        settings: dict[int, ColumnSettings],
    ) -> None:
        self._said, self._table, self._settings = said, table, settings
        self._place = Place(index, table.caption)
        self._missing = missing
        columns = Columns(table, index, missing, origin)
        total = next(iter(said.y.items())) if isinstance(said.y, dict) else None
        height = total[1] if total else said.y if isinstance(said.y, str) and said.y != "count" else None
        self._x = columns.find(said.x, "x", needed_for=_WHAT)
        self._y = columns.find(height, "y", needed_for=_WHAT) if height is not None else None
        self._color = columns.find(said.color, "color", needed_for=_WHAT) if said.color is not None else None
        asked = columns.asked(said.where, settings, of=_WHAT)
        self.asked: list[Asked] = asked or []
        self.is_whole = (
            asked is not None
            and self._x is not None
            and (self._y is None) == (height is None)
            and (self._color is None) == (said.color is None)
        )
        self._total = total
        self._origin = origin

    def of(self, batches: Iterable[Batch]) -> Chart:
        """Return the chart for these rows."""
        found = (ordinary(batch) for batch in batches)
        if self._said.mark == "histogram":
            return self._histogram(found)
        if self._y is not None and self._total is None:
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
        if self._total and self._total[0] == "mean":
            decimals = _MEAN_DECIMALS if self._said.decimals is None else self._said.decimals
            rows = [(x, [_rounded(value, decimals) for value in values]) for x, values in rows]
        self._tell_lost(sum(not _can_be_drawn(value) for _, values in rows for value in values))
        if self._said.sorted_by == "y":
            rows.sort(key=lambda row: sum(_size(value) or 0 for value in row[1]), reverse=self._is_down)
        elif self._is_down:
            rows.reverse()
        height = _called(self._height())
        if self._color is None:
            columns, values = [self._column(self._x), height], [(x, found[0]) for x, found in rows]
            return self._chart(columns, values)
        columns = [self._column(self._x), self._column(self._color), height]
        return self._chart(
            columns, [(x, head, value) for x, found in rows for head, value in zip(heads, found, strict=True)]
        )

    @property
    def _is_down(self) -> bool:
        return (self._said.sort or "").startswith("-") and self._said.sorted_by is not None

    def _height(self) -> str:
        if self._total is None or self._y is None:
            return say("Count")
        return say("{label} ({total})", label=self._head(self._y), total=say(TOTAL_NAMES[self._total[0]]))

    def _raw(self, batches: Iterable[Batch]) -> Chart:
        """Return a chart with a mark for each row that has values for it."""
        wanted = [at for at in (self._x, self._y, self._color) if at is not None]
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
        return self._chart(
            [self._column(self._x), self._column(self._y), *([self._column(self._color)] if len(wanted) > 2 else [])],  # noqa: PLR2004 - with a colour
            rows,
        )

    def _histogram(self, batches: Iterable[Batch]) -> Chart:
        """Return a chart of how many numbers there are of which size."""
        assert self._x is not None  # noqa: S101 - it is whole
        counted = Histogram()
        for batch in batches:
            nothing = [None] * len(batch)
            colours = list(map(_named, batch.column(self._color))) if self._color is not None else nothing
            counted.add(batch.column(self._x), colours)
        self._tell_lost(counted.lost)
        head = self._head(self._x)
        columns = [_called(say("{label} from", label=head)), _called(say("{label} to", label=head))]
        if self._color is None:
            rows: list[tuple[object, ...]] = [
                (start, end, counts.get(None, 0)) for start, end, counts in counted.bins()
            ]
            return self._chart([*columns, _called(say("Count"))], rows, bins=head)
        shown = self._ordered(self._color, counted.colours)
        rows = [(start, end, one, counts.get(one, 0)) for start, end, counts in counted.bins() for one in shown]
        return self._chart([*columns, self._column(self._color), _called(say("Count"))], rows, bins=head)

    def _ordered(self, at: int, values: Sequence[object]) -> list[object]:
        keys = key_for(self._table, at, self._settings.get(at))
        return sorted(values, key=keys.of)

    def _tell_lost(self, lost: int) -> None:
        if lost:
            message = f"rows without a value for it are not in the chart {str(self._caption())!r:.80}"
            self._missing.warnings.add("not-in-chart", message, self._place, count=lost, loss=False)

    def _chart(self, columns: list[Column], rows: Sequence[tuple[object, ...]], *, bins: str = "") -> Chart:
        names = Chart(spec={}, columns=columns).table.names
        made = Chart(spec=self._spec(names, rows, bins), caption=self._caption(), columns=columns, alt=self._said.alt)
        # As they are: their texts are said in the reader's language.
        data = made.data.model_copy(update={"columns": columns, "rows": [Row(values) for values in rows]})
        return made.model_copy(update={"caption": self._caption(), "data": data})

    def _spec(self, names: list[str], rows: Sequence[tuple[Any, ...]], bins: str) -> dict[str, object]:
        said = self._said
        fields = list(map(field_of, names))
        if bins:
            binned = {"binned": True, "step": rows[0][1] - rows[0][0]} if rows else {"binned": True}
            x: dict[str, object] = {"field": fields[0], "type": "quantitative", "bin": binned, "title": bins}
            encoding: dict[str, Any] = {"x": x, "x2": {"field": fields[1]}}
            height, color = fields[-1], fields[2] if len(fields) > 3 else None  # noqa: PLR2004 - from, to and count
        else:
            kind = _kind_of(said.mark, [row[0] for row in rows])
            x = {"field": fields[0], "type": kind}
            if kind == "nominal":
                x["sort"] = None
            encoding = {"x": x}
            is_raw = self._y is not None and self._total is None
            height = fields[1] if is_raw or len(fields) == 2 else fields[-1]  # noqa: PLR2004
            color = (fields[-1] if is_raw else fields[1]) if len(fields) > 2 else None  # noqa: PLR2004
        y: dict[str, object] = {"field": height, "type": "quantitative"}
        if said.y == "count":
            y["axis"] = {"tickMinStep": 1} | self._ticks(rows)
        if said.mark == "arc":
            y.pop("axis", None)
            return {"mark": "arc", "encoding": {"theta": y, "color": encoding["x"] | {"type": "nominal", "sort": None}}}
        if color is not None:
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

    def _ticks(self, rows: Sequence[tuple[Any, ...]]) -> dict[str, object]:
        """Return what has an axis of a few counts say whole numbers only."""
        most = max([row[-1] for row in rows], default=0)
        return {"tickCount": most} if self._said.mark == "line" and 0 < most < _FEW_TICKS else {}

    def _shown(self, names: list[str], color: str, rows: Sequence[tuple[object, ...]]) -> list[object]:
        """Return the values of the colour in their order."""
        at = [field_of(name) for name in names].index(color)
        found = dict.fromkeys(row[at] for row in rows)
        return self._ordered(self._color or 0, list(found))

    def _column(self, at: int | None) -> Column:
        assert at is not None  # noqa: S101 - it is whole
        return Column(caption=self._caption_of(at), format=self._format(at))

    def _format(self, at: int) -> ColumnFormat | None:
        said, before = self._settings.get(at), self._table.columns[at].format
        whole = said.format(before) if said else before
        shown = {name: getattr(whole, name) for name in _FORMATS if getattr(whole, name, None) is not None}
        return ColumnFormat(**shown) if shown else None

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


def _value(said: ChartSettings) -> Any:
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


def _rounded(value: Any, decimals: int) -> object:
    return round(float(value), decimals) if _size(value) is not None else value


def _size(value: object) -> float | None:
    """Return the number that a value says; None where it says none, or one beyond those of floats."""
    number = number_of(value)
    return None if number is None or not isfinite(float(number)) else float(number)


def _can_be_drawn(value: object) -> bool:
    return number_of(value) is None or _size(value) is not None


def _order(value: object) -> Any:
    number = _size(value)
    return (0, number, "") if number is not None else (1, 0.0, text_of(value))
