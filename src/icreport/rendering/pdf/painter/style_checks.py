"""What the painter knows of tables: anything else is named before the first row is painted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icreport.rendering.pdf.weasyprint_inside import boxes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.rendering.pdf.weasyprint_inside import (
        Box,
        ComputedStyle,
        TableBox,
        TableCellBox,
        TableRowBox,
        TableRowGroupBox,
    )

SIDES = ("top", "right", "bottom", "left")
ALIGNMENTS = {
    "ltr": {"left": 0.0, "start": 0.0, "center": 0.5, "right": 1.0, "end": 1.0},
    "rtl": {"left": 0.0, "start": 1.0, "center": 0.5, "right": 1.0, "end": 0.0},
}
"""Of the free width of a line, the part that is left of it: by direction, and by how text is aligned."""
_WHITE_SPACES = ("normal", "nowrap", "pre-line")
_VERTICAL_ALIGNMENTS = ("top", "middle", "bottom", "baseline")
_PERIOD = re.compile(r"\b(?:tr|tbody)\b[^\s>+~,{}]*:nth-[a-z-]+\(\s*[+-]?(\d+)n", re.IGNORECASE)
_ODD_AND_EVEN = 2
TOLERANCE = 0.01
"""CSS pixels."""
_BY_CONTENT = re.compile(
    r":empty\b|\[data-source-key|\b(?:tr|td|tbody)\b[^,{}]*:has\(|:has\([^)]*(?:\btd\b|\.s\b)", re.IGNORECASE
)


class UnknownStyleError(Exception):
    """The table has something that the painter does not know; the message says what, for a person."""


def check_stylesheet(css: str) -> None:
    """Check that rows look different by odd and even at most: a probe has too few of them to show more."""
    if found := _BY_CONTENT.search(css):
        raise UnknownStyleError(f"rows look different by what is in them ({found[0].split()[-1]})")
    if any(int(period) > _ODD_AND_EVEN for period in _PERIOD.findall(css)):
        raise UnknownStyleError("rows look different by more than odd and even")


def check_plain(box: Box, *, image: bool = False) -> None:
    """Check that a box is where it is in the flow, drawn with no more than a colour and borders, and an `image`."""
    style = box.style
    name = box.element_tag or "box"
    if style["position"] != "static" or style["float"] != "none" or style["transform"] or style["opacity"] != 1:
        raise UnknownStyleError(f"{name} is positioned, floats, is transformed or translucent")
    if style["visibility"] != "visible" or style["overflow"] != "visible":
        raise UnknownStyleError(f"{name} is hidden or clips")
    has_image = not image and any(kind != "none" for kind, *_ in [style["background_image"][0]])
    if has_image or style["box_shadow"]:
        raise UnknownStyleError(f"{name} has a background image or shadow")
    if style["outline_width"] and style["outline_style"] != "none":
        raise UnknownStyleError(f"{name} has an outline")


def check_table(table: TableBox) -> None:
    """Check that a table's further rows stand under its first ones, whatever is in them."""
    style = table.style
    check_plain(table)
    if style["table_layout"] != "fixed":
        raise UnknownStyleError("the widths of the table's columns depend on all rows (table-layout is not fixed)")
    if table.background is not None or any(
        column.background is not None for group in table.column_groups for column in (group, *group.children)
    ):
        raise UnknownStyleError("the table or a column has a background")
    if style["border_collapse"] != "collapse" and any(getattr(table, f"border_{side}_width") for side in SIDES):
        raise UnknownStyleError("the table has a border of its own")


def check_columns(tables: Sequence[TableBox]) -> None:
    """Check that the columns of a table's parts stand at one place on all pages."""
    first, *others = ([*table.column_positions, *table.column_widths] for table in tables)
    if any(abs(a - b) > TOLERANCE for other in others for a, b in zip(first, other, strict=True)):
        raise UnknownStyleError("pages have other margins than their neighbours")


def check_around(box: Box, table: TableBox) -> bool:
    """Check the boxes that hold the table: they are drawn over its last rows."""
    if box is table:
        return True
    children = box.children if isinstance(box, boxes.ParentBox) else ()
    holds = any(check_around(child, table) for child in children)
    if holds and box.background is not None and box.element_tag not in (None, "html", "body"):
        raise UnknownStyleError(f"the {box.element_tag} around the table has a background")
    if holds and (box.style["opacity"] != 1 or box.style["transform"]):
        raise UnknownStyleError(f"the {box.element_tag} around the table is transformed or translucent")
    return holds


def check_head(group: TableRowGroupBox) -> None:
    """Check that WeasyPrint repeats the head on every page: one that is positioned goes missing on the last."""
    if any(box.style["position"] != "static" for row in group.children for box in (row, *row.children)):
        raise UnknownStyleError("heads of the table are positioned")


def check_row(row: TableRowBox, *, is_made: bool = False) -> None:
    """Check that a row is as high as its cells, and whole on a page; one that is made may have one cell over all."""
    check_plain(row)
    if not is_made and any(cell.colspan != 1 or cell.rowspan != 1 for cell in row.children):
        raise UnknownStyleError("a cell spans several columns or rows")
    if row.style["break_inside"] not in ("avoid", "avoid-page"):
        raise UnknownStyleError("rows may break inside")
    if row.style["height"] != "auto":
        raise UnknownStyleError("rows have a height")
    if (
        is_made
        and row.style["break_after"] in ("auto", "avoid")
        and row.style["break_before"] in ("auto", "avoid", "page")
    ):
        return
    if row.style["break_after"] != "auto" or row.style["break_before"] not in ("auto", "page"):
        raise UnknownStyleError("rows say where pages break")


def check_cell(cell: TableCellBox, table: TableBox, *, bar: bool = False) -> None:
    """Check that a cell is as high as what it holds."""
    check_plain(cell, image=bar)
    style = cell.style
    # WeasyPrint lays a cell out as if it had no height, and has the style say so.
    if cell.computed_height != "auto" or (style["min_height"] not in ("auto", 0) and style["min_height"].value):
        raise UnknownStyleError("cells have a height")
    if any(getattr(style[f"padding_{side}"], "unit", "px").lower() != "px" for side in SIDES):
        raise UnknownStyleError("padding is a percentage")
    if style["vertical_align"] not in _VERTICAL_ALIGNMENTS:
        raise UnknownStyleError("a cell has an unusual vertical-align")
    if table.style["border_collapse"] != "collapse" and style["empty_cells"] != "show":
        raise UnknownStyleError("empty cells are hidden")


def check_text(cell: TableCellBox, text_style: ComputedStyle) -> None:
    """Check that the text of a cell can be laid out here."""
    style = cell.style
    if style["text_align_all"] not in ALIGNMENTS[style["direction"]] or style["text_align_last"] not in (
        "auto",
        style["text_align_all"],
    ):
        raise UnknownStyleError("text is justified")
    if style["text_transform"] != "none" or text_style["text_transform"] != "none":
        raise UnknownStyleError("text changes its case")
    if style["text_overflow"] != "clip" or style["white_space"] not in _WHITE_SPACES or style["hyphens"] == "auto":
        raise UnknownStyleError("text is cut, hyphenated or keeps all its blanks")
    if text_style["text_indent"].value:
        raise UnknownStyleError("text is indented")
    if style["direction"] != text_style["direction"]:
        raise UnknownStyleError("text runs in another direction than its cell")
    if text_style["text_decoration_line"] != "none":
        raise UnknownStyleError("text is underlined or struck out")
