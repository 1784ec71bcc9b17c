"""Tables that say how they are shown, on paper: the painter paints all of it as it would be laid out."""

import io

import pikepdf
import pytest

import icreport
from rendering.formatted import SAMPLE, register
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pdf_text import is_painted
from rendering.pdf.pictures import assert_look_alike, text_of


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def elements_of(pdf):
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting += reversed(list(item))
        elif isinstance(item, pikepdf.Dictionary) and "/S" in item:
            yield item
            waiting.append(item.get("/K", pikepdf.Array()))


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ({}, {"link": "https://ic.invalid/{sourceKey}"}),
        ({"new_page": True}, {"theme": "formal", "locale": "de"}),
        ({"grouped_by": ("Component", "Criticality"), "groups": 30}, {"theme": "compact"}),
        ({"grouped_by": ()}, {}),
    ],
    ids=["links", "new pages", "two levels", "totals alone"],
)
def test_painted_groups_totals_marks_and_bars_look_like_laid_out_ones(said, options):
    report = register(160, **said)
    painted = icreport.render(report, "pdf", **options)
    plain = icreport.render(report, "pdf", painter="off", **options)
    assert is_painted(painted)
    assert not is_painted(plain)
    assert text_of(painted).split() == text_of(plain).split()
    assert_look_alike(painted, plain)
    assert [*problems(painted), *problems(plain)] == []


@pytest.mark.parametrize("rows", [40, 130], ids=["laid out", "painted"])
def test_the_structure_has_headings_over_all_columns_and_totals_in_a_foot(rows):
    with pikepdf.open(io.BytesIO(icreport.render(register(rows), "pdf"))) as pdf:
        found = list(elements_of(pdf))
        spans = [each for each in found if each.S == "/TH" and each.A.get("/ColSpan") == 6]
        assert [str(each.A.Scope) for each in spans] == ["/Row"] * 4
        (foot,) = [each for each in found if each.S == "/TFoot"]
        assert len(foot.K) == 1


def test_totals_come_once_at_the_end_and_nothing_is_said_of_the_style_sheet(caplog):
    words = text_of(icreport.render(register(200), "pdf")).split()
    assert words.count("Total") == 1
    assert words.index("Total") > max(at for at, word in enumerate(words) if word == "Subtotal")
    assert "After." in words
    assert [each for each in caplog.records if each.name == "weasyprint"] == []


def test_each_group_of_new_pages_starts_one():
    with pikepdf.open(io.BytesIO(icreport.render(icreport.read(SAMPLE), "pdf"))) as pdf:
        assert len(pdf.pages) >= 3


def test_signs_and_bars_stand_at_the_right_where_a_page_starts_there():
    report = register(150)
    painted = icreport.render(report, "pdf", locale="ar")
    assert is_painted(painted)
    assert_look_alike(painted, icreport.render(report, "pdf", locale="ar", painter="off"))
