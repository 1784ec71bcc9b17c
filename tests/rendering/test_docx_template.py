"""A company's document as template: what is taken of it, and that nothing in it runs, fetches or is left behind."""

import io
import json
import re
import subprocess
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Inches, RGBColor
from PIL import Image

import icreport
from rendering.test_docx import VALIDATOR, cells

TABLE = icreport.Table(caption="T", columns=["A", "B"], rows=[("x", 1.5)])
WIDE = icreport.Table(columns=[f"Column {n}" for n in range(14)], rows=[range(14)])
REPORT = icreport.Report(name="R", elements=[icreport.Section(caption="S"), TABLE, WIDE, TABLE])
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 10), "navy").save(file, "PNG")
    file.seek(0)
    return file


@pytest.fixture
def company(tmp_path):
    """A document such as a company has for its letters: styles of its own, header with a logo, footer, draft text."""
    document = docx.Document()
    document.styles["Heading 1"].font.color.rgb = RGBColor(0xC0, 0x00, 0x00)
    text = document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    text.font.name = "Courier New"
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.header.paragraphs[0].add_run("Company Ltd").add_picture(picture())
    section.footer.paragraphs[0].text = "Registered in Bergen"
    document.add_paragraph("Secret draft")
    document.add_picture(picture())
    document.core_properties.keywords = "secret keyword"
    document.save(tmp_path / "company.docx")
    # As Word in German saves it: names are English, ids are not.
    data = changed(tmp_path / "company.docx", {"word/styles.xml": ('"Heading1"', '"berschrift1"')})
    (tmp_path / "company.docx").write_bytes(data)
    return tmp_path / "company.docx"


