"""Streams of pages that tell which text their lines are; WeasyPrint's only draw them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict

import pydyf

from icreport.rendering.pdf.actual_text import needs_actual_text
from icreport.rendering.pdf.cluster_codes import give_codes
from icreport.rendering.pdf.weasyprint_inside import Stream, boxes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from weasyprint import Document

    from icreport.rendering.pdf.weasyprint_inside import Box


class Mark(TypedDict):
    """A marked part of a page's content: its tag, and its number on the page."""

    tag: str
    mcid: int


class TextStream(Stream):
    """A content stream whose marks tell all that readers need.

    It says which text a line is where its glyphs alone do not (ISO 32000-1, 14.9.4). What is marked in a group, such as
    that of something translucent, is marked where the group is shown: numbers are those of the page's own content.
    """

    waiting: list[tuple[str, Mark]] | None = None
    """The marks of a group, which is not shown yet; None for other streams."""

    @contextmanager
    def marked(self, box: Box, tag: str) -> Iterator[None]:
        """Mark what is drawn for a box, as WeasyPrint does, and the text that it stands for."""
        waiting = self._marks_that_wait()
        with super().marked(box, tag) if waiting is None else self._waiting_mark(box, tag, waiting):
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

    def _marks_that_wait(self) -> list[tuple[str, Mark]] | None:
        return self.waiting if self._tags is not None else None

    @contextmanager
    def _waiting_mark(self, box: Box, tag: str, waiting: list[tuple[str, Mark]]) -> Iterator[None]:
        mark: Mark = {"tag": tag, "mcid": len(self._tags)}
        self._tags[box] = mark
        waiting.append((tag, mark))
        yield

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Mark what is no content; in a group, all is marked as what the group is."""
        if self._marks_that_wait() is not None:
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
    def _shown(self, marks: list[tuple[str, Mark]]) -> Iterator[None]:
        if marks:
            tag, mark = marks[0]
            self.begin_marked_content(tag, pydyf.Dictionary({"MCID": mark["mcid"]}))
        else:
            self.begin_marked_content("Artifact")
        yield
        self.end_marked_content()

    def clone(self, **kwargs: object) -> Stream:
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
        page.links = [link for link in page.links if not _is_part_of_link(link[-1])]
        page.paint = _Painting(page.paint)


def _is_part_of_link(box: Box) -> bool:
    return "::" in (box.element_tag or "") or box.element_tag == "bdi"


class _Painting:
    """How a page is painted that says which text its lines are."""

    def __init__(self, paint: Callable[[Stream, float], None]) -> None:
        self._paint = paint

    def __call__(self, stream: Stream, scale: float = 1) -> None:
        self._paint(tell_text(stream), scale)


def tags_of(stream: Stream) -> dict[Box, Mark] | None:
    """Return the marks of the structure that a stream collects, None where the document is not tagged."""
    tags: dict[Box, Mark] | None = stream._tags
    return tags


def set_tags(stream: Stream, tags: object) -> None:
    """Have a stream collect its marks somewhere else."""
    stream._tags = tags


def add_resources(stream: Stream, named: Mapping[str, Mapping[str, object]], images: Mapping[str, object]) -> None:
    """Add fonts, images and the like to those that all pages of the document of a stream share."""
    for kind, things in named.items():
        stream._resources[kind].update(things)
    stream._images.update(images)
