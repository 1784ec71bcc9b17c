"""What a laid-out table tells about every further row of it.

All lengths are CSS pixels, all places count from the top left corner of the page. `tests/rendering/pdf/painter` notices
when the boxes of WeasyPrint change.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from icreport.rendering.pdf.isolation import direction_of_root
from icreport.rendering.pdf.painter.drawn_cells import RichLayout
from icreport.rendering.pdf.painter.shaping import Face
from icreport.rendering.pdf.painter.style_checks import (
    ALIGNMENTS,
    SIDES,
    UnknownStyleError,
    check_around,
    check_cell,
    check_columns,
    check_head,
    check_plain,
    check_row,
    check_table,
    check_text,
)
from icreport.rendering.pdf.painter.table_model import LINKED, Area, CellModel, TableModel
from icreport.rendering.pdf.painter.text_layout import TextLayout
from icreport.rendering.pdf.weasyprint_inside import boxes
from icreport.rendering.pdf.weasyprint_inside.box_tree import body_rows, element_of_page, is_link, page_box, tables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weasyprint import Document

    from icreport.rendering.page.decimals import Decimals
    from icreport.rendering.pdf.painter.drawn_cells import Prober
    from icreport.rendering.pdf.painter.resources import Resources
    from icreport.rendering.pdf.weasyprint_inside import (
        Box,
        ComputedStyle,
        LineBox,
        TableBox,
        TableCellBox,
        TableRowBox,
        TextBox,
    )
    from icreport.rendering.text_direction import Direction

_BAR = re.compile(r"b\d+-\d+")
OF_FONTS = (
    "font_family",
    "font_style",
    "font_stretch",
    "font_weight",
    "font_size",
    "font_kerning",
    "lang",
    "direction",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
    "font_variation_settings",
    "font_language_override",
    "letter_spacing",
    "word_spacing",
)
"""Properties by which texts have the same glyphs at the same places of a line."""
OF_LINES = (
    "line_height",
    "white_space",
    "overflow_wrap",
    "word_break",
    "hyphens",
    "hyphenate_character",
    "hyphenate_limit_chars",
    "hyphenate_limit_zone",
    "tab_size",
)
"""Properties that, beside those of fonts, say where lines end and stand."""
FEWEST_PARTS = 3
"""Pages of a probe: the first, a left and a right one."""
FEWEST_ROWS = 5
"""Rows of a probe: the first, the last, and between them odd and even ones."""


def probe_stylesheet(identifier: str, rows: int) -> str:
    """Return the CSS that spreads a probe of so many rows, 3 at least, over three pages."""
    return f"#{identifier} tbody tr:nth-child(n+{rows - 1}) {{ break-before: page }}"


def learn(
    document: Document,
    identifier: str,
    resources: Resources,
    prober: Prober | None = None,
    decimals: Sequence[Decimals | None] = (),
) -> TableModel:
    """Learn from a probe: the table with some rows, of which the first is its own, over at least two pages.

    The document before the table is that of the final one; cells of every kind are in odd and even rows. `prober`
    renders cells that hold more than text; `decimals` are for each column what its numbers are aligned by.

    Raises `UnknownStyleError` where rows look in a way that cannot be continued.
    """
    parts = tables_of(document, identifier)
    if len(parts) < FEWEST_PARTS:
        raise UnknownStyleError("the table is not found on three pages of its probe")
    table = parts[0][1]
    check_table(table)
    check_columns([part for _, part in parts])
    check_around(page_box(document.pages[parts[0][0]]), table)
    for group in (group for _, part in parts for group in part.children):
        check_plain(group)
        if group.is_header:
            check_head(group)
        if group.is_footer:
            raise UnknownStyleError("the table has a foot")
    rows = _rows_of([part for _, part in parts])
    usual = rows[2].children
    rich: dict[tuple[int, str], RichLayout] = {}
    ordinary = [row for row in rows if not _made(row)]
    if any(_holds_more_than_text(cell) for row in rows if _made(row) for cell in row.children):
        raise UnknownStyleError("headings of groups or totals hold more than text")
    for column in {at for row in ordinary for at, cell in enumerate(row.children) if _holds_more_than_text(cell)}:
        if prober is None:
            raise UnknownStyleError("cells hold more than text")
        for kind in {_kind(row.children[column]) for row in ordinary}:
            if kind not in ("", LINKED):
                raise UnknownStyleError("marked cells hold more than text")
            rich[column, kind] = RichLayout(
                column, usual[column], prober, identifier, resources, is_linked=kind == LINKED
            )
    cells = _cell_models(rows, table, resources, rich, direction_of_root(element_of_page(document.pages[0])), decimals)
    areas = [_area(document, page, part) for page, part in parts]
    return TableModel(
        identifier=identifier,
        table=table,
        page_box=page_box(document.pages[parts[0][0]]),
        columns=len(table.column_widths),
        cells=cells,
        rows=(rows[2], rows[1]),
        made={name: row for row in rows if (name := _made(row))},
        above_first=tuple(
            first.border_top_width - cell.border_top_width for first, cell in zip(rows[0].children, usual, strict=True)
        ),
        below_last=tuple(
            last.border_bottom_width - cell.border_bottom_width
            for last, cell in zip(rows[-1].children, usual, strict=True)
        ),
        first=areas[0],
        following=tuple(areas[1:3]),
        collapsed=table.style["border_collapse"] == "collapse",
        spacing=0 if table.style["border_collapse"] == "collapse" else table.style["border_spacing"][1],
        heads=len(table.children[0].children) if table.children and table.children[0].is_header else 0,
        resources=resources,
    )


def moved(model: TableModel, document: Document) -> TableModel:
    """Return what is known of a table that starts a page later, which is where it stands in a document.

    Raises `UnknownStyleError` where it starts elsewhere.
    """
    (page, part), *_ = tables_of(document, model.identifier)
    if page != model.first.page + 1:
        raise UnknownStyleError("two of its rows do not fit on a page")
    return replace(model, first=_area(document, page, part), following=model.following[::-1])


def _rows_of(parts: list[TableBox]) -> list[TableRowBox]:
    rows = [row for part in parts for row in body_rows(part)]
    if len(rows) < FEWEST_ROWS:
        raise UnknownStyleError("the probe has too few rows")
    if any(sum(cell.colspan for cell in row.children) != len(parts[0].column_widths) for row in rows):
        raise UnknownStyleError("rows have other cells than the table has columns")
    if len({id(row.element) for row in rows}) != len(rows):
        raise UnknownStyleError("a row of the probe is higher than its page")
    return rows


def _cell_models(
    rows: list[TableRowBox],
    table: TableBox,
    resources: Resources,
    rich: dict[tuple[int, str], RichLayout],
    around: Direction,
    decimals: Sequence[Decimals | None],
) -> dict[tuple[int, str, int], CellModel]:
    cells: dict[tuple[int, str, int], CellModel] = {}
    looks: dict[tuple[int, str, int], tuple[object, ...]] = {}
    layouts = _Layouts(resources, around)
    usual = rows[2].children
    for number, row in enumerate(rows):
        check_row(row, is_made=bool(_made(row)))
        if _made(row) and table.style["border_collapse"] == "collapse" and _stands_between_columns(usual):
            raise UnknownStyleError("columns have borders beside headings of groups")
        for column, cell in enumerate(row.children):
            name = _made(row)
            key = (column, f"{name}|{_kind(cell)}" if name else _kind(cell), number % 2)
            if key not in cells or cell.children:
                layout = rich.get(key[:2])
                aligned = decimals[column] if decimals else None
                made = _cell_model(cell, usual[column], table, layouts, layout, aligned, is_made=bool(name))
                if cell.children and looks.setdefault(key, _look(row, made)) != _look(row, made):
                    raise UnknownStyleError("rows look different by more than odd and even")
                cells[key] = made
    for (column, kind), layout in rich.items():
        odd, even = (cells.get((column, kind, parity)) for parity in (0, 1))
        # What such a cell shows is drawn once for odd and even rows.
        if odd and even and (odd.font, str(odd.color)) != (even.font, str(even.color)):
            raise UnknownStyleError(f"cells that hold more than text ({layout.column + 1}) differ by odd and even")
    return cells


def _made(row: TableRowBox) -> str:
    """Return the classes of a row that is none of the report."""
    return (row.element.get("class") or "") if row.element is not None else ""


def _stands_between_columns(cells: Sequence[TableCellBox]) -> bool:
    return any(cell.border_left_width or cell.border_right_width for cell in cells)


def _look(row: TableRowBox, cell: CellModel) -> tuple[object, ...]:
    """Return what makes a cell look different; borders are left out, since the first and the last row's are."""
    backgrounds = [str(box.style["background_color"]) for box in (row, cell.box)]
    paddings = [cell.box.style[f"padding_{side}"].value for side in SIDES]
    return (*backgrounds, *paddings, str(cell.color), cell.align, cell.overflow, cell.vertical, cell.font)


