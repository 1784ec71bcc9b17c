"""What WeasyPrint leaves undone in the structure of a PDF (ISO 32000-1, 14.7 and 14.8; ISO 14289-1, 7).

It has a table of its own for each page of a table, footers that hang on nothing, and heads that do not say of what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pydyf

from icreport.rendering.pdf.meaning import tell_meaning
from icreport.rendering.pdf.weasyprint_inside import boxes
from icreport.rendering.pdf.weasyprint_inside.box_tree import page_box
from icreport.rendering.pdf.weasyprint_inside.page_references import page_references

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from weasyprint import Document

Reference = bytes
"""What names an object in another one: `12 0 R` (ISO 32000-1, 7.3.10)."""

_HEADINGS = {f"/H{level}" for level in range(1, 7)}


def complete_structure(document: Document, pdf: pydyf.PDF) -> None:
    """Make one table of those that go on over pages, artifacts of what is outside the structure, and give scopes."""
    files = pdf.catalog.get("AF")
    if files is not None:
        # WeasyPrint names each attachment twice.
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(files))
    if "StructTreeRoot" not in pdf.catalog:
        return
    structure = Structure(pdf)
    tell_meaning(document, structure)
    _head_groups(document)
    for part, first in _parts(document):
        structure.join(first, part)
    structure.leave_out_the_rest()
    structure.make_links_one()
    structure.give_scopes()
    structure.list_identifiers()


class _Part(NamedTuple):
    """The part of a table on one page: the elements of its cells, row by row, and what rows they are of."""

    heads: list[list[pydyf.Dictionary]]
    rows: list[list[pydyf.Dictionary]]
    first: boxes.TableRowBox | None
    """The row of the page before and after may be one."""
    last: boxes.TableRowBox | None
    has_groups: bool


def _parts(document: Document) -> Iterator[tuple[_Part, _Part]]:
    """Yield each part of a table that goes on on a further page, with the part before it."""
    before: dict[str, _Part] = {}
    for page in document.pages:
        for table in page_box(page).descendants():
            if not isinstance(table, boxes.TableBox) or table.element is None:
                continue
            identifier = table.element.get("id")
            part = _part(table)
            if identifier and part.heads + part.rows:
                if identifier in before:
                    yield part, before[identifier]
                before[identifier] = part


def _head_groups(document: Document) -> None:
    """Have cells name the headings of their groups: WeasyPrint has them head the first column of the whole table."""
    around: dict[str, dict[int, pydyf.String]] = {}
    for page in document.pages:
        for table in page_box(page).descendants():
            if isinstance(table, boxes.TableBox) and table.element is not None and (name := table.element.get("id")):
                rows = [row for group in table.children if not group.is_header for row in group.children]
                if name in around or any(map(_is_heading_of_group, rows)):
                    _name_headings(rows, around.setdefault(name, {}))


def _name_headings(rows: Sequence[boxes.TableRowBox], around: dict[int, pydyf.String]) -> None:
    """Have the cells of rows name the headings `around` them, by level, which change from group to group."""
    headings = [cell["ID"] for row in rows if _is_heading_of_group(row) for cell in _marks(row) if "ID" in cell]
    named = {heading.data for heading in headings}
    for row in rows:
        if _is_heading_of_group(row):
            level = int(_class_of(row)[-1])
            for inner in [each for each in around if each >= level]:
                del around[inner]
            for cell in _marks(row):
                around[level] = cell["ID"]
        elif _class_of(row).startswith("total"):
            around.clear()
        for cell in _marks(row):
            if cell["S"] == "/TD":
                others = [head for head in cell["A"].get("Headers", ()) if head.data not in named]
                cell["A"]["Headers"] = pydyf.Array([*around.values(), *others])


def _is_heading_of_group(row: boxes.TableRowBox) -> bool:
    return _class_of(row).startswith("group ")


def _class_of(row: boxes.TableRowBox) -> str:
    return (row.element.get("class") or "") if row.element is not None else ""


def _part(table: boxes.TableBox) -> _Part:
    rows = [(group.is_header, row) for group in table.children for row in group.children]
    body = [row for is_head, row in rows if not is_head]
    return _Part(
        [_marks(row) for is_head, row in rows if is_head],
        [_marks(row) for row in body],
        body[0].element if body else None,
        body[-1].element if body else None,
        any(map(_is_heading_of_group, body)),
    )


def _marks(row: boxes.TableRowBox) -> list[pydyf.Dictionary]:
    return [cell.mark for cell in row.children if hasattr(cell, "mark")]


class Structure:
    """The structure of a document; its elements are known by their references."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self._pdf = pdf
        self._root = structure_root(pdf)
        self._elements: dict[Reference | None, pydyf.Dictionary] = {
            item.reference: item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and "P" in item
        }
        self._marks: dict[int, dict[int, pydyf.Dictionary]] = {}

    def marked(self, page: int, mark: int) -> pydyf.Dictionary:
        """Return the element of a mark on the page with this index."""
        if page not in self._marks:
            references = parents_of_marks(self._pdf)[2 * page + 1]
            numbers = _numbers(self._content(page_references(self._pdf)[page]))
            self._marks[page] = dict(zip(numbers, references, strict=True))
        return self._elements[self._marks[page][mark]]

    def set_heading(self, element: pydyf.Dictionary, level: int) -> None:
        """Set the level of a heading."""
        while element and not _is_heading(element):
            element = self._parent(element)
        if element:
            element["S"] = f"/H{level}"

    def _content(self, page: pydyf.Dictionary) -> pydyf.Stream:
        return _referenced(self._pdf, _referenced(self._pdf, page)["Contents"])

    def join(self, before: _Part, part: _Part) -> None:
        """Let the rows of a part follow those of the part before, under its heads; its own repeat them."""
        table, first = self._table_of(part), self._table_of(before)
        if table is None or first is None or table is first:
            return
        repeated = [self._elements[head[0]["P"]]["P"] for head in part.heads if head]
        for reference in table["K"]:
            if reference not in repeated:
                self._hang(reference, first)
        # The heading of a group is one cell over all columns.
        lengths = set(map(len, (*before.heads, *part.heads, *part.rows)))
        if len(lengths - {1}) <= 1 and (len(lengths) == 1 or part.has_groups):
            self._head(before, part)
        if before.last is part.first and before.rows and part.rows:
            self._join_cells(before.rows[-1], part.rows[0])
        table["K"] = pydyf.Array()
        self.drop(table)

    def _table_of(self, part: _Part) -> pydyf.Dictionary:
        cell: pydyf.Dictionary = next((cell for row in (*part.heads, *part.rows) for cell in row), {})
        table = self._parent(self._parent(self._parent(cell)))
        return table if table.get("S") == "/Table" else None

    def _head(self, before: _Part, part: _Part) -> None:
        """Have cells name the heads on the table's first page; on that of a very tall row there may be none."""
        own = {cell["ID"].data for row in part.heads for cell in row if "ID" in cell}
        # What comes after this part has its heads from here.
        part.heads[:] = before.heads
        for row in part.rows:
            for column, cell in enumerate(row):
                if cell["S"] == "/TD" and len(row) == len(before.heads[0] if before.heads else row):
                    named = [head for head in cell["A"].get("Headers", ()) if head.data not in own]
                    over = [heads[column]["ID"] for heads in part.heads if "ID" in heads[column]]
                    cell["A"]["Headers"] = pydyf.Array([*named, *over])

    def _join_cells(self, cells: Sequence[pydyf.Dictionary], rest: Sequence[pydyf.Dictionary]) -> None:
        """Have cells go on with what they have on the next page: a row that was split there."""
        row = self._parent(rest[0])
        for cell, more in zip(cells, rest, strict=True):
            for reference in more["K"]:
                self._hang(reference, cell)
            more["K"] = pydyf.Array()
        self.drop(row)

    def _hang(self, reference: Reference, parent: pydyf.Dictionary) -> None:
        self._elements[reference]["P"] = parent.reference
        parent["K"].append(reference)

    def drop(self, element: pydyf.Dictionary) -> None:
        """Take an element off, and what held nothing else."""
        parent = self._parent(element)
        if element.reference not in parent.get("K", ()):
            return  # with another of its marks
        parent["K"].remove(element.reference)
        if not parent["K"]:
            self.drop(parent)

    def _parent(self, element: pydyf.Dictionary) -> pydyf.Dictionary:
        """Return the element that an element is in, an empty one if there is none."""
        return self._elements.get(element.get("P"), {})

    def leave_out_the_rest(self) -> None:
        """Make artifacts of what no element of the structure has: heads on further pages, and the margins of pages."""
        held = set(self._held())
        marks = parents_of_marks(self._pdf)
        for page, references in zip(page_references(self._pdf), marks[1::2], strict=False):
            if not held.issuperset(references):
                stream = self._content(page)
                left_out = {
                    number for number, each in zip(_numbers(stream), references, strict=True) if each not in held
                }
                _unmark(stream, left_out)
                references[:] = [each if each in held else "null" for each in references]
        for reference, element in list(self._elements.items()):
            if element.get("Type") == "/StructElem" and reference not in held:
                # pydyf cannot leave out an object that others are numbered after.
                element.clear()
                del self._elements[reference]

    def _held(self) -> Iterator[Reference]:
        waiting = list(self._root["K"])
        while waiting:
            reference = waiting.pop()
            element = self._elements.get(reference)
            if element is not None and element.get("Type") == "/StructElem":
                yield reference
                waiting += element["K"]

    def make_links_one(self) -> None:
        """Make parts of links of what was generated in them, which WeasyPrint calls links too."""
        for element in self._elements.values():
            if element.get("S") == "/Link" and not any(map(self._is_annotation, element["K"])):
                element["S"] = "/Span"

    def _is_annotation(self, kid: Reference | int) -> bool:
        return not isinstance(kid, int) and _referenced(self._pdf, kid).get("Type") == "/OBJR"

    def give_scopes(self) -> None:
        """Set the scope of each header of a table: its row if it stands among the rows, else its column."""
        for element in self._elements.values():
            if element.get("S") == "/TH" and "A" in element:
                group = self._parent(self._parent(element))
                element["A"]["Scope"] = "/Row" if group.get("S") in ("/TBody", "/TFoot") else "/Column"

    def list_identifiers(self) -> None:
        """Add the tree of identifiers, which is due as soon as an element has one (ISO 32000-1, table 322)."""
        named = {element["ID"].data: element for element in self._elements.values() if "ID" in element}
        if named:
            pairs = [item for name in sorted(named) for item in (named[name]["ID"], named[name].reference)]
            self._root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(pairs)})


