"""Turns the content of NEXUS IC report jobs into HTML, PDF, Word, XLSX, Markdown, CSV, JSON Lines and Parquet.

>>> import icreport
>>> result = icreport.convert("report.json", "report.pdf")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icreport.batch.records import ItemRecord
    from icreport.batch.result import BatchProgress, BatchResult
    from icreport.batch.running import convert_many
    from icreport.client.client import Client
    from icreport.client.content import JobContent
    from icreport.client.jobs import Job, JobStatus
    from icreport.comparing.comparison import Comparison
    from icreport.comparison import compare
    from icreport.conversion import Progress, convert, render, write
    from icreport.errors import (
        AuthenticationError,
        FormatError,
        IcreportError,
        JobFailedError,
        JsonError,
        LimitError,
        LossError,
        MissingExtraError,
        NotFoundError,
        OptionError,
        OutputError,
        Place,
        ReadError,
        RenderError,
        ServiceError,
        ShapeError,
        ThemeError,
        TransferError,
        UnavailableError,
        UnknownThemeError,
        UnknownViewError,
        UnreachableError,
        UsageError,
        ViewError,
        WaitTimeoutError,
    )
    from icreport.limits import Limits
    from icreport.model.chart import Chart
    from icreport.model.elements import Column, Element, Paragraph, Section, Table, UnknownElement
    from icreport.model.formats import ColumnFormat, Condition, Mark, TableFormat
    from icreport.model.front_matter import Approval, FrontMatter, Revision
    from icreport.model.image import Image
    from icreport.model.json_object import JsonObject
    from icreport.model.report import Report, ReportLike
    from icreport.model.rows import Row
    from icreport.reading.scan import ReportScan, read, scan
    from icreport.rendering.grid import WiderRowError, grid
    from icreport.rendering.registry import formats
    from icreport.rendering.renderer import Renderer, Sink
    from icreport.result import ConversionResult, ElementRecord
    from icreport.values import text_of
    from icreport.views.view import View
    from icreport.warnings import ReportWarning

# Names are imported when they are first used, so that `import icreport` costs next to nothing.
_HOMES = {
    "Approval": "model.front_matter",
    "AuthenticationError": "errors",
    "BatchProgress": "batch.result",
    "BatchResult": "batch.result",
    "Chart": "model.chart",
    "Client": "client",
    "Column": "model",
    "ColumnFormat": "model",
    "Comparison": "comparing.comparison",
    "Condition": "model",
    "ConversionResult": "result",
    "Element": "model",
    "ElementRecord": "result",
    "FormatError": "errors",
    "FrontMatter": "model.front_matter",
    "IcreportError": "errors",
    "Image": "model.image",
    "ItemRecord": "batch",
    "Job": "client",
    "JobContent": "client",
    "JobFailedError": "errors",
    "JobStatus": "client",
    "JsonError": "errors",
    "JsonObject": "model.json_object",
    "LimitError": "errors",
    "Limits": "limits",
    "LossError": "errors",
    "Mark": "model",
    "MissingExtraError": "errors",
    "NotFoundError": "errors",
    "OptionError": "errors",
    "OutputError": "errors",
    "Paragraph": "model",
    "Place": "errors",
    "Progress": "conversion",
    "ReadError": "errors",
    "RenderError": "errors",
    "Renderer": "rendering.renderer",
    "Report": "model",
    "ReportLike": "model.report",
    "ReportScan": "reading.scan",
    "ReportWarning": "warnings",
    "Revision": "model.front_matter",
    "Row": "model",
    "Section": "model",
    "ServiceError": "errors",
    "ShapeError": "errors",
    "Sink": "rendering.renderer",
    "Table": "model",
    "TableFormat": "model",
    "ThemeError": "errors",
    "TransferError": "errors",
    "UnavailableError": "errors",
    "UnknownElement": "model",
    "UnknownThemeError": "errors",
    "UnknownViewError": "errors",
    "UnreachableError": "errors",
    "UsageError": "errors",
    "View": "views.view",
    "ViewError": "errors",
    "WaitTimeoutError": "errors",
    "WiderRowError": "rendering.grid",
    "compare": "comparison",
    "convert": "conversion",
    "convert_many": "batch",
    "formats": "rendering.registry",
    "grid": "rendering.grid",
    "read": "reading.scan",
    "render": "conversion",
    "scan": "reading.scan",
    "text_of": "values",
    "write": "conversion",
}

__all__ = [
    "Approval",
    "AuthenticationError",
    "BatchProgress",
    "BatchResult",
    "Chart",
    "Client",
    "Column",
    "ColumnFormat",
    "Comparison",
    "Condition",
    "ConversionResult",
    "Element",
    "ElementRecord",
    "FormatError",
    "FrontMatter",
    "IcreportError",
    "Image",
    "ItemRecord",
    "Job",
    "JobContent",
    "JobFailedError",
    "JobStatus",
    "JsonError",
    "JsonObject",
    "LimitError",
    "Limits",
    "LossError",
    "Mark",
    "MissingExtraError",
    "NotFoundError",
    "OptionError",
    "OutputError",
    "Paragraph",
    "Place",
    "Progress",
    "ReadError",
    "RenderError",
    "Renderer",
    "Report",
    "ReportLike",
    "ReportScan",
    "ReportWarning",
    "Revision",
    "Row",
    "Section",
    "ServiceError",
    "ShapeError",
    "Sink",
    "Table",
    "TableFormat",
    "ThemeError",
    "TransferError",
    "UnavailableError",
    "UnknownElement",
    "UnknownThemeError",
    "UnknownViewError",
    "UnreachableError",
    "UsageError",
    "View",
    "ViewError",
    "WaitTimeoutError",
    "WiderRowError",
    "compare",
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


if not TYPE_CHECKING:  # which else would take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            return getattr(import_module(f"icreport.{_HOMES[name]}"), name)
        raise AttributeError(f"module 'icreport' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
