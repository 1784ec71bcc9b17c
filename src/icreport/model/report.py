"""A report document in memory."""

from __future__ import annotations

from html import escape
from typing import Any

import msgspec
from pydantic import PrivateAttr, field_validator

from icreport.errors import UsageError
from icreport.model.elements import Element, Paragraph, Table
from icreport.model.json_object import JsonObject
from icreport.values import encode_exact_float
from icreport.warnings import ReportWarning


class Report(JsonObject):
    """A report document in memory."""

    name: str | None = None
    elements: list[Element]
    _source: str | None = PrivateAttr(default=None)
    _warnings: tuple[ReportWarning, ...] = PrivateAttr(default=())

    @field_validator("elements", mode="before")
    @classmethod
    def _refuse_json(cls, elements: object) -> Any:
        if isinstance(elements, list | tuple) and any(isinstance(element, dict) for element in elements):
            raise UsageError(
                "an element is a dict, not an Element", remedy="icreport.read takes documents, as dicts too"
            )
        return list(elements) if isinstance(elements, tuple) else elements

    @property
    def source(self) -> str | None:
        """Where the report came from, as a person would name it; not part of the document."""
        return self._source

    @property
    def warnings(self) -> tuple[ReportWarning, ...]:
        """Warnings from reading the report."""
        return self._warnings

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [element for element in self.elements if isinstance(element, Table)]

    def _repr_html_(self) -> str:
        shown = [f"<h3>{escape(self.name)}</h3>" if self.name else ""]
        for element in self.elements:
            caption = escape(element.caption or "")
            if isinstance(element, Table):
                shown.append(element._repr_html_())
            elif isinstance(element, Paragraph):
                shown.append(f"<p>{escape(element.text)}</p>")
            else:
                shown.append(f"<h4>{caption or escape(element.type)}</h4>")
        return "".join(shown)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the document as JSON text, equal to the one that was read."""
        text = msgspec.json.encode(self.to_object(), enc_hook=encode_exact_float)
        return (text if indent is None else msgspec.json.format(text, indent=indent)).decode()
