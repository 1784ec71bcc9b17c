"""A view: what of a report is shown, in which order, with which totals and marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import PrivateAttr, ValidationError, field_validator

from icreport.errors import UsageError, choices
from icreport.model.json_object import set_private
from icreport.model.report import Report
from icreport.views.loading import Origin, Origins, ViewFile, read_view, view_error
from icreport.views.settings import ViewSettings

if TYPE_CHECKING:
    from icreport.model.report import ReportLike
    from icreport.views.report import ViewedReport

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = ("name", "date", "source")


class View(ViewSettings):
    """What of a report is shown; a function from report to report.

    `View.load("client.toml")` or `View.load({"table": [{"match": "Anomalies", "columns": ["Tag"]}]})`.
    """

    _origins: Origins = PrivateAttr(default_factory=dict)
    if not TYPE_CHECKING:  # which learn the settings from their fields

        def __init__(self, /, **said: object) -> None:
            """Make a view of what it says, by the names of its file; raises `ViewError`."""
            try:
                super().__init__(**said)
            except ValidationError as error:
                raise view_error(error, ViewFile(), type(self)) from None

        # By this pydantic knows its own `__init__`, which files need not go through.
        __init__.__pydantic_base_init__ = True

    @classmethod
    def load(cls, source: Self | str | Path | Mapping[str, object]) -> Self:
        """Return the view of a TOML file, or of a dict with the same names; raises `ViewError`."""
        if isinstance(source, cls):
            return source
        if not isinstance(source, str | Path | Mapping):
            raise UsageError(f"a view is a {type(source).__name__}, not a file, dict or View")
        view, origins = read_view(source, cls)
        return set_private(view, _origins=origins)

    @field_validator("title")
    @classmethod
    def _know_placeholders(cls, title: str | None) -> str | None:
        for name in _PLACEHOLDER.findall(title or ""):
            if name not in PLACEHOLDERS:
                known = choices(name, [f"{{{one}}}" for one in PLACEHOLDERS])
                raise ValueError(f"there is no {{{name}}} ({known})")
        return title

    @property
    def is_empty(self) -> bool:
        """Whether the view says nothing, so that a report is shown as it is."""
        return (
            self.title is None
            and self.elements == "all"
            and not any((self.table, self.summary, self.images, self.chart, self.document is not None))
        )

    def origin(self, part: str, at: int) -> Origin:
        """Return where a `table`, `summary` or `chart` was said."""
        known = self._origins.get(part, [])
        return known[at] if at < len(known) else Origin(ViewFile(), (part, at))

    def files(self) -> list[Path]:
        """Return the files that the view shows of its folder."""
        from icreport.views.images import image_files

        return [path for at, one in enumerate(self.images) for path in image_files(one, self.origin("images", at))]

    def title_of(self, report: ReportLike) -> str | None:
        """Return the title that the view gives a report, None where it gives none."""
        if self.title is None:
            return None
        from icreport.clock import document_date

        texts = {
            "name": lambda: report.name or report.source or "Report",
            "date": lambda: document_date().date().isoformat(),
            "source": lambda: report.source or "",
        }
        return _PLACEHOLDER.sub(lambda found: texts[found[1]](), self.title)

    def over(self, report: ReportLike) -> ViewedReport:
        """Return the report as the view shows it, to be walked once, as a scan."""
        from icreport.views.report import ViewedReport

        return ViewedReport(self, report)

    def apply(self, report: ReportLike) -> Report | ViewedReport:
        """Return what the view shows: of a report in memory a `Report`, of a scan what is walked over in one pass.

        Raises `ViewError` where the report lacks what the view names; for a scan when it is walked over.
        """
        viewed = self.over(report)
        return viewed.to_report() if isinstance(report, Report) else viewed
