"""Turns the content of NEXUS IC report jobs into HTML, PDF, XLSX and CSV documents.

>>> import icreport
>>> result = icreport.convert("report.json", "report.pdf")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icreport.client import Client, Job, JobContent, JobStatus
    from icreport.conversion import Progress, convert, render, write
    from icreport.errors import IcreportError
    from icreport.limits import Limits
    from icreport.model import Column, Element, Paragraph, Report, Row, Section, Table, UnknownElement
    from icreport.reading import ReportScan, read, scan
    from icreport.record import ConversionResult, ElementRecord
    from icreport.rendering.registry import formats
    from icreport.rendering.renderer import Renderer
    from icreport.warnings import ReportWarning

# Names are imported when they are first used, so that `import icreport` costs next to nothing.
_HOMES = {
    "Client": "client",
    "Column": "model",
    "ConversionResult": "record",
    "Element": "model",
    "ElementRecord": "record",
    "IcreportError": "errors",
    "Job": "client",
    "JobContent": "client",
    "JobStatus": "client",
    "Limits": "limits",
    "Paragraph": "model",
    "Progress": "conversion",
    "Renderer": "rendering.renderer",
    "Report": "model",
    "ReportScan": "reading",
    "ReportWarning": "warnings",
    "Row": "model",
    "Section": "model",
    "Table": "model",
    "UnknownElement": "model",
    "convert": "conversion",
    "formats": "rendering.registry",
    "read": "reading",
    "render": "conversion",
    "scan": "reading",
    "write": "conversion",
}

__all__ = [
    "Client",
    "Column",
    "ConversionResult",
    "Element",
    "ElementRecord",
    "IcreportError",
    "Job",
    "JobContent",
    "JobStatus",
    "Limits",
    "Paragraph",
    "Progress",
    "Renderer",
    "Report",
    "ReportScan",
    "ReportWarning",
    "Row",
    "Section",
    "Table",
    "UnknownElement",
    "convert",
    "formats",
    "read",
    "render",
    "scan",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"icreport.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'icreport' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
