"""Disks that are full, folders that are closed, signals: the old document stays, and nothing is left lying about."""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import icreport
from icreport.errors import OutputError

SAMPLE = Path(__file__).parents[1] / "samples/inspection.json"
NOBODY = 65534
CONVERT = [sys.executable, "-m", "icreport", "convert", "-", "-o", "out.csv", "-t", "csv"]


@pytest.fixture
def small_disk(tmp_path):
    """A folder that takes 16 KiB: a tmpfs, or where none can be mounted a limit on the size of files."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], check=False, capture_output=True
    )
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    if mounted.returncode:
        resource.setrlimit(resource.RLIMIT_FSIZE, (16384, old[1]))
    yield folder
    resource.setrlimit(resource.RLIMIT_FSIZE, old)
    if not mounted.returncode:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("suffix", ["html", "xlsx", "csv", "zip"])
def test_a_full_disk_leaves_the_old_document(small_disk, suffix):
    target = small_disk / f"out.{suffix}"
    target.write_bytes(b"old")
    rows = [(os.urandom(40).hex(), "x") for _ in range(2000)]
    report = icreport.Report(elements=[icreport.Table(columns=["A", "B"], rows=rows)])
    with pytest.raises(OutputError, match=r"No space left on device|File too large"):
        icreport.write(report, target, "csv" if suffix == "zip" else None)
    assert target.read_bytes() == b"old"
    assert os.listdir(small_disk) == [target.name]


def test_a_device_that_takes_nothing_is_told():
    with pytest.raises(OutputError, match="No space left on device"):
        icreport.convert(SAMPLE, "/dev/full", format="csv")


@contextlib.contextmanager
def as_nobody():
    """Act as a user for whom the modes of files count."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder():
    """A folder that everybody can come to."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder)


def test_a_folder_without_right_to_write_is_told(open_folder):
    report = icreport.read(SAMPLE)
    (open_folder / "out.csv").write_bytes(b"old")
    open_folder.chmod(0o555)
    with as_nobody(), pytest.raises(OutputError, match="Permission denied"):
        icreport.write(report, open_folder / "out.csv")
    assert (open_folder / "out.csv").read_bytes() == b"old"
    assert os.listdir(open_folder) == ["out.csv"]


def test_a_current_folder_without_right_to_write_is_no_matter(open_folder, monkeypatch):
    report = icreport.read(SAMPLE)
    (open_folder / "closed").mkdir(mode=0o555)
    monkeypatch.chdir(open_folder / "closed")
    with as_nobody():
        icreport.write(report, "../out.csv")
    assert os.listdir(open_folder / "closed") == []
    assert (open_folder / "out.csv").stat().st_size


def test_links_to_nowhere_are_followed_and_circles_refused(tmp_path):
    (tmp_path / "link.csv").symlink_to("real.csv")
    icreport.convert(SAMPLE, tmp_path / "link.csv")
    assert sorted(os.listdir(tmp_path)) == ["link.csv", "real.csv"]
    assert (tmp_path / "link.csv").is_symlink()
    (tmp_path / "a.csv").symlink_to("b.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")
    with pytest.raises(OutputError, match="circle"):
        icreport.convert(SAMPLE, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").is_symlink()


@contextlib.contextmanager
def half_written(folder):
    """A conversion that has begun to write and waits for the rest of its source."""
    (folder / "out.csv").write_bytes(b"old")
    head = b'{"elements": [{"type": "table", "data": {"columns": [], "rows": [{"cells": []}]}}, '
    with subprocess.Popen(CONVERT, cwd=folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(head)
        process.stdin.flush()
        for _ in range(1000):
            if len(os.listdir(folder)) > 1:
                break
            time.sleep(0.02)
        assert [name.rpartition(".")[2] for name in os.listdir(folder) if name != "out.csv"] == ["part"]
        yield process


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=str
)
def test_an_interruption_leaves_the_old_document_and_nothing_else(tmp_path, number, status):
    with half_written(tmp_path) as process:
        process.send_signal(number)
        _, said = process.communicate()
    assert process.returncode == status
    assert b"Traceback" not in said
    assert (tmp_path / "out.csv").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_kill_leaves_the_old_document_and_a_hidden_file(tmp_path):
    with half_written(tmp_path) as process:
        process.kill()
    (left,) = set(os.listdir(tmp_path)) - {"out.csv"}
    assert left.startswith(".out.csv.")
    assert (tmp_path / "out.csv").read_bytes() == b"old"
