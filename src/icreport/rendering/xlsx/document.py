"""The front matter in a workbook: a sheet of its own, and the properties of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from openpyxl.packaging.custom import StringProperty

from icreport.model.front_matter import label_of
from icreport.rendering.xlsx.cells import text_cell
from icreport.rendering.xlsx.table_rows import height
from icreport.rendering.xlsx.text_width import line_count
from icreport.rendering.xlsx.xml_text import cut
from icreport.rendering.xml_text import without_forbidden

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl import Workbook

    from icreport.model.front_matter import FrontMatter
    from icreport.rendering.xlsx.cells import Losses
    from icreport.rendering.xlsx.workbook import Sheet, WorkbookWriter
    from icreport.words import Words

_WIDTHS = (24, 36, 44, 16)
_MOST_PROPERTY = 255
_SIGNED_HEIGHT = 28
_NAMES = {"number": "Document number"}
_CORE = {"number": "dc:identifier", "status": "cp:contentStatus", "revision": "cp:version"}
"""Core properties (ISO/IEC 29500-2, 11.1) for what front matter says."""


def fill_document(
    sheet: Sheet, document: FrontMatter, title: str, book: WorkbookWriter, losses: Losses, words: Words
) -> None:
    """Write what a document says of itself: texts with their labels, revisions, who approved it."""
    rows, style = book.rows(), book.styles.attribute
    rows.write(f'<row r="1">{text_cell("A1", title, style(role="title"), losses)}</row>')
    at = 3
    plain, bold = style(wrap=True, top=True), style(head=True, top=True)
    for label, text in document.facts(words):
        tall = height(line_count(text, _WIDTHS[1]))
        rows.write(f'<row r="{at}"{tall}>{_cells(at, (label, text), (bold, plain), losses)}</row>')
        at += 1
    for heads, lines, least in _tables(document, words):
        at += 1
        rows.write(f'<row r="{at}">{_cells(at, heads, [style(role="heads")] * len(heads), losses)}</row>')
        for line in lines:
            at += 1
            needed = height(max(line_count(text, width) for text, width in zip(line, _WIDTHS, strict=False)))
            own = f' ht="{least}" customHeight="1"' if least else needed
            rows.write(f'<row r="{at}"{own}>{_cells(at, line, [plain] * len(line), losses)}</row>')
        at += 1
    sheet.rows, sheet.height, sheet.widths = [rows.close()], at, list(_WIDTHS)


def _tables(document: FrontMatter, words: Words) -> Iterator[tuple[list[str], list[list[str]], int]]:
    """Yield the heads and lines of the tables of revisions and approvals, and how high a line is to be."""
    if document.revisions:
        heads = [words("Rev."), words("Date"), words("Description")]
        yield heads, [[each.revision or "", each.date or "", each.description or ""] for each in document.revisions], 0
    if document.approvals:
        heads = [words("Role"), words("Name"), words("Signature"), words("Date")]
        lines = [[each.role or "", each.name or "", "", each.date or ""] for each in document.approvals]
        yield heads, lines, _SIGNED_HEIGHT


def _cells(row: int, texts: Sequence[str], styles: Sequence[str], losses: Losses) -> str:
    places = zip("ABCD", texts, styles, strict=False)
    return "".join(text_cell(f"{letter}{row}", text, style, losses) for letter, text, style in places)


def add_properties(book: Workbook, document: FrontMatter) -> None:
    """Add what a document says of itself to the custom properties of a workbook, by names that are alike everywhere."""
    for name, text in document.facts_by_name.items():
        called = cut(_clean(_NAMES.get(name) or label_of(name)), _MOST_PROPERTY)
        if called and called.casefold() not in {each.name.casefold() for each in book.custom_doc_props.props}:
            book.custom_doc_props.append(StringProperty(name=called, value=cut(_clean(text), _MOST_PROPERTY)))


def core_properties(document: FrontMatter) -> str:
    """Return the core properties that front matter gives, as XML."""
    said = document.facts_by_name
    return "".join(
        f"<{name}>{escape(cut(_clean(said[field]), _MOST_PROPERTY))}</{name}>"
        for field, name in _CORE.items()
        if field in said
    )


def _clean(text: str) -> str:
    return " ".join(without_forbidden(text)[0].split())
