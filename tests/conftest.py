"""What holds for all tests."""

import os
import signal
from collections import Counter

import coverage
import pytest
from hypothesis import settings

MEASURED = 2
"""How many runs of a test function each process measures for coverage, which makes them take 1.6 times as long.

Further runs, with other values, hardly ever reach anything new; what they alone reach is not counted.
"""
runs = Counter()

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
    runs[function] += 1
    if measuring is None or runs[function] <= MEASURED:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        measuring.stop()
        yield
        measuring.start()
