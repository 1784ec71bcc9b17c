"""Texts that would keep WeasyPrint busy for hours."""

import io
import re
from collections.abc import Iterable

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar

import icreport
from icreport.errors import Place, RenderError
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.report import Report
from icreport.model.rows import Batch, Row
from icreport.rendering.grid import Grid
from icreport.rendering.pdf.long_text import BLANK, printable, printable_grid
from icreport.warnings import Warnings

HERE = Place(0)


@pytest.mark.parametrize("value", [None, 5, "x" * 999, "words " * 1000, ["a", {"b": 1}], "\n" * 9000])
def test_ordinary_values_are_left_alone(value):
    assert printable(value, HERE) is value


def test_blanks_that_count_become_no_break_spaces():
    shown = printable("    Brace 1\n  a  b\tc d ", HERE)
    assert shown.replace("\u00a0", "_") == "____Brace 1\n__a_ b_ c d "


@pytest.mark.parametrize("text", ["x" * 100_000, "short " + "y" * 3000, "\u200d" * 5000])
def test_a_long_word_gets_places_to_break_at_and_keeps_its_letters(text):
    broken = printable(text, HERE)
    assert max(map(len, broken.replace("\u200b", " ").split())) <= 8
    assert broken.replace("\u200b", "") == text
    assert printable([text], HERE).replace("\u200b", "") == f'["{text}"]'


@pytest.mark.parametrize("text", ["x " * 600_000, "\n" * 10_001, ["x" * 1_000_001]])
def test_a_text_that_would_fill_a_book_is_refused(text):
    with pytest.raises(RenderError, match=r'elements\[0\] "T": a text has .*\(write HTML or CSV\)'):
        icreport.render(Report(elements=[Table(caption="T", columns=["A"], rows=[(text,)])]), "pdf")


@pytest.mark.parametrize("rows", [1, 180])
def test_a_report_of_long_words_is_printed(rows):
    word = "x" * 6_000
    table = Table(caption=word, columns=["A", "B"], rows=[(word, "a"), *[("b", "a")] * rows])
    assert printed([Paragraph(caption=word, data={"text": word}), table]).count("x") >= 4 * len(word)


@pytest.mark.parametrize("rows", [1, 180])
def test_no_long_word_is_given_to_weasyprint(monkeypatch, rows):
    pages = []
    monkeypatch.setattr("icreport.rendering.pdf.layout.with_line_ends", lambda page: pages.append(page) or page)
    word = "x" * 3000
    table = Table(caption=word, columns=["A", "B"], rows=[(word, "a"), ("b", word), *[("b", "c")] * rows])
    icreport.render(Report(name=word, elements=[Paragraph(caption=word, data={"text": word}), table]), "pdf")
    assert max(len(found) for page in pages for found in re.findall("x+", page)) <= 20


VALUES = st.one_of(
    st.text(" \t\nab", max_size=6), st.sampled_from([None, 1.5, True, ["a  b"], {"a": "x" * 1000}, "y" * 1200, "Open"])
)


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=5))
def test_values_of_many_rows_come_out_as_each_by_itself(rows):
    grid = Grid(["A", "B"], True, 0, [], iter([Batch([Row(values) for values in rows])]), [], [])
    (batch,) = printable_grid(grid, HERE, Warnings()).batches
    blank = [all(value is None or not str(value).strip() for value in values) for values in rows]
    expected = [
        (printable(a, HERE), BLANK if is_blank else printable(b, HERE))
        for (a, b), is_blank in zip(rows, blank, strict=True)
    ]
    assert [row.values for row in batch.rows] == expected


def printed(elements):
    data = icreport.render(Report(elements=elements), "pdf")
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def test_a_head_that_would_fill_pages_is_cut_and_counted():
    table = Table(columns=["x" * 300, "y" * 301, "z" * 10_000], rows=[(1, 2, 3)])
    text = printed([table])
    assert [text.count(letter) for letter in "xyz\u2026"] == [300, 300, 300, 2]
    (warning,) = icreport.write(Report(elements=[table]), io.BytesIO(), "pdf").warnings
    assert (warning.code, warning.count, warning.loss) == ("cut-head", 2, True)


def test_the_contents_show_the_start_of_a_long_caption():
    tables = [Table(caption="c" * 5000, columns=["A"], rows=[(1,)])] * 6
    page = icreport.render(Report(elements=tables), "html").decode()
    assert page.count("c" * 199 + "\u2026") >= 6
    assert page.count("c" * 5000) >= 6


def outside(report):
    """Count the characters of a PDF that stand outside of its pages."""
    found = 0
    for page in extract_pages(io.BytesIO(icreport.render(report, "pdf"))):
        parts = [page]
        while parts:
            part = parts.pop()
            if isinstance(part, LTChar):
                found += part.x0 < 0 or part.x1 > page.width or part.y0 < 0
            elif isinstance(part, Iterable):
                parts += part
    return found


WORDS = "word " * 60


@pytest.mark.parametrize(
    "rows",
    [
        [("ab", "x")] * 20 + [(WORDS, "x")],
        [("ab", "x")] * 1100 + [(WORDS, "x")],
        [(1, "x")] * 20 + [(10**200, "x")],
        [(10**200, "x")],
        [("2026-01-31", "x")] * 1100 + [(WORDS, "x")],
        [("open", "x")] * 1100 + [(WORDS, "x")],
    ],
    ids=["code", "late code", "number", "long number", "late date", "late status"],
)
def test_no_value_leaves_the_page(rows):
    assert outside(Report(elements=[Table(columns=["A", "B"], rows=rows)])) == 0


def test_no_head_of_a_row_leaves_the_page():
    assert outside(Report(elements=[Table(rows=[(WORDS, "x"), ("Mass", 1)]), Section(caption=WORDS)])) == 0
