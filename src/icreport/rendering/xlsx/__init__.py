"""XLSX (ECMA-376): the tables of a report as typed sheets, its texts beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, field_validator

from icreport.errors import Place
from icreport.model.chart import Chart
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.front_matter import document_of, or_nothing
from icreport.model.image import Image
from icreport.model.spoken import in_words
from icreport.rendering.changes import with_was_columns
from icreport.rendering.grid import grid
from icreport.rendering.held_schema import SchemaRenderer
from icreport.rendering.record_links import LinkOption
from icreport.rendering.renderer import tell_skipped
from icreport.rendering.themes.checks import cut_in_workbooks
from icreport.rendering.themes.language import language_of
from icreport.rendering.themes.loading import load_theme
from icreport.rendering.themes.pictures import raster_logo
from icreport.words import ENGLISH

if TYPE_CHECKING:
    from icreport.model.report import ReportLike
    from icreport.rendering.charts.look import Look
    from icreport.rendering.renderer import Sink
    from icreport.words import Words


_NO_TITLES = "false"


class XlsxRenderer(SchemaRenderer):
    """Writes a sheet with a real Excel table for each table; values keep their types, text is never a formula."""

    format: ClassVar[str] = "xlsx"
    suffixes: ClassVar[tuple[str, ...]] = (".xlsx",)
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    title: str | None = Field(
        default=None,
        description="Title of the document instead of the report's name; `false` leaves out the captions above tables.",
    )
    source_keys: bool = Field(default=False, description="Add a first column with the key of each row's record.")
    link: LinkOption = None
    theme: str | None = Field(
        default=None,
        description="A built-in theme (house, compact, formal) or a folder: accent of headers, header, footer, logo.",
    )
    locale: str | None = Field(
        default=None,
        description="The language of words (nb, ar); sheets start at the right where it does. Values stay values.",
    )

    @field_validator("title", mode="before")
    @classmethod
    def _know_false(cls, title: object) -> object:
        return _NO_TITLES if title is False or (isinstance(title, str) and title.lower() == _NO_TITLES) else title

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the sheets in the order of the tables."""
        # openpyxl takes longer to import than all of the rest together.
        from icreport.rendering.xlsx.sheets import Sheets
        from icreport.rendering.xlsx.styles import colours_of, ink_of

        loaded = load_theme(self.theme)
        theme = loaded.config
        language = language_of(self.locale, theme)
        words = language.words
        for message in cut_in_workbooks(theme):
            sink.warnings.add("cut-header", message, loss=False)
        logo = raster_logo(loaded, sink.warnings)
        sheets = Sheets(
            sink,
            ink=ink_of(theme.tokens.light.get("accent")),
            words=words,
            right_to_left=language.dir == "rtl",
            title_row=self.title != _NO_TITLES,
            source_keys=self.source_keys,
            link=self.link,
            header=theme.header,
            footer=theme.footer,
            logo=logo,
            colours=partial(colours_of, loaded),
        )
        look: Look | None = None
        with sheets:
            for index, element in enumerate(in_words(report.elements, words)):
                if isinstance(element, Table):
                    rectangle = with_was_columns(grid(element, index, sink.warnings), words)
                    place = Place(index, element.caption)
                    sheets.add_table(element, index, self.held(rectangle, element, place, sink))
                elif isinstance(element, Chart):
                    from icreport.rendering.charts.look import look_of
                    from icreport.rendering.xlsx.charts import sheet_chart

                    look = look or look_of(loaded, language, sink.limits)
                    sheets.add_chart(*sheet_chart(element, look, Place(index, element.caption)), index)
                elif isinstance(element, Image):
                    sheets.add_image(element, Place(index, element.caption))
                elif isinstance(element, Paragraph | Section):
                    sheets.add_text(element)
                else:
                    tell_skipped(element, Place(index, element.caption), sink.warnings)
            said = document_of(report).over(or_nothing(theme.document))
            sheets.write(self.title_of(report, words), said)

    def title_of(self, report: ReportLike, words: Words = ENGLISH) -> str:
        """Return the title of the document, which it has even if its tables have none above them."""
        whole = self.model_copy(update={"title": None}) if self.title == _NO_TITLES else self
        return super(XlsxRenderer, whole).title_of(report, words)