def _holds_more_than_text(cell: TableCellBox) -> bool:
    return any(
        not isinstance(line, boxes.LineBox) or any(not isinstance(text, boxes.TextBox) for text in _texts_of(line))
        for line in cell.children
    )


def _texts_of(line: LineBox) -> Sequence[TextBox]:
    """Return the boxes of a line's text, which may be a link, or have a sign of the style sheet before it."""
    if line.children and _is_sign(line.children[0]):
        rest = line.children[1:]
        return [*line.children[0].children, *(rest[0].children if len(rest) == 1 and is_link(rest[0]) else rest)]
    is_linked = len(line.children) == 1 and is_link(line.children[0])
    texts: Sequence[TextBox] = line.children[0].children if is_linked else line.children
    return texts


def _is_sign(box: Box) -> bool:
    """Return whether a box is text that the style sheet puts before that of a cell, and looks like it."""
    if not isinstance(box, boxes.InlineBox) or not (box.element_tag or "").endswith("::before"):
        return False
    room = [
        *(getattr(box, f"padding_{side}") for side in SIDES),
        *(getattr(box, f"border_{side}_width") for side in SIDES),
    ]
    return (
        box.background is None
        and not any([box.margin_left, box.margin_right, *room])
        and all(isinstance(text, boxes.TextBox) for text in box.children)
    )


