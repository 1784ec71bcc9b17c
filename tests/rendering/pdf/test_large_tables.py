import io
import logging

import pikepdf
import pytest

import icreport
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.report import Report
from icreport.model.rows import Row
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pdf_text import is_painted
from rendering.pdf.pictures import assert_look_alike, text_of

pytestmark = pytest.mark.usefixtures("fixed_date")
HEADS = ["Asset", "Depth", "Inspected", "Status", "Remarks", "Workpack"]


@pytest.fixture
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def table(caption, count):
    states = ["Open", "Closed", "Critical", None]
    rows = [
        (
            f"J-{i:04}",
            i * 7 % 100 / 8,
            f"2024-{i % 12 + 1:02}-{i % 28 + 1:02}",
            states[i % 4],
            " ".join(["corrosion of riser", "(pitting)", "see A-B/12"][: i % 4]) + ("\nagain" if i % 9 == 0 else ""),
            None if i % 5 == 0 else "Arbeitsgänge 中文" if i % 7 == 0 else "Workpack A",
        )
        for i in range(count)
    ]
    return Table(caption=caption, columns=HEADS, rows=rows)


def paragraph(text):
    return Paragraph(data={"text": [{"value": text}]})


def both(report, **options):
    return [icreport.render(report, "pdf", painter=painter, **options) for painter in ("auto", "off")]


@pytest.mark.parametrize("theme", ["house", "compact", "formal"])
def test_painted_tables_look_and_read_like_laid_out_ones(theme):
    report = Report(name="Anomalies", elements=[paragraph("Before."), table("All", 150), paragraph("After.")])
    painted, plain = both(report, theme=theme)
    assert is_painted(painted)
    assert not is_painted(plain)
    assert text_of(painted) == text_of(plain)
    assert_look_alike(painted, plain)


@pytest.mark.parametrize("values", [1, 3, 12])
def test_tables_of_labels_and_values_are_painted_too(values):
    rows = [
        (f"Label {n}" + " of several lines, here and there" * (n % 7 == 0), *["text " * (n % 30)] * values)
        for n in range(130)
    ]
    report = Report(name="Labels", elements=[Table(columns=[], rows=rows), paragraph("After.")])
    painted, plain = both(report)
    assert is_painted(painted)
    assert text_of(painted) == text_of(plain)
    assert_look_alike(painted, plain)
    assert list(problems(painted)) == []


def test_a_table_whose_first_remark_is_higher_than_a_page_is_painted():
    rows = [(n, None if n < 5 else "long text " * (1500 if n == 5 else n % 4)) for n in range(150)]
    painted = icreport.render(Report(name="R", elements=[Table(columns=["A", "B"], rows=rows)]), "pdf")
    assert is_painted(painted)
    assert text_of(painted).count("long text") >= 1500


def test_contents_and_page_numbers_count_painted_pages():
    report = Report(
        name="Two tables",
        elements=[
            Section(caption="First part"),
            table("Anomalies", 150),
            Section(caption="Second part"),
            paragraph("Between."),
            table("Others", 200),
            Section(caption="Last part"),
            paragraph("The end."),
        ],
    )
    painted, plain = both(report)
    assert is_painted(painted)
    assert text_of(painted) == text_of(plain)


def linked_report():
    """Two tables, of which rows lead to their records but for some, and some show nothing in their first column."""
    tables = [table("All", 200), table("Others", 120)]
    rows = [
        [
            Row(("", *row.values[1:]) if i % 11 == 3 else row.values, None if i % 7 == 2 else f"K {i}(é)")
            for i, row in enumerate(one.rows)
        ]
        for one in tables
    ]
    rows[0][50] = Row(("very long " * 11 + "text", *rows[0][50].values[1:]), 50)
    return Report(
        name="Linked",
        elements=[
            Table(caption=one.caption, columns=HEADS, rows=some, source_business_object="Ä")
            for one, some in zip(tables, rows, strict=True)
        ],
    )


def corners(rectangle):
    """Give a rectangle from its lower left to its upper right corner, which files may have in any order."""
    x1, y1, x2, y2 = map(float, rectangle)
    return [min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)]


