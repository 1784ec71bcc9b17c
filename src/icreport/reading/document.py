"""A report document's elements, one at a time, whatever the order of its keys."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from icreport.errors import Place, ReadError, ShapeError
from icreport.model.elements import Element, Table, UnknownElement
from icreport.plugins import ELEMENTS, load, names
from icreport.reading.rows import StoredRows, kind_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from icreport.reading.cursor import Cursor
    from icreport.warnings import Warnings


@cache
def element_types() -> Mapping[str, type[Element]]:
    """Return the models of all element types that are registered."""
    return {name: load(ELEMENTS, name) for name in names(ELEMENTS)}


@cache
def element_type(name: str) -> type[Element] | None:
    """Return the model of an element type, None where it is not registered."""
    model: type[Element] | None = load(ELEMENTS, name)
    return model


class Document:
    """Walks a cursor over a report document; `fields` fills with what stands beside the elements."""

    def __init__(self, cursor: Cursor, warnings: Warnings, widths: Mapping[int, int]) -> None:
        self.fields: dict[str, Any] = {}
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
            fields: dict[str, Any] = {}
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

    def _data(self, index: int, rows: list[StoredRows]) -> dict[str, Any]:
        """Walk over the data of what is or may be a table, putting its rows aside."""
        cursor = self._cursor
        data: dict[str, Any] = {}
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


def _caption(fields: dict[str, Any]) -> str | None:
    caption = fields.get("caption")
    return caption if isinstance(caption, str) else None


def _element(fields: dict[str, Any], place: Place, rows: list[StoredRows], warnings: Warnings) -> Element:
    """Make the element of its JSON object; what is wrong in how it is to be shown is left out with a warning."""

    def tell(message: str) -> None:
        warnings.add("wrong-format", message, place, loss=False)

    if not isinstance(kind := fields.get("type"), str):
        what = f"the type of an element is {kind_of(kind)}, not a string" if "type" in fields else "it has no type"
        raise ShapeError(what, place=place)
    model = element_type(kind) or UnknownElement
    if issubclass(model, Table):
        for stored in rows:
            stored.place = place
        data = fields.get("data")
        if not isinstance(data, dict):
            raise ShapeError(f"the data of a table is {kind_of(data)}, not an object", place=place)
        if data.get("columns") is None and data.get("rows") is None:
            raise ShapeError("the table has neither columns nor rows", place=place)
        if not isinstance(data.get("rows"), StoredRows | None):
            raise ShapeError(f"the rows of a table are {kind_of(data['rows'])}, not a list", place=place)
    elif isinstance(data := fields.get("data"), dict):
        stored_parts = {name: part.value() for name, part in data.items() if isinstance(part, StoredRows)}
        fields = fields | {"data": data | stored_parts}
    try:
        return model.model_validate(fields, by_alias=True, by_name=False, context=tell)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise ShapeError(f"{where.lstrip('.')}: {first['msg'].lower()}", place=place) from None
