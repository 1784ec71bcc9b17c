"""AsciiDoc, a renderer of some forty lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from icreport.errors import Place
from icreport.model.elements import Paragraph, Table
from icreport.rendering.grid import grid
from icreport.rendering.renderer import Renderer
from icreport.values import text_of
from icreport_gauge import Gauge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icreport.model.elements import Element
    from icreport.model.report import ReportLike
    from icreport.rendering.renderer import Sink


class AsciiDocRenderer(Renderer):
    """Writes headings, paragraphs, tables and gauges."""

    format: ClassVar[str] = "asciidoc"
    suffixes: ClassVar[tuple[str, ...]] = (".adoc",)
    media_type: ClassVar[str] = "text/asciidoc"

    level: int = Field(default=1, ge=1, le=5, description="The level of the title's heading.")

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Walk the elements once, writing each as it comes."""
        sink.write(f"{'=' * self.level} {_line(self.title_of(report))}\n".encode())
        for index, element in enumerate(report.elements):
            if element.caption:
                sink.write(f"\n{'=' * (self.level + 1)} {_line(element.caption)}\n".encode())
            for text in self._element(element, index, sink):
                sink.write(text.encode("utf-8", "replace"))

    def _element(self, element: Element, index: int, sink: Sink) -> Iterator[str]:
        if isinstance(element, Table):
            yield from self._table(element, index, sink)
        elif isinstance(element, Paragraph):
            yield f"\n{_escape(element.text)}\n"
        elif isinstance(element, Gauge):
            yield f"\n{element.data.value} {_escape(element.data.unit)}\n"
        elif not element.caption:
            sink.warnings.add("unknown-element", f"a {element.type} is not shown", Place(index, element.caption))

    def _table(self, table: Table, index: int, sink: Sink) -> Iterator[str]:
        whole = grid(table, index, sink.warnings)
        yield "\n[options=header]\n|===\n" + _row(whole.heads) + "\n"
        for batch in whole.batches:
            yield "".join(_row(map(text_of, row.values)) for row in batch.rows)
            sink.advance(len(batch))
        yield "|===\n"


def _row(cells: Iterable[str]) -> str:
    return " ".join(f"|{_line(cell)}" for cell in cells) + "\n"


def _line(text: str) -> str:
    return " ".join(_escape(text).split())


def _escape(text: str) -> str:
    """Keep a value from being taken for markup (every value of a report is somebody else's)."""
    return "".join(f"&#{ord(mark)};" if mark in r"\`*_{}[]<>#|!&+^~=:'" else mark for mark in text)
