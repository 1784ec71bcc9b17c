import hashlib
import io
import json
import re
import subprocess
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pikepdf
import pypdf
import pytest
from pdfminer.high_level import extract_pages, extract_text
from pdfminer.layout import LTTextBox

import icreport
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.report import Report
from icreport.model.rows import Row
from icreport.rendering.pdf.missing_glyphs import describe
from rendering.hostile import TEXTS
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pdf_text import codes_with_text
from rendering.pdf.pictures import runs_over

SAMPLES = sorted((Path(__file__).parents[3] / "samples").glob("*.json"))
INSPECTION, JOB_CONTENT = ((SAMPLES[0].parent / f"{name}.json") for name in ("inspection", "job-content"))
THEMES = ["house", "compact", "formal"]


def pdf_of(report, **options):
    return icreport.render(report, "pdf", **options)


def text_of(document):
    return " ".join(extract_text(io.BytesIO(document)).split())


def outline_of(document):
    with pikepdf.open(io.BytesIO(document)) as pdf, pdf.open_outline() as outline:
        return [(item.title, [child.title for child in item.children]) for item in outline.root]


def test_the_documented_example_is_on_the_page():
    text = text_of(pdf_of(icreport.read(JOB_CONTENT)))
    for wanted in ["Table of Data", "Asset", "Event Type", "Workpack", "Workpack A", "Workpack B", "Page 1 of 1"]:
        assert wanted in text
    assert "Report generated in 00:00:01" in text


BIG = Report(
    name="Big",
    elements=[
        Section(caption="Tables"),
        Table(
            caption="Large",
            columns=["Tag", "Depth", "Remarks"],
            rows=[(f"J{row}", row / 4, "a text that wraps, " * (row % 5)) for row in range(350)],
        ),
        Paragraph(caption="After it", text="The end."),
    ],
)
VARIANTS = ["pdf/ua-1", "pdf/a-3u"]
SOURCES = {**{path.stem: path for path in SAMPLES}, "big": BIG}
MADE = [
    (source, theme, VARIANTS[(number + other) % 2])
    for number, source in enumerate(SOURCES)
    for other, theme in enumerate(THEMES)
]
"""Each source in each theme, each of them in both variants."""


@cache
def made(source, theme, variant):
    report = BIG if source == "big" else icreport.read(SOURCES[source])
    return pdf_of(report, theme=theme, pdf_variant=variant)


# WeasyPrint leaves the file of its colour profile to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("source", "theme", "variant"), MADE)
def test_it_is_what_its_standard_asks(source, theme, variant):
    assert problems(made(source, theme, variant), variant) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("source", "theme", "variant"), MADE)
def test_qpdf_finds_no_fault_in_any_sample_or_theme(source, theme, variant, tmp_path):
    (tmp_path / "out.pdf").write_bytes(made(source, theme, variant))
    done = subprocess.run(["qpdf", "--check", tmp_path / "out.pdf"], capture_output=True, text=True, check=False)
    assert (done.returncode, "No syntax or stream encoding errors" in done.stdout) == (0, True)


def test_every_value_of_the_inspection_report_is_in_the_text():
    report = icreport.read(INSPECTION)
    letters = set(" ".join(text_of(pdf_of(report)).split()).split())
    words = {
        word for table in report.tables for row in table.rows for value in row if value for word in str(value).split()
    }
    latin = {word for word in words if word.isascii() and len(word) < 12 and word not in {"True", "False"}}
    assert len(latin) > 150
    assert {word for word in latin if word not in letters and "-" not in word} == set()


def test_the_outline_names_sections_and_elements():
    elements = [
        Section(caption="S"),
        Table(caption="T", columns=["A"], rows=[]),
        Paragraph(caption="P", data={"text": "x"}),
    ]
    assert outline_of(pdf_of(Report(elements=elements))) == [("S", ["T", "P"])]


def test_metadata_and_tags_are_there():
    with pikepdf.open(io.BytesIO(pdf_of(Report(name="The name", elements=[Section(caption="S")])))) as pdf:
        assert str(pdf.docinfo.Title) == "The name"
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize("rows", [3, 400])
def test_the_same_report_gives_the_same_bytes(monkeypatch, rows):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    report = Report(elements=[Table(columns=["A", "B"], rows=[(n, f"text {n}") for n in range(rows)])])
    first, second = (hashlib.sha256(pdf_of(report)).hexdigest() for _ in range(2))
    assert first == second


