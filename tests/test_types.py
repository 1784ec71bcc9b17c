"""What type checkers say of programs that use icreport: the docs' code, samples/plugin, and tests/consumer."""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import icreport

ROOT = Path(__file__).parents[1]
CONSUMER = ROOT / "tests/consumer"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NODE = ROOT / ".venv/judges/node_modules"
FIRST_MISTAKE = 6
"""The lines before the mistakes."""
SOURCE = Path(icreport.__file__).parents[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The consumer project, with the docs' code (a module a block) and the sample plugin in it."""
    folder = tmp_path_factory.mktemp("consumer")
    shutil.copytree(CONSUMER, folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "samples/plugin/src", folder / "src", dirs_exist_ok=True)
    for page in PAGES:
        for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)):
            (folder / f"src/{page.stem.replace('-', '_').lower()}_{number}.py").write_text(block, "utf-8")
    return folder


def mypy(folder):
    # What it knows of the libraries is kept from run to run: to find it out takes most of the time.
    kept = f"--cache-dir={ROOT / '.mypy_cache/consumer'}"
    command = [sys.executable, "-m", "mypy", kept, "--follow-imports=silent", "--output=json", "src", "mistakes.py"]
    environment = os.environ | {"MYPYPATH": os.pathsep.join([str(SOURCE), str(folder / "src")])}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert not done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [(one["file"], one["line"], one["message"]) for one in found if one["severity"] == "error"]


def pyright(folder, name="pyright"):
    command = ["node", NODE / name / "index.js", "--pythonpath", sys.executable, "--outputjson", "-p", f"{name}.json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] > len(PAGES) / 2
    place = [
        (Path(one["file"]), one["range"]["start"]["line"] + 1, one["message"]) for one in found["generalDiagnostics"]
    ]
    return [(str(path.relative_to(folder)), line, message) for path, line, message in place]


@pytest.mark.parametrize(
    "check", [mypy, pyright, partial(pyright, name="basedpyright")], ids=["mypy", "pyright", "based"]
)
def test_type_checkers_find_each_mistake_and_nothing_else(check, project):
    # Beside the mistakes: the code of the docs, the plugin and the consumer.
    found = check(project)
    lines = (CONSUMER / "mistakes.py").read_text().splitlines()
    mistakes = {number for number, line in enumerate(lines, 1) if number > FIRST_MISTAKE and line}
    assert [one for one in found if one[0] != "mistakes.py"] == []
    assert {line for _, line, _ in found} == mistakes


@pytest.mark.parametrize("line", (CONSUMER / "mistakes.py").read_text().splitlines()[FIRST_MISTAKE:])
def test_each_mistake_is_refused_when_the_program_runs(line):
    with pytest.raises((icreport.IcreportError, TypeError, AttributeError)):
        exec(line, {"icreport": icreport})
