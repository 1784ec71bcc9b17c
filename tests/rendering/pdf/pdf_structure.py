"""What PDF/UA-1 (ISO 14289-1) asks of the structure of a document: of its tree, its tables and its headings."""

import re
from collections import Counter
from dataclasses import dataclass

import pikepdf

CELLS = {"/TH", "/TD"}
ROW_GROUPS = {"/THead", "/TBody", "/TFoot"}
PARTS = {
    "/Table": {"/Caption", "/TR", *ROW_GROUPS},
    **{group: {"/TR"} for group in ROW_GROUPS},
    "/TR": CELLS,
}
WHOLES = {
    "/TR": {"/Table", *ROW_GROUPS},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
    **{group: {"/Table"} for group in ROW_GROUPS},
}
SCOPES = {"/Row", "/Column", "/Both"}


@dataclass(eq=False, slots=True)
class Element:
    """An element of the structure, with what is in it: elements, marks and references to objects."""

    item: pikepdf.Dictionary
    kind: str
    parent: "Element | None"
    kids: list
    page: pikepdf.Dictionary | None

    @property
    def number(self):
        """The number of its object."""
        return self.item.objgen[0]


@dataclass(frozen=True)
class Cell:
    """What the attributes of a cell say about its place in the table."""

    columns: int = 1
    rows: int = 1
    scope: str = ""
    heads: tuple[str, ...] = ()


