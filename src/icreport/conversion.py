"""The one line through the house: read or scan, render, publish."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sized
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from icreport.errors import UsageError
from icreport.limits import Limits
from icreport.model.elements import Table
from icreport.model.front_matter import FrontMatter, document_at_start, document_of
from icreport.model.report import Report, ShownReport
from icreport.output.publishing import draft_document
from icreport.output.sink import Output
from icreport.output.target import ends_as_folder, format_suffix_of
from icreport.reading.scan import ReportScan, scan
from icreport.rendering.grid import WiderRowError
from icreport.rendering.registry import FOLDER_SUFFIX, find_renderer, format_called, make_renderer
from icreport.result import ConversionResult, ElementRecord
from icreport.warnings import ReportWarning, Strictness, Warnings, check_strictness, refuse
from icreport.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from icreport.model.elements import Element
    from icreport.model.report import ReportLike
    from icreport.output.target import Target
    from icreport.reading.source import Source
    from icreport.rendering.renderer import Renderer
    from icreport.views.view import View

    ViewSource = str | Path | Mapping[str, object] | View
    Meta = FrontMatter | Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a conversion is: the rows taken so far, of `total` where that is known (a report in memory).

    A format that goes over the rows again names that `phase` (a PDF: `pages`); `phase_rows` of `rows` are done in it.
    `element` is the index of the element under way, `caption` its caption; `element_rows` of its `element_total` rows
    are taken.
    """

    rows: int
    phase: str | None = None
    phase_rows: int = 0
    # Two are the same that are as far.
    total: int | None = field(default=None, compare=False)
    element: int | None = field(default=None, compare=False)
    caption: str | None = field(default=None, compare=False)
    element_rows: int = field(default=0, compare=False)
    element_total: int | None = field(default=None, compare=False)


def convert(
    source: Source,
    target: Target,
    *,
    format: str | None = None,
    theme: str | None = None,
    view: ViewSource | None = None,
    meta: Meta | None = None,
    title: str | None = None,
    strict: Strictness = False,
    no_clobber: bool = False,
    progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
    **options: object,
) -> ConversionResult:
    """Turn a report document into another format, in memory that does not grow with its rows.

    The source is what `read` takes; the target a path, file object, fsspec URL or `-` for standard output; the format
    follows from the target's suffix unless it is said. A `view` (a TOML file, a dict or a `View`) says what of the
    report is shown. `meta` says what the document is: `{"client": …, "revision": "02"}`. `options` are those of the
    renderer. The target appears whole or, when anything fails, not at all.
    Under `strict` a loss is an error, under `strict="all"` also what the format leaves out or changes by design.
    `limits` say how large a report may be.

    Raises `ReadError`, `UsageError`, `ThemeError`, `ViewError`, `RenderError`, `OutputError`.
    """
    renderer = renderer_for(target, format, {"theme": theme, "title": title, **options})
    shown = view_for(renderer, view)
    said = FrontMatter.of(meta or {})
    limits = limits or Limits.from_environment()
    with scan(source, limits=limits) as report:
        return _write(
            _viewed(report, shown),
            target,
            renderer,
            meta=said,
            strict=strict,
            no_clobber=no_clobber,
            progress=progress,
            limits=limits,
        )


def write(
    report: ReportLike,
    target: Target,
    format: str | None = None,
    *,
    theme: str | None = None,
    view: ViewSource | None = None,
    meta: Meta | None = None,
    title: str | None = None,
    strict: Strictness = False,
    no_clobber: bool = False,
    progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
    **options: object,
) -> ConversionResult:
    """Write a report, in memory or scanned, to a target as `convert` does."""
    renderer = renderer_for(target, format, {"theme": theme, "title": title, **options})
    shown = _viewed(report, view_for(renderer, view))
    limits = limits or Limits.from_environment()
    return _write(
        shown,
        target,
        renderer,
        meta=FrontMatter.of(meta or {}),
        strict=strict,
        no_clobber=no_clobber,
        progress=progress,
        limits=limits,
    )


