"""What reads a PDF aloud finds one table where there is one, over however many pages."""

import io
import re

import pikepdf
import pytest

import icreport
from icreport.model.elements import Paragraph, Table
from icreport.model.report import Report
from icreport.model.rows import Row
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pdf_structure import kids_of


def elements_of(element):
    """Give an element of the structure and all that are in it, in the order in which they are read."""
    yield element
    for kid in kids_of(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements_of(kid)


def tables_of(pdf):
    """Give the rows of each table, each the elements of its cells."""
    (document,) = pdf.Root.StructTreeRoot.K
    for table in elements_of(document):
        if table.S == "/Table":
            yield [kids_of(row) for row in elements_of(table) if row.S == "/TR"]


def report_of(count, *, heads=("A", "B"), tall=None):
    rows = [Row((f"row {n}", "long text " * (1200 if n == tall else n % 4)), n) for n in range(count)]
    return Report(
        name="R",
        elements=[
            Paragraph(data={"text": "Before."}),
            Table(caption="First", columns=list(heads), rows=rows),
            Paragraph(data={"text": "Between."}),
            Table(caption="Second", columns=list(heads), rows=rows),
        ],
    )


@pytest.mark.parametrize("theme", ["house", "formal"])
@pytest.mark.parametrize(
    ("count", "painter"), [(90, "off"), (160, "off"), (160, "auto")], ids=["whole", "bands", "painted"]
)
def test_a_table_over_many_pages_is_one_table(count, painter, theme):
    data = icreport.render(report_of(count), "pdf", painter=painter, theme=theme)
    assert list(problems(data)) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        tables = list(tables_of(pdf))
        assert [len(table) for table in tables] == [count + 1] * 2
        for head, *rows in tables:
            assert [str(cell.S) for cell in head] == ["/TH", "/TH"]
            for row in rows:
                assert [str(cell.S) for cell in row] == ["/TD", "/TD"]
                assert [[str(name) for name in cell.A.Headers] for cell in row] == [[str(cell.ID)] for cell in head]


def test_a_row_that_is_split_is_one_row():
    with pikepdf.open(io.BytesIO(icreport.render(report_of(60, tall=30), "pdf"))) as pdf:
        (head, *rows), _ = tables_of(pdf)
        assert {str(list(row[1].A.Headers)) for row in rows} == {str([head[1].ID])}
        pages = [{kid.Pg.objgen for kid in kids_of(row[1])} for row in rows]
    assert [at for at, found in enumerate(pages) if len(found) > 1] == [30]


def test_a_table_without_heads_is_one_table_too():
    with pikepdf.open(io.BytesIO(icreport.render(report_of(120, heads=()), "pdf"))) as pdf:
        tables = [[[str(cell.S) for cell in row] for row in rows] for rows in tables_of(pdf)]
    assert tables == [[["/TH", "/TD"]] * 120] * 2


@pytest.mark.parametrize("painter", ["auto", "off"])
def test_margins_of_pages_and_repeated_heads_are_no_content(painter):
    with pikepdf.open(io.BytesIO(icreport.render(report_of(130), "pdf", painter=painter))) as pdf:
        assert len(pdf.pages) > 5
        for page in pdf.pages:
            shown = texts_of(page)
            assert any("Page" in text for text in shown[True])
            assert not any("Page" in text for text in shown[False])
        assert "A" in texts_of(pdf.pages[0])[False]
        assert "A" in texts_of(pdf.pages[1])[True]


def texts_of(page):
    """Give the texts of a page that are artifacts, and those that are not."""
    shown, marks = {True: [], False: []}, []
    fonts = {name: unicode_of(font) for holder in [page.resources.get("/Font", {})] for name, font in holder.items()}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("BMC", "BDC"):
            marks.append(str(operands[0]))
        elif str(operator) == "EMC":
            marks.pop()
        elif str(operator) == "Tf":
            font = fonts[str(operands[0])]
        elif str(operator) == "TJ":
            codes = b"".join(bytes(part) for part in operands[0] if isinstance(part, pikepdf.String))
            shown["/Artifact" in marks].append("".join(font[codes[at : at + 2]] for at in range(0, len(codes), 2)))
    return shown


def unicode_of(font):
    pairs = re.findall(rb"<(\w{4})> <(\w+)>", font.ToUnicode.read_bytes())
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_an_attachment_is_named_once():
    data = icreport.render(report_of(3), "pdf", pdf_variant="pdf/a-3u", attach_source=True)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.Root.AF) == 1
