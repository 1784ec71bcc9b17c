"""A report document in memory, and what it has in common with one that is scanned."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sized
from typing import TYPE_CHECKING, Any, Protocol, Self

import msgspec
from pydantic import Field, PrivateAttr, field_validator

from icreport.errors import UsageError
from icreport.model.dataframes import is_frame
from icreport.model.elements import Element, Table
from icreport.model.front_matter import FrontMatter, ReportFormat, or_nothing
from icreport.model.json_object import JsonObject, Shortened, check_names, fields_of, set_private
from icreport.values import encode_exact_float
from icreport.warnings import ReportWarning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Report(JsonObject):
    """A report document in memory."""

    name: str | None = None
    format: ReportFormat | None = Field(default=None, alias="icreport")
    elements: list[Element]
    _source: str | None = PrivateAttr(default=None)
    _warnings: tuple[ReportWarning, ...] = PrivateAttr(default=())

    def __init__(
        self,
        *,
        elements: Iterable[Element],
        name: str | None = None,
        document: FrontMatter | Mapping[str, object] | None = None,
    ) -> None:
        """Make a report of its elements, and of what it says of itself as a document; raises `UsageError`."""
        fields: dict[str, object] = {} if name is None else {"name": name}
        if document is not None:
            fields["format"] = ReportFormat(document=FrontMatter.of(document))
        super().__init__(**fields, elements=elements)

    def replace(self, **changes: Any) -> Self:
        """Return a report like this with another name, other elements or another front matter (`document`)."""
        check_names(type(self), changes, [*fields_of(type(self)), "document"])
        if "document" in changes:
            said = FrontMatter.of({} if changes["document"] is None else changes["document"])
            del changes["document"]
            changes["format"] = (self.format or ReportFormat()).model_copy(update={"document": said})
        return super().replace(**changes)

    @field_validator("elements", mode="before")
    @classmethod
    def _are_elements(cls, elements: object) -> object:
        if is_frame(elements) or isinstance(elements, Element | str | dict) or not isinstance(elements, Iterable):
            raise UsageError(
                f"the elements of a report are a {type(elements).__name__}, not a list of elements",
                remedy="give a list; Table.of makes a table of a data frame",
            )
        listed = elements if isinstance(elements, list) else list(elements)
        for element in listed:
            if not isinstance(element, Element):
                remedy = "Table.of makes a table of it" if is_frame(element) else "icreport.read takes documents"
                raise UsageError(f"an element is a {type(element).__name__}, not an Element", remedy=remedy)
        return listed

    @property
    def document(self) -> FrontMatter:
        """The front matter: client, number, revision and the like; false where the report says nothing of it."""
        return or_nothing(self.format.document if self.format else None)

    @property
    def source(self) -> str | None:
        """Where the report came from, as a person would name it; not part of the document."""
        return self._source

    @property
    def warnings(self) -> tuple[ReportWarning, ...]:
        """Warnings from reading the report."""
        return self._warnings

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [element for element in self.elements if isinstance(element, Table)]

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        if self.name is not None:
            yield "name", Shortened(self.name)
        yield "elements", len(self.elements)
        yield "tables", len(self.tables)
        yield "rows", sum(len(table.data.rows) for table in self.tables if isinstance(table.data.rows, Sized))

    def _repr_html_(self) -> str:
        from icreport.model.notebook import report_html

        return report_html(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the document as JSON text, equal to the one that was read."""
        text = msgspec.json.encode(self.to_object(), enc_hook=encode_exact_float)
        return (text if indent is None else msgspec.json.format(text, indent=indent)).decode()


def as_read(report: Report, source: str | None, warnings: tuple[ReportWarning, ...]) -> Report:
    """Set where a report that was just made came from, and what reading it told; returns it."""
    return set_private(report, _source=source, _warnings=warnings)


class RowsLeftOut(Protocol):
    """Rows that are not shown."""

    def to_dict(self) -> dict[str, object]:
        """Return how many are given, shown and left out, as JSON has it."""


class ShownElement(Protocol):
    """An element that stands for one of another report, or for several."""

    @property
    def source_index(self) -> int | None:
        """Its index in that report, None where it is in none."""

    @property
    def rows_in(self) -> int | None:
        """How many rows it was made of; None where they cannot be counted without a walk."""

    @property
    def left_out(self) -> RowsLeftOut | None:
        """Which of them are not shown, None where all are."""


class ShownReport(ABC):
    """A report that another is the source of, such as one that a view shows."""

    report: ReportLike
    """The report that is shown."""
    shown: Sequence[ShownElement]
    """The elements of the last walk so far."""

    @property
    @abstractmethod
    def warnings(self) -> tuple[ReportWarning, ...]:
        """What was told of the report, and of what shows it."""

    @property
    @abstractmethod
    def notes(self) -> tuple[ReportWarning, ...]:
        """What is left out on purpose."""

    @abstractmethod
    def restart(self, element: int, width: int) -> None:
        """Walk over the report anew, an element of it as wide as is known by now."""


class ReportLike(Protocol):
    """A report in memory or a scan of one, as renderers and views get it, walked once and in order.

    In a scan the name may only be known when the elements have been walked: ask for it last.
    """

    @property
    def name(self) -> str | None:
        """The name, if the document has one."""

    @property
    def document(self) -> FrontMatter:
        """The front matter, false where nothing is said of it; in a scan to be asked for last, too."""

    @property
    def elements(self) -> Iterable[Element]:
        """The elements, to be walked once."""

    @property
    def source(self) -> str | None:
        """The name of the file or job that the report came from."""

    def to_json(self) -> str:
        """Return the whole document as JSON text."""
