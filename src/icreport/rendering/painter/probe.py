"""What a laid-out table tells about every further row of it.

The boxes of a document that WeasyPrint rendered are private to it: they are read here and in `furniture` only, and
`tests/rendering/painter` notices when they change. All lengths are CSS pixels, all places count from the top left
corner of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weasyprint.formatting_structure import boxes

from icreport.rendering.painter.cells import TextLayout
from icreport.rendering.painter.resources import Resources
from icreport.rendering.painter.rich import RichLayout
from icreport.rendering.painter.shaping import Face

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from weasyprint import Document
    from weasyprint.pdf.fonts import Font

    from icreport.rendering.painter.rich import Prober


_WHITE_SPACES = ("normal", "nowrap", "pre-line")
FEWEST_PARTS = 3
"""Pages of a probe: the first, a left and a right one."""
FEWEST_ROWS = 5
"""Rows of a probe: the first, the last, and between them odd and even ones."""
SIDES = ("top", "right", "bottom", "left")
LINKED = "a"
"""The kind of a cell whose text is a link."""


class UnknownStyleError(Exception):
    """The table has something that the painter does not know; the message says what, for a person."""


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a page that takes rows: from `top`, no row further than `bottom`."""

    page: int
    top: float
    bottom: float


@dataclass(slots=True)
class CellModel:
    """How a cell of one column and kind looks."""

    box: Any
    above: float
    """From the top of the cell to its content: border and padding."""
    below: float
    left: float
    """Of the content, on the page."""
    width: float
    align: float
    """Of the free width, the part that is left of a line."""
    vertical: str
    color: Any
    layout: TextLayout | RichLayout
    is_head: bool
    decoration: object
    """Equal for cells that have the same background and border."""
    link: tuple[float, float] | None = None
    """Of a linked cell, how far each line's link reaches above and below its baseline."""


@dataclass(slots=True)
class TableModel:
    """Everything that a table's further rows need."""

    identifier: str
    """The id of the table's element."""
    table: Any
    page_box: Any
    columns: int
    cells: dict[tuple[int, str, int], CellModel]
    """By column, kind (the cell's classes, or `LINKED`) and whether the row is an odd (0) or even (1) one."""
    rows: tuple[Any, Any]
    above_first: tuple[float, ...]
    """For each column, how much further down the first row's content starts: borders that collapse with the head's."""
    below_last: tuple[float, ...]
    """For each column, how much higher the last row is: borders that collapse with the table's."""
    first: Area
    following: tuple[Area, ...]
    """The areas of the pages after the first, to be taken in turn."""
    collapsed: bool
    spacing: float
    heads: int
    resources: Resources

    def prepare(self, column: int, texts: Sequence[str]) -> None:
        """Lay out texts that will come in a column, where doing so together is quicker."""
        if isinstance(layout := self.cell(column, "", 0).layout, RichLayout):
            layout.prepare(texts)

    def cell(self, column: int, kind: str, parity: int) -> CellModel:
        """Give the look of a cell; a kind that the probe did not have looks as the column's first."""
        found = self.cells.get((column, kind, parity)) or self.cells.get((column, kind, 1 - parity))
        if found is None:
            found = next(model for key, model in self.cells.items() if key[0] == column and key[2] == parity)
        self.cells[column, kind, parity] = found
        return found


def tables_of(document: Document, identifier: str) -> list[tuple[int, Any]]:
    """Give the parts of a table, by the id of its element: the index of the page and the box."""
    return [
        (index, box)
        for index, page in enumerate(document.pages)
        for box in tables_within(page._page_box, identifier)  # noqa: SLF001
    ]


def tables_within(page_box: Any, identifier: str) -> list[Any]:
    """Give the boxes of a table on one page."""
    return [
        box
        for box in page_box.descendants()
        if isinstance(box, boxes.TableBox) and box.element is not None and box.element.get("id") == identifier
    ]


def probe_stylesheet(identifier: str, rows: int) -> str:
    """Give the CSS that spreads a probe of so many rows, 3 at least, over three pages."""
    return f"#{identifier} tbody tr:nth-child(n+{rows - 1}) {{ break-before: page }}"


