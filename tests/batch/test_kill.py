"""SIGKILL at any moment: whole files only, and a resumed run gives what an undisturbed one gives."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

import icreport
from batch.conftest import contents

MOMENTS = 10


def batch(source, out, *more, **options):
    command = [sys.executable, "-m", "icreport", "batch", str(source), "-d", str(out), "-q", "--resume", *more]
    return subprocess.Popen(command, start_new_session=True, **options)


def test_a_run_that_is_killed_at_random_moments_is_completed_by_resuming(reports, tmp_path):
    source, out, undisturbed = reports(150), tmp_path / "out", tmp_path / "undisturbed"
    icreport.convert_many([source], undisturbed, ["csv", "xlsx"])
    wanted = contents(undisturbed)
    moments = random.Random(8)
    killed = 0
    for _ in range(MOMENTS):
        run = batch(source, out, "-t", "csv,xlsx", stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.2, 1.2))
        os.killpg(run.pid, signal.SIGKILL)
        killed += run.wait() == -signal.SIGKILL
        found = {name: data for name, data in contents(out).items() if not name.startswith(".")} if out.exists() else {}
        assert found.items() <= wanted.items()
        if len(found) == len(wanted):
            # Nothing is left to be disturbed: take some of it away again.
            for name in moments.sample(sorted(found), len(found) // 2):
                (out / name).unlink()
    assert killed > MOMENTS // 2
    assert batch(source, out, "-t", "csv,xlsx").wait() == 0
    assert contents(out) == wanted
    again = icreport.convert_many([source], out, ["csv", "xlsx"], resume=True)
    assert (again.done, again.unchanged) == (0, 150)


@pytest.mark.parametrize(("number", "ending"), [(signal.SIGINT, "icreport: interrupted\n"), (signal.SIGTERM, "")])
def test_an_interrupted_run_ends_at_once_and_leaves_nothing_half_done(number, ending, reports, tmp_path):
    out = tmp_path / "out"
    run = batch(reports(300), out, "-t", "xlsx", stderr=subprocess.PIPE, text=True)
    while not (out.exists() and any(path.suffix == ".xlsx" for path in out.iterdir())):
        time.sleep(0.02)
    os.killpg(run.pid, number)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 128 + number
    assert said == f"icreport: the same command with --resume goes on\n{ending}"
    assert not [name for name in contents(out) if name.startswith(".")]
    assert batch(tmp_path / "in", out, "-t", "xlsx").wait() == 0
    assert len(contents(out)) == 300


def test_a_run_whose_parent_alone_is_killed_leaves_no_workers(reports, tmp_path):
    out = tmp_path / "out"
    run = batch(reports(300), out, "-t", "xlsx", stderr=subprocess.DEVNULL)
    while not (out.exists() and any(path.suffix == ".xlsx" for path in out.iterdir())):
        time.sleep(0.02)
    run.kill()
    run.wait()
    deadline = time.monotonic() + 30
    while members(run.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not members(run.pid)


def members(session):
    """The processes of a session."""
    listed = subprocess.run(["ps", "-s", str(session), "-o", "pid="], capture_output=True, text=True, check=False)
    return listed.stdout.split()
