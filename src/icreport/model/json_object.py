"""JSON objects with typed fields that keep unknown fields and the order of keys."""

from __future__ import annotations

import reprlib
from functools import cache
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, Self, TypeVar, dataclass_transform

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from icreport.errors import UsageError, choices
from icreport.model.rows import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)

_LONGEST = 80  # characters of a value in a `repr`
_Made = TypeVar("_Made", bound=BaseModel)
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _LONGEST


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field, PrivateAttr))
class _ByHand(ModelMetaclass):
    """Makes JSON objects by hand: a keyword that a class does not have is a `UsageError`.

    Type checkers learn that fields are read-only, so that a kind of element may narrow what they hold.
    """

    if not TYPE_CHECKING:

        def __new__(
            cls, name: str, bases: tuple[type, ...], namespace: dict[str, object], *given: object, **options: object
        ) -> type:
            if (init := namespace.get("__init__")) is not None:
                # By this pydantic knows its own `__init__`, which documents need not go through.
                init.__pydantic_base_init__ = True
            return super().__new__(cls, name, bases, namespace, *given, **options)

        def __call__(self, *given: object, **fields: object) -> object:
            check_names(self, fields, _keywords(self))
            return super().__call__(*given, **fields)


class JsonObject(BaseModel, metaclass=_ByHand):
    """A JSON object with typed fields that keeps the others and the order of all.

    By hand it is made of its fields by name. It does not change: `replace` returns another.
    """

    # Built when it is first used: most runs use few of the models.
    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True, strict=True, defer_build=True)
    _keys: tuple[str, ...] | None = PrivateAttr(default=None)

    def __init__(self, /, **fields: object) -> None:
        """Make an object of its fields; raises `UsageError` for a name or value that it does not have."""
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise UsageError(f"{type(self).__name__}: {first_error(error)}") from None

    @model_validator(mode="wrap")
    @classmethod
    def _remember_keys(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        made = handler(data)
        if isinstance(data, dict):
            # An element that was made by hand owes its document a type; other defaults were never in one.
            is_element = "type" in cls.model_fields and cls.model_fields["type"].default is not None
            implied = ["type"] if is_element and "type" not in data else []
            set_private(made, _keys=(*implied, *_in_json(made, data)))
        return made

    def replace(self, **changes: object) -> Self:
        """Return one like this with other values for some of its fields; raises `UsageError` as when it is made."""
        kind = type(self)
        check_names(kind, changes, fields_of(kind))
        fields = {name: getattr(self, name) for name in kind.model_fields} | (self.model_extra or {})
        try:
            made = kind.model_validate(fields | changes)
        except ValidationError as error:
            raise UsageError(f"{kind.__name__}: {first_error(error)}") from None
        keys = self._keys and tuple(dict.fromkeys((*self._keys, *_in_json(self, changes))))
        return set_private(made, **(self.__pydantic_private__ or {}) | {"_keys": keys})

    if not TYPE_CHECKING:  # which know that fields are read-only

        def __setattr__(self, name: str, value: object) -> None:
            if not name.startswith("_"):
                raise _read_only(type(self), name)
            super().__setattr__(name, value)

        def __delattr__(self, name: str) -> None:
            raise _read_only(type(self), name)

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        """Yield what `repr` shows: fields, each shortened."""
        for name, value in super().__repr_args__():
            if value is not None:
                yield name, Shortened(value)

    def to_object(self) -> dict[str, Any]:
        """Return the JSON object, its keys in the order in which they came."""
        names = {info.alias or name: name for name, info in type(self).model_fields.items()}
        extra = self.model_extra or {}
        keys = self._keys if self._keys is not None else (*names, *extra)
        # What a copy was given (`model_copy`) was in no document.
        given = {
            key for key, name in names.items() if name in self.model_fields_set and getattr(self, name) is not None
        }
        keys += tuple(key for key in names if key in given and key not in keys)
        return {key: _json_value(getattr(self, names[key]) if key in names else extra[key]) for key in keys}


def _in_json(made: BaseModel, names: Iterable[str]) -> list[str]:
    """Return what the fields of an object are called in JSON."""
    aliases: dict[object, str] = {name: info.alias or name for name, info in type(made).model_fields.items()}
    unknown = made.model_extra or {}
    return [str(name) if name in unknown else aliases.get(name, str(name)) for name in names]


def set_private(made: _Made, **private: object) -> _Made:
    """Set private fields of an object that was just made, and return it."""
    made.__pydantic_private__ = {**(made.__pydantic_private__ or {}), **private}
    return made


class Shortened:
    """Shows a value on a line, what is long cut."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __repr__(self) -> str:
        text = _SHORT.repr(self._value)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@cache
def _keywords(kind: type[BaseModel]) -> list[str]:
    """Return the keywords that a class is made with."""
    parameters = list(signature(kind.__init__).parameters.values())[1:]
    if any(parameter.kind is Parameter.VAR_KEYWORD for parameter in parameters):
        return fields_of(kind)
    return [parameter.name for parameter in parameters]


def fields_of(kind: type[BaseModel]) -> list[str]:
    """Return the names of the fields of an object, in Python and in JSON."""
    return [*kind.model_fields, *(info.alias for info in kind.model_fields.values() if info.alias)]


def check_names(kind: type, given: Iterable[str], known: Collection[str]) -> None:
    """Raise `UsageError` for the first name that is none of those that are known."""
    for name in given:
        if name not in known:
            raise UsageError(f"{kind.__name__} has no {name!r}", remedy=choices(name, known))


def first_error(error: ValidationError) -> str:
    """Return what pydantic found first, on one line, with its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    message = first["msg"].removeprefix("Value error, ").lower()
    return f"{where}: {message}" if where else message


def _read_only(kind: type, name: str) -> UsageError:
    return UsageError(f"{kind.__name__} does not change", remedy=f"replace({name}=…) returns one that differs")


def _json_value(value: object) -> object:
    if isinstance(value, JsonObject | Row):
        return value.to_object()
    if isinstance(value, list) and value and isinstance(value[0], JsonObject | Row):
        return [_json_value(item) for item in value]
    return value
