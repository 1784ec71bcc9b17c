"""HTML: one self-contained page, made of the theme's templates; rows are streamed, the head is put before them last."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections.abc import Sized
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, ClassVar

from markupsafe import Markup
from pydantic import Field

from icreport.errors import Place
from icreport.model import Batch, Paragraph, Table, UnknownElement
from icreport.rendering.dates import document_date
from icreport.rendering.fitting import KEY_COLUMN, column_groups, fit_of, kept_together, part_of_width, with_shares
from icreport.rendering.grid import SAMPLE_ROWS, grid, narrowed
from icreport.rendering.locales import LocalText
from icreport.rendering.markup import (
    BAND,
    UNBROKEN,
    LinkPattern,
    Look,
    Rows,
    count_replaced,
    looks_of,
    shortened,
    with_lines,
)
from icreport.rendering.painting import LARGE, HeldTable
from icreport.rendering.paper import printable, printable_element, printable_grid, running
from icreport.rendering.renderer import Renderer, tell_skipped
from icreport.rendering.survey import Survey
from icreport.rendering.theme import Theme, load_theme, templates_folder
from icreport.rendering.theme_check import check_theme
from icreport.values import text_of
from icreport.warnings import Warnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icreport.model import Element, Row
    from icreport.rendering.fitting import Room
    from icreport.rendering.grid import Grid
    from icreport.rendering.renderer import ReportLike, Sink

_IN_MEMORY = 1 << 22
_LARGE = 1000
_MOST_ROWS_ON_PAGE = 100
_LONGEST_ENTRY = 200
"""Characters of a caption in the contents."""
_ROW = "elements/row.html.j2"
# Stands for what is streamed in its place; no text of a report can know it.
_MARK = secrets.token_hex(16)


class HtmlRenderer(Renderer):
    """Writes one page that asks for nothing: style, script and logo are in it."""

    format: ClassVar[str] = "html"
    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm")
    media_type: ClassVar[str] = "text/html"

    theme: str | None = Field(default=None, description="A built-in theme (house, compact, formal) or a folder.")
    link: str | None = Field(
        default=None, description="Address of a record, with {sourceBusinessObject} and {sourceKey}: rows lead there."
    )
    locale: str | None = Field(
        default=None, description="Write numbers and dates as this language does (de, nb, en-GB); else as they came."
    )
    script: bool = Field(default=True, description="Let readers sort, search and filter tables in the browser.")

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the elements to a draft, then the head of the page, which needs to know them, then the draft."""
        theme = load_theme(self.theme)
        check_theme(theme, sink.warnings)
        page = PageParts(
            theme, LinkPattern(self.link) if self.link else None, LocalText(self.locale) if self.locale else None
        )
        nonce = hashlib.blake2b(digest_size=16)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
            for index, element in enumerate(report.elements):
                for part in page.element(element, index, sink):
                    data = str(part).encode("utf-8", "replace")
                    nonce.update(data)
                    body.write(data)
            script = (templates_folder() / "script.js").read_text("utf-8") if self.script else ""
            warn_of_replaced([self.title_of(report)], None, sink.warnings)
            head, tail = page.around(
                self.title_of(report),
                source=report.source,
                # A text can hold this nonce only if it holds a hash of itself.
                nonce=nonce.hexdigest(),
                script=script,
            )
            sink.write(head.encode("utf-8", "replace"))
            _copy(body, sink)
            sink.write(tail.encode("utf-8", "replace"))


