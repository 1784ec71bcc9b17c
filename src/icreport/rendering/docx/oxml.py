"""What is private to python-docx, behind one wall: parts and the XML in them, of which its interface shows a little.

What the XML holds is ECMA-376's; the names by which python-docx has it may be others in any release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.opc.exceptions import OpcError
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.document import CT_Body
from docx.oxml.section import CT_SectPr
from docx.oxml.styles import CT_Style
from docx.oxml.xmlchemy import BaseOxmlElement

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section, _Footer, _Header
    from docx.shape import InlineShape

__all__ = (
    "BaseOxmlElement",
    "CT_Body",
    "CT_SectPr",
    "CT_Style",
    "OpcError",
    "OxmlElement",
    "Part",
    "XmlPart",
    "add_part",
    "describe",
    "element_of",
    "parse_xml",
    "properties_of",
    "with_element",
)


def properties_of(section: Section) -> CT_SectPr:
    """Return the XML of what a section says of its pages."""
    return section._sectPr


def element_of(part: _Header | _Footer) -> BaseOxmlElement:
    """Return the XML of a header or a footer."""
    element: BaseOxmlElement = part._element
    return element


def describe(shape: InlineShape, text: str) -> None:
    """Give a picture a text for who does not see it."""
    shape._inline.docPr.set("descr", text)


def add_part(document: Document, name: str, media_type: str, content: bytes, relation: str) -> None:
    """Add a part to the package of a document."""
    package = document.part.package
    package.relate_to(Part(PackURI(name), media_type, content, package), relation)


def with_element(part: Part, element: BaseOxmlElement) -> XmlPart:
    """Return a part like another one, with this XML in it."""
    return XmlPart(part.partname, part.content_type, element, part.package)
