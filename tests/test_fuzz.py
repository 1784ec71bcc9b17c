"""Short runs of the fuzzers; `make fuzz`, `fuzz-workbooks` and `fuzz-guided` run them for as long as one likes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import documents, serialise

FUZZ = Path(__file__).parent / "fuzz"
sys.path.insert(0, str(FUZZ))
from targets import TARGETS, seeds  # noqa: E402
from workbooks import VALIDATOR  # noqa: E402


def test_a_short_run_finds_nothing(tmp_path):
    run = [sys.executable, FUZZ, "--inputs=150", "--pdf=12", "--headers=2000", "--themes=200", f"--keep={tmp_path}"]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    counts = {name: int(number.replace(",", "")) for number, name in re.findall(r"([\d,]+)  (.*)", done.stdout)}
    assert all(counts[f"{name}: read back"] for name in ("csv", "docx", "html", "md", "xlsx", "pdf"))
    assert all(counts[f"read: {name}"] for name in ("report", "JsonError", "ReadError", "ShapeError"))
    assert 0 < counts["theme: ThemeError"] < 200
    assert all(counts[f"{name}"] for name in ("configuration: settings", "configuration: UsageError", "name: taken"))


@pytest.mark.parametrize("name", ["csv", "docx", "html", "md", "xlsx"])
@given(document=documents, seed=st.integers())
def test_any_document_becomes_one_that_others_read(name, document, seed):
    TARGETS[name](serialise(document, seed).encode())


@settings(max_examples=8)
@given(document=documents, seed=st.integers())
def test_any_document_becomes_a_pdf_that_others_read(document, seed):
    TARGETS["pdf"](serialise(document, seed).encode())


def test_a_short_run_of_random_workbooks_finds_nothing(tmp_path):
    if not VALIDATOR.exists() and os.environ.get("CI") != "true":
        pytest.skip("the validator is not installed")
    run = [sys.executable, FUZZ / "workbooks.py", "--workbooks=10", f"--keep={tmp_path}"]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "10 workbooks, 0 of them not valid\n")


@pytest.mark.parametrize("name", ["reading", "header", "theme", "configuration"])
@given(data=st.data())
def test_any_bytes_are_taken_or_refused(name, data):
    start = data.draw(st.sampled_from(seeds(name if name != "reading" else "report")))
    at = data.draw(st.integers(0, len(start)))
    more = data.draw(st.binary(max_size=20) | st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")))
    TARGETS[name](data.draw(st.sampled_from([more, start[:at] + more + start[at:], start[:at] + more])))


@pytest.mark.parametrize("name", ["reading", "header"])
def test_a_short_guided_run_finds_nothing(tmp_path, name):
    pytest.importorskip("atheris", reason="it has no wheel for this machine")
    (tmp_path / "found").mkdir()
    run = [sys.executable, FUZZ / "guided.py", name, "-runs=2000", "-seed=1", f"-artifact_prefix={tmp_path}/"]
    # A process counts the peak of the one that started it as its own: a small one between them has none.
    between = ["sh", "-c", '"$@"; exit $?', "sh"]
    done = subprocess.run([*between, *run, tmp_path / "found"], capture_output=True, text=True, check=False)
    assert (done.returncode, os.listdir(tmp_path)) == (0, ["found"]), done.stderr[-3000:]
    assert "Done 2000 runs" in done.stderr
