"""Reads documents back with programs that are not ours, which must find them valid."""

import csv
import io
import zipfile

import html5lib
import pypdf
from python_calamine import CalamineWorkbook

csv.field_size_limit(1 << 30)


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


READERS = {"csv": read_csv, "html": read_html, "xlsx": read_xlsx, "pdf": read_pdf}
