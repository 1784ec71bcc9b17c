"""Front matter in documents: covers, the number on each page, properties, numbered headings, lists."""

import io
import json
import re
import subprocess
import zipfile
from xml.etree import ElementTree as ET

import html5lib
import openpyxl
import pikepdf
import pytest

import icreport
from icreport import Paragraph, Report, Table
from rendering.handed_over import SAID, handed_over
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pictures import runs_over

THEMES = ["house", "compact", "formal"]


def pages_of(data):
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().split("\f")[:-1]


@pytest.fixture(scope="module")
def papers():
    return {theme: icreport.render(handed_over(rows=90), "pdf", theme=theme) for theme in THEMES}


def test_the_formal_cover_has_what_such_covers_have(papers):
    cover = pages_of(papers["formal"])[0]
    facts = {
        "Client": "Norsk Energi AS",
        "Document number": "FS-NX-26-0143",
        "Revision": "02",
        "Status": "Issued for approval",
        "Classification": "Confidential",
        "Vessel name": "Nordlys",
    }
    for label, text in facts.items():
        assert re.search(rf"{label} +{text}", cover)
    assert re.search(r"01 +2026-09-04 +Issued for review", cover)
    assert re.search(r"Prepared +K\. Berg +2026-09-16", cover)
    assert re.search(r"Role +Name +Signature +Date", cover)
    assert "Approved" in cover


@pytest.mark.parametrize("theme", THEMES)
def test_each_page_has_number_and_revision_and_the_checker_finds_nothing(papers, theme):
    assert problems(papers[theme]) == []
    assert runs_over(papers[theme]) == []
    pages = pages_of(papers[theme])
    assert len(pages) > 2
    heads = ["FS-NX-26-0143 · Rev. 02" in page for page in pages]
    assert heads == [theme != "formal", *[True] * (len(pages) - 1)]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("locale", ["ar", "de"])
def test_nothing_in_front_matter_stands_on_something_else(theme, locale):
    report = Report(name="C", elements=[Paragraph(text="x")], document=SAID)
    data = icreport.render(report, "pdf", theme=theme, locale=locale)
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout
    names = ("xMin", "yMin", "xMax", "yMax")
    words = [
        (*[float(one.get(name)) for name in names], one.text)
        for one in ET.fromstring(told).iter("{http://www.w3.org/1999/xhtml}word")
    ]
    assert len(words) > 30
    for left, top, right, bottom, text in words:
        above = [
            one[4]
            for one in words
            if one[4] != text and one[0] < right - 1 and left < one[2] - 1 and one[1] < bottom - 4 and top < one[3] - 4
        ]
        assert above == [], text


@pytest.mark.parametrize("format", ["html", "pdf", "docx", "md"])
def test_dates_of_revisions_and_approvals_are_written_as_the_language_writes_them(format):
    report = Report(name="C", elements=[Paragraph(text="x")], document=SAID)
    data = icreport.render(report, format, locale="de")
    if format == "docx":
        data = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")
    text = "\n".join(pages_of(data)) if format == "pdf" else data.decode().replace("\\", "")
    assert all(date in text for date in ("04.09.2026", "18.09.2026", "16.09.2026"))
    assert "2026-09-04" not in text


def test_many_revisions_go_on_a_page_of_their_own_and_none_is_lost():
    many = [{"revision": f"{n:02}", "date": f"2026-01-{n:02}", "description": f"Change {n} " * 9} for n in range(1, 29)]
    data = icreport.render(handed_over(revisions=many), "pdf", theme="formal")
    cover, *others = pages_of(data)
    assert "Norsk Energi AS" in cover
    assert "Change" not in cover
    text = " ".join(others)
    assert all(f"Change {n} " in text for n in range(1, 29))
    assert problems(data) == []
    assert runs_over(data) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_pdf_properties_say_it(papers):
    wanted = {
        "Client": "Norsk Energi AS",
        "Project": "Frigg Sør 2026",
        "DocumentNumber": "FS-NX-26-0143",
        "Revision": "02",
        "Status": "Issued for approval",
        "Classification": "Confidential",
        "VesselName": "Nordlys",
    }
    for data in (papers["house"], icreport.render(handed_over(), "pdf", pdf_variant="pdf/a-3u")):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert {name: str(pdf.docinfo[f"/{name}"]) for name in wanted} == wanted
            with pdf.open_metadata() as xmp:
                assert {name: xmp[f"pdfx:{name}"] for name in wanted} == wanted
                assert xmp["dc:title"] == "Campaign"


def test_properties_that_mean_something_else_stay_as_they_are():
    said = {"others": {"title": "x", "producer": "y", "1st": "z", "é": "w"}}
    report = Report(name="R", elements=[Table(columns=["A"], rows=[(1,)])], document=icreport.FrontMatter(**said))
    with pikepdf.open(io.BytesIO(icreport.render(report, "pdf"))) as pdf:
        assert str(pdf.docinfo["/Title"]) == "R"
        assert "WeasyPrint" in str(pdf.docinfo["/Producer"])
    openpyxl.load_workbook(io.BytesIO(icreport.render(report, "xlsx")))


def test_a_workbook_says_it_on_a_sheet_in_its_properties_and_on_what_is_printed():
    book = openpyxl.load_workbook(io.BytesIO(icreport.render(handed_over(), "xlsx")))
    sheet = book["Document"]
    assert book.sheetnames[0] == "Document"
    rows = [[cell.value for cell in row if cell.value] for row in sheet.iter_rows()]
    assert ["Document number", "FS-NX-26-0143"] in rows
    assert ["02", "2026-09-18", "Comments included"] in rows
    assert ["Prepared", "K. Berg", "2026-09-16"] in rows
    assert (book.properties.identifier, book.properties.version) == ("FS-NX-26-0143", "02")
    assert book.properties.contentStatus == "Issued for approval"
    custom = {each.name: each.value for each in book.custom_doc_props.props}
    assert custom["Client"] == "Norsk Energi AS"
    assert custom["Vessel name"] == "Nordlys"
    assert {each.oddHeader.right.text for each in book} == {"FS-NX-26-0143 · Rev. 02"}


