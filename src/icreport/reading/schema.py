"""The JSON Schema of a report document, from the models of its elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from icreport.model.elements import Element
from icreport.model.report import Report
from icreport.reading.document import element_types

if TYPE_CHECKING:
    from pydantic import BaseModel


def json_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a report document with all registered element types."""
    known = list(element_types().values())
    models: list[type[BaseModel]] = [Report, Element, *known]
    _, schema = models_json_schema([(model, "validation") for model in models])
    definitions: dict[str, Any] = schema["$defs"]
    report: dict[str, Any] = definitions.pop("Report")
    names = [model.__name__ for model in known]
    for name in names:
        # In Python the type of a known element is implied; in a document it never is.
        definitions[name]["required"] = sorted({"type", *definitions[name].get("required", [])})
    definitions["UnknownElement"] = definitions["Element"] | {
        "title": "UnknownElement",
        "properties": definitions["Element"]["properties"]
        | {"type": {"type": "string", "not": {"enum": sorted(element_types())}}},
    }
    del definitions["Element"]
    report["properties"]["elements"]["items"] = {
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in (*names, "UnknownElement")]
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | report | {"$defs": definitions}
