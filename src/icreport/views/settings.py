"""What a view may say, by the names of its file; `docs/views.md` describes it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from icreport.model.conditions import day_before
from icreport.model.formats import ColumnFormat, Condition, Mark, Scalar, Total, ValueType, Width, check_is_number
from icreport.model.front_matter import FrontMatter
from icreport.model.looks import Look

_MOST_LEVELS = 4


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


_Listed = BeforeValidator(_as_list, json_schema_input_type=str | list[str])
Names = Annotated[list[str], _Listed]


class Settings(BaseModel):
    """A part of a view."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, strict=True, defer_build=True)


class Asked(Condition):
    """A condition of a view, in which no field is unknown."""

    model_config = ConfigDict(extra="forbid")

    opposite_of: Asked | None = Field(default=None, alias="not", description="What this asks does not hold.")

    def dated(self) -> dict[str, object]:
        """Return the condition as JSON, ages as dates: a document shows the same whenever it is rendered."""
        asked = self.to_object()
        if self.opposite_of is not None:
            asked["not"] = self.opposite_of.dated()
        more: dict[str, object] = {}
        for age, bound in (("older_than", "below"), ("newer_than", "at_least")):
            if getattr(self, age) is not None:
                # Beside a bound that is asked for itself, which has to hold as well.
                into = asked if getattr(self, bound) is None else more
                into[bound] = day_before(asked.pop(age))
        if more:
            before = {"not": asked["not"]} if self.opposite_of is not None else {}
            asked["not"] = {"not": more | before}
        return {name: value for name, value in asked.items() if value is not None}


class Where(Asked):
    """A condition that the rows of a table have to meet in a column."""

    column: str = Field(description="The column whose values are asked.")


Conditions = Annotated[list[Where], BeforeValidator(_as_list, json_schema_input_type=Where | list[Where])]


class MarkSettings(Asked):
    """How values look that meet a condition."""

    look: Look = Field(description="How such values look.")

    def mark(self) -> Mark:
        """Return the mark of a column's format."""
        return Mark.model_validate(self.dated())


class ColumnSettings(Settings):
    """How a column is shown: `[table.column."Its name"]`."""

    caption: str | None = Field(default=None, description="What the column is called.")
    unit: Annotated[str, Field(max_length=40)] | None = Field(default=None, description="Stands in the header.")
    decimals: Annotated[int, Field(ge=0, le=30)] | None = Field(
        default=None, description="Digits after the point that pages and workbooks show."
    )
    width: Width | None = Field(default=None, description='The part of the table\'s width: "40%".')
    type: ValueType | None = Field(
        default=None, description="What typed formats and sorting take the values for, whatever they look like."
    )
    order: list[Scalar] | None = Field(default=None, description="The order of the values; others come after them.")
    mark: (
        Annotated[
            list[MarkSettings], BeforeValidator(_as_list, json_schema_input_type=MarkSettings | list[MarkSettings])
        ]
        | None
    ) = Field(default=None, description="How values look; the first mark that a value meets counts.")
    bar: bool | None = Field(default=None, description="Draw a data bar.")
    scale: bool | None = Field(default=None, description="Colour cells by their number.")
    total: Total | None = Field(default=None, description="What subtotals and totals say.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        for value in self.order or ():
            check_is_number(value, "order")
        return self

    def format(self, before: ColumnFormat | None) -> ColumnFormat | None:
        """Return how the column is shown: what the view says before what the report says."""
        said: dict[str, object] = {
            name: getattr(self, name)
            for name in ("unit", "decimals", "width", "type", "order", "bar", "scale", "total")
            if getattr(self, name) is not None
        }
        if self.mark is not None:
            said["marks"] = [mark.mark() for mark in self.mark]
        if not said:
            return before
        return before.model_copy(update=said) if before else ColumnFormat.model_validate(said)


class Matched(Settings):
    """What says which tables are meant: all that is said has to fit."""

    match: str | None = Field(default=None, description="Their caption, in which * stands for any text.")
    number: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Their number among the tables of the report, from 1."
    )
    source_business_object: str | None = Field(default=None, description="The business object of their records.")


