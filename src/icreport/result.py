"""The fidelity record: what became of each element, and the hashes of what was read and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icreport.warnings import ReportWarning


@dataclass(frozen=True, slots=True)
class ElementRecord:
    """What became of one element: its rows in the source and in the document, and all that was changed.

    `changes` holds the warnings of the element, and notes of what is no loss and not worth a warning, such as text of
    a CSV that got a `'`. `rows_in` is None for rows that cannot be counted without a walk. With a view, `index` counts
    the elements of the document and `source_index` those of the report (None: a summary that the view adds), and `view`
    says where rows are left out how many there were, are shown, and by which condition the others are left out.
    """

    index: int
    type: str
    caption: str | None
    rows_in: int | None
    rows_out: int
    changes: tuple[ReportWarning, ...] = ()
    source_index: int | None = None
    view: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON has it."""
        return {
            "index": self.index,
            "type": self.type,
            "caption": self.caption,
            "rows_in": self.rows_in,
            "rows_out": self.rows_out,
            "changes": [change.to_dict() for change in self.changes],
            **({"source_index": self.source_index} if self.source_index != self.index else {}),
            **({"view": self.view} if self.view is not None else {}),
        }


@dataclass(frozen=True, slots=True)
class ConversionResult:
    """What a conversion did: its format, what became of each element, the rows written, and what it has to tell.

    `warnings` are what a person should hear, `notes` what only the record keeps. The hashes are SHA-256 in hexadecimal,
    of the bytes as they were read (compressed, where they are) and as they were published. They are None where there
    are no such bytes: a source that is a dict or a report in memory, a target that is a folder.
    """

    format: str
    elements: tuple[ElementRecord, ...]
    rows: int
    warnings: tuple[ReportWarning, ...]
    notes: tuple[ReportWarning, ...] = ()
    source_sha256: str | None = None
    target_sha256: str | None = None
    target_size: int | None = None

    @property
    def lossless(self) -> bool:
        """Whether the document holds all as the source had it: nothing lost, left out or changed by design."""
        return not any(warning.refused("all") for warning in (*self.warnings, *self.notes))

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON has it (`icreport convert --report`); `changes` are those of no one element."""
        return {
            "format": self.format,
            "source_sha256": self.source_sha256,
            "target_sha256": self.target_sha256,
            "target_size": self.target_size,
            "lossless": self.lossless,
            "rows": self.rows,
            "elements": [element.to_dict() for element in self.elements],
            "changes": [
                change.to_dict()
                for change in (*self.warnings, *self.notes)
                if change.place is None or change.place.element is None
            ],
        }
