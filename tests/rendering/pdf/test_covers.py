"""Covers and watermarks: on paper of any size, whole, and marked as what they are."""

import io
import subprocess
from pathlib import Path

import pypdf
import pytest
from PIL import Image

import icreport
from icreport import Report, Table
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pdf_text import is_painted
from rendering.pdf.pictures import runs_over, text_of, words_of

SIZES = {"A3": (842, 1191), "A4": (595, 842), "A5": (420, 595), "letter": (612, 792)}
SHORT = Report(name="Campaign 2026", elements=[Table(caption="T", columns=["Tag", "Depth"], rows=[("J1", 1.5)])])
LONG = Report(
    name="Register",
    elements=[Table(columns=["Tag", "Found"], rows=[(f"J{n}", "general corrosion") for n in range(150)])],
)


def theme(folder, toml, logo=(1200, 150)):
    Image.new("RGB", logo, "navy").save(folder / "logo.png")
    (folder / "theme.toml").write_text(toml)
    return str(folder)


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
@pytest.mark.parametrize("size", SIZES)
def test_a_cover_is_one_page_of_the_themes_paper_and_holds_a_wide_logo(tmp_path, size, orientation):
    toml = (
        'extends = "formal"\nlogo = "logo.png"\norganisation = "Example Subsea AS"\nheader = "HEAD"\nfooter = "FOOT"\n'
    )
    folder = theme(tmp_path, f'{toml}[page]\nsize = "{size}"\norientation = "{orientation}"')
    data = icreport.render(SHORT, "pdf", theme=folder)
    (cover, words), (second, others) = words_of(data)
    sides = SIZES[size] if orientation == "portrait" else SIZES[size][::-1]
    assert cover == second == pytest.approx(sides, abs=1)
    texts = [word[4] for word in words]
    assert texts[:2] == ["Campaign", "2026"]
    assert not {"HEAD", "FOOT", "Page"} & set(texts)
    # What is on the cover is not said again.
    assert not {"Campaign 2026", "November"} & {word[4] for word in others if word[1] < 0.9 * second[1]}
    assert {"HEAD", "FOOT"} <= {word[4] for word in others}
    assert runs_over(data) == []
    page = Image.open(io.BytesIO(picture(data, 1)))
    box = page.convert("L").point(lambda value: 255 if value < 250 else 0).getbbox()
    assert 0.02 * page.width < box[0]
    assert box[2] < 0.98 * page.width


def picture(data, number):
    command = ["pdftoppm", "-r", "40", "-f", str(number), "-l", str(number), "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


@pytest.mark.parametrize("length", [30, 100, 240, 241, 2000])
@pytest.mark.parametrize("size", ["A4", "A5"])
def test_a_title_of_any_length_is_whole_and_its_cover_one_page(tmp_path, size, length):
    title = " ".join(["Inspection"] * 300)[:length].strip()
    folder = theme(tmp_path, f'extends = "formal"\n[page]\nsize = "{size}"')
    data = icreport.render(SHORT, "pdf", theme=folder, title=title)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert "Contents" in pages[0]
    assert "Depth" in pages[-1]
    whole = pages[0] if length <= 240 else "".join(pages[1:])
    assert len(whole.split("Inspection")) > length // 11
    assert runs_over(data) == []


def test_a_copied_cover_has_neither_header_nor_footer_and_keeps_a_wide_logo_on_the_page(tmp_path):
    folder = theme(tmp_path, 'logo = "logo.png"\nheader = "HEAD"\nfooter = "FOOT"', logo=(4000, 100))
    cover = '<div class="cover"><img src="{{ logo }}" alt="">Cover</div>'
    Path(folder, "page.html.j2").write_text(
        '{% extends "icreport/page.html.j2" %}{% block cover %}' + cover + "{% endblock %}"
    )
    Path(folder, "a.css").write_text(".cover { page: cover; break-after: page } .cover img { max-height: 25mm }")
    data = icreport.render(SHORT, "pdf", theme=folder)
    first, second = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert "HEAD" not in first
    assert "FOOT" not in first
    assert "HEAD" in second
    page = Image.open(io.BytesIO(picture(data, 1)))
    blue = page.convert("RGB").getpixel((page.width - 3, page.height // 12))
    assert blue == (255, 255, 255)


@pytest.mark.parametrize("extends", ["house", "formal", "compact"])
@pytest.mark.parametrize("report", [SHORT, LONG], ids=["short", "painted"])
def test_a_watermark_is_on_every_page_over_the_rows_and_an_artifact(tmp_path, report, extends):
    folder = theme(tmp_path, f'extends = "{extends}"\nwatermark = "NOT FOR USE"')
    data = icreport.render(report, "pdf", theme=folder, strict=True)
    assert is_painted(data) == (report is LONG)
    assert problems(data) == []
    plain = icreport.render(report, "pdf", theme=theme(tmp_path, f'extends = "{extends}"'))
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    assert len(pages) == len(pypdf.PdfReader(io.BytesIO(plain)).pages)
    for number, _ in enumerate(pages, 1):
        marked, clean = (Image.open(io.BytesIO(picture(each, number))).convert("L") for each in (data, plain))
        pairs = list(zip(marked.tobytes(), clean.tobytes(), strict=True))
        darker = [(a, b) for a, b in pairs if a < b]
        # It is there, and never so dark that text would not stand out from it.
        assert len(darker) > 0.01 * len(pairs)
        assert all(b - a < 60 for a, b in darker)
        assert all(a <= b for a, b in pairs)


def test_a_watermark_leaves_the_text_of_the_report_as_it_is(tmp_path):
    plain = text_of(icreport.render(LONG, "pdf"))
    marked = text_of(icreport.render(LONG, "pdf", theme=theme(tmp_path, 'watermark = "Zzz"')))
    assert marked.replace("Zzz", "").split() == plain.split()
    assert marked.count("Zzz") == plain.count("\f")


@pytest.mark.parametrize("text", ["仅供参考", '"} body { display: none', "</style><script>", "x" * 40, "{{ body }}"])
def test_any_watermark_is_text(tmp_path, text):
    quoted = '"' + "".join(f"\\U{ord(character):08X}" for character in text) + '"'
    data = icreport.render(SHORT, "pdf", theme=theme(tmp_path, f"watermark = {quoted}"))
    assert "J1" in text_of(data)
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == 1


@pytest.mark.parametrize("theme", ["house", "compact", "formal"])
def test_counts_of_rows_are_whole_in_a_page_from_right_to_left(theme):
    report = icreport.Report(elements=[icreport.Table(columns=["A"], rows=[("x",)] * 12)])
    data = icreport.render(report, "pdf", theme=theme, locale="ar")
    said = subprocess.run(["pdftotext", "-layout", "-l", "1", "-", "-"], input=data, capture_output=True, check=True)
    assert "12 rows in 1 table" in said.stdout.decode()
