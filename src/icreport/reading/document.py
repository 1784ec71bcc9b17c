"""A report document's elements, one at a time, whatever the order of its keys."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from icreport.errors import LossError, Place, ReadError, ShapeError, one_line
from icreport.model.elements import Element, Table, UnknownElement
from icreport.model.json_object import first_error
from icreport.model.looks import KEY
from icreport.plugins import ELEMENTS, load, names
from icreport.reading.rows import StoredRows, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from icreport.reading.cursor import Cursor
    from icreport.warnings import Warnings

_LOG = logging.getLogger("icreport.plugins")


@cache
def element_types() -> Mapping[str, type[Element]]:
    """Return the models of all element types that are registered."""
    return {name: model for name in names(ELEMENTS) if (model := element_type(name)) is not None}


@cache
def element_type(name: str) -> type[Element] | None:
    """Return the model of an element type, None where it is not registered or its package does not work."""
    try:
        model: type[Element] | None = load(ELEMENTS, name)
    except Exception as error:  # noqa: BLE001 - what a package does when it is imported is its own
        _LOG.warning("the element type %r cannot be had: %s: %s", name, type(error).__name__, one_line(str(error)))
        return None
    return model


class Document:
    """Walks a cursor over a report document; `fields` fills with what stands beside the elements."""

    def __init__(self, cursor: Cursor, warnings: Warnings, widths: Mapping[int, int]) -> None:
        self.fields: dict[str, object] = {}
        self.finished = False
        self._cursor = cursor
        self._warnings = warnings
        self._widths = widths

    def elements(self) -> Generator[Element]:
        """Yield each element when all of it has been seen; a table has its rows until the next is asked for."""
        cursor = self._cursor
        if not cursor.peek():
            raise ReadError("the source is empty", remedy="fetch the report again")
        if cursor.peek() != b"{":
            raise ShapeError(f"the document is {kind_of(cursor.value())}, not a report with elements")
        for name in cursor.members():
            if name != "elements":
                self.fields[name] = cursor.value()
                continue
            if name in self.fields:
                raise ShapeError('the report has "elements" twice')
            self.fields[name] = None
            if cursor.peek() != b"[":
                raise ShapeError(f"the elements of the report are {kind_of(cursor.value())}, not a list")
            for index in cursor.items():
                cursor.place = Place(index)
                yield from self._element(index)
                cursor.place = None
        cursor.end()
        if "elements" not in self.fields:
            raise ShapeError("this JSON is no report: it has no elements", remedy="is it the content of a report job?")
        title = self.fields.get("name")
        if title is not None and not isinstance(title, str):
            raise ShapeError(f"the name of the report is {kind_of(title)}, not a string")
        self.finished = True

    def _element(self, index: int) -> Iterator[Element]:
        cursor = self._cursor
        if index == cursor.limits.elements:
            raise cursor.limits.exceeded("elements", "the report has more elements")
        if cursor.peek() != b"{":
            raise ShapeError(f"an element is {kind_of(cursor.value())}, not an object", place=Place(index))
        rows: list[StoredRows] = []
        try:
            fields: dict[str, object] = {}
            for name in cursor.members():
                kind = fields.get("type")
                if name == "data" and cursor.peek() == b"{" and (kind is None or _is_table(kind)):
                    fields[name] = self._data(index, rows)
                else:
                    fields[name] = cursor.value()
            element = _element(fields, place := Place(index, _caption(fields)), rows, self._warnings)
            if isinstance(element, Table) and len(element.columns) > cursor.limits.columns:
                raise cursor.limits.exceeded("columns", "the table has more columns", place)
            yield element
        finally:
            for stored in rows:
                stored.close()

    def _data(self, index: int, rows: list[StoredRows]) -> dict[str, object]:
        """Walk over the data of what is or may be a table, putting its rows aside."""
        cursor = self._cursor
        data: dict[str, object] = {}
        for name in cursor.members():
            if name in data and name in {"columns", "rows"}:
                raise ShapeError(f'its data has "{name}" twice', place=cursor.place)
            if name == "rows" and cursor.peek() == b"[":
                stored = StoredRows(Place(index), self._warnings, self._widths.get(index, 0), cursor.limits)
                rows.append(stored)
                stored.store(cursor)
                data[name] = stored
            else:
                data[name] = cursor.value()
        return data


def _is_table(kind: object) -> bool:
    model = element_type(kind) if isinstance(kind, str) else None
    return model is not None and issubclass(model, Table)


def _caption(fields: dict[str, object]) -> str | None:
    caption = fields.get("caption")
    return caption if isinstance(caption, str) else None


def _element(fields: dict[str, object], place: Place, rows: list[StoredRows], warnings: Warnings) -> Element:
    """Make the element of its JSON object: where its model does not fit, one whose type counts as unknown.

    What is wrong in how it is to be shown is left out with a warning.
    """

    def tell(message: str) -> None:
        warnings.add("wrong-format", message, place, loss=False)

    if not isinstance(kind := fields.get("type"), str):
        what = f"the type of an element is {kind_of(kind)}, not a string" if "type" in fields else "it has no type"
        raise ShapeError(what, place=place)
    model = element_type(kind) or UnknownElement
    for stored in rows:
        stored.place = place
    try:
        return _fitting(model, fields if issubclass(model, Table) else _without_rows(fields), place, tell)
    except ShapeError as error:
        # A report without a table that it has would be no report; of what packages add nobody can promise the shape.
        if model is Table:
            raise
        if model is not UnknownElement:
            message = f"it is no {kind} as it should be, and is kept as an unknown element: {error.message}"
            warnings.add("element-misfit", message, place)
        return UnknownElement.kept(_without_rows(fields))


def _without_rows(fields: dict[str, object]) -> dict[str, object]:
    """Return the fields of what is no table, all of its data in memory."""
    if not isinstance(data := fields.get("data"), dict):
        return fields
    return fields | {
        "data": {name: part.value() if isinstance(part, StoredRows) else part for name, part in data.items()}
    }


def _fitting(model: type[Element], fields: dict[str, object], place: Place, tell: Callable[[str], None]) -> Element:
    """Make an element of its model; raises `ShapeError` where that does not fit."""
    if issubclass(model, Table):
        data = fields.get("data")
        if not isinstance(data, dict):
            raise ShapeError(f"the data of a table is {kind_of(data)}, not an object", place=place)
        if data.get("columns") is None and data.get("rows") is None:
            raise ShapeError("the table has neither columns nor rows", place=place)
        if not isinstance(data.get("rows"), StoredRows | None):
            raise ShapeError(f"the rows of a table are {kind_of(data['rows'])}, not a list", place=place)
    try:
        made = model.model_validate(fields, by_alias=True, by_name=False, context=tell)
    except ValidationError as error:
        raise ShapeError(first_error(error), place=place) from None
    except LossError:
        raise
    except Exception as error:
        raise ShapeError(f"its model raises {type(error).__name__}", place=place) from error
    if isinstance(made, Table) and (grouped_by := made.format.grouped_by):
        for name in [name for name in grouped_by if name not in made.names]:
            tell(f'"grouped_by" in "{KEY}" names no column of the table: {name[:80]!r}')
    return made