def render(report: ReportLike, format: str, **options: Any) -> bytes:
    """Return the bytes of a report in a format."""
    document = io.BytesIO()
    write(report, document, format, **options)
    return document.getvalue()


def renderer_for(target: Target, format: str | None, options: dict[str, Any]) -> Renderer:
    """Return the renderer for a target, its options checked; raises `UsageError`."""
    suffix = format_suffix_of(target)
    kind = find_renderer(format, FOLDER_SUFFIX if suffix == "/" else suffix)
    if suffix == "/" and isinstance(target, str) and not ends_as_folder(target) and "table" in kind.options():
        raise UsageError(f"{target!r} is a folder", remedy=f"say {target + '/'!r} to fill it, or name a file in it")
    if "theme" not in kind.options() and options.get("theme") is not None:
        from icreport.rendering.themes.loading import load_theme

        load_theme(options["theme"])
    return make_renderer(kind, {name: value for name, value in options.items() if value is not None})


def view_for(renderer: Renderer, view: ViewSource | None) -> View | None:
    """Return the view that was asked for, else that of the renderer's theme; raises `ViewError`, `ThemeError`."""
    theme = getattr(renderer, "theme", None)
    if view is None and theme is not None:
        # Formats without themes do without the libraries that these need.
        from icreport.rendering.themes.loading import view_of

        view = view_of(theme)
    if view is None:
        return None
    from icreport.views.view import View  # whose settings take as long to import as a small report to convert

    return View.load(view)


def language_for(renderer: Renderer) -> str | None:
    """Return the language (BCP 47) of what a renderer writes, None where it has no words; raises `OptionError`."""
    if "locale" not in renderer.options():
        return None
    # Formats without a language do without the libraries that these need.
    from icreport.rendering.themes.language import language_of
    from icreport.rendering.themes.loading import load_theme

    theme = load_theme(getattr(renderer, "theme", None)).config
    return language_of(getattr(renderer, "locale", None), theme).lang


def _viewed(report: ReportLike, view: View | None) -> ReportLike:
    return report if view is None or view.is_empty else view.over(report)


class _Recorded:
    """A report of whose elements a record is kept as they are walked over."""

    def __init__(self, report: ReportLike, output: Output, meta: FrontMatter) -> None:
        self.records: list[ElementRecord] = []
        self._report = report
        self._meta = meta
        self._output = output
        self._under_way: tuple[int, Element, int] | None = None

    @property
    def name(self) -> str | None:
        return self._report.name

    @property
    def source(self) -> str | None:
        return self._report.source

    @property
    def document(self) -> FrontMatter:
        return self._meta.over(document_of(self._report))

    @property
    def document_at_start(self) -> FrontMatter:
        return self._meta.over(document_at_start(self._report))

    def to_json(self) -> str:
        return self._report.to_json()

    @property
    def elements(self) -> Iterator[Element]:
        viewed = self._report if isinstance(self._report, ShownReport) else None
        for index, element in enumerate(self._report.elements):
            before = self._output.rows
            self._under_way = index, element, before
            try:
                yield element
            finally:
                rows_out = self._output.rows - before
                shown = viewed.shown[index] if viewed else None
                left_out = shown.left_out if shown else None
                self.records.append(
                    ElementRecord(
                        index,
                        element.type,
                        element.caption and ENGLISH.of(element.caption),
                        shown.rows_in if shown else _count_rows(element),
                        rows_out,
                        source_index=shown.source_index if shown else index,
                        view=left_out.to_dict() if left_out else None,
                    )
                )

    def progress(self, told: Progress) -> Progress:
        """Return the progress with the element under way."""
        if self._under_way is None:
            return told
        index, element, before = self._under_way
        return replace(
            told,
            element=index,
            caption=element.caption and ENGLISH.of(element.caption),
            element_rows=told.rows - before,
            element_total=_count_rows(element),
        )

    def with_changes(self, read: Iterable[ReportWarning], found: Iterable[ReportWarning]) -> tuple[ElementRecord, ...]:
        """Return the records, each with what reading told of its element in the source and what else was found."""
        of_source, of_document = _by_element(read), _by_element(found)
        return tuple(
            replace(record, changes=(*of_source.get(record.source_index, ()), *of_document.get(record.index, ())))
            for record in self.records
        )


