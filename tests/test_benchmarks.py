"""What the benchmarks measure of ours works on a small report; what others do needs packages of theirs."""

import importlib.util
import sys
from pathlib import Path

import pytest

import icreport

FOLDER = Path(__file__).parents[1] / "benchmarks"
ROWS = 30


@pytest.fixture(scope="module")
def benchmark():
    """Give what loads a benchmark by its name: other modules of tests are called like some of them."""
    sys.path.append(str(FOLDER))

    def load(name):
        spec = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    yield load
    sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def report(benchmark, tmp_path_factory):
    return benchmark("synthetic").write(ROWS, str(tmp_path_factory.mktemp("report") / "report.json"))


FROM_JSON = {
    "reading": ["icreport_read", "icreport_scan"],
    "memory": ["icreport_scan", "icreport_csv"],
    "to_csv": ["json_icreport"],
    "xlsx": ["icreport_json"],
    "pdf_tables": ["painted", "painted_untagged", "painted_linked", "bands", "weasyprint"],
}
FROM_ROWS = {"xlsx": ["icreport_rows"], "word": ["icreport_rows", "icreport_markdown"]}
SUFFIXES = {"to_csv": "csv", "xlsx": "xlsx", "pdf_tables": "pdf", "word": "docx"}
STARTS = {"csv": b"No.", "xlsx": b"PK", "docx": b"PK", "pdf": b"%PDF", "html": b"<!DOCTYPE"}


@pytest.mark.parametrize("name", FROM_JSON)
def test_a_benchmark_reads_json(name, benchmark, report, tmp_path):
    module = benchmark(name)
    for function in FROM_JSON[name]:
        if suffix := SUFFIXES.get(name):
            target = tmp_path / f"{function}.{suffix}"
            getattr(module, function)(report, str(target))
            assert target.read_bytes().startswith(STARTS[suffix]), function
        else:
            getattr(module, function)(report)


@pytest.mark.parametrize("name", FROM_ROWS)
def test_a_benchmark_makes_rows(name, benchmark, tmp_path):
    module = benchmark(name)
    for function in FROM_ROWS[name]:
        target = tmp_path / f"{function}.{SUFFIXES[name]}"
        getattr(module, function)(ROWS, str(target))
        assert any(tmp_path.glob(f"{function}.*")), function


def test_a_benchmark_shows_views(benchmark, report, tmp_path):
    contenders = benchmark("views").CONTENDERS
    for name in ["plain", "columns_where_totals", "sorted_grouped", "open_sorted_grouped"]:
        contenders[name](report, str(tmp_path / f"{name}.xlsx"))
        assert (tmp_path / f"{name}.xlsx").read_bytes().startswith(STARTS["xlsx"]), name


def test_a_benchmark_makes_a_page(benchmark, report, tmp_path):
    benchmark("page").icreport_html(icreport.read(report), str(tmp_path / "page.html"))
    assert (tmp_path / "page.html").read_bytes().startswith(STARTS["html"])


def test_benchmarks_make_small_and_long_pdfs(benchmark, tmp_path):
    small = benchmark("pdf_small")
    for make in (small.ours, small.theirs):
        target = tmp_path / f"{make.__name__}.pdf"
        make(str(target))()
        assert target.read_bytes().startswith(STARTS["pdf"])
    for contender in ("icreport", "WeasyPrint, our page", "WeasyPrint, bare page"):
        benchmark("pdf_documents").make(contender, "pairs", 2)


def test_a_benchmark_compares(benchmark, tmp_path):
    comparing = benchmark("comparing")
    comparing.write_both(ROWS, str(tmp_path), "anomalies")
    comparing.read_both(str(tmp_path))
    comparing.icreport_compare(str(tmp_path))


def test_a_benchmark_runs_batches(benchmark, tmp_path):
    batch = benchmark("batch")
    batch.make(tmp_path / "few", 3)
    batch.one_process(str(tmp_path / "few"))
    batch.batch(1, str(tmp_path / "few"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_can_be_imported(path, benchmark):
    benchmark(path.stem)
