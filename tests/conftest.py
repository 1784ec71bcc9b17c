"""What holds for all tests."""

import os
import signal

from hypothesis import settings

# How long an example takes is not judged: the machines are shared.
settings.register_profile("icreport", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("icreport")

# A shell that starts the tests in its background has them, and so the commands that they start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
