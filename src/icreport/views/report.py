"""A report as a view shows it, walked over once like a scan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.errors import choices, one_line
from icreport.model.elements import Table
from icreport.model.front_matter import ReportFormat, document_at_start, document_of, or_nothing
from icreport.model.looks import KEY
from icreport.model.report import Report, ShownReport, as_read
from icreport.model.spoken import SaidRows
from icreport.views.charts import chart_of
from icreport.views.columns import Columns, Missing
from icreport.views.images import image_files, images_of
from icreport.views.matching import Seen, fits, fits_caption, is_summarised
from icreport.views.rows import Selection, ViewedRows
from icreport.views.summary import summary_of
from icreport.views.tables import viewed_table
from icreport.warnings import ReportWarning, Warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from icreport.model.elements import Element
    from icreport.model.front_matter import FrontMatter
    from icreport.model.report import ReportLike
    from icreport.views.rows import LeftOut
    from icreport.views.settings import ChartSettings, SummarySettings
    from icreport.views.view import View


@dataclass(frozen=True, slots=True)
class ViewedElement:
    """An element as it is shown: its index in the report it comes from, None for a summary or chart of the view's."""

    element: Element
    source_index: int | None

    @property
    def left_out(self) -> LeftOut | None:
        """The rows that the view was given and shows, None where it shows all or they were not walked."""
        rows = self.element.data.rows if isinstance(self.element, Table) else None
        found: LeftOut | None = getattr(rows, "left_out", None)
        return found if found is not None and found.is_known else None

    @property
    def rows_in(self) -> int | None:
        """How many rows the view was given; None where they cannot be counted without a walk."""
        if not isinstance(self.element, Table):
            return 0
        if self.left_out is not None:
            return self.left_out.rows
        rows = self.element.rows
        source = rows.source if isinstance(rows, ViewedRows) else rows
        return len(source) if isinstance(source, Sized) else None


