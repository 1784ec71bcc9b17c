"""Images in HTML, PDF, XLSX and CSV, read with what did not write them."""

import base64
import io
import re
import subprocess
import zipfile
from pathlib import Path

import html5lib
import openpyxl
import pikepdf
import pytest

import icreport
from icreport import Image, Report
from photographs import SVG, opened, photo
from rendering.handed_over import handed_over, images
from rendering.pdf.pdf_checker import problems
from rendering.xlsx.test_xlsx import VALIDATOR

CALLED = ["Figure 1", "Figure 2", "Figure 3", "Figure 4"]


@pytest.fixture(scope="module")
def page():
    return icreport.render(handed_over(), "html").decode()


@pytest.fixture(scope="module")
def paper():
    return icreport.render(handed_over(), "pdf", theme="formal")


@pytest.fixture(scope="module")
def workbook():
    return icreport.render(handed_over(), "xlsx")


def test_images_that_follow_each_other_are_one_photo_page_and_have_numbers(page):
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    groups = [list(group.iter("figure")) for group in tree.iter("div") if "photos" in group.get("class", "")]
    assert [len(group) for group in groups] == [3, 1]
    captions = ["".join(caption.itertext()) for caption in tree.iter("figcaption")]
    assert captions == ["Figure 1 Weld 12", "Figure 2 Anode 3", "Figure 3 Coating", "Figure 4 Overview"]
    shown = list(tree.iter("img"))
    assert [image.get("alt") for image in shown] == ["A crack at the toe", "Anode 3", "Bare steel", "Overview"]
    assert {image.get("loading") for image in shown} == {"lazy"}
    content = base64.b64decode(shown[0].get("src").partition(",")[2])
    assert opened(content).size == (80, 60) == (int(shown[0].get("width")), int(shown[0].get("height")))


def test_images_of_a_pdf_are_figures_with_what_they_show(paper, tmp_path):
    assert problems(paper) == []
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        found = [str(each["/Alt"]) for each in pdf.objects if is_a(each, "/Figure")]
    assert sorted(found) == ["A crack at the toe", "Anode 3", "Bare steel", "Overview"]
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True
    ).stdout.decode()
    assert re.search(r"Figure 1 Weld 12 +Figure 2 Anode 3", text)
    (tmp_path / "out.pdf").write_bytes(paper)
    listed = subprocess.run(["pdfimages", "-list", tmp_path / "out.pdf"], capture_output=True, check=True).stdout
    assert listed.decode().count(" jpeg ") == 4


def is_a(each, kind):
    return isinstance(each, pikepdf.Dictionary) and each.get("/S") == kind and "/Alt" in each


def test_a_workbook_has_its_images_on_their_sheet_in_their_size(workbook, tmp_path):
    (tmp_path / "out.xlsx").write_bytes(workbook)
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book["Figures"]
    assert len(sheet._images) == 4
    sizes = [(image.anchor.ext.width // 9525, image.anchor.ext.height // 9525) for image in sheet._images]
    assert sizes == [(80, 60), (81, 60), (82, 60), (200, 100)]
    assert [image.anchor._from.col for image in sheet._images] == [0, 2, 0, 2]
    captions = [cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.value]
    assert captions == ["Figure 1  Weld 12", "Figure 2  Anode 3", "Figure 3  Coating", "Figure 4  Overview"]
    # Each stands under its image.
    under = {
        cell.value[:8]: (cell.column - 1, cell.row - 1)
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.value
    }
    for called, image in zip(CALLED, sheet._images, strict=True):
        assert under[called][0] == image.anchor._from.col
        assert under[called][1] > image.anchor._from.row
    text = book["Text"]
    links = {cell.value: cell.hyperlink.location for row in text.iter_rows() for cell in row if cell.hyperlink}
    assert links["Figure 1  Weld 12"].startswith("'Figures'!A")
    drawing = zipfile.ZipFile(io.BytesIO(workbook)).read("xl/drawings/figures1.xml").decode()
    assert 'descr="A crack at the toe"' in drawing


def test_the_open_xml_sdk_finds_no_error_in_a_workbook_with_images_and_front_matter(workbook, tmp_path):
    if not VALIDATOR.exists():
        pytest.skip(f"{VALIDATOR} is missing: run scripts/setup test")
    path = tmp_path / "out.xlsx"
    path.write_bytes(workbook)
    told = subprocess.run([VALIDATOR, path], capture_output=True, text=True, check=False).stdout
    assert '"ok": true' in told, told


def test_libreoffice_shows_the_images_of_a_workbook(workbook, tmp_path):
    path = tmp_path / "out.xlsx"
    path.write_bytes(workbook)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    listed = subprocess.run(
        ["pdfimages", "-list", tmp_path / "out.pdf"], capture_output=True, text=True, check=True
    ).stdout
    assert len([line for line in listed.splitlines() if " image " in line]) == 4


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_data_formats_tell_of_images_that_they_do_not_hold(format):
    result = icreport.write(handed_over(), io.BytesIO(), format)
    told = [str(warning) for warning in result.warnings]
    assert len(told) == 4
    assert told[0].startswith('elements[4] "Weld 12": the image is left out')
    with pytest.raises(icreport.LossError):
        icreport.render(handed_over(), format, strict="all")
    assert icreport.render(handed_over(), format, strict=True)


@pytest.mark.parametrize("format", ["html", "pdf", "xlsx"])
def test_the_same_report_gives_the_same_bytes(format, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    once = icreport.render(handed_over(), format)
    with icreport.scan(handed_over().to_json()) as scan:
        target = io.BytesIO()
        icreport.write(scan, target, format, title="Campaign")
    assert once == target.getvalue()


def test_hostile_captions_and_texts_are_only_text():
    hostile = '"><script>alert(1)</script>\0{{ 7 * 7 }}'
    report = Report(elements=[Image(photo(), caption=hostile, alt=hostile), Image(SVG, caption=hostile, alt=hostile)])
    page = icreport.render(report, "html").decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert [image.get("alt") for image in tree.iter("img")] == [hostile.replace("\0", "\ufffd")] * 2
    assert "49" not in "".join("".join(caption.itertext()) for caption in tree.iter("figcaption"))
    assert problems(icreport.render(report, "pdf")) == []
    book = openpyxl.load_workbook(io.BytesIO(icreport.render(report, "xlsx")))
    texts = [cell.value for row in book["Figures"].iter_rows() for cell in row if cell.value]
    assert texts[1].startswith('Figure 1  "><script>')


def test_a_report_of_nothing_but_images_is_shown():
    report = Report(name="Photos", elements=images())
    for format in ("html", "pdf", "xlsx"):
        assert icreport.write(report, io.BytesIO(), format).warnings == ()


def test_a_theme_may_show_images_in_its_own_way(tmp_path):
    (tmp_path / "elements").mkdir()
    template = '<p class="mine">{{ called }}: <img src="{{ picture.address }}" alt="{{ alt }}"></p>'
    Path(tmp_path / "elements/image.html.j2").write_text(template)
    page = icreport.render(handed_over(), "html", theme=str(tmp_path)).decode()
    assert page.count('<p class="mine">Figure') == 4