def links_of(data):
    """Give the address and place of each link, page by page."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            [(str(link.A.URI), corners(link.Rect)) for link in page.get("/Annots", []) if "/A" in link]
            for page in pdf.pages
        ]


def joined(links):
    """Make one of the links to an address that follow each other: WeasyPrint has one for each line."""
    found = []
    for address, place in links:
        if found and found[-1][0] == address:
            both_places = zip(found[-1][1], place, (min, min, max, max), strict=True)
            found[-1] = address, [outer(one, other) for one, other, outer in both_places]
        else:
            found.append((address, place))
    return found


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # WeasyPrint leaves a file open
@pytest.mark.parametrize("variant", ["pdf/ua-1", "pdf/a-3u"])
def test_painted_rows_lead_where_laid_out_ones_do(variant):
    link = "https://host/?q={sourceKey}#/{sourceBusinessObject}"
    painted, plain = both(linked_report(), link=link, pdf_variant=variant)
    assert is_painted(painted)
    assert text_of(painted) == text_of(plain)
    assert problems(painted, variant) == []
    ours, theirs = links_of(painted), links_of(plain)
    assert len(ours) == len(theirs)
    for page, expected in zip(ours, theirs, strict=True):
        found, wanted = joined(page), joined(expected)
        assert [address for address, _ in found] == [address for address, _ in wanted]
        for (_, place), (_, wanted_place) in zip(found, wanted, strict=True):
            assert place == pytest.approx(wanted_place, abs=0.05)
    assert_look_alike(painted, plain)


def test_what_the_painter_does_not_know_is_laid_out_and_told(tmp_path, caplog):
    (tmp_path / "theme.toml").write_text("")
    (tmp_path / "theme.css").write_text("td { text-align: justify !important }")
    report = Report(name="Justified", elements=[table("All", 130)])
    with caplog.at_level(logging.INFO, "icreport"):
        painted, plain = both(report, theme=str(tmp_path))
    assert "text is justified" in caplog.text
    assert painted == plain


def test_a_short_table_is_laid_out():
    report = Report(name="Short", elements=[table("Few", 90)])
    painted, plain = both(report)
    assert painted == plain


@pytest.mark.parametrize("columns", [[], ["Item"]])
def test_rows_without_cells_are_no_matter_how_many_there_are(columns):
    report = Report(name="Empty", elements=[Table(caption="Empty", columns=columns, rows=[()] * 130)])
    painted, plain = both(report)
    assert "Empty" in text_of(painted)
    assert text_of(painted) == text_of(plain)


def test_blanks_times_and_yes_or_no_are_painted_as_they_are_laid_out():
    rows = [("    Brace" if row % 2 else "a  b\tc", "2026-08-24T06:29:00+02:00", row % 2 == 0) for row in range(130)]
    painted, plain = both(Report(elements=[Table(columns=["Item", "At", "Done"], rows=rows)]))
    assert is_painted(painted)
    assert text_of(painted) == text_of(plain)
    assert text_of(painted).count("2026-08-24 06:29+02:00") == 130
    assert "Yes" in text_of(painted)
    assert_look_alike(painted, plain)


def test_painted_rows_are_in_the_language_that_is_asked_for():
    rows = [(number + 0.5, "2026-01-31") for number in range(180)]
    data = icreport.render(Report(elements=[Table(columns=["N", "D"], rows=rows)]), "pdf", locale="de")
    assert is_painted(data)
    text = text_of(data)
    assert "179,5" in text
    assert text.count("31.01.2026") == 180


@pytest.mark.parametrize(
    "built",
    [
        {"columns": ["Depth", ""], "rows": [(number, "x") for number in range(180)]},
        {"columns": ["Depth"], "categories": [f"Leg {n}" for n in range(180)], "rows": [(n,) for n in range(180)]},
    ],
    ids=["blank head", "categories"],
)
def test_a_blank_head_heads_nothing_and_a_category_its_row(built):
    data = icreport.render(Report(name="Heads", elements=[Table(caption="Heads", **built)]), "pdf")
    assert is_painted(data)
    assert list(problems(data)) == []


MIXED = [
    "الفحص ",
    "שלום ",
    "עולם",
    "😀 ",
    "田中 ",
    "สวัสดี ",
    "निरीक्षण ",
    "abc ",
    "a الفحص",
    "الفحص a ",
    "a\nb ",
    "a\n ",
    "x ✓ ",
]


def test_blanks_at_the_end_of_text_of_any_script_change_no_height():
    rows = [(f"A-{number}", MIXED[number % len(MIXED)]) for number in range(150)]
    report = Report(name="Blanks", elements=[Table(caption="Blanks", columns=["No.", "Text"], rows=rows)])
    painted, plain = both(report)
    assert is_painted(painted)
    assert_look_alike(painted, plain)


@pytest.mark.parametrize("css", ["table::after { content: 'end' }", "tr > :nth-child(2) { display: none }"])
def test_a_theme_that_changes_the_cells_of_a_table_has_it_laid_out(tmp_path, css):
    (tmp_path / "theme.css").write_text(css)
    report = Report(name="Cells", elements=[table("All", 130)])
    assert not is_painted(icreport.render(report, "pdf", theme=str(tmp_path)))
