"""Texts of drawings in one piece: WeasyPrint lays out each letter of an SVG for itself.

That takes apart what is joined or composed, and turns what runs from right to left; only letters that have places of
their own are to be apart (SVG 2, 11.5).
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from weasyprint.svg import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = Node.text
_ARE_WHOLE: ContextVar[bool] = ContextVar("are_whole", default=False)
_PLACES = ("x", "y", "dx", "dy", "rotate")


class _Whole(str):
    """A text of which WeasyPrint gets one piece where it asks for the letters."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def _text(node: Node) -> str | None:
    """Return the text of a node, in one piece if its letters have no places of their own."""
    found: str | None = _PLAIN.__get__(node)
    if not found or not _ARE_WHOLE.get() or "letter-spacing" in node.attrib or "textLength" in node.attrib:
        return found
    if any(len(node.attrib.get(name, "").replace(",", " ").split()) > 1 for name in _PLACES):
        return found
    return _Whole(found)


@contextmanager
def texts_drawn_whole() -> Iterator[None]:
    """Have WeasyPrint draw texts of SVG in one piece, in the documents that are made within."""
    token = _ARE_WHOLE.set(True)
    try:
        yield
    finally:
        _ARE_WHOLE.reset(token)


Node.text = property(_text)
