"""The recipes for nightly runs hold: each command is one of ours, each file is what its program reads."""

import ast
import configparser
import errno
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import typer

from batch.conftest import report
from icreport.cli import make_app

NIGHTLY = Path(__file__).parents[2] / "samples" / "nightly"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def cron_line():
    return next(line for line in (NIGHTLY / "crontab").read_text().splitlines() if re.match(r"[\d*]", line))


def service():
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(NIGHTLY / "icreport-batch.service")
    return parser


def airflow_command():
    calls = [
        node for node in ast.walk(ast.parse((NIGHTLY / "airflow_dag.py").read_text())) if isinstance(node, ast.Call)
    ]
    (operator,) = (call for call in calls if getattr(call.func, "id", "") == "BashOperator")
    return next(ast.literal_eval(word.value) for word in operator.keywords if word.arg == "bash_command")


def docker(instruction):
    text = (NIGHTLY / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.partition(" ")[2] for line in text.splitlines() if line.startswith(f"{instruction} ")]


def commands():
    yield "cron", shlex.split(cron_line().split(maxsplit=6)[6])
    yield "systemd", shlex.split(service()["Service"]["ExecStart"])
    task = ET.parse(NIGHTLY / "task.xml").getroot()
    yield "task", ["icreport", *shlex.split(task.findtext(f".//{TASK}Arguments"), posix=False)]
    yield "airflow", shlex.split(airflow_command())
    yield "docker", json.loads(docker("ENTRYPOINT")[0]) + json.loads(docker("CMD")[0])


@pytest.mark.parametrize(
    ("recipe", "words"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_command_of_a_recipe_is_one_that_we_take(recipe, words):
    assert words[0].rpartition("/")[2] == "icreport"
    program = typer.main.get_command(make_app())
    context = program.commands[words[1]].make_context(words[1], words[2:])
    assert context.params["directory"]
    assert context.params["to"] == ["pdf,xlsx"]
    assert context.params["resume"]


def test_the_times_of_cron_and_the_timer_are_the_same():
    minute, hour, *days = cron_line().split()[:5]
    assert (minute, hour, days) == ("30", "2", ["*", "*", "*"])
    assert "%" not in cron_line()
    assert "OnCalendar=*-*-* 02:30:00" in (NIGHTLY / "icreport-batch.timer").read_text()
    boundary = ET.parse(NIGHTLY / "task.xml").getroot().findtext(f".//{TASK}StartBoundary")
    assert boundary.endswith("T02:30:00")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd")
def test_systemd_takes_the_units(tmp_path):
    for unit in NIGHTLY.glob("icreport-batch.*"):
        text = unit.read_text().replace("/opt/icreport/bin/icreport", sys.executable).replace("User=icreport\n", "")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())], capture_output=True, text=True, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "icreport" in line]) == (0, [])


def test_the_image_runs_as_nobody_from_files_that_there_are():
    assert docker("USER") == ["10001:10001"]
    for line in docker("COPY"):
        for name in line.split()[:-1]:
            assert (NIGHTLY.parents[1] / name).exists()


SEALED = """
import errno, os, sys

ALLOWED = {allowed!r}

def refuse(event, arguments):
    if event == "open":
        path, _, flags = arguments
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir"):
        path, writes = arguments[0], True
    else:
        return
    if writes and isinstance(path, (str, bytes)) and os.path.isabs(path):
        place = os.path.realpath(os.fsdecode(path))
        if not place.startswith(tuple(ALLOWED)):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), place)

sys.addaudithook(refuse)
"""


@pytest.fixture
def short_folder():
    """Give a folder for temporary files: processes talk by sockets in it, whose paths have 107 bytes."""
    with tempfile.TemporaryDirectory() as folder:
        yield os.path.realpath(folder)


def test_a_batch_runs_where_nothing_but_its_folders_can_be_written_and_there_is_no_home(tmp_path, short_folder):
    for name in ("in", "out", "sealed"):
        (tmp_path / name).mkdir()
    for number in range(2):
        (tmp_path / f"in/r{number}.json").write_text(json.dumps(report(number)))
    allowed = [str(tmp_path / "out"), short_folder, "/dev/"]
    (tmp_path / "sealed/sitecustomize.py").write_text(SEALED.format(allowed=allowed))
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path / "sealed"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": short_folder,
        "XDG_CACHE_HOME": short_folder,
    }
    command = [sys.executable, "-m", "icreport", "batch", tmp_path / "in", "-d", tmp_path / "out", "-t", "pdf,xlsx"]
    done = subprocess.run(
        [*command, "--summary", tmp_path / "out/summary.json", "-q"], env=environment, cwd="/", capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert {"r0.pdf", "r1.xlsx", "summary.json"} <= set(os.listdir(tmp_path / "out"))
    elsewhere = [*command[:4], tmp_path / "in", "-d", tmp_path / "in", "-t", "csv"]
    refused = subprocess.run(elsewhere, env=environment, cwd="/", capture_output=True, text=True, check=False)
    assert (refused.returncode, os.strerror(errno.EROFS) in refused.stderr) == (1, True)
    assert refused.stderr.count("\n") == 1
