"""Errors point the way: each says what is wrong, and what would be right."""

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import icreport
from commands import run

REPORT = {
    "name": "R",
    "elements": [
        {"type": "table", "caption": "Anomaly register", "data": {"columns": [{"caption": "No."}], "rows": []}},
        {"type": "table", "caption": "Campaign", "data": {"rows": [{"cells": [{"value": "Vessel"}, {"value": "X"}]}]}},
        {"type": "gauge", "data": 1},
    ],
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ICREPORT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    Path("a.json").write_text(json.dumps(REPORT))
    Path("proj").mkdir()
    return tmp_path


def told(line):
    """The status of a command, and what it said on standard error."""
    done = run(*(line if isinstance(line, list) else line.split()))
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("convert a.json -t excel", "did you mean 'xlsx'?"),
        ("convert a.json -t Spreadsheet", "did you mean 'xlsx'?"),
        ("convert a.json -t .pdf", "did you mean 'pdf'?"),
        ("convert a.json -t text/csv", "did you mean 'csv'?"),
        ("convert a.json -t pdf,html", "a batch several"),
        ("convert a.json -o x.xls", "did you mean '.xlsx'?"),
        ("convert a.json -o x.odt", "no format has the suffix '.odt'"),
        ("convert a.json -o x.odt", "say -t NAME"),
        ("convert a.json -o x.html --theme fromal", "did you mean 'formal'?"),
        ("convert a.json -o x.html --theme FORMAL", "did you mean 'formal'?"),
        ("convert a.json -o x.csv --theme nosuch", "there is no theme 'nosuch'"),
        ("convert a.json -o x.csv --theme house", "csv has no option 'theme' (docx, html, pdf, xlsx have it)"),
        (
            "convert a.json -o x.csv --option locale=de",
            "csv has no option 'locale' (docx, html, md, pdf, xlsx have it)",
        ),
        ("convert a.json -o x.csv --option delimiter=ab", "one character, not the 2 of 'ab'"),
        ("convert a.json -o x.csv --option delimiter=", "one character, not the 0 of ''"),
        ("convert a.json -o x.csv --option quoting=al", "'minimal' or 'all', not 'al'"),
        (["convert", "a.json", "-o", "x.csv", "--option", "table=Anomaly regster"], "did you mean 'Anomaly register'?"),
        (["convert", "a.json", "-o", "x.csv", "--option", "table=anomaly"], "did you mean 'Anomaly register'?"),
        ("convert a.json -o proj", "'proj' is a folder (say 'proj/' to fill it"),
        ("convert a.json -o .", "say './' to fill it"),
        ("convert a.json -t parquet -o proj", "say 'proj/' to fill it"),
        ("convert a.json -o a.json -t csv", "would replace the source"),
        ("convert a.json b.json -t pdf", "several: icreport batch"),
        ("convert a.json x.pdf -o y.pdf", "a second report or target"),
        ("convert a.json b.json c.json", "several reports: icreport batch"),
        ("convert --nosuch", "see icreport convert --help"),
        ("convert", "see icreport convert --help"),
        ("convert a.json --format pdf", "the format is said with -t FORMAT"),
        ("theme nosuch", "see icreport theme --help"),
        ("theme show nosuch", "there is no theme"),
        ("nosuch", "see icreport --help"),
        ("batch a.json -d out -t csv --title X", "--option title=T gives all the same"),
        ("batch a.json -o out -t csv", "a batch writes into a folder: -d DIRECTORY"),
        ("batch a.json -d out -t excel", "did you mean 'xlsx'?"),
        ("batch a.json -d out -t csv -t parquet --theme house", "csv has no option 'theme'"),
        ("batch a.json -d out -t csv --theme nosuch", "there is no theme"),
        ("fetch 7 -o x.pdf", "ICREPORT_SERVER or "),
        ("fetch 7 -o x.pdf --server https://localhost", "ICREPORT_API_KEY"),
        ("fetch 7 -o x.pdf --server https://localhost", "none/icreport/config.toml"),
        ("--show-completion tcsh", "no completion for the shell 'tcsh'"),
    ],
)
def test_wrong_usage_is_one_line_that_says_what_is_right_and_status_2(line, message, folder):
    before = sorted(folder.rglob("*"))
    status, said = told(line)
    assert message in said
    assert (status, said.count("\n")) == (2, 1)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("line", ["", "theme"])
