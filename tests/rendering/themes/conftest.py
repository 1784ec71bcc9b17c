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


@pytest.fixture(scope="session")
def watched():
    """Lists that take what is opened or fetched; a hook is for good, so that there is one in a process."""
    lists = []

    def watch(event, arguments):
        if event not in {"socket.connect", "open"} or not lists:
            return
        if event == "socket.connect" or re.search(r"\bpasswd\b|\bhostname\b|secret\.png|\ba\.png", str(arguments)):
            lists[-1].append((event, arguments))

    sys.addaudithook(watch)
    return lists


@pytest.fixture
def no_files(watched):
    """What outside of the packages is opened or fetched."""
    watched.append([])
    yield watched[-1]
    watched.pop()
