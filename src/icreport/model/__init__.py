"""What a report is: elements in order, typed views of its JSON that keep what they do not know.

The shapes are those of the report document (`docs/report-document.md`). Every object remembers the order of its
keys and its unknown fields, so JSON → model → JSON gives the same document.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from icreport.model.elements import Column, Element, Paragraph, Section, Table, UnknownElement
from icreport.model.formats import ColumnFormat, Condition, Mark, TableFormat
from icreport.model.front_matter import Approval, FrontMatter, Revision
from icreport.model.json_object import JsonObject
from icreport.model.report import Report
from icreport.model.rows import Row

if TYPE_CHECKING:
    from icreport.model.chart import Chart
    from icreport.model.image import Image

__all__ = [
    "Approval",
    "Chart",
    "Column",
    "ColumnFormat",
    "Condition",
    "Element",
    "FrontMatter",
    "Image",
    "JsonObject",
    "Mark",
    "Paragraph",
    "Report",
    "Revision",
    "Row",
    "Section",
    "Table",
    "TableFormat",
    "UnknownElement",
]


if not TYPE_CHECKING:  # which else would take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name in {"Chart", "Image"}:  # which few reports have
            return getattr(import_module(f"icreport.model.{name.lower()}"), name)
        raise AttributeError(f"module 'icreport.model' has no attribute {name!r}")
