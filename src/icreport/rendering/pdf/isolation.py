"""Texts on paper in their own direction: what `unicode-bidi: plaintext` does on a screen, which WeasyPrint lacks.

A text in a page of another direction goes into a `bdi` element (HTML Standard, 4.5.24), which says the direction of the
text alone: alignment, padding and the order of columns stay those of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from icreport.rendering.text_direction import Direction, direction_of, may_run_right_to_left, own_direction

if TYPE_CHECKING:
    from weasyprint import HTML

_PHRASES = frozenset(
    ("a", "abbr", "b", "bdi", "br", "cite", "code", "em", "i", "mark", "small", "span", "strong", "sub")
)
_PHRASES |= frozenset(("sup", "time", "u", "wbr"))
_BLANKS = " \t\r\f"
"""What shows nothing where a line ends, but has WeasyPrint move a line from right to left."""
_WITHOUT_TEXT = frozenset(("script", "style", "svg", "template"))


def direction_of_root(root: Element) -> Direction:
    """Return the direction of a page, which its `html` element says."""
    return "rtl" if root.get("dir", "").lower() == "rtl" else "ltr"


def isolate_texts(html: HTML, page: str) -> None:
    """Put the texts of a page that run in another direction than it does into elements of their own, in place."""
    root = html.etree_element
    around = direction_of_root(root)
    if around == "ltr" and not may_run_right_to_left(page):
        return
    waiting = [child for child in root if child.tag == "body"]
    while waiting:
        element = waiting.pop()
        # What says its direction itself keeps it.
        if not isinstance(element.tag, str) or element.tag in _WITHOUT_TEXT or "dir" in element.attrib:
            continue
        if not _has_text(element):
            waiting += element
        elif len(element) == 0:
            _isolate_paragraphs(element, around)
        elif all(child.tag in _PHRASES for child in element.iter() if child is not element):
            direction = own_direction("".join(element.itertext()), around)
            if direction is not None:
                _isolate_content(element, direction)


def _has_text(element: Element) -> bool:
    return any(text and not text.isspace() for text in (element.text, *[child.tail for child in element]))


def _isolate_paragraphs(element: Element, around: Direction) -> None:
    """Isolate the lines of a text, each of which is a paragraph; they are one where they run alike."""
    text = element.text or ""
    lines = text.split("\n")
    directions: set[Direction] = {direction_of(line) for line in lines if line and not line.isspace()}
    if len(directions) == 1:
        direction = own_direction(text, around)
        if direction or around == "rtl":
            element.text = text.rstrip(_BLANKS)
        if direction:
            _isolate_content(element, direction)
        return
    element.text = None
    for line in lines:
        direction = own_direction(line, around)
        paragraph = Element("bdi", {"dir": direction} if direction else {})
        paragraph.text, paragraph.tail = line.rstrip(_BLANKS), "\n"
        element.append(paragraph)
    element[-1].tail = None


def _isolate_content(element: Element, direction: Direction) -> None:
    whole = Element("bdi", {"dir": direction})
    whole.text, element.text = element.text, None
    whole.extend(element)
    for child in whole:
        element.remove(child)
    element.append(whole)
