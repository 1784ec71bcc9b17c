"""The sample of a report that is handed over: cover, charts, photographs, numbered sections, in each format."""

import io
import re
import subprocess
from pathlib import Path

import openpyxl
import pikepdf
import pytest

import icreport
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pictures import runs_over
from rendering.xlsx.test_xlsx import VALIDATOR

SAMPLES = Path(__file__).parents[2] / "samples"
SAMPLE, VIEW = SAMPLES / "handover.json", SAMPLES / "handover.toml"


def test_the_photographs_of_the_sample_are_small_and_bare():
    files = sorted((SAMPLES / "photos").glob("*.jpg"))
    assert len(files) == 6
    assert sum(path.stat().st_size for path in files) < 300_000
    assert not any(b"Exif" in path.read_bytes() for path in files)


def test_its_pdf_has_cover_charts_photographs_and_numbered_sections(tmp_path):
    target = tmp_path / "out.pdf"
    icreport.convert(SAMPLE, target, theme="formal", view=VIEW, meta={"revision": "03"})
    data = target.read_bytes()
    assert problems(data) == []
    assert runs_over(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        figures = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"]
        assert sum("/Alt" in each for each in figures) == 9
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert titles == ["1\u2002Summary", "2\u2002Findings", "3\u2002Photographs", "4\u2002Method"]
    command = ["pdftotext", "-layout", target, "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    cover, contents, *others = text.split("\f")
    assert re.search(r"Revision +03", cover)
    assert re.search(r"Figure 9 +Weld at JB2-W01", contents)
    assert all("FS-NX-26-0143 · Rev. 03" in page for page in (contents, *others[:-1]))


@pytest.mark.filterwarnings("ignore:.* extension is not supported and will be removed:UserWarning")
def test_its_workbook_has_charts_photographs_and_properties(tmp_path):
    target = tmp_path / "out.xlsx"
    icreport.convert(SAMPLE, target, view=VIEW)
    book = openpyxl.load_workbook(target)
    assert book.properties.identifier == "FS-NX-26-0143"
    assert len(book["Figures"]._images) == 6
    assert sum(len(sheet._charts) for sheet in book) == 3
    if not VALIDATOR.exists():
        pytest.skip(f"{VALIDATOR} is missing: run scripts/setup test")
    told = subprocess.run([VALIDATOR, target], capture_output=True, text=True, check=False).stdout
    assert '"ok": true' in told, told


@pytest.mark.parametrize("format", ["html", "pdf", "xlsx"])
def test_it_is_the_same_byte_for_byte(format, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    for name in ("one", "two"):
        icreport.convert(SAMPLE, tmp_path / f"{name}.{format}", view=VIEW)
    assert (tmp_path / f"one.{format}").read_bytes() == (tmp_path / f"two.{format}").read_bytes()
