"""The schema of a table (Frictionless Data, "Table Schema"): names, order and types of columns, found or asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import msgspec

from icreport.dates import iso_date
from icreport.errors import OptionError, one_line
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from icreport.dates import IsoDate
    from icreport.model.elements import Table

MOST_DIGITS = 38
"""Digits of integers beyond 64 bits, at most."""
LONG = 1 << 63
_EXACT = 1 << 53
_MOST_BYTES = 1 << 24

FieldType = Literal["string", "boolean", "integer", "number", "date", "datetime", "any"]


class Field(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column: its name and type.

    Of our own are `timezone` (`Z` or `+02:00`: its times are moments, as others see from their `type` alone), `unit`
    (`ns` where microseconds do not hold its times) and `precision` (digits of integers that 64 bits do not hold).
    `any` stands for text.
    """

    name: str
    type: FieldType = "string"
    format: str = "default"
    timezone: str = ""
    unit: Literal["us", "ns"] = "us"
    precision: int = 0

    def value(self, found: object) -> object:
        """Return a value as one of this type: a boolean, a number, a date, nanoseconds since 1970, or text.

        Raises `ValueError` or `TypeError` where it is none.
        """
        return None if found is None else _MAKERS[self.type](self, found)


class TableSchema(msgspec.Struct, frozen=True):
    """The columns of a table in their order."""

    fields: list[Field]


class _Resource(msgspec.Struct, frozen=True, omit_defaults=True, rename={"business_object": "sourceBusinessObject"}):
    schema: TableSchema
    name: str = ""
    title: str | None = None
    business_object: str | None = None


class _Package(msgspec.Struct, frozen=True, omit_defaults=True):
    resources: list[_Resource]


def _no_schema(name: str, error: Exception) -> OptionError:
    message = f"{name} is no Table Schema: {one_line(str(error))}"
    return OptionError(message, remedy="icreport schema infer REPORT prints one")


class Schemas(NamedTuple):
    """The schemas that a file or a dict has, and what it is called."""

    name: str
    """For messages."""
    resources: list[_Resource]

    @classmethod
    def load(cls, path: str) -> Schemas:
        """Read a Data Package (as `icreport schema infer` prints and data packages hold) or one Table Schema.

        Raises `OptionError` where that cannot be read or is neither.
        """
        try:
            with Path(path).open("rb") as file:
                data = file.read(_MOST_BYTES)
            found = msgspec.json.decode(data)
        except OSError as error:
            raise OptionError(f"the schema {path!r} cannot be read: {error.strerror}") from None
        except (ValueError, msgspec.MsgspecError) as error:
            raise _no_schema(repr(path), error) from None
        return cls.made_of(found, path)

    @classmethod
    def made_of(cls, found: object, path: str = "") -> Schemas:
        """Return the schemas of a Data Package, or of one Table Schema, that is read already.

        Raises `OptionError` where it is neither.
        """
        name = repr(path) if path else "the dict"
        try:
            if isinstance(found, dict) and "resources" not in found:
                found = {"resources": [{"schema": found}]}
            package = msgspec.convert(found, _Package)
        except (ValueError, msgspec.MsgspecError) as error:
            raise _no_schema(name, error) from None
        for resource in package.resources:
            names = [field.name for field in resource.schema.fields]
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise OptionError(f"the schema {name} has the column {twice[0]!r} twice")
        return cls(name, package.resources)

    @classmethod
    def read(cls, source: SchemaSource) -> Schemas:
        """Return the schemas of a file, of a dict that was read, or those that are given; raises `OptionError`."""
        if isinstance(source, Schemas):
            return source
        return cls.made_of(dict(source)) if isinstance(source, Mapping) else cls.load(os.fspath(source))

    def of(self, table: Table) -> TableSchema:
        """Return the schema of a table: the one with its caption, else its business object, else the only one.

        Raises `OptionError` where there is none.
        """
        for resource in self.resources:
            if table.caption and resource.title == table.caption:
                return resource.schema
        same = [
            one for one in self.resources if one.business_object and one.business_object == table.source_business_object
        ]
        if len(same) == 1:
            return same[0].schema
        if len(self.resources) == 1 and not self.resources[0].title:
            return self.resources[0].schema
        titles = ", ".join(repr(one.title or one.name) for one in self.resources[:5])
        raise OptionError(
            f"the schema {self.name} has no table {table.caption or ''!r}", remedy=f"it has {titles or 'none'}"
        )


def _boolean(_: Field, found: object) -> bool:
    if isinstance(found, bool):
        return found
    raise ValueError


def _integer(field: Field, found: object) -> object:
    if isinstance(found, float) and found.is_integer() and abs(found) <= _EXACT:
        found = int(found)
    if type(found) is not int:
        raise ValueError
    if field.precision:
        if abs(found) >= 10**field.precision:
            raise ValueError
        return Decimal(found)
    if not -LONG <= found < LONG:
        raise ValueError
    return found


def _number(_: Field, found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise TypeError
    if isinstance(found, int) and abs(found) > _EXACT:
        raise ValueError
    if not isfinite(found):
        raise ValueError
    return float(found)


def _date_of(found: object) -> IsoDate | None:
    """Return the date of a text; an empty one stands for a date that is not known."""
    if not isinstance(found, str):
        raise TypeError
    if not found:
        return None
    date_ = iso_date(found)
    if date_ is None:
        raise ValueError
    return date_


def _date(_: Field, found: object) -> date | None:
    said = _date_of(found)
    if said is not None and said.separator:
        raise ValueError
    return said and said.moment.date()


def _moment(field: Field, found: object) -> int | None:
    said = _date_of(found)
    if said is None:
        return None
    if not said.separator or bool(said.zone) != bool(field.timezone):
        raise ValueError
    count = said.nanoseconds
    if field.unit == "ns":
        if not -LONG <= count < LONG:
            raise ValueError
        return count
    if count % 1000:
        raise ValueError
    return count // 1000


_MAKERS: dict[FieldType, Callable[[Field, object], object]] = {
    "string": lambda _, found: text_of(found),
    "any": lambda _, found: text_of(found),
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "datetime": _moment,
}


SchemaSource: TypeAlias = str | os.PathLike[str] | Mapping[str, object] | Schemas
"""Where a schema comes from: a file, or what was read of one."""
