"""What differs from document to document of a batch: a CSV with a row for each source."""

from __future__ import annotations

import csv
import io
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from icreport.batch.naming import stem_of
from icreport.errors import ReadError, UsageError
from icreport.model.front_matter import FrontMatter
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LOG = logging.getLogger("icreport.batch")
_SOURCE = "source"
_MOST_BYTES = 64 << 20
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class MetaTable:
    """What documents say of themselves: all of them (`common`), and by the name of their source as a file has it."""

    common: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def said(self) -> list[object]:
        """What documents depend on by it; nothing where it says nothing."""
        return [dict(self.common), dict(self.rows)] if self.common or self.rows else []

    def of(self, source: str) -> dict[str, str]:
        """Return what the document of a source says of itself: its own row before what all say."""
        return dict(self.common) | dict(self._row(source) or {})

    def _row(self, source: str) -> Mapping[str, str] | None:
        return next((self.rows[name] for name in _names_of(source) if name in self.rows), None)

    def tell_unmatched(self, sources: Sequence[str]) -> None:
        """Log how many sources have no row, and how many rows no source, with the first of each."""
        if not self.name:
            return
        without = [redacted(source) for source in sources if self._row(source) is None]
        known = {name for source in sources for name in _names_of(source)}
        unused = [name for name in self.rows if name not in known]
        told = (
            (without, "source has no row", "sources have no row"),
            (unused, "row fits no source", "rows fit no source"),
        )
        for found, one, several in told:
            if found:
                what = one if len(found) == 1 else several
                more = f", and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
                _LOG.warning("%s: %d %s: %s%s", self.name, len(found), what, ", ".join(found[:_MOST_NAMED]), more)


NO_META = MetaTable()


def _names_of(source: str) -> tuple[str, ...]:
    plain = source.replace(os.sep, "/")
    return source, plain, plain.rpartition("/")[2], stem_of(source)


def read_meta(common: Mapping[str, str] | None, path: str | os.PathLike[str] | None) -> MetaTable:
    """Return what all documents say, and what a CSV says for each; raises `ReadError`, `UsageError`."""
    FrontMatter.of(common or {})
    if path is None:
        return MetaTable(dict(common or {}))
    name = os.fspath(path)
    return MetaTable(dict(common or {}), name, dict(_rows(name, *_read(name))))


def _read(name: str) -> tuple[list[str], list[list[str]]]:
    """Return the heads and rows of a CSV (UTF-8, with commas, semicolons or tabs)."""
    try:
        with Path(name).open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReadError(f"{name!r} is not in UTF-8", remedy='save it as "CSV UTF-8"') from None
    except (OSError, ValueError) as error:
        raise ReadError(f"{name!r} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > _MOST_BYTES:
        raise ReadError(f"{name!r} is larger than {_MOST_BYTES >> 20} MB")
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        return [head.strip() for head in next(lines, [])], list(lines)
    except csv.Error as error:
        raise ReadError(f"{name!r} is no CSV: {error}", remedy="is each quote ended?") from None


def _rows(name: str, heads: list[str], lines: list[list[str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each source with what its row says; a cell that is blank says nothing."""
    if _SOURCE not in heads:
        raise UsageError(f"{name!r} has no column {_SOURCE!r}", remedy=f"it has: {', '.join(heads) or 'none'}")
    at, seen = heads.index(_SOURCE), set[str]()
    for number, line in enumerate(lines, 2):
        if not any(cell.strip() for cell in line):
            continue
        where = f"{name!r}, row {number}"
        if len(line) > len(heads) or len(line) <= at or not line[at].strip():
            raise UsageError(f"{where}: it has no source, or more cells than there are columns")
        source = line[at].strip()
        if source in seen:
            raise UsageError(f"{where}: {source!r} has a row before")
        seen.add(source)
        cells = zip(heads, line, strict=False)
        said = {head: cell.strip() for head, cell in cells if head and head != _SOURCE and cell.strip()}
        try:
            FrontMatter.of(said)
        except UsageError as error:
            raise UsageError(f"{where}: {error.message}", remedy=error.remedy) from None
        yield source, said
