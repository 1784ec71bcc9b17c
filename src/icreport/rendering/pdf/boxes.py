"""What is private to WeasyPrint: its laid-out boxes, and changes to them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pydyf
from weasyprint.draw import draw_background
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.stream import Stream

from icreport.rendering.page.format_rules import bar_place
from icreport.rendering.pdf.actual_text import needs_actual_text
from icreport.rendering.pdf.cluster_codes import give_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from weasyprint import Document
    from weasyprint.document import Page
    from weasyprint.formatting_structure.boxes import Box, PageBox, TableBox, TableRowBox


def page_box(page: Page) -> PageBox:
    """Return the box of a page, in which all of its other boxes are."""
    return page._page_box  # noqa: SLF001


def element_of_page(page: Page) -> Any:
    """Return the `html` element of the document of a page."""
    return page_box(page).children[0].element


class TextStream(Stream):  # type: ignore[misc]
    """A content stream whose marks tell all that readers need.

    It says which text a line is where its glyphs alone do not (ISO 32000-1, 14.9.4). What is marked in a group, such as
    that of something translucent, is marked where the group is shown: numbers are those of the page's own content.
    """

    waiting: Any = None
    """The marks of a group, which is not shown yet; None for other streams."""

    @contextmanager
    def marked(self, box: Box, tag: str) -> Iterator[None]:
        """Mark what is drawn for a box, as WeasyPrint does, and the text that it stands for."""
        with self._waiting_mark(box, tag) if self._waits() else super().marked(box, tag):
            box.mark_number = None if self._tags is None else self._tags[box]["mcid"]
            if not isinstance(box, boxes.TextBox) or not needs_actual_text(box.text):
                yield
                return
            self.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(box.text)}))
            start = len(self.stream)
            yield
            box.pango_layout.reactivate(box.style)
            give_codes(self, box.pango_layout, start)
            box.pango_layout.deactivate()
            self.end_marked_content()

    def _waits(self) -> bool:
        return self.waiting is not None and self._tags is not None

    @contextmanager
    def _waiting_mark(self, box: Box, tag: str) -> Iterator[None]:
        mark = self._tags[box] = {"tag": tag, "mcid": len(self._tags)}
        self.waiting.append((tag, mark))
        yield

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Mark what is no content; in a group, all is marked as what the group is."""
        if self._waits():
            yield
        else:
            with super().artifact():
                yield

    def add_group(self, *rectangle: float) -> Stream:
        """Return the stream of a group, whose marks wait until it is shown."""
        group = super().add_group(*rectangle)
        group.waiting = []
        return group

    def draw_x_object(self, reference: str) -> None:
        """Show an image or a group, with the marks that wait in it.

        The last one has its content, the others are empty: the first may be the head of a table that is only repeated.
        """
        group = self._resources["XObject"].get(reference)
        waiting = getattr(group, "waiting", None)
        if waiting is None or self._tags is None:
            super().draw_x_object(reference)
        elif self.waiting is not None:
            self.waiting += waiting
            super().draw_x_object(reference)
        else:
            for mark in waiting[:-1]:
                with self._shown([mark]):
                    pass
            with self._shown(waiting[-1:]):
                super().draw_x_object(reference)

    @contextmanager
    def _shown(self, marks: list[tuple[str, dict[str, Any]]]) -> Iterator[None]:
        if marks:
            tag, mark = marks[0]
            self.begin_marked_content(tag, pydyf.Dictionary({"MCID": mark["mcid"]}))
        else:
            self.begin_marked_content("Artifact")
        yield
        self.end_marked_content()

    def clone(self, **kwargs: Any) -> Stream:
        """Return a stream of the same document, such as that of a group or a pattern."""
        return tell_text(super().clone(**kwargs))


def tell_text(stream: Stream) -> Stream:
    """Have a stream say which text its lines are; WeasyPrint makes streams itself, so that it is changed in place."""
    stream.__class__ = TextStream
    return stream


def tell_text_of(document: Document) -> None:
    """Have the pages of a document say which text their lines are when they are drawn, and each link be one.

    What is generated in a link (`a::after`) or isolated is a link of its own to WeasyPrint, over a part of the first.
    """
    for page in document.pages:
        page.links = links_of(page)
        page.paint = _Painting(page.paint)


def links_of(page: Page) -> list[Any]:
    """Return the links of a page without those that are a part of another one."""
    return [link for link in page.links if not _is_part_of_link(link[-1])]


def _is_part_of_link(box: Box) -> bool:
    return "::" in (box.element_tag or "") or box.element_tag == "bdi"


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
    waiting: list[Any] = [page]
    while waiting:
        box = waiting.pop()
        box = getattr(box, "_box", box)
        known = box.__dict__
        waiting += known.get("children", ())
        said = tuple([box.style[name] for name in _STYLE_OF_STRUCTURE])
        if not isinstance(box, boxes.ReplacedBox):
            box.__dict__ = {name: known[name] for name in _OF_STRUCTURE if name in known}
        box.style = styles.setdefault(said, dict(zip(_STYLE_OF_STRUCTURE, said, strict=True)))


class _Painting:
    """How a page is painted that says which text its lines are."""

    def __init__(self, paint: Callable[[Stream, float], None]) -> None:
        self._paint = paint

    def __call__(self, stream: Stream, scale: float = 1) -> None:
        self._paint(tell_text(stream), scale)


def tags_of(stream: Stream) -> Any:
    """Return the marks of the structure that a stream collects, None where the document is not tagged."""
    return stream._tags  # noqa: SLF001


def set_tags(stream: Stream, tags: object) -> None:
    """Have a stream collect its marks somewhere else."""
    stream._tags = tags  # noqa: SLF001


def named_in(stream: Stream) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the pages of the document of a stream name, by kind, and its images."""
    return stream._resources, stream._images  # noqa: SLF001


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
        children = [child for box in holding if box.element is holder and holder is not None for child in box.children]
        if children:
            if children[0].element is not last and (identifier := _identifier(children[0])) in identifiers:
                yield index, identifier
            last = children[-1].element


def _identifier(box: Box) -> str:
    return (box.element.get("id") or "") if box.element is not None else ""


def is_link(box: Box) -> bool:
    """Return whether a box is that of a link."""
    return isinstance(box, boxes.InlineBox) and box.element_tag == "a"


def with_bar(style: Any, start: int, end: int, *, rtl: bool) -> Any:
    """Return the style of a cell that has a bar, with one from one percentage of its width to another."""
    made = style.copy()
    ((width, height),) = style["background_size"]
    ((_, across, _, down),) = style["background_position"]
    made["background_size"] = ((width._replace(value=float(end - start), unit="%"), height),)
    place = bar_place(start, end, rtl=rtl)
    made["background_position"] = (("left", across._replace(value=place, unit="%"), "top", down),)
    return made


def draw_ground(stream: Stream, background: Any) -> None:
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
