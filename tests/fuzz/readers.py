"""Reads documents back with programs that are not ours, which must find them valid."""

import csv
import io
import zipfile

import docx
import html5lib
import pypdf
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook

csv.field_size_limit(1 << 30)
MARKDOWN = MarkdownIt("gfm-like")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_csv(data, result):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    shown = [element for element in result.elements if element.type == "table"]
    if len(shown) == 1:
        assert len(rows) - shown[0].rows_out in {0, 1}, "not a line for each row"
        assert len({len(row) for row in rows if row}) <= 1, "lines of several lengths"


def read_html(data, result):
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(data)
    assert len(page.findall(".//script")) == 1
    assert len(page.findall(".//tbody/tr")) == result.rows, "not a line for each row"


def read_xlsx(data, result):
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    lengths = [len(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    assert lengths, "no sheet"


def read_pdf(data, result):
    document = pypdf.PdfReader(io.BytesIO(data), strict=True)
    assert "".join(page.extract_text() for page in document.pages).strip() or not result.rows


def read_docx(data, result):
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    document = docx.Document(io.BytesIO(data))
    rows = sum(len(table._tbl.tr_lst) - len(table._tbl.findall(f".//{W}tblHeader")) for table in document.tables)
    assert rows >= result.rows, "not a row for each row"


def read_md(data, result):
    tokens = MARKDOWN.parse(data.decode("utf-8"))
    rows = [token.type for token in tokens].count("tr_open") - [token.type for token in tokens].count("thead_open")
    assert rows >= result.rows, "not a row for each row"
    assert not {token.type for token in tokens} & {"code_block", "fence", "html_block", "blockquote_open"}


READERS = {"csv": read_csv, "docx": read_docx, "html": read_html, "md": read_md, "xlsx": read_xlsx, "pdf": read_pdf}
