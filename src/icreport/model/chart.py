"""Charts: a drawing described in Vega-Lite, of rows that it has itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from msgspec.structs import replace
from pydantic import Field, InstanceOf, field_validator

from icreport.errors import UsageError
from icreport.model import dataframes
from icreport.model.elements import ROWS_SCHEMA, Column, ColumnLike, Element, Table, made_parts
from icreport.model.formats import Format
from icreport.model.json_object import JsonObject, Shortened, check_names, fields_of
from icreport.model.notebook import chart_html
from icreport.model.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from icreport.words import Words

_PARTS = ("spec", "columns", "rows", "alt")
_SPECIAL = ("\\", ".", "[", "]", "'", '"')
_VIEWS = ("layer", "hconcat", "vconcat", "concat")
"""Where a specification holds others."""


class ChartFormat(Format):
    """What a chart says of itself under the key `"icreport"`: `alt` is the text for those who do not see it."""

    alt: str | None = None


class ChartData(JsonObject):
    """The `data` of a chart: its specification, and the columns and rows that it is drawn of."""

    format: ChartFormat | None = Field(default=None, alias="icreport")
    spec: dict[str, Any]
    columns: list[Column]
    rows: Annotated[list[InstanceOf[Row]], ROWS_SCHEMA]

    @field_validator("rows", mode="before")
    @classmethod
    def _are_rows(cls, rows: object) -> object:
        return [row if isinstance(row, Row) else _row(row) for row in rows] if isinstance(rows, list) else rows


class Chart(Element):
    """A chart of its own rows, described in Vega-Lite: `Chart(altair_chart)`, or by hand.

    `Chart(caption="Open anomalies", spec={"mark": "bar", "encoding": {…}}, columns=["Component", "Count"],
    rows=[("J1", 3)])`. Fields of the specification are the names of columns. It may name no URL: its rows, which may be
    a data frame too, are all that it draws.
    """

    type: Literal["chart"] = "chart"
    data: ChartData

    def __init__(
        self,
        spec: object = None,
        *,
        caption: str | None = None,
        columns: Iterable[ColumnLike] | None = None,
        rows: object = None,
        alt: str | None = None,
        data: ChartData | Mapping[str, object] | None = None,
        type: Literal["chart"] = "chart",
    ) -> None:
        """Make a chart of a specification (a dict, or an Altair chart with its data); raises `UsageError`."""
        given = {name: part for name, part in zip(_PARTS, (spec, columns, rows, alt), strict=True) if part is not None}
        if data is not None and given:
            raise UsageError(f"a Chart has data and {next(iter(given))}", remedy="data holds them; say one of them")
        if data is None and spec is None:
            raise UsageError("a Chart has no spec", remedy="give one of Vega-Lite: a dict, or an Altair chart")
        fields = {} if caption is None else {"caption": caption}
        super().__init__(type=type, **fields, data=_parts(given) if data is None else data)

    def replace(self, **changes: object) -> Self:
        """Return a chart like this with another caption, specification, columns, rows or text for who does not see."""
        check_names(type(self), changes, [*fields_of(type(self)), *_PARTS])
        parts = {name: changes.pop(name) for name in _PARTS if name in changes}
        if parts:
            own = {"spec": self.spec, "columns": self.columns, "rows": self.rows, "alt": self.alt}
            changes["data"] = self.data.replace(**_parts(own | parts))
        return super().replace(**changes)

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        if self.caption is not None:
            yield "caption", Shortened(self.caption)
        yield "columns", len(self.columns)
        yield "rows", len(self.rows)

    @property
    def spec(self) -> dict[str, Any]:
        """The specification in Vega-Lite, without data."""
        return self.data.spec

    @property
    def columns(self) -> list[Column]:
        """The columns, whose names (`table.names`) are the fields of the specification."""
        return self.data.columns

    @property
    def rows(self) -> list[Row]:
        """The rows that are drawn."""
        return self.data.rows

    @property
    def alt(self) -> str | None:
        """The text for those who do not see the chart, if it has one of its own."""
        return self.data.format.alt if self.data.format else None

    @property
    def table(self) -> Table:
        """The data of the chart as a table."""
        return Table(caption=self.caption, columns=self.columns, rows=self.rows)

    def in_words(self, words: Words) -> Self:
        """Return the chart with its texts of ours (`icreport.words.Said`) in the words of a document."""

        def said(part: object, *, field: bool = False) -> object:
            if isinstance(part, str):
                return fields.get(part, part) if field else words.of(part)
            if isinstance(part, list):
                return [said(one) for one in part]
            if isinstance(part, dict):
                return {name: said(one, field=name == "field") for name, one in part.items()}
            return part

        columns = [
            column.model_copy(update={"caption": words.of(column.caption)})
            if isinstance(column.caption, str)
            else column
            for column in self.columns
        ]
        named = self.model_copy(update={"data": self.data.model_copy(update={"columns": columns})})
        fields = dict(zip(map(field_of, self.table.names), map(field_of, named.table.names), strict=True))
        rows = [replace(row, values=tuple(map(said, row.values))) for row in self.rows]
        data = named.data.model_copy(update={"rows": rows, "spec": said(self.spec)})
        return self.model_copy(update={"caption": self.caption and words.of(self.caption), "data": data})

    def _repr_html_(self) -> str:
        return chart_html(self)


def field_of(name: str) -> str:
    """Return the name of a column as a field of Vega-Lite, for which some letters lead into a value."""
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in name)


def _row(item: object) -> Row:
    if isinstance(item, dict) and isinstance(item.get("cells"), list | None):
        return Row.of_object(item)
    raise ValueError("a row of a chart is no object with cells")


def _parts(given: Mapping[str, Any]) -> dict[str, object]:
    """Return the `data` of a chart, of what a program gives."""
    spec, own = _without_data(_spec(given["spec"]))
    rows, columns = given.get("rows"), given.get("columns")
    if own is not None and rows is not None:
        raise UsageError("a Chart has rows, and data in its spec", remedy="say one of them")
    rows = own if rows is None else rows
    if columns is None:
        frame = dataframes.of_any([] if rows is None else rows)
        columns, rows = frame.columns, frame.rows
    made = made_parts({"columns": columns, "rows": [] if rows is None else rows})
    said = {"alt": given["alt"]} if given.get("alt") is not None else {}
    return {"format": ChartFormat(**said), "spec": spec, **made}


def _spec(spec: object) -> dict[str, object]:
    """Return a specification as JSON has it; an Altair chart gives its own."""
    to_dict = getattr(spec, "to_dict", None)
    if callable(to_dict):
        try:
            spec = to_dict()
        except Exception as error:
            raise UsageError(f"the chart gives no specification: {error}") from error
    if not isinstance(spec, dict):
        raise UsageError(f"the spec of a Chart is a {type(spec).__name__}, not a dict of Vega-Lite or an Altair chart")
    return spec


def _without_data(spec: Mapping[str, object]) -> tuple[dict[str, object], list[object] | None]:
    """Return a specification without the data that stand in it, and these data; they have to be one table."""
    sets = spec.get("datasets")
    named: dict[str, object] = sets if isinstance(sets, dict) else {}
    found: list[object] = []

    def without(view: Mapping[str, object]) -> dict[str, object]:
        made = {name: part for name, part in view.items() if name not in {"data", "datasets"}}
        data = view.get("data")
        if isinstance(data, dict) and (rows := data.get("values", named.get(str(data.get("name"))))) is not None:
            found.append(rows)
        elif data is not None and not (isinstance(data, dict) and "name" in data):
            made["data"] = data
        for name in _VIEWS:
            if isinstance(views := made.get(name), list):
                made[name] = [without(one) if isinstance(one, dict) else one for one in views]
        if isinstance(inner := made.get("spec"), dict):
            made["spec"] = without(inner)
        return made

    changed = without(spec)
    if any(rows != found[0] for rows in found):
        raise UsageError("the views of a chart have different data", remedy="a chart has one table of rows")
    if not found:
        return changed, None
    if isinstance(rows := found[0], list) and all(isinstance(row, dict) for row in rows):
        return changed, rows
    raise UsageError("the data of a spec are no list of objects", remedy="say rows and columns")