def learn(document: Document, identifier: str, fonts: dict[Any, Font], prober: Prober | None = None) -> TableModel:
    """Learn from a probe: the table with some rows, of which the first is its own, over at least two pages.

    The document before the table is that of the final one; cells of every kind are in odd and even rows. `prober`
    renders cells that hold more than text.

    Raises `UnknownStyleError` where rows look in a way that cannot be continued.
    """
    parts = tables_of(document, identifier)
    if len(parts) < FEWEST_PARTS:
        raise UnknownStyleError("the table is not found on three pages of its probe")
    table = parts[0][1]
    _check_table(table)
    _check_around(document.pages[parts[0][0]]._page_box, table)  # noqa: SLF001
    for group in (group for _, part in parts for group in part.children):
        _check_plain(group)
        if group.is_footer:
            raise UnknownStyleError("the table has a foot")
    rows = [row for _, part in parts for row in body_rows(part)]
    if len(rows) < FEWEST_ROWS:
        raise UnknownStyleError("the probe has too few rows")
    if len({id(row.element) for row in rows}) != len(rows):
        raise UnknownStyleError("a row of the probe is higher than its page")
    usual = rows[2].children
    resources = Resources(fonts)
    rich: dict[int, RichLayout] = {}
    for column in {column for row in rows for column, cell in enumerate(row.children) if _holds_more_than_text(cell)}:
        if prober is None:
            raise UnknownStyleError("cells hold more than text")
        if any(_kind(row.children[column]) == LINKED for row in rows):
            raise UnknownStyleError("links hold more than text")
        rich[column] = RichLayout(column, prober, identifier, resources)
    cells = _cell_models(rows, table, resources, rich)
    areas = [_area(document, page, part) for page, part in parts]
    return TableModel(
        identifier=identifier,
        table=table,
        page_box=document.pages[parts[0][0]]._page_box,  # noqa: SLF001
        columns=len(table.column_widths),
        cells=cells,
        rows=(rows[2], rows[1]),
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


def _cell_models(
    rows: list[Any], table: Any, resources: Resources, rich: dict[int, RichLayout]
) -> dict[tuple[int, str, int], CellModel]:
    cells: dict[tuple[int, str, int], CellModel] = {}
    faces: dict[Any, Face] = {}
    usual = rows[2].children
    for number, row in enumerate(rows):
        _check_row(row)
        for column, cell in enumerate(row.children):
            key = (column, _kind(cell), number % 2)
            if key not in cells or cell.children:
                cells[key] = _cell_model(cell, usual[column], table, resources, faces, rich.get(column))
    return cells


def body_rows(table: Any) -> Iterator[Any]:
    """Give the boxes of a table's rows, its head left out."""
    for group in table.children:
        if not group.is_header and not group.is_footer:
            yield from group.children


def _holds_more_than_text(cell: Any) -> bool:
    return any(
        not isinstance(line, boxes.LineBox) or any(not isinstance(text, boxes.TextBox) for text in _texts_of(line))
        for line in cell.children
    )


def _texts_of(line: Any) -> Any:
    """Give the boxes of a line's text, which may be a link."""
    children = line.children
    return children[0].children if len(children) == 1 and _is_link(children[0]) else children


def _is_link(box: Any) -> bool:
    return isinstance(box, boxes.InlineBox) and box.element_tag == "a"


def _kind(cell: Any) -> str:
    if any(_is_link(box) for box in cell.descendants()):
        return LINKED
    return (cell.element.get("class") or "") if cell.element is not None else ""


def _link(cell: Any) -> tuple[float, float] | None:
    """Give how far the link of a cell reaches above and below the baseline; None where it has none."""
    line = cell.children[0] if cell.children else None
    if not isinstance(line, boxes.LineBox) or not line.children or not _is_link(line.children[0]):
        return None
    box = line.children[0]
    _check_plain(box)
    # What WeasyPrint has as the upper and lower margin of a box in a line is its part of the line's height.
    room = [box.margin_left, box.margin_right, *(getattr(box, f"padding_{side}") for side in SIDES)]
    if box.background is not None or any(room) or any(getattr(box, f"border_{side}_width") for side in SIDES):
        raise UnknownStyleError("links have a background, border, padding or margin")
    if _text_key(box.style) != _text_key(cell.style) or box.style["line_height"] != cell.style["line_height"]:
        raise UnknownStyleError("links have a font of their own")
    baseline = line.position_y + line.baseline
    _, top, _, height = box.hit_area()
    return baseline - top, top + height - baseline


def _area(document: Document, page: int, table: Any) -> Area:
    box = document.pages[page]._page_box  # noqa: SLF001
    bottom = box.content_box_y() + box.height
    return Area(page, next(body_rows(table)).position_y, bottom)


def _check_plain(box: Any) -> None:
    style = box.style
    name = box.element_tag or "box"
    if style["position"] != "static" or style["float"] != "none" or style["transform"] or style["opacity"] != 1:
        raise UnknownStyleError(f"{name} is positioned, floats, is transformed or translucent")
    if style["visibility"] != "visible" or style["overflow"] != "visible":
        raise UnknownStyleError(f"{name} is hidden or clips")
    if any(kind != "none" for kind, *_ in [style["background_image"][0]]) or style["box_shadow"]:
        raise UnknownStyleError(f"{name} has a background image or shadow")
    if style["outline_width"] and style["outline_style"] != "none":
        raise UnknownStyleError(f"{name} has an outline")


def _check_table(table: Any) -> None:
    style = table.style
    _check_plain(table)
    if style["table_layout"] != "fixed":
        raise UnknownStyleError("the widths of the table's columns depend on all rows (table-layout is not fixed)")
    if style["direction"] != "ltr":
        raise UnknownStyleError("the table runs from right to left")
    if table.background is not None or any(
        column.background is not None for group in table.column_groups for column in (group, *group.children)
    ):
        raise UnknownStyleError("the table or a column has a background")
    if style["border_collapse"] != "collapse" and any(getattr(table, f"border_{side}_width") for side in SIDES):
        raise UnknownStyleError("the table has a border of its own")


def _check_around(box: Any, table: Any) -> bool:
    """Check the boxes that hold the table: they are drawn over its last rows."""
    if box is table:
        return True
    children = box.children if isinstance(box, boxes.ParentBox) else ()
    holds = any(_check_around(child, table) for child in children)
    if holds and box.background is not None and box.element_tag not in (None, "html", "body"):
        raise UnknownStyleError(f"the {box.element_tag} around the table has a background")
    return holds


def _check_row(row: Any) -> None:
    _check_plain(row)
    if any(cell.colspan != 1 or cell.rowspan != 1 for cell in row.children):
        raise UnknownStyleError("a cell spans several columns or rows")
    if row.style["break_inside"] not in ("avoid", "avoid-page"):
        raise UnknownStyleError("rows may break inside")
    if row.style["height"] != "auto":
        raise UnknownStyleError("rows have a height")
    if row.style["break_after"] != "auto" or row.style["break_before"] not in ("auto", "page"):
        raise UnknownStyleError("rows say where pages break")


def _cell_model(
    cell: Any, usual: Any, table: Any, resources: Resources, faces: dict[Any, Face], rich: RichLayout | None
) -> CellModel:
    _check_plain(cell)
    style = cell.style
    if (
        style["height"] != "auto"
        or (style["min_height"] not in ("auto", 0) and style["min_height"].value)
        or style["text_transform"] != "none"
    ):
        raise UnknownStyleError("cells have a height or change the case of their text")
    text_style = next((text.style for text in cell.descendants() if isinstance(text, boxes.TextBox)), style)
    align = {"left": 0, "start": 0, "center": 0.5, "right": 1, "end": 1}.get(style["text_align_all"])
    if align is None or style["text_align_last"] not in ("auto", style["text_align_all"]):
        raise UnknownStyleError("text is justified")
    if style["text_overflow"] != "clip" or style["white_space"] not in _WHITE_SPACES or style["hyphens"] == "auto":
        raise UnknownStyleError("text is cut, hyphenated or keeps all its blanks")
    if style["vertical_align"] not in ("top", "middle", "bottom", "baseline"):
        raise UnknownStyleError("a cell has an unusual vertical-align")
    if table.style["border_collapse"] != "collapse" and style["empty_cells"] != "show":
        raise UnknownStyleError("empty cells are hidden")
    paddings = {}
    for side in SIDES:
        padding = style[f"padding_{side}"]
        if getattr(padding, "unit", "px").lower() != "px":
            raise UnknownStyleError("padding is a percentage")
        paddings[side] = padding.value
    if text_style["text_decoration_line"] != "none":
        raise UnknownStyleError("text is underlined or struck out")
    key = _text_key(text_style)
    if key not in faces:
        faces[key] = Face(text_style, resources)
    borders = usual if table.style["border_collapse"] == "collapse" else cell
    return CellModel(
        box=cell,
        above=borders.border_top_width + paddings["top"],
        below=borders.border_bottom_width + paddings["bottom"],
        left=cell.position_x + cell.border_left_width + paddings["left"],
        width=cell.width,
        align=align,
        vertical=style["vertical_align"],
        color=text_style["color"],
        layout=rich or TextLayout(text_style, cell.width, faces[key], resources),
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
        link=_link(cell),
    )


def _text_key(style: Any) -> str:
    return str(
        [
            style[name]
            for name in (
                "font_family",
                "font_style",
                "font_stretch",
                "font_weight",
                "font_size",
                "font_kerning",
                "lang",
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
        ]
    )
