import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest

import commands

SAMPLES = Path(__file__).parents[2] / "samples"
SAMPLE = str(SAMPLES / "job-content.json")
SEVERAL = str(SAMPLES / "inspection.json")


def run(*arguments, cwd, **options):
    return commands.run(*arguments, cwd=cwd, text=False, **options)


@pytest.mark.parametrize("suffix", ["html", "pdf", "xlsx", "csv"])
def test_convert_writes_the_documented_example_in_silence(tmp_path, suffix):
    done = run("convert", SAMPLE, "-o", f"out.{suffix}", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert os.listdir(tmp_path) == [f"out.{suffix}"]


def test_dash_is_standard_input_and_output(tmp_path):
    done = run("convert", "-", "-o", "-", "-t", "csv", cwd=tmp_path, given=Path(SAMPLE).read_bytes())
    assert done.returncode == 0
    assert done.stdout.startswith(b"Asset,Event Type,Workpack\r\n")


def test_without_a_target_the_document_is_beside_the_source(tmp_path):
    (tmp_path / "report.json").write_bytes(Path(SAMPLE).read_bytes())
    assert run("convert", "report.json", "-t", "csv", "-v", cwd=tmp_path).returncode == 0
    assert (tmp_path / "report.csv").exists()


def test_several_tables_in_one_csv_are_told_with_the_two_ways_out_which_work(tmp_path):
    done = run("convert", SEVERAL, "-o", "out.csv", cwd=tmp_path)
    assert done.returncode == 0
    (line,) = done.stderr.decode().splitlines()
    assert "table=NUMBER" in line
    assert ".zip" in line
    one = run("convert", SEVERAL, "-o", "one.csv", "--option", "table=3", cwd=tmp_path)
    named = run("convert", SEVERAL, "-o", "named.csv", "--option", "table=Anomaly register", cwd=tmp_path)
    assert (one.returncode, one.stderr, named.returncode, named.stderr) == (0, b"", 0, b"")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "named.csv").read_bytes()
    assert run("convert", SEVERAL, "-o", "out.zip", cwd=tmp_path).returncode == 0
    assert run("convert", SEVERAL, "-o", "folder/", cwd=tmp_path).returncode == 0
    assert len([name for name in os.listdir(tmp_path / "folder") if name.endswith(".csv")]) == 7


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no file"),
        ("", "the source is empty"),
        ('{"elements": [\n oops', "line 2 column 2"),
        ("{}", "no report"),
        ('{"elements": [{"type": "table", "data": {}}]}', "neither columns nor rows"),
    ],
)
def test_wrong_input_is_one_line_and_exit_1(tmp_path, content, message):
    if content is not None:
        (tmp_path / "in.json").write_text(content)
    done = run("convert", "in.json", "-o", "out.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert message in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out.csv").exists()


def test_an_unknown_suffix_lists_the_known_ones_and_exits_2(tmp_path):
    done = run("convert", SAMPLE, "-o", "out.odt", cwd=tmp_path)
    assert done.returncode == 2
    assert all(suffix in done.stderr for suffix in (b".html", b".pdf", b".xlsx", b".csv"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert"],
        ["convert", SAMPLE],
        ["convert", SAMPLE, "-o", "out.csv", "--option", "nonsense"],
        ["convert", SAMPLE, "-o", "out.csv", "--option", "no_such=1"],
        ["convert", SAMPLE, "-o", "out.csv", "--wrong"],
        ["no-such-command"],
    ],
)
def test_wrong_usage_exits_2(tmp_path, arguments):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_no_clobber_refuses_and_strict_fails_on_loss(tmp_path):
    (tmp_path / "out.csv").write_text("old")
    assert run("convert", SAMPLE, "-o", "out.csv", "--no-clobber", cwd=tmp_path).returncode == 1
    assert (tmp_path / "out.csv").read_text() == "old"
    (tmp_path / "in.json").write_text('{"elements": [{"type": "gauge"}, {"type": "table", "data": {"columns": []}}]}')
    done = run("convert", "in.json", "-o", "x.html", cwd=tmp_path)
    assert (done.returncode, b'"gauge"' in done.stderr) == (0, True)
    assert run("convert", "in.json", "-o", "y.html", "--strict", cwd=tmp_path).returncode == 1


