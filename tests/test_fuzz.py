"""A short run of the fuzzer; `make fuzz` runs it for as long as one likes."""

import re
import subprocess
import sys
from pathlib import Path

FUZZ = Path(__file__).parent / "fuzz"


def test_a_short_run_finds_nothing(tmp_path):
    run = [sys.executable, FUZZ, "--inputs=250", "--pdf=12", "--headers=2000", "--themes=200", f"--keep={tmp_path}"]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    counts = {name: int(number.replace(",", "")) for number, name in re.findall(r"([\d,]+)  (.*)", done.stdout)}
    assert all(counts[f"{name}: read back"] for name in ("csv", "html", "xlsx", "pdf"))
    assert all(counts[f"read: {name}"] for name in ("report", "JsonError", "ReadError", "ShapeError"))
    assert counts["theme: ThemeError"] < 200