def test_a_missing_command_prints_the_help(line):
    status, said = told(line)
    assert (status, said.startswith("Usage: icreport")) == (2, True)
    assert "Commands:" in said


def test_errors_in_python_speak_of_arguments(folder):
    with pytest.raises(icreport.FormatError, match="format=NAME"):
        icreport.convert("a.json", "x.odt")
    with pytest.raises(icreport.ThemeError, match="formal"):
        icreport.convert("a.json", "x.html", theme="fromal")


@pytest.mark.parametrize("suffix", ["pdf", "html", "xlsx", "parquet", "zip"])
def test_our_own_documents_as_sources_are_called_what_they_are(suffix):
    icreport.convert("a.json", f"x.{suffix}", **{"table": "1"} if suffix == "parquet" else {})
    names = {"pdf": "a PDF", "html": "an HTML page", "xlsx": "an Excel workbook", "parquet": "a Parquet file"}
    for line in (f"inspect x.{suffix}", f"convert x.{suffix} -o y.csv"):
        status, said = told(line)
        assert f"this is {names.get(suffix, 'a ZIP archive')}, not a report document" in said
        assert (status, said.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'"No.","Depth"\r\n"A","1"\r\n', "CSV"),
        (b"No.;Depth\nA;1\n", "CSV"),
        (b"1,2\n3,4", "CSV"),
        (b'<?xml version="1.0"?><report/>', "XML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<html>', "an HTML page"),
        ("<!DOCTYPE html>".encode("utf-16"), "an HTML page"),
        (b'# A view\n\n[[table]]\nmatch = "Anomalies"\n', "TOML"),
        (b"[page]\r\n", "TOML"),
        (b'view = "view.toml"', "TOML"),
        (b"\n\n%PDF-1.7\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
    ],
)
def test_files_of_other_programs_are_called_what_they_are(content, name):
    with pytest.raises(icreport.ReadError, match=f"this is {name}, "):
        icreport.read(content)


@pytest.mark.parametrize("content", [b"oops", b"nul", b'{"a": 1,\n"b" 2}', b"[1,\n2,", b"tell me, why"])
def test_broken_json_keeps_its_line_and_column(content):
    with pytest.raises(icreport.JsonError, match=r"at line \d+ column \d+"):
        icreport.read(content)


def test_a_target_may_be_named_after_the_source(folder):
    assert told("convert a.json x.csv -q") == (0, "")
    assert told("convert a.json -o y.csv -q") == (0, "")
    assert (folder / "x.csv").read_bytes() == (folder / "y.csv").read_bytes()


def test_a_suffix_of_another_format_is_told():
    status, said = told("convert a.json -o m.csv -t xlsx")
    assert (status, "ends in .csv and is xlsx, not csv" in said) == (0, True)
    assert "ends in .b" not in told("convert a.json -o m.bin -t csv")[1]
    assert "ends in .h" not in told("convert a.json -o m.htm -t html")[1]


def test_a_path_that_is_a_folder_may_be_filled(folder):
    icreport.convert("a.json", folder / "proj")
    assert (folder / "proj/datapackage.json").exists()


def test_inspect_tells_the_kinds_of_tables_and_what_nothing_shows():
    said = run("inspect", "a.json").stdout
    assert "0 rows x 1 column: No." in said
    assert "1 row (key/value table)" in said
    assert "gauge (no format shows this type)" in said


def test_a_success_says_what_was_written_to_a_terminal():
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "icreport", "convert", "a.json", "x.html"]
    said = b""
    with subprocess.Popen(command, stderr=theirs) as process:
        os.close(theirs)
        with suppress(OSError):  # how a terminal ends
            while part := os.read(ours, 1 << 16):
                said += part
    os.close(ours)
    assert process.returncode == 0
    assert b"icreport: wrote x.html (html: 3 elements, 1 row)" in said


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_a_shell_is_printed_and_names_what_there_is(shell):
    command = [sys.executable, "-m", "icreport", "--show-completion", shell]
    script = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert f"complete_{shell}" in script
    asked = {"_ICREPORT_COMPLETE": "complete_bash", "COMP_WORDS": "icreport convert --theme f", "COMP_CWORD": "3"}
    done = subprocess.run(command[:3], capture_output=True, text=True, check=True, timeout=120, env=os.environ | asked)
    assert done.stdout.split() == ["formal"]
