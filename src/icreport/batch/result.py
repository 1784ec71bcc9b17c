"""The result of a batch, and its progress."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from icreport.batch.records import ItemRecord


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
    """What a batch did; `failures` are the records of the items that failed, the journal has all."""

    total: int
    journal: str
    done: int = 0
    unchanged: int = 0
    failed: int = 0
    not_run: int = 0
    documents: int = 0
    rows: int = 0
    warnings: int = 0
    seconds: float = 0.0
    failures: list[ItemRecord] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every item is done."""
        return not self.failed and not self.not_run

    def to_dict(self) -> dict[str, Any]:
        """Return the counts and failures as JSON can hold them."""
        return {**asdict(self), "failures": msgspec.to_builtins(self.failures)}

    def add(self, record: ItemRecord) -> None:
        """Count an item that has ended."""
        if record.status == "failed":
            self.failed += 1
            self.failures.append(record)
        elif record.status == "done":
            self.done += 1
        else:
            self.unchanged += 1
        self.documents += len(record.targets)
        self.rows += record.rows
        self.warnings += len(record.warnings)
