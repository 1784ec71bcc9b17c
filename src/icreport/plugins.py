"""What ours and third parties' packages register as entry points."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.metadata import EntryPoint

RENDERERS = "icreport.renderers"
ELEMENTS = "icreport.elements"
PICTURES = "icreport.pictures"
"""What shows an element as a picture in a notebook: a function from the element to HTML, or None where it cannot."""

BUILT_IN: Mapping[str, Mapping[str, str]] = {
    RENDERERS: {
        "csv": "icreport.rendering.csv:CsvRenderer",
        "docx": "icreport.rendering.docx:DocxRenderer",
        "html": "icreport.rendering.html:HtmlRenderer",
        "jsonl": "icreport.rendering.jsonl:JsonLinesRenderer",
        "md": "icreport.rendering.markdown:MarkdownRenderer",
        "parquet": "icreport.rendering.parquet:ParquetRenderer",
        "pdf": "icreport.rendering.pdf:PdfRenderer",
        "tsv": "icreport.rendering.csv:TsvRenderer",
        "xlsx": "icreport.rendering.xlsx:XlsxRenderer",
    },
    ELEMENTS: {
        "table": "icreport.model.elements:Table",
        "paragraph": "icreport.model.elements:Paragraph",
        "section": "icreport.model.elements:Section",
        "chart": "icreport.model.chart:Chart",
        "image": "icreport.model.image:Image",
    },
    PICTURES: {
        "chart": "icreport.rendering.charts.notebook:picture_of",
    },
}
"""What this package registers: read from here, since asking every installed package takes longer than a conversion."""


@cache
def _all() -> Any:
    from importlib.metadata import entry_points  # half a hundred modules that most runs do without

    return entry_points()


@cache
def registered(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group, ours and those of other packages."""
    return tuple(_all().select(group=group))


@cache
def names(group: str) -> tuple[str, ...]:
    """Return the names that are registered in a group."""
    return tuple(dict.fromkeys((*BUILT_IN[group], *(entry.name for entry in registered(group)))))


def load(group: str, name: str) -> Any:
    """Import what is registered under a name, None where nothing is.

    A name of ours means ours, whatever other packages register: a report converts alike wherever it is installed.
    """
    if (ours := BUILT_IN[group].get(name)) is not None:
        module, _, attribute = ours.partition(":")
        return getattr(import_module(module), attribute)
    entry = next((entry for entry in registered(group) if entry.name == name), None)
    return None if entry is None else entry.load()
