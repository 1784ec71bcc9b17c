"""The command where the environment is not what it is at home."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = str(Path(__file__).parents[2] / "samples/inspection.json")
ICREPORT = f"{shlex.quote(sys.executable)} -m icreport"
NO_FONTS = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>'
C_LOCALE = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def shell(line, cwd, **environment):
    kept = {name: value for name, value in os.environ.items() if name not in {"HOME", "LANG", "LC_ALL"}}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=cwd, env=kept | environment, capture_output=True, check=False
    )


def test_without_any_font_a_pdf_is_refused_and_html_is_made(tmp_path):
    (tmp_path / "fonts.conf").write_text(NO_FONTS)
    fonts = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    done = shell(f"{ICREPORT} convert {SAMPLE} -o out.pdf", tmp_path, **fonts)
    assert (done.returncode, done.stderr.decode()) == (
        1,
        "icreport: there is no font on this machine (install fonts, such as Debian's fonts-dejavu-core)\n",
    )
    assert shell(f"{ICREPORT} convert {SAMPLE} -o out.html", tmp_path, **fonts).returncode == 0
    assert sorted(os.listdir(tmp_path)) == ["fonts.conf", "out.html"]


@pytest.mark.parametrize("suffix", ["html", "pdf", "xlsx", "zip"])
def test_a_home_and_a_locale_are_not_needed(tmp_path, suffix):
    done = shell(f"{ICREPORT} convert {SAMPLE} -t {'csv' if suffix == 'zip' else suffix} -o o.{suffix}", tmp_path,
                 **C_LOCALE)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert os.listdir(tmp_path) == [f"o.{suffix}"]


def test_any_text_can_be_said_in_a_c_locale(tmp_path):
    document = {"name": "gäuge \U0001f600", "elements": [{"type": "漢"}]}
    (tmp_path / "in.json").write_text(json.dumps(document))
    for command in ("inspect in.json", "convert in.json -o out.html"):
        assert shell(f"{ICREPORT} {command}", tmp_path, **C_LOCALE).returncode == 0
    found = json.loads(shell(f"{ICREPORT} inspect in.json --json", tmp_path, **C_LOCALE).stdout)
    assert (found["name"], found["elements"][0]["type"]) == (document["name"], "漢")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{ICREPORT} convert {SAMPLE} -o - -t csv >&-", "icreport: standard output is closed"),
        (f"{ICREPORT} convert - -o out.csv <&-", "icreport: standard input is closed"),
        (f"{ICREPORT} convert {SAMPLE} -o - -t csv >/dev/full", "icreport: cannot write: No space left on device"),
        (f"{ICREPORT} inspect {SAMPLE} >/dev/full", "icreport: No space left on device"),
        (f"{ICREPORT} schema >/dev/full", "icreport: No space left on device"),
        (f"{ICREPORT} convert {SAMPLE} -o - -t html | true", ""),
        (f"{ICREPORT} formats | true", ""),
    ],
    ids=lambda text: text.rpartition("icreport ")[2][:20],
)
def test_standard_streams_that_are_closed_full_or_left_are_told_in_a_line_at_most(tmp_path, line, said):
    done = shell(line, tmp_path)
    assert (done.returncode, done.stderr.decode().strip()) == (1, said)
    assert os.listdir(tmp_path) == []
