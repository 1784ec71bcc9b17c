"""What changed between two weeks of the sample, in each format, read back by others."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile

import openpyxl
import pyarrow.parquet
import pypdf
import pytest
from lxml import html

import icreport
from icreport.rendering.page.changed_cells import changed_cell
from viewing import SAMPLE

HOSTILE = '<script>alert(1)</script> & "=1+1" \x00\u202e'


@pytest.fixture(scope="module")
def weeks():
    """What changed from one week of the sample to the next."""
    with icreport.compare(SAMPLE, SAMPLE.parent / "next-week/inspection-week-2.json") as found:
        yield found


def text_of_pdf(data):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def of(*rows, columns=("Tag", "Note"), key=1):
    made = [icreport.Row(tuple(row), at) for at, row in enumerate(rows, key)]
    return icreport.Report(name="R", elements=[icreport.Table(caption="T", columns=columns, rows=made)])


def test_the_sample_has_each_kind_of_change(weeks):
    assert (weeks.added, weeks.removed, weeks.changed, weeks.notation) == (1, 2, 8, 1)
    assert [table.caption for table in weeks.report.tables] == [
        "Summary", "Texts", "Anomaly register", "Ultrasonic thickness readings",
    ]  # fmt: skip


def test_html_strikes_out_what_was_and_underlines_what_is(weeks):
    page = html.fromstring(icreport.render(weeks.report, "html").decode())
    (cell,) = [one for one in page.iter("td") if one.text_content() == "OpenClosed"]
    assert ([one.text for one in cell.iter("del")], cell.get("data-value")) == (["Open"], "Closed")
    assert "was" in cell.get("class").split()
    words = [(one.tag, one.text) for one in page.iter("del", "ins")]
    assert words[:2] == [("del", "inspection"), ("ins", "survey")]


def test_pdf_shows_both(weeks):
    text = "\n".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(icreport.render(weeks.report, "pdf"))).pages
    )
    assert re.search(r"inspection\s*survey of the jacket", text)
    assert "-50.6" in text
    assert "-14.25" in text


def test_pdf_of_a_large_table_shows_both():
    old = of(*[("A", f"n{number}") for number in range(400)])
    new = of(*[("A", f"m{number}") for number in range(400)])
    text = text_of_pdf(icreport.render(icreport.compare(old, new).report, "pdf"))
    assert all(f"n{number} → m{number}" in text for number in range(400))


def test_a_workbook_has_comments_and_columns_with_what_was(weeks):
    book = openpyxl.load_workbook(io.BytesIO(icreport.render(weeks.report, "xlsx")))
    sheet = book["Anomaly register"]
    heads = [cell.value for cell in sheet[2]]
    at = heads.index("Elevation (m)")
    (cell,) = [row[at] for row in sheet.iter_rows(min_row=3) if row[at].comment]
    assert cell.value == -14.25
    assert cell.comment.text == "Elevation (m) (was): -50.6"
    assert sheet.cell(cell.row, at + 2).value == -50.6
    assert heads[at + 1] == "Elevation (m) (was)"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_a_workbook_opens_in_libreoffice(weeks, tmp_path):
    icreport.write(weeks.report, tmp_path / "w.xlsx")
    fourth_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,4"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        fourth_sheet,
        "--outdir",
        tmp_path,
        tmp_path / "w.xlsx",
    ]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = tmp_path.glob("*.csv")
    assert "Elevation (m) (was)" in made.read_text("utf-8")


def test_csv_has_a_column_with_what_was(weeks):
    text = icreport.render(weeks.report, "csv", table="Anomaly register").decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Status"], row["Status (was)"]) for row in rows][:2] == [("Closed", "Open"), ("Monitor", "")]
    assert "Tag (was)" not in rows[0]


def test_json_lines_and_parquet_have_it_with_its_type(weeks, tmp_path):
    lines = icreport.render(weeks.report, "jsonl", table="Anomaly register").decode().splitlines()
    assert [row["Elevation (m) (was)"] for row in map(json.loads, lines)].count(-50.6) == 1
    icreport.write(weeks.report, tmp_path / "w.parquet", table="Anomaly register")
    found = pyarrow.parquet.read_table(tmp_path / "w.parquet")
    assert str(found.schema.field("Elevation (m) (was)").type) == "double"
    icreport.write(weeks.report, tmp_path / "w.zip", "csv")
    assert len(zipfile.ZipFile(tmp_path / "w.zip").namelist()) == 5


def test_hostile_values_stay_text_wherever_they_were():
    old, new = of((HOSTILE, HOSTILE), columns=(HOSTILE, "Note")), of((HOSTILE, "b"), columns=(HOSTILE, "Note"))
    report = icreport.compare(old, new).report
    page = html.fromstring(icreport.render(report, "html", script=False).decode())
    assert not list(page.iter("script"))
    assert [one.text for one in page.iter("del")] == [HOSTILE.replace("\x00", "\ufffd")]
    sheet = openpyxl.load_workbook(io.BytesIO(icreport.render(report, "xlsx")))["T"]
    assert sheet["C3"].comment.text.startswith("Note (was): <script>")
    lines = icreport.render(icreport.compare(of(("=1+1", 1)), of(("x", 1))).report, "csv", table="T").decode()
    assert "'=1+1" in lines


def test_a_text_that_is_cut_in_a_workbook_has_one_comment():
    found = icreport.compare(of(("A", "x")), of(("A", "y" * 40_000)))
    data = icreport.render(found.report, "xlsx")
    book = zipfile.ZipFile(io.BytesIO(data))
    (xml,) = [book.read(name).decode() for name in book.namelist() if "comments" in name and name.endswith(".xml")]
    assert xml.count('ref="C3"') == 1


def test_a_pdf_takes_a_long_word_that_was():
    found = icreport.compare(of(("A", "x" * 20_000)), of(("A", "y")))
    assert icreport.render(found.report, "pdf").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("a", "b", '<del class="w">a</del><ins class="w">b</ins>'),
        ("", "b", '<ins class="w">b</ins>'),
        ("a", "", '<del class="w">a</del>'),
        ("one two three", "one four three", "one <del>two</del><ins>four</ins> three"),
        ("one two three", "six ten two", "<del>one</del><ins>six ten</ins> two <del>three</del>"),
        ("is no active leak", "is leak now", "is <del>no active</del> leak <ins>now</ins>"),
        ("is no active leak", "is a small leak", "is <del>no active</del><ins>a small</ins> leak"),
        ("one two three", "six seven ten", '<del class="w">one two three</del><ins class="w">six seven ten</ins>'),
        ("one  two three", "one two three", '<del class="w">one  two three</del><ins class="w">one two three</ins>'),
        ("a <b> c d", "a <i> c d", "a <del>&lt;b&gt;</del><ins>&lt;i&gt;</ins> c d"),
    ],
    ids=["word", "new", "gone", "words", "some words", "fewer", "together", "other", "blanks", "markup"],
)  # fmt: skip
def test_texts_are_compared_by_words_where_they_have_some_in_common(was, now, expected):
    assert changed_cell(was, now, now) == expected
