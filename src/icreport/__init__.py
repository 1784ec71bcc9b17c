"""Turns the content of NEXUS IC report jobs into HTML, PDF, XLSX, CSV and Parquet documents.

>>> import icreport
>>> result = icreport.convert("report.json", "report.pdf")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icreport.batch import BatchProgress, BatchResult, ItemRecord, convert_many
    from icreport.client import Client, Job, JobContent, JobStatus
    from icreport.conversion import Progress, convert, render, write
    from icreport.errors import IcreportError, Place
    from icreport.limits import Limits
    from icreport.model import Column, Element, JsonObject, Paragraph, Report, Row, Section, Table, UnknownElement
    from icreport.reading import ReportScan, read, scan
    from icreport.record import ConversionResult, ElementRecord
    from icreport.rendering.grid import grid
    from icreport.rendering.registry import formats
    from icreport.rendering.renderer import Renderer, ReportLike, Sink
    from icreport.values import text_of
    from icreport.warnings import ReportWarning

# Names are imported when they are first used, so that `import icreport` costs next to nothing.
_HOMES = {
    "BatchProgress": "batch",
    "BatchResult": "batch",
    "Client": "client",
    "Column": "model",
    "ConversionResult": "record",
    "Element": "model",
    "ElementRecord": "record",
    "IcreportError": "errors",
    "ItemRecord": "batch",
    "Job": "client",
    "JobContent": "client",
    "JobStatus": "client",
    "JsonObject": "model",
    "Limits": "limits",
    "Paragraph": "model",
    "Place": "errors",
    "Progress": "conversion",
    "Renderer": "rendering.renderer",
    "Report": "model",
    "ReportLike": "rendering.renderer",
    "ReportScan": "reading",
    "ReportWarning": "warnings",
    "Row": "model",
    "Section": "model",
    "Sink": "rendering.renderer",
    "Table": "model",
    "UnknownElement": "model",
    "convert": "conversion",
    "convert_many": "batch",
    "formats": "rendering.registry",
    "grid": "rendering.grid",
    "read": "reading",
    "render": "conversion",
    "scan": "reading",
    "text_of": "values",
    "write": "conversion",
}

__all__ = [
    "BatchProgress",
    "BatchResult",
    "Client",
    "Column",
    "ConversionResult",
    "Element",
    "ElementRecord",
    "IcreportError",
    "ItemRecord",
    "Job",
    "JobContent",
    "JobStatus",
    "JsonObject",
    "Limits",
    "Paragraph",
    "Place",
    "Progress",
    "Renderer",
    "Report",
    "ReportLike",
    "ReportScan",
    "ReportWarning",
    "Row",
    "Section",
    "Sink",
    "Table",
    "UnknownElement",
    "convert",
    "convert_many",
    "formats",
    "grid",
    "read",
    "render",
    "scan",
    "text_of",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"icreport.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'icreport' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
