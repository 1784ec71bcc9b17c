import gc
import os
import threading

import pytest

import icreport
from icreport.rendering.pdf.gc_thresholds import seldom_collected


@pytest.fixture(autouse=True)
def thresholds():
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)
    gc.enable()


def test_it_runs_seldom_inside_and_as_before_outside():
    with seldom_collected():
        assert gc.get_threshold()[0] > 10_000
        assert gc.isenabled()
        with seldom_collected():
            pass
        assert gc.get_threshold()[0] > 10_000
    assert gc.get_threshold() == (700, 10, 10)


def test_what_a_program_sets_meanwhile_stays():
    with seldom_collected():
        gc.set_threshold(1234, 5, 5)
    assert gc.get_threshold() == (1234, 5, 5)


def test_a_failure_restores_it():
    with pytest.raises(ZeroDivisionError), seldom_collected():
        1 / 0  # noqa: B018
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("thresholds", [(0, 10, 10), (10**6, 50, 500)])
def test_who_has_it_off_or_more_seldom_keeps_it_so(thresholds):
    gc.set_threshold(*thresholds)
    with seldom_collected():
        assert gc.get_threshold() == thresholds
    assert gc.get_threshold() == thresholds


def test_it_stays_off_for_who_disabled_it():
    gc.disable()
    with seldom_collected():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_it_runs_while_threads_overlap_and_is_as_before_after_the_last():
    inside = [threading.Event() for _ in range(3)]
    leave = [threading.Event() for _ in range(3)]

    def hold(at):
        with seldom_collected():
            inside[at].set()
            leave[at].wait(10)

    threads = [threading.Thread(target=hold, args=(at,)) for at in range(3)]
    for at, thread in enumerate(threads):
        thread.start()
        inside[at].wait(10)
        assert gc.isenabled()
    for at, thread in enumerate(threads):
        assert gc.get_threshold()[0] > 10_000
        leave[at].set()
        thread.join()
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_it_as_before():
    inside, leave = threading.Event(), threading.Event()

    def hold():
        with seldom_collected():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(10)
    with seldom_collected():
        child = os.fork()
        if child == 0:
            as_before = gc.isenabled() and gc.get_threshold() == (700, 10, 10)
            with seldom_collected():
                pass
            os._exit(0 if as_before and gc.get_threshold() == (700, 10, 10) else 1)
        _, status = os.waitpid(child, 0)
    leave.set()
    thread.join()
    assert os.waitstatus_to_exitcode(status) == 0


def test_cycles_are_freed_while_pdfs_overlap_in_threads():
    report = icreport.Report(elements=[icreport.Table(columns=["A"], rows=[(n,) for n in range(20)])])
    collected = []
    gc.callbacks.append(lambda phase, info: collected.append(phase) if phase == "stop" else None)
    try:
        threads = [
            threading.Thread(target=lambda: [icreport.render(report, "pdf") for _ in range(4)]) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.callbacks.pop()
    assert collected
    assert gc.get_threshold() == (700, 10, 10)