class PageParts:
    """What a page is made of, gathered while the elements are walked over; `rooms` are those of the paper, if any."""

    def __init__(
        self,
        theme: Theme,
        link: LinkPattern | None,
        local: LocalText | None = None,
        rooms: Sequence[Room] | None = None,
    ) -> None:
        self._local = local or (LocalText(theme.config.locale) if theme.config.locale else None)
        self._text = self._local.text if self._local else text_of
        self._theme = theme
        self._rooms = rooms
        self._paper = rooms is not None
        self._link = link
        self._contents: list[dict[str, str]] = []
        self._rules: list[str] = []
        self._tables = 0
        self._rows = 0
        self._opening = ""

    def element(self, element: Element, index: int, sink: Sink) -> Iterator[str | HeldTable]:
        """Give the HTML of an element, in parts; a large table is held where that was asked for."""
        template = f"elements/{element.type}.html.j2"
        if isinstance(element, UnknownElement) or not self._theme.has(template):
            tell_skipped(element, Place(index, element.caption), sink.warnings)
            return
        if element.caption and not element.caption.strip():
            element = element.model_copy(update={"caption": None})
        name = f"e{index + 1}"
        texts = [element.caption, element.text if isinstance(element, Paragraph) else None]
        warn_of_replaced(texts, Place(index, element.caption), sink.warnings)
        if self._paper:
            element = printable_element(element, Place(index, element.caption))
        if isinstance(element, Table):
            self._tables += 1
            entry = shortened(element.caption or "", _LONGEST_ENTRY) or f"Table {self._tables}"
            self._contents.append({"id": name, "caption": entry, "type": "table"})
            yield from self._table(element, index, name, template, sink)
            return
        if element.caption:
            self._contents.append(
                {"id": name, "caption": shortened(element.caption, _LONGEST_ENTRY), "type": element.type}
            )
        yield self._theme.render(template, element=element, id=name)

    def _table(self, table: Table, index: int, name: str, template: str, sink: Sink) -> Iterator[str | HeldTable]:
        rectangle = self._grid(table, index, sink.warnings)
        survey = Survey()
        survey.see(Batch(rectangle.sample))
        if self._rooms is None:
            looks = looks_of(rectangle.heads, survey, self._text)
            yield from self._rectangle(table, rectangle, looks, name, template, sink)
            return
        if len(rectangle.sample) >= SAMPLE_ROWS:
            # Widths stand before the rows, so that these are walked over once more.
            survey = Survey()
            for batch in self._grid(table, index, Warnings()).batches:
                survey.see(batch)
            rectangle = replace(rectangle, sample=[*survey.rows, *rectangle.sample])
        looks = with_lines(looks_of(rectangle.heads, survey, self._text), rectangle.heads, survey.rows, self._text)
        room = fit_of(looks, self._rooms, survey.seen)
        if index == 0:
            self._opening = room.fit
        groups = column_groups(looks, room)
        if len(groups) == 1:
            # A table without heads has labels and values, for which the style sheet knows the widths.
            looks = with_shares(looks, room) if rectangle.has_heads else looks
            fit = _classes(looks, room, rectangle)
            yield from self._rectangle(table, rectangle, looks, name, template, sink, fit=fit)
            return
        message = "the columns go on to further pages"
        sink.warnings.note("split-table", message, Place(index, table.caption), count=len(groups) - 1)
        for at, columns in enumerate(groups):
            # The rows are walked over again for each group; what there is to warn of was said the first time.
            whole = self._grid(table, index, Warnings()) if at else rectangle
            own = [column for column in columns if at == 0 or column != KEY_COLUMN]
            part = narrowed(whole, columns)
            note = f"Columns {own[0] + 1}\u2013{own[-1] + 1} of {len(looks)}"
            part_name = f"{name}-{at + 1}" if at else name
            of_part = with_shares([looks[column] for column in columns], room)
            self._rules.append(f"#{part_name}-table {{ width: {100 * part_of_width(of_part, room):.3f}% }}")
            yield from self._rectangle(
                table,
                part,
                of_part,
                part_name,
                template,
                sink,
                fit=_classes(of_part, room, part),
                note=note,
                again=at > 0,
            )

    def _grid(self, table: Table, index: int, warnings: Warnings) -> Grid:
        place = Place(index, table.caption)
        rectangle = _watched(grid(table, index, warnings), place, warnings)
        return printable_grid(rectangle, place, warnings) if self._paper else rectangle

    def _rectangle(
        self,
        table: Table,
        rectangle: Grid,
        looks: list[Look],
        name: str,
        template: str,
        sink: Sink,
        *,
        fit: str = "",
        note: str = "",
        again: bool = False,
    ) -> Iterator[str | HeldTable]:
        count = len(table.rows) if isinstance(table.rows, Sized) else len(rectangle.sample)
        large = count > _LARGE and rectangle.has_heads and not self._paper
        around = self._theme.render(
            template,
            element=table,
            id=name,
            grid=rectangle,
            number=self._tables,
            large=large,
            fit=fit,
            looks=looks if self._paper else [],
            empty=not rectangle.sample,
            note=note,
            rows=Markup(_MARK),  # noqa: S704 - a mark of our own, replaced by escaped rows
        )
        start, _, end = around.partition(_MARK)
        rows = Rows(rectangle, table, looks, self._link, self._text)
        write = self._by_template if self._theme.has_own(_ROW) else rows.band
        if self._paper:
            self._rules += rules_of(name, looks, large=large, paper=True)
        if self._paper and len(rectangle.sample) >= LARGE:
            held = HeldTable(f"{name}-table", start, end, rectangle, looks, rows, write)
            try:
                for batch in rectangle.batches:
                    held.hold(batch.rows)
                    self._count(len(batch), sink, again=again)
            except BaseException:
                held.close()
                raise
            yield held
            return
        yield start
        survey = Survey()
        for batch in rectangle.batches:
            listed = batch.rows
            if not self._paper:
                survey.see(batch)
            for at in range(0, len(listed), BAND):
                yield write(listed[at : at + BAND])
            self._count(len(listed), sink, again=again)
        if not self._paper:
            # The rules are written after the rows are known: no value is wider than its column was thought to be.
            looks = looks_of(rectangle.heads, survey, self._text)
            self._rules += rules_of(name, looks, large=large, paper=False)
        yield end

    def _count(self, rows: int, sink: Sink, *, again: bool) -> None:
        if not again:
            self._rows += rows
            sink.advance(rows)
        if self._paper and self._rows > _MOST_ROWS_ON_PAGE * sink.limits.pages:
            raise sink.limits.exceeded("pages", "the PDF would have more pages")

    def _by_template(self, rows: Sequence[Row]) -> str:
        texts = [[text_of(value) for value in row.values] for row in rows]
        lines = [self._theme.render(_ROW, row=row, cells=cells) for row, cells in zip(rows, texts, strict=True)]
        return f"<tbody>{''.join(lines)}</tbody>"

    def around(self, title: str, *, source: str | None, nonce: str, script: str) -> tuple[str, str]:
        """Give the page before and after its body."""
        date = document_date()
        config = self._theme.config
        if self._paper:
            title, source = printable(title, None), printable(source, None)
        page = self._theme.render(
            "page.html.j2",
            title=title,
            running=running(title) if self._paper else "",
            source=source if source != title else None,
            date=date,
            date_text=self._local.text(date.date().isoformat()) if self._local else f"{date.day} {date:%B %Y}",
            rows=self._rows,
            tables=self._tables,
            contents=self._contents,
            opening=self._opening,
            lang=self._local.lang if self._local else config.lang,
            dir=self._local.dir if self._local else config.dir,
            theme_name=self._theme.name,
            paper=self._paper,
            organisation=config.organisation,
            header=config.header,
            footer=config.footer,
            logo=self._theme.logo,
            nonce=nonce,
            # The theme's comes last: what it leaves open at its end, it closes.
            css=Markup("\n".join([*self._rules, "" if self._paper else self._theme.css()])),  # noqa: S704 - the theme's own, checked
            script=Markup(script),  # noqa: S704 - ours
            body=Markup(_MARK),  # noqa: S704 - a mark of our own, replaced by escaped elements
        )
        start, _, end = page.partition(_MARK)
        return start, end


