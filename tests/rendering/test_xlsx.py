import io
import json
import subprocess
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import icreport
from icreport import Paragraph, Report, Row, Section, Table
from icreport.errors import RenderError
from icreport.model import ExactFloat
from icreport.rendering import xlsx
from icreport.rendering.xlsx.cells import LONGEST_TEXT
from icreport.rendering.xlsx.names import column_names, sheet_name
from rendering.hostile import TEXTS

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.json"))
VALIDATOR = Path(__file__).parents[2] / ".venv/judges/node_modules/.bin/ooxml-validator"


def book_of(report, **options):
    return icreport.render(report, "xlsx", **options)


def one_table(rows, columns=("A",), **options):
    return book_of(Report(elements=[Table(caption="T", columns=columns, rows=rows)]), **options)


def by_openpyxl(data, sheet="T"):
    return [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(min_row=3)
    ]


def by_calamine(data, sheet="T"):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python()


def valid(path):
    done = subprocess.run([VALIDATOR, path], capture_output=True, text=True, check=False)
    return json.loads(done.stdout)["errors"]


def test_the_documented_example_is_a_sheet_with_a_table_and_one_of_text():
    book = openpyxl.load_workbook(io.BytesIO(book_of(icreport.read(SAMPLES[1]))))
    assert book.sheetnames == ["Table of Data", "Text"]
    sheet = book["Table of Data"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Table of Data", None, None],
        ["Asset", "Event Type", "Workpack"],
        ["Test Asset", "GVI", "Workpack A"],
        ["Test Asset", "GVI", "Workpack B"],
    ]
    (table,) = sheet.tables.values()
    assert (table.ref, sheet.freeze_panes) == ("A2:C4", "A3")
    assert "Report generated in 00:00:01" in [cell.value for (cell,) in book["Text"].iter_rows()]


def test_values_have_their_types_and_text_stays_text():
    rows = [
        ("00123", 1, 1.5, True, "2026-01-31", "2026-01-31T08:15:00", ExactFloat("12.10")),
        ("=1+1", -7, 1e20, False, "2025-12-31", "2026-02-01T00:00:00", ExactFloat("3.20")),
        ("3-4", None, 0.1, None, None, None, 7.25),
    ]
    data = one_table(rows, columns=list("TNFBDMX"))
    found = by_openpyxl(data)
    assert found[0] == ["00123", 1, 1.5, True, datetime(2026, 1, 31), datetime(2026, 1, 31, 8, 15), 12.1]
    assert found[1] == ["=1+1", -7, 1e20, False, datetime(2025, 12, 31), datetime(2026, 2, 1), 3.2]
    assert found[2] == ["3-4", None, 0.1, None, None, None, 7.25]
    sheet = openpyxl.load_workbook(io.BytesIO(data))["T"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "b", "d"}
    assert [sheet.cell(3, at).number_format for at in (5, 6, 7)] == [
        "yyyy\\-mm\\-dd",
        'yyyy\\-mm\\-dd"T"hh:mm:ss',
        "0.00",
    ]
    assert by_calamine(data)[2][:5] == ["00123", 1.0, 1.5, True, date(2026, 1, 31)]


@pytest.mark.parametrize(
    "value",
    ["1E5", "+44 20", "1234567890123456789", "2026-02-30", "1899-12-31", "1900-02-28", "2026-01-01T00:00:00Z", " x "],
)
def test_what_looks_like_something_else_stays_text(value):
    assert by_openpyxl(one_table([(value,)])) == [[value]]


@pytest.mark.parametrize("number", [10**16, -(10**30), ExactFloat("1e400"), ExactFloat("0.12345678901234567890123")])
def test_numbers_that_a_cell_would_change_are_text(number):
    assert by_openpyxl(one_table([(number,)])) == [[str(number)]]


plain = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff_"), min_size=1, max_size=8
)
values = st.none() | st.booleans() | st.integers(-(10**14), 10**14) | plain
values |= st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: len(repr(number)) < 16)


