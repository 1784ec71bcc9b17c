"""The tables of a report, for formats that hold nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.errors import OptionError, Place, RenderError, choices
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.rare_kinds import is_chart, is_image
from icreport.model.spoken import in_words
from icreport.rendering.grid import Grid, grid
from icreport.rendering.renderer import tell_skipped
from icreport.rendering.shown_rows import rows_for_data
from icreport.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.model.elements import Element
    from icreport.model.report import ReportLike
    from icreport.rendering.renderer import Sink
    from icreport.words import Words

TABLE_DESCRIPTION = "Only this table: its number from 1, or its caption; =2 for one that is called 2."
_MOST_NAMED = 1000  # of captions that are kept for a message


_MOST_TOLD = 5
_NO_NUMBER = -1


@dataclass(frozen=True, slots=True)
class NumberedTable:
    """A table with its place, its number among the tables (from 1) and its rectangle."""

    table: Table
    place: Place
    number: int
    grid: Grid

    @property
    def file_stem(self) -> str:
        """What a file of it alone is called."""
        stem = re.sub(r"[^\w.-]+", "-", (self.table.caption or "").casefold()).strip("-.")[:60]
        return f"{self.number:02d}-{stem or 'table'}"


def wanted_tables(
    report: ReportLike,
    wanted: str | None,
    sink: Sink,
    format: str,
    *,
    totals: bool = False,
    labelled: bool = False,
    words: Words = ENGLISH,
) -> Iterator[NumberedTable]:
    """Yield the tables: all, or those that are wanted, with a warning for each element that is left out.

    `wanted` is a number (in digits), else a caption; after `=` it is always a caption. Raises `OptionError` where there
    is no such table, and `RenderError` where there is none at all. `totals` asks for rows with totals, `labelled` has
    these say so in `words`.
    """
    number = found = 0
    captions: dict[str, None] = {}
    for index, element in enumerate(in_words(report.elements, words)):
        place = Place(index, element.caption)
        if is_chart(element) and element.caption and len(captions) < _MOST_NAMED:
            captions[element.caption] = None
        table = _table(element, place, wanted, format, sink)
        if table is None:
            continue
        number += 1
        if len(captions) < _MOST_NAMED:
            captions[table.caption or str(number)] = None
        if wanted is None or is_wanted(table.caption or "", number, wanted):
            found += 1
            whole = grid(table, index, sink.warnings)
            rows = rows_for_data(whole, sink.warnings, place, totals=totals, labelled=labelled, words=words)
            yield NumberedTable(table, place, number, rows)
        else:
            sink.warnings.note("left-out", "another table was asked for", place)
    if not found and number:
        raise OptionError(
            f"there is no table {wanted!r}", remedy=f"the report has {number}; {choices(wanted or '', captions)}"
        )
    if not found:
        raise RenderError(f"the report has no table for {format}", remedy="use another format")


def _table(element: Element, place: Place, wanted: str | None, format: str, sink: Sink) -> Table | None:
    """Return an element as a table, the data of a chart where its caption is wanted; None, told, for what is none."""
    if isinstance(element, Table):
        return element
    if is_chart(element) and wanted is not None and is_wanted(element.caption or "", _NO_NUMBER, wanted):
        return element.table
    if is_chart(element) or isinstance(element, Paragraph | Section):
        sink.warnings.note("left-out", f"{format} holds only tables", place)
    elif is_image(element):
        sink.warnings.add("left-out", f"the image is left out: {format} holds only tables", place, loss=False)
    else:
        tell_skipped(element, place, sink.warnings)
    return None


def is_wanted(caption: str, number: int, wanted: str) -> bool:
    """Return whether a table is meant by its number among the tables (from 1) or its caption."""
    if wanted.isascii() and wanted.isdigit():
        return number == int(wanted)
    return caption == wanted.removeprefix("=") or caption == wanted


def only_table(format: str, name: str) -> RenderError:
    """Return the error of a format whose files hold one table, for a second one."""
    return RenderError(
        f"{format} holds one table, and the report has several",
        remedy=f"say table=NUMBER, or a target that ends in / or, with the format {name}, in .zip;"
        " in a batch a name that ends in .zip",
    )


def tell_replaced(count: int, place: Place, sink: Sink) -> None:
    """Warn of halves of surrogate pairs, which only reports made in Python have, that UTF-8 cannot hold."""
    if count:
        message = "halves of surrogate pairs, which are no text, became U+FFFD"
        sink.warnings.add("lone-surrogate", message, place, count=count)


def tell_changed_heads(heads: list[str], names: list[str], place: Place, sink: Sink) -> None:
    """Tell in a note which columns are called otherwise than in the report."""
    if changed := [f"{head!r} is {name!r}" for head, name in zip(heads, names, strict=True) if head != name]:
        more = ", …" if len(changed) > _MOST_TOLD else ""
        message = "columns are called otherwise, so that each has a name of its own: "
        message += ", ".join(changed[:_MOST_TOLD]) + more
        sink.warnings.note("changed-heads", message, place, count=len(changed))
