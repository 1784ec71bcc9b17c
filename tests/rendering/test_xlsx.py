import datetime
import io
import json
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import icreport
from icreport import Paragraph, Report, Table
from icreport.errors import LossError, RenderError
from icreport.model import ExactFloat, Section, UnknownElement
from icreport.rendering.xlsx import sheets as xlsx_sheets

HOME = Path(__file__).parents[2]
SAMPLES = sorted((HOME / "samples").glob("*.json"))
VALIDATOR = HOME / ".venv/judges/node_modules/.bin/ooxml-validator"
HOSTILE = [
    *(
        "00123",
        "1E5",
        "3-4",
        "=1+1",
        "+44 20 7946",
        "@SUM(A1)",
        "-",
        "12345678901234567890",
        "TRUE",
        "#N/A",
        "'x",
        "%s",
    ),
    *(
        " lead",
        "trail ",
        " ",
        "a\nb",
        "\ttab",
        "a\rb",
        "a\r\nb",
        "<&>\"'",
        "]]>",
        "&#13;",
        "a_x",
        "😀",
        "日本",
        "\x85\u2028",
    ),
    *("1899-12-31", "2026-02-30", "2026-02-03T10:00:00Z", "2026-02-03 10:00:00+01:00", "24:00", "1/2", "x" * 32_767),
]
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=8).filter(
    lambda value: not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]|_x[0-9A-Fa-f]{4}_", value)
)
numbers = st.integers(-(10**15) + 1, 10**15 - 1) | st.floats(allow_nan=False, allow_infinity=False)
cells = (
    st.none() | st.booleans() | text | numbers | st.sampled_from(HOSTILE) | st.dates(datetime.date(1, 1, 1)).map(str)
)


def table_of(rows, columns=("A", "B"), **fields):
    return Report(name="R", elements=[Table(columns=columns, rows=rows, **fields)])


def openpyxl_rows(data, sheet=0):
    worksheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[sheet]
    return [[cell.value for cell in row] for row in worksheet.iter_rows()]


def calamine_rows(data, sheet=0):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    return [["" if value == "" else value for value in row] for row in rows]


def one_cell(value, column=None):
    return openpyxl_rows(icreport.render(table_of([(value,)], ["A"]), "xlsx"))[1][0]


def errors_of(path):
    assert VALIDATOR.exists(), "scripts/setup test installs the Open XML validator"
    done = subprocess.run([VALIDATOR, path], capture_output=True, text=True, check=False)
    return json.loads(done.stdout)["errors"]


def sheet_xml(data, number=1):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml").decode()


def same(given_value, found):
    """Whether a value came back with its type; a column of dates brings back dates."""
    if given_value in (None, ""):
        return found in (None, "")
    if isinstance(found, datetime.date):
        return str(found)[:10] == given_value
    if isinstance(given_value, bool) or isinstance(found, bool) or isinstance(given_value, str):
        return type(found) is type(given_value) and found == given_value
    return isinstance(found, int | float) and found == given_value


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells, cells, numbers, text), min_size=1, max_size=20))
def test_openpyxl_and_calamine_read_back_every_value_with_its_type(rows):
    data = icreport.render(table_of(rows, "ABCD"), "xlsx")
    for found in (openpyxl_rows(data), calamine_rows(data)):
        assert found[0] == list("ABCD")
        for row, back in zip(rows, found[1:], strict=False):
            for value, cell in zip(row, back, strict=True):
                assert same(value, cell), (value, cell)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value[:20]))
def test_text_stays_text(value):
    data = icreport.render(table_of([(value, 1)]), "xlsx")
    assert openpyxl_rows(data)[1] == [value, 1]
    assert calamine_rows(data)[1] == [value, 1]
    assert not re.search("<f[ >/]", sheet_xml(data))


def test_text_that_looks_like_an_escape_of_excel_is_kept_from_being_one():
    data = icreport.render(table_of([("_x0041_", 1)]), "xlsx")
    assert calamine_rows(data)[1] == ["_x0041_", 1]
    assert "_x005F_x0041_" in sheet_xml(data)


