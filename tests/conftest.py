"""What holds for all tests."""

import os
import signal

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
"""Tests that compare whole documents: coverage is not measured in them, which makes them take twice as long."""

# How long an example takes is not judged: the machines are shared.
settings.register_profile("icreport", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("icreport")

# A shell that starts the tests in its background has them, and so the commands that they start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def measured_once(request):
    """Measure coverage in other tests than those that look at documents a second time."""
    measuring = coverage.Coverage.current()
    if measuring is None or not any(each in request.node.nodeid for each in SECOND_LOOKS):
        yield
        return
    measuring.stop()
    yield
    measuring.start()
