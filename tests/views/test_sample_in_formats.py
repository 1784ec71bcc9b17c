"""The sample with its view, in five formats, read with programs that did not write them."""

import csv
import io
import json
from collections import Counter

import html5lib
import pypdf
import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook

import icreport
from viewing import SAMPLE

VIEW = SAMPLE.with_suffix(".toml")
CAPTION = "Open anomalies, the worst first"


@pytest.fixture(scope="module")
def register():
    """The open anomalies of the sample, as its JSON has them, by component."""
    elements = json.loads(SAMPLE.read_text("utf-8"))["elements"]
    data = next(one for one in elements if one.get("caption") == "Anomaly register")["data"]
    names = [column["caption"] for column in data["columns"]]
    rows = [dict(zip(names, [cell["value"] for cell in row["cells"]], strict=True)) for row in data["rows"]]
    return [row for row in rows if row["Status"] != "Closed"]


def rendered(kind, **options):
    target = io.BytesIO()
    icreport.convert(SAMPLE, target, format=kind, view=VIEW, **options)
    return target.getvalue()


def test_html_has_headings_subtotals_and_the_note(register):
    page = html5lib.parse(rendered("html"), namespaceHTMLElements=False)
    tables = {
        "".join(one.find("caption").itertext()): one for one in page.iter("table") if one.find("caption") is not None
    }
    table = next(one for caption, one in tables.items() if caption.startswith(CAPTION))
    groups = ["".join(one.itertext()).strip() for one in table.iter("th") if one.get("scope") == "rowgroup"]
    assert groups == sorted({row["Component"] for row in register}, key=str.casefold)
    foot = ["".join(cell.itertext()).strip() for cell in table.find("tfoot").iter() if cell.tag in {"td", "th"}]
    assert foot[0] == "32"
    assert str(min(row["Elevation (m)"] for row in register)) in foot
    assert "32 of 42 rows: Status not Closed" in "".join(page.itertext())


def test_pdf_has_the_rows_in_their_order(register):
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(rendered("pdf"))).pages)
    assert "Open anomalies of Heimdal Nord" in text
    numbers = [word for word in text.split() if word in {row["No."] for row in register}]
    assert Counter(numbers) == Counter(row["No."] for row in register)
    assert "32 of 42 rows: Status not Closed" in " ".join(text.split())


def test_a_workbook_has_the_values_and_the_totals(register):
    book = CalamineWorkbook.from_filelike(io.BytesIO(rendered("xlsx")))
    sheet = next(name for name in book.sheet_names if name.startswith("Open anomalies, the"))
    rows = book.get_sheet_by_name(sheet).to_python()
    head = next(at for at, row in enumerate(rows) if "Criticality" in row)
    column = rows[head].index("Elevation (m)")
    lows = [row[column] for row in rows[head + 1 :] if isinstance(row[column], float)]
    assert min(lows) == min(row["Elevation (m)"] for row in register)
    assert len(lows) == len(register) + len({row["Component"] for row in register}) + 1


def test_data_formats_have_the_rows_and_their_order(register):
    order = ["Critical", "Major", "Minor", "Observation"]
    wanted = sorted(
        register, key=lambda row: (row["Component"].casefold(), order.index(row["Criticality"]), -row["Elevation (m)"])
    )
    rows = list(csv.DictReader(io.StringIO(rendered("csv", table=CAPTION).decode())))
    assert [row["No."] for row in rows] == [row["No."] for row in wanted]
    found = parquet.read_table(io.BytesIO(rendered("parquet", table=CAPTION))).to_pydict()
    assert found["No."] == [row["No."] for row in wanted]
    assert found["Elevation (m)"] == [row["Elevation (m)"] for row in wanted]
    crossed = list(
        csv.DictReader(io.StringIO(rendered("csv", table="Open anomalies by component and criticality").decode()))
    )
    counted = Counter((row["Component"], row["Criticality"]) for row in register)
    assert {
        (row["Component"], name): int(row[name]) for row in crossed for name in order if row[name] != "0"
    } == counted