@pytest.mark.parametrize(
    ("value", "found", "number_format"),
    [
        (ExactFloat("12.10"), 12.1, "0.00"),
        (ExactFloat("1E5"), 100000, "General"),
        (ExactFloat("1e400"), "1e400", "@"),
        (ExactFloat("0.12345678901234567890"), "0.12345678901234567890", "@"),
        (10**15 - 1, 10**15 - 1, "General"),
        (10**15, "1000000000000000", "@"),
        (-(10**20), "-100000000000000000000", "@"),
        (-0.0, -0.0, "General"),
        (5e-324, 5e-324, "General"),
        ([1, {"a": None}], '[1,{"a":null}]', "@"),
    ],
)
def test_numbers_are_numbers_to_the_last_digit_or_text(value, found, number_format):
    cell = openpyxl.load_workbook(io.BytesIO(icreport.render(table_of([(value,)], ["A"]), "xlsx"))).active["A2"]
    assert (cell.value, cell.number_format) == (found, number_format)


@pytest.mark.parametrize(
    ("shown", "found", "number_format"),
    [
        ("2026-08-14", datetime.datetime(2026, 8, 14), "yyyy-mm-dd"),
        ("1900-03-01", datetime.datetime(1900, 3, 1), "yyyy-mm-dd"),
        ("9999-12-31", datetime.datetime(9999, 12, 31), "yyyy-mm-dd"),
        ("2026-08-14T07:30", datetime.datetime(2026, 8, 14, 7, 30), 'yyyy-mm-dd"T"hh:mm'),
        ("2026-08-14 07:30:05", datetime.datetime(2026, 8, 14, 7, 30, 5), "yyyy-mm-dd hh:mm:ss"),
        ("2026-08-14T07:30:05.250", datetime.datetime(2026, 8, 14, 7, 30, 5, 250000), 'yyyy-mm-dd"T"hh:mm:ss.000'),
    ],
)
def test_dates_are_dates_that_show_the_same_text(shown, found, number_format):
    cell = openpyxl.load_workbook(io.BytesIO(icreport.render(table_of([(shown,)], ["A"]), "xlsx"))).active["A2"]
    assert (cell.value, cell.number_format, cell.is_date) == (found, number_format, True)


@pytest.mark.parametrize(
    "shown", ["1899-12-31", "1900-02-28", "2026-13-01", "2026-08-14T07:30:00Z", "2026-8-4", "٢٠٢٦-٠٨-١٤"]
)
def test_dates_that_excel_would_show_otherwise_stay_text(shown):
    assert one_cell(shown) == shown


def test_a_column_is_of_dates_only_where_every_sampled_text_is_one():
    data = icreport.render(table_of([("2026-08-14", "2026-08-14"), ("n/a", None)]), "xlsx")
    assert openpyxl_rows(data)[1:] == [["2026-08-14", datetime.datetime(2026, 8, 14)], ["n/a", None]]


def test_a_later_text_in_a_column_of_dates_stays_text():
    rows = [("2026-08-14",)] * 1500 + [("late",)]
    assert openpyxl_rows(icreport.render(table_of(rows, ["A"]), "xlsx"))[-1] == ["late"]


def test_control_characters_are_replaced_and_counted():
    document = io.BytesIO()
    result = icreport.write(table_of([("\x00a\x1f", "\ufffe")]), document, "xlsx")
    assert openpyxl_rows(document.getvalue())[1] == ["\ufffda\ufffd", "\ufffd"]
    assert sum(warning.count for warning in result.warnings if warning.code == "control-character") == 3
    with pytest.raises(LossError):
        icreport.write(table_of([("\x00", "")]), io.BytesIO(), "xlsx", strict=True)


@pytest.mark.parametrize("mark", ["y", "😀"])
def test_texts_longer_than_a_cell_are_cut_and_their_rest_is_listed(mark):
    whole = mark * 40_000
    document = io.BytesIO()
    result = icreport.write(table_of([("a", "b"), ("c", whole)]), document, "xlsx")
    cut = openpyxl_rows(document.getvalue())[2][1]
    listed = openpyxl_rows(document.getvalue(), 1)[1]
    assert len(cut.encode("utf-16-le")) // 2 in {32_767, 32_766}
    assert listed[:2] == ["Table", "B3"]
    assert cut + "".join(listed[3:]) == whole
    assert [warning.code for warning in result.warnings] == ["long-text"]


