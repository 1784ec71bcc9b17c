"""The example package in samples/plugin, installed as a stranger would install it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

PLUGIN = Path(__file__).parents[1] / "samples/plugin"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Runs Python with the package beside what is installed here."""
    folder = tmp_path_factory.mktemp("plugin")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder, PLUGIN]
    subprocess.run(pip, check=True, capture_output=True)

    def run(*arguments):
        places = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
        done = subprocess.run(
            [sys.executable, *arguments], capture_output=True, text=True, check=False, env=environment, timeout=120
        )
        assert not done.returncode, done.stderr
        return done.stdout + done.stderr

    return run


def test_a_gauge_is_shown_in_html_and_pdf(installed, tmp_path):
    for suffix in ("html", "pdf"):
        said = installed("-m", "icreport", "convert", f"{PLUGIN}/report.json", "-o", f"{tmp_path}/out.{suffix}")
        assert said == ""
    page = (tmp_path / "out.html").read_text()
    assert '<rect width="125.0"' in page
    assert "62.5 %" in pypdf.PdfReader(tmp_path / "out.pdf").pages[0].extract_text()


def test_asciidoc_is_a_format_like_ours(installed, tmp_path):
    installed("-m", "icreport", "convert", f"{PLUGIN}/report.json", "-o", f"{tmp_path}/out.adoc", "--option", "level=2")
    assert (tmp_path / "out.adoc").read_text().splitlines() == [
        "== Coating survey",
        "",
        "=== Coating breakdown",
        "",
        "62.5 %",
        "",
        "=== Readings",
        "",
        "[options=header]",
        "|===",
        "|Tag |Depth",
        "",
        "|J&#124;1 |-12.5",
        "|&#60;b&#62;J2&#60;/b&#62; |",
        "|===",
    ]
    assert "asciidoc  (.adoc; text/asciidoc)" in installed("-m", "icreport", "formats")


def test_a_batch_has_what_the_package_adds_and_redoes_all_when_that_is_another_version(installed, tmp_path):
    def batch():
        given = (f"{PLUGIN}/report.json", "-d", f"{tmp_path}", "-t", "asciidoc,html", "--resume", "--json")
        return json.loads(installed("-m", "icreport", "batch", "-q", *given))

    assert (batch()["documents"], batch()["unchanged"]) == (2, 1)
    assert (tmp_path / "report.adoc").read_text().startswith("= Coating survey")
    assert '<rect width="125.0"' in (tmp_path / "report.html").read_text()
    folder = Path(installed("-c", "import icreport_gauge; print(icreport_gauge.__path__[0])").strip()).parent
    (folder / "icreport_gauge-1.0.0.dist-info").rename(folder / "icreport_gauge-1.0.1.dist-info")
    metadata = folder / "icreport_gauge-1.0.1.dist-info/METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1.0.0", "Version: 1.0.1"))
    assert batch()["done"] == 1


def test_a_gauge_is_an_element_of_the_model(installed):
    code = (
        f"import icreport, json; report = icreport.read({str(PLUGIN / 'report.json')!r}); "
        "gauge = report.elements[0]; print(type(gauge).__name__, gauge.percent); "
        "print(json.loads(report.to_json())['elements'][0])"
    )
    expected = "{'type': 'gauge', 'caption': 'Coating breakdown', 'data': {'value': 62.5, 'unit': '%'}}"
    assert installed("-c", code).strip() == f"Gauge 62.5\n{expected}"


def test_a_gauge_of_another_shape_is_an_unknown_element_with_a_warning_and_under_strict_an_error(installed, tmp_path):
    gauge = {"type": "gauge", "caption": {"no": "text"}, "data": {"value": "much"}}
    document = {"elements": [gauge, {"type": "table", "data": {"columns": [{"caption": "A"}], "rows": []}}]}
    (tmp_path / "bad.json").write_text(json.dumps(document))
    path = str(tmp_path / "bad.json")
    code = (
        f"import icreport\nreport = icreport.read({path!r})\nprint(report.to_json())\n"
        "print(type(report.elements[0]).__name__, report.elements[0].caption, *report.warnings)\n"
        f"target = {str(tmp_path / 'out.html')!r}\nfor strict in (False, True):\n"
        f"  try: result = icreport.convert({path!r}, target, strict=strict); print(*result.warnings, sep='; ')\n"
        "  except icreport.LossError as error: print(error)"
    )
    (tmp_path / "code.py").write_text(code)
    kept, element, told, strict = installed(tmp_path / "code.py").splitlines()
    assert json.loads(kept) == document
    assert element.startswith("UnknownElement None elements[0]: it is no gauge as it should be")
    assert "input should be a valid" in element
    assert [part[:12] for part in told.split("; ")] == ["elements[0]:"] * 2
    assert strict.startswith("elements[0]: it is no gauge as it should be")


def test_a_name_of_ours_means_ours_whatever_other_packages_register(tmp_path):
    stranger = tmp_path / "stranger-1.0.dist-info"
    stranger.mkdir()
    (stranger / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (stranger / "entry_points.txt").write_text(
        "[icreport.renderers]\ncsv = stranger:Csv\nzzz = icreport.rendering.csv:TsvRenderer\n"
        "[icreport.elements]\ntable = stranger:Table\n"
    )
    code = (
        "import icreport; from icreport.reading.document import element_types;"
        "print(*icreport.formats(), icreport.formats()['csv'].__name__, element_types()['table'].__module__)"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    said = subprocess.check_output([sys.executable, "-c", code], text=True, env=environment)
    assert said == "csv docx html jsonl md parquet pdf tsv xlsx zzz CsvRenderer icreport.model.elements\n"


def test_threads_that_all_convert_first_convert_alike():
    # Models are built when they are first used, which may be by several at once.
    sample = PLUGIN.parent / "job-content.json"
    code = (
        "import threading, icreport; barrier = threading.Barrier(8); found = []\n"
        "def convert():\n"
        f" barrier.wait(); found.append(icreport.render(icreport.read({str(sample)!r}), 'csv'))\n"
        "threads = [threading.Thread(target=convert) for _ in range(8)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
        "print(len(found), len(set(found)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "8 1\n"
