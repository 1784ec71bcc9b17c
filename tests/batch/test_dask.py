"""A real cluster: a scheduler and two workers, processes of their own on loopback, started by Dask's command."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

import icreport
from batch.conftest import contents
from icreport.errors import UsageError


def dask(*arguments, log):
    environment = os.environ | {"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, arguments)], stdout=log, stderr=log, env=environment
    )


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler, its two workers, and itself."""
    log = (tmp_path / "cluster.log").open("w+")
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", 0, "--no-dashboard", log=log)
    address = None
    deadline = time.monotonic() + 60
    while address is None and time.monotonic() < deadline:
        time.sleep(0.1)
        found = re.search(r"Scheduler at:\s+(tcp://\S+)", (tmp_path / "cluster.log").read_text())
        address = found and found[1]
    workers = [
        dask(
            "worker", address, "--no-nanny", "--nthreads", 1, "--no-dashboard", "--local-directory", tmp_path / f"w{n}",
            log=log,
        )
        for n in range(2)
    ]  # fmt: skip
    while (tmp_path / "cluster.log").read_text().count("Registered to") < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    yield address, workers, scheduler
    for process in [*workers, scheduler]:
        process.kill()
        process.wait()
    log.close()


def test_a_cluster_gives_what_this_machine_gives_though_a_worker_dies(cluster, reports, tmp_path):
    address, workers, _ = cluster
    source = reports(60)
    ended = []

    def progress(step):
        ended.append(step.item.source)
        if len(ended) == 10:
            workers[0].send_signal(signal.SIGKILL)

    result = icreport.convert_many(
        [source], tmp_path / "cluster", ["csv", "pdf"], scheduler=address, workers=2, progress=progress
    )
    assert (result.done, result.failed) == (60, 0)
    assert len(ended) == len(set(ended)) == 60
    icreport.convert_many([source], tmp_path / "here", ["csv", "pdf"])
    assert contents(tmp_path / "cluster") == contents(tmp_path / "here")


def test_a_theme_is_found_from_elsewhere(cluster, reports, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/x.css").write_text("td { color: rebeccapurple }")
    assert icreport.convert_many(reports(2), "out", ["html"], theme="mine", scheduler=cluster[0]).done == 2
    assert "rebeccapurple" in (tmp_path / "out/r001.html").read_text()


def test_a_cluster_that_goes_down_ends_the_run_which_can_be_resumed(cluster, reports, tmp_path):
    address, workers, scheduler = cluster
    source, out = reports(200), tmp_path / "out"
    command = [sys.executable, "-m", "icreport", "batch", str(source), "-d", str(out), "-t", "html"]
    run = subprocess.Popen([*command, "--scheduler", address], stderr=subprocess.PIPE, text=True)
    while not (out.exists() and any(path.suffix == ".html" for path in out.iterdir())):
        time.sleep(0.02)
    for process in (scheduler, *workers):
        process.kill()
    _, said = run.communicate(timeout=120)
    assert run.returncode == 4
    assert "there are no workers" in said
    assert "not run" in said
    assert subprocess.run([*command, "--resume", "-q"], check=False).returncode == 0
    assert len(contents(out)) == 200


def test_no_scheduler_is_one_line(reports, tmp_path, monkeypatch):
    monkeypatch.setattr("icreport.batch.cluster._CONNECT", 0.5)
    with pytest.raises(UsageError, match="no Dask scheduler at"):
        icreport.convert_many([reports(1)], tmp_path / "out", ["csv"], scheduler="tcp://127.0.0.1:9")