def changed(path, changes=None, added=None):
    """The document with texts in its parts replaced, and further parts."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, (old, new) in (changes or {}).items():
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in (parts | (added or {})).items():
            package.writestr(name, data)
    return target.getvalue()


def test_its_styles_header_footer_logo_and_page_are_those_of_the_document(company, tmp_path):
    icreport.write(REPORT, tmp_path / "out.docx", template=str(company))
    document = docx.Document(tmp_path / "out.docx")
    heading = next(each for each in document.paragraphs if each.text == "S")
    assert (heading.style.name, heading.style.font.color.rgb) == ("Heading 1", RGBColor(0xC0, 0x00, 0x00))
    assert cells(document.tables[0]) == [["A", "B"], ["x", "1.5"]]
    assert document.tables[0].rows[1].cells[0].paragraphs[0].style.font.name == "Courier New"
    assert [section.orientation.name for section in document.sections] == ["PORTRAIT", "LANDSCAPE", "PORTRAIT"]
    assert document.sections[0].page_width == Inches(8.5)
    for section in document.sections:
        assert section.header.paragraphs[0].text == "Company Ltd"
        assert section.footer.paragraphs[0].text == "Registered in Bergen"
    assert len(document.sections[0].header.part.related_parts) == 1
    assert "outlineLvl" in document.styles["Caption"].element.xml


def test_its_text_and_properties_stay_behind(company, tmp_path):
    icreport.write(REPORT, tmp_path / "out.docx", template=str(company))
    with zipfile.ZipFile(tmp_path / "out.docx") as package:
        whole = b"".join(package.read(name) for name in package.namelist())
        assert len([name for name in package.namelist() if "media" in name]) == 1
    assert b"Secret" not in whole
    assert b"secret" not in whole


@pytest.mark.parametrize("suffix", ["docx", "dotx"])
def test_a_document_by_a_template_is_valid(company, tmp_path, suffix):
    if not VALIDATOR.exists():
        pytest.skip("the validator is not installed")
    template = tmp_path / f"template.{suffix}"
    types = {"[Content_Types].xml": ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml")}
    template.write_bytes(changed(company, types) if suffix == "dotx" else company.read_bytes())
    icreport.write(REPORT, tmp_path / "out.docx", template=str(template), locale="ar")
    done = subprocess.run([VALIDATOR, tmp_path / "out.docx"], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["errors"] == []


def refused(path):
    with pytest.raises(icreport.OptionError) as error:
        icreport.render(REPORT, "docx", template=str(path))
    assert "\n" not in str(error.value)
    return str(error.value)


def related(company, kind, target, more=""):
    """The document with a further relation."""
    relation = f'<Relationship Id="x9" Type="{RELATIONS}/{kind}" Target="{target}"{more}/></Relationships>'
    return changed(company, {"word/_rels/document.xml.rels": ("</Relationships>", relation)})


def with_fields(company, *codes):
    """The document with parts of a field in its header."""
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return changed(company, {"word/header1.xml": ("</w:hdr>", f"<w:p>{runs}</w:p></w:hdr>")})


def with_macros(company):
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return changed(company, {"[Content_Types].xml": (word, "application/vnd.ms-word.document.macroEnabled.main+xml")})


def with_a_size_that_lies(company):
    """The document with a part that unpacks to more than it says."""
    target = io.BytesIO(company.read_bytes())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/big.xml", b"0" * (80 << 20))
        package.getinfo("word/big.xml").file_size = 10
    return target.getvalue()


def in_header(xml):
    """A maker of the document with more in its header."""
    return lambda path: changed(path, {"word/header1.xml": ("</w:hdr>", f"{xml}</w:hdr>")})


def in_settings(xml):
    """A maker of the document with another setting."""
    return lambda path: changed(path, {"word/settings.xml": ("<w:zoom", f"{xml}<w:zoom")})


def in_utf_7(path):
    header = {"word/header1.xml": ("encoding='UTF-8'", "encoding='UTF-7'")}
    return changed(path, header)


EXTERNAL = ' TargetMode="External"'
VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HOSTILE = {
    "macros": (with_macros, "macros"),
    "a project of macros": (lambda path: changed(path, added={"word/vbaProject.bin": b"x"}), "macros"),
    "a template": (lambda path: related(path, "attachedTemplate", "file:///c:/x.dotm", EXTERNAL), "outside"),
    "an image": (lambda path: related(path, "image", "http://192.0.2.1/x.png", EXTERNAL), "outside"),
    "a share": (lambda path: related(path, "hyperlink", "file://192.0.2.1/x", EXTERNAL), "outside"),
    "an object": (lambda path: related(path, "oleObject", "embeddings/x.bin"), "embedded"),
    "a chunk": (lambda path: related(path, "aFChunk", "x.html"), "embedded"),
    "DDE": (lambda path: with_fields(path, " DDEAUTO c:\\x "), "field"),
    "a text": (lambda path: with_fields(path, " INCLUDETEXT x "), "field"),
    "a field in parts": (lambda path: with_fields(path, "INCLUDE", "PICTURE x"), "field"),
    "entities": (
        lambda path: changed(path, {"word/header1.xml": ("<w:hdr", '<!DOCTYPE x [<!ENTITY a "b">]><w:hdr')}),
        "entities",
    ),
    "a relation in references to characters": (
        lambda path: related(path, "attachedTemplate", "http://192.0.2.1/x", ' TargetMode="Ext&#101;rnal"'),
        "outside",
    ),
    "a relation behind a bracket": (
        lambda path: related(path, "header", "http://192.0.2.1/x", ' Foo=">" TargetMode="External"'),
        "outside",
    ),
    "a target of several lines": (
        lambda path: related(path, "image", "http://192.0.2.1/&#10;x", EXTERNAL),
        "outside",
    ),
    "a field in CDATA": (lambda path: with_fields(path, "<![CDATA[INCLUDEPICTURE x]]>"), "field"),
    "a field around a comment": (lambda path: with_fields(path, "DDE<!-- -->AUTO x"), "field"),
    "a field in references to characters": (lambda path: with_fields(path, "&#68;DE x"), "field"),
    "a field in another": (
        in_header(
            '<w:p><w:r><w:instrText>IF </w:instrText><w:fldChar w:fldCharType="begin"/>'
            "<w:instrText>DDE x</w:instrText></w:r></w:p>"
        ),
        "field",
    ),
    "a field for the printer": (lambda path: with_fields(path, "PRINT 27"), "field"),
    "a field with another prefix": (
        in_header(f'<q:p xmlns:q="{WORD}"><q:r><q:instrText>DDE x</q:instrText></q:r></q:p>'),
        "field",
    ),
    "a simple field": (in_header("<w:p><w:fldSimple w:instr='DDE x'/></w:p>"), "field"),
    "a field that is a link": (lambda path: with_fields(path, ' HYPERLINK "file://192.0.2.1/x" '), "link"),
    "a field that is a link to a share": (
        lambda path: with_fields(path, r' HYPERLINK \o "x" "\\\\192.0.2.1\x" '),
        "link",
    ),
    "a picture in VML": (
        in_header(f'<w:p><w:r><w:pict><v:imagedata {VML} src="http://192.0.2.1/x"/></w:pict></w:r></w:p>'),
        "outside",
    ),
    "data for letters": (in_settings('<w:mailMerge><w:connectString w:val="DSN=x"/></w:mailMerge>'), "data"),
    "another encoding": (in_utf_7, "UTF-8"),
    "very many elements": (in_header("<w:p/>" * 1_000_000), "1,000,000 elements"),
    "a bomb": (lambda path: changed(path, added={"word/big.xml": b"0" * (80 << 20)}), "64 MiB"),
    "a bomb that says it is none": (with_a_size_that_lies, "no Word document (BadZipFile)"),
    "many parts": (lambda path: changed(path, added={f"word/{n}.xml": b"" for n in range(2_001)}), "2,000 parts"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_could_run_or_fetch_something_is_refused_in_one_line(company, tmp_path, what):
    make, said = HOSTILE[what]
    (tmp_path / "hostile.docx").write_bytes(make(company))
    assert said in refused(tmp_path / "hostile.docx")


def test_a_link_to_the_companys_page_may_stay(company, tmp_path):
    (tmp_path / "linked.docx").write_bytes(related(company, "hyperlink", "https://company.invalid", EXTERNAL))
    assert icreport.render(REPORT, "docx", template=str(tmp_path / "linked.docx"))


def test_fields_and_links_that_only_say_something_may_stay(company, tmp_path):
    codes = [
        " PAGE ",
        " SEQ Table ",
        r' HYPERLINK \l "here" ',
        ' HYPERLINK "https://company.invalid" ',
        ' DOCPROPERTY "Control link" ',
    ]
    for at, code in enumerate(codes):
        (tmp_path / f"{at}.docx").write_bytes(with_fields(company, code))
        assert icreport.render(REPORT, "docx", template=str(tmp_path / f"{at}.docx"))


def test_headers_of_sections_that_are_left_out_are_not_in_the_document(tmp_path):
    """The pages are those of the last section; what it takes over from one before is its own."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "For another client"
    document.sections[0].footer.paragraphs[0].text = "Company Ltd"
    last = document.add_section()
    last.header.is_linked_to_previous = False
    last.header.paragraphs[0].text = "Report"
    document.save(tmp_path / "company.docx")
    icreport.write(REPORT, tmp_path / "out.docx", template=str(tmp_path / "company.docx"))
    for section in docx.Document(tmp_path / "out.docx").sections:
        assert section.header.paragraphs[0].text == "Report"
        assert section.footer.paragraphs[0].text == "Company Ltd"
    with zipfile.ZipFile(tmp_path / "out.docx") as package:
        assert not [name for name in package.namelist() if b"For another client" in package.read(name)]


