"""The references of a PDF's pages, made once: pydyf makes those of all pages for each element of the structure.

That took the time of a document of many pages with the square of their number.
"""

import pydyf


def page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    """Return the references of the pages that a PDF has."""
    kids = pdf.pages["Kids"]
    known: tuple[int, tuple[bytes, ...]] = getattr(pdf, "known_references", (0, ()))
    if known[0] != len(kids):
        known = pdf.known_references = len(kids), tuple(f"{number} 0 R".encode() for number in kids[::3])
    return known[1]
