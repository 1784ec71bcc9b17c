"""PDFs of a table of texts, laid out or painted."""

import pytest

import icreport
from icreport.model.elements import Table
from icreport.model.report import Report
from rendering.pdf.pdf_text import is_painted

TIMES = pytest.mark.parametrize("times", [1, 12], ids=["laid out", "painted"])


def document(texts, times=1, **options):
    rows = [(number, text) for number, text in enumerate(texts * times)]
    rows += [(number, "more") for number in range(len(rows), 180 if times > 1 else 0)]
    made = icreport.render(Report(elements=[Table(caption="T", columns=["N", "Text"], rows=rows)]), "pdf", **options)
    assert is_painted(made) == (times > 1)
    return made
