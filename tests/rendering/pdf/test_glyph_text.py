"""Text that is copied from a PDF is the text of the report, whatever else was drawn with the same glyphs before."""

import pytest

import icreport
from icreport.model.elements import Table
from icreport.model.report import Report
from rendering.pdf.pictures import text_of


def lines_of(*texts, times=1):
    table = Table(caption="T", columns=["A"], rows=[(text,) for text in texts] * times)
    return text_of(icreport.render(Report(elements=[table]), "pdf")).splitlines()


@pytest.mark.parametrize("times", [1, 80], ids=["laid out", "painted"])
@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("مرحبا (بالعالم) [א] «ב»", "plain (english) [y] «z»"),
        ("दि", "द"),
        ("दि", "दु"),
        ("e\u0301 x\u0301", "later text"),
        ("office first", "of fi ffi"),
    ],
)
def test_text_is_the_same_after_other_text_with_its_glyphs(first, later, times):
    assert later in lines_of(first, later, times=times)
    assert later in lines_of(later, first, times=times)


def test_no_character_is_lost_where_a_cluster_is_taken_apart():
    lines = lines_of("दि", "द")
    assert sorted("दि") in [sorted(line) for line in lines]


def test_a_cluster_that_is_always_the_same_is_read_as_a_whole():
    assert "दि दि" in lines_of("दि दि")
