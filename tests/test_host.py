"""What differs between systems: simulated at the level of system calls where it cannot be run here."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from icreport import host
from icreport.cli import MODULES
from icreport.output.drafts import stale_files
from icweb.server import CREDENTIALS, GUID, ICWeb, running

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "samples/inspection.json"
TABLE = HERE.parent / "samples/job-content.json"


def each_on(system, *commands, folder, **environment):
    """Run commands one after the other; gives their statuses and all that they said."""
    words = [word for command in commands for word in ("+", *map(str, command))][1:]
    command = [sys.executable, HERE / "simulated.py", system, *words]
    ran = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False)
    said, _, statuses = ran.stdout.rpartition("statuses")
    assert "Traceback" not in ran.stderr
    assert "internal error" not in ran.stderr
    return [int(status) for status in statuses.split()], said, ran.stderr


SYSTEMS = pytest.mark.parametrize("system", ["windows", "macos"])


@SYSTEMS
def test_documents_are_made_and_replaced_on_other_systems(system, tmp_path):
    targets = ["out.html", "out.csv", "out.xlsx", "out.pdf", "out.zip", "out.parquet", "out.jsonl.gz", "out/"]
    commands = [
        ("convert", TABLE, "-o", target, "-q", *(("-t", "csv") if target == "out/" else ()))
        for target in targets
        for _ in range(2)
    ]
    statuses, said, told = each_on(system, *commands, folder=tmp_path)
    assert (set(statuses), len(statuses), said, told) == ({0}, 16, "", "")
    assert sorted(os.listdir(tmp_path)) == sorted(target.rstrip("/") for target in targets)


@SYSTEMS
def test_every_command_runs_on_other_systems(system, tmp_path):
    known = {command for commands in MODULES.values() for command in commands}
    commands = {
        "convert": ("convert", SAMPLE, "-o", "converted.html", "-q"),
        "inspect": ("inspect", SAMPLE, "--json"),
        "formats": ("formats",),
        "schema": ("schema",),
        "jobs": ("jobs",),
        "dashboard": ("dashboard", "7", "-o", "board.csv", "-q"),
        "run": ("run", "3", "--param", "Component_ID=1", "-o", "run.xlsx", "-q"),
        "fetch": ("fetch", GUID, "-o", "fetched.json", "-q", "--record", "case"),
        "batch": ("batch", SAMPLE, "-d", "night", "-t", "csv", "-t", "html", "--workers", "1", "-q"),
        "doctor": ("doctor",),
    }
    if system == "windows":  # processes are started by Python's own modules, which ask for the system at that moment
        commands["batch"] = ("batch", "--help")
    beside = [("theme", "list"), ("theme", "init", "own"), ("theme", "check", "own"), ("theme", "show", "own")]
    helped = [(command, "--help") for command in sorted(known - commands.keys())]
    with running(ICWeb()) as address:
        secrets = {"ICREPORT_SERVER": address, "ICREPORT_API_KEY": CREDENTIALS["APIKEY"]}
        statuses, said, told = each_on(system, *commands.values(), *beside, *helped, folder=tmp_path, **secrets)
    assert (set(statuses), len(statuses)) == ({0}, len(commands) + len(beside) + len(helped)), told
    assert GUID in said
    left = {"board.csv", "case", "converted.html", "fetched.json", "own", "run.xlsx"}
    if system == "macos":
        left |= {"night"}
        assert sorted(os.listdir(tmp_path / "night")) == ["icreport-journal.jsonl", "inspection.csv", "inspection.html"]
    assert set(os.listdir(tmp_path)) == left


def test_a_batch_in_threads_runs_and_resumes_on_windows(tmp_path):
    code = (
        "import icreport; from concurrent.futures import ThreadPoolExecutor\n"
        "for resume in (False, True):\n"
        "    with ThreadPoolExecutor(2) as threads:\n"
        f"        found = icreport.convert_many({str(SAMPLE)!r}, 'night', ['csv'], executor=threads, resume=resume)\n"
        "    print(found.done, found.unchanged, found.failed)\n"
    )
    shim = f"import sys; sys.path.insert(0, {str(HERE)!r}); import simulated; simulated.become('windows')\n"
    ran = subprocess.run([sys.executable, "-c", shim + code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout == "1 0 0\n0 1 0\n", ran.stderr


def test_what_is_printed_on_windows_is_utf_8_and_documents_are_bytes(tmp_path):
    (tmp_path / "in.json").write_text('{"name": "gäuge Ω 漢", "elements": []}', "utf-8")
    command = [sys.executable, HERE / "simulated.py", "windows", "inspect", "in.json", "--json"]
    old = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    done = subprocess.run(command, cwd=tmp_path, env=old, capture_output=True, check=True)
    assert json.loads(done.stdout.decode())["name"] == "gäuge Ω 漢"
    # As Python on Windows translates text, with a document beside it that must stay as it is.
    code = (
        "import io, sys; from icreport.cli import main\n"
        "sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='cp1252', newline='\\r\\n'); main()"
    )
    for kind in ("xlsx", "csv", "html"):
        made = []
        for start, target in (("-m", "out"), ("-c", "-")):
            program = [sys.executable, start, "icreport" if start == "-m" else code]
            command = [*program, "convert", TABLE, "-t", kind, "-q", "-o", target]
            fixed = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
            done = subprocess.run(command, cwd=tmp_path, env=fixed, capture_output=True, check=True)
            made.append(done.stdout or (tmp_path / "out").read_bytes())
        assert made[0] == made[1]


def test_long_paths_of_windows_are_marked():
    folder = "\\".join(["folder"] * 40)
    assert host._extended(rf"C:\{folder}") == rf"\\?\C:\{folder}"
    assert host._extended(rf"\\server\share\{folder}") == rf"\\?\UNC\server\share\{folder}"
    for stays in (r"C:\short", rf"\\?\C:\{folder}"):
        assert host._extended(stays) == stays


def test_files_that_differ_by_case_alone_are_not_stale():
    package = b'{"resources": [{"path": "A.csv"}, {"path": "b.csv"}]}'
    assert stale_files(package, ["a.csv", "datapackage.json"]) == ["b.csv"]


def test_a_journal_is_locked_on_windows_without_hiding_its_text(tmp_path):
    code = (
        "import icreport.host as host\n"
        "file = open('journal', 'a+b'); file.write(b'text'); file.flush()\n"
        "print(host.lock(file), file.tell(), host.cores() > 0, host.peak_memory(), host.is_running(1))\n"
        "import subprocess, sys\n"
        'again = \'import fcntl; f = open("journal", "r+b"); print(f.read())\\n\'\n'
        "again += 'try: fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 1 << 40)\\n'\n"
        "again += 'except OSError: print(\"locked\")'\n"
        "print(subprocess.run([sys.executable, '-c', again], capture_output=True, text=True).stdout)\n"
    )
    shim = f"import sys, runpy; sys.path.insert(0, {str(HERE)!r}); import simulated; simulated.become('windows')\n"
    ran = subprocess.run([sys.executable, "-c", shim + code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout.split() == ["True", "4", "True", "0", "False", "b'text'", "locked"], ran.stderr


def test_a_file_that_somebody_has_open_is_replaced_when_it_is_closed(tmp_path, monkeypatch):
    source, target = tmp_path / "new", tmp_path / "old"
    source.write_text("new")
    target.write_text("old")
    tries, really = [], Path.replace

    def busy(self, other):
        tries.append(self)
        if len(tries) < 3:
            raise PermissionError(errno.EACCES, "Permission denied")
        return really(self, other)

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(PermissionError):  # elsewhere that is no matter of waiting
        host.replace(source, target)
    assert len(tries) == 1
    monkeypatch.setattr(host.os, "name", "nt")
    monkeypatch.setattr(host, "_BUSY", (0.0, 0.0, 0.0))
    host.replace(source, target)
    monkeypatch.undo()
    assert (len(tries), target.read_text()) == (3, "new")


def test_a_file_that_stays_open_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(host, "_BUSY", (0.0,))
    monkeypatch.setattr(host.os, "name", "nt")

    def busy(self, other):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(PermissionError):
        host.replace(tmp_path / "new", tmp_path / "old")


def test_workers_that_are_spawned_do_what_others_do(tmp_path):
    code = (
        "import multiprocessing, sys, icreport\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        f"    sources = [{str(SAMPLE)!r}]\n"
        "    result = icreport.convert_many(sources, 'out', ['csv', 'html'], workers=2)\n"
        "    print(result.done, result.failed)\n"
    )
    (tmp_path / "night.py").write_text(code)
    ran = subprocess.run(
        [sys.executable, "night.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.stdout == "1 0\n", ran.stderr
