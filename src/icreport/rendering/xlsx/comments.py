"""Comments at cells (ECMA-376 part 1, 18.7), and the VML (part 4, 19) without which Excel does not show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from icreport.rendering.xlsx.xml_text import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_COMMENTS = 1000
"""How many comments a sheet gets; the numbers of their shapes go up to 1,023."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
LEGACY_DRAWING = f'<legacyDrawing xmlns:r="{_RELATIONS}" r:id="shapes"/>'
"""What a sheet with comments says of their shapes."""
_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>{shapes}</xml>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" fillcolor="#ffffe1" o:insetmode="auto" style="position:absolute;'
    'margin-left:60pt;margin-top:2pt;width:200pt;height:70pt;z-index:1;visibility:hidden">'
    '<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


class Comment(NamedTuple):
    """A cell (`A1`) and what is to be said there."""

    cell: str
    text: str


def parts(comments: Sequence[Comment], number: int) -> dict[str, bytes]:
    """Return the parts of the package that hold the comments of a sheet; `number` is that of the sheet, from 1.

    Their names are Excel's: some readers look for nothing else.
    """
    return {
        f"xl/comments{number}.xml": _texts(comments[:MOST_COMMENTS]),
        f"xl/drawings/vmlDrawing{number}.vml": _shapes(comments[:MOST_COMMENTS], number),
    }


def content_types(numbers: Sequence[int]) -> bytes:
    """Return what the list of content types has to say of the comments of these sheets."""
    if not numbers:
        return b""
    kind = f'ContentType="{_OPEN_XML}.spreadsheetml.comments+xml"'
    texts = "".join(f'<Override PartName="/xl/comments{number}.xml" {kind}/>' for number in numbers)
    return f'<Default Extension="vml" ContentType="{_OPEN_XML}.vmlDrawing"/>{texts}'.encode()


def relations(number: int) -> str:
    """Return what leads from a sheet to its comments."""
    return (
        f'<Relationship Id="comments" Type="{_RELATIONS}/comments" Target="../comments{number}.xml"/>'
        f'<Relationship Id="shapes" Type="{_RELATIONS}/vmlDrawing" Target="../drawings/vmlDrawing{number}.vml"/>'
    )


def _texts(comments: Sequence[Comment]) -> bytes:
    texts = "".join(
        f'<comment ref="{cell}" authorId="0"><text><r><t xml:space="preserve">{escape(text)}</t></r></text></comment>'
        for cell, text in comments
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{_MAIN}">'
        f"<authors><author>icreport</author></authors><commentList>{texts}</commentList></comments>"
    ).encode()


def _shapes(comments: Sequence[Comment], number: int) -> bytes:
    shapes = []
    for shape, (cell, _) in enumerate(comments, number * 1024 + 1):
        letters, row = coordinate_from_string(cell)
        shapes.append(_SHAPE.format(id=shape, row=row - 1, column=column_index_from_string(letters) - 1))
    return _VML.format(number=number, shapes="".join(shapes)).encode()