class ViewedReport(ShownReport):
    """A report as a view shows it: the same shape as a scan, its elements and their rows to be walked once.

    `shown` are the elements of the last walk so far; `notes` tell what the view leaves out on purpose.
    """

    def __init__(self, view: View, report: ReportLike) -> None:
        self.report = report
        self.shown: list[ViewedElement] = []
        self._view = view
        self._warnings = Warnings()
        self._left_out: list[str] = []

    @property
    def name(self) -> str | None:
        """The title that the view gives, else the report's name."""
        return self._view.title_of(self.report) or self.report.name

    @property
    def document(self) -> FrontMatter:
        """What the report says of itself as a document, before what the view does."""
        return document_of(self.report).over(or_nothing(self._view.document))

    @property
    def document_at_start(self) -> FrontMatter:
        """What of it is known with the first element."""
        return document_at_start(self.report).over(or_nothing(self._view.document))

    @property
    def source(self) -> str | None:
        """The name of what the report came from."""
        return self.report.source

    @property
    def warnings(self) -> tuple[ReportWarning, ...]:
        """What reading told, and what the view names and the report lacks where this may be skipped."""
        return (*getattr(self.report, "warnings", ()), *self._warnings)

    @property
    def notes(self) -> tuple[ReportWarning, ...]:
        """The elements that the view leaves out."""
        return tuple(ReportWarning("left-out-by-view", message, loss=False) for message in self._left_out)

    def to_report(self) -> Report:
        """Return the report with all of its rows in memory."""
        elements = [_held(element) for element in self.elements]
        fields: dict[str, object] = {"elements": elements}
        if (title := self._view.title_of(self.report)) is not None:
            fields["name"] = title
        if isinstance(self.report, Report):
            if self._view.document is not None:
                said = self.report.format or ReportFormat()
                fields["format"] = said.model_copy(update={"document": self.document})
            return self.report.model_copy(update=fields)
        beside: dict[str, object] = getattr(self.report, "fields", {"name": self.report.name})
        if self._view.document is not None:
            said_there = beside.get(KEY)
            fields[KEY] = {
                **(said_there if isinstance(said_there, dict) else {}),
                "document": self.document.to_object(),
            }
        made = Report.model_validate(beside | fields, by_alias=True, by_name=False, context=_hear_nothing)
        return as_read(made, self.source, self.warnings)

    def to_json(self) -> str:
        """Return the document as JSON text, all of it in memory."""
        return self.report.to_json() if self._view.is_empty else self.to_report().to_json()

    def restart(self, element: int, width: int) -> None:
        """Start again, reckoning with rows of `width` values in the element with this index among those shown."""
        restart: Callable[[int, int], None] | None = getattr(self.report, "restart", None)
        found = self.shown[element]
        if restart is None or found.source_index is None:
            return
        rows = found.element.data.rows if isinstance(found.element, Table) else None
        restart(found.source_index, width + rows.narrower if isinstance(rows, ViewedRows) else width)

    @property
    def elements(self) -> Iterator[Element]:
        """The elements in their order, from the first each time."""
        self.shown = []
        self._left_out = []
        self._warnings.clear()
        walk = self._all() if self._view.elements == "all" else self._listed()
        placed: set[int] = set()
        captions: dict[str, None] = {}
        for viewed in walk:
            self.shown.append(viewed)
            yield viewed.element
            captions[viewed.element.caption or ""] = None
            yield from self._images(placed, viewed.element.caption or "")
        yield from self._images(placed, None)
        missing = Missing(self._view.missing == "skip", self._warnings)
        for at in set(range(len(self._view.images))) - placed:
            name, origin = self._view.images[at].after, self._view.origin("images", at)
            remedy = choices(str(name), filter(None, captions))
            missing.tell(origin, ["after"], f"nothing that is shown is called {name!r}", remedy, None)

    def _images(self, placed: set[int], caption: str | None) -> Iterator[Element]:
        """Yield the images that stand after an element of this caption, or with None those at the end."""
        for at, said in enumerate(self._view.images):
            fitting = said.after is None if caption is None else said.after and fits_caption(said.after, caption)
            if at in placed or not fitting:
                continue
            placed.add(at)
            origin = self._view.origin("images", at)
            files = image_files(said, origin)
            if not files:
                missing = Missing(self._view.missing == "skip", self._warnings)
                where = str(origin.file.folder)
                missing.tell(origin, ["from"], f"no file is named by {', '.join(said.source)!r}", f"in {where}", None)
            for image in images_of(said, origin, files):
                self.shown.append(ViewedElement(image, None))
                yield image

    def _all(self) -> Iterator[ViewedElement]:
        seen = Seen()
        for index, element in enumerate(self.report.elements):
            if isinstance(element, Table):
                yield from self._of_table(element, index, seen)
            else:
                yield ViewedElement(element, index)
        self._tell_unfitted(seen)

    def _listed(self) -> Iterator[ViewedElement]:
        """Yield the tables that the view names, in its order: those out of order wait, their rows on disk."""
        seen = Seen()
        waiting: defaultdict[int, list[ViewedElement]] = defaultdict(list)
        releases: list[Callable[[], None]] = []
        try:
            for index, element in enumerate(self.report.elements):
                if not isinstance(element, Table) or not (found := list(self._of_table(element, index, seen))):
                    self._leave_out(element, index)
                    continue
                place = self._place_of(element, seen.tables)
                if place == 0:
                    yield from found
                    continue
                for viewed in found:
                    releases += _keep(viewed.element)
                waiting[place] += found
            self._tell_unfitted(seen)
            for place in sorted(waiting):
                yield from waiting[place]
        finally:
            for release in releases:
                release()

    def _place_of(self, table: Table, number: int) -> int:
        """Return where in the order of the view a table stands; one that is only summarised comes after all others."""
        if settings := self._settings(table, number):
            return settings[0]
        parts: list[SummarySettings | ChartSettings] = [*self._view.summary, *self._view.chart]
        return len(self._view.table) + next(at for at, one in enumerate(parts) if is_summarised(one, table, number))

    def _settings(self, table: Table, number: int) -> list[int]:
        """Return which of the view's tables fit a table: the first counts, those of an extended view come after."""
        found = [at for at, one in enumerate(self._view.table) if fits(one, table, number)]
        return sorted(found, key=lambda at: self._view.origin("table", at).level)

    def _of_table(self, table: Table, index: int, seen: Seen) -> Iterator[ViewedElement]:
        """Yield what is shown for a table: itself, and summaries and charts before or after it."""
        number = seen.see(table)
        settings = self._settings(table, number)
        at = settings[0] if settings else None
        seen.fit(table, settings)
        made = [
            (part, place, one.place)
            for part, said in self._parts()
            for place, one in enumerate(said)
            if is_summarised(one, table, number)
        ]
        for part, place, _ in made:
            seen.fitted(part, place)
        if (made or self._view.elements == "listed") and not hasattr(table.rows, "batches"):
            # It is walked over several times, or later.
            table = _with_list(table)
        for part, place, where in made:
            if where != "after":
                yield from self._made(part, place, table, index, at)
        if any(where == "instead" for _, _, where in made):
            self._leave_out(table, index)
        else:
            yield from self._shown(table, index, at)
        for part, place, where in made:
            if where == "after":
                yield from self._made(part, place, table, index, at)

    def _shown(self, table: Table, index: int, at: int | None) -> Iterator[ViewedElement]:
        """Yield a table as the view shows it, `at` its place among the view's tables."""
        if at is not None:
            missing = Missing(self._view.missing == "skip", self._warnings)
            said, origin = self._view.table[at], self._view.origin("table", at)
            shown = viewed_table(table, index, said, origin, missing)
            if shown is not None:
                yield ViewedElement(shown, index)
            elif self._view.elements == "all":
                self._leave_out(table, index)
        elif self._view.elements == "all":
            yield ViewedElement(table, index)

    def _parts(self) -> list[tuple[str, Sequence[SummarySettings | ChartSettings]]]:
        """Return the parts of the view that are made of tables."""
        return [("summary", self._view.summary), ("chart", self._view.chart)]

    def _made(self, part: str, place: int, table: Table, index: int, at: int | None) -> Iterator[ViewedElement]:
        """Yield a summary or chart of the rows of a table that the view shows; its limit does not count."""
        missing = Missing(self._view.missing == "skip", self._warnings)
        origin = self._view.origin(part, place)
        asked, settings = [], {}
        if at is not None:
            # What the table lacks is told when it is shown itself.
            quiet = Missing(self._view.missing == "skip", Warnings())
            columns = Columns(table, index, quiet, self._view.origin("table", at))
            settings = columns.settings(self._view.table[at].column)
            of_table = columns.asked(self._view.table[at].where, settings, of="the table")
            if of_table is None:
                self._warnings.add("view-missing", f"the {part} of {table.caption!r} is left out, too", loss=False)
                return
            asked = of_table
        made = (
            summary_of(self._view.summary[place], origin, table, index, missing, settings)
            if part == "summary"
            else chart_of(self._view.chart[place], origin, table, index, missing, settings)
        )
        if made is None:
            return
        kept = ViewedRows(table.rows, Selection([*made.asked, *asked])).kept()
        yield ViewedElement(made.of(kept), None)

    def _leave_out(self, element: Element, index: int) -> None:
        caption = f' "{element.caption}"' if element.caption else ""
        self._left_out.append(one_line(f"elements[{index}]{caption} ({element.type}) is left out by the view"))

    def _tell_unfitted(self, seen: Seen) -> None:
        missing = Missing(self._view.missing == "skip", self._warnings)
        parts: list[tuple[str, Sequence[object]]] = [("table", self._view.table), *self._parts()]
        for part, said in parts:
            origins = [self._view.origin(part, at) for at in range(len(said))]
            seen.tell_unfitted(part, said, origins, missing)


def _hear_nothing(_: str) -> None:
    """Hear what the scan told."""


def _keep(element: Element) -> list[Callable[[], None]]:
    """Keep the rows of a table until later; return what releases them."""
    rows = element.data.rows if isinstance(element, Table) else None
    hold: Callable[[], Callable[[], None]] | None = getattr(rows, "hold", None)
    return [] if hold is None else [hold()]


def _with_list(table: Table) -> Table:
    if type(table.data.rows) is list:
        return table
    return table.model_copy(update={"data": table.data.model_copy(update={"rows": list(table.rows)})})


def _held(element: Element) -> Element:
    """Return an element whose rows are a list, with what is to be said of those that are left out."""
    if not isinstance(element, Table) or element.data.rows is None or type(element.data.rows) in {list, SaidRows}:
        return element
    held = _with_list(element)
    if (note := element.note) is None:
        return held
    form = element.format.model_copy(update={"note": note})
    return held.model_copy(update={"data": held.data.model_copy(update={"format": form})})
