"""Texts of ours in the elements of a report (`icreport.words.Said`), said in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from icreport.model.elements import Table
from icreport.model.rare_kinds import is_chart
from icreport.model.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icreport.model.elements import Column, Element
    from icreport.words import Words


class SaidRows(list[Row]):
    """Rows in memory some of whose values are texts of ours."""


def in_words(elements: Iterable[Element], words: Words) -> Iterator[Element]:
    """Yield elements with their texts in the words of a document; others are given as they are."""
    for element in elements:
        yield _said(element, words)


def _said(element: Element, words: Words) -> Element:
    changes: dict[str, object] = {}
    if element.caption is not None and (caption := words.of(element.caption)) is not element.caption:
        changes["caption"] = caption
    if is_chart(element):
        return element.in_words(words)
    if isinstance(element, Table):
        data: dict[str, object] = {}
        columns = [_column(column, words) for column in element.columns]
        if any(said is not column for said, column in zip(columns, element.columns, strict=True)):
            data["columns"] = columns
        if isinstance(element.data.rows, SaidRows):
            data["rows"] = [_row(row, words) for row in element.data.rows]
        if data:
            changes["data"] = element.data.model_copy(update=data)
    return element.model_copy(update=changes) if changes else element


def _column(column: Column, words: Words) -> Column:
    caption = words.of(column.caption) if isinstance(column.caption, str) else column.caption
    return column if caption is column.caption else column.model_copy(update={"caption": caption})


def _row(row: Row, words: Words) -> Row:
    return replace(row, values=tuple([words.of(value) if isinstance(value, str) else value for value in row.values]))
