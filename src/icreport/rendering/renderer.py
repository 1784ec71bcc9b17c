"""What a renderer is: a class with a format, its options as typed fields, and one method."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, Field

from icreport.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from pydantic.fields import FieldInfo

    from icreport.errors import Place
    from icreport.limits import Limits
    from icreport.model.elements import Element
    from icreport.model.report import ReportLike
    from icreport.warnings import Warnings
    from icreport.words import Words


class Sink(Protocol):
    """Where a renderer puts its document and what it has to say."""

    warnings: Warnings
    limits: Limits

    def write(self, data: bytes, /) -> object:
        """Add bytes to the document."""

    def insert(self, at: int, data: bytes) -> None:
        """Put bytes among those that were written, before the byte with index `at`."""

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Start a further file of a document that is a folder or a ZIP archive."""

    @property
    def is_folder(self) -> bool:
        """Whether the target takes several files (`open`) instead of one (`write`)."""

    def advance(self, rows: int, phase: str | None = None) -> None:
        """Count so many more rows as done: as taken or, in a format that goes over them again, in that `phase`."""


def tell_skipped(element: Element, place: Place, warnings: Warnings) -> None:
    """Warn of an element whose type a format cannot show; under `strict` an error."""
    warnings.add("unknown-element", f'an element of type "{element.type}" is not shown', place)


class Renderer(BaseModel, ABC):
    """Turns a report into one format; its fields are the options of that format."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    format: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    media_type: ClassVar[str]

    title: str | None = Field(default=None, description="Title of the document instead of the report's name.")

    @classmethod
    def options(cls) -> Mapping[str, FieldInfo]:
        """Return the options by the names under which they are said."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}

    @abstractmethod
    def render(self, report: ReportLike, sink: Sink) -> None:
        """Walk the report once and write the document to the sink."""

    def title_of(self, report: ReportLike, words: Words = ENGLISH) -> str:
        """Return the title: the option, else the report's name, else the name of its source, else `Report`."""
        return self.title or words.of(report.name or "") or report.source or words("Report")
