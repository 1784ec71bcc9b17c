"""HTML: one self-contained page, made of the theme's templates; rows are streamed, the head is put before them last."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sized
from typing import IO, TYPE_CHECKING, ClassVar

from pydantic import Field

from icreport.limits import IN_MEMORY
from icreport.model.front_matter import document_of, or_nothing
from icreport.model.rows import Batch
from icreport.package_files import templates_folder
from icreport.rendering.grid import SAMPLE_ROWS
from icreport.rendering.html_text import our_html
from icreport.rendering.page.column_rules import large_rules_of, print_fit_of, print_rules_of, screen_rules_of
from icreport.rendering.page.columns import looks_of
from icreport.rendering.page.format_rules import width_rules_of
from icreport.rendering.page.options import PageRenderer
from icreport.rendering.page.page import Page, warn_of_replaced
from icreport.rendering.page.script_words import script_words
from icreport.rendering.page.sort_keys import in_order, sort_key_of
from icreport.rendering.page.survey import Survey
from icreport.rendering.page.written_dates import DateHabits
from icreport.rendering.themes.checks import check_theme
from icreport.rendering.themes.language import language_of
from icreport.rendering.themes.loading import load_theme
from icreport.warnings import Warnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icreport.model.elements import Table
    from icreport.model.front_matter import FrontMatter
    from icreport.model.report import ReportLike
    from icreport.model.rows import Row
    from icreport.rendering.grid import Grid
    from icreport.rendering.page.rows import SortKey
    from icreport.rendering.renderer import Sink

_LARGE = 1000  # rows from which on a table is laid out part by part, as it is scrolled to

_ROOMS = ((512.0, 512.0), (768.0, 512.0))
"""Of images, in CSS pixels: as many dots as large screens show of one that is enlarged."""

# As dir="auto" on each would, for no byte a cell. In a page from right to left dates start where texts do.
_ISOLATION = """:is(h1, h2, caption, th, td, p, li, .meta span, .sort) { unicode-bidi: plaintext }
[dir="rtl"] :is(h1, h2, th, td, p, li) { text-align: right }"""


class HtmlRenderer(PageRenderer):
    """Writes one page that asks for nothing: style, script and logo are in it."""

    format: ClassVar[str] = "html"
    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm")
    media_type: ClassVar[str] = "text/html"

    script: bool = Field(default=True, description="Let readers sort, search and filter tables in the browser.")

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the elements to a draft, then the head of the page, which needs to know them, then the draft."""
        theme = load_theme(self.theme)
        check_theme(theme, sink.warnings)
        language = language_of(self.locale, theme.config)
        page = _ScreenPage(theme, self.link, language)
        nonce = hashlib.sha256()
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            for _, part in page.body(report, self.headings, sink):
                data = part.encode("utf-8", "replace")
                nonce.update(data)
                body.write(data)
            script = (templates_folder() / "script.js").read_text("utf-8") if self.script else ""
            title = self.title_of(report, language.words)
            warn_of_replaced([title], None, sink.warnings)
            head, tail = page.around(
                title,
                source=report.source,
                document=document_of(report).over(or_nothing(theme.config.document)),
                lists=self.lists,
                # A text can hold this nonce only if it holds a hash of itself.
                nonce=nonce.hexdigest()[:32],
                script=script,
            )
            page.pictures.tell(sink.warnings)
            sink.write(head.encode("utf-8", "replace"))
            _copy(body, sink)
            sink.write(tail.encode("utf-8", "replace"))


class _ScreenPage(Page[str]):
    """A page for a browser."""

    paper: ClassVar[bool] = False
    _is_wide = False  # whether a table needs the width of a landscape page when it is printed

    def _table(self, table: Table, index: int, name: str, sink: Sink) -> Iterator[str]:
        rectangle, shown, more = self._shown_grid(table, index, sink.warnings)
        self._link_rows(table, index, sink.warnings)
        if shown.measured:
            # Bars and scales are parts of what the whole table has: its rows are walked over once more.
            for batch in self._shown_grid(table, index, Warnings())[0].batches:
                shown.see(batch.rows)
        # Rows that cannot be counted before they are walked are many where they fill the sample.
        seen = len(rectangle.sample)
        count = len(table.rows) if isinstance(table.rows, Sized) else seen + (seen == SAMPLE_ROWS)
        large = count > _LARGE and rectangle.has_heads
        start, end = self._frame(table, rectangle, name, large=large)
        sample = shown.listed(rectangle.sample)
        survey = Survey()
        survey.see(Batch(sample))
        # Columns are known as statuses by the first rows, as on paper, so that both look alike.
        statuses = shown.statuses(self._statuses.of_columns(rectangle.heads, sample))
        looks = looks_of(rectangle.heads, survey, self._page_text, statuses, shown=shown)
        rows, write = self._writer(table, rectangle, looks, shown, self._sort_keys(rectangle, sample))
        rows.is_large = large
        yield start
        survey = Survey()

        def batches() -> Iterator[Batch]:
            for batch in rectangle.batches:
                count = survey.see_listed(batch, batch.rows, shown)
                yield batch
                self._count(count, sink)

        if write == rows.band:
            yield from rows.written(batches())
        else:
            yield from map(write, rows.bodies(batch.rows for batch in batches()))
        # The rules are written after the rows are known: no value is wider than its column was thought to be.
        looks = looks_of(rectangle.heads, survey, self._page_text, statuses, shown=shown)
        if large:
            self._rules += large_rules_of(name, looks, shown.widths)
        else:
            self._rules += [*screen_rules_of(name, looks), *width_rules_of(name, shown.widths)]
        self._rules += print_rules_of(name, looks, rectangle.heads)
        self._add_format_rules(name, rows)
        self._is_wide = self._is_wide or print_fit_of(looks) != "portrait"
        yield self._with_note(end, table, more, sink)

    def _sort_keys(self, rectangle: Grid, sample: Sequence[Row]) -> list[SortKey | None]:
        local = self._language.local
        language = self._language.lang.partition("-")[0]
        habits = DateHabits(local.date_order, local.locale.language) if local else DateHabits(language=language)
        mark = local.decimal_mark if local else None
        columns = list(zip(*[row.values for row in sample], strict=True)) or [()] * len(rectangle.heads)
        return [
            in_order(said.order) if said.order else sort_key_of(column, habits, mark)
            for said, column in zip(rectangle.formats, columns, strict=True)
        ]

    @property
    def _is_landscape(self) -> bool:
        return self._is_wide or super()._is_landscape

    def _photo_rooms(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return _ROOMS

    def around(
        self, title: str, *, source: str | None, document: FrontMatter, lists: bool | None, nonce: str, script: str
    ) -> tuple[str, str]:
        """Return the HTML before and after the elements."""
        self._rules.append(_ISOLATION)
        if self._is_wide:
            self._rules.append("@page { size: landscape }")
        ours = our_html(script)
        said = script_words(self._words) if script else ""
        css = self._theme.css()
        return self._around(title, source, css, document, lists=lists, nonce=nonce, script=ours, script_words=said)


def _copy(source: IO[bytes], sink: Sink) -> None:
    source.seek(0)
    while data := source.read(1 << 20):
        sink.write(data)