def warn_of_replaced(values: Sequence[Any], place: Place | None, warnings: Warnings) -> None:
    """Take note of characters that HTML cannot hold."""
    if count := count_replaced(values):
        message = "control characters, which HTML cannot hold, became U+FFFD"
        warnings.add("replaced-characters", message, place, count=count)


def _watched(rectangle: Grid, place: Place, warnings: Warnings) -> Grid:
    """Give a grid that takes note of what of it cannot be shown when it is walked over."""

    def batches() -> Iterator[Batch]:
        warn_of_replaced(rectangle.heads, place, warnings)
        for batch in rectangle.batches:
            for values in (batch.source_keys, *batch.columns):
                warn_of_replaced(values, place, warnings)
            yield batch

    return replace(rectangle, batches=batches())


def _classes(looks: list[Look], room: Room, rectangle: Grid) -> str:
    """Give the classes of a table's element on paper: its kind of page, which of its rows stay together."""
    return f"{room.fit} {kept_together(looks, room, len(rectangle.sample))}".strip()


_WIDEST = 32
"""Characters of text that a column of a page on a screen shows on one line before it wraps."""


def rules_of(name: str, looks: list[Look], *, large: bool, paper: bool) -> list[str]:
    """Give the CSS rules of a table's columns."""
    rules = []

    def rule(cells: str, columns: list[int], style: str) -> None:
        if selectors := [f"#{name} {cells} > :nth-child({at + 1})" for at in columns]:
            rules.append(f"{', '.join(selectors)} {{ {style} }}")

    numbers = [at for at, look in enumerate(looks) if look.kind == "number"]
    # Units stand below units, and a minus before its number, in tables that run from right to left too.
    rule("tr", numbers, "text-align: right")
    rule("tbody tr", numbers, "direction: ltr")
    if paper:
        before_text = [at for at in numbers if at + 1 < len(looks) and looks[at + 1].kind != "number"]
        rule("tr", before_text, "padding-inline-end: 0.75em")
        rule("tr", [at + 1 for at in before_text], "padding-inline-start: 0.75em")
    whole = [at for at, look in enumerate(looks) if look.kind in UNBROKEN]
    if large:
        # Numbers, dates and tags have what they need and stay whole; text wraps.
        rule("tbody tr", whole, "white-space: nowrap")
        leasts = [
            f"{max(look.width, 4) * 1.15 if look.kind in UNBROKEN else min(max(look.width, 4), _WIDEST) * 1.15:.1f}ch"
            " + 1.75rem"
            for look in looks
        ]
        columns = [f"minmax(calc({one}), {max(look.width, 4)}fr)" for one, look in zip(leasts, looks, strict=True)]
        rules.append(f"#{name} {{ --columns: {' '.join(columns)}; --width: calc({' + '.join(leasts)}) }}")
        return rules
    if not paper:
        # On paper the columns have their widths, and what does not fit into one has to wrap.
        rule("tbody tr", whole, "white-space: nowrap")
        for at, look in enumerate(looks):
            if look.kind == "text" and look.width > _WIDEST:
                least = min(16, int(look.width * 0.3))
                rule("tbody tr", [at], f"min-width: min({least}em, 50vw); overflow-wrap: anywhere")
    return rules


def _copy(source: IO[bytes], sink: Sink) -> None:
    source.seek(0)
    while data := source.read(1 << 20):
        sink.write(data)
