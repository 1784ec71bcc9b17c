"""The workbook around the rows: openpyxl draws its plan with empty sheets, the rows are put into them.

So every feature of openpyxl (tables, styles, print set-up, properties) is at hand, and no row goes through its objects.
"""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from typing import IO, TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

import openpyxl
import PIL.Image
from openpyxl.drawing.image import Image
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import Outline, PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.writer.theme import theme_xml

from icreport.clock import fixed_date
from icreport.limits import IN_MEMORY
from icreport.rendering.themes.checks import MOST_PRINTED
from icreport.rendering.xlsx.comments import LEGACY_DRAWING, content_types, parts, relations
from icreport.rendering.xlsx.conditional_formats import with_bars_from_zero
from icreport.rendering.xlsx.document import add_properties, core_properties
from icreport.rendering.xlsx.figures import DRAWING
from icreport.rendering.xlsx.figures import content_types as types_of_figures
from icreport.rendering.xlsx.figures import parts as parts_of_figures
from icreport.rendering.xlsx.figures import relation as relation_of_figures
from icreport.rendering.xlsx.styles import Styles
from icreport.rendering.xlsx.xml_text import cut, escape, escape_attribute, escape_escapes
from icreport.rendering.xml_text import parsed, without_forbidden
from icreport.rendering.zip_package import PackageWriter, Piece, PieceWriter, piece
from icreport.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from openpyxl.formatting.rule import Rule
    from openpyxl.worksheet.worksheet import Worksheet

    from icreport.model.front_matter import FrontMatter
    from icreport.rendering.xlsx.charts import SheetChart
    from icreport.rendering.xlsx.comments import Comment
    from icreport.rendering.xlsx.figures import Figure
    from icreport.rendering.xlsx.styles import Colours
    from icreport.words import Words

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PREFIXES = {
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": _RELATIONS,
}
_SHEETS = "xl/worksheets"
_BODY = re.compile(r"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_FONT_PARTS = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color"),
    *("name", "family", "charset", "scheme"),
)
_ACCENT = "4F81BD"
_LANDSCAPE_FROM = 95
_MOST_PROPERTY = 255
_DEEPEST = 7
_LAST = ("<tableParts", "</worksheet>")
_HELD = ("PNG", "JPEG", "GIF")
"""Formats of images that every reader of workbooks knows; others become PNG."""
_LARGEST_PICTURE = (220, 54)
"""Pixels of width and height of a picture beside the title."""


@dataclass
class TableArea:
    """The Excel table on a sheet: the name by which formulas speak of it, and its heads."""

    name: str
    heads: list[str]


