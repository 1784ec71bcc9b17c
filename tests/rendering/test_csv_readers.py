"""CSV as others read it: pandas, DuckDB, LibreOffice."""

import csv
import io
import shutil
import subprocess

import duckdb
import openpyxl
import pandas
import pytest

import icreport
from icreport.model.elements import Table
from icreport.model.report import Report

ROWS = [
    ("00123", 1, 1.5, True, "2026-01-31", 'say "x", twice', None),
    ("3-4", -7, 0.1, False, "2025-12-31", "line\nbreak", "田中 健一"),
    ("1E5", 10**15, 1e20, True, "2026-02-01", "a,b;c d", "فاطمة"),
]
SHOWN = [[str(v).lower() if isinstance(v, bool) else "" if v is None else str(v) for v in row] for row in ROWS]


def written(tmp_path):
    icreport.write(Report(elements=[Table(columns=list("ABCDEFG"), rows=ROWS)]), tmp_path / "out.csv")
    return tmp_path / "out.csv"


def test_pandas_reads_back_every_value(tmp_path):
    frame = pandas.read_csv(written(tmp_path), dtype=str, keep_default_na=False)
    assert frame.to_numpy().tolist() == SHOWN
    typed = pandas.read_csv(tmp_path / "out.csv")
    assert typed[["B", "C", "D"]].to_numpy().tolist() == [list(row[1:4]) for row in ROWS]


def test_duckdb_reads_back_every_value(tmp_path):
    found = duckdb.sql(f"select * from read_csv('{written(tmp_path)}', all_varchar=true, nullstr='\\N')").fetchall()
    assert [["" if v is None else v for v in row] for row in found] == SHOWN


def test_libreoffice_reads_back_every_value(tmp_path):
    # Token 8 of the filter says: no guessing of numbers and dates from text (44: comma, 34: quote, 76: UTF-8).
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/home", "--headless"]
    command += ["--infilter=CSV:44,34,76,1,1/2/2/2/3/2/4/2/5/2/6/2/7/2", "--convert-to", "fods"]
    subprocess.run([*command, "--outdir", tmp_path, written(tmp_path)], check=True, capture_output=True)
    back = ["soffice", f"-env:UserInstallation=file://{tmp_path}/home", "--headless"]
    back += ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", tmp_path / "back"]
    subprocess.run([*back, tmp_path / "out.fods"], check=True, capture_output=True)
    with (tmp_path / "back/out.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file))[1:] == SHOWN


@pytest.mark.parametrize(("excel", "sep_line"), [("nb", False), ("de", True), ("pt-BR", False)])
def test_a_csv_for_readers_of_decimal_commas_is_read_with_its_numbers(tmp_path, excel, sep_line):
    rows = [("å; b", -1234.5, 7), ('"q"', 0.25, None), ("x\ny", 1e20, -3)]
    report = Report(elements=[Table(columns=["Tekst", "Tall", "Heltall"], rows=rows)])
    path = tmp_path / "t.csv"
    icreport.write(report, path, excel=excel, sep_line=sep_line)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfsep=;\r\n" if sep_line else b"\xef\xbb\xbfTekst;Tall;Heltall\r\n")
    text = data.decode("utf-8-sig").removeprefix("sep=;\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:] == [
        ["å; b", "-1234,5", "7"], ['"q"', "0,25", ""], ["x\ny", "1e+20", "-3"],
    ]  # fmt: skip
    frame = pandas.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", skiprows=int(sep_line))
    assert frame["Tall"].tolist() == [-1234.5, 0.25, 1e20]
    assert frame["Tekst"].tolist() == [row[0] for row in rows]


def test_libreoffice_of_a_language_with_decimal_commas_reads_the_numbers(tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is missing: run scripts/setup test")
    report = Report(elements=[Table(columns=["Tekst", "Tall"], rows=[("å; b", -1234.5), ("c", 0.25)])])
    icreport.write(report, tmp_path / "t.csv", excel="nb", sep_line=True)
    # Separated by ;, texts in ", UTF-8, from the first line, in Norwegian (1044).
    reader = "--infilter=Text - txt - csv (StarCalc):59,34,76,1,,1044"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [soffice, profile, "--headless", reader, "--convert-to", "xlsx", "--outdir", tmp_path, tmp_path / "t.csv"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[-2:] == [["å; b", -1234.5], ["c", 0.25]]
