"""The JSON Schema of a view, by which editors complete its file."""

from __future__ import annotations

from icreport.views.view import View


def view_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of what a view may say."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | View.model_json_schema(by_alias=True)
