"""What stands between the margins of a page, in layers: painted rows lie among them as laid-out rows would.

A page is drawn from the lowest box to the highest (CSS 2.1, appendix E): boxes with a negative `z-index`, those in
the flow, positioned ones. The rows of a table belong to the flow, right after what holds the table.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from icreport.rendering.pdf.weasyprint_inside import StackingContext, boxes, draw_stacking_context
from icreport.rendering.pdf.weasyprint_inside.box_tree import tables_within

if TYPE_CHECKING:
    from icreport.rendering.pdf.weasyprint_inside import PageBox, Stream


class Layers:
    """The layers of a page; the rows of the table with this id come between the flow and what lies above it."""

    def __init__(self, page_box: PageBox, identifier: str | None) -> None:
        children = [child for child in page_box.children if not isinstance(child, boxes.MarginBox)]
        self._page = page_box
        self._lowest: list[StackingContext] = []
        self._flow: list[StackingContext] = []
        self._highest: list[StackingContext] = []
        if not children:
            return
        page = StackingContext.from_page(page_box.copy_with_children(children))
        for context in _within(page):
            if context.box.is_for_root_element:
                self._lowest.append(_part(context, context.negative_z_contexts, lowest=True))
                flow, highest = _split(_part(context, [], blocks=True), context, identifier)
                self._flow.append(flow)
                self._highest.append(highest)
            else:
                self._highest.append(context)

    def draw_lowest(self, stream: Stream) -> None:
        """Draw what lies below the flow."""
        _draw(self._lowest, stream)

    def draw_flow(self, stream: Stream) -> None:
        """Draw what is in the flow, up to the table whose rows follow."""
        _draw(self._flow, stream)

    def draw_highest(self, stream: Stream) -> None:
        """Draw what lies above the rows."""
        _draw(self._highest, stream)


def _draw(contexts: list[StackingContext], stream: Stream) -> None:
    for context in contexts:
        draw_stacking_context(stream, context)


def _within(context: StackingContext) -> list[StackingContext]:
    return [*context.negative_z_contexts, *context.zero_z_contexts, *context.positive_z_contexts]


def _split(
    flow: StackingContext, context: StackingContext, identifier: str | None
) -> tuple[StackingContext, StackingContext]:
    """Divide what lies in a context above its flow: up to the table, where a positioned box holds it, and after it."""
    above = [*context.zero_z_contexts, *context.positive_z_contexts]
    at = next((at for at, each in enumerate(above) if _holds(each, identifier)), None)
    if at is None:
        return flow, _part(context, above)
    holder = above[at]
    own = _part(holder, [], blocks=True, lowest=True)
    own.negative_z_contexts = holder.negative_z_contexts
    before, after = _split(own, holder, identifier)
    flow.zero_z_contexts = [*above[:at], before]
    return flow, _part(context, [after, *above[at + 1 :]])


def _holds(context: StackingContext, identifier: str | None) -> bool:
    if identifier is None:
        return False
    return bool(tables_within(context.box, identifier)) or any(_holds(each, identifier) for each in _within(context))


def _part(
    context: StackingContext, within: list[StackingContext], *, blocks: bool = False, lowest: bool = False
) -> StackingContext:
    """Return a context with only some of what it has: contexts within it, its blocks, its ground and borders."""
    part = copy(context)
    part.negative_z_contexts, part.positive_z_contexts, part.zero_z_contexts = [], [], within
    part.box = context.box.copy() if blocks else context.box.copy_with_children([])
    if not blocks:
        part.block_level_boxes, part.float_contexts, part.blocks_and_cells = [], [], {}
    if not lowest:
        part.box.background = None
        for side in ("top", "right", "bottom", "left"):
            setattr(part.box, f"border_{side}_width", 0)
    return part
