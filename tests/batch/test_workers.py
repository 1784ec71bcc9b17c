"""Where the work is done: any executor, and what becomes of a batch when workers cannot be had or leave."""

import multiprocessing
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

import icreport
from batch.conftest import contents


class Inline(Executor):
    """Does at once, in this thread, what it is asked for; `raises` says what becomes of calls with this source."""

    def __init__(self, source="", raises=None):
        self.source, self.raises = source, raises

    def submit(self, function, /, *arguments):
        future = Future()
        if self.raises is not None and any(task.source.endswith(self.source) for task in arguments[1]):
            future.set_exception(self.raises)
        else:
            future.set_result(function(*arguments))
        return future


# Python 3.12 and later warn that fork does not go with threads, which other tests may have left.
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("start", ["fork", "spawn", "forkserver"])
def test_processes_however_started_give_the_same(start, reports, tmp_path):
    source = reports(6)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(start)) as processes:
        assert icreport.convert_many(source, tmp_path / "out", ["csv", "pdf"], executor=processes).done == 6
    assert icreport.convert_many(source, tmp_path / "here", ["csv", "pdf"], executor=Inline()).done == 6
    assert contents(tmp_path / "out") == contents(tmp_path / "here")


@pytest.mark.parametrize("leaves", [SystemExit(3), GeneratorExit(), MemoryError(), OSError("gone")])
def test_what_leaves_a_worker_costs_its_item_alone(leaves, reports, tmp_path):
    executor = Inline("r013.json", leaves)
    result = icreport.convert_many(reports(40), tmp_path / "out", ["csv"], executor=executor)
    assert (result.done, result.failed) == (39, 1)
    assert result.failures[0].source.endswith("r013.json")
    assert "worker was lost" in result.failures[0].error.message


def test_an_interruption_of_a_worker_interrupts_the_batch(reports, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        icreport.convert_many(reports(3), tmp_path / "out", ["csv"], executor=Inline("r001.json", KeyboardInterrupt()))


def test_where_there_are_no_workers_the_run_ends_and_says_so_once(reports, tmp_path):
    threads = ThreadPoolExecutor(1)
    threads.shutdown()
    result = icreport.convert_many(reports(30), tmp_path / "out", ["csv"], executor=threads)
    assert (result.done, result.failed, result.not_run) == (0, 1, 29)
    assert "no workers" in result.failures[0].error.message
    assert icreport.convert_many(tmp_path / "in", tmp_path / "out", ["csv"], resume=True).done == 30


SCRIPT = """
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
import icreport

def run(**more):
    try:
        print(icreport.convert_many("in", "out", "csv", **more).done)
    except icreport.IcreportError as error:
        print(error)
"""


def script(tmp_path, text):
    (tmp_path / "script.py").write_text(SCRIPT + text)
    command = [sys.executable, "script.py"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120).stdout


def test_a_daemon_is_told_to_use_threads_and_can(reports, tmp_path):
    reports(3)
    said = script(
        tmp_path,
        "def both():\n    run()\n    run(executor=ThreadPoolExecutor(2))\n"
        "if __name__ == '__main__':\n"
        "    daemon = multiprocessing.Process(target=both, daemon=True)\n    daemon.start()\n    daemon.join()\n",
    )
    assert said.splitlines() == [
        "a daemonic process cannot have worker processes (give an executor of threads)",
        "3",
    ]


def test_a_script_without_a_guard_is_told_about_it(reports, tmp_path):
    reports(3)
    said = script(tmp_path, "run()\n")
    assert 'put the call under if __name__ == "__main__":' in said
    assert not list(tmp_path.rglob("out/*.part"))


def test_batches_run_in_several_threads_at_once(reports, tmp_path):
    source = reports(10)
    with ThreadPoolExecutor(3) as threads:
        results = threads.map(lambda n: icreport.convert_many(source, tmp_path / f"out{n}", ["csv"]), range(3))
        assert [result.done for result in results] == [10, 10, 10]


def test_an_address_of_a_cluster_is_told_without_its_password(tmp_path, reports, monkeypatch):
    monkeypatch.setattr("icreport.batch.cluster._CONNECT", 0.5)
    with pytest.raises(icreport.UsageError, match="no Dask scheduler at") as caught:
        icreport.convert_many(reports(1), tmp_path / "out", ["csv"], scheduler="tcp://user:s3cret@127.0.0.1:9")
    assert "s3cret" not in str(caught.value)


def test_what_takes_long_to_import_is_there_before_workers_start():
    code = "import icreport.batch.warm, sys; print({'weasyprint', 'icreport.batch.item'} <= sys.modules.keys())"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "True"