def test_notes_of_its_text_stay_behind(company, tmp_path):
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    line = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>secret</w:t></w:r></w:p></w:footnote>'
    (tmp_path / "noted.docx").write_bytes(related(company, "footnotes", "footnotes.xml"))
    notes = f'<w:footnotes xmlns:w="{WORD}">{line}{note}</w:footnotes>'.encode()
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{types}"/></Types>'
    data = changed(
        tmp_path / "noted.docx", {"[Content_Types].xml": ("</Types>", override)}, {"word/footnotes.xml": notes}
    )
    (tmp_path / "noted.docx").write_bytes(data)
    icreport.write(REPORT, tmp_path / "out.docx", template=str(tmp_path / "noted.docx"))
    with zipfile.ZipFile(tmp_path / "out.docx") as package:
        assert b"separator" in package.read("word/footnotes.xml")
        assert b"secret" not in package.read("word/footnotes.xml")


def test_what_is_no_document_is_refused_in_one_line(company, tmp_path):
    (tmp_path / "text.docx").write_text("no archive")
    (tmp_path / "empty.docx").write_bytes(b"")
    (tmp_path / "cut.docx").write_bytes(company.read_bytes()[:5000])
    with zipfile.ZipFile(tmp_path / "other.docx", "w") as package:
        package.writestr("a.txt", "x")
    icreport.write(REPORT, tmp_path / "book.xlsx")
    damaged = bytearray(company.read_bytes())
    damaged[900:1000] = b"\xff" * 100
    (tmp_path / "damaged.docx").write_bytes(damaged)
    (tmp_path / "broken.docx").write_bytes(changed(company, {"word/styles.xml": ("<w:styles", "<w:stiles")}))
    for name in ["text", "empty", "cut", "other", "damaged", "none", "broken"]:
        assert "cannot be used" in refused(tmp_path / f"{name}.docx")
    assert "cannot be used" in refused(tmp_path / "book.xlsx")
    assert "cannot be used" in refused(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"<w:sectPr.*?</w:sectPr>", ""),
        ("<w:pgSz", f'<w:headerReference xmlns:r="{RELATIONS}" r:id="none" w:type="default"/><w:pgSz'),
        (r"<w:pgSz[^>]*>", '<w:pgSz w:w="0" w:h="0"/>'),
        (r"<w:pgSz[^>]*>", '<w:pgSz w:w="wide" w:h="-1"/>'),
    ],
)
def test_a_section_that_is_odd_is_mended_or_refused_in_one_line(tmp_path, old, new):
    docx.Document().save(tmp_path / "plain.docx")
    with zipfile.ZipFile(tmp_path / "plain.docx") as package:
        text = package.read("word/document.xml").decode()
    data = changed(tmp_path / "plain.docx", {}, {"word/document.xml": re.sub(old, new, text, flags=re.DOTALL).encode()})
    (tmp_path / "odd.docx").write_bytes(data)
    if "wide" in new:
        assert "cannot be used" in refused(tmp_path / "odd.docx")
        return
    icreport.write(REPORT, tmp_path / "out.docx", template=str(tmp_path / "odd.docx"))
    assert not docx.Document(tmp_path / "out.docx").sections[0].header.paragraphs[0].text


