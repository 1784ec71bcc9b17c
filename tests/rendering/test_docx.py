"""DOCX: read back by python-docx, pandoc and LibreOffice, found valid by the Open XML SDK."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icreport
from icreport.model import Row
from rendering.formatted import register
from rendering.hostile import TEXTS

VALIDATOR = Path(__file__).parents[2] / ".venv/judges/node_modules/.bin/ooxml-validator"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
texts = st.one_of(st.sampled_from(TEXTS), st.text(max_size=12), st.text(" \t\n\r<>&\"'\x1f\x0b=", max_size=6))


def report(*elements, name="R"):
    return icreport.Report(name=name, elements=list(elements))


def rendered(*elements, name="R", **options):
    return icreport.render(report(*elements, name=name), "docx", **options)


def opened(*elements, **options):
    return docx.Document(io.BytesIO(rendered(*elements, **options)))


def part(data, name="word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def cells(table):
    """The texts of a table as python-docx has them, of a cell that spans several once."""
    return [
        [
            "\n".join("".join(shown(run) for run in each.iter(f"{W}r")) for each in cell.iter(f"{W}p"))
            for cell in row.iter(f"{W}tc")
        ]
        for row in table._tbl.iter(f"{W}tr")
    ]


def shown(run):
    marks = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(marks.get(child.tag) or (child.text or "" if child.tag == f"{W}t" else "") for child in run)


def expected(text):
    return NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def errors_of(*documents, folder):
    if not VALIDATOR.exists():
        pytest.skip("the validator is not installed")
    found = []
    for number, data in enumerate(documents):
        path = folder / f"{number}.docx"
        path.write_bytes(data)
        done = subprocess.run([VALIDATOR, path], capture_output=True, text=True, check=False)
        found += json.loads(done.stdout)["errors"]
    return found


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4), st.tuples(texts, texts), texts)
def test_every_text_comes_back(rows, heads, text):
    document = opened(icreport.Table(columns=heads, rows=rows), icreport.Paragraph(text=text), name=text or None)
    (table,) = document.tables
    assert cells(table) == [list(map(expected, row)) for row in (heads, *rows)]
    xml = document.element.xml
    assert "w:fldSimple" not in xml
    assert re.findall("<w:instrText[^>]*>([^<]*)", xml) == [r" SEQ Table \* ARABIC "]


def test_rows_that_go_in_are_rows_that_come_out_of_every_reader(tmp_path):
    rows = [(number, f"J-{number}", number / 4, None, "a\nb") for number in range(250)]
    data = rendered(icreport.Table(caption="Readings", columns=["No.", "Tag", "Depth", "Odd", "Lines"], rows=rows))
    (table,) = docx.Document(io.BytesIO(data)).tables
    found = cells(table)
    assert found[1:] == [[str(one), tag, str(depth), "", lines] for one, tag, depth, _, lines in rows]
    if not shutil.which("pandoc"):
        pytest.skip("pandoc is not installed")
    (tmp_path / "out.docx").write_bytes(data)
    read = subprocess.check_output(["pandoc", "-f", "docx", "-t", "html", tmp_path / "out.docx"], text=True)
    assert read.count("<tr") == 1 + len(rows)
    assert "<thead>" in read


def test_the_open_xml_sdk_finds_no_error(tmp_path):
    wide = icreport.Table(caption="W" * 40, columns=[f"Column {n}" for n in range(90)], rows=[range(90)])
    documents = [
        rendered(*register(30, new_page=True).elements, link="https://h/{sourceKey}?a=1&b=2"),
        rendered(
            icreport.Section(caption="One"),
            *[icreport.Table(caption=text, columns=[text, text], rows=[(text, 1.5)]) for text in TEXTS],
            wide,
            icreport.Paragraph(caption="P", text="\n\n".join(TEXTS)),
            icreport.Table(rows=[("Asset", "J1")]),
            icreport.Table(rows=[]),
            icreport.Table(columns=[], rows=[]),
            locale="ar",
            theme="formal",
        ),
        rendered(),
    ]
    assert errors_of(*documents, folder=tmp_path) == []


def test_looks_are_said_by_styles_alone():
    data = rendered(icreport.Section(caption="S"), *register(12).elements)
    document = docx.Document(io.BytesIO(data))
    assert {paragraph.style.name for paragraph in document.paragraphs} >= {"Title", "Heading 1", "Caption", "Normal"}
    assert {table.style.name for table in document.tables} == {"Report Table"}
    direct = (
        "b|i|u|sz|szCs|color|shd|rFonts|jc|spacing|ind|tcBorders|tblBorders|highlight|tabs|keepNext|pageBreakBefore"
    )
    assert not re.findall(rf"<w:(?:{direct})\b", part(data))


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\n\u0628"])
def test_a_line_end_in_a_cell_is_one_in_word(text):
    """As a character Word shows it as a blank."""
    xml = part(rendered(icreport.Table(columns=["A"], rows=[(text,)])))
    assert xml.count("<w:br/>") == 1
    assert "\n" not in xml[xml.index("<w:tbl>") : xml.index("</w:tbl>")]


def test_header_rows_repeat_and_rows_stay_whole():
    (table,) = opened(icreport.Table(columns=["A"], rows=[(1,), (2,)])).tables
    rows = table._tbl.tr_lst
    assert [row.trPr.find(f"{W}tblHeader") is not None for row in rows] == [True, False, False]
    assert all(row.trPr.find(f"{W}cantSplit") is not None for row in rows)
    assert table._tbl.tblPr.find(f"{W}tblLayout").get(f"{W}type") == "fixed"
    assert table._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val") == "Table 1"


def test_widths_are_those_that_later_rows_need():
    rows = [("x", 1)] * 1500 + [("a long remark that takes its place " * 8, 1)]
    (table,) = opened(icreport.Table(columns=["A", "B"], rows=rows)).tables
    first, second = (column.width for column in table.columns)
    assert first > 10 * second


def test_decimals_stand_under_each_other():
    rows = [(1, 0.5, "x"), (20, 12.25, "y")]
    document = opened(icreport.Table(columns=["A", "B", "C"], rows=rows))
    styles = [cell.paragraphs[0].style for cell in document.tables[0].rows[1].cells]
    assert [style.name for style in styles] == ["Table Number", "Table Number 1", "Table Text"]
    (tab,) = styles[1].paragraph_format.tab_stops
    assert tab.alignment.name == "DECIMAL"
    assert 0 < tab.position < document.tables[0].columns[1].width


def test_a_wide_table_has_a_page_across_and_what_follows_one_upright():
    wide = icreport.Table(columns=[f"Column {n}" for n in range(14)], rows=[range(14)])
    document = opened(icreport.Paragraph(text="x"), wide, icreport.Table(columns=["A"], rows=[(1,)]))
    assert [section.orientation.name for section in document.sections] == ["PORTRAIT", "LANDSCAPE", "PORTRAIT"]
    footers = {section.footer.paragraphs[-1].text for section in document.sections}
    assert footers == {"Page 1 of 1"}


def test_more_columns_than_word_has_go_on_in_further_tables():
    table = icreport.Table(caption="T", columns=[f"C{n}" for n in range(150)], rows=[range(150), range(150)])
    document = opened(table)
    assert [len(each.columns) for each in document.tables] == [63, 63, 26]
    assert {each.rows[1].cells[0].text for each in document.tables} == {"0"}
    assert sum(len(each.columns) for each in document.tables) == 150 + 2
    captions = [each.text for each in document.paragraphs if each.style.name == "Caption"]
    assert captions == ["Table 1\u2002T"] * 3


def test_groups_totals_and_marks_can_be_read_without_colours():
    document = opened(*register(8, groups=2).elements)
    rows = cells(document.tables[0])
    assert [row[0] for row in rows if len(row) == 1] == ["Leg 0", "Leg 1"]
    assert [row[0] for row in rows if row[0] in ("Subtotal", "Total")] == ["Subtotal", "Subtotal", "Total"]
    assert rows[2][0] == "!! Critical"
    xml = document.tables[0]._tbl.xml
    assert {"LookBad", "LookFair"} <= set(re.findall('rStyle w:val="(Look[A-Za-z]+)"', xml))
    assert "All of 137 rows" in [each.text for each in document.paragraphs if each.style.name == "Table Note"]


def test_each_group_starts_a_page_where_it_is_asked_for():
    (table,) = opened(register(8, groups=2, new_page=True).elements[0]).tables
    styles = [row.cells[0].paragraphs[0].style.name for row in table.rows]
    assert styles.count("Table Group") == styles.count("Table Group New Page") == 1


def test_rows_are_linked_to_their_records():
    table = icreport.Table(columns=["A"], rows=[Row(("x",), 'k"&<'), Row(("",), 7), Row(("z",))])
    (found,) = opened(table, link="https://h/?a=1&k={sourceKey}").tables
    links = [link for row in found.rows for link in row.cells[0].paragraphs[0].hyperlinks]
    assert [(link.text, link.address) for link in links] == [
        ("x", "https://h/?a=1&k=k%22%26%3C"),
        ("https://h/?a=1&k=7", "https://h/?a=1&k=7"),
    ]


def test_contents_lead_to_headings_and_captions():
    table = icreport.Table(caption="T & <T>", columns=["A"], rows=[(1,)])
    data = rendered(icreport.Section(caption="S"), table, table, icreport.Paragraph(caption="P", text="x"))
    xml = part(data)
    assert r'TOC \o "1-3" \h \z \u' in xml
    entries = re.findall('<w:hyperlink w:anchor="(_Toc[0-9]+)".*?</w:hyperlink>', xml)
    assert entries == re.findall('<w:bookmarkStart w:id="[0-9]+" w:name="(_Toc[0-9]+)"', xml)
    assert len(entries) == 4
    assert xml.count("PAGEREF") == 4
    levels = [
        level.get(f"{W}val")
        for level in docx.Document(io.BytesIO(data)).styles["Caption"].element.iter(f"{W}outlineLvl")
    ]
    assert levels == ["1"]
    assert "TOC " not in part(rendered(table))


def test_a_language_from_right_to_left_has_pages_tables_and_texts_from_there():
    data = rendered(
        icreport.Table(caption="\u062c\u062f\u0648\u0644", columns=["\u0623"], rows=[("\u0627\u0644\u0628",)]),
        locale="ar",
    )
    xml = part(data)
    assert "<w:bidiVisual/>" in xml
    assert "<w:bidi/>" in xml[xml.rindex("<w:sectPr") :]
    assert "<w:rtl/>" in xml
    assert '<w:lang w:val="en" w:eastAsia="ar" w:bidi="ar"/>' in part(data, "word/styles.xml")


@pytest.mark.parametrize(("locale", "latin"), [("zh", "en"), ("ja", "en"), ("nb", "nb"), ("pl", "pl")])
def test_latin_words_beside_chinese_are_not_chinese(locale, latin):
    """Readers would break them between any two letters."""
    styles = part(rendered(icreport.Paragraph(text="A long word"), locale=locale), "word/styles.xml")
    assert f'<w:lang w:val="{latin}" w:eastAsia="{locale}' in styles


def test_the_properties_say_what_the_document_is(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    properties = opened(icreport.Paragraph(text="x"), name="A & B", locale="nb").core_properties
    assert (properties.title, properties.language, properties.author) == ("A & B", "nb", "icreport")
    assert properties.created.isoformat().startswith("2023-11-14T22:13:20")


def test_equal_reports_are_equal_bytes_in_every_process(tmp_path):
    code = (
        "import icreport, sys; sys.path.insert(0, 'tests'); from rendering.formatted import register\n"
        "icreport.write(register(40), sys.argv[1], link='https://h/{sourceKey}')"
    )
    for seed in "12":
        environment = os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1700000000"}
        command = [sys.executable, "-c", code, tmp_path / f"{seed}.docx"]
        subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2])
    assert (tmp_path / "1.docx").read_bytes() == (tmp_path / "2.docx").read_bytes()


def test_a_missing_library_is_named_with_the_line_that_installs_it(tmp_path):
    code = "import sys; sys.modules['docx'] = None; import icreport; icreport.convert({'elements': []}, sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "x.docx"], capture_output=True, text=True, check=False
    )
    assert "MissingExtraError: writing DOCX needs an optional dependency (pip install 'icreport[docx]')" in done.stderr


def test_very_many_rows_are_told(tmp_path):
    table = icreport.Table(columns=["A"], rows=[(1,)] * 20_001)
    (told,) = icreport.convert(report(table).to_json(), tmp_path / "out.docx").warnings
    assert (told.code, told.loss) == ("large-document", False)


def picture(size=(40, 30)):
    file = io.BytesIO()
    PIL.Image.new("RGB", size, "navy").save(file, "PNG")
    return file.getvalue()


def test_images_are_in_the_text_with_what_is_said_of_them(tmp_path):
    shown = icreport.Image(picture((4000, 100)), caption='Weld "12" & <a>', alt="A crack & its <toe>")
    data = rendered(icreport.Section(caption="S"), shown, icreport.Image(picture()), icreport.Paragraph(text="x"))
    document = docx.Document(io.BytesIO(data))
    first, second = document.inline_shapes
    assert (first._inline.docPr.get("descr"), second._inline.docPr.get("descr")) == ("A crack & its <toe>", "Figure 2")
    width = document.sections[0].page_width - document.sections[0].left_margin - document.sections[0].right_margin
    assert abs(first.width - width) < 10_000
    captions = [each.text for each in document.paragraphs if each.style.name == "Figure Caption"]
    assert captions == ['Figure 1\u2002Weld "12" & <a>', "Figure 2"]
    assert errors_of(data, folder=tmp_path) == []


def test_an_image_that_cannot_be_shown_is_told_and_its_caption_stays(tmp_path):
    broken = icreport.Image(picture()[:60], caption="Weld")
    result = icreport.convert(report(broken).to_json(), tmp_path / "out.docx")
    assert [(told.code, told.loss) for told in result.warnings] == [("lost-image", True)]
    lines = [each.text for each in docx.Document(tmp_path / "out.docx").paragraphs]
    assert lines[-2:] == ["This image cannot be shown.", "Figure 1\u2002Weld"]


def test_a_chart_is_a_picture_with_its_description(tmp_path):
    spec = {"mark": "bar", "encoding": {"x": {"field": "A"}, "y": {"field": "B", "type": "quantitative"}}}
    data = rendered(icreport.Chart(spec, caption="Findings", columns=["A", "B"], rows=[("x", 1), ("y", 2)]))
    (shape,) = docx.Document(io.BytesIO(data)).inline_shapes
    assert shape._inline.docPr.get("descr").startswith("Findings. Bar chart")
    assert errors_of(data, folder=tmp_path) == []


def test_front_matter_is_on_the_first_page_on_every_page_and_in_the_properties(tmp_path):
    document = {
        "client": "A & B",
        "number": "X-1",
        "revision": "02",
        "status": "Issued",
        "vessel_name": "Nordlys",
        "headings": "numbered",
        "lists": True,
        "revisions": [{"revision": "01", "date": "2026-09-04", "description": "<First>"}],
        "approvals": [{"role": "Approved"}],
    }
    elements = [icreport.Section(caption="S"), icreport.Table(caption="T", columns=["A"], rows=[(1,)])]
    elements.append(icreport.Image(picture(), caption="Weld"))
    data = icreport.render(icreport.Report(name="R", elements=elements, document=document), "docx")
    found = docx.Document(io.BytesIO(data))
    facts, revisions, approvals, _ = map(cells, found.tables)
    assert facts[0] == ["Client", "A & B"]
    assert revisions == [["Rev.", "Date", "Description"], ["01", "2026-09-04", "<First>"]]
    assert approvals == [["Role", "Name", "Signature", "Date"], ["Approved", "", "", ""]]
    assert [each.text for each in found.sections[0].header.paragraphs] == ["X-1 \u00b7 Rev. 02"]
    properties = found.core_properties
    assert (properties.identifier, properties.version, properties.content_status) == ("X-1", "02", "Issued")
    custom = part(data, "docProps/custom.xml")
    assert '"Document number"><vt:lpwstr>X-1<' in custom
    assert '"Vessel name"><vt:lpwstr>Nordlys<' in custom
    assert next(each.text for each in found.paragraphs if each.style.name == "Heading 1") == "1\u2002S"
    assert re.findall(r'TOC \\h \\z \\c "([A-Za-z]+)"', part(data)) == ["Table", "Figure"]
    assert errors_of(data, folder=tmp_path) == []


def test_a_cell_that_changed_says_what_it_was():
    columns = [icreport.Column(caption="A"), icreport.Column(caption="B")]
    old = icreport.Report(elements=[icreport.Table(caption="T", columns=columns, rows=[Row(("k", 1), 7)])])
    new = icreport.Report(elements=[icreport.Table(caption="T", columns=columns, rows=[Row(("k", 2), 7)])])
    comparison = icreport.compare(old, new).report
    for format in ("docx", "md"):
        assert "1 \u2192 2" in text_of(icreport.render(comparison, format), format)


def text_of(data, format):
    return data.decode() if format == "md" else part(data)
