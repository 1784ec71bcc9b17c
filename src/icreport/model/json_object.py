"""JSON objects with typed fields that keep unknown fields and the order of keys."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, PrivateAttr, model_validator

from icreport.model.rows import Row


class JsonObject(BaseModel):
    """A JSON object with typed fields that keeps the others and the order of all."""

    # Built when it is first used: most runs use few of the models.
    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True, strict=True, defer_build=True)
    _keys: tuple[str, ...] | None = PrivateAttr(default=None)

    @model_validator(mode="wrap")
    @classmethod
    def _remember_keys(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        made = handler(data)
        if isinstance(data, dict):
            aliases: dict[Any, str] = {name: info.alias or name for name, info in cls.model_fields.items()}
            # An element that was made by hand owes its document a type; other defaults were never in one.
            is_element = "type" in cls.model_fields and cls.model_fields["type"].default is not None
            implied = ["type"] if is_element and "type" not in data else []
            unknown = made.model_extra or {}
            names = [str(key) if key in unknown else aliases.get(key, str(key)) for key in data]
            made._keys = (*implied, *names)  # noqa: SLF001
        return made

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


def _json_value(value: object) -> Any:
    if isinstance(value, JsonObject | Row):
        return value.to_object()
    if isinstance(value, list) and value and isinstance(value[0], JsonObject | Row):
        return [_json_value(item) for item in value]
    return value
