"""Texts of drawings in one piece: WeasyPrint lays out each letter of an SVG for itself.

That takes apart what is joined or composed, and turns what runs from right to left; only letters that have places of
their own are to be apart (SVG 2, 11.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from weasyprint.svg import Node

from icreport.rendering.pdf.weasyprint_inside.ours import IS_OURS

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = Node.text
_PLACES = ("x", "y", "dx", "dy", "rotate")


class _Whole(str):
    """A text of which WeasyPrint gets one piece where it asks for the letters."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def text(node: Node) -> str | None:
    """Return the text of a node, in one piece if its letters have no places of their own."""
    found: str | None = _PLAIN.__get__(node)
    if not found or not IS_OURS.get() or "letter-spacing" in node.attrib or "textLength" in node.attrib:
        return found
    if any(len(node.attrib.get(name, "").replace(",", " ").split()) > 1 for name in _PLACES):
        return found
    return _Whole(found)
