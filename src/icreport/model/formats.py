"""How parts of a report are shown: what columns, tables, rows and cells say of it under the key `"icreport"`.

A view writes it, a report made in Python or a document may; renderers read it. None of the service's fields can be
meant by it. What is unknown in it is kept; what is wrong in a document is left out with a warning, and kept as JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, cast

from pydantic import (
    BeforeValidator,
    Field,
    InstanceOf,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from icreport.model.json_object import JsonObject, set_private
from icreport.model.looks import KEY, Look

Total = Literal["sum", "mean", "min", "max", "count", "distinct"]
ValueType = Literal["text", "integer", "decimal", "date", "datetime", "boolean"]
Tell = Callable[[str], None]
"""What hears what is wrong in a document; the context of a validation that is lenient."""

_LONGEST_PATTERN = 1000
_MOST_DECIMALS = 30
_WHOLE = 100  # per cent


class Format(JsonObject):
    """Something that a part of a report says of how it is shown."""

    _wrong: dict[str, object] | None = PrivateAttr(default=None)
    _other: object = PrivateAttr(default=None)

    @classmethod
    def empty(cls) -> Self:
        """Return one that says nothing, equal to `cls()`, without having built what checks those that do."""
        return set_private(cast("Self", cls.model_construct()), _keys=())

    @model_validator(mode="wrap")
    @classmethod
    def _leave_out_what_is_wrong(
        cls, data: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        tell: Tell | None = info.context
        if tell is None or isinstance(data, cls):
            return handler(data)
        if not isinstance(data, dict):
            tell(f'"{KEY}" is not an object, so it is ignored')
            return set_private(handler({}), _other=data)
        try:
            return handler(data)
        except ValidationError as error:
            found = {str(one["loc"][0]): one["msg"] for one in error.errors(include_url=False) if one["loc"]}
            if not found:
                # A part that cannot be without what is wrong in it: what holds it leaves all of it out.
                raise
        for name, message in found.items():
            said = message.removeprefix("Value error, ")
            tell(f'"{name}" in "{KEY}" is ignored: {said[:1].lower()}{said[1:]}')
        made = handler({name: value for name, value in data.items() if name not in found})
        wrong = {name: data[name] for name in found if name in data}
        return set_private(made, _wrong=wrong, _keys=tuple(map(str, data)))

    def to_object(self) -> Any:
        """Return the JSON, what was wrong in it as it came."""
        if self._other is not None:
            return self._other
        made = super().to_object() if self._wrong is None else self._without_wrong()
        return made if self._wrong is None else {key: self._wrong.get(key, value) for key, value in made.items()}

    def _without_wrong(self) -> dict[str, object]:
        keys = self._keys or ()
        known = tuple(key for key in keys if key not in (self._wrong or {}))
        made = set_private(self.model_copy(), _keys=known, _wrong=None).to_object()
        return {key: made.get(key) for key in dict.fromkeys((*keys, *made))}


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int | float) else value


def check_is_number(value: object, name: str) -> None:
    """Raise `ValueError` for the floats that are no numbers, infinite ones too, which JSON has none of."""
    if isinstance(value, float) and any(letter in "in" for letter in str(value)):
        raise ValueError(f"{name} is {value}, which is no number")


Scalar = bool | int | InstanceOf[float] | str
_Scalars = Annotated[
    list[Scalar], BeforeValidator(_as_list, json_schema_input_type=Scalar | list[Scalar]), Field(max_length=10_000)
]
_Bound = int | InstanceOf[float] | str


class Condition(Format):
    """What is asked of one value; of several things that are asked, all have to hold (`conditions.predicate_of`).

    Numbers compare as numbers (a text that is a JSON number is one), ISO 8601 dates as dates, other texts exactly.
    Blanks (null, text of spaces) and values of another type meet none but `blank`, `not_equals`, `not_in` and `not`.
    """

    equals: Scalar | None = Field(default=None, description="The value is this one.")
    not_equals: Scalar | None = Field(default=None, description="It is not; a blank is not either.")
    one_of: _Scalars | None = Field(default=None, alias="in", description="The value is one of these.")
    none_of: _Scalars | None = Field(default=None, alias="not_in", description="It is none of these; a blank is none.")
    at_least: _Bound | None = Field(default=None, description="A number, date or text from here on.")
    above: _Bound | None = Field(default=None, description="… after this one.")
    at_most: _Bound | None = Field(default=None, description="… up to here; a day includes its moments.")
    below: _Bound | None = Field(default=None, description="… before this one.")
    between: Annotated[list[_Bound], Field(min_length=2, max_length=2)] | None = Field(
        default=None, description="From the first to the second, both included."
    )
    contains: Annotated[str, Field(min_length=1)] | None = Field(default=None, description="The text has this in it.")
    starts_with: Annotated[str, Field(min_length=1)] | None = Field(default=None, description="The text starts so.")
    matches: Annotated[str, Field(min_length=1, max_length=_LONGEST_PATTERN)] | None = Field(
        default=None,
        description="A regular expression (RE2) is found in the text; it takes time in proportion to the text.",
    )
    blank: bool | None = Field(default=None, description="Whether the value is null or a text of spaces.")
    older_than: int | str | None = Field(
        default=None, description='Dates longer ago: days as a number, or "2 weeks", "6 months", "1 year".'
    )
    newer_than: int | str | None = Field(default=None, description="Dates not longer ago, or to come.")
    opposite_of: Condition | None = Field(default=None, alias="not", description="What this asks does not hold.")
    if TYPE_CHECKING:
        # Checkers would know some fields by their names in JSON alone, which Python has no names for.
        def __init__(self, **asked: object) -> None: ...

    @model_validator(mode="after")
    def _check(self) -> Self:
        from icreport.model.conditions import predicate_of

        for name, field in type(self).model_fields.items():
            asked = getattr(self, name)
            for value in asked if isinstance(asked, list) else [asked]:
                check_is_number(value, field.alias or name)
        predicate_of(self)
        return self


class Mark(Condition):
    """How values of a column look that meet a condition; the first of a column's marks that is met counts."""

    look: Look


