"""The one line through the house: read or scan, render, publish."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from icreport.output import Output, drafting, suffix_of
from icreport.reading import ReportScan, scan
from icreport.rendering.grid import WiderRowError
from icreport.rendering.registry import FOLDER_SUFFIX, find_renderer, make_renderer
from icreport.warnings import ReportWarning, Warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icreport.model import Element
    from icreport.output import Target
    from icreport.reading import Source
    from icreport.rendering.renderer import Renderer, ReportLike


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a conversion is: the rows written so far."""

    rows: int


@dataclass(frozen=True, slots=True)
class ConversionResult:
    """What a conversion did: its format, how many elements it walked and rows it wrote, and what it has to tell."""

    format: str
    elements: int
    rows: int
    warnings: tuple[ReportWarning, ...]


def convert(
    source: Source,
    target: Target,
    *,
    format: str | None = None,  # noqa: A002
    theme: str | None = None,
    title: str | None = None,
    strict: bool = False,
    no_clobber: bool = False,
    progress: Callable[[Progress], None] | None = None,
    **options: Any,
) -> ConversionResult:
    """Turn a report document into another format, in memory that does not grow with its rows.

    The source is what `read` takes; the target a path, file object, fsspec URL or `-` for standard output; the format
    follows from the target's suffix unless it is said. `options` are those of the renderer. The target appears whole
    or, when anything fails, not at all. Under `strict` a loss is an error.

    Raises `ReadError`, `UsageError`, `ThemeError`, `RenderError`, `OutputError`.
    """
    renderer = _renderer(target, format, {"theme": theme, "title": title, **options})
    with scan(source) as report:
        return _write(report, target, renderer, strict=strict, no_clobber=no_clobber, progress=progress)


def write(
    report: ReportLike,
    target: Target,
    format: str | None = None,  # noqa: A002
    *,
    theme: str | None = None,
    title: str | None = None,
    strict: bool = False,
    no_clobber: bool = False,
    progress: Callable[[Progress], None] | None = None,
    **options: Any,
) -> ConversionResult:
    """Write a report, in memory or scanned, to a target as `convert` does."""
    renderer = _renderer(target, format, {"theme": theme, "title": title, **options})
    return _write(report, target, renderer, strict=strict, no_clobber=no_clobber, progress=progress)


def render(report: ReportLike, format: str, **options: Any) -> bytes:  # noqa: A002
    """Give the bytes of a report in a format."""
    document = io.BytesIO()
    write(report, document, format, **options)
    return document.getvalue()


def _renderer(target: Target, format: str | None, options: dict[str, Any]) -> Renderer:  # noqa: A002
    suffix = suffix_of(target)
    kind = find_renderer(format, FOLDER_SUFFIX if suffix == "/" else suffix)
    if "theme" not in kind.model_fields:
        options.pop("theme")
    return make_renderer(kind, {name: value for name, value in options.items() if value is not None})


class _Counted:
    """A report whose elements are counted as they are walked over."""

    def __init__(self, report: ReportLike) -> None:
        self.count = 0
        self._report = report

    @property
    def name(self) -> str | None:
        return self._report.name

    @property
    def source(self) -> str | None:
        return self._report.source

    @property
    def elements(self) -> Iterator[Element]:
        for element in self._report.elements:
            self.count += 1
            yield element


def _write(
    report: ReportLike,
    target: Target,
    renderer: Renderer,
    *,
    strict: bool,
    no_clobber: bool,
    progress: Callable[[Progress], None] | None,
) -> ConversionResult:
    warnings = Warnings(strict=strict)
    if isinstance(report, ReportScan):
        report.warnings.strict = strict

    def on_rows(rows: int) -> None:
        if progress is not None:
            progress(Progress(rows))

    with drafting(target, no_clobber=no_clobber) as draft:
        output = Output(draft, warnings, on_rows)
        while True:
            counted = _Counted(report)
            try:
                renderer.render(counted, output)
                break
            except WiderRowError as wider:
                if not isinstance(report, ReportScan):
                    raise
                report.restart(wider.element, wider.width)
                warnings.clear()
                output.restart()
    told = (*report.warnings, *warnings) if isinstance(report, ReportScan) else tuple(warnings)
    return ConversionResult(renderer.format, counted.count, output.rows, told)
