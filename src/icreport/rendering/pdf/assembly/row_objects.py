"""What a document learns of painted rows when WeasyPrint is done with it: their structure, and where they lead."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import pydyf

from icreport.rendering.pdf.painter.style_checks import UnknownStyleError
from icreport.rendering.pdf.tag_tree import object_number, parents_of_marks
from icreport.rendering.pdf.weasyprint_inside.box_tree import tables_within
from icreport.rendering.pdf.weasyprint_inside.page_references import page_references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from icreport.rendering.pdf.assembly.painted_pages import PaintedTable
    from icreport.rendering.pdf.assembly.row_tags import TableStructure
    from icreport.rendering.pdf.weasyprint_inside import PageBox


def add_rows(
    pdf: pydyf.PDF, tables: Sequence[PaintedTable], firsts: Sequence[int], page_boxes: Sequence[PageBox]
) -> tuple[Iterable[bytes], int]:
    """Return the objects that painted rows add to a document, which are numbered on from its own, and their number.

    `firsts` are the indexes of the pages where the tables start, `page_boxes` these pages.

    Raises `UnknownStyleError` where the document has no place for them.
    """
    tree = _Tree(pdf, tables, page_boxes) if tables and tables[0].structure is not None else None
    pages = list(map(object_number, page_references(pdf)))
    number = len(pdf.objects)
    made: list[Iterable[bytes]] = []
    for at, (table, first) in enumerate(zip(tables, firsts, strict=True)):
        links = table.links
        indexes = range(first, first + len(links.counts))
        own = [pages[index] for index in indexes]
        if tree is None or table.structure is None:
            _annotate(pdf, links.counts, own, number, 1)
            made.append(b"<<%b>>" % annotation for annotation in links.annotations())
            number += sum(links.counts)
        else:
            first_link = table.structure.links_from(number)
            _annotate(pdf, links.counts, own, first_link + 1, 2)
            made += tree.hang(at, table, table.structure, number, indexes, own)
            number = first_link + 2 * sum(links.counts)
    return chain.from_iterable(made), number - len(pdf.objects)


def _annotate(pdf: pydyf.PDF, counts: Sequence[int], pages: Sequence[int], number: int, step: int) -> None:
    """Tell pages, by their numbers, of their annotations: so many on each, every `step`th object from `number` on."""
    for page, count in zip(pages, counts, strict=True):
        end = number + step * count
        if count:
            pdf.objects[page].setdefault("Annots", pydyf.Array()).append(_references(range(number, end, step)))
        number = end


class _Tree:
    """The structure of a document, into which painted rows are hung (ISO 32000-1, 14.7)."""

    def __init__(self, pdf: pydyf.PDF, tables: Sequence[PaintedTable], page_boxes: Sequence[PageBox]) -> None:
        dictionaries = (item for item in pdf.objects if isinstance(item, pydyf.Dictionary))
        self._bodies = [item for item in dictionaries if item.get("S") == "/TBody" and not item["K"]]
        if len(self._bodies) != len(tables):
            raise UnknownStyleError("the table has several bodies")
        self._parents = parents_of_marks(pdf)
        self._next_key = len(self._parents) // 2
        self._joined: Counter[int] = Counter()
        self._feet = [
            _foot(pdf, body) if table.structure is not None and table.structure.has_foot else None
            for body, table in zip(self._bodies, tables, strict=True)
        ]
        self._attributes = [
            _cell_attributes(pdf, box, table, table.structure)
            for box, table in zip(page_boxes, tables, strict=True)
            if table.structure is not None
        ]

    def hang(
        self,
        at: int,
        table: PaintedTable,
        structure: TableStructure,
        number: int,
        indexes: Sequence[int],
        pages: list[int],
    ) -> tuple[Iterator[bytes], Iterator[bytes]]:
        """Hang in the rows of a table, whose pages have these indexes and numbers; give its objects.

        They are numbered from `number` on.
        """
        body = self._bodies[at]
        body["K"] = pydyf.Array([_references(structure.row_numbers(number))])
        foot = self._feet[at]
        if foot is not None:
            foot["K"] = pydyf.Array([_references(structure.row_numbers(number, foot=True))])
        marks = [table.first_mark, *[0] * len(table.between), table.last_mark]
        for index, mark, elements in zip(indexes, marks, structure.marked_numbers(number), strict=True):
            self._insert(index, mark, elements)
        first_key, links = self._next_key, sum(table.links.counts)
        first_link = structure.links_from(number)
        if links:
            keys = range(first_key, first_key + links)
            self._parents.append(" ".join(f"{key} {first_link + 2 * at} 0 R" for at, key in enumerate(keys)))
            self._next_key += links
        return (
            structure.objects(number, body.number, (foot or body).number, pages, marks, self._attributes[at]),
            structure.link_objects(number, pages, marks, table.links.annotations(), first_key),
        )

    def _insert(self, index: int, mark: int, elements: list[int]) -> None:
        """Insert the elements of the marks from `mark` on of a page; there are many, so they are one item as text."""
        known = self._parents[2 * index + 1]
        place = mark - self._joined[index]
        known[place:place] = [_references(elements)]
        self._joined[index] += len(elements) - 1


def _foot(pdf: pydyf.PDF, body: pydyf.Dictionary) -> pydyf.Dictionary:
    """Return a new element for the totals of a table, after that of its rows."""
    foot = pydyf.Dictionary({"Type": "/StructElem", "S": "/TFoot", "P": body["P"], "K": pydyf.Array()})
    pdf.add_object(foot)
    pdf.objects[object_number(body["P"])]["K"].append(foot.reference)
    return foot


def _cell_attributes(pdf: pydyf.PDF, page_box: PageBox, table: PaintedTable, structure: TableStructure) -> list[int]:
    """Return the numbers of the attributes of the cells in each column: whose they are, or that they head their row."""
    group = tables_within(page_box, table.placeholder.identifier)[0].children
    over = group[0].children[-1].children if group and group[0].is_header else [None] * len(structure.is_head)
    numbers = []
    for head, heads_row in zip(over, structure.is_head, strict=True):
        attributes = pydyf.Dictionary({"O": "/Table"})
        # A blank head is a cell like any other, which heads nothing.
        if head is not None and "ID" in head.mark:
            attributes["Headers"] = pydyf.Array([head.mark["ID"]])
        if heads_row:
            attributes["Scope"] = "/Row"
        pdf.add_object(attributes)
        numbers.append(attributes.number)
    return numbers


def _references(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
