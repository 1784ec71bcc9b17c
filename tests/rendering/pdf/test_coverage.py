"""Ordinary tables of random columns: every single one is painted, and reads like the one that is laid out."""

import io
import logging

import pikepdf
import pytest

import icreport
from icreport import Report, Row, Table
from rendering.pdf.ordinary import ordinary_report
from rendering.pdf.pdf_text import is_painted
from rendering.pdf.pictures import text_of

STATUSES = {
    "opposites": ["Open", "Closed"],
    "severities": ["Critical", "Major", "Minor", "Observation"],
    "blanks": ["Pass", None, "Fail", ""],
    "long ones": ["Closed with remarks by the inspector", "Open", "Closed"],
}


def statuses(words, first, count=320):
    return [(first,), *[(words[i % len(words)],) for i in range(count)]]


@pytest.mark.parametrize("words", STATUSES.values(), ids=STATUSES)
def test_a_table_is_painted_whatever_status_its_first_row_has(words):
    for first in [*words, None]:
        report = Report(name="S", elements=[Table(columns=["Status"], rows=statuses(words, first))])
        assert is_painted(icreport.render(report, "pdf")), first


@pytest.mark.parametrize("seed", range(SEEDS := 20))
def test_every_ordinary_table_is_painted(seed, caplog):
    report, options = ordinary_report(seed)
    with caplog.at_level(logging.WARNING, "icreport"):
        painted = icreport.render(report, "pdf", **options)
    assert "not painted" not in caplog.text
    assert is_painted(painted)


@pytest.mark.parametrize("seed", range(SEEDS, SEEDS + 3))
def test_an_ordinary_table_reads_like_the_one_that_is_laid_out(seed):
    report, options = ordinary_report(seed, columns=6)
    painted, plain = (icreport.render(report, "pdf", painter=painter, **options) for painter in ("auto", "off"))
    assert is_painted(painted)
    assert text_of(painted) == text_of(plain)


def test_rows_of_only_nulls_are_painted():
    rows = [(None, None) if n % 3 else (n, "text") for n in range(600)]
    report = Report(name="N", elements=[Table(columns=["A", "B"], rows=rows)])
    assert is_painted(icreport.render(report, "pdf"))
    blank = Report(name="N", elements=[Table(columns=["A", "B"], rows=[(None, None)] * 600)])
    assert is_painted(icreport.render(blank, "pdf"))


def test_rows_without_keys_at_the_start_do_not_unlink_those_with_keys(caplog):
    rows = [Row((f"A {n}", n), None if n < 1500 else n) for n in range(1600)]
    report = Report(name="K", elements=[Table(columns=["A", "B"], rows=rows)])
    data = icreport.render(report, "pdf", link="https://host/{sourceKey}")
    assert is_painted(data)
    with pikepdf.open(io.BytesIO(data)) as document:
        links = [str(note.A.URI) for page in document.pages for note in page.get("/Annots", []) if "/A" in note]
    assert [link for link in links if link.startswith("https://host/")] == [
        f"https://host/{n}" for n in range(1500, 1600)
    ]