@dataclass
class Sheet:
    """A sheet: its rows in pieces, deflated already, and what belongs to it.

    `name`, as that of its table, is what is wanted until all sheets are there. `head` is the number of the row with the
    heads over the columns; 0 if there is none. `frozen` is the first cell that moves. `links` are pairs of a cell and a
    URL, or a place in the workbook that starts with `#`; `comments` are said at cells. `picture` is an image beside the
    first row.
    """

    name: str
    rows: list[Piece] = field(default_factory=list)
    height: int = 0
    widths: list[float] = field(default_factory=list)
    head: int = 0
    frozen: str | None = None
    table: TableArea | None = None
    links: list[tuple[str, str]] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    end: int = 0
    """The last row of the table; that of the sheet (`height`) may be a note under it."""
    totals: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Of the last row of its table, if that has totals: by column what Excel calls the function, or the label."""
    rules: list[tuple[str, Rule]] = field(default_factory=list)
    """Conditional formats, and the cells that have them."""
    breaks: list[int] = field(default_factory=list)
    """Rows after which a printed page ends."""
    outline: int = 0
    """How deep rows are in groups."""
    summary_below: bool = False
    picture: bytes | None = None
    chart: SheetChart | None = None
    figures: list[tuple[int, int, Figure]] = field(default_factory=list)
    """Images with the column and row, from 0, at which they stand; one sheet has them."""


class WorkbookWriter:
    """Gathers sheets and writes the workbook."""

    def __init__(
        self,
        stack: ExitStack,
        ink: str,
        words: Words = ENGLISH,
        *,
        right_to_left: bool,
        header: str = "",
        footer: str = "",
        colours: Callable[[], Colours] | None = None,
    ) -> None:
        self._book = openpyxl.Workbook()
        self._book.remove(self._book.worksheets[0])
        # The stripes of Excel's tables are tints of the first accent.
        self._book.loaded_theme = theme_xml.replace(_ACCENT, ink, 1)
        self._store: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())
        self.words = words
        self._right_to_left = right_to_left
        self._header, self._footer = _printed(header), _printed(footer)
        self._running: str | None = None
        self.styles = Styles(self._book, ink, start="right" if right_to_left else "left", colours=colours)

    def rows(self) -> PieceWriter:
        """Start the rows of a sheet; one at a time."""
        return PieceWriter(self._store)

    def put_aside(self, data: bytes) -> Piece:
        """Deflate bytes that are a member of their own into the file of the rows; none are under way."""
        packed = piece(data, last=True)
        offset = self._store.seek(0, os.SEEK_END)
        for chunk in packed.read():
            self._store.write(chunk)
        return replace(packed, data=(self._store, offset))

    def write(
        self,
        sheets: list[Sheet],
        title: str,
        subject: str,
        write: Callable[[bytes], object],
        document: FrontMatter,
        running: str,
    ) -> None:
        """Write the workbook with these sheets; `running` stands at the top of what is printed of it."""
        self.styles.close()
        self._running = _printed(running)
        add_properties(self._book, document)
        figures = next((sheet.figures for sheet in sheets if sheet.figures), [])
        for number, sheet in enumerate(sheets, 1):
            self._plan(sheet, self._book.create_sheet(sheet.name), number)
        commented = [number for number, sheet in enumerate(sheets, 1) if sheet.comments]
        changes: dict[str, Callable[[bytes], bytes]] = {
            "xl/styles.xml": _with_fonts_in_order,
            "docProps/core.xml": lambda _: _properties(title, subject, document),
            "docProps/app.xml": lambda _: _APP,
            "xl/_rels/workbook.xml.rels": lambda data: data.replace(b'Target="/xl/', b'Target="'),
            "[Content_Types].xml": lambda data: data.replace(
                b"</Types>", content_types(commented) + types_of_figures(figures, data) + b"</Types>"
            ),
        }
        drawn = [
            sheet.chart.alt if sheet.chart else self.words("Logo") for sheet in sheets if sheet.chart or sheet.picture
        ]
        for number, said in enumerate(drawn, 1):
            changes[f"xl/drawings/drawing{number}.xml"] = partial(_with_prefixes, said=said)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as plan:
            self._book.save(plan)
            with zipfile.ZipFile(plan) as members:
                package = PackageWriter(write)
                for name in sorted(members.namelist(), key=_order):
                    if not name.startswith(_SHEETS):
                        data = members.read(name)
                        if name.startswith("xl/drawings/_rels/"):
                            data = data.replace(b'Target="/xl/', b'Target="../')
                        package.add(name, [piece(changes.get(name, bytes)(data), last=True)])
                for number, sheet in enumerate(sheets, 1):
                    _add_sheet(package, members, number, sheet)
                package.close()

    def _plan(self, sheet: Sheet, plan: Worksheet, number: int) -> None:
        for index, width in enumerate(sheet.widths, 1):
            plan.column_dimensions[get_column_letter(index)].width = width
        plan.sheet_view.rightToLeft = self._right_to_left or None
        plan.freeze_panes = sheet.frozen
        plan.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        plan.page_setup.fitToHeight = 0
        plan.page_setup.paperSize = plan.PAPERSIZE_A4
        if sheet.chart or (sum(sheet.widths) > _LANDSCAPE_FROM and not sheet.figures):
            plan.page_setup.orientation = "landscape"
        plan.page_margins.left = plan.page_margins.right = 0.5
        plan.page_margins.top = plan.page_margins.bottom = 0.75
        plan.page_margins.header = plan.page_margins.footer = 0.3
        # The footer of a wide table that is printed small stays legible.
        plan.HeaderFooter.scaleWithDoc = False
        plan.oddHeader.left.text = self._header
        plan.oddHeader.right.text = self._running
        plan.oddFooter.center.text = self._footer
        plan.oddFooter.left.text = "&A"
        plan.oddFooter.right.text = "&P / &N"
        _plan_formats(sheet, plan)
        if sheet.head:
            plan.print_title_rows = f"{sheet.head}:{sheet.head}"
        if sheet.picture:
            plan.add_image(_picture(sheet.picture), f"{get_column_letter(len(sheet.widths) + 1)}1")
        if sheet.chart:
            sheet.chart.add_to(plan, sheet)
        if sheet.table:
            heads = sheet.table.heads
            start, last = f"A{sheet.head}:{get_column_letter(len(heads))}", max(sheet.end, sheet.head + 1)
            table = ExcelTable(id=number, displayName=sheet.table.name, ref=f"{start}{last}")
            table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
            # The only way to name columns whose cells are elsewhere.
            table._initialise_columns()
            _plan_totals(sheet, table)
            for column, head in zip(table.tableColumns, heads, strict=True):
                # openpyxl escapes control characters, but not what would read as such an escape.
                column.name = escape_escapes(head)
            plan.add_table(table)


def _plan_totals(sheet: Sheet, table: ExcelTable) -> None:
    """Say which functions the last row of a table has, if it has any."""
    if not sheet.totals:
        return
    table.totalsRowCount = 1
    start, _, end = table.ref.partition(":")
    table.autoFilter.ref = f"{start}:{end.rstrip('0123456789')}{sheet.end - 1}"
    for at, (kind, what) in sheet.totals.items():
        setattr(table.tableColumns[at], kind, what)


def _plan_formats(sheet: Sheet, plan: Worksheet) -> None:
    """Plan what a table says of how it is shown: conditional formats, pages of groups, an outline."""
    for area, rule in sheet.rules:
        plan.conditional_formatting.add(area, rule)
    for row in sheet.breaks:
        plan.row_breaks.append(Break(id=row))
    if sheet.outline:
        plan.sheet_properties.outlinePr = Outline(summaryBelow=sheet.summary_below)
        plan.sheet_format.outlineLevelRow = min(sheet.outline, _DEEPEST)


def _picture(data: bytes) -> Image:
    """Return an image, made smaller where it is larger than two rows beside a title."""
    with PIL.Image.open(BytesIO(data)) as given:
        if given.format not in _HELD:
            converted = BytesIO()
            given.save(converted, "PNG")
            data = converted.getvalue()
    image = Image(BytesIO(data))
    scale = min(1, _LARGEST_PICTURE[0] / image.width, _LARGEST_PICTURE[1] / image.height)
    image.width, image.height = round(image.width * scale), round(image.height * scale)
    return image


def _printed(text: str) -> str | None:
    """Return a text as headers and footers of printed sheets have it (ECMA-376, 18.3.1.46), None for an empty one."""
    line = " ".join(without_forbidden(text)[0].split())
    return cut(line, MOST_PRINTED).replace("&", "&&") or None


def _add_sheet(package: PackageWriter, members: zipfile.ZipFile, number: int, sheet: Sheet) -> None:
    """Write a sheet and what belongs to it alone."""
    package.add(f"{_SHEETS}/sheet{number}.xml", _with_rows(members, number, sheet))
    name = f"{_SHEETS}/_rels/sheet{number}.xml.rels"
    planned = members.read(name).decode() if name in members.NameToInfo else ""
    if related := _relations(planned, number, sheet):
        package.add(name, [piece(related.encode(), last=True)])
    if sheet.comments:
        for part, data in parts(sheet.comments, number).items():
            package.add(part, [piece(data, last=True)])
    if sheet.figures:
        for part, held in parts_of_figures(sheet.figures).items():
            package.add(part, [piece(held, last=True) if isinstance(held, bytes) else held])


def _relations(planned: str, number: int, sheet: Sheet) -> str:
    """Add the links that lead out of the workbook, and the comments, to the relations of a sheet."""
    links = "".join(
        f'<Relationship Id="link{index}" Type="{_RELATIONS}/hyperlink" TargetMode="External"'
        f" Target={quoteattr(target)}/>"
        for index, (_, target) in enumerate(sheet.links)
        if not target.startswith("#")
    )
    if sheet.comments:
        links += relations(number)
    if sheet.figures:
        links += relation_of_figures()
    if planned:
        # Some readers know only targets that are relative.
        planned = planned.replace('Target="/xl/', 'Target="../')
        return planned.replace("</Relationships>", links + "</Relationships>")
    return f'<Relationships xmlns="{_PACKAGE_RELATIONS}">{links}</Relationships>' if links else ""


def _order(name: str) -> tuple[bool, bool, str]:
    # Readers that look at the start of a file know a workbook by this first member.
    return (name != "[Content_Types].xml", name != "_rels/.rels", name)


def _with_rows(members: zipfile.ZipFile, number: int, sheet: Sheet) -> list[Piece]:
    """Put the rows into the plan of their sheet, and what openpyxl keeps in cells."""
    before, after = _BODY.split(members.read(f"{_SHEETS}/sheet{number}.xml").decode())
    width = get_column_letter(max(len(sheet.widths), 1))
    area = f"A1:{width}{max(sheet.height, 1)}"
    before = _DIMENSION.sub(f'<dimension ref="{area}"/>', before)
    if sheet.links:
        after = after.replace("<pageMargins", _hyperlinks(sheet) + "<pageMargins", 1)
    ignored = f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
    # In the order of CT_Worksheet: errors, a drawing, that of the comments, tables.
    for added, ends in (
        (ignored, ("<drawing", *_LAST)),
        (DRAWING if sheet.figures else "", _LAST),
        (LEGACY_DRAWING if sheet.comments else "", _LAST),
    ):
        end = next(each for each in ends if each in after)
        after = after.replace(end, added + end, 1)
    if sheet.rules:
        after = with_bars_from_zero(after)
    return [
        piece((before + "<sheetData>").encode(), last=False),
        *sheet.rows,
        piece(("</sheetData>" + after).encode(), last=True),
    ]


def _hyperlinks(sheet: Sheet) -> str:
    links = "".join(
        f'<hyperlink ref="{cell}" location="{escape_attribute(target[1:])}"/>'
        if target.startswith("#")
        else f'<hyperlink ref="{cell}" r:id="link{index}"/>'
        for index, (cell, target) in enumerate(sheet.links)
    )
    return f'<hyperlinks xmlns:r="{_RELATIONS}">{links}</hyperlinks>'


def _with_fonts_in_order(styles: bytes) -> bytes:
    """Bring the parts of fonts into the order of CT_Font, which openpyxl does not keep."""
    ET.register_namespace("", _MAIN)
    root = parsed(styles)
    for font in root.iter(f"{{{_MAIN}}}font"):
        font[:] = sorted(font, key=lambda part: _FONT_PARTS.index(part.tag.rpartition("}")[2]))
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return written


def _with_prefixes(drawing: bytes, said: str) -> bytes:
    """Write a drawing with the prefixes of Excel, without which ExcelJS fails, and say what its picture is."""
    for prefix, name in _PREFIXES.items():
        ET.register_namespace(prefix, name)
    root = parsed(drawing)
    for properties in root.iter(f"{{{_PREFIXES['xdr']}}}cNvPr"):
        properties.set("descr", said)
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return written


_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/extended-properties"><Application>icreport</Application></Properties>'
)


def _properties(title: str, subject: str, document: FrontMatter) -> bytes:
    """Write the core properties (ISO/IEC 29500-2); a date only where it is given: equal reports are equal files."""
    fixed = fixed_date()
    date = f"{fixed:%Y-%m-%dT%H:%M:%SZ}" if fixed else None
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{date}</dcterms:{name}>' for name in ("created", "modified") if date
    )
    texts = "".join(
        f"<dc:{name}>{escape(cut(' '.join(without_forbidden(text)[0].split()), _MOST_PROPERTY))}</dc:{name}>"
        for name, text in (("title", title), ("subject", subject), ("creator", "icreport"))
        if text
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp="http://schemas.'
        'openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{texts}{core_properties(document)}{dates}</cp:coreProperties>"
    ).encode()
