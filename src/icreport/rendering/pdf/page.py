"""The page on paper: tables are fitted to it, long texts made to break, large tables held back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from icreport.errors import Place
from icreport.model.elements import Paragraph, Section
from icreport.model.rows import Batch
from icreport.rendering.grid import SAMPLE_ROWS, narrowed
from icreport.rendering.page.column_rules import paper_rules_of
from icreport.rendering.page.columns import looks_of, with_lines
from icreport.rendering.page.decimals import with_decimals
from icreport.rendering.page.page import Page, name_of
from icreport.rendering.page.survey import Survey
from icreport.rendering.page.table_fit import (
    KEY_COLUMN,
    column_groups,
    fit_of,
    kept_together,
    kind_of_page,
    part_of_width,
    with_shares,
)
from icreport.rendering.pdf.large_tables import LARGE, HeldTable
from icreport.rendering.pdf.long_text import printable, printable_element, printable_grid, running, tell_mixed
from icreport.rendering.text_direction import isolated
from icreport.rendering.themes.paper import text_area
from icreport.warnings import Warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from icreport.model.elements import Element, Table
    from icreport.model.front_matter import FrontMatter
    from icreport.model.rows import Row
    from icreport.rendering.grid import Grid
    from icreport.rendering.page.columns import Look
    from icreport.rendering.page.formatted_rows import FormattedRows
    from icreport.rendering.page.table_fit import Room
    from icreport.rendering.record_links import LinkPattern
    from icreport.rendering.renderer import Sink
    from icreport.rendering.shown_rows import ShownRows
    from icreport.rendering.table_format import Shown
    from icreport.rendering.themes.language import Language
    from icreport.rendering.themes.theme import Theme

_MOST_ROWS_ON_PAGE = 100


@dataclass(frozen=True)
class Around:
    """The page around its elements: its head is before all, its tail after them."""

    head: str
    tail: str
    without_contents: Callable[[], str]

    @cached_property
    def again(self) -> str:
        """What is before elements that are laid out apart, without contents; most documents have none."""
        return self.without_contents()


class PaperPage(Page[HeldTable]):
    """A page for paper; `rooms` are the kinds of pages that the theme has, and what they leave for tables.

    `asked` gives the widths that the theme has for columns, where it has any: see `StyleSheet.asked_widths`. `measure`
    says how wide texts are: see `Ruler`.
    """

    paper: ClassVar[bool] = True

    def __init__(
        self,
        theme: Theme,
        link: LinkPattern | None,
        language: Language | None,
        rooms: Sequence[Room],
        asked: Callable[[str, str], dict[int, float]] | None = None,
        measure: Callable[[str], float] | None = None,
    ) -> None:
        super().__init__(theme, link, language)
        self._rooms = rooms
        self._asked = asked
        self._measure = measure
        self._opening = ""
        self._headings: list[str] = []
        """The ids of the headings since the last element that is more, all elements so far where `_is_start`."""
        self._is_start = True
        self._rules_said: set[str] = set()
        """Rules of columns that a table before has asked for."""

    @property
    def entries(self) -> int:
        """The number of entries of the contents."""
        return len(self._contents)

    def element(self, element: Element, index: int, sink: Sink) -> Iterator[str | HeldTable]:
        """Yield an element as HTML; headings are on the kind of page of the table that follows them."""
        texts = [element.caption, element.text if isinstance(element, Paragraph) else None]
        tell_mixed([text for text in texts if text], sink.warnings)
        yield from super().element(element, index, sink)
        if isinstance(element, Section):
            self._headings.append(name_of(index))
        else:
            self._headings, self._is_start = [], False

    def _shown(self, element: Element, place: Place) -> Element:
        return printable_element(element, place)

    def _grid(self, table: Table, index: int, warnings: Warnings) -> Grid:
        return printable_grid(super()._grid(table, index, warnings), Place(index, table.caption), warnings)

    def _table(self, table: Table, index: int, name: str, sink: Sink) -> Iterator[str | HeldTable]:
        """Yield a table on the kind of page that it fits, its columns divided where none is wide enough."""
        rectangle, shown, more = self._shown_grid(table, index, sink.warnings)
        self._link_rows(table, index, sink.warnings)
        sample = shown.listed(rectangle.sample)
        survey = Survey()
        survey.see(Batch(sample))
        shown.see(sample)
        statuses = shown.statuses(self._statuses.of_columns(rectangle.heads, sample))
        if len(rectangle.sample) >= SAMPLE_ROWS or shown.totals:
            # Widths stand before the rows, so that these are walked over once more.
            survey = Survey()
            for batch in self._shown_grid(table, index, Warnings())[0].batches:
                survey.see_listed(batch, batch.rows, shown)
                if shown.measured:
                    shown.see(batch.rows)
        if len(rectangle.sample) >= SAMPLE_ROWS:
            rectangle = replace(rectangle, sample=[*survey.rows, *rectangle.sample])
        looks = looks_of(rectangle.heads, survey, self._page_text, statuses, self._measure, shown)
        looks = with_decimals(looks, survey, self._page_text, shown, is_linked=self._links is not None)
        looks = with_lines(looks, rectangle.heads, survey.rows, self._page_text, self._measure, shown)
        room = fit_of(looks, self._rooms, survey.seen)
        if kind := kind_of_page(room):
            self._rules += [f"#{heading} {{ page: {kind} }}" for heading in self._headings]
            self._opening = kind if self._is_start else self._opening
        groups = column_groups(looks, room)
        if len(groups) == 1:
            # A table without headers has labels and values, for which the style sheet knows the widths.
            looks = self._shared(table, rectangle, looks, name, room, shown) if rectangle.has_heads else looks
            yield from self._part(table, rectangle, looks, name, sink, more, room=room, shown=shown)
            return
        message = "the columns go on to further pages"
        sink.warnings.note("split-table", message, Place(index, table.caption), count=len(groups) - 1)
        for at, columns in enumerate(groups):
            # The rows are walked over again for each group; what there is to warn of was said the first time.
            whole, more = (rectangle, more) if at == 0 else self._shown_grid(table, index, Warnings())[::2]
            own = [column for column in columns if at == 0 or column != KEY_COLUMN]
            note = self._words(
                "Columns {first}\u2013{last} of {count}", first=own[0] + 1, last=own[-1] + 1, count=len(looks)
            )
            part_name = f"{name}-{at + 1}" if at else name
            part = narrowed(whole, columns)
            said = shown.narrowed(columns)
            of_part = self._shared(table, part, [looks[column] for column in columns], part_name, room, said)
            self._rules.append(f"#{part_name}-table {{ width: {100 * part_of_width(of_part, room):.3f}% }}")
            yield from self._part(
                table, part, of_part, part_name, sink, more, room=room, shown=said, note=note, again=at > 0
            )

    def _shared(
        self, table: Table, rectangle: Grid, looks: list[Look], name: str, room: Room, shown: Shown
    ) -> list[Look]:
        """Return the looks with shares of the width, those of the table or the theme where one has some for columns."""
        asked = shown.widths
        if self._asked is not None:
            start, end = self._frame(table, rectangle, name, fit=room.fit, looks=looks)
            asked = asked or self._asked(start + end, f"{name}-table")
        return with_shares(looks, room, asked)

    def _part(
        self,
        table: Table,
        rectangle: Grid,
        looks: list[Look],
        name: str,
        sink: Sink,
        more: ShownRows,
        *,
        room: Room,
        shown: Shown,
        note: str = "",
        again: bool = False,
    ) -> Iterator[str | HeldTable]:
        # Rows without cells have nothing to paint.
        large = len(rectangle.sample) >= LARGE and bool(rectangle.heads)
        together = kept_together(looks, room, len(rectangle.sample))
        # Which rows of a large table stand on a page is not for the style sheet.
        fit = room.fit if large else f"{room.fit} {together}".strip()
        rules = paper_rules_of(looks)
        classes = " ".join(filter(None, [fit, *rules]))
        start, end = self._frame(table, rectangle, name, fit=classes, looks=looks, note=note)
        if classes not in start:
            # A template of the theme need not take classes.
            rules = paper_rules_of(looks, name)
        new = [rule for listed in rules.values() for rule in listed if rule not in self._rules_said]
        self._rules_said.update(new)
        self._rules += new
        rows, write = self._writer(table, rectangle, looks, shown)
        if large:
            held = HeldTable(
                f"{name}-table",
                start,
                end,
                rectangle,
                looks,
                rows,
                write,
                keeps_ends=bool(together),
                new_page=shown.new_page and shown.grouped,
            )
            try:
                for batch in rectangle.batches:
                    held.hold(batch.rows)
                    rows.take_note(batch.rows)
                    self._count_once(shown.listed(batch.rows), sink, again=again)
            except BaseException:
                held.close()
                raise
            held.end = self._end(end, table, name, rows, more, sink, again=again)
            yield held
            return
        yield start

        def bodies() -> Iterator[list[Row]]:
            for batch in rectangle.batches:
                yield batch.rows
                self._count_once(shown.listed(batch.rows), sink, again=again)

        yield from map(write, rows.bodies(bodies()))
        yield self._end(end, table, name, rows, more, sink, again=again)

    def _end(
        self, end: str, table: Table, name: str, rows: FormattedRows, more: ShownRows, sink: Sink, *, again: bool
    ) -> str:
        """Return what stands after the rows of a table, when these were seen: under its first part, its note."""
        self._add_format_rules(name, rows)
        return end if again else self._with_note(end, table, more, sink)

    def _count_once(self, rows: Sequence[Row], sink: Sink, *, again: bool) -> None:
        if not again:
            self._count(len(rows), sink)
        if self._rows > _MOST_ROWS_ON_PAGE * sink.limits.pages:
            raise sink.limits.exceeded("pages", f"at {_MOST_ROWS_ON_PAGE} rows a page, the PDF would have more pages")

    def _photo_rooms(self) -> tuple[tuple[float, float], tuple[float, float]]:
        width, height = text_area(self._theme.config.page)
        return (0.485 * width, 0.42 * height), (width, 0.6 * height)

    def around(self, title: str, *, source: str | None, document: FrontMatter, lists: bool | None) -> Around:
        """Return the HTML around the elements."""
        title, source = printable(title, None), printable(source, None)
        in_margin = isolated(running(title), self.direction)
        values: dict[str, Any] = {"lists": lists, "running": in_margin, "opening": self._opening}
        head, tail = self._around(title, source, "", document, **values)
        return Around(
            head, tail, lambda: self._around(title, source, "", document, **values, contents=[], listings=[])[0]
        )