def test_a_wide_table_goes_on_with_further_columns_and_repeats_its_key():
    columns = [f"Reading {n}" for n in range(60)]
    rows = [(f"TAG-{row}", *(f"v{row}x{n}" for n in range(1, 60))) for row in range(4)]
    text = text_of(pdf_of(Report(elements=[Table(caption="Wide", columns=columns, rows=rows)])))
    assert all(f"v{row}x{n}" in text for row in range(4) for n in range(1, 60))
    groups = text.count(" of 60")
    assert groups > 1
    assert text.count("TAG-0") == groups


def test_a_row_taller_than_a_page_is_split_and_long_words_are_broken():
    rows = [(" ".join(f"w{n}" for n in range(4000)),), ("W" * 2000,)]
    document = pdf_of(Report(elements=[Table(columns=["A"], rows=rows)]))
    text = text_of(document)
    assert all(f"w{n}" in text for n in range(0, 4000, 500))
    assert text.replace(" ", "").count("W") >= 2000


def test_characters_that_no_font_has_are_told_with_their_place():
    elements = [Section(caption="fine"), Paragraph(caption="P", data={"text": "a \u0378 b"})]
    result = icreport.write(Report(elements=elements), io.BytesIO(), "pdf")
    (warning,) = [warning for warning in result.warnings if warning.code == "missing-glyph"]
    assert "U+0378" in warning.message
    assert str(warning.place) == 'elements[1] "P"'


def test_characters_that_no_font_has_are_told_in_the_head_of_a_large_table_too():
    elements = [Section(caption="fine"), Table(caption="T", columns=["a \u0378"], rows=[(n,) for n in range(180)])]
    result = icreport.write(Report(elements=elements), io.BytesIO(), "pdf")
    (warning,) = [warning for warning in result.warnings if warning.code == "missing-glyph"]
    assert str(warning.place) == 'elements[1] "T"'


@pytest.mark.parametrize(
    ("characters", "packages"),
    [
        ("\u0378", "fonts-noto-core"),
        ("检\u0378", "fonts-noto-cjk and fonts-noto-core"),
        ("\U0001f600", "fonts-noto-color-emoji"),
    ],
)
def test_fonts_that_have_such_characters_are_named(characters, packages):
    assert describe(dict.fromkeys(characters)).endswith(f"such as Debian's {packages}")


def test_headings_are_on_the_page_of_the_wide_table_that_follows_them():
    wide = Table(caption="Wide", columns=[f"c {n} x" for n in range(16)], rows=[("some words",) * 16])
    sections = [Section(caption=f"Heading{n}") for n in range(3)]
    pages = pypdf.PdfReader(io.BytesIO(pdf_of(Report(elements=[Paragraph(data={"text": "x"}), *sections, wide])))).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages] == [False, True]
    assert all(f"Heading{n}" in pages[1].extract_text() for n in range(3))


def test_the_outline_says_which_columns_are_where():
    table = Table(caption="Wide", columns=[f"c {n} x" for n in range(40)], rows=[("some words here",) * 40])
    ((title, _), *others) = outline_of(pdf_of(Report(elements=[table])))
    assert re.fullmatch("Wide \\(Columns 1\u2013\\d+ of 40\\)", title)
    assert all(re.fullmatch("Wide \\(Columns \\d+\u2013\\d+ of 40\\)", title) for title, _ in others)