@pytest.mark.parametrize("theme", THEMES)
def test_html_has_it_in_its_masthead(theme):
    page = icreport.render(handed_over(), "html", theme=theme).decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    masthead = next(each for each in tree.iter("header") if "masthead" in each.get("class", ""))
    facts = dict(zip(("".join(each.itertext()) for each in masthead.iter("dt")),
                     ("".join(each.itertext()) for each in masthead.iter("dd")), strict=True))  # fmt: skip
    assert facts["Document number"] == "FS-NX-26-0143"
    assert [table.get("class") for table in masthead.iter("table")] == ["revisions", "approvals"]


@pytest.mark.parametrize("theme", THEMES)
def test_a_report_that_says_nothing_has_nothing_of_it(theme):
    plain = Report(name="R", elements=[Table(columns=["A"], rows=[(1,)])])
    page = icreport.render(plain, "html", theme=theme).decode()
    for trace in ('class="document"', ".document {", '@top-right { content: "', "figcaption", 'numbered"'):  # fmt: skip
        assert trace not in page
    with pikepdf.open(io.BytesIO(icreport.render(plain, "pdf", theme=theme))) as pdf:
        assert set(pdf.docinfo) <= {"/Title", "/Creator", "/Producer", "/CreationDate", "/Author", "/Subject"}
        assert b"pdfx" not in pdf.Root.Metadata.read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(icreport.render(plain, "xlsx", theme=theme)))
    assert len(book.custom_doc_props.props) == 0
    assert "Document" not in book.sheetnames


def captions(page):
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return ["".join(each.itertext()).strip() for each in tree.iter("h2")]


WAYS = {
    "option": (handed_over(), {"headings": "numbered"}),
    "report": (handed_over(headings="numbered"), {}),
    "meta": (handed_over(), {"meta": {"headings": "numbered"}}),
    "view": (handed_over(), {"view": {"document": {"headings": "numbered"}}}),
}


@pytest.mark.parametrize("way", WAYS)
def test_headings_are_numbered_where_option_report_meta_or_view_ask_for_it(way):
    report, options = WAYS[way]
    wanted = ["1\u2002Findings", "1.1\u2002Scope", "Table 1\u2002Register", "2\u2002Photographs", "2.1\u2002Remarks"]
    assert captions(icreport.render(report, "html", **options))[-5:] == wanted
    with icreport.scan(report.to_json()) as scan:
        target = io.BytesIO()
        icreport.write(scan, target, "html", **options)
    assert captions(target.getvalue())[-5:] == wanted


def test_an_option_takes_numbers_away():
    assert "Findings" in captions(icreport.render(handed_over(headings="numbered"), "html", headings="plain"))


def test_numbers_are_in_the_contents_and_the_outline_of_a_pdf_once():
    data = icreport.render(handed_over(headings="numbered"), "pdf", theme="formal")
    text = " ".join(pages_of(data)[1].split())
    assert "1 Findings" in text
    assert "1 1 Findings" not in text
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["1\u2002Findings", "2\u2002Photographs"]


@pytest.mark.parametrize("how", [{"lists": True}, {"meta": {"lists": True}}])
def test_tables_and_figures_are_listed_where_it_is_asked_for(how):
    tree = html5lib.parse(icreport.render(handed_over(), "html", **how), namespaceHTMLElements=False)
    listed = {each.get("aria-label"): ["".join(a.itertext()) for a in each.iter("a")] for each in tree.iter("nav")}
    assert listed["Tables"] == ["Register"]
    assert listed["Figures"] == [
        "Figure 1\u2002Weld 12",
        "Figure 2\u2002Anode 3",
        "Figure 3\u2002Coating",
        "Figure 4\u2002Overview",
    ]
    pages = pages_of(icreport.render(handed_over(), "pdf", theme="formal", **how))
    assert re.search(r"Figure 4 Overview[ .]+3", " ".join(pages))


def test_templates_get_what_is_said_beside_the_known_names(tmp_path):
    shown = '<p id="f">{{ document.vessel_name }}|{{ document.other }}|</p>'
    text = f'{{% extends "icreport/page.html.j2" %}}{{% block footer %}}{shown}{{% endblock %}}'
    (tmp_path / "page.html.j2").write_text(text)
    assert '<p id="f">Nordlys||</p>' in icreport.render(handed_over(), "html", theme=str(tmp_path)).decode()


def test_hostile_front_matter_is_only_text():
    hostile = '"><script>alert(1)</script>\\"; } * { color: red } {{ 7 * 7 }}\0\u202e&A'
    said = dict.fromkeys(("client", "number", "revision", "status", "vessel"), hostile)
    said |= {"revisions": [{"description": hostile}], "approvals": [{"role": hostile, "name": hostile}]}
    report = handed_over(said)
    page = icreport.render(report, "html").decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert len(list(tree.iter("script"))) == 1
    assert "color: red }" not in "".join(each.text for each in tree.iter("style")).replace("\\", "")
    data = icreport.render(report, "pdf", theme="formal")
    assert problems(data) == []
    openpyxl.load_workbook(io.BytesIO(icreport.render(report, "xlsx")))


def test_what_is_said_survives_json():
    assert json.loads(handed_over().to_json())["icreport"]["document"] == SAID
