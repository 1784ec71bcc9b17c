"""What takes input, each as a function of bytes that fails where anything undocumented happens."""

import collections
import io
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

import icreport
from icreport.client.content import file_name
from icreport.client.settings import load_settings
from icreport.errors import IcreportError
from icreport.rendering.themes.loading import load_theme

sys.path.insert(0, str(Path(__file__).parent))
from readers import READERS

TESTS = Path(__file__).parents[1]


@cache
def seeds(kind):
    """Give good and odd input of a kind, to start from."""
    folders = [TESTS / "corpus" / kind, *([TESTS.parent / "samples"] if kind == "report" else [])]
    return [
        path.read_bytes()
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.is_file() and (kind != "report" or path.suffix == ".json")
    ]


def outcome(action):
    """Run something and give the name of the documented error that came of it, and what it gave."""
    try:
        return None, action()
    except IcreportError as error:
        assert "\n" not in str(error), f"more than one line: {error!r}"
        return type(error).__name__, None


def shape(elements):
    return [
        (element.type, element.caption, [(row.source_key, *row) for row in element.rows] if is_table(element) else None)
        for element in elements
    ]


def is_table(element):
    return isinstance(element, icreport.Table)


def scanned(document):
    with icreport.scan(document) as report:
        return shape(report.elements)


def try_document(document, formats, counts, *, read_back=frozenset(READERS)):
    """Read and scan a document, convert it into formats, and have what came out read by somebody else."""
    read_error, read_result = outcome(lambda: shape(icreport.read(document).elements))
    scan_error, scan_result = outcome(lambda: scanned(document))
    assert repr((read_error, read_result)) == repr((scan_error, scan_result)), "read and scan differ"
    counts[f"read: {read_error or 'report'}"] += 1
    for name in formats if read_error is None else ():
        target = io.BytesIO()
        error, result = outcome(lambda: icreport.convert(document, target, format=name))
        counts[f"{name}: {error or 'document'}"] += 1
        if result is not None and name in read_back:
            READERS[name](target.getvalue(), result)
            counts[f"{name}: read back"] += 1


def try_header(header, counts):
    """Take a file name from a Content-Disposition header."""
    name = file_name(header.decode("utf-8", "surrogateescape"))
    assert name not in {"", ".", ".."}, name
    assert not set(name) & set('/\\:\0\r\n*?"<>|'), name
    assert len(name.encode()) <= 200, name
    counts["name: default" if name == "report" else "name: taken"] += 1


def try_theme(text, counts):
    """Load a theme.toml."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "theme.toml").write_bytes(text)
        error, _ = outcome(lambda: load_theme(folder).css)
    counts[f"theme: {error or 'theme'}"] += 1


def try_configuration(text, counts):
    """Load the file that says which servers there are, and how to log in there."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.toml")
        path.write_bytes(text)
        os.environ["ICREPORT_CONFIG"] = str(path)
        for server in (None, "https://host"):
            error, _ = outcome(lambda: load_settings(server))
            counts[f"configuration: {error or 'settings'}"] += 1
        del os.environ["ICREPORT_CONFIG"]


def _document_target(*formats):
    return lambda data: try_document(data, formats, collections.Counter())


TARGETS = {
    "reading": _document_target(),
    **{name: _document_target(name) for name in READERS},
    "header": lambda data: try_header(data, collections.Counter()),
    "theme": lambda data: try_theme(data, collections.Counter()),
    "configuration": lambda data: try_configuration(data, collections.Counter()),
}
