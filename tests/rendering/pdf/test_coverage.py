"""Ordinary tables of random columns: every single one is painted, and reads like the one that is laid out."""

import io
import logging

import pikepdf
import pytest

import icreport
from icreport import Report, Row, Table
from rendering.pdf.ordinary import ordinary_report
from rendering.pdf.pdf_text import is_painted
from rendering.pdf.pictures import assert_look_alike, text_of, words_of

STATUSES = {
    "opposites": ["Open", "Closed"],
    "severities": ["Critical", "Major", "Minor", "Observation"],
    "blanks": ["Pass", None, "Fail", ""],
    "long ones": ["Closed with remarks by the inspector", "Open", "Closed"],
}


def statuses(words, first, count=180):
    return [(first,), *[(words[i % len(words)],) for i in range(count)]]


@pytest.mark.parametrize("words", STATUSES.values(), ids=STATUSES)
def test_a_table_is_painted_whatever_status_its_first_row_has(words):
    for first in [*words, None]:
        report = Report(name="S", elements=[Table(columns=["Status"], rows=statuses(words, first))])
        assert is_painted(icreport.render(report, "pdf")), first


@pytest.mark.parametrize("seed", range(SEEDS := 24))
def test_every_ordinary_table_is_painted(seed, caplog):
    report, options = ordinary_report(seed, rows=180)
    with caplog.at_level(logging.WARNING, "icreport"):
        painted = icreport.render(report, "pdf", **options)
    assert "not painted" not in caplog.text
    assert is_painted(painted)


@pytest.mark.parametrize("seed", range(SEEDS, SEEDS + 4))
def test_an_ordinary_table_reads_like_the_one_that_is_laid_out(seed):
    report, options = ordinary_report(seed, columns=6)
    painted, plain = (icreport.render(report, "pdf", painter=painter, **options) for painter in ("auto", "off"))
    assert is_painted(painted)
    assert text_of(painted) == text_of(plain)


RIGHT_TO_LEFT = ["Corrosion (leg A-12)", "12 mm", "مرحبا 12/34 mm", "3.5 % of שלום, see A-1.", "-7", "2026-01-02", None]


def test_a_table_from_right_to_left_is_painted_with_its_first_column_on_the_right():
    rows = [(f"K {n}", n - 50.5, *[RIGHT_TO_LEFT[(n + k) % 7] for k in (0, 3)], "Closed") for n in range(230)]
    report = Report(name="R", elements=[Table(columns=["Key", "Size", "One", "Two", "Status"], rows=rows)])
    painted, plain = (icreport.render(report, "pdf", locale="ar", painter=painter) for painter in ("auto", "off"))
    assert is_painted(painted)
    assert not is_painted(plain)
    assert text_of(painted) == text_of(plain)
    assert assert_look_alike(painted, plain) > 4
    _, words = list(words_of(painted))[3]
    keys, statuses = ([word[0] for word in words if word[4] == text] for text in ("K", "Closed"))
    assert len(keys) > 20
    assert min(keys) > max(statuses)


def test_what_there_is_to_say_of_a_table_in_column_groups_is_said_once(tmp_path, caplog):
    (tmp_path / "theme.toml").touch()
    (tmp_path / "theme.css").write_text("td { text-align: justify !important }")
    rows = [(n, *[10**27 + n if n < 2 else None] * 9) for n in range(300)]
    report = Report(name="G", elements=[Table(columns=[f"C {n}" for n in range(10)], rows=rows)])
    result = icreport.convert(report.to_json(), tmp_path / "g.pdf", theme=str(tmp_path))
    assert [record.message for record in caplog.records if "not painted" in record.message] == [
        "e1-table: the rows are laid out one by one, not painted, since text is justified"
    ]
    notes = {note.code: note.count for note in result.elements[0].changes}
    assert notes["split-table"] == 1
    assert notes["laid-out-table"] == 1


def test_rows_of_only_nulls_are_painted():
    rows = [(None, None) if n % 3 else (n, "text") for n in range(240)]
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