@pytest.mark.parametrize("title", ["T" * 200, "many words " * 40, "海上平台年度检验报告" * 20])
def test_a_long_title_does_not_run_into_the_number_of_the_page(title):
    assert runs_over(pdf_of(Report(name=title, elements=[Paragraph(data={"text": "x"})]))) == []


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_only_text(text):
    table = Table(caption=text, columns=[text], rows=[Row((text,), text)])
    document = pdf_of(Report(name=text, elements=[table, Paragraph(caption=text, data={"text": text})]))
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.save(plain, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    found = re.findall(rb"/(?:URI|JavaScript|JS|Launch|GoToR|SubmitForm|EmbeddedFile|Filespec)\b", plain.getvalue())
    assert found == []


def test_nothing_is_fetched_even_where_a_theme_asks(tmp_path):
    asked = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    (tmp_path / "theme.css").write_text(
        f"@import url({url}/a.css); body {{ background: url({url}/b.png) url(file:///etc/passwd) }}"
        f"@font-face {{ font-family: x; src: url({url}/c.ttf) }} h1 {{ font-family: x; content: url({url}/d.svg) }}"
        f"link[rel=attachment] {{ color: red }}"
    )
    document = pdf_of(Report(name="N", elements=[Section(caption="S")]), theme=str(tmp_path))
    server.shutdown()
    server.server_close()
    assert asked == []
    assert b"root:" not in document
    assert "S" in text_of(document)


def test_tables_that_are_laid_out_whole_are_what_the_standard_asks():
    assert problems(pdf_of(BIG, painter="off")) == []


def break_language(pdf):
    del pdf.Root.Lang


def break_title(pdf):
    with pdf.open_metadata() as metadata:
        del metadata["dc:title"]


def break_mark(pdf):
    page = pdf.pages[0]
    content = page.Contents.read_bytes() if not isinstance(page.Contents, pikepdf.Array) else b""
    page.Contents = pdf.make_stream(content + b"\nBT /F1 12 Tf (loose) Tj ET\n")


def break_scope(pdf):
    next(item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/TH").A = {}


def break_order(pdf):
    next(item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/H2").S = "/H5"


def break_font(pdf):
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0":
            del item.ToUnicode


def break_parents(pdf):
    pdf.Root.StructTreeRoot.ParentTree.Nums = pikepdf.Array([])


def break_link(pdf):
    pdf.pages[0].Annots = pikepdf.Array(
        [pdf.make_indirect(pikepdf.Dictionary(A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="file:///etc/passwd")))]
    )


def first_link(pdf):
    return next(
        item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Link"
    )


def break_description(pdf):
    del first_link(pdf).Contents


def break_place(pdf):
    first_link(pdf).StructParent = 0


def break_belonging(pdf):
    links = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Link"]
    links[0].StructParent, links[1].StructParent = links[1].StructParent, links[0].StructParent


def break_opening(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def elements(pdf, kind):
    """The elements of a kind; those that are made first come first, which is in the order of the text."""
    return [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == kind]


def fonts(pdf):
    return [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0"]


def break_parent(pdf):
    elements(pdf, "/TD")[0].P = elements(pdf, "/Table")[0]


def break_holding(pdf):
    elements(pdf, "/TD")[1].K = pikepdf.Array([])


def break_beginning(pdf):
    """Leave what stands over the first element out of the structure."""
    del elements(pdf, "/Document")[0].K[0]


def break_once(pdf):
    row = elements(pdf, "/TR")[1]
    row.K[1] = row.K[0]


def break_page(pdf):
    elements(pdf, "/Sect")[0].Pg = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page))


def break_page_of_mark(pdf):
    text = elements(pdf, "/Span")[0]
    lost = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page))
    text.K = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.MCR, Pg=lost, MCID=int(text.K[0]))])


def break_mark_of_page(pdf):
    """Let an element have a mark that is on another page of the document."""
    pdf.add_blank_page()
    elements(pdf, "/Span")[0].Pg = pdf.pages[1].obj


def break_number(pdf):
    elements(pdf, "/H2")[0].K.append(999)


def break_annotation(pdf):
    """Let a link refer to an annotation that no page has."""
    reference = next(kid for kid in elements(pdf, "/Link")[0].K if isinstance(kid, pikepdf.Dictionary))
    reference.Obj = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link))


def break_row(pdf):
    del elements(pdf, "/TR")[1].K[2]


def break_span(pdf):
    elements(pdf, "/TD")[0].A.ColSpan = 2


def break_reach(pdf):
    elements(pdf, "/TD")[0].A.RowSpan = 2


def break_cell(pdf):
    elements(pdf, "/P")[0].S = pikepdf.Name.TD


def break_group(pdf):
    elements(pdf, "/TBody")[0].S = pikepdf.Name.Div


def break_headers(pdf):
    elements(pdf, "/TD")[0].A.Headers = pikepdf.Array([pikepdf.String("nobody")])


def break_identity(pdf):
    first, second, _ = elements(pdf, "/TH")
    second.ID = first.ID


def break_direction(pdf):
    elements(pdf, "/TH")[0].A.Scope = pikepdf.Name.Col


def break_text(pdf):
    for font in fonts(pdf):
        font.ToUnicode = pdf.make_stream(b"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange endcmap")


def break_glyph(pdf):
    """Leave what is the text of one glyph out of each font."""
    for font in fonts(pdf):
        font.ToUnicode.write(re.sub(rb"(beginbfchar\s+)<\w+> <\w+>", rb"\1", font.ToUnicode.read_bytes()))