def _percent(value: object) -> object:
    """Refuse a width that is not part of a page."""
    if isinstance(value, str) and value.endswith("%"):
        number = value[:-1].strip()
        if number.replace(".", "", 1).isdecimal() and number.isascii() and 0 < float(number) <= _WHOLE:
            return value
    raise ValueError('a width is a part of the table\'s, such as "40%"')


Width = Annotated[str, BeforeValidator(_percent, json_schema_input_type=str)]


class ColumnFormat(Format):
    """How the values of a column are shown.

    `decimals` rounds what pages and workbooks show, never what data formats hold. `unit` stands in the header
    (`Column.head`). `marks` are looks of values by condition; a cell's own look goes before them. `bar` and `scale`
    ask for data bars and a colour scale. `total` is what subtotals and totals say of the column, `order` how its
    values sort, `type` what typed formats take it for. `was` says that cells have what they were in another report
    (`Row.was`), for which formats of data have a column of its own.
    """

    unit: Annotated[str, Field(max_length=40)] | None = None
    decimals: Annotated[int, Field(ge=0, le=_MOST_DECIMALS)] | None = None
    width: Width | None = None
    type: ValueType | None = None
    marks: list[Mark] | None = None
    bar: bool | None = None
    scale: bool | None = None
    total: Total | None = None
    order: _Scalars | None = None
    was: bool | None = None


class TableFormat(Format):
    """How a table is shown: `grouped_by` names columns (`Table.names`), the outermost group first.

    Rows of a group stand together; a heading comes before those of one value. `new_page` starts each outermost group on
    a new page. `note` is text under the table, such as `34 of 137 rows: Status not Closed`.
    """

    grouped_by: list[str] | None = None
    new_page: bool | None = None
    note: str | None = None