@given(st.lists(st.tuples(values, values), min_size=1, max_size=30))
def test_openpyxl_reads_back_every_value_with_its_type(rows):
    found = by_openpyxl(one_table(rows, columns=("A", "B")))
    found += [[None, None]] * (len(rows) - len(found))
    assert found == [list(row) for row in rows]
    assert [[type(v) is bool for v in row] for row in found] == [[type(v) is bool for v in row] for row in rows]


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_text_everywhere(text, tmp_path):
    table = Table(caption=text, columns=[text, text], rows=[Row((text, "="), text)])
    elements = [table, Paragraph(caption=text, data={"text": text}), Section(caption=text)]
    path = tmp_path / "out.xlsx"
    icreport.write(Report(name=text, elements=elements), path, source_keys=True)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    clean = "".join("\ufffd" if c in "\0\x01\x1b\ufffe\uffff" else c for c in text)
    assert [cell.value for cell in sheet[3]] == [clean, clean, "="]
    assert valid(path) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_open_xml_validator_finds_no_error(sample, tmp_path):
    icreport.convert(sample, tmp_path / "out.xlsx")
    assert valid(tmp_path / "out.xlsx") == []


def test_an_empty_report_and_an_empty_table_are_valid_workbooks(tmp_path):
    for name, elements in {"none": [], "empty": [Table(columns=["A"], rows=[])], "bare": [Table(rows=[])]}.items():
        icreport.write(Report(elements=elements), tmp_path / f"{name}.xlsx")
        assert valid(tmp_path / f"{name}.xlsx") == []


def test_long_text_is_cut_counted_and_listed():
    long = "x" * (LONGEST_TEXT + 5)
    result = icreport.write(
        Report(elements=[Table(caption="T", columns=["A"], rows=[("ok",), (long,)])]), out := io.BytesIO(), "xlsx"
    )
    (warning,) = result.warnings
    assert (warning.code, str(warning.place)) == ("cut-text", 'elements[0] "T", row 2, column "A"')
    assert by_openpyxl(out.getvalue())[1] == [long[:LONGEST_TEXT]]
    assert by_openpyxl(out.getvalue(), "Cut texts")[-1][:4] == ["T", "4", "A", str(len(long))]


def test_rows_beyond_a_sheet_go_on_on_a_further_one(monkeypatch, tmp_path):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 12)
    report = Report(elements=[Table(caption="T", columns=["A"], rows=[(n,) for n in range(25)])])
    result = icreport.write(report, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["T", "T (2)", "T (3)"]
    assert [cell.value for sheet in book for (cell,) in sheet.iter_rows(min_row=3)] == list(range(25))
    assert [sheet["A2"].value for sheet in book] == ["A"] * 3
    assert [warning.loss for warning in result.warnings] == [False] * len(result.warnings)
    assert valid(tmp_path / "out.xlsx") == []


def test_too_many_columns_are_an_error_that_says_so():
    with pytest.raises(RenderError, match="16,385 columns, a sheet holds 16,384"):
        one_table([], columns=[str(n) for n in range(16_385)])


def test_names_are_legal_unique_and_near_what_they_were():
    assert sheet_name("a[b]:c*d?e/f\\g", []) == "a b c d e f g"
    assert sheet_name("'x'", []) == "x"
    assert sheet_name("", []) == "Table"
    assert sheet_name("ANOMALIES", ["Anomalies"]) == "ANOMALIES (2)"
    assert len(sheet_name("n" * 50, ["n" * 31])) == 31
    assert column_names(["A", "a", "", "A"]) == ["A", "a (2)", "Column 3", "A (3)"]


def test_many_tables_get_a_contents_sheet_with_links_first():
    elements = [Table(caption=f"T'{n}", columns=["A"], rows=[]) for n in range(4)]
    book = openpyxl.load_workbook(io.BytesIO(book_of(Report(elements=elements))))
    assert book.sheetnames[0] == "Contents"
    assert [link.location for link in book["Contents"]._hyperlinks][:2] == ["'T''0'!A1", "'T''1'!A1"]


def test_the_same_report_gives_the_same_bytes(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    report = icreport.read(SAMPLES[0])
    assert book_of(report) == book_of(report)
