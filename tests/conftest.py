"""What holds for all tests."""

import os

from hypothesis import settings

# How long an example takes is not judged: the machines are shared.
settings.register_profile("icreport", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("icreport")
