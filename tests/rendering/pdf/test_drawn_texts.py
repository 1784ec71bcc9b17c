"""Texts of drawings are whole in our documents, and in those of a program's own what WeasyPrint makes of them."""

import io

import pikepdf
from weasyprint import HTML

import icreport
from icreport import Image, Report

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">'
    '<text x="10" y="20" font-family="Noto Sans Arabic">مرحبا</text></svg>'
)


def pieces_in(pdf):
    """Return how many pieces of text there are on pages and in the groups that they show."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        streams = [each for each in document.objects if isinstance(each, pikepdf.Stream)]
        shown = [each for each in streams if each.get("/Type") is None or each.get("/Subtype") == "/Form"]
        return sum(each.read_bytes().count(b"TJ") for each in shown)


def own_document():
    return pieces_in(HTML(string=f"<body>{DRAWING}").write_pdf())


def test_texts_of_drawings_are_whole_and_documents_of_a_program_are_left_alone():
    before = own_document()
    assert before == 5
    counts = [
        pieces_in(icreport.render(Report(name="R", elements=[Image(one.encode(), caption="A")]), "pdf"))
        for one in (DRAWING, DRAWING.replace("مرحبا", "م"))
    ]
    assert counts[0] == counts[1]
    assert own_document() == before
