"""The sheet of a report's images, two by two in their size, and the drawing (ECMA-376 part 1, 20.5) that holds them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from icreport.rendering.xlsx.cells import text_cell
from icreport.rendering.xlsx.xml_text import cut
from icreport.rendering.xml_text import without_forbidden

if TYPE_CHECKING:
    from icreport.rendering.pictures import Picture
    from icreport.rendering.xlsx.cells import Losses
    from icreport.rendering.xlsx.workbook import Sheet, WorkbookWriter
    from icreport.rendering.zip_package import Piece

ROOM = (420.0, 360.0)
"""CSS pixels of an image on its sheet."""
DRAWING = '<drawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="figures"/>'
"""What a sheet with images says of them."""
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_NAMES = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{_RELATIONS}"'
)
_EMU = 9525  # of a CSS pixel
_SUFFIXES = {"image/jpeg": "jpeg", "image/png": "png"}
_WIDTH = 62
"""Characters of a column that is as wide as the room of an image."""
_ROW = 20
"""Pixels of a row of 15 points."""
_ROWS_OF_PAGE = 56
"""Of the sheet, as it is printed: as wide as an upright page."""
_MOST_ALT = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """An image of the sheet: what it is called, its text, and its bytes in the package; without these it is lost."""

    called: str
    caption: str
    alt: str
    picture: tuple[str, float, float, Piece] | None
    """Its media type, width and height in CSS pixels, and its bytes."""


def figure_of(
    called: str, caption: str | None, alt: str | None, picture: Picture | None, book: WorkbookWriter
) -> Figure:
    """Return an image as its sheet holds it, its bytes put aside."""
    held = (
        None
        if picture is None
        else (picture.media_type, picture.width, picture.height, book.put_aside(picture.content))
    )
    return Figure(called, caption or "", alt or caption or called, held)


def fill_figures(sheet: Sheet, figures: list[Figure], title: str, book: WorkbookWriter, losses: Losses) -> list[str]:
    """Write the captions of the images, each under its place; return the cells of these."""
    rows, style = book.rows(), book.styles.attribute
    rows.write(f'<row r="1">{text_cell("A1", title, style(role="title"), losses)}</row>')
    at, cells, top = 3, [], 1
    for first in range(0, len(figures), 2):
        pair = figures[first : first + 2]
        height = max([each.picture[2] for each in pair if each.picture] or [_ROW])
        under = at + math.ceil(height / _ROW)
        if under - top > _ROWS_OF_PAGE and at > top + 2:
            sheet.breaks.append(at - 1)
            top = at
        line = ""
        for column, each in zip((0, 2), pair, strict=False):
            cell = f"{'ABC'[column]}{under}"
            text = f"{each.called}  {each.caption}" if each.caption else each.called
            line += text_cell(cell, text, style(wrap=True, top=True), losses, first + column)
            cells.append(cell)
            if each.picture:
                sheet.figures.append((column, at - 1, each))
        lines = max(len(f"{each.called} {each.caption}") // _WIDTH + 1 for each in pair)
        rows.write(f'<row r="{under}" ht="{15 * lines}" customHeight="1">{line}</row>')
        at = under + 2
    sheet.rows, sheet.height, sheet.widths = [rows.close()], at, [_WIDTH, 3, _WIDTH]
    return cells


def parts(figures: list[tuple[int, int, Figure]]) -> dict[str, bytes | Piece]:
    """Return the parts of the package that hold the images of the sheet."""
    found: dict[str, bytes | Piece] = {}
    anchors, relations = "", ""
    for number, (column, row, figure) in enumerate(figures, 1):
        if figure.picture is None:
            continue
        kind, width, height, piece = figure.picture
        name = f"figure{number}.{_SUFFIXES[kind]}"
        found[f"xl/media/{name}"] = piece
        relations += f'<Relationship Id="rId{number}" Type="{_RELATIONS}/image" Target="../media/{name}"/>'
        alt = quoteattr(cut(" ".join(without_forbidden(figure.alt)[0].split()), _MOST_ALT))
        called = quoteattr(without_forbidden(figure.called)[0])
        size = f'cx="{round(width * _EMU)}" cy="{round(height * _EMU)}"'
        anchors += (
            f"<xdr:oneCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff>"
            f"<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext {size}/><xdr:pic><xdr:nvPicPr>"
            f'<xdr:cNvPr id="{number + 1}" name={called} descr={alt}/>'
            '<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>'
            f'<xdr:blipFill><a:blip r:embed="rId{number}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
            f'<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>'
        )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    found["xl/drawings/figures1.xml"] = f"{head}<xdr:wsDr {_NAMES}>{anchors}</xdr:wsDr>".encode()
    found["xl/drawings/_rels/figures1.xml.rels"] = (
        f'{head}<Relationships xmlns="{_PACKAGE_RELATIONS}">{relations}</Relationships>'.encode()
    )
    return found


def relation() -> str:
    """Return what leads from the sheet to its drawing."""
    return f'<Relationship Id="figures" Type="{_RELATIONS}/drawing" Target="../drawings/figures1.xml"/>'


def content_types(figures: list[tuple[int, int, Figure]], planned: bytes) -> bytes:
    """Return what the list of content types has to say of the images, beyond what it says already."""
    if not figures:
        return b""
    kinds = {figure.picture[0] for _, _, figure in figures if figure.picture}
    said = [
        f'<Default Extension="{_SUFFIXES[kind]}" ContentType="{kind}"/>'
        for kind in sorted(kinds)
        if f'Extension="{_SUFFIXES[kind]}"'.encode() not in planned
    ]
    return f'{"".join(said)}<Override PartName="/xl/drawings/figures1.xml" ContentType="{_DRAWING_TYPE}"/>'.encode()
