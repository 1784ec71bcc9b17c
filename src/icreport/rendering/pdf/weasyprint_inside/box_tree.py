"""Reads and changes the boxes of laid-out pages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from icreport.rendering.page.format_rules import bar_place
from icreport.rendering.pdf.weasyprint_inside import boxes, draw_background, split_first_line

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from xml.etree.ElementTree import Element

    from weasyprint import Document, Page
    from weasyprint.layout.background import Background

    from icreport.rendering.pdf.weasyprint_inside import (
        Box,
        ComputedStyle,
        PageBox,
        Stream,
        TableBox,
        TableRowBox,
        TextBox,
    )

_CONTEXT = SimpleNamespace(dictionaries={})
"""What WeasyPrint remembers of hyphenation."""


def page_box(page: Page) -> PageBox:
    """Return the box of a page, in which all of its other boxes are."""
    return page._page_box


def set_page_box(page: Page, box: PageBox) -> None:
    """Give what stands in for a page of WeasyPrint a box."""
    page._page_box = box


def element_of_page(page: Page) -> Element:
    """Return the `html` element of the document of a page."""
    element: Element = page_box(page).children[0].element
    return element


def without_rows(box: Box, identifier: str) -> None:
    """Take the rows of a table off a page, in place: its head stays."""
    for table in tables_within(box, identifier):
        for group in table.children:
            if not group.is_header:
                group.children = []


def without_table(box: Box, identifier: str) -> list[TableBox]:
    """Take a table off a page, in place; give the boxes that wrap it."""
    taken = []
    for parent in list(box.descendants()):
        children = getattr(parent, "children", None)
        if not children:
            continue
        kept = []
        for child in children:
            table = child.get_wrapped_table() if getattr(child, "is_table_wrapper", False) else None
            if table is not None and table.element is not None and table.element.get("id") == identifier:
                taken.append(child)
            else:
                kept.append(child)
        if len(kept) != len(children):
            parent.children = kept
    return taken


def without_margins(box: Box) -> Box:
    """Return a page without what stands in its margins."""
    return box.copy_with_children([child for child in box.children if not isinstance(child, boxes.MarginBox)])


def tables_of(document: Document, identifier: str) -> list[tuple[int, TableBox]]:
    """Return the parts of a table, by the id of its element: the index of the page and the box."""
    return [
        (index, box) for index, page in enumerate(document.pages) for box in tables_within(page_box(page), identifier)
    ]


def tables_within(box: Box, identifier: str) -> list[TableBox]:
    """Return the boxes of a table on one page."""
    return [
        part
        for part in box.descendants()
        if isinstance(part, boxes.TableBox) and part.element is not None and part.element.get("id") == identifier
    ]


def body_rows(table: TableBox) -> Iterator[TableRowBox]:
    """Yield the boxes of a table's rows, its head left out."""
    for group in table.children:
        if not group.is_header and not group.is_footer:
            yield from group.children


def head_rows(table: TableBox) -> Iterator[TableRowBox]:
    """Yield the boxes of the rows of a table's head."""
    for group in table.children:
        if group.is_header:
            yield from group.children


def has_fixed(document: Document) -> bool:
    """Return whether anything of a document is on all of its pages, wherever it stands (`position: fixed`)."""
    return any(page_box(page).fixed_boxes for page in document.pages)


def first_children(document: Document, identifiers: Container[str]) -> Iterator[tuple[int, str]]:
    """Yield the pages that start with one of some elements, of which the page before has nothing: index and id.

    They are the children of one element, that of the first of them.
    """
    holder = last = None
    for index, page in enumerate(document.pages):
        holding = list(page_box(page).descendants())
        if holder is None:
            found = (box.element for box in holding for child in box.children if _identifier(child) in identifiers)
            holder = next(found, None)
        # Boxes of texts and lines within it say that they are of the same element.
        whole = next((box for box in holding if holder is not None and box.element is holder), None)
        children = whole.children if whole is not None else ()
        if children:
            if children[0].element is not last and (identifier := _identifier(children[0])) in identifiers:
                yield index, identifier
            last = children[-1].element


def _identifier(box: Box) -> str:
    return (box.element.get("id") or "") if box.element is not None else ""


def set_text(box: TextBox, text: str) -> None:
    """Set the text of a box, which stays on one line, in place; the box is as wide as it then."""
    box.text = text
    box.pango_layout, _, _, box.width, _, _ = split_first_line(text, box.style, _CONTEXT, None, 0)


def is_link(box: Box) -> bool:
    """Return whether a box is that of a link."""
    return isinstance(box, boxes.InlineBox) and box.element_tag == "a"


def with_bar(style: ComputedStyle, start: int, end: int, *, rtl: bool) -> ComputedStyle:
    """Return the style of a cell that has a bar, with one from one percentage of its width to another."""
    made = style.copy()
    ((width, height),) = style["background_size"]
    ((_, across, _, down),) = style["background_position"]
    made["background_size"] = ((width._replace(value=float(end - start), unit="%"), height),)
    place = bar_place(start, end, rtl=rtl)
    made["background_position"] = (("left", across._replace(value=place, unit="%"), "top", down),)
    return made


def draw_ground(stream: Stream, background: Background | None) -> None:
    """Draw a background whose images are of one colour as rectangles: WeasyPrint has a group of its own for each."""
    if background is None:
        return
    draw_background(stream, background._replace(layers=[layer._replace(image=None) for layer in background.layers]))
    for layer in background.layers:
        if layer.image is not None:
            left, top, _, _ = layer.positioning_area
            stream.set_color(layer.image.colors[0])
            stream.rectangle(left + layer.position[0], top + layer.position[1], *layer.size)
            stream.fill()


_OF_STRUCTURE = (
    "children",
    "colspan",
    "element",
    "element_tag",
    "is_header",
    "is_footer",
    "is_table_wrapper",
    "mark_number",
    "rowspan",
)
_STYLE_OF_STRUCTURE = ("bookmark_level", "display", "list_style_type")


def bare(page: PageBox) -> None:
    """Take all off the boxes of a page, in place, that neither the structure of the document nor its outline is of.

    Pictures keep where they are.
    """
    styles: dict[tuple[object, ...], dict[str, object]] = {}
    waiting: list[Box] = [page]
    while waiting:
        found = waiting.pop()
        # Of what is out of the flow there is a placeholder, which holds the box.
        box = getattr(found, "_box", found)
        known = box.__dict__
        waiting += known.get("children", ())
        said = tuple([box.style[name] for name in _STYLE_OF_STRUCTURE])
        if not isinstance(box, boxes.ReplacedBox):
            box.__dict__ = {name: known[name] for name in _OF_STRUCTURE if name in known}
        box.style = styles.setdefault(said, dict(zip(_STYLE_OF_STRUCTURE, said, strict=True)))