class Structure:
    """The elements of a document in the order in which they are read."""

    def __init__(self, pdf, shown):
        self._root = pdf.Root.StructTreeRoot
        self._pages = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        self._marks = {page.objgen: set(marks.marks) for page, marks in zip(pdf.pages, shown, strict=True)}
        self._annotations = {page.objgen: {item.objgen for item in page.get("/Annots", [])} for page in pdf.pages}
        self._cells = {}
        self.held = set()
        """Which objects are elements that the tree holds."""
        self._twice = []
        with pdf.open_outline() as outline:
            self._outline = list(_depths(outline.root))
        # The tree of identifiers has one node in the files that are checked here.
        self._identifiers = {_text(name) for name in list(self._root.get("/IDTree", {}).get("/Names", []))[::2]}
        self.elements = list(self._walk())
        self._cells_in = {element: [] for element in self.elements if element.kind == "/TR"}
        for element in self.elements:
            if element.kind in CELLS and element.parent in self._cells_in:
                self._cells_in[element.parent].append(element)

    def _walk(self):
        stack = [(None, kid) for kid in reversed(kids_of(self._root))]
        while stack:
            parent, item = stack.pop()
            if type(item) is int or not isinstance(item, pikepdf.Dictionary) or "/S" not in item:
                continue
            element = Element(item, str(item.S), parent, kids_of(item), item.get("/Pg"))
            if item.objgen in self.held:
                self._twice.append(element)
                continue
            self.held.add(item.objgen)
            yield element
            stack += [(element, kid) for kid in reversed(element.kids)]

    def _at(self, element):
        """Say where an element is."""
        page = self._pages.get(element.page.objgen) if element.page is not None else None
        return f"{'' if page is None else f'page {page}: '}{element.kind} (object {element.number})"

    def problems(self):
        """All that is wrong with the structure, a line each."""
        yield from self._parents()
        yield from self._places()
        yield from self._parts()
        yield from self._rows()
        yield from self._heads()
        yield from self._headings()
        yield from self._stand_ins()

    def _parents(self):
        """Each element is in the tree once, and names the one that holds it."""
        for element in self._twice:
            yield f"{self._at(element)} is held twice"
        for element in self.elements:
            holder = self._root if element.parent is None else element.parent.item
            named = element.item.get("/P")
            if named is None or not named.is_indirect or named.objgen != holder.objgen:
                yield f"{self._at(element)} names another parent than the one that holds it, object {holder.objgen[0]}"

    def _places(self):
        """What an element has on a page is on that page of the document."""
        for element in self.elements:
            if element.page is not None and element.page.objgen not in self._pages:
                yield f"{self._at(element)} is on no page of the document"
            for kid in element.kids:
                if type(kid) is int:
                    yield from self._mark(element, kid, element.page)
                elif "/S" not in kid:
                    yield from self._reference(element, kid)

    def _reference(self, element, kid):
        page = kid.get("/Pg", element.page)
        if "/MCID" in kid and "/Stm" in kid:
            yield f"{self._at(element)}: mark {kid.MCID} is in a stream that is not looked into"
        elif "/MCID" in kid:
            yield from self._mark(element, int(kid.MCID), page)
        elif page is None or page.objgen not in self._pages:
            yield f"{self._at(element)}: its annotation is on no page of the document"
        elif "/Obj" in kid and kid.Obj.objgen not in self._annotations[page.objgen]:
            yield f"{self._at(element)}: its annotation is not on page {self._pages[page.objgen]}"

    def _mark(self, element, mark, page):
        if page is None or page.objgen not in self._pages:
            yield f"{self._at(element)}: mark {mark} is on no page of the document"
        elif mark not in self._marks[page.objgen]:
            yield f"{self._at(element)}: mark {mark} is not on page {self._pages[page.objgen]}"

    def _parts(self):
        """The parts of tables are in what they are parts of, and nothing else is."""
        for element in self.elements:
            parent = element.parent.kind if element.parent else "the root"
            known, whole = PARTS.get(parent), WHOLES.get(element.kind)
            if (known is not None and element.kind not in known) or (whole is not None and parent not in whole):
                yield f"{self._at(element)}: {element.kind} in {parent}"

    def _rows(self):
        """All rows of a table have cells for as many columns."""
        for rows in self._tables():
            widths = self._widths(rows)
            counts = Counter(widths)
            usual = max(counts, key=lambda width: (counts[width], width))
            for row, width in zip(rows, widths, strict=True):
                if width != usual:
                    yield f"{self._at(row)} has cells for {width} columns, other rows of its table for {usual}"

    def _tables(self):
        """Give the rows of each table."""
        tables = {}
        for element in self.elements:
            if element.kind == "/TR" and element.parent is not None:
                group = element.parent
                table = group.parent if group.kind in ROW_GROUPS else group
                tables.setdefault(table, []).append(element)
        return tables.values()

    def _widths(self, rows):
        """Give the number of columns of each row: those of its own cells, and of cells that reach down into it."""
        widths, reaching, group = [], [], None
        for row in rows:
            if row.parent is not group:
                reaching, group = [], row.parent
            cells = [self._cell(cell) for cell in self._cells_in[row]]
            widths.append(len(reaching) + sum(cell.columns for cell in cells))
            reaching = [left - 1 for left in reaching if left > 1]
            reaching += [cell.rows - 1 for cell in cells if cell.rows > 1 for _ in range(cell.columns)]
        return widths

    def _cell(self, element):
        """Give what the attributes of a cell say; those that cells have in common are read once."""
        attributes = element.item.get("/A")
        if attributes is None:
            return Cell()
        if not attributes.is_indirect:
            return _cell_of(attributes)
        if attributes.objgen not in self._cells:
            self._cells[attributes.objgen] = _cell_of(attributes)
        return self._cells[attributes.objgen]

    def _heads(self):
        """Heads say what they are the heads of, and the heads that cells name are there."""
        used = Counter(_text(element.item.ID) for element in self.elements if "/ID" in element.item)
        heads = {_text(element.item.ID) for element in self.elements if element.kind == "/TH" and "/ID" in element.item}
        if not self._identifiers >= used.keys():
            yield "the tree of identifiers does not have all of them"
        for element in self.elements:
            if "/ID" in element.item and used[_text(element.item.ID)] > 1:
                yield f"{self._at(element)}: the ID {_text(element.item.ID)} is used twice"
            if element.kind not in CELLS:
                continue
            cell = self._cell(element)
            for head in cell.heads:
                if head not in heads:
                    yield f"{self._at(element)}: no head has the ID {head}"
            if element.kind == "/TH" and not cell.scope:
                yield f"{self._at(element)}: a head without a scope"
            elif element.kind == "/TH" and cell.scope not in SCOPES:
                yield f"{self._at(element)}: a head with the scope {cell.scope}"

    def _headings(self):
        """Headings follow each other in their order, and the outline has those below the title."""
        level = 0
        for element in self.elements:
            if (heading := re.fullmatch(r"/H([1-6])", element.kind)) is not None:
                if int(heading[1]) > level + 1:
                    yield f"{self._at(element)}: {element.kind} follows a heading of level {level}"
                if int(heading[1]) > 1 and level < 2 and not self._outline:
                    yield f"{self._at(element)} is a heading, but there is no outline"
                level = int(heading[1])
        levels = iter(int(element.kind[2]) for element in self.elements if re.fullmatch("/H[2-6]", element.kind))
        if not all(min(depth + 1, 6) in levels for depth in self._outline):
            yield f"headings nest in another way than the outline, whose depths are {self._outline}"

    def _stand_ins(self):
        """Figures have a text that stands for them, links their annotation."""
        for element in self.elements:
            if element.kind == "/Figure" and not str(element.item.get("/Alt", "")):
                yield f"{self._at(element)}: a figure without a text"
            if element.kind == "/Link" and element.parent is not None and element.parent.kind == "/Link":
                yield f"{self._at(element)}: a link in a link"
            if element.kind == "/Link" and not references_of(element.item):
                yield f"{self._at(element)}: a link without its annotation"


def _depths(items, depth=1):
    """Give how deep each item of the outline is, from 1 on."""
    for item in items:
        yield depth
        yield from _depths(item.children, depth + 1)


def kids_of(element):
    """Give what is in an element."""
    kids = element.get("/K")
    return list(kids) if isinstance(kids, pikepdf.Array) else [] if kids is None else [kids]


def references_of(element):
    """Give the references to annotations that are in an element."""
    return [kid for kid in kids_of(element) if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"]


def _cell_of(attributes):
    """Read the attributes of a cell, of which there may be those of other owners, and numbers of revisions."""
    listed = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    merged = {}
    for item in listed:
        if isinstance(item, pikepdf.Dictionary) and item.get("/O") == "/Table":
            merged |= dict(item.items())
    return Cell(
        columns=int(merged.get("/ColSpan", 1)),
        rows=int(merged.get("/RowSpan", 1)),
        scope=str(merged.get("/Scope", "")),
        heads=tuple(map(_text, merged.get("/Headers", []))),
    )


def _text(identifier):
    """Give an ID, which is a string of bytes, in a way that can be shown."""
    return bytes(identifier).decode("latin-1")