def break_blank_text(pdf):
    """Map a glyph, but to what is no character."""
    for font in fonts(pdf):
        font.ToUnicode.write(re.sub(rb"(beginbfchar\s+<\w+>) <\w+>", rb"\1 <0000>", font.ToUnicode.read_bytes()))


def break_structure(pdf):
    pdf.Root.StructTreeRoot.K = pikepdf.Array([])


def break_reading(pdf):
    """Make artifacts of all text, and have more of it than stands around a page."""
    page = pdf.pages[0]
    page.contents_coalesce()
    content = re.sub(rb"/\w+\s*<</MCID \d+>>\s*BDC", b"/Artifact BMC", page.Contents.read_bytes())
    page.Contents = pdf.make_stream(b"\n".join([content] * 3))


def break_most_reading(pdf):
    """Leave some text that is read, among much more that is not."""
    page = pdf.pages[0]
    page.contents_coalesce()
    content = page.Contents.read_bytes()
    artifacts = re.sub(rb"/\w+\s*<</MCID \d+>>\s*BDC", b"/Artifact BMC", content)
    page.Contents = pdf.make_stream(b"\n".join([content, *[artifacts] * 3]))


def break_outline(pdf):
    del pdf.Root.Outlines


def break_identifiers(pdf):
    del pdf.Root.StructTreeRoot.IDTree


BREAKS = {
    break_identifiers: "the tree of identifiers",
    break_language: "no language",
    break_title: "no title",
    break_mark: "is not marked",
    break_scope: "without a scope",
    break_order: "/H5 follows",
    break_font: "ToUnicode",
    break_parents: "belongs to nothing",
    break_link: "link to file:",
    break_opening: "something happens",
    break_description: "without a description",
    break_place: "the structure does not know",
    break_belonging: "belongs to other text",
    break_parent: "names another parent than the one that holds it",
    break_holding: "that the structure does not hold",
    break_beginning: "page 1: mark 0 is in an element",
    break_once: "is held twice",
    break_page: "is on no page of the document",
    break_page_of_mark: "mark 0 is on no page of the document",
    break_mark_of_page: "mark 0 is not on page 2",
    break_number: "mark 999 is not on page 1",
    break_annotation: "its annotation is not on page 1",
    break_row: "has cells for 2 columns, other rows of its table for 3",
    break_span: "has cells for 4 columns, other rows of its table for 3",
    break_reach: "has cells for 4 columns, other rows of its table for 3",
    break_cell: "/TD in /NonStruct",
    break_group: "/TR in /Div",
    break_headers: "no head has the ID nobody",
    break_identity: "is used twice",
    break_direction: "a head with the scope /Col",
    break_text: "has no text for any glyph",
    break_glyph: "has no text for its glyph",
    break_blank_text: "has no text for its glyph",
    break_structure: "the structure is empty, while page 1 has text",
    break_reading: "page 1: none of its",
    break_most_reading: "glyphs are in artifacts or in no element, most of them on page 1",
    break_outline: "there is no outline",
}


@pytest.fixture(scope="module")
def linked_document():
    return pdf_of(icreport.read(JOB_CONTENT), link="https://host/{sourceKey}")


def test_the_checker_finds_nothing_in_what_is_whole(linked_document):
    assert problems(linked_document) == []


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)
def test_the_checker_finds_what_is_broken(damage, linked_document):
    with pikepdf.open(io.BytesIO(linked_document)) as pdf:
        damage(pdf)
        broken = io.BytesIO()
        pdf.save(broken)
    assert any(BREAKS[damage] in problem for problem in problems(broken.getvalue()))


def test_the_checker_reads_what_codes_are_as_text():
    cmap = b"""2 beginbfchar <0003> <0020> <0004> <> endbfchar
        3 beginbfrange <0010> <0012> <0041> <0020> <0021> [<0066 0069> <0000>] <0030> <0031> <D83DDE00> endbfrange"""
    assert codes_with_text(cmap) == {0x03, 0x10, 0x11, 0x12, 0x20, 0x30, 0x31}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("times", [1, 2])
