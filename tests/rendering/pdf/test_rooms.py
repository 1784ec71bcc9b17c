"""Pages are used: headings are with their tables, blank rows can be written on, margins leave room."""

import io

import pytest
from pypdf import PdfReader

import icreport
from icreport.errors import ThemeError
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.report import Report
from rendering.pdf.pdf_text import is_painted
from rendering.pdf.pictures import assert_look_alike, runs_over, words_of

SECTIONS = [f"Section {level}" for level in "ABCDEF"]


def wide(caption="Wide"):
    return Table(
        caption=caption, columns=[f"Reading {n} (mm)" for n in range(17)], rows=[[f"{n}.5" for n in range(17)]]
    )


def pages_of(elements, **options):
    made = icreport.render(Report(name="Title", elements=elements), "pdf", **options)
    return [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]


def theme(folder, *, toml="", css=""):
    folder.joinpath("theme.toml").write_text(toml)
    folder.joinpath("theme.css").write_text(css)
    return str(folder)


def test_all_headings_are_on_the_page_of_the_wide_table_that_follows():
    first, second, *_ = pages_of(
        [Paragraph(data={"text": "Before."}), *(Section(caption=each) for each in SECTIONS), wide()]
    )
    assert "Before." in first
    assert [each for each in SECTIONS if each not in second] == []


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_title_is_on_the_page_of_a_wide_table_before_which_there_are_only_headings(count):
    sections = [Section(caption=each) for each in SECTIONS[:count]]
    first, *_ = pages_of([*sections, wide(), Paragraph(data={"text": "After."})])
    assert "Title" in first
    assert "Reading" in first


@pytest.mark.parametrize(
    "page",
    [
        'orientation = "landscape"',
        'size = "A3"\norientation = "landscape"\nlargest = "A3"',
        'size = "A3"\nlargest = "A3"\norientation = "portrait"',
    ],
)
def test_tables_that_need_no_other_paper_start_no_page(page, tmp_path):
    elements = [
        Paragraph(data={"text": "Before."}),
        Table(columns=[f"Reading number {n}" for n in range(40)], rows=[["123456"] * 40]),
    ]
    assert len(pages_of(elements, theme=theme(tmp_path, toml=f"[page]\n{page}"))) <= 1 + ("portrait" in page)


@pytest.mark.parametrize("count", [4, 180], ids=["laid out", "painted"])
@pytest.mark.parametrize("blank", ["", " ", None])
def test_a_blank_row_is_as_high_as_a_row_of_one_line(blank, count):
    rows = [("first", "a", 1), *[(blank, blank, None)] * (count - 2), ("last", "b", 2)]
    lines = [("first", "a", 1), *[("more", blank, None)] * (count - 2), ("last", "b", 2)]
    made, full = (
        icreport.render(Report(elements=[Table(caption="T", columns=["Item", "OK", "Initials"], rows=each)]), "pdf")
        for each in (rows, lines)
    )
    assert is_painted(made) == (count == 180)
    places = [[word for _, words in words_of(each) for word in words if word[4] == "last"] for each in (made, full)]
    assert places[0][0][1] == pytest.approx(places[1][0][1], abs=0.1)


def test_blank_rows_look_the_same_where_they_are_painted():
    rows = [(f"AN-{n}" if n % 3 else "", "Open" if n % 3 else None, n if n % 3 else None) for n in range(180)]
    report = Report(elements=[Table(caption="T", columns=["Item", "Status", "No."], rows=rows)])
    assert_look_alike(icreport.render(report, "pdf"), icreport.render(report, "pdf", painter="off"))


@pytest.mark.parametrize("margin", ["120mm", "85mm", "12cm", "5in", "300pt", "400px"])
def test_a_margin_that_leaves_no_room_is_refused_by_the_name_of_its_key(margin, tmp_path):
    with pytest.raises(ThemeError, match=r"theme\.toml, line 2: page\.margin: leaves less than 50 mm of 210 mm"):
        pages_of([wide()], theme=theme(tmp_path, toml=f'[page]\nmargin = "{margin}"'))


@pytest.mark.parametrize("margin", ["110mm", "20mm 95mm", "140mm 15mm"])
def test_a_style_sheet_whose_pages_have_no_room_is_refused(margin, tmp_path):
    with pytest.raises(ThemeError, match="no room for text"):
        pages_of([wide()], theme=theme(tmp_path, css=f"@page {{ margin: {margin} }}"))


def test_a_long_footer_keeps_off_the_title_and_the_page_number(tmp_path):
    toml = f'header = "{"Uncontrolled when printed. " * 8}"\nfooter = "{"Commercial in confidence. " * 9}"'
    report = Report(name="Inspection of the platform and the export riser " * 3, elements=[wide()])
    made = icreport.render(report, "pdf", theme=theme(tmp_path, toml=toml))
    assert runs_over(made) == []
    for (_, height), words in words_of(made):
        line = [word for word in words if word[1] > height - 60]
        footer = [word for word in line if word[4] in {"Commercial", "in", "confidence."}]
        others = [word for word in line if word not in footer]
        gaps = [max(a[0] - b[2], b[0] - a[2]) for a in footer for b in others if abs(a[1] - b[1]) < 4]
        assert min(gaps) > 8


def test_a_header_of_thin_letters_is_not_torn_apart():
    (page,) = pages_of([Table(caption="T", columns=["Item", "Initials", "Illicit"], rows=[("some text", "", "")])])
    assert "Initials" in page
    assert "Illicit" in page


@pytest.mark.parametrize("rows", [40, 42])
def test_a_last_line_is_not_alone_on_a_page(rows):
    table = Table(caption="T", columns=["A", "B"], rows=[(n, f"row {n}") for n in range(rows)])
    *_, last = pages_of([table, Paragraph(data={"text": "The end."})])
    assert f"row {rows - 2}" in last
    assert f"row {rows - 1}" in last
    assert "The end." in last
