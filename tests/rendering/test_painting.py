import io
import logging

import pytest
from pdfminer.high_level import extract_text
from PIL import ImageChops

import icreport
from icreport.model import Paragraph, Report, Section, Table
from tests.rendering.painter.conftest import pages_as_pictures  # noqa: F401 - a fixture

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


def is_painted(data):
    return b"/W[1 5 2]" in data


@pytest.mark.parametrize("theme", ["house", "compact", "formal"])
def test_painted_tables_look_and_read_like_laid_out_ones(theme, pages_as_pictures):  # noqa: F811
    report = Report(name="Anomalies", elements=[paragraph("Before."), table("All", 420), paragraph("After.")])
    painted, plain = both(report, theme=theme)
    assert is_painted(painted)
    assert not is_painted(plain)
    assert extract_text(io.BytesIO(painted)) == extract_text(io.BytesIO(plain))
    ours, theirs = pages_as_pictures(painted, "painted"), pages_as_pictures(plain, "plain")
    assert len(ours) == len(theirs)
    for page, expected in zip(ours, theirs, strict=True):
        differences = ImageChops.difference(page, expected).histogram()
        assert sum(differences[9:]) < 0.005 * page.width * page.height


def test_contents_and_page_numbers_count_painted_pages():
    report = Report(
        name="Two tables",
        elements=[
            Section(caption="First part"),
            table("Anomalies", 400),
            Section(caption="Second part"),
            paragraph("Between."),
            table("Others", 500),
            Section(caption="Last part"),
            paragraph("The end."),
        ],
    )
    painted, plain = both(report)
    assert is_painted(painted)
    assert extract_text(io.BytesIO(painted)) == extract_text(io.BytesIO(plain))


def test_a_table_with_links_is_laid_out_whole():
    report = Report(name="Linked", elements=[table("All", 400)])
    painted, plain = both(report, link="https://host/{sourceKey}")
    assert not is_painted(painted)
    assert extract_text(io.BytesIO(painted)) == extract_text(io.BytesIO(plain))


def test_what_the_painter_does_not_know_is_laid_out_and_told(tmp_path, caplog):
    (tmp_path / "theme.toml").write_text("")
    (tmp_path / "theme.css").write_text("td { text-align: justify !important }")
    report = Report(name="Justified", elements=[table("All", 320)])
    with caplog.at_level(logging.INFO, "icreport"):
        painted, plain = both(report, theme=str(tmp_path))
    assert "text is justified" in caplog.text
    assert painted == plain


def test_a_short_table_is_laid_out():
    report = Report(name="Short", elements=[table("Few", 100)])
    painted, plain = both(report)
    assert painted == plain
