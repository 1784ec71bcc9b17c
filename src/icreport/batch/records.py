"""Per-item results, for the journal and the progress callback."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class TargetRecord(msgspec.Struct, frozen=True):
    """A document that was written: where, in which format, its bytes and their SHA-256, and the rows in it."""

    path: str
    format: str
    size: int
    sha256: str
    rows: int


class ErrorRecord(msgspec.Struct, frozen=True):
    """Why an item failed: the name of the error's class, and its one line."""

    kind: str
    message: str


class ItemRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """The result of one item: a line of the journal.

    `recipe` is a digest of the formats and options, by which a later run knows whether it would do the same; `rows` is
    the number of rows in the source. `status` is `done`, `unchanged` (a resumed run found it done), `failed`, or, of a
    source that is gone and whose documents were removed, `removed`. Of one that was compared with an older report,
    `changes` has the numbers of rows, and `compared_sha256` the hash of that. `time` (RFC 3339) is when it ended, `run`
    the id of the run, `version` that of icreport; journals from before these have none.
    """

    source: str
    status: Literal["done", "unchanged", "failed", "removed"]
    recipe: str
    sha256: str | None = None
    targets: tuple[TargetRecord, ...] = ()
    elements: int = 0
    rows: int = 0
    warnings: tuple[dict[str, Any], ...] = ()
    seconds: float = 0.0
    error: ErrorRecord | None = None
    changes: dict[str, int] = {}
    compared_sha256: str | None = None
    time: str = ""
    run: str = ""
    version: str = ""
