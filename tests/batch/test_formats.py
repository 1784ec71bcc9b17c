"""The formats of an item stand and fall each by itself, and workers that end are seen."""

import json
import os
import subprocess
import sys

import pytest

import icreport
from batch.conftest import contents, report
from icreport.output.draft_names import draft_beside


@pytest.fixture
def several(tmp_path):
    """A source with two tables, which one Parquet file does not hold."""
    document = report(1)
    document["elements"] *= 2
    (tmp_path / "in").mkdir()
    (tmp_path / "in/r.json").write_text(json.dumps(document))
    return tmp_path / "in"


def test_a_format_that_fails_leaves_the_others_and_resume_does_just_it(several, tmp_path):
    out = tmp_path / "out"
    result = icreport.convert_many([several], out, ["csv", "parquet", "html"])
    assert (result.done, result.failed, result.documents) == (0, 1, 2)
    assert result.failures[0].error.message.startswith("parquet: ")
    assert sorted(contents(out)) == ["r.csv", "r.html"]
    before = {path: path.stat().st_ino for path in out.iterdir() if path.suffix != ".jsonl"}
    again = icreport.convert_many([several], out, ["csv", "parquet", "html"], resume=True)
    assert (again.failed, again.documents) == (1, 2)
    assert {path: path.stat().st_ino for path in before} == before
    (several / "r.json").write_text(json.dumps(report(1)))
    last = icreport.convert_many([several], out, ["csv", "parquet", "html"], resume=True)
    assert (last.done, last.documents) == (1, 3)
    assert icreport.convert_many([several], out, ["csv", "parquet", "html"], resume=True).unchanged == 1


def test_a_failure_of_every_format_is_told_once(tmp_path):
    (tmp_path / "in.json").write_text('{"elements": [')
    result = icreport.convert_many([tmp_path / "in.json"], tmp_path / "out", ["csv", "html"])
    assert result.failures[0].error.message.count("in.json") <= 1
    assert ";" not in result.failures[0].error.message


@pytest.mark.parametrize("leave", ["os._exit(0)", "ctypes.CDLL(None)._exit(0)", "os._exit(3)"])
def test_a_worker_that_ends_by_itself_is_a_failed_item(leave, reports, tmp_path):
    package = tmp_path / "leaving"
    (package / "leaving-1.dist-info").mkdir(parents=True)
    (package / "leaving-1.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: leaving\nVersion: 1\n")
    (package / "leaving-1.dist-info/entry_points.txt").write_text("[icreport.renderers]\nleaves = leaving:Leaves\n")
    (package / "leaving.py").write_text(
        "import ctypes, os, icreport\n"
        "class Leaves(icreport.Renderer):\n"
        "    format, suffixes, media_type = 'leaves', ('.leaves',), 'text/plain'\n"
        "    def render(self, report, sink):\n"
        f"        if '1' in report.name: {leave}\n"
        "        sink.write(b'done')\n"
    )
    reports(3)
    command = [
        sys.executable,
        "-m",
        "icreport",
        "batch",
        str(tmp_path / "in"),
        "-d",
        str(tmp_path / "out"),
        "-t",
        "leaves",
    ]
    environment = os.environ | {"PYTHONPATH": str(package)}
    ran = subprocess.run([*command], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 4
    assert "worker was lost" in ran.stderr
    assert sorted(contents(tmp_path / "out")) == ["r000.leaves", "r002.leaves"]


@pytest.mark.parametrize("host", ["-", "-c", "-i"])
def test_a_batch_runs_from_a_program_that_is_no_file(host, reports, tmp_path):
    source, out = str(reports(2)), str(tmp_path / "out")
    code = f"import icreport\nprint(icreport.convert_many([{source!r}], {out!r}, ['csv']).done)\n"
    command = [sys.executable, host, *([code] if host == "-c" else [])]
    ran = subprocess.run(
        command, input=code if host != "-c" else "", capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout.strip().endswith("2"), ran.stderr


def test_two_batches_into_one_folder_leave_each_others_drafts(reports, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    reports(3)
    draft = draft_beside(out / "r001.csv")
    draft.write_bytes(b"half")
    icreport.convert_many([tmp_path / "in"], out, ["csv"], journal=tmp_path / "journal")
    assert draft.exists()
    command = [sys.executable, "-m", "icreport", "batch", str(tmp_path / "in"), "-d", str(out), "-t", "csv,xlsx,html"]
    command += ["-q", "--journal"]
    runs = [subprocess.Popen([*command, str(tmp_path / f"journal{number}")]) for number in range(2)]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert len([name for name in contents(out) if not name.startswith(".")]) == 9


def test_names_that_are_no_paths_fail_alone(reports, tmp_path):
    (tmp_path / "list").write_bytes(b"a\0b.json\n" + os.fsencode(reports(1) / "r000.json") + b"\n")
    result = icreport.convert_many([f"@{tmp_path / 'list'}"], tmp_path / "out", ["csv"])
    assert (result.done, result.failed) == (1, 1)


def test_a_source_whose_name_is_no_utf_8_becomes_every_format(tmp_path):
    source = os.path.join(os.fsencode(tmp_path), b"r\xff.json")
    with open(source, "wb") as file:
        file.write(json.dumps(report(1) | {"name": None}).encode())
    result = icreport.convert_many([os.fsdecode(source)], tmp_path / "out", ["csv", "pdf", "html", "xlsx"])
    assert (result.done, result.failures) == (1, [])
