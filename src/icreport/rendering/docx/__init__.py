"""DOCX (ECMA-376): a document that people go on writing in; its looks are styles, a company's too."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from icreport.errors import MissingExtraError, Place
from icreport.model.chart import Chart
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.image import Image
from icreport.model.spoken import in_words
from icreport.rendering.record_links import LinkOption
from icreport.rendering.renderer import Renderer, tell_skipped
from icreport.rendering.themes.loading import load_theme

if TYPE_CHECKING:
    from icreport.model.report import ReportLike
    from icreport.rendering.renderer import Sink

_SENSIBLE_ROWS = 20_000


class DocxRenderer(Renderer):
    """Writes a Word document whose looks are styles; text is never a field, and every table has its header row."""

    format: ClassVar[str] = "docx"
    suffixes: ClassVar[tuple[str, ...]] = (".docx",)
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    template: Path | None = Field(
        default=None, description="A document (.docx, .dotx) whose styles, header, footer and page it gets."
    )
    theme: str | None = Field(
        default=None,
        description="A built-in theme (house, compact, formal) or a folder: colours, paper, header, footer, logo.",
    )
    link: LinkOption = None
    locale: str | None = Field(
        default=None,
        description="The language of words, numbers and dates (de, nb, en-GB); left open, these are as they came.",
    )

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the elements in their order."""
        try:
            from icreport.rendering.docx.document import DocumentWriter
        except ImportError as error:
            raise MissingExtraError("writing DOCX", "docx") from error
        with ExitStack() as stack:
            document = DocumentWriter(self, load_theme(self.theme), sink, stack)
            for index, element in enumerate(in_words(report.elements, document.words)):
                if index == 0:
                    document.number_headings(report)
                if isinstance(element, Table):
                    document.add_table(element, index)
                elif isinstance(element, Image):
                    document.add_image(element, index)
                elif isinstance(element, Chart):
                    document.add_chart(element, index)
                elif isinstance(element, Paragraph):
                    document.add_paragraph(element, index)
                elif isinstance(element, Section):
                    document.add_section(element)
                else:
                    tell_skipped(element, Place(index, element.caption), sink.warnings)
            document.write(report, self.title_of(report, document.words))
            if document.rows > _SENSIBLE_ROWS:
                message = f"the document has {document.rows:,} rows: Word is slow with more than {_SENSIBLE_ROWS:,}"
                sink.warnings.add("large-document", message, loss=False)