def test_inspect_says_what_is_in_a_report(tmp_path):
    done = run("inspect", SAMPLE, cwd=tmp_path)
    assert done.returncode == 0
    assert "2 rows x 3 columns: Asset, Event Type, Workpack" in done.stdout.decode()
    found = json.loads(run("inspect", SEVERAL, "--json", cwd=tmp_path).stdout)
    assert found["name"].startswith("Heimdal Nord")
    assert [element["rows"] for element in found["elements"] if element["type"] == "table"] == [7, 5, 42, 60, 20, 0, 8]


def test_the_schema_accepts_the_samples_and_refuses_what_reading_refuses(tmp_path):
    schema = json.loads(run("schema", cwd=tmp_path).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    for sample in SAMPLES.glob("*.json"):
        jsonschema.validate(json.loads(sample.read_text()), schema)
    bare_table = {"type": "table", "data": {}}
    for wrong in ({}, {"elements": 1}, {"elements": [{"caption": "no type"}]}, {"elements": [bare_table]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_formats_lists_renderers_and_their_options(tmp_path):
    text = run("formats", cwd=tmp_path).stdout.decode()
    assert all(f"{name}  (.{name}" in text for name in ("csv", "html", "pdf", "xlsx"))
    assert "escape_formulas" in text


def test_a_reader_that_leaves_early_gets_no_traceback(tmp_path):
    rows = [{"cells": [{"value": "x" * 100}]} for _ in range(20_000)]
    (tmp_path / "in.json").write_text(
        json.dumps({"elements": [{"type": "table", "data": {"columns": [], "rows": rows}}]})
    )
    command = [sys.executable, "-m", "icreport", "convert", "in.json", "-o", "-", "-t", "csv"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_verbose_says_why_a_table_is_not_painted(tmp_path):
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme/theme.css").write_text("table { table-layout: auto !important }")
    rows = [{"cells": [{"value": n}]} for n in range(400)]
    table = {"type": "table", "data": {"columns": [{"caption": "A"}], "rows": rows}}
    (tmp_path / "in.json").write_text(json.dumps({"elements": [table]}))
    done = run("convert", "in.json", "-o", "out.pdf", "--theme", "theme", "-v", cwd=tmp_path)
    assert done.returncode == 0
    assert b"table-layout" in done.stderr


@pytest.mark.parametrize(("flags", "times"), [([], 1), (["-v"], 1), (["-q"], 0)])
def test_a_long_run_is_told_once_before_it_begins(tmp_path, monkeypatch, flags, times):
    monkeypatch.setattr("icreport.rendering.pdf.layout_notes._MANY_CELLS", 2)
    done = run("convert", SAMPLE, "-o", "out.pdf", *flags, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr.count(b"icreport: warning: 6 cells are laid out one by one") == times
    assert done.stderr.count(b"cells") == times


@pytest.mark.parametrize("command", [["inspect"], ["convert", "-o", "out.html"], ["batch", "-t", "csv", "-d", "out"]])
def test_values_do_not_command_the_terminal(command, tmp_path):
    evil = "\x1b]0;owned\x07\x9b31m"
    document = {"name": evil, "elements": [{"type": f"evil{evil}", "caption": evil}]}
    (tmp_path / f"report{evil}.json").write_text(json.dumps(document))
    done = run(*command, f"report{evil}.json", cwd=tmp_path)
    said = (done.stdout + done.stderr).decode()
    assert r"\x1b]0;owned\x07\x9b31m" in said
    assert not set(said) & set("\x1b\x07\x9b")


def test_the_version_is_that_of_the_package(tmp_path):
    done = run("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout.decode().strip(), done.stderr) == (0, version("icreport"), b"")


def test_an_element_that_nobody_knows_is_a_loss_in_a_csv_too(tmp_path):
    elements = [{"type": "gauge", "data": {}}, {"type": "table", "data": {"columns": [{"caption": "A"}], "rows": []}}]
    (tmp_path / "in.json").write_text(json.dumps({"elements": elements}))
    told = run("convert", "in.json", "-o", "out.csv", cwd=tmp_path)
    assert (told.returncode, told.stderr.count(b'type "gauge" is not shown')) == (0, 1)
    strict = run("convert", "in.json", "-o", "strict.csv", "--strict", cwd=tmp_path)
    assert (strict.returncode, (tmp_path / "strict.csv").exists()) == (1, False)
