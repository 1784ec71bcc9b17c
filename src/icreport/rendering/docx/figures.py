"""Images and charts in the text (ECMA-376 part 1, 20.4): drawings in line with it, with a text for who does not see."""

from __future__ import annotations

from icreport.rendering.docx.text import attribute

_EMU = 9525  # of a CSS pixel
_NAMES = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_MOST_ALT = 1000


def drawing(number: int, relation: str, name: str, alt: str, size: tuple[float, float]) -> str:
    """Return a run with a picture of a size in CSS pixels; `number` is one that no other drawing has."""
    across, down = (max(1, round(length * _EMU)) for length in size)
    extent = f'cx="{across}" cy="{down}"'
    said = f'name="{attribute(name)}" descr="{attribute(" ".join(alt.split())[:_MOST_ALT])}"'
    return (
        f'<w:r><w:drawing><wp:inline {_NAMES} distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
        f'<wp:docPr id="{number}" {said}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic><a:graphicData uri="{_PICTURE}">'
        f'<pic:pic xmlns:pic="{_PICTURE}"><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" {said}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
