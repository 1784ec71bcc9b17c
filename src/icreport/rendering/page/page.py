"""A page, gathered while the elements of a report are walked once."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from icreport.clock import document_date
from icreport.errors import Place
from icreport.model.elements import Paragraph, Table, UnknownElement
from icreport.model.front_matter import document_at_start, or_nothing
from icreport.model.rare_kinds import is_chart, is_image
from icreport.model.spoken import in_words
from icreport.package_files import templates_folder
from icreport.plugins import ELEMENTS, names
from icreport.rendering.changes import was_and_is
from icreport.rendering.column_texts import TextBatch
from icreport.rendering.grid import grid
from icreport.rendering.html_text import count_replaced, escaped, our_html, shortened
from icreport.rendering.page.document import for_templates, labels_of, running_rules
from icreport.rendering.page.format_rules import format_rules_of, shown_css
from icreport.rendering.page.formatted_rows import FormattedRows
from icreport.rendering.page.numbering import Numbering
from icreport.rendering.page.photos import Photos
from icreport.rendering.renderer import tell_skipped
from icreport.rendering.shown_rows import ShownRows
from icreport.rendering.table_format import shown_of, with_shown_rows
from icreport.rendering.themes.files import read_text
from icreport.rendering.themes.language import language_of
from icreport.rendering.themes.pictures import Pictures
from icreport.rendering.themes.statuses import Statuses
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from icreport.model.chart import Chart
    from icreport.model.elements import Element
    from icreport.model.front_matter import FrontMatter
    from icreport.model.image import Image
    from icreport.model.report import ReportLike
    from icreport.model.rows import Batch, Row
    from icreport.rendering.grid import Grid
    from icreport.rendering.page.charts import PageCharts
    from icreport.rendering.page.columns import Look
    from icreport.rendering.page.rows import SortKey
    from icreport.rendering.pictures import Picture
    from icreport.rendering.record_links import LinkPattern, RecordLinks
    from icreport.rendering.renderer import Sink
    from icreport.rendering.table_format import Shown
    from icreport.rendering.text_direction import Direction
    from icreport.rendering.themes.language import Language
    from icreport.rendering.themes.theme import Theme
    from icreport.warnings import Warnings

_LONGEST_ENTRY = 200
"""Characters of a caption in the contents."""
_LONGEST_NOTE = 10_000
_ROW = "elements/row.html.j2"
# Stands for what is streamed in its place; no text of a report can know it.
_MARK = our_html(secrets.token_hex(16))

Part = TypeVar("Part")


class Page(ABC, Generic[Part]):
    """What a page is made of: parts of HTML, and what a kind of page has beside them (`Part`)."""

    paper: ClassVar[bool]

    def __init__(self, theme: Theme, link: LinkPattern | None, language: Language | None = None) -> None:
        self._language = language or language_of(None, theme.config)
        self._words = self._language.words
        is_foreign = self._language.foreign_words
        # Words that are English on a page of another language say so, to be read aloud as such.
        self._own_lang = our_html(f' lang="{self._words.lang}"' if is_foreign else "")
        self._page_text = self._language.text
        self._theme = theme
        self._statuses = Statuses(theme.config, self._language.lang)
        self.pictures = Pictures(theme)
        self._link = link
        self._links: RecordLinks | None = None
        self._contents: list[dict[str, str]] = []
        self._rules: list[str] = []
        self._numbering = Numbering(self._words)
        self._photos = Photos(*self._photo_rooms(), self._figure)
        self._tables = 0
        self._rows = 0
        self._charts: PageCharts | None = None
        self._is_shown = False
        """Whether any table says how it is shown."""

    @property
    def _is_landscape(self) -> bool:
        """Whether the first page is wider than it is high."""
        return self._theme.config.page.orientation == "landscape"

    @property
    def direction(self) -> Direction:
        """The direction of the page."""
        return self._language.dir

    def body(self, report: ReportLike, headings: str | None, sink: Sink) -> Iterator[tuple[Place, str | Part]]:
        """Yield the parts of all elements, in order, each with the place of its element."""
        place = Place()
        for index, element in enumerate(in_words(report.elements, self._words)):
            if index == 0:
                said = document_at_start(report).over(or_nothing(self._theme.config.document))
                self._numbering.headings = (headings or said.headings) == "numbered"
            if not is_image(element):
                for end in self._photos.end(sink):
                    yield place, end
            place = Place(index, element.caption)
            for part in self.element(element, index, sink):
                yield place, part
        for end in self._photos.end(sink):
            yield place, end

    def element(self, element: Element, index: int, sink: Sink) -> Iterator[str | Part]:
        """Yield the parts of an element, in order."""
        place = Place(index, element.caption)
        template = f"elements/{element.type}.html.j2"
        # A template of a type that is registered is made for its model.
        is_misfit = isinstance(element, UnknownElement) and element.type in names(ELEMENTS)
        if is_misfit or not self._theme.shows(element.type):
            tell_skipped(element, place, sink.warnings)
            return
        if element.caption and not element.caption.strip():
            element = element.model_copy(update={"caption": None})
        name = name_of(index)
        texts = [element.caption, element.text if isinstance(element, Paragraph) else None]
        warn_of_replaced(texts, place, sink.warnings)
        element = self._shown(element, place)
        if is_image(element):
            yield from self._photos.add(element, place, name, sink)
            return
        element = self._numbering.captioned(element)
        if isinstance(element, Table):
            self._tables += 1
            entry = shortened(element.caption or "", _LONGEST_ENTRY) or self._words(
                "Table {number}", number=self._tables
            )
            self._numbering.table(name, entry)
            self._contents.append({"id": name, "caption": entry, "type": "table"})
            yield from self._table(element, index, name, sink)
            return
        if element.caption:
            self._contents.append(
                {"id": name, "caption": shortened(element.caption, _LONGEST_ENTRY), "type": element.type}
            )
        if is_chart(element):
            yield from self._chart(element, name, place, sink)
            return
        yield self._render(template, element=element, id=name)

    def _chart(self, chart: Chart, name: str, place: Place, sink: Sink) -> Iterator[str]:
        """Yield a chart as it is drawn, with its data where a page can fold them."""
        if self._charts is None:
            from icreport.rendering.page.charts import PageCharts  # few reports have charts

            self._charts = PageCharts(self._theme, self._language, sink.limits, paper=self.paper)
        called = self._numbering.figure(name, shortened(chart.caption or "", _LONGEST_ENTRY))
        values = self._charts.values(chart, name, place)
        warn_of_replaced([text for row in (values["heads"], *values["rows"]) for text in row], place, sink.warnings)
        around = self._render("elements/chart.html.j2", element=chart, id=name, picture=_MARK, called=called, **values)
        start, _, end = around.partition(_MARK)
        yield f"{start}{self._charts.picture}{end}"

    def _figure(self, image: Image, name: str, picture: Picture | None) -> str:
        """Return an image as HTML; without a picture it cannot be shown."""
        called = self._numbering.figure(name, shortened(image.caption or "", _LONGEST_ENTRY))
        lost = "" if picture else self._words("This image cannot be shown.")
        return self._render(
            f"elements/{image.type}.html.j2",
            element=image,
            id=name,
            picture=picture,
            width=round(picture.width) if picture else 0,
            height=round(picture.height) if picture else 0,
            called=called,
            alt=image.alt or image.caption or called,
            lost=lost,
            paper=self.paper,
        )

    @abstractmethod
    def _photo_rooms(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the room of an image beside another, and of one alone, in CSS pixels."""

    def _shown(self, element: Element, _place: Place, /) -> Element:
        """Return the element as this kind of page can show it."""
        return element

    @abstractmethod
    def _table(self, table: Table, index: int, name: str, sink: Sink) -> Iterator[str | Part]:
        """Yield the parts of a table."""

    def _grid(self, table: Table, index: int, warnings: Warnings) -> Grid:
        return _watched(grid(table, index, warnings), Place(index, table.caption), warnings)

    def _shown_grid(self, table: Table, index: int, warnings: Warnings) -> tuple[Grid, Shown, ShownRows]:
        """Return a table as it is shown, what it says of that, and what gives it its further rows."""
        whole = self._grid(table, index, warnings)
        more = ShownRows(whole)
        rectangle = with_shown_rows(whole, more)
        return rectangle, shown_of(table, rectangle, grouped=bool(whole.groups), words=self._words), more

    def _frame(self, table: Table, rectangle: Grid, name: str, **values: object) -> tuple[str, str]:
        """Return the HTML before and after the rows of a table."""
        around = self._render(
            f"elements/{table.type}.html.j2",
            element=table,
            id=name,
            grid=rectangle,
            number=self._tables,
            empty=not rectangle.sample,
            rows=_MARK,
            **{"large": False, "fit": "", "looks": [], "note": ""} | values,
        )
        start, _, end = around.partition(_MARK)
        return start, end

    def _link_rows(self, table: Table, index: int, warnings: Warnings) -> None:
        """Know the links of the rows of a table, which come next."""
        place = Place(index, table.caption)
        self._links = self._link.of_table(table.source_business_object, warnings, place) if self._link else None

    def _writer(
        self, table: Table, rectangle: Grid, looks: list[Look], shown: Shown, sort_keys: Sequence[SortKey | None] = ()
    ) -> tuple[FormattedRows, Callable[[Sequence[Row]], str]]:
        """Return the rows of a table, and what writes some of them as HTML: the theme's template, if it brings one."""
        rows = FormattedRows(rectangle, table, looks, self._links, self._page_text, sort_keys, shown=shown)
        return rows, self._by_template if self._theme.has_own(_ROW) else rows.band

    def _with_note(self, end: str, table: Table, rows: ShownRows, sink: Sink) -> str:
        """Return the HTML after the rows of a table: the note under it is known when they were walked over."""
        said = [self._words.of(table.note or "").strip(), *map(self._words.of, rows.notes())]
        note = "\n".join(filter(None, said))
        if not note:
            return end
        if len(note) > _LONGEST_NOTE:
            place = Place(None, table.caption)
            sink.warnings.add("cut-note", f"notes over {_LONGEST_NOTE:,} characters are cut on pages", place)
        self._is_shown = True
        before, section, after = end.rpartition("</section>")
        return f'{before}<p class="remark">{escaped(shortened(note, _LONGEST_NOTE))}</p>\n{section}{after}'

    def _add_format_rules(self, name: str, rows: FormattedRows) -> None:
        """Add the rules of a table that says how it is shown."""
        self._rules += format_rules_of(name, rows, rtl=self.direction == "rtl")
        self._is_shown = self._is_shown or rows.is_shown

    def _shown_css(self) -> list[str]:
        shown = shown_css(self._theme, self._words, paper=self.paper) if self._is_shown else []
        return shown if self._charts is None else [*shown, *self._charts.rules()]

    def _by_template(self, rows: Sequence[Row]) -> str:
        texts = [[text_of(value) for value in row.values] for row in rows]
        for row, cells in zip(rows, texts, strict=True):
            for at, value in row.was.items() if row.cells else ():
                cells[at] = was_and_is(text_of(value), cells[at])
        lines = [self._render(_ROW, row=row, cells=cells) for row, cells in zip(rows, texts, strict=True)]
        return f"<tbody>{''.join(lines)}</tbody>"

    def _render(self, template: str, **values: object) -> str:
        text = self._theme.render(template, words=self._words, dir=self.direction, own_lang=self._own_lang, **values)
        return self.pictures.put(text) if self._theme.may_name_pictures(template) else text

    def _count(self, rows: int, sink: Sink) -> None:
        self._rows += rows
        sink.advance(rows)

    def _around(
        self, title: str, source: str | None, css: str, document: FrontMatter, **values: object
    ) -> tuple[str, str]:
        """Return the HTML before and after the elements; the rules of the tables stand before `css`."""
        date = document_date()
        config = self._theme.config
        said = for_templates(document, self._words, landscape=self._is_landscape)
        listings = self._numbering.lists() if values.pop("lists", None) or document.lists else []
        sheets = [
            *(["photos"] if self._photos.any else []),
            *(["document"] if said or listings else []),
        ]
        kinds = (".css",) if self.paper else (".css", "_screen.css")
        more = [read_text(templates_folder() / f"{sheet}{kind}") for sheet in sheets for kind in kinds]
        rules = [*self._rules, *running_rules(document, self._words)]
        unsaid = {"running": "", "opening": "", "nonce": "", "script": "", "script_words": ""}
        for image in self._theme.images:
            self.pictures.check(image)
        page = self._render(
            "page.html.j2",
            title=title,
            document=said,
            labels=labels_of(self._words),
            numbered=self._numbering.headings,
            source=source if source != title and config.source else None,
            date=date,
            date_text=self._language.long_date(date.date()) if date else "",
            rows=self._rows,
            tables=self._tables,
            counted=self._counted(),
            lang=self._language.lang,
            theme_name=self._theme.name,
            colour_scheme="light" if self._theme.light_only else "light dark",
            paper=self.paper,
            organisation=config.organisation,
            header=config.header,
            footer=config.footer,
            watermark=config.watermark,
            logo=self._theme.logo,
            # The theme's comes last: what it leaves open at its end, it closes.
            css=our_html("\n".join([*self._shown_css(), *more, *rules, css])),
            body=_MARK,
            **{"contents": self._contents, "listings": listings} | unsaid | values,
        )
        start, _, end = page.partition(_MARK)
        return start, end

    def _counted(self) -> str:
        """Return how many rows in how many tables there are."""
        rows = self._words.many("{count} row", "{count} rows", self._rows)
        tables = self._words.many("in {count} table", "in {count} tables", self._tables)
        return self._words("{rows} {in_tables}", rows=rows, in_tables=tables)


def name_of(index: int) -> str:
    """Return the id of an element on the page."""
    return f"e{index + 1}"


def warn_of_replaced(values: Sequence[object], place: Place | None, warnings: Warnings) -> None:
    """Count characters that HTML cannot hold in a warning."""
    if count := count_replaced(values):
        message = "control characters, which HTML cannot hold, became U+FFFD"
        warnings.add("replaced-characters", message, place, count=count)


def _watched(rectangle: Grid, place: Place, warnings: Warnings) -> Grid:
    """Return the grid, counting characters that cannot be shown as it is iterated."""

    def batches() -> Iterator[Batch]:
        warn_of_replaced(rectangle.heads, place, warnings)
        for batch in map(TextBatch, rectangle.batches):
            warn_of_replaced(batch.source_keys, place, warnings)
            for column in batch.texts:
                if not column.is_showable:
                    warn_of_replaced(column.texts, place, warnings)
            yield batch

    return replace(rectangle, batches=batches())
