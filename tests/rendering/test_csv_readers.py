"""CSV as others read it: pandas, DuckDB, LibreOffice."""

import csv
import subprocess

import duckdb
import pandas

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