class TableSettings(Matched):
    """What is shown of a table: `[[table]]`."""

    caption: str | None = Field(default=None, description="Its caption in the document.")
    columns: Names | None = Field(default=None, description="The columns that are shown, in this order.")
    hide: Names | None = Field(default=None, description="Columns that are not shown, instead of `columns`.")
    where: Conditions = Field(default=[], description="Conditions that a row has to meet, all of them.")
    sort: Names = Field(default=[], description="Columns to sort by, the first before the second; -Name downwards.")
    group_by: Annotated[list[str], _Listed, Field(max_length=_MOST_LEVELS)] = Field(
        default=[], description="Columns by whose values the rows are grouped, the outermost first."
    )
    new_page: bool = Field(default=False, description="Start each group on a new page.")
    limit: Annotated[int, Field(ge=0)] | None = Field(default=None, description="The most rows that are shown.")
    note: bool = Field(default=True, description="Say under the table which rows are left out.")
    column: dict[str, ColumnSettings] = Field(default={}, description="How columns are shown, by their name.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.match is None and self.number is None and self.source_business_object is None:
            raise ValueError("say which table: match, number or source_business_object")
        if self.columns is not None and self.hide is not None:
            raise ValueError("say columns or hide, not both")
        return self


class SummarySettings(Settings):
    """A cross table made of another: `[[summary]]`."""

    of: str | int = Field(description="The caption of the table, in which * stands for any text, or its number.")
    caption: str | None = Field(default=None, description="Its caption.")
    rows: Names = Field(min_length=1, max_length=_MOST_LEVELS, description="Columns whose values head the rows.")
    columns: str | None = Field(default=None, description="A column whose values head the columns.")
    value: Literal["count"] | dict[Total, str] = Field(
        default="count", description='What the cells say: "count", or of a column, as in { sum = "Loss (%)" }.'
    )
    where: Conditions = Field(default=[], description="Conditions on the rows, beside those of the table.")
    totals: bool = Field(default=False, description="Add a row and a column of totals.")
    place: Literal["before", "after", "instead"] = Field(default="before", description="Where it stands.")
    decimals: Annotated[int, Field(ge=0, le=30)] | None = Field(default=None, description="Digits that are shown.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if isinstance(self.value, dict) and len(self.value) != 1:
            raise ValueError('value says one thing: "count", or as { sum = "Loss (%)" }')
        return self


def _is_below(pattern: str) -> str:
    """Refuse a pattern of files that could name others than those below a folder, on any system."""
    parts = pattern.split("/")
    if "\\" in pattern or ":" in parts[0] or "\0" in pattern or not pattern.strip():
        raise ValueError(f"files are named as photos/*.jpg, not as {pattern!r}")
    if parts[0] in {"", "~"} or ".." in parts:
        raise ValueError(f"files are below the folder of the view, which {pattern!r} leaves")
    return pattern


_FilePattern = Annotated[str, AfterValidator(_is_below)]


class ImagesSettings(Settings):
    """Images of a folder, as a photo log: `[[images]]`."""

    source: Annotated[list[_FilePattern], _Listed, Field(min_length=1, max_length=100)] = Field(
        alias="from", description="Files below the folder of the view: `photos/*.jpg`, in the order of their names."
    )
    caption: Annotated[str, Field(max_length=1000)] = Field(
        default="{stem}", description="What is under each: {stem} and {name} of its file, its {number} in the log."
    )
    alt: Annotated[str, Field(max_length=1000)] | None = Field(
        default=None, description="What each shows, with the same names; else its caption."
    )
    after: str | None = Field(
        default=None,
        description="The caption of the element after which they stand, * for any text; else they are at the end.",
    )
    keep_metadata: bool = Field(default=False, description="Keep position and serial numbers that a camera wrote.")


class ChartSettings(Settings):
    """A chart made of a table: `[[chart]]`."""

    of: str | int = Field(description="The caption of the table, in which * stands for any text, or its number.")
    caption: str | None = Field(default=None, description="Its caption.")
    mark: Literal["bar", "line", "area", "point", "arc", "histogram"] = Field(
        default="bar", description="What it is drawn of; arc is a pie, histogram counts numbers by their size."
    )
    x: str = Field(description="The column along the chart; of a pie the one that gives its parts.")
    y: str | dict[Total, str] = Field(
        default="count",
        description='How high: "count" of rows, a total as { mean = "Loss (%)" }, or a column, a mark a row.',
    )
    color: str | None = Field(default=None, description="A column whose values have colours.")
    stacked: bool = Field(default=True, description="Put bars or areas of colours on each other, or side by side.")
    sort: str | None = Field(default=None, description="What the bars go by: x or y, or the column; -y downwards.")
    where: Conditions = Field(default=[], description="Conditions on the rows, beside those of the table.")
    place: Literal["before", "after", "instead"] = Field(default="before", description="Where it stands.")
    decimals: Annotated[int, Field(ge=0, le=30)] | None = Field(default=None, description="Digits of a mean.")
    alt: str | None = Field(default=None, description="Says it to those who do not see it.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if isinstance(self.y, dict) and len(self.y) != 1:
            raise ValueError('y says one thing: "count", as { mean = "Loss (%)" }, or a column')
        if self.mark == "histogram" and self.y != "count":
            raise ValueError("a histogram counts rows: leave out y")
        if self.mark == "arc" and self.color is not None:
            raise ValueError("the parts of a pie have the colours of x: leave out color")
        if self.sort is not None and self.sorted_by is None:
            raise ValueError("sort says x or y, or -x or -y")
        return self

    @property
    def sorted_by(self) -> Literal["x", "y"] | None:
        """What the values along the chart go by, None where nothing is said of it."""
        name = (self.sort or "").removeprefix("-")
        heights = [*self.y.values()] if isinstance(self.y, dict) else [self.y]
        return "x" if name in {"x", self.x} else "y" if name in {"y", *heights} else None


class ViewSettings(Settings):
    """All that a view says."""

    title: str | None = Field(
        default=None, description="The title of the document, with {name} {date} {source} of the report."
    )
    elements: Literal["all", "listed"] = Field(
        default="all", description="All elements, or only the tables that the view names, in its order."
    )
    missing: Literal["error", "skip"] = Field(
        default="error", description="What a table or column that the report lacks is: an error, or left out and told."
    )
    extend: str | None = Field(default=None, description="A view that this one builds on: a file, from where it is.")
    document: FrontMatter | None = Field(
        default=None, description="What the document says of itself: client, number, revision."
    )
    table: list[TableSettings] = Field(default=[], description="What is shown of tables.")
    summary: list[SummarySettings] = Field(default=[], description="Cross tables made of others.")
    images: list[ImagesSettings] = Field(default=[], description="Images of a folder, as a photo log.")
    chart: list[ChartSettings] = Field(default=[], description="Charts made of tables.")
