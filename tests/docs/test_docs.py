"""What the docs say is so: every block of Python runs, and what is generated is up to date."""

import asyncio
import gc
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

import icreport
from icweb.server import CREDENTIALS, ICWeb, running

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def blocks(page):
    return PYTHON.findall(page.read_text("utf-8"))


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the files that the docs speak of."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exports").mkdir()
    for name in ("report.json", "huge.json", "last.json", "this.json", "exports/one.json"):
        shutil.copy(ROOT / "samples/job-content.json", tmp_path / name)
    return tmp_path


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("ICREPORT_API_KEY", CREDENTIALS["APIKEY"])
    with running(ICWeb()) as url:
        yield url


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.stem)
def test_the_python_in_the_docs_runs(page, place, server):
    names = {"__name__": "docs", "icreport": icreport}
    for block in blocks(page):
        if "import dagster" in block:
            continue  # heavy; it has a test of its own
        # What asks for `__main__` starts processes of its own: it is called as it stands, the guard apart.
        code = block.replace('if __name__ == "__main__":', "if True:")
        code = code.replace("https://host/data", server).replace('api_key="…"', f"api_key={CREDENTIALS['APIKEY']!r}")
        exec(compile(code, str(page), "exec"), names)


def test_the_renderer_of_the_docs_renders(place):
    names = {"__name__": "docs"}
    exec(blocks(ROOT / "docs/extending.md")[0], names)
    from icreport.output.publishing import draft_file
    from icreport.output.sink import Output
    from icreport.warnings import Warnings

    with draft_file(place / "out.tab") as draft:
        names["TabRenderer"]().render(icreport.read("report.json"), Output(draft, Warnings(), lambda *_: None))
    assert (place / "out.tab").read_text().startswith("Asset\tEvent Type\tWorkpack\nTest Asset\t")


def test_the_service_of_the_docs_converts(place):
    names = {"__name__": "docs"}
    exec(blocks(ROOT / "docs/embedding.md")[1], names)

    async def post(path, data):
        transport = httpx.ASGITransport(app=names["app"])
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.post(path, files={"report": data})

    async def ask():
        return [
            await post("/convert/csv", (place / "report.json").read_bytes()),
            await post("/convert/csv", b"["),
            await post("/convert/odt", b"["),
        ]

    with ThreadPoolExecutor(1) as thread:  # where an event loop of its own can run, whatever other tests left
        answer, broken, unknown = thread.submit(asyncio.run, ask()).result()
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/csv")
    assert answer.text.startswith("Asset,Event Type,Workpack")
    assert (broken.status_code, unknown.status_code) == (422, 404)


def test_the_service_of_the_docs_under_load_leaves_the_process_as_it_was(place):
    names = {"__name__": "docs"}
    exec(blocks(ROOT / "docs/embedding.md")[1], names)
    (place / "temporary").mkdir()
    names["tempfile"].tempdir = str(place / "temporary")
    data = (place / "report.json").read_bytes()
    thresholds = gc.get_threshold()

    async def client(answers):
        transport = httpx.ASGITransport(app=names["app"])
        async with httpx.AsyncClient(transport=transport, base_url="http://service", timeout=300) as client:
            for kind in ("pdf", "xlsx", "pdf"):
                answers.append(await client.post(f"/convert/{kind}", files={"report": data}))
                assert gc.isenabled()

    async def load():
        answers = []
        await asyncio.gather(*(client(answers) for _ in range(6)))
        return answers

    try:
        with ThreadPoolExecutor(1) as thread:
            answers = thread.submit(asyncio.run, load()).result()
    finally:
        names["tempfile"].tempdir = None
    assert [answer.status_code for answer in answers] == [200] * 18
    assert all(answer.content.startswith((b"%PDF", b"PK")) for answer in answers)
    assert (gc.isenabled(), gc.get_threshold()) == (True, thresholds)
    assert not list((place / "temporary").iterdir())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_the_service_of_the_docs_may_fork(place):
    block = next(block for block in blocks(ROOT / "docs/embedding.md") if "gunicorn" in block)
    (place / "forking.py").write_text(block)
    done = subprocess.run([sys.executable, "forking.py"], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "%PDF-\n" * 2, "")


def test_the_task_of_the_docs_fails_with_its_items_and_goes_on(place):
    names = {"__name__": "docs"}
    exec(next(block for block in blocks(ROOT / "docs/embedding.md") if "def export_reports" in block), names)
    assert names["export_reports"]("exports", "out", "2026-11-23")["done"] == 1
    assert names["export_reports"]("exports", "out", "2026-11-23")["unchanged"] == 1
    (place / "exports/two.json").write_text("[")
    with pytest.raises(RuntimeError, match="1 of 2 reports failed"):
        names["export_reports"]("exports", "out", "2026-11-23")


def test_the_asset_of_the_docs_materializes_and_fails_with_its_items(place):
    pytest.importorskip("dagster")
    block = next(block for block in blocks(ROOT / "docs/embedding.md") if "import dagster" in block)
    (place / "asset.py").write_text(
        block + "\n\nif __name__ == '__main__':\n"
        "    day = dagster.materialize([documents], partition_key='2026-11-23', raise_on_error=False)\n"
        "    print(day.success, *(made.metadata['documents'].value for made in"
        " day.asset_materializations_for_node('documents')))\n"
    )

    def run():
        return subprocess.run([sys.executable, "asset.py"], capture_output=True, text=True, check=True).stdout

    assert run() == "True 2\n"
    assert len(list((place / "documents/2026-11-23").glob("*.pdf"))) == 1
    (place / "exports/two.json").write_text("[")
    assert run() == "False\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_generated_is_up_to_date(page):
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    text = page.read_text("utf-8")
    assert generate.filled(text) == text, "run python docs/generate.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert "://" in link or (page.parent / link).exists(), link


def test_every_option_and_public_name_has_a_description():
    for kind in icreport.formats().values():
        assert all(field.description for field in kind.model_fields.values()), kind
    assert all(getattr(icreport, name).__doc__ for name in icreport.__all__)


def test_every_error_that_a_public_docstring_names_is_public():
    named = set()
    for name in icreport.__all__:
        public = getattr(icreport, name)
        parts = vars(public).values() if isinstance(public, type) else ()
        for part in (public, *parts):
            named |= set(re.findall(r"`(\w+Error)`", getattr(part, "__doc__", None) or ""))
    assert len(named) > 5
    assert named - {"TypeError", "ValueError"} <= set(icreport.__all__)


def test_what_stands_last_in_the_api_are_errors():
    *_, last = (ROOT / "docs/api.md").read_text("utf-8").split("## Errors")
    names = re.findall(r"^::: \S+\.(\w+)$", last, re.MULTILINE)
    assert all(issubclass(getattr(icreport, name), Exception) for name in names)
