"""Structure tags of painted rows, for screen readers: rows, cells and their headers.

The elements of a large table are many: they are made one by one when the document is written, from a byte for each
cell that says whether it has text and is a link. The table's rows and cells are numbered first, then its links, each
followed by its annotation.
"""

from __future__ import annotations

from itertools import chain, compress, count
from typing import TYPE_CHECKING

from icreport.rendering.pdf.assembly.link_annotations import is_linked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.rendering.pdf.painter.pagination import PlacedPage
    from icreport.rendering.pdf.painter.table_model import TableModel

_TEXT, _LINK = 1, 2
_GROUP, _TOTAL = "group", "total"


class TableStructure:
    """Gathers which cells of a table have text, page by page."""

    def __init__(self, model: TableModel) -> None:
        self._columns = model.columns
        self.is_head = [model.cell(column, "", 0).is_head for column in range(model.columns)]
        """Whether the cells of a column head their rows."""
        self._pages: list[bytes] = []
        self.rows = 0
        """The number of rows."""
        self._made: dict[int, tuple[str, int | None]] = {}
        """Rows that are none of the report, by their number: their classes, and which cell heads them."""

    def add_page(self, page: PlacedPage) -> None:
        """Add the rows of the next page."""
        flags = bytearray()
        for number, row in enumerate(page.rows, self.rows):
            flags += bytes(
                [_LINK if row.address and is_linked(cell) else _TEXT if cell.lines else 0 for cell in row.cells]
            )
            # What heads a group is one cell over all columns.
            flags += bytes(self._columns - len(row.cells))
            if row.own.made:
                heads = (at for at, cell in enumerate(row.cells) if cell.model.is_head)
                self._made[number] = (row.own.made, next(heads, None))
        self._pages.append(bytes(flags))
        self.rows += len(page.rows)

    @property
    def has_foot(self) -> bool:
        """Whether the table ends with totals."""
        return any(made.startswith(_TOTAL) for made, _ in self._made.values())

    def marks(self, page: int) -> int:
        """Return the number of marked texts on one of the table's pages."""
        return len(self._pages[page]) - self._pages[page].count(0)

    def links_from(self, number: int) -> int:
        """Return the number of the first link's element, where the table's are from `number` on."""
        return number + self.rows * (1 + self._columns)

    def objects(
        self, number: int, body: int, foot: int, pages: list[int], first_marks: list[int], attributes: list[int]
    ) -> Iterator[bytes]:
        """Yield the elements of rows and cells, numbered from `number` on: each row is followed by its cells.

        `body` is the number of the element that holds the rows, `foot` that of the one that holds totals, `pages` are
        those of the pages, `first_marks` the first mark of the table on each, `attributes` those of the cells in each
        column.
        """
        columns = self._columns
        link = self.links_from(number)
        plain = [
            (b"<</S/TH" if is_head else b"<</S/TD", b"/A %d 0 R>>" % attribute)
            for is_head, attribute in zip(self.is_head, attributes, strict=True)
        ]
        rows = count()
        for flags, page, first_mark in zip(self._pages, pages, first_marks, strict=True):
            mark = first_mark
            on_page = b"/Pg %d 0 R" % page
            for at in range(0, len(flags), columns):
                made, head = self._made.get(next(rows), ("", None))
                cells = _made_cells(plain, head, is_group=made.startswith(_GROUP)) if made else plain
                kids = b" ".join(map(b"%d 0 R".__mod__, range(number + 1, number + 1 + len(cells))))
                yield b"<</S/TR/P %d 0 R/K[%b]>>" % (foot if made.startswith(_TOTAL) else body, kids)
                in_row = b"/P %d 0 R" % number
                for (start, end), flag in zip(cells, flags[at : at + columns], strict=False):
                    if flag == _TEXT:
                        yield b"%b%b%b/K %d%b" % (start, in_row, on_page, mark, end)
                        mark += 1
                    elif flag == _LINK:
                        yield b"%b%b/K %d 0 R%b" % (start, in_row, link, end)
                        link += 2
                        mark += 1
                    else:
                        yield start + in_row + end
                yield from [b"null"] * (columns - len(cells))
                number += 1 + columns

    def link_objects(
        self, number: int, pages: list[int], first_marks: list[int], annotations: Iterator[bytes], key: int
    ) -> Iterator[bytes]:
        """Yield the elements of links and their annotations, where the table's elements are from `number` on.

        `annotations` are as `Links` has them, `key` is what the first of them is called in the tree of parents.
        """
        cell = number
        link = self.links_from(number)
        for flags, page, first_mark in zip(self._pages, pages, first_marks, strict=True):
            mark = first_mark
            for at, flag in enumerate(flags):
                if at % self._columns == 0:
                    cell += 1
                if flag == _LINK:
                    yield b"<</S/Link/P %d 0 R/Pg %d 0 R/K[%d<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>>]>>" % (
                        (cell, page, mark, page, link + 1)
                    )
                    yield b"<<%b/StructParent %d>>" % (next(annotations), key)
                    link, key = link + 2, key + 1
                mark += bool(flag)
                cell += 1

    def row_numbers(self, number: int, *, foot: bool = False) -> Iterator[int]:
        """Yield the numbers of the elements of rows, those of totals for the foot."""
        numbers = range(number, number + self.rows * (1 + self._columns), 1 + self._columns)
        if not self._made:
            return iter(() if foot else numbers)
        return (one for at, one in enumerate(numbers) if self._made.get(at, ("", None))[0].startswith(_TOTAL) == foot)

    def marked_numbers(self, number: int) -> Iterator[list[int]]:
        """Yield for each page the numbers of the elements of its marks, in their order.

        The table's are from `number` on.
        """
        size = 1 + self._columns
        link = self.links_from(number)
        for flags in self._pages:
            end = number + len(flags) // self._columns * size
            cells = chain.from_iterable(map(range, range(number + 1, end, size), range(number + size, end + 1, size)))
            marked = compress(zip(cells, flags, strict=True), flags)
            links = count(link, 2)
            yield [next(links) if flag == _LINK else cell for cell, flag in marked]
            link = next(links)
            number = end


def _made_cells(cells: list[tuple[bytes, bytes]], head: int | None, *, is_group: bool) -> list[tuple[bytes, bytes]]:
    """Return the starts and ends of the elements of a row that is none of the report, and that a cell heads."""
    made = [(b"<</S/TD", end) for _, end in cells]
    if head is not None:
        span = b"/ColSpan %d" % len(cells) if is_group else b""
        made[head] = (b"<</S/TH", b"/A<</O/Table/Scope/Row%b>>>>" % span)
    return made[:1] if is_group else made


class Marks(dict[object, object]):
    """The marks of a page's stream, of which some are the painter's: WeasyPrint counts on after them."""

    painted = 0

    def __len__(self) -> int:
        return super().__len__() + self.painted

    def __bool__(self) -> bool:
        return super().__len__() > 0