def _prefix(cell: TableCellBox) -> str:
    """Return the text that the style sheet puts before that of a cell."""
    line = cell.children[0] if cell.children else None
    first = line.children[0] if isinstance(line, boxes.LineBox) and line.children else None
    return "".join(text.text for text in first.children) if first is not None and _is_sign(first) else ""


def _kind(cell: TableCellBox) -> str:
    """Return the kind of a cell: its classes, but for that of where a bar goes, which the painter draws itself."""
    classes = (cell.element.get("class") or "").split() if cell.element is not None else []
    named = [name for name in classes if not _BAR.fullmatch(name)]
    return " ".join([LINKED] * any(is_link(box) for box in cell.descendants()) + named)


def _link(cell: TableCellBox) -> tuple[float, float] | None:
    """Return how far the link of a cell reaches above and below the baseline; None where it has none."""
    line = cell.children[0] if cell.children else None
    if not isinstance(line, boxes.LineBox) or not line.children:
        return None
    after = line.children[_is_sign(line.children[0]) :]
    if not after or not is_link(after[0]):
        return None
    box = after[0]
    check_plain(box)
    # What WeasyPrint has as the upper and lower margin of a box in a line is its part of the line's height.
    room = [box.margin_left, box.margin_right, *(getattr(box, f"padding_{side}") for side in SIDES)]
    if box.background is not None or any(room) or any(getattr(box, f"border_{side}_width") for side in SIDES):
        raise UnknownStyleError("links have a background, border, padding or margin")
    if _text_key(box.style) != _text_key(cell.style) or box.style["line_height"] != cell.style["line_height"]:
        raise UnknownStyleError("links have a font of their own")
    baseline = line.position_y + line.baseline
    _, top, _, height = box.hit_area()
    return baseline - top, top + height - baseline


def _area(document: Document, page: int, table: TableBox) -> Area:
    box = page_box(document.pages[page])
    bottom = box.content_box_y() + box.height
    return Area(page, next(body_rows(table)).position_y, bottom)


def _cell_model(
    cell: TableCellBox,
    usual: TableCellBox,
    table: TableBox,
    layouts: _Layouts,
    rich: RichLayout | None,
    decimals: Decimals | None,
    *,
    is_made: bool,
) -> CellModel:
    style = text_style = cell.style
    is_overlay = not is_made and _kind(cell) not in ("", LINKED)
    check_cell(cell, table, bar=is_overlay)
    if rich is None:
        text_style = next((text.style for text in cell.descendants() if isinstance(text, boxes.TextBox)), style)
        check_text(cell, text_style)
    paddings = {side: style[f"padding_{side}"].value for side in SIDES}
    borders = usual if table.style["border_collapse"] == "collapse" else cell
    return CellModel(
        box=cell,
        above=borders.border_top_width + paddings["top"],
        below=borders.border_bottom_width + paddings["bottom"],
        left=cell.position_x + cell.border_left_width + paddings["left"],
        width=cell.width,
        align=ALIGNMENTS[style["direction"]].get(style["text_align_all"], 0.0),
        overflow=1.0 if style["direction"] == "rtl" else 0.0,
        vertical=style["vertical_align"],
        font=_text_key(text_style),
        color=text_style["color"],
        layout=rich or layouts.layout(text_style, cell.width, _prefix(cell), decimals),
        overlay=is_overlay,
        is_head=cell.element_tag == "th",
        decoration=(
            str(style["background_color"]),
            *[
                (
                    getattr(cell, f"border_{side}_width"),
                    style[f"border_{side}_style"],
                    str(style[f"border_{side}_color"]),
                )
                for side in SIDES
            ],
        ),
        link=_link(cell) if rich is None else (0.0, 0.0) if rich.is_linked else None,
    )


class _Layouts:
    """The layouts of texts; cells of the same width and style, such as those of odd and even rows, share theirs."""

    def __init__(self, resources: Resources, around: Direction) -> None:
        self._resources = resources
        self._around = around
        self._faces: dict[str, Face] = {}
        self._layouts: dict[object, TextLayout] = {}

    def layout(self, style: ComputedStyle, width: float, prefix: str, decimals: Decimals | None) -> TextLayout:
        """Return what lays out the texts of such cells."""
        font = _text_key(style)
        if font not in self._faces:
            self._faces[font] = Face(style, self._resources)
        breaks = str([style[name] for name in OF_LINES])
        key = font, breaks, width, prefix, decimals
        if key not in self._layouts:
            self._layouts[key] = TextLayout(
                style, width, self._faces[font], self._resources, self._around, prefix, decimals
            )
        return self._layouts[key]


def _text_key(style: ComputedStyle) -> str:
    return str([style[name] for name in OF_FONTS])
