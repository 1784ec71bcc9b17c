"""What changed between two reports, of whatever they are read from."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeAlias

from icreport.comparing.comparison import Comparison, compare_reports
from icreport.comparing.tables import Rules
from icreport.reading.scan import scan
from icreport.views.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from typing_extensions import TypeIs

    from icreport.limits import Limits
    from icreport.model.report import ReportLike
    from icreport.reading.source import Source

    Compared: TypeAlias = ReportLike | Source


def compare(
    old: Compared,
    new: Compared,
    *,
    view: str | Path | Mapping[str, object] | View | None = None,
    key: str | Sequence[str] = (),
    ignore_notation: bool = False,
    unchanged: bool = False,
    locale: str | None = None,
    limits: Limits | None = None,
) -> Comparison:
    """Return what changed from one report to another, in memory that does not grow with their rows.

    Both are reports, scans, or what `read` takes. Tables are paired by business object and caption, rows by their
    `sourceKey`, else by the columns that `key` names, else as a whole (docs/comparing.md). A `view` says what of both
    is compared. Values that say the same in another notation (12.10 and 12.1) count as changed unless
    `ignore_notation`; with `unchanged` the report shows rows that did not change, too. `locale` is the language of its
    words.

    Use it as a context manager where many rows may have changed: they wait in temporary files.

    Raises `ReadError`, `ViewError`, and `UsageError` for a `key` that is no column.
    """
    rules = Rules((key,) if isinstance(key, str) else tuple(key), ignore_notation, unchanged)
    shown = None if view is None else View.load(view)
    with ExitStack() as stack:
        reports: list[ReportLike] = []
        for one in (old, new):
            opened = one if _is_report(one) else stack.enter_context(scan(one, limits=limits))
            reports.append(opened if shown is None or shown.is_empty else shown.over(opened))
        return compare_reports(reports[0], reports[1], rules, locale)


def _is_report(one: Compared) -> TypeIs[ReportLike]:
    return hasattr(one, "elements")
