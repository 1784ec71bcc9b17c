"""The dots of leaders in one piece: WeasyPrint has a box for each, which are most of the memory of long contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import weasyprint.layout.inline
from weasyprint.layout.leader import leader_index

from icreport.rendering.pdf.weasyprint_inside.box_tree import set_text
from icreport.rendering.pdf.weasyprint_inside.ours import IS_OURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.rendering.pdf.weasyprint_inside import Box, TextBox

_PLAIN = weasyprint.layout.inline.handle_leader
_ROUNDING = 1e-3
"""CSS pixels of a dot: lengths of Pango are whole numbers of its units."""


def joined(dots: Sequence[TextBox]) -> tuple[TextBox, ...]:
    """Return dots in their order from left to right as one text, where it is as wide."""
    if not dots:
        return ()
    text = dots[0].copy()
    set_text(text, text.text * len(dots))
    whole = sum(dot.width for dot in dots)
    return (text,) if abs(text.width - whole) < _ROUNDING * len(dots) else tuple(dots)


def apart(leader: Box, dot: str) -> list[TextBox]:
    """Return the dots of a leader, each of them this text, from left to right."""
    found = sorted(leader.children, key=lambda each: each.position_x)
    if len(found) != 1 or found[0].text == dot:
        return found
    whole = found[0]
    count = len(whole.text) // len(dot)
    first = whole.copy()
    set_text(first, dot)
    first.width = whole.width / count
    dots = [first.copy() for _ in range(count)]
    for at, each in enumerate(dots):
        each.position_x = whole.position_x + at * first.width
    return dots


def handle_leader(context: object, line: Box, containing_block: object) -> None:
    """Lay out the leader of a line."""
    _PLAIN(context, line, containing_block)
    if IS_OURS.get():
        _, leader = leader_index(line)
        if leader is not None:
            leader.children = joined(sorted(leader.children, key=lambda dot: dot.position_x))
