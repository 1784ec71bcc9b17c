"""An element type and a renderer of another package."""

from typing import ClassVar, Literal

from pydantic import Field

from icreport import Element, JsonObject, Renderer, ReportLike, Sink, Table, UnknownElement, grid, text_of


class GaugeData(JsonObject):
    value: float
    unit: str = ""


class Gauge(Element):
    type: Literal["gauge"] = "gauge"
    data: GaugeData


class Rule(Element):
    type: Literal["rule"] = "rule"


def elements() -> list[Element]:
    gauge = Gauge(caption="Coating", data=GaugeData(value=62.5, unit="%"))
    unknown = UnknownElement(type="map", data={"zoom": 3})
    return [gauge, gauge.replace(caption="Paint"), Rule(), Rule(caption="End"), unknown]


class TextRenderer(Renderer):
    """Writes tables as text."""

    format: ClassVar[str] = "text"
    suffixes: ClassVar[tuple[str, ...]] = (".txt",)
    media_type: ClassVar[str] = "text/plain"

    heads: bool = Field(default=True, description="Write the column headers.")

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the tables."""
        sink.write(self.title_of(report).encode())
        for index, element in enumerate(report.elements):
            if isinstance(element, Table):
                for row in grid(element, index, sink.warnings).rows:
                    sink.write("\t".join(map(text_of, row)).encode())
            else:
                sink.warnings.add("not-shown", f"a {element.type} is not shown")