def test_the_checker_finds_a_file_that_is_listed_twice(times):
    document = pdf_of(icreport.read(JOB_CONTENT), attach_source=True, pdf_variant="pdf/a-3u")
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.Root.AF = pikepdf.Array([pdf.attachments["job-content.json"].obj] * times)
        listed = io.BytesIO()
        pdf.save(listed)
    found = ["/AF lists job-content.json twice, at 1 and 2"]
    assert problems(listed.getvalue(), "pdf/a-3u") == (found if times > 1 else [])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_report_document_can_be_attached(tmp_path):
    icreport.convert(JOB_CONTENT, tmp_path / "out.pdf", attach_source=True, pdf_variant="pdf/a-3u")
    document = (tmp_path / "out.pdf").read_bytes()
    assert problems(document, "pdf/a-3u") == []
    with pikepdf.open(io.BytesIO(document)) as pdf:
        file = pdf.attachments["job-content.json"]
        assert file.get_file().read_bytes() == JOB_CONTENT.read_bytes()
        assert str(file.obj.AFRelationship) == "/Source"
        assert pdf.Root.AF
    held = pdf_of(icreport.read(JOB_CONTENT), attach_source=True)
    with pikepdf.open(io.BytesIO(held)) as pdf:
        assert json.loads(pdf.attachments["job-content.json"].get_file().read_bytes()) == json.loads(
            JOB_CONTENT.read_bytes()
        )


@pytest.mark.parametrize(
    ("columns", "largest", "sizes", "points"),
    [
        (5, "", {(595, 842)}, 8),
        (8, "", {(842, 595)}, 8),
        (11, "", {(842, 595)}, 6.5),
        (16, "", {(842, 595)}, 6.5),
        (16, '[page]\nlargest = "A3"', {(1191, 842)}, 6.5),
        (40, '[page]\nlargest = "A3"', {(1191, 842)}, 6.5),
    ],
)
def test_a_table_takes_the_smallest_paper_that_holds_it(columns, largest, sizes, points, tmp_path):
    (tmp_path / "theme.toml").write_text(largest)
    heads = [f"Column {number}" for number in range(columns)]
    table = Table(caption="T", columns=heads, rows=[[f"value of {head}" for head in heads]] * 3)
    data = pdf_of(Report(elements=[table]), theme=str(tmp_path))
    lines = (
        line for page in extract_pages(io.BytesIO(data)) for box in page if isinstance(box, LTTextBox) for line in box
    )
    assert {round(next(iter(line)).size, 1) for line in lines if "value" in line.get_text()} == {points}
    document = pypdf.PdfReader(io.BytesIO(data))
    found = {
        (round(page.mediabox.width), round(page.mediabox.height))
        for page in document.pages
        if "value" in page.extract_text()
    }
    assert found == sizes
    assert "value" in document.pages[0].extract_text()
    text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    assert all(f"value of {head}" in text for head in heads)
    needed = columns * (len("value of Column 10") + 2)
    assert ("of " + str(columns) in text) == (needed > (330 if largest else 230))


@pytest.mark.parametrize("rows", [1, 180])
def test_separators_of_lines_and_paragraphs_are_line_ends(rows):
    text = "One \u2029Two \u2028Three"
    report = Report(name=text, elements=[Table(caption=text, columns=["A"], rows=[(text,)] * rows)])
    data = icreport.render(report, "pdf")
    assert "One\nTwo\nThree" in pypdf.PdfReader(io.BytesIO(data)).pages[-1].extract_text()


def test_long_text_among_statuses_is_no_chip_and_whole():
    rows = [("Open",)] * 250 + [("word " * 1500 + "end.",)]
    data = icreport.render(Report(elements=[Table(caption="States", columns=["Status"], rows=rows)]), "pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert sum(page.count("word") for page in pages) == 1500


def test_the_document_says_who_made_it_of_what_and_when(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    (tmp_path / "theme.toml").write_text('organisation = "Client & Co"')
    (tmp_path / "in.json").write_text('{"elements": []}')
    icreport.convert(tmp_path / "in.json", tmp_path / "out.pdf", theme=str(tmp_path), title="T")
    told = pypdf.PdfReader(tmp_path / "out.pdf").metadata
    assert (told.title, told.author, told.subject) == ("T", "Client & Co", "in")
    assert told.creation_date.date().isoformat() == "2023-11-14"


def test_a_form_of_long_texts_is_laid_out_without_looking_for_widths():
    rows = [(f"Field {number}", "Pitting up to 3.2 mm over an area. " * 30) for number in range(30)]
    data = icreport.render(Report(elements=[Table(caption="Form", rows=rows)]), "pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    assert text.count("Pitting") == 900
