"""What things are for those who do not see the page: headings nest, links have their text, ornaments are silent.

(ISO 14289-1, 7.1, 7.3, 7.4.2 and 7.18.5.) WeasyPrint tells of each element what HTML calls it, and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydyf

from icreport.rendering.pdf.weasyprint_inside import MarginBox
from icreport.rendering.pdf.weasyprint_inside.box_tree import page_box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

    from weasyprint import Document

    from icreport.rendering.pdf.tag_tree import Structure
    from icreport.rendering.pdf.weasyprint_inside import Box

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_DEEPEST = 6
_SVG = "{http://www.w3.org/2000/svg}"
_FIGURES = {"img", f"{_SVG}svg"}


def tell_meaning(document: Document, structure: Structure) -> None:
    """Take ornaments out of the structure, give headings the levels of the outline, and links their text."""
    levels = _Levels()
    for index, page in enumerate(document.pages):
        for box, is_ornament in _boxes(page_box(page)):
            if box.link_annotation and "Contents" in box.link_annotation and (text := _text_of(box.element)):
                box.link_annotation["Contents"] = pydyf.String(text)
            if is_ornament:
                for element in _marked(structure, index, [box]):
                    structure.drop(element)
            elif alternative := _alternative(box):
                for element in _marked(structure, index, [box]):
                    element["Alt"] = pydyf.String(alternative)
            elif box.element_tag in _HEADINGS and (level := levels.level(box)) is not None:
                for element in _marked(structure, index, box.descendants()):
                    structure.set_heading(element, level)


def _marked(structure: Structure, page: int, boxes: Iterable[Box]) -> Iterator[pydyf.Dictionary]:
    """Yield the elements of what is marked of some boxes of a page."""
    for box in boxes:
        if (mark := getattr(box, "mark_number", None)) is not None:
            yield structure.marked(page, mark)


class _Levels:
    """The levels of headings, which nest as the outline does; that of the document is the first."""

    def __init__(self) -> None:
        self._open: list[int] = []
        self._last: tuple[Element | None, int] = (None, 0)

    def level(self, box: Box) -> int | None:
        """Return the level of a heading; None where the outline does not have it."""
        if box.element is self._last[0]:
            return self._last[1]
        own = box.style["bookmark_level"]
        if own == "none":
            return None
        while self._open and self._open[-1] >= own:
            self._open.pop()
        self._open.append(own)
        level = min(_DEEPEST, 1 + len(self._open))
        self._last = (box.element, level)
        return level


def _boxes(box: Box, *, is_ornament: bool = False) -> Iterator[tuple[Box, bool]]:
    """Yield the boxes within the margins of a page, and whether they are ornaments."""
    for child in getattr(box, "children", None) or ():
        if isinstance(child, MarginBox):
            continue
        inner = is_ornament
        if child.element is not None and not inner:
            is_figure = child.element_tag in _FIGURES
            is_hidden = child.element.get("aria-hidden") == "true"
            inner = is_hidden or (is_figure and not _alternative(child))
        yield child, inner
        yield from _boxes(child, is_ornament=inner)


def _alternative(box: Box) -> str:
    """Return the text that stands for a picture; none where it is an ornament."""
    element = box.element
    if element is None or box.element_tag not in _FIGURES or element.get("role") in {"presentation", "none"}:
        return ""
    title = element.find(f"{_SVG}title")
    return element.get("alt") or element.get("aria-label") or (title.text if title is not None else "") or ""


def _text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
