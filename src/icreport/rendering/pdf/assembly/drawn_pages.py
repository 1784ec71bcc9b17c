"""Pages that are drawn as soon as they are laid out: of their boxes stays what the structure of the PDF is made of.

A laid-out page takes two to three MiB, most of it styles and texts that nobody asks for once it is drawn.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from weasyprint import Page

from icreport.rendering.pdf.assembly.page_numbers import page_numbers
from icreport.rendering.pdf.assembly.page_template import artifact, draw_body, draw_canvas
from icreport.rendering.pdf.weasyprint_inside import draw_text
from icreport.rendering.pdf.weasyprint_inside.box_tree import bare, page_box, set_page_box, without_margins
from icreport.rendering.pdf.weasyprint_inside.text_stream import links_of, set_tags, tags_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from icreport.rendering.pdf.assembly.page_template import Template
    from icreport.rendering.pdf.painter.resources import Resources
    from icreport.rendering.pdf.weasyprint_inside import PageBox, Stream

POINTS = 0.75
"""Points of a CSS pixel."""


class _Drawn(ABC):
    """What WeasyPrint asks of a page: one whose content is drawn, and that counts pages when it is written."""

    def __init__(
        self, page: Page, box: PageBox, resources: Resources, draw: Callable[[Stream], None], *, tagged: bool
    ) -> None:
        self.width, self.height, self.bleed = page.width, page.height, page.bleed
        self.bookmarks, self.anchors, self.forms = page.bookmarks, page.anchors, page.forms
        self.links = links_of(page)
        set_page_box(self, box)
        stream = resources.stream(self._rectangle())
        set_tags(stream, {} if tagged else None)
        # As the page of a document begins: what is drawn asks where it is.
        stream.transform(d=-1, f=self.height * POINTS)
        draw(stream)
        self._content = _joined(stream.stream[1:])
        self._marks = tags_of(stream) or {}
        self._counted = 0, 0
        bare(box)

    def count(self, before: int, more: int) -> None:
        """Let it count `before` more pages until here, and `more` in all, than those that it was laid out with."""
        self._counted = before, more

    def paint(self, stream: Stream, scale: float = 1) -> None:
        """Paint what was drawn, and what counts pages."""
        stream.stream += self._content
        if (tags := tags_of(stream)) is not None:
            tags.update(self._marks)
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            with artifact(stream):
                self._paint_numbers(stream)

    @abstractmethod
    def _paint_numbers(self, stream: Stream) -> None:
        """Paint what counts pages."""

    def _rectangle(self) -> tuple[float, float, float, float]:
        left, top = self.bleed["left"], self.bleed["top"]
        return -left, -top, left + self.width + self.bleed["right"], top + self.height + self.bleed["bottom"]


class DrawnPage(_Drawn):
    """A page of which all is drawn but its number."""

    def __init__(self, page: Page, resources: Resources, *, tagged: bool) -> None:
        box = page_box(page)
        self._numbers = page_numbers(box)
        numbered = {id(number.margin_box) for number in self._numbers}
        box.children = [child for child in box.children if id(child) not in numbered]
        super().__init__(page, box, resources, lambda stream: page.paint(stream, POINTS), tagged=tagged)

    @staticmethod
    def can_be(page: object) -> bool:
        """Return whether a page is one of WeasyPrint's, to which nothing is added when it is painted."""
        return type(page) is Page

    def _paint_numbers(self, stream: Stream) -> None:
        for number in self._numbers:
            number.show(*self._counted)
            draw_text(stream, number.text, 0, "clip", "none")


class DrawnBody(_Drawn):
    """A page of which all is drawn but its margins: those are of the `template` in the document that it joins."""

    template: Template

    def __init__(self, page: Page, resources: Resources, *, tagged: bool) -> None:
        # Links of margins would be ones that no element of the structure knows.
        page = Page(without_margins(page_box(page)))
        box = page_box(page)

        def draw(stream: Stream) -> None:
            with stream.stacked():
                stream.transform(a=POINTS, d=POINTS)
                draw_canvas(box, stream)
                draw_body(box, stream)

        super().__init__(page, box, resources, draw, tagged=tagged)

    def _paint_numbers(self, stream: Stream) -> None:
        self.template.draw_margins(stream, *self._counted)


def _joined(parts: list[Any]) -> list[Any]:
    """Return the parts of a content stream, those of marks as they are, what is between them in one piece."""
    kept: list[Any] = []
    waiting: list[bytes] = []
    for part in parts:
        if isinstance(part, bytes) and part != b"BDC":
            waiting.append(part)
            continue
        if waiting:
            kept.append(b"\n".join(waiting))
            waiting.clear()
        kept.append(part)
    return [*kept, b"\n".join(waiting)]
