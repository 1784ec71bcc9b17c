"""The result of a batch, and its progress."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

import msgspec

if TYPE_CHECKING:
    from icreport.batch.records import ItemRecord

_MOST_SLOW = 10
CHANGES = ("new", "changed", "unchanged", "vanished", "failed")


class SlowItem(TypedDict):
    """An item that took long."""

    source: str
    seconds: float


class CountedWarning(TypedDict):
    """A warning of a batch: in how many items, how often, and what was said where first."""

    items: int
    count: int
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """Progress of a batch, with the item that has just finished."""

    total: int
    done: int
    unchanged: int
    failed: int
    item: ItemRecord

    @property
    def ended(self) -> int:
        """Number of finished items."""
        return self.done + self.unchanged + self.failed


@dataclass(slots=True)
class BatchResult:
    """What a batch did; `failures` are the records of the items that failed, the journal has all.

    `items` are the sources compared with the run before, as the journal has it: `new`, `changed`, `unchanged`,
    `vanished` (not there any more) and `failed`. `slowest` are the items that took longest, `peak_memory` the most
    bytes that a worker process had, `started` and `ended` seconds since 1970, `pruned` the documents that were removed,
    `not_removed` says of others why they could not be.
    """

    total: int = 0
    journal: str = ""
    done: int = 0
    unchanged: int = 0
    failed: int = 0
    not_run: int = 0
    documents: int = 0
    rows: int = 0
    warnings: int = 0
    seconds: float = 0.0
    run: str = ""
    version: str = ""
    started: float = 0.0
    ended: float = 0.0
    peak_memory: int = 0
    items: dict[str, list[str]] = field(default_factory=lambda: {change: [] for change in CHANGES})
    pruned: list[str] = field(default_factory=list)
    not_removed: list[str] = field(default_factory=list)
    slowest: list[SlowItem] = field(default_factory=list)
    failures_by_kind: dict[str, int] = field(default_factory=dict)
    warnings_by_code: dict[str, CountedWarning] = field(default_factory=dict)
    failures: list[ItemRecord] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every item is done, and every document removed that was to be."""
        return not self.failed and not self.not_run and not self.not_removed

    def to_dict(self) -> dict[str, Any]:
        """Return the counts, lists and failures as JSON can hold them."""
        return {**asdict(self), "failures": msgspec.to_builtins(self.failures)}

    def add(self, record: ItemRecord, before: ItemRecord | None = None) -> None:
        """Count an item that has ended; `before` is what an earlier run that did it says of its source."""
        if record.status == "failed":
            self.failed += 1
            self.failures.append(record)
            if record.error is not None:
                self.failures_by_kind[record.error.kind] = self.failures_by_kind.get(record.error.kind, 0) + 1
        elif record.status == "done":
            self.done += 1
        else:
            self.unchanged += 1
        self.items[_change(record, before)].append(record.source)
        self.documents += len(record.targets)
        self.rows += record.rows
        self._count_warnings(record)
        if record.status != "unchanged":
            self.slowest.append({"source": record.source, "seconds": record.seconds})
            self.slowest = sorted(self.slowest, key=lambda item: -item["seconds"])[:_MOST_SLOW]

    def _count_warnings(self, record: ItemRecord) -> None:
        """Count warnings by their code: in how many items, how often, and what was said where first."""
        self.warnings += len(record.warnings)
        for warning in record.warnings:
            first: CountedWarning = {"items": 0, "count": 0, "message": warning["message"], "source": record.source}
            self.warnings_by_code.setdefault(warning["code"], first)["count"] += warning["count"]
        for code in {warning["code"] for warning in record.warnings}:
            self.warnings_by_code[code]["items"] += 1


def _change(record: ItemRecord, before: ItemRecord | None) -> str:
    if record.status == "failed":
        return "failed"
    if before is None:
        return "new"
    return "unchanged" if before.sha256 == record.sha256 else "changed"
