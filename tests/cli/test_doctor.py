"""What one pastes into a bug report."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands import run
from icweb.server import CREDENTIALS, ICWeb, running

SAMPLE = Path(__file__).parents[2] / "samples/job-content.json"
# As on a machine without Pango: whatever is to be loaded is not there.
NO_PANGO = """
import cffi, sys, types
from icreport.rendering.pdf import libraries
def dlopen(self, name, flags=0): raise OSError(f"cannot load library '{name}'")
cffi.FFI.dlopen = dlopen
libraries.sys = types.SimpleNamespace(platform=sys.argv.pop(1))
from icreport.cli import main
main()
"""


def doctor(*arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ICREPORT_")}
    done = run("doctor", *arguments, env=kept | environment)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(
        line.partition("  ")[::2] if line[0] != " " else line[2:].split(" ", 1) for line in done.stdout.splitlines()
    )


def test_versions_fonts_extras_and_plug_ins_are_told():
    said = {name: value.strip() for name, value in doctor().items()}
    assert said["Python"].startswith("3.")
    assert "Pango 1." in said["PDF"]
    assert "HarfBuzz " in said["PDF"]
    assert "DejaVu" in said["Arabic"] or "Noto" in said["Arabic"]
    assert said["arrow"].startswith("pyarrow ")
    assert said["renderers"].startswith("ours")
    assert said["server"] == "none is named"


@pytest.mark.parametrize("key", [CREDENTIALS["APIKEY"], "wrong-s3cret", ""])
def test_a_server_is_tried_and_no_secret_is_told(key, tmp_path):
    proxy = {"ALL_PROXY": "http://ann:s3cret@127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    with running(ICWeb("6.8")) as address:
        said = doctor("--server", address, ICREPORT_API_KEY=key, ICREPORT_CONFIG=str(tmp_path / "none"), **proxy)
    assert "s3cret" not in str(said)
    expected = {"wrong-s3cret": "did not accept the credentials", "": "answers (HTTP 200)"}
    assert expected.get(key, "IC-Web 6.8, the credentials are accepted") in said["server"]


def test_a_server_that_is_not_there_is_told_and_none_is_tried_offline():
    assert "cannot reach http://127.0.0.1:9" in doctor("--server", "http://127.0.0.1:9")["server"]
    assert "not tried" in doctor("--server", "http://127.0.0.1:9", "--offline")["server"]


def without_pango(system, *arguments, cwd):
    command = [sys.executable, "-c", NO_PANGO, system, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("system", "way"), [("linux", "apt install"), ("darwin", "brew install"), ("win32", "MSYS2")])
def test_a_missing_pango_is_a_line_that_says_how_to_get_it_there(system, way, tmp_path):
    done = without_pango(system, "convert", SAMPLE, "-o", "out.pdf", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "a PDF needs Pango" in done.stderr
    assert way in done.stderr
    assert os.listdir(tmp_path) == []


def test_without_pango_all_else_works(tmp_path):
    for suffix in ("html", "xlsx", "csv", "parquet", "jsonl"):
        done = without_pango("linux", "convert", SAMPLE, "-o", f"out.{suffix}", "-q", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    for command in ("formats", "theme list", "theme check formal", "inspect", "doctor"):
        source = [SAMPLE] if command == "inspect" else []
        done = without_pango("linux", *command.split(), *source, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert ("apt install libpango" in done.stdout) is (command == "doctor")
