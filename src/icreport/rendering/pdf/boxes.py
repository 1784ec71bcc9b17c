"""What is private to WeasyPrint: its laid-out boxes, and changes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weasyprint.formatting_structure import boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weasyprint import Document
    from weasyprint.document import Page
    from weasyprint.pdf.stream import Stream


def page_box(page: Page) -> Any:
    """Return the box of a page, in which all of its other boxes are."""
    return page._page_box  # noqa: SLF001


def tags_of(stream: Stream) -> Any:
    """Return the marks of the structure that a stream collects, None where the document is not tagged."""
    return stream._tags  # noqa: SLF001


def set_tags(stream: Stream, tags: Any) -> None:
    """Have a stream collect its marks somewhere else."""
    stream._tags = tags  # noqa: SLF001


def add_resources(stream: Stream, named: dict[str, Any], images: dict[str, Any]) -> None:
    """Add fonts, images and the like to those that all pages of the document of a stream share."""
    for kind, things in named.items():
        stream._resources[kind].update(things)  # noqa: SLF001
    stream._images.update(images)  # noqa: SLF001


def without_rows(box: Any, identifier: str) -> None:
    """Take the rows of a table off a page, in place: its head stays."""
    for table in tables_within(box, identifier):
        for group in table.children:
            if not group.is_header:
                group.children = []


def without_table(box: Any, identifier: str) -> list[Any]:
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


def without_margins(box: Any) -> Any:
    """Give a page without what stands in its margins."""
    return box.copy_with_children([child for child in box.children if not isinstance(child, boxes.MarginBox)])


def tables_of(document: Document, identifier: str) -> list[tuple[int, Any]]:
    """Give the parts of a table, by the id of its element: the index of the page and the box."""
    return [
        (index, box) for index, page in enumerate(document.pages) for box in tables_within(page_box(page), identifier)
    ]


def tables_within(box: Any, identifier: str) -> list[Any]:
    """Give the boxes of a table on one page."""
    return [
        part
        for part in box.descendants()
        if isinstance(part, boxes.TableBox) and part.element is not None and part.element.get("id") == identifier
    ]


def body_rows(table: Any) -> Iterator[Any]:
    """Give the boxes of a table's rows, its head left out."""
    for group in table.children:
        if not group.is_header and not group.is_footer:
            yield from group.children


def head_rows(table: Any) -> Iterator[Any]:
    """Give the boxes of the rows of a table's head."""
    for group in table.children:
        if group.is_header:
            yield from group.children


def is_link(box: Any) -> bool:
    """Tell whether a box is that of a link."""
    return isinstance(box, boxes.InlineBox) and box.element_tag == "a"
