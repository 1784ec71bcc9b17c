import re
import sys

import pytest

import icreport
from rendering.themes.folders import REPORT


@pytest.fixture
def theme(tmp_path):
    """Make a theme of the given files; give the page that it makes of a small report."""
    (tmp_path / "ours").mkdir()

    def page(files, report=REPORT, **options):
        for name, text in files.items():
            path = tmp_path / "ours" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return icreport.render(report, "html", theme=str(tmp_path / "ours"), **options).decode()

    return page


@pytest.fixture
def no_files(monkeypatch):
    """Fail where anything outside of the packages is opened or fetched."""

    asked = []

    def watch(event, arguments):
        watched = r"\bpasswd\b|\bhostname\b|secret\.png|\ba\.png"
        if event == "socket.connect" or (event == "open" and re.search(watched, str(arguments))):
            asked.append((event, arguments))

    sys.addaudithook(watch)
    return asked
