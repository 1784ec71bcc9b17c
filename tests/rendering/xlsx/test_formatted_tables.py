"""Tables that say how they are shown, in a workbook: formats of Excel's own, and totals that it comes to itself."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import icreport
from icreport.model import Column, ColumnFormat, Mark, TableFormat
from icreport.rendering.xlsx.conditional_formats import formulas_of
from rendering.formatted import SAMPLE, register
from rendering.xlsx.test_readers import MODULES, SCRIPTS, output, tool

VALIDATOR = Path(__file__).parents[3] / ".venv/judges/node_modules/.bin/ooxml-validator"


def book_of(report, **options):
    return icreport.render(report, "xlsx", **options)


# Bars that start at zero are an extension, which openpyxl leaves out of what it reads.
pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported and will be removed:UserWarning")


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def sheet_xml(data, number=1):
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return book.read(f"xl/worksheets/sheet{number}.xml").decode()


def formulas(sheet):
    return {cell.coordinate: cell.value for row in sheet for cell in row if cell.data_type == "f"}


def totalled(rows, **said):
    columns = ["Item", Column(caption="Cost", format=ColumnFormat(total="sum", **said))]
    return icreport.Report(elements=[icreport.Table(caption="Costs", columns=columns, rows=rows)])


def test_groups_are_an_outline_with_subtotals_below():
    sheet = opened(book_of(register(12, groups=2))).worksheets[0]
    levels = [sheet.row_dimensions[row].outlineLevel for row in range(3, 20)]
    assert levels == [0, *[1] * 6, 0, 0, *[1] * 6, 0, 0]
    assert sheet.sheet_properties.outlinePr.summaryBelow
    assert not sheet.tables
    assert formulas(sheet)["D10"] == "SUBTOTAL(109,D4:D9)" or formulas(sheet)["D10"] == "=SUBTOTAL(109,D4:D9)"


def test_a_table_without_groups_has_a_row_of_totals():
    sheet = opened(book_of(totalled([("a", 12.5), ("b", 0.25)]))).worksheets[0]
    (table,) = sheet.tables.values()
    assert (table.ref, table.totalsRowCount, table.autoFilter.ref) == ("A2:B5", 1, "A2:B4")
    assert [(one.totalsRowLabel, one.totalsRowFunction) for one in table.tableColumns] == [
        ("Total", None),
        (None, "sum"),
    ]
    assert sheet["A5"].value == "Total"


@pytest.mark.parametrize("value", ["12.5", 10**20, "n/a"])
def test_a_total_that_excel_would_not_come_to_is_a_value(value):
    data = book_of(totalled([("a", 1), ("b", value)]))
    assert formulas(opened(data).worksheets[0]).keys() == ({"B5"} if value == "n/a" else set())


def test_formulas_are_made_of_nothing_of_the_data():
    hostile = '=HYPERLINK("http://x")'
    columns = [Column(caption=hostile, format=ColumnFormat(total="sum", unit='"&A1'))]
    table = icreport.Table(caption=hostile, columns=[hostile, *columns], rows=[(hostile, 1), (hostile, 2)])
    sheet = opened(book_of(icreport.Report(elements=[table]))).worksheets[0]
    assert set(map(str, formulas(sheet).values())) <= {"=SUBTOTAL(109,B3:B4)", "SUBTOTAL(109,B3:B4)"}


def test_marks_bars_and_scales_are_formats_that_follow_edits():
    sheet = opened(book_of(icreport.read(SAMPLE))).worksheets[0]
    found = {str(area.sqref): [rule.type for rule in area.rules] for area in sheet.conditional_formatting}
    assert found["D4:D6 D9:D10 D13"] == ["expression", "expression", "dataBar"]
    assert found["E4:E6 E9:E10 E13"] == ["colorScale"]
    rule = next(area for area in sheet.conditional_formatting if str(area.sqref).startswith("C4")).rules[0]
    assert rule.formula == ['OR(EXACT(C4,"Critical"),EXACT(C4,"Major"))']
    assert rule.dxf.font.b
    assert rule.dxf.numFmt.formatCode.startswith('"!! "')


def test_bars_start_at_zero_and_those_of_negative_numbers_have_the_same_colour():
    xml = sheet_xml(book_of(totalled([("a", -9.5), ("b", 1), ("c", 0)], bar=True)))
    root = ET.fromstring(xml)
    x14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
    (bar,) = root.iter(f"{x14}dataBar")
    assert [each.get("type") for each in bar.iter(f"{x14}cfvo")] == ["autoMin", "autoMax"]
    assert (
        bar.find(f"{x14}negativeFillColor").get("rgb")[2:] == re.search(r'<color rgb="..(\w{6})"/></dataBar>', xml)[1]
    )
    assert [each.get("id") for each in root.iter(f"{x14}cfRule")] == [each.text for each in root.iter(f"{x14}id")]


def test_a_mark_that_excel_cannot_ask_for_is_a_look_of_its_cells():
    data = book_of(totalled([("a", 9.5), ("b", 1)], marks=[Mark(matches="^9", look="bad")]))
    sheet = opened(data).worksheets[0]
    assert not sheet.conditional_formatting
    assert sheet["B3"].font.b
    assert not sheet["B4"].font.b


@pytest.mark.parametrize(
    ("asked", "formula"),
    [
        ({"at_least": 3}, "AND(ISNUMBER({}),{}>=3)"),
        ({"equals": 'a"b'}, 'EXACT({},"a""b")'),
        ({"below": "2026-01-02"}, "IF(ISNUMBER({}),INT({})<46024,FALSE)"),
        ({"not": {"blank": True}}, "NOT(LEN(TRIM({}))=0)"),
        ({"starts_with": "ab"}, 'EXACT(LEFT({},2),"ab")'),
        ({"matches": "a"}, None),
        ({"contains": "x" * 300}, None),
        ({"at_least": 1e305}, None),
        ({"at_least": "text"}, None),
        ({"contains": "a\nb"}, None),
    ],
)
def test_conditions_become_formulas_where_excel_can_ask_them(asked, formula):
    found = formulas_of([Mark.model_validate(asked | {"look": "bad"})])
    assert found == (None if formula is None else [(formula, "bad")])


def test_decimals_types_widths_and_breaks_are_those_of_the_sheet():
    sheet = opened(book_of(icreport.read(SAMPLE))).worksheets[0]
    assert sheet["D4"].number_format == "0.0"
    assert (sheet["D4"].value, sheet["H4"].value, sheet["H6"].value) == (3.27, "00123", "3-4")
    assert sheet.column_dimensions["I"].width == pytest.approx(36)
    assert [each.id for each in sheet.row_breaks.brk] == [7, 11]
    assert sheet.freeze_panes == "A3"


def test_the_open_xml_sdk_finds_no_error(tmp_path):
    if not VALIDATOR.exists():
        pytest.skip("the validator is not installed")
    reports = {
        "sample": icreport.read(SAMPLE),
        "register": register(60),
        "levels": register(60, grouped_by=("Component", "Criticality"), new_page=True),
        "totals": totalled([("a", 1.5)]),
        "empty": totalled([]),
    }
    for name, report in reports.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(book_of(report, link="https://ic.invalid/{sourceKey}", source_keys=True))
        done = subprocess.run([VALIDATOR, path], capture_output=True, encoding="utf-8", check=False)
        assert json.loads(done.stdout)["errors"] == [], name


@pytest.mark.parametrize("reader", ["exceljs", "exceljs-stream", "xlsx", "read-excel-file"])
def test_node_reads_totals_and_subtotals(reader, tmp_path):
    path = tmp_path / "register.xlsx"
    path.write_bytes(book_of(register(12, groups=2)))
    lines = output(tool("node"), SCRIPTS / "read.js", MODULES, reader, path).splitlines()
    assert sum("|s:Subtotal|" in line for line in lines) == 2
    assert any("s:Total|" in line and "n:165" in line for line in lines), lines


def test_libreoffice_comes_to_the_same_totals(tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("soffice is not installed")
    path = tmp_path / "register.xlsx"
    data = book_of(register(60))
    # What was reckoned before is taken out, so that nothing but the formulas is left to go by.
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(path, "w") as bare:
        for name in book.namelist():
            member = book.read(name)
            bare.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", member) if "sheet1" in name else member)
    command = [
        soffice,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run([*command, "--outdir", tmp_path / "out", path], check=True, capture_output=True)
    ours = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    theirs = CalamineWorkbook.from_path(str(tmp_path / "out/register.xlsx")).get_sheet_by_index(0).to_python()
    assert len(formulas(opened(data).worksheets[0])) == 5 * 4
    for our_row, their_row in zip(ours, theirs, strict=False):
        assert [one if not isinstance(one, float) else pytest.approx(one) for one in our_row] == their_row


NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6), st.decimals(-1000, 1000, places=2).map(float), st.none(), st.just("n/a")
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), NUMBERS), min_size=1, max_size=12))
def test_every_formula_of_random_data_has_the_total_of_the_report(rows):
    columns = ["Group", Column(caption="Value", format=ColumnFormat(total="sum"))]
    said = TableFormat(grouped_by=["Group"])
    table = icreport.Table(format=said, columns=columns, rows=sorted(rows, key=lambda row: row[0]))
    sheet = opened(book_of(icreport.Report(elements=[table]), title=False)).worksheets[0]
    values = opened_values(icreport.Report(elements=[table]))
    for place, formula in formulas(sheet).items():
        first, last = map(int, re.findall(r"B(\d+)", str(formula)))
        between = [sheet[f"B{row}"].value for row in range(first, last + 1) if sheet[f"B{row}"].data_type == "n"]
        assert sum(number for number in between if number is not None) == pytest.approx(values[place])


def opened_values(report):
    book = openpyxl.load_workbook(io.BytesIO(book_of(report, title=False)), data_only=True)
    return {cell.coordinate: cell.value for row in book.worksheets[0] for cell in row}
