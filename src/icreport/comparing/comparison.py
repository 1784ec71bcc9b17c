"""Two reports compared: how many rows are what, and a report of what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from icreport.comparing.document import report_of, words_of_changes
from icreport.comparing.pairing import paired_tables
from icreport.comparing.tables import compare_tables, counted
from icreport.comparing.texts import compare_texts
from icreport.errors import IcreportError, UsageError, choices
from icreport.model.elements import Table
from icreport.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from icreport.comparing.tables import Rules, TableChanges
    from icreport.comparing.texts import TextChanges
    from icreport.model.elements import Element
    from icreport.model.looks import Change
    from icreport.model.report import Report, ReportLike
    from icreport.warnings import ReportWarning


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two reports; true where anything did.

    `report` is an ordinary report that every format shows. Where many rows changed they are in temporary files until
    the comparison is closed, or forgotten.
    """

    report: Report
    tables: Sequence[TableChanges]
    texts: TextChanges
    warnings: Sequence[ReportWarning] = ()
    """What reading both had to tell."""

    def __bool__(self) -> bool:
        return bool(self.texts) or any(self.tables)

    @property
    def same(self) -> int:
        """Rows that are in both reports, with the same values."""
        return self._count("same")

    @property
    def added(self) -> int:
        """Rows that only the new report has."""
        return self._count("added")

    @property
    def removed(self) -> int:
        """Rows that only the old report has."""
        return self._count("removed")

    @property
    def changed(self) -> int:
        """Rows that are in both with other values, or the same in another notation."""
        return self._count("changed") + self._count("notation")

    @property
    def notation(self) -> int:
        """Rows that are in both, their values the same in another notation, such as 12.10 and 12.1."""
        return self._count("notation")

    def _count(self, change: Change) -> int:
        return sum(table.counts[change] for table in self.tables)

    def to_dict(self) -> dict[str, Any]:
        """Return what changed in numbers as JSON has it, of all and of each table (`icreport compare --json`)."""
        return {
            "changed": bool(self),
            "rows": {name: getattr(self, name) for name in ("same", "added", "removed", "changed", "notation")},
            "tables": [table.to_dict() for table in self.tables],
            "texts": counted(self.texts.counts),
        }

    def close(self) -> None:
        """Free the disk space of rows that changed."""
        for rows in (*(table.rows for table in self.tables), self.texts.rows):
            rows.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def compare_reports(old: ReportLike, new: ReportLike, rules: Rules, locale: str | None = None) -> Comparison:
    """Return what changed between two reports, each walked over once.

    Raises `UsageError` for a key that is a column of no table.
    """
    words = words_of(locale)
    changes = words_of_changes(words)
    releases: list[Callable[[], object]] = []
    try:
        sides = [_held(report, name, releases) for report, name in ((old, "old"), (new, "new"))]
        tables = [[one for one in side if isinstance(one, Table)] for side in sides]
        others = [[one for one in side if not isinstance(one, Table)] for side in sides]
        _check_key(rules.key, [*tables[0], *tables[1]])
        found = []
        for (was, now), is_by_order in paired_tables(*tables):
            one = compare_tables(
                None if was is None else tables[0][was], None if now is None else tables[1][now], rules, changes
            )
            one.is_by_order = is_by_order
            found.append(one)
        said = compare_texts(others[0], others[1], rules, changes, words)
        told = [warning for report in (old, new) for warning in getattr(report, "warnings", ())]
        return Comparison(report_of(old, new, found, said, words), found, said, told)
    finally:
        for release in releases:
            release()


def _held(report: ReportLike, name: str, releases: list[Callable[[], object]]) -> list[Element]:
    """Return the elements of the old or new report, the rows of a scan held on disk; an error names which it is."""
    try:
        return list(_elements(report, releases))
    except IcreportError as error:
        error.message = f"in the {name} report: {error.message}"
        raise


def _elements(report: ReportLike, releases: list[Callable[[], object]]) -> Iterator[Element]:
    for element in report.elements:
        held = element
        if isinstance(element, Table):
            rows = element.data.rows
            if hold := getattr(rows, "hold", None):
                releases.append(hold())
            elif rows is not None and not isinstance(rows, list):
                held = element.model_copy(update={"data": element.data.model_copy(update={"rows": list(rows)})})
        yield held


def _check_key(key: Sequence[str], tables: Sequence[Table]) -> None:
    names = [name for table in tables for name in table.names]
    for name in key:
        if name not in names:
            raise UsageError(f"no table has a column {name!r} to tell rows by", remedy=choices(name, names))
