import json
import subprocess
import sys

import pytest

from batch.conftest import report


@pytest.fixture
def source(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / f"in/r{number}.json").write_text(json.dumps(report(number)))
    return tmp_path / "in"


def run(*arguments, given=None, command="batch"):
    line = [sys.executable, "-m", "icreport", command, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False, input=given, timeout=120)


def test_all_is_done_and_summed_up(source, tmp_path):
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "-t", "html")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "3  converted" in done.stderr
    assert "6  documents" in done.stderr
    assert len(list((tmp_path / "out").glob("*.html"))) == 3


def test_failures_are_told_and_exit_with_4(source, tmp_path):
    (source / "bad.json").write_text("{")
    done = run(source, "-d", tmp_path / "out", "-t", "csv")
    assert done.returncode == 4
    assert done.stderr.count("bad.json: ") == 1
    assert "--resume" in done.stderr
    assert "Traceback" not in done.stderr


def test_quiet_tells_failures_and_nothing_else(source, tmp_path):
    assert run(source, "-d", tmp_path / "out", "-t", "csv", "-q").stderr == ""
    (source / "bad.json").write_text("{")
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "-q")
    assert done.returncode == 4
    failure, journal = done.stderr.splitlines()
    assert failure.startswith(f"icreport: failed: {source}/bad.json: ")
    assert "--resume" in journal


@pytest.mark.parametrize("command", ["convert", "batch"])
def test_what_has_a_flag_may_be_said_as_an_option(command, source, tmp_path):
    out = tmp_path / "out"
    where = ["-d", out] if command == "batch" else ["-o", tmp_path / "r0.html"]
    given = [source / "r0.json", *where, "-t", "html", "--option", "theme=compact", "--option", "title=Mine"]
    assert run(*given, command=command).returncode == 0
    assert "<title>Mine</title>" in next(tmp_path.rglob("*.html")).read_text()


@pytest.mark.parametrize("command", ["convert", "batch"])
@pytest.mark.parametrize("name", ["strict", "format", "progress", "name", "source", "workers"])
def test_what_is_no_option_of_a_format_is_wrong_usage(command, name, source, tmp_path):
    where = ["-d", tmp_path / "out"] if command == "batch" else ["-o", tmp_path / "r0.html"]
    done = run(source / "r0.json", *where, "-t", "html", "--option", f"{name}=1", command=command)
    assert done.returncode == 2
    assert "has an option" in done.stderr or "has no option" in done.stderr
    assert done.stderr.count("\n") == 1


def test_folders_that_cannot_be_made_are_told_by_their_names(source, tmp_path):
    for folder in (source / "r0.json", source / "r0.json/out"):
        done = run(source, "-d", folder, "-t", "csv")
        assert done.returncode == 1
        assert str(folder) in done.stderr
        assert done.stderr.count("\n") == 1


def test_the_result_as_json(source, tmp_path):
    (source / "bad.json").write_text("{")
    result = json.loads(run(source, "-d", tmp_path / "out", "-t", "csv", "--json").stdout)
    assert (result["total"], result["done"], result["failed"]) == (4, 3, 1)
    assert result["failures"][0]["error"]["kind"] == "JsonError"


def test_sources_come_from_standard_input(source, tmp_path):
    lines = "\n".join(str(path) for path in source.iterdir())
    assert run("-", "-d", tmp_path / "out", "-t", "csv", "-q", given=lines).returncode == 0
    assert len(list((tmp_path / "out").glob("*.csv"))) == 3


def test_wrong_usage_is_one_line(source, tmp_path):
    for arguments in (["-t", "docx"], ["-t", "csv", "--name", "same"], ["-t", "csv", "--option", "nothing=1"]):
        done = run(source, "-d", tmp_path / "out", *arguments)
        assert done.returncode in {1, 2}
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("icreport: ")
    assert run(source, "-t", "csv").returncode == 2
