"""What a document says of itself in the metadata of a PDF: its dictionary, and XMP (ISO 16684-1) for archives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from icreport.rendering.html_text import showable

if TYPE_CHECKING:
    from weasyprint import Document

    from icreport.model.front_matter import FrontMatter

_NAMES = {"number": "DocumentNumber"}
_TAKEN = frozenset(
    ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate", "Trapped")
)
"""Entries that mean something else (ISO 32000-1, 14.3.3)."""
_NAMESPACE = "http://ns.adobe.com/pdfx/1.3/"
"""Where programs look for the further entries of the dictionary."""
_PROPERTY = (
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text'
    "</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
    "<pdfaProperty:description>What the document says of itself</pdfaProperty:description></rdf:li>"
)
# PDF/A wants each property that it does not know described (ISO 19005-3, 6.6.2.3).
_XMP = (
    '<rdf:Description rdf:about="" xmlns:pdfx="{namespace}">{values}</rdf:Description>'
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas>'
    '<rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>Front matter of the document</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfx</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag>"
    "</pdfaExtension:schemas></rdf:Description>"
)


def properties_of(said: FrontMatter) -> dict[str, str]:
    """Return what is said by names that both kinds of metadata can have: `DocumentNumber`, `VesselName`."""
    named = {_NAMES.get(name) or _camel(name): showable(text) for name, text in said.facts_by_name.items()}
    return {name: text for name, text in named.items() if name and not name[0].isdigit() and name not in _TAKEN}


def set_properties(document: Document, properties: dict[str, str]) -> None:
    """Set them on a document that has been laid out, to be written with `custom_metadata`."""
    document.metadata.custom = properties
    if properties:
        values = "".join(f"<pdfx:{name}>{escape(text)}</pdfx:{name}>" for name, text in properties.items())
        listed = "".join(_PROPERTY.format(name=name) for name in properties)
        ours = _XMP.format(namespace=_NAMESPACE, values=values, properties=listed).encode("utf-8", "replace")
        usual = document.metadata.generate_rdf_metadata

        def with_ours(*arguments: object) -> bytes:
            # Of what WeasyPrint adds beside it, most programs read nothing.
            written: bytes = usual(*arguments)
            return written.replace(b"</rdf:RDF>", ours + b"</rdf:RDF>")

        document.metadata.generate_rdf_metadata = with_ours


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", name))
