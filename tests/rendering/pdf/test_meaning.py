"""Those who do not see the page hear what it is: headings that nest, links by their text, nothing of ornaments."""

import base64
import io

import pikepdf
import pytest

import icreport
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.report import Report
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pdf_structure import kids_of
from rendering.pdf.pdf_text import ARTIFACT, Shown

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
COVER = """{% extends "icreport/page.html.j2" %}{% block cover %}
<div class="cover"><img src="{{ logo }}" alt=""><p aria-hidden="true">Only <b>seen</b></p><p>Also heard</p></div>
{% endblock %}"""


def report_of(rows, *, sections=True):
    tables = [
        Table(caption=f"Table {n}", columns=["No.", "Text"], rows=[(f"AN-{i}", "text") for i in range(rows)])
        for n in range(4)
    ]
    if not sections:
        return Report(name="Title", elements=tables)
    return Report(
        name="Title",
        elements=[
            Paragraph(caption="First of all", data={"text": "Before."}),
            Section(caption="Section 1"),
            *tables[:2],
            Section(caption="Section 2"),
            Section(caption="Section 3"),
            *tables[2:],
        ],
    )


def elements_of(pdf):
    waiting = kids_of(pdf.Root.StructTreeRoot)
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, pikepdf.Dictionary) and "/S" in item:
            yield item
            waiting = [*kids_of(item), *waiting]


def theme(folder, *, css="", template=None, toml='logo = "logo.png"'):
    folder.joinpath("logo.png").write_bytes(PIXEL)
    folder.joinpath("theme.toml").write_text(toml)
    folder.joinpath("theme.css").write_text(css)
    if template:
        folder.joinpath("page.html.j2").write_text(template)
    return str(folder)


@pytest.mark.parametrize("rows", [3, 160], ids=["laid out", "painted"])
@pytest.mark.parametrize(
    ("sections", "expected"),
    [(True, ["/H1", *["/H2"] * 3, *["/H3"] * 2, *["/H2"] * 2, *["/H3"] * 2]), (False, ["/H1", *["/H2"] * 5])],
    ids=["sections", "tables alone"],
)
def test_headings_nest_as_the_outline_does(rows, sections, expected):
    made = icreport.render(report_of(rows, sections=sections), "pdf")
    assert problems(made) == []
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert [str(item.S) for item in elements_of(pdf) if str(item.S).startswith("/H")] == expected


def test_an_entry_of_the_contents_is_one_link():
    made = icreport.render(report_of(3), "pdf")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        told = [str(note.Contents) for note in pdf.pages[0].Annots]
        links = [item for item in elements_of(pdf) if item.S == "/Link"]
    assert told == ["First of all", "Section 1", "Table 0", "Table 1", "Section 2", "Section 3", "Table 2", "Table 3"]
    assert len(links) == len(told)


@pytest.mark.parametrize("rows", [3, 160], ids=["laid out", "painted"])
def test_links_are_described_by_their_text(rows):
    report = Report(elements=[Table(caption="T", columns=["A"], rows=[(f"AN-{i}",) for i in range(rows)])] * 4)
    made = icreport.render(report, "pdf", link="https://example.com/{sourceKey}")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        told = {str(note.Contents) for page in pdf.pages for note in page.get("/Annots", [])}
    assert told == {"T"}
    assert problems(made) == []


def test_a_logo_of_no_organisation_is_called_a_logo(tmp_path):
    made = icreport.render(report_of(3), "pdf", theme=theme(tmp_path))
    assert problems(made) == []
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert [str(item.Alt) for item in elements_of(pdf) if item.S == "/Figure"] == ["Logo"]


@pytest.mark.parametrize("rows", [3, 160], ids=["laid out", "painted"])
def test_what_is_hidden_from_screen_readers_is_an_artifact(tmp_path, rows):
    made = icreport.render(report_of(rows), "pdf", theme=theme(tmp_path, template=COVER))
    assert problems(made) == []
    with pikepdf.open(io.BytesIO(made)) as pdf:
        figures = [item for item in elements_of(pdf) if item.S == "/Figure"]
        assert [str(item.Alt) for item in figures] == ["Logo"]
        silent = Shown(pdf.pages[0]).glyphs[ARTIFACT]
    heard = icreport.render(
        report_of(rows), "pdf", theme=theme(tmp_path, template=COVER.replace(" aria-hidden", " id"))
    )
    with pikepdf.open(io.BytesIO(heard)) as pdf:
        assert silent - Shown(pdf.pages[0]).glyphs[ARTIFACT] == len("Only seen")


@pytest.mark.parametrize("rows", [3, 160], ids=["laid out", "painted"])
@pytest.mark.parametrize("selector", ["h1", "h2, .meta", "body::before", "tbody td", "main"])
def test_what_is_translucent_is_read_as_well(tmp_path, rows, selector):
    css = "body::before { content: 'DRAFT'; position: fixed; top: 90mm; font-size: 90pt } "
    made = icreport.render(report_of(rows), "pdf", theme=theme(tmp_path, css=f"{css}{selector} {{ opacity: 0.5 }}"))
    assert problems(made) == []
