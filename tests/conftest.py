"""What holds for all tests."""

import os
import signal
from collections import Counter

import coverage
import pytest
from hypothesis import settings

SECOND_LOOKS = (
    "rendering/pdf/assembly/",
    "rendering/pdf/test_contents_numbers.py",
    "rendering/pdf/test_coverage.py",
    "rendering/pdf/test_formatted_tables.py",
    "rendering/pdf/test_large_tables.py",
    "rendering/pdf/test_meaning.py",
    "rendering/pdf/test_table_fit.py",
    "test_fuzz.py",
)
"""Tests that compare whole documents: coverage is not measured in them, which makes them take 1.6 times as long."""
MEASURED = 2.0
"""Seconds of the processor in which the runs of any other test function are measured in a process.

Further values hardly ever reach anything new. What they alone reach is not counted: less may be told, never more.
"""
spent = Counter()

# How long an example takes is not judged: the machines are shared.
settings.register_profile("icreport", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("icreport")

# A shell that starts the tests in its background has them, and so the commands that they start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def coverage_of_first_runs(request):
    """Measure coverage in the first runs of each test function, in this process and in those that it starts."""
    measuring = coverage.Coverage.current()
    function = request.node.nodeid.partition("[")[0]
    if measuring is None:
        yield
    elif spent[function] > MEASURED or any(each in function for each in SECOND_LOOKS):
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
            measuring.stop()
            yield
            measuring.start()
    else:
        before = sum(os.times()[:4])
        yield
        spent[function] += sum(os.times()[:4]) - before