def _by_element(warnings: Iterable[ReportWarning]) -> dict[int | None, list[ReportWarning]]:
    at: defaultdict[int | None, list[ReportWarning]] = defaultdict(list)
    for warning in warnings:
        if warning.place is not None and warning.place.element is not None:
            at[warning.place.element].append(warning)
    return dict(at)


def _count_all(report: ReportLike) -> int | None:
    """Return the rows of a report in memory, None where they are not known before they were walked over."""
    if not isinstance(report, Report):
        return None
    counts = [_count_rows(element) for element in report.elements]
    return None if None in counts else sum(count or 0 for count in counts)


def _count_rows(element: Element) -> int | None:
    if not isinstance(element, Table):
        return 0
    return len(element.rows) if isinstance(element.rows, Sized) else None


def _tell_other_suffix(target: Target, renderer: Renderer, warnings: Warnings) -> None:
    """Warn of a target whose suffix is that of another format, as which programs would open it."""
    suffix = format_suffix_of(target).lower()
    if suffix in {"", "/", *renderer.suffixes}:
        return
    if (other := format_called(suffix)) is not None:
        warnings.add("other-suffix", f"the target ends in {suffix} and is {renderer.format}, not {other}", loss=False)


def _told_by_reading(report: ReportLike) -> Iterable[ReportWarning]:
    return report.warnings if isinstance(report, Report | ReportScan | ShownReport) else ()


def _scan_of(report: ReportLike) -> ReportScan | None:
    """Return the scan that a report is, or that views show."""
    while isinstance(report, ShownReport):
        report = report.report
    return report if isinstance(report, ReportScan) else None


def _write(
    report: ReportLike,
    target: Target,
    renderer: Renderer,
    *,
    meta: FrontMatter,
    strict: Strictness,
    no_clobber: bool,
    progress: Callable[[Progress], None] | None,
    limits: Limits,
) -> ConversionResult:
    if not hasattr(report, "elements"):
        raise UsageError(
            f"a {type(report).__name__} is no report", remedy="icreport.read makes one, icreport.convert takes sources"
        )
    check_strictness(strict)
    warnings = Warnings(strict=strict)
    scanned = _scan_of(report)
    if scanned is not None:
        scanned.warnings.strict = strict
    else:
        refuse(_told_by_reading(report), strict)

    total = _count_all(report)

    def on_rows(rows: int, phase: str | None, phase_rows: int) -> None:
        if progress is not None:
            progress(recorded.progress(Progress(rows, phase, phase_rows, total)))

    def tell(limitation: str) -> None:
        warnings.add("file-system", limitation, loss=False)

    with draft_document(target, no_clobber=no_clobber, tell=tell) as draft:
        output = Output(draft, warnings, on_rows, limits)
        while True:
            _tell_other_suffix(target, renderer, warnings)
            recorded = _Recorded(report, output, meta)
            try:
                renderer.render(recorded, output)
                break
            except WiderRowError as wider:
                if scanned is None:
                    raise
                again = report if isinstance(report, ShownReport) else scanned
                again.restart(wider.element, wider.width)
                warnings.clear()
                output.restart()
    read = tuple(_told_by_reading(report))
    notes = (*warnings.notes, *(report.notes if isinstance(report, ShownReport) else ()))
    return ConversionResult(
        renderer.format,
        recorded.with_changes(read, (*warnings, *notes)),
        output.rows,
        (*read, *warnings),
        notes,
        source_sha256=scanned.sha256 if scanned else None,
        target_sha256=draft.sha256,
        target_size=draft.size,
    )
