"""What others read in a workbook: each reader, in one process over several workbooks, says kind and value of cells."""

import csv
import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path

import fastexcel
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

import icreport
from icreport import Report, Section, Table
from icreport.model import Row

SCRIPTS = Path(__file__).parent / "readers"
MODULES = Path(__file__).parents[3] / ".venv/judges/node_modules"
HEADS = ["Tag", "ID", "Depth", "When", "OK", "Note"]
ROWS = [
    ("A-001", 1, 12.5, "2026-08-14", True, "a\nb & <c>"),
    ("00123", 2, None, "2026-08-15", False, "=1+1"),
    ("1E5", 3, 0.5, None, True, " x ü "),
]
SEEN = [
    "s:A-001|n:1|n:12.5|d:2026-08-14|b:true|s:a~b & <c>",
    "s:00123|n:2|-|d:2026-08-15|b:false|s:=1+1",
    "s:1E5|n:3|n:0.5|-|b:true|s: x ü ",
]
HEAD = "|".join("s:" + head for head in HEADS)


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory):
    """One sheet with links, three sheets, a table of no rows: all of them with the same columns."""
    folder = tmp_path_factory.mktemp("workbooks")
    linked = [Row(row, source_key=number) for number, row in enumerate(ROWS, 1)]
    tables = {
        "one": [Table(caption="One", columns=HEADS, rows=linked)],
        "many": [Table(caption=f"T{number}", columns=HEADS, rows=ROWS) for number in range(3)],
        "none": [Table(caption="None", columns=HEADS, rows=[])],
    }
    for name, elements in tables.items():
        icreport.write(Report(elements=elements), folder / f"{name}.xlsx", link="https://ic.invalid/{sourceKey}")
    return [folder / f"{name}.xlsx" for name in tables]


def tool(name):
    """Find a judge; where the tests have to be complete its absence is a failure."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return found


def output(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tables_of(lines):
    """Give the rows under each head; the titles above and the blanks at the ends of rows are left out."""
    tables = []
    for line in lines:
        if line == HEAD:
            tables.append([])
        elif "|" in line.removesuffix("|-" * 5):
            tables[-1].append(line)
    return tables


def kind_and_value(value):
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return f"b:{value}".lower()
    if isinstance(value, datetime.date):
        return f"d:{value:%Y-%m-%d}"
    if isinstance(value, int | float):
        return f"n:{value:g}"
    return "s:" + value.replace("\n", "~")


ALL = [SEEN] * 4 + [[]]


@pytest.mark.parametrize("reader", ["exceljs", "exceljs-stream", "xlsx", "read-excel-file"])
def test_node_reads_every_value_with_its_type(reader, workbooks):
    found = output(tool("node"), SCRIPTS / "read.js", MODULES, reader, *workbooks)
    assert tables_of(found.splitlines()) == ALL


def test_r_reads_every_value_with_its_type(workbooks):
    # A column in which nothing is has no type, so the head alone tells of a table of no rows.
    assert tables_of(output(tool("Rscript"), SCRIPTS / "read.R", *workbooks).splitlines()) == ALL


def test_perl_reads_every_value_with_its_type(workbooks):
    assert tables_of(output(tool("perl"), "-CSD", SCRIPTS / "read.pl", *workbooks).splitlines()) == ALL


@pytest.mark.parametrize("way", ["whole", "stream"])
def test_ruby_reads_every_value_with_its_type(way, workbooks):
    assert tables_of(output(tool("ruby"), "-Ku", "-EUTF-8", SCRIPTS / "read.rb", way, *workbooks).splitlines()) == ALL


@pytest.mark.parametrize("reader", ["exceljs", "exceljs-stream", "xlsx", "read-excel-file"])
def test_node_reads_a_sheet_with_comments(reader, tmp_path):
    table = Table(caption="T", columns=["A"], rows=[("x" * 40_000,), ("short",)])
    icreport.write(Report(elements=[table]), tmp_path / "a.xlsx")
    found = output(tool("node"), SCRIPTS / "read.js", MODULES, reader, tmp_path / "a.xlsx").splitlines()
    assert found[:4] == ["s:T", "s:A", "s:" + "x" * 32_767, "s:short"]


@pytest.mark.parametrize("reader", ["exceljs", "exceljs-stream", "xlsx", "read-excel-file"])
def test_node_reads_a_sheet_with_a_logo(reader, tmp_path):
    Image.new("RGB", (60, 20)).save(tmp_path / "logo.png")
    (tmp_path / "theme.toml").write_text('logo = "logo.png"\n')
    report = Report(name="R", elements=[Section(caption="S"), Table(caption="T", columns=["A"], rows=[("x",)])])
    icreport.write(report, tmp_path / "a.xlsx", theme=str(tmp_path))
    found = output(tool("node"), SCRIPTS / "read.js", MODULES, reader, tmp_path / "a.xlsx").splitlines()
    assert {"s:R", "s:S", "s:T", "s:A", "s:x"} <= {line.partition("|")[0] for line in found}


def test_calamine_reads_every_value_with_its_type(workbooks):
    books = [CalamineWorkbook.from_path(path) for path in workbooks]
    rows = [row for book in books for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert tables_of("|".join(map(kind_and_value, row)) for row in rows) == ALL


def test_fastexcel_reads_every_value_with_its_type(workbooks):
    tables = []
    for path in workbooks:
        book = fastexcel.read_excel(path)
        frames = [book.load_sheet(name, header_row=1).to_arrow() for name in book.sheet_names]
        assert all(frame.column_names == HEADS for frame in frames)
        tables += [["|".join(map(kind_and_value, row.values())) for row in frame.to_pylist()] for frame in frames]
    assert tables == ALL


def texts_of(rows):
    return [[cell.replace("\n", "~").lower() for cell in row] for row in rows]


TEXTS = texts_of([[cell.partition(":")[2] for cell in line.split("|")] for line in SEEN])


def test_xlsx2csv_reads_every_value(workbooks):
    for path, count in zip(workbooks, (3, 3, 0), strict=True):
        text = output(sys.executable, "-m", "xlsx2csv", path)
        rows = list(csv.reader(text.splitlines(keepends=True)))
        assert rows[1] == HEADS
        assert texts_of(row for row in rows[2:] if any(row)) == TEXTS[:count]


def test_gnumeric_reads_every_value(workbooks, tmp_path):
    ssconvert = tool("ssconvert")
    for path, sheets, count in zip(workbooks, (1, 3, 1), (3, 3, 0), strict=True):
        target = tmp_path / f"{path.stem}.txt"
        output(ssconvert, "-O", "format=preserve separator=,", path, target)
        with target.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert rows.count(HEADS) == sheets
        # Titles are left out, and the blank row that Excel wants in a table of no rows.
        assert texts_of(row for row in rows if row != HEADS and any(row[1:])) == TEXTS[:count] * sheets