def _is_heading(element: pydyf.Dictionary) -> bool:
    return str(element.get("S", "")) in _HEADINGS


def _numbers(stream: pydyf.Stream) -> list[int]:
    """Return the numbers of marks that are not the painter's, which has some between these."""
    return sorted(part["MCID"] for part in stream.stream if _is_mark(part))


def _unmark(stream: pydyf.Stream, marks: set[int]) -> None:
    """Make artifacts of what has these marks (ISO 32000-1, 14.8.2.2)."""
    kept: list[object] = []
    for part in stream.stream:
        if _is_mark(part) and part["MCID"] in marks:
            kept[-1] = "/Artifact"
        elif part == b"BDC" and kept[-1] == "/Artifact":
            kept.append(b"BMC")
        else:
            kept.append(part)
    stream.stream = kept


def _is_mark(part: object) -> bool:
    return isinstance(part, pydyf.Dictionary) and "MCID" in part


def structure_root(pdf: pydyf.PDF) -> pydyf.Dictionary:
    """Return the root of a document's structure."""
    return _referenced(pdf, pdf.catalog["StructTreeRoot"])


def parents_of_marks(pdf: pydyf.PDF) -> pydyf.Array:
    """Return the tree of parents: for each page its number and the elements of its marks in their order, by turns."""
    return _referenced(pdf, structure_root(pdf)["ParentTree"])["Nums"]


def _referenced(pdf: pydyf.PDF, reference: Reference) -> pydyf.Dictionary:
    return pdf.objects[object_number(reference)]


def object_number(reference: Reference) -> int:
    """Return the number of the object that a reference is to."""
    return int(reference.split()[0])
