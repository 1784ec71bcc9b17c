"""Read a report whole (`read`) or row by row in flat memory (`scan`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast

from icreport.limits import Limits
from icreport.model.elements import Element, Table
from icreport.model.front_matter import NOTHING, FrontMatter, ReportFormat, or_nothing
from icreport.model.looks import KEY
from icreport.model.report import Report, as_read
from icreport.reading.cursor import Cursor
from icreport.reading.document import Document
from icreport.reading.source import OpenSource, Source, open_source
from icreport.reading.text import utf8_blocks
from icreport.urls import HIDDEN
from icreport.warnings import Warnings

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(source: Source, *, limits: Limits | None = None) -> Report:
    """Read a whole report document into memory.

    The source is a path, file object, fsspec URL, bytes, dict, or JSON text (a `str` that starts with `{`); plain or
    gzip; UTF-8, or UTF-16/32 with a byte order mark. Raises `ReadError` and its kinds.
    """
    with scan(source, limits=limits) as found:
        elements = [_kept(element) for element in found.elements]
        fields: dict[str, object] = found.fields | {"elements": elements}
        report = Report.model_validate(fields, by_alias=True, by_name=False, context=found.tell)
        return as_read(report, found.source, tuple(found.warnings))


def _kept(element: Element) -> Element:
    if isinstance(element, Table) and element.data.rows is not None:
        # Frozen for users; here the one-pass rows of a fresh element are replaced by all of them.
        element.data.__dict__["rows"] = list(element.data.rows)
    return element


def scan(source: Source, *, limits: Limits | None = None) -> ReportScan:
    """Open a report document to walk over its elements once, and over the rows of each table, in flat memory.

    Takes the same sources as `read` and gives the same elements and values. Use it as a context manager.
    """
    return ReportScan(open_source(source), limits or Limits.from_environment())


class ReportScan:
    """A report document that is walked over: the same shape as `Report`, rows as they come from the source."""

    def __init__(self, source: OpenSource, limits: Limits) -> None:
        self.limits = limits
        self.warnings = Warnings()
        self._source = source
        self._widths: dict[int, int] = {}
        self._document_asked: object = None
        self._fields_ahead: list[dict[str, object]] = []
        self._start()

    def _start(self) -> None:
        self._stream = self._source.open()
        blocks = utf8_blocks(cast("BinaryIO", self._stream), self.limits)
        self._document = Document(Cursor(blocks, self.warnings, self.limits), self.warnings, self._widths)
        self._elements = self._document.elements()
        self._asked = False

    @property
    def source(self) -> str | None:
        """The file name of the source without its suffix, if it has one."""
        return _stem(self._source.name)

    @property
    def elements(self) -> Iterator[Element]:
        """The elements, each time from the first; the rows of a table can be walked until the next is asked for."""
        if self._asked:
            self._start_again()
        self._asked = True
        return self._elements

    @property
    def fields(self) -> dict[str, Any]:
        """What stands beside the elements, complete when they have been walked over."""
        return self._document.fields

    @property
    def name(self) -> str | None:
        """The name of the report; before the end of the walk this may read the source a second time to find it."""
        name: str | None = self._beside("name")
        return name

    @property
    def document(self) -> FrontMatter:
        """The front matter of the report; as the name, it may be at the end of the source."""
        said = self._beside(KEY)
        if said is None:
            return NOTHING
        tell = self.tell if self._document_asked != said else _hear_nothing
        self._document_asked = said
        return or_nothing(ReportFormat.model_validate(said, by_alias=True, by_name=False, context=tell).document)

    @property
    def document_at_start(self) -> FrontMatter:
        """What of the front matter has been read: that before the elements, when the first has been asked for."""
        return self.document if KEY in self.fields else NOTHING

    def tell(self, message: str) -> None:
        """Warn of what is wrong in how the report is to be shown."""
        self.warnings.add("wrong-format", message, loss=False)

    def _beside(self, field: str) -> Any:
        """Return what stands beside the elements; before the end of the walk this may read the source once more."""
        if field in self.fields or self._document.finished:
            return self.fields.get(field)
        if not self._fields_ahead:
            ahead = ReportScan(self._source, self.limits)
            for _ in ahead.elements:
                pass
            self._fields_ahead.append(ahead.fields)
            ahead._stop()
        return self._fields_ahead[0].get(field)

    def to_json(self) -> str:
        """Return the document's text as it came, all of it in memory."""
        with self._source.open() as stream:
            return b"".join(utf8_blocks(cast("BinaryIO", stream), self.limits)).decode("utf-8", "replace")

    @property
    def sha256(self) -> str | None:
        """The hash of the source's bytes, when all of it has been walked over; None where it has none."""
        if not self._document.finished or not self._source.is_document:
            return None
        return self._stream.sha256()

    def restart(self, element: int, width: int) -> None:
        """Start again, reckoning with rows of `width` values in the table at `element`."""
        self._widths[element] = width
        self._start_again()

    def _start_again(self) -> None:
        self._stop()
        self.warnings.clear()
        self._start()

    def close(self) -> None:
        """Close the source and temporary files."""
        self._stop()
        self._source.close()

    def _stop(self) -> None:
        self._elements.close()
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _hear_nothing(_: str) -> None:
    """Hear what was told before."""


def _stem(name: str | None) -> str | None:
    # Streams such as <stdin> and /dev/fd/63 have names that are no titles.
    if name is None or name.startswith(("<", "/dev/", "/proc/")):
        return None
    name = name.removesuffix(HIDDEN)
    # A name that is not UTF-8 has halves of surrogate pairs, which no document holds.
    stem = os.fsencode(Path(name).name).decode("utf-8", "replace").removesuffix(".gz")
    return Path(stem).stem or None