def test_more_rows_than_a_sheet_holds_go_on_to_a_further_one_with_its_header(monkeypatch):
    monkeypatch.setattr(xlsx_sheets, "MAX_ROWS", 1002)
    data = icreport.render(table_of([(number, "x") for number in range(2500)], caption="Long"), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = [row for sheet in book for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert book.sheetnames == ["Long", "Long (2)", "Long (3)"]
    assert found == [(number, "x") for number in range(2500)]
    assert [sheet["A2"].value for sheet in book] == ["A"] * 3
    assert [next(iter(sheet.tables.values())).ref for sheet in book] == ["A2:B1002", "A2:B1002", "A2:B502"]


def test_more_columns_than_a_sheet_holds_are_an_error_that_says_so():
    with pytest.raises(RenderError, match="16,385 columns"):
        icreport.render(table_of([], [str(number) for number in range(16_385)]), "xlsx")


def test_sheet_names_are_legal_and_unique():
    captions = ["A/B: [c]*?\\", "a b c", "'quoted'", "x" * 40, "X" * 40, "History", "", None, "😀" * 20, "Contents"]
    report = Report(elements=[Table(caption=caption, columns=["A"], rows=[(1,)]) for caption in captions])
    names = openpyxl.load_workbook(io.BytesIO(icreport.render(report, "xlsx"))).sheetnames
    assert len({name.casefold() for name in names}) == len(captions) + 1
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name
        assert name.casefold() != "history"


def test_the_columns_of_an_excel_table_are_not_empty_and_unique_whatever_the_case():
    data = icreport.render(table_of([(1, 2, 3, 4)], ["Depth", "depth", "", "a\nb"]), "xlsx")
    worksheet = openpyxl.load_workbook(io.BytesIO(data)).active
    heads = [cell.value for cell in worksheet[1]]
    assert heads == ["Depth", "depth (2)", "Column3", "a b"]
    assert next(iter(worksheet.tables.values())).column_names == heads


def test_a_sheet_is_set_up_to_work_on_and_to_print():
    worksheet = openpyxl.load_workbook(
        io.BytesIO(icreport.render(table_of([(1, "x" * 80)], caption="T"), "xlsx"))
    ).active
    table = worksheet.tables["Table1"]
    assert worksheet["A1"].value == "T"
    assert (table.ref, table.autoFilter.ref, table.totalsRowCount) == ("A2:B3", "A2:B3", None)
    assert worksheet.freeze_panes == "A3"
    assert worksheet.print_title_rows == "$2:$2"
    assert (worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight) == (1, 0)
    assert worksheet["B3"].alignment.wrap_text
    assert worksheet.oddFooter.right.text == "&P / &N"


def test_wide_characters_make_a_column_wider():
    data = icreport.render(table_of([("a" * 20, "日" * 20)]), "xlsx")
    widths = openpyxl.load_workbook(io.BytesIO(data)).active.column_dimensions
    assert (widths["A"].width, widths["B"].width) == (22, 42)


def test_text_comes_on_a_sheet_of_its_own_where_the_report_has_it():
    table = Table(caption="T", columns=["A"], rows=[(1,)])
    before = Report(name="R", elements=[Paragraph(data={"text": [{"value": "=Hello"}]}), table])
    after = Report(name="R", elements=[table, Section(caption="End"), Paragraph(data={"text": [{"value": "Bye"}]})])
    book = openpyxl.load_workbook(io.BytesIO(icreport.render(before, "xlsx")))
    assert book.sheetnames == ["Contents", "T"]
    assert [row[0] for row in book["Contents"].iter_rows(values_only=True)] == ["R", "=Hello", "T"]
    assert book["Contents"]["A3"].hyperlink.location == "'T'!A1"
    assert openpyxl_rows(icreport.render(after, "xlsx"), 1)[-2:] == [["End", None], ["Bye", None]]


def test_a_contents_sheet_comes_first_with_more_than_three_tables():
    tables = [Table(caption=f"It's {number}", columns=["A"], rows=[(1,)]) for number in range(4)]
    book = openpyxl.load_workbook(io.BytesIO(icreport.render(Report(name="R", elements=tables), "xlsx")))
    assert book.sheetnames[0] == "Contents"
    links = [row[0].hyperlink.location for row in book["Contents"].iter_rows(min_row=2)]
    assert links == [f"'It''s {number}'!A1" for number in range(4)]
    assert len(openpyxl.load_workbook(io.BytesIO(icreport.render(Report(elements=tables[:3]), "xlsx"))).sheetnames) == 3


def test_consecutive_rows_of_one_category_have_one_merged_head():
    report = table_of([(1,), (2,), (3,)], ["N"], categories=["Jacket", "Jacket", "Riser"])
    worksheet = openpyxl.load_workbook(io.BytesIO(icreport.render(report, "xlsx"))).active
    assert [str(merged) for merged in worksheet.merged_cells.ranges] == ["A2:A3"]
    assert (worksheet["A2"].value, worksheet["A4"].value, worksheet["B4"].value) == ("Jacket", "Riser", 3)


def test_source_keys_come_as_a_first_column_on_request():
    report = icreport.read(
        {
            "elements": [
                {
                    "type": "table",
                    "data": {"rows": [{"sourceKey": 7, "cells": [{"value": 1}]}], "columns": [{"caption": "A"}]},
                }
            ]
        }
    )
    assert openpyxl_rows(icreport.render(report, "xlsx", source_keys=True)) == [["sourceKey", "A"], [7, 1]]


def test_an_unknown_element_is_skipped_with_a_warning():
    result = icreport.write(Report(elements=[UnknownElement(type="gauge")]), io.BytesIO(), "xlsx")
    assert [warning.code for warning in result.warnings] == ["unknown-element"]


def test_the_same_report_gives_the_same_bytes(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    report = table_of([("a", 1)], caption="T")
    data = icreport.render(report, "xlsx")
    code = f"import icreport,sys; sys.stdout.buffer.write(icreport.render(icreport.read({report.to_json()!r}), 'xlsx'))"
    assert subprocess.check_output([sys.executable, "-c", code]) == data
    assert b"2023-11-14T22:13:20Z" in zipfile.ZipFile(io.BytesIO(data)).read("docProps/core.xml")


def test_captions_are_in_the_properties_of_the_document():
    properties = openpyxl.load_workbook(io.BytesIO(icreport.render(table_of([], caption="Found"), "xlsx"))).properties
    assert (properties.title, properties.description) == ("R", "Found")


def test_the_colours_follow_the_theme():
    data = icreport.render(table_of([(1, 2)], caption="T"), "xlsx", theme="formal")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.active["A1"].font.color.rgb == "FF7A1F2B"
    assert b'val="7A1F2B"' in zipfile.ZipFile(io.BytesIO(data)).read("xl/theme/theme1.xml")


def test_the_archive_is_whole_and_every_part_is_well_formed():
    rows = [(chance.random(), str(chance.random())) for chance in [random.Random(1)] for _ in range(20_000)]
    with zipfile.ZipFile(io.BytesIO(icreport.render(table_of(rows), "xlsx"))) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        for name in archive.namelist():
            ET.fromstring(archive.read(name))


ODD = {
    "hostile": table_of([(value, number) for number, value in enumerate([*HOSTILE, "\x00", "y" * 40_000, 1.5, None])]),
    "no rows": table_of([], ["A", "A", ""], caption="None"),
    "no columns": Report(elements=[Table(rows=[]), Table(columns=[])]),
    "nothing": Report(elements=[]),
    "pivot": table_of([(1,), (2,)], ["N"], categories=["J", "J"], caption="P"),
    "vertical": Report(elements=[Table(rows=[("Name", "x"), ("Date", "2026-08-14")])]),
    "many": Report(
        name="\x00", elements=[Table(caption=f"<{n}>'&\"", columns=["_x0041_"], rows=[(n,)]) for n in range(5)]
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_the_open_xml_sdk_finds_no_error_in_odd_reports(name, tmp_path):
    path = tmp_path / "odd.xlsx"
    path.write_bytes(icreport.render(ODD[name], "xlsx"))
    assert errors_of(path) == []
    openpyxl.load_workbook(path)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_open_xml_sdk_finds_no_error_in_the_samples_and_libreoffice_opens_them(sample, tmp_path):
    path = tmp_path / "sample.xlsx"
    icreport.convert(sample, path)
    assert errors_of(path) == []
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to", "pdf", path],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "sample.pdf").read_bytes().startswith(b"%PDF")
