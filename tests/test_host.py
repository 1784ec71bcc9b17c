"""What differs between systems: simulated at the level of system calls where it cannot be run here."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from icreport import host

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "samples/inspection.json"


def on(system, *arguments, folder):
    command = [sys.executable, HERE / "simulated.py", system, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("system", ["windows", "macos"])
@pytest.mark.parametrize("target", ["out.html", "out.csv", "out.xlsx", "out.pdf", "out.zip", "out/"])
def test_documents_are_made_and_replaced_on_other_systems(system, target, tmp_path):
    more = ("-t", "csv") if target == "out/" else ()
    for _ in range(2):
        ran = on(system, "convert", str(SAMPLE), "-o", target, "-q", *more, folder=tmp_path)
        assert (ran.returncode, ran.stderr) == (0, "")
    assert os.listdir(tmp_path) == [target.rstrip("/")]


@pytest.mark.parametrize("system", ["windows", "macos"])
@pytest.mark.parametrize("command", ["inspect", "formats", "schema", "theme list", "convert", "fetch"])
def test_commands_start_on_other_systems(system, command, tmp_path):
    source = [str(SAMPLE)] if command == "inspect" else []
    ran = on(system, *command.split(), *source, folder=tmp_path)
    assert ran.returncode == (2 if command in {"convert", "fetch"} else 0)
    assert "Traceback" not in ran.stderr
    assert "internal error" not in ran.stderr


def test_a_batch_runs_on_macos(tmp_path):
    ran = on("macos", "batch", str(SAMPLE), "-d", "out", "-t", "csv", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert sorted(os.listdir(tmp_path / "out")) == ["icreport-journal.jsonl", "inspection.csv"]


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
