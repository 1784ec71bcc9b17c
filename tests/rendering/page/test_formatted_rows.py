import html5lib
import pytest

import icreport
from icreport.rendering.table_format import Range, rounded
from icreport.values import ExactFloat
from rendering.formatted import SAMPLE, register

TH = "{http://www.w3.org/1999/xhtml}th"


def page_of(report, **options):
    return icreport.render(report, "html", **options).decode()


def parsed(page):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def texts(row):
    return ["".join(cell.itertext()) for cell in row]


def test_each_group_has_a_body_whose_heading_heads_its_rows():
    document = parsed(page_of(icreport.read(SAMPLE)))
    bodies = list(document.iter("tbody"))
    headings = [body.find("tr/th") for body in bodies]
    assert [heading.get("scope") for heading in headings] == ["rowgroup"] * 3
    assert [heading.text for heading in headings] == ["Jacket leg", 'Riser "A" & <b>', "\N{EM DASH}"]
    assert [len(body.findall("tr")) for body in bodies] == [5, 4, 3]
    assert [body.get("class") for body in bodies] == [None, "new-page", "new-page"]
    assert "Component" not in [head.text for head in document.find(".//thead/tr")]


def test_totals_are_the_foot_of_the_table_and_the_note_stands_under_it():
    document = parsed(page_of(icreport.read(SAMPLE)))
    (foot,) = document.iter("tfoot")
    assert texts(foot.find("tr")) == ["6", "4", "5.0", "97.80", "2025-12-31", "0.3", "Total", ""]
    assert [cell.tag for cell in foot.find("tr")][6] == "th"
    notes = [note.text for note in document.iter("p") if note.get("class") == "remark"]
    assert notes[0].startswith("6 of 137 rows: Status not Closed\n")


def test_numbers_show_the_decimals_asked_for_and_keep_their_value():
    document = parsed(page_of(icreport.read(SAMPLE), locale="de"))
    cell = next(document.iter("tbody")).findall("tr")[1].findall("td")[2]
    assert (cell.text, cell.get("data-value")) == ("3,3", "3.27")


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (2.5, 0, "3"),
        (-0.04, 1, "0.0"),
        (12, 2, "12.00"),
        (ExactFloat("12.10"), 3, "12.100"),
        (ExactFloat("1e300"), 2, "1e300"),
        (10**60, 1, str(10**60)),
        (True, 1, "True"),
        ("12.345", 1, "12.345"),
    ],
)
def test_rounding_is_that_of_a_workbook(value, decimals, shown):
    assert str(rounded(value, decimals)) == shown


def test_bars_start_at_zero_and_scales_at_the_least_number():
    both = Range(-1.0, 3.0)
    assert [both.bar(value) for value in (-1, 0, 3, 1, "x", None, True)] == [
        (0, 25), None, (25, 100), (25, 50), None, None, None
    ]  # fmt: skip
    assert Range(1e308, -1e308).place(0) is not None
    assert [Range(2.0, 4.0).place(value) for value in (2, 3, 4)] == [0.0, 0.5, 1.0]


def test_a_large_group_goes_on_in_further_bodies_and_no_row_is_lost():
    document = parsed(page_of(register(700, groups=1)))
    assert [len(body.findall("tr")) for body in document.iter("tbody")] == [250, 250, 202]
    keys = [row.get("data-source-key") for row in document.iter("tr") if row.get("data-source-key")]
    assert keys == list(map(str, range(700)))


def test_bodies_of_a_large_table_say_how_high_they_will_be():
    document = parsed(page_of(register(1300, groups=100)))
    assert {body.get("class") for body in document.iter("tbody")} == {"r4"}
    assert "tbody class" not in page_of(register(300, groups=100))


def test_a_table_that_says_nothing_has_nothing_of_it_in_its_page():
    plain = page_of(icreport.Report(elements=[icreport.Table(columns=["A"], rows=[(1,)])]))
    assert "rowgroup" not in plain
    assert ".remark" not in plain


def test_what_is_said_can_do_no_harm():
    hostile = '</style><script>alert(1)</script>"=1+1'
    column = icreport.model.Column(
        caption=hostile,
        format=icreport.model.ColumnFormat(unit=hostile, total="count", marks=[{"contains": hostile, "look": "bad"}]),
    )
    table = icreport.Table(
        format=icreport.model.TableFormat(note=hostile * 500, grouped_by=["G"]),
        columns=[column, "G"],
        rows=[(hostile, hostile)],
    )
    report = icreport.Report(elements=[table])
    page = page_of(report, script=False)
    assert "<script" not in page
    parsed(page)


def test_a_scan_is_shown_as_what_was_read(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    path = tmp_path / "report.json"
    path.write_text(register(1200, groups=3).to_json())
    with icreport.scan(path) as scanned:
        assert page_of(scanned) == page_of(icreport.read(path))


@pytest.mark.parametrize("format", ["html", "pdf", "xlsx"])
@pytest.mark.parametrize(
    "rows", [[], [(None, None)], [(1e308, "a"), (-1e308, "a"), (10**400, "b"), (True, "")]], ids=len
)
def test_tables_without_rows_and_with_the_largest_numbers_are_shown(format, rows):
    said = icreport.model.ColumnFormat(
        total="sum", bar=True, scale=True, decimals=2, marks=[{"at_least": 1, "look": "bad"}]
    )
    columns = [icreport.model.Column(caption="N", format=said), "G"]
    for grouped_by in (None, ["G"], ["N", "G"]):
        table = icreport.Table(format=icreport.model.TableFormat(grouped_by=grouped_by), columns=columns, rows=rows)
        assert icreport.render(icreport.Report(elements=[table]), format)
