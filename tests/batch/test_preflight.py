"""What would fail for every item is found before anything runs."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import icreport
from batch.conftest import report
from icreport.batch.journal import NAME
from icreport.batch.preflight import probe
from icreport.output.draft_names import draft_beside


def all_in(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("table", ["9", "Anomalys", "=1"])
def test_a_table_that_no_report_has_is_told_once_with_the_nearest(table, reports, tmp_path):
    with pytest.raises(icreport.OptionError, match=r"no report has a table .*known: Anomalies"):
        icreport.convert_many(reports(3), tmp_path / "out", ["csv"], table=table)
    assert not (tmp_path / "out" / NAME).exists()


def test_a_table_that_one_report_has_is_made_and_the_others_fail_by_themselves(reports, tmp_path):
    source = reports(2)
    other = report(7)
    other["elements"][0]["caption"] = "Welds"
    (source / "r007.json").write_text(json.dumps(other))
    (source / "broken.json").write_text("{")
    result = icreport.convert_many(source, tmp_path / "out", ["csv"], table="Welds")
    assert (result.done, result.failed) == (1, 3)


@pytest.mark.parametrize("own", [True, False])
def test_an_extra_that_is_not_installed_is_told_before_the_journal_is_touched(own, reports, tmp_path, monkeypatch):
    source, out = reports(2), tmp_path / "out"
    icreport.convert_many(source, out, ["csv"])
    before = (out / NAME).read_bytes()
    # A package of the name that cannot be imported, for worker processes too.
    (tmp_path / "path/pyarrow").mkdir(parents=True)
    (tmp_path / "path/pyarrow/__init__.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    if own:
        script = tmp_path / "run.py"
        script.write_text(
            "import icreport, multiprocessing\n"
            "if __name__ == '__main__':\n"
            "    multiprocessing.set_start_method('spawn')\n"
            f"    icreport.convert_many({str(source)!r}, {str(out)!r}, ['parquet'], workers=1)\n"
        )
        import subprocess

        said = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=120).stderr
    else:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        with ThreadPoolExecutor(2) as pool, pytest.raises(icreport.MissingExtraError) as caught:
            icreport.convert_many(source, out, ["parquet"], executor=pool, workers=2)
        said = str(caught.value)
    assert "pip install 'icreport[arrow]'" in said
    assert (out / NAME).read_bytes() == before


def test_a_template_that_is_wrong_is_told_once(reports, tmp_path):
    (tmp_path / "theme/elements").mkdir(parents=True)
    (tmp_path / "theme/elements/table.html.j2").write_text("{% if %}")
    with pytest.raises(icreport.ThemeError, match="line 1"):
        icreport.convert_many(reports(3), tmp_path / "out", ["html"], theme=str(tmp_path / "theme"), workers=1)
    assert all_in(tmp_path / "out") in ([], [NAME])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"journal": "s3://bucket/j.jsonl"}, "a file of this machine"),
        ({"journal": Path("s3://bucket/j.jsonl")}, "a URL starts with s3://"),
        ({"journal": "s3:/bucket/j.jsonl"}, "a URL starts with s3://"),
        ({"directory": Path("s3://bucket/out")}, "a URL starts with s3://"),
    ],
)
def test_a_journal_or_directory_at_a_url_becomes_no_folder_here(given, message, reports, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wanted = {"directory": tmp_path / "out"} | given
    with pytest.raises(icreport.UsageError, match=message):
        icreport.convert_many(reports(1), formats=["csv"], **wanted)
    assert all_in(tmp_path) == ["in"]


def test_a_url_of_a_kind_that_nobody_knows_is_told_before_anything_runs(tmp_path):
    with pytest.raises(icreport.UsageError, match="no sources at nosuch://"):
        icreport.convert_many("nosuch://a/b.json", tmp_path / "out", ["csv"])
    with pytest.raises(icreport.OutputError, match="nosuch"):
        icreport.convert_many("memory://a/b.json", "nosuch://a", ["csv"])


@pytest.mark.parametrize("source", ["nothing", "nothing/", "no/thing", "nothing.txt"])
def test_a_folder_that_is_not_there_ends_the_run_at_once(source, reports, tmp_path):
    with pytest.raises(icreport.UsageError, match="there is no file or folder"):
        icreport.convert_many([reports(1), tmp_path / source], tmp_path / "out", ["csv"])
    assert not (tmp_path / "out").exists()


def test_what_looking_for_a_place_to_write_left_when_it_was_killed_is_removed(reports, tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(os, "getpid", lambda: 2**22 + 1)  # of a process that there is not
    (left := draft_beside(Path(probe(str(out))))).touch()
    monkeypatch.undo()
    icreport.convert_many(reports(1), out, ["csv"], workers=1)
    assert not left.exists()


@pytest.mark.parametrize("own_view", [True, False])
def test_the_view_of_a_theme_is_of_the_reports_and_not_of_what_is_tried_before(own_view, reports, tmp_path):
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "theme.toml").write_text('view = "view.toml"')
    (theme / "view.toml").write_text('[[table]]\nmatch = "Anomalies"\nlimit = 1')
    view = {"table": [{"match": "Anomalies", "limit": 1}]} if own_view else None
    result = icreport.convert_many(reports(1), tmp_path / "out", ["html"], theme=str(theme), view=view)
    assert (result.done, result.failed) == (1, 0)


def test_a_view_of_a_theme_that_cannot_be_is_told_before_anything_runs(reports, tmp_path):
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "theme.toml").write_text('view = "view.toml"')
    (theme / "view.toml").write_text("[[table]]\nlimits = 1")
    with pytest.raises(icreport.ViewError, match="limits"):
        icreport.convert_many(reports(1), tmp_path / "out", ["html"], theme=str(theme))
    assert not (tmp_path / "out").exists()