def test_every_style_of_ours_is_added_once_where_a_template_lacks_it(company, tmp_path):
    icreport.write(REPORT, tmp_path / "out.docx", template=str(company))
    with zipfile.ZipFile(tmp_path / "out.docx") as package:
        styles = package.read("word/styles.xml").decode()
    ids = re.findall('w:styleId="([^"]*)"', styles)
    names = re.findall('<w:name w:val="([^"]*)"', styles)
    assert len(ids) == len(set(ids))
    assert len(names) == len({name.casefold() for name in names})
    assert set(re.findall('<w:basedOn w:val="([^"]*)"', styles)) <= set(ids)


def test_a_batch_makes_documents_anew_when_their_template_has_changed(company, tmp_path):
    source = tmp_path / "report.json"
    source.write_text(REPORT.to_json())

    def batch():
        return icreport.convert_many([source], tmp_path / "out", "docx", template=company, resume=True, workers=1)

    assert (batch().done, batch().unchanged) == (1, 1)
    document = docx.Document(company)
    document.sections[0].footer.paragraphs[0].text = "Registered in Oslo"
    document.save(company)
    assert batch().done == 1
    found = docx.Document(tmp_path / "out/report.docx")
    assert found.sections[0].footer.paragraphs[0].text == "Registered in Oslo"
