"""What Chromium prints, read back with pdftotext."""

import re
import subprocess

import pytest

import icreport
from icreport.model.elements import Table
from icreport.model.report import Report

ROOM = {"width": 1280, "height": 800}


def page_of(rows, columns, **options):
    return icreport.render(Report(elements=[Table(caption="T", columns=columns, rows=rows)]), "html", **options)


def printed(page, tmp_path):
    """The words of each page that is printed, in any order."""
    path = tmp_path / "printed.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout
    return [re.sub(r"\s+", " ", sheet) for sheet in text.split("\f")[:-1]]


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [4, 16, 30, 60])
def test_every_column_of_every_row_is_printed(open_page, tmp_path, width, script):
    columns = [f"H{at}." for at in range(width)]
    rows = [tuple(f"Z{row:02}0{at:02}34.567" for at in range(width)) for row in range(30)]
    page = open_page(page_of(rows, columns, script=script), viewport=ROOM, java_script_enabled=script)
    sheets = printed(page, tmp_path)
    assert [cell for row in rows for cell in row if cell not in " ".join(sheets)] == []
    # Whatever page a value is on, its header is there, too.
    assert [head for sheet in sheets if "Z" in sheet for head in columns if f"{head} " not in sheet] == []


def test_a_value_of_any_length_is_printed_whole(open_page, tmp_path):
    digits = 10**120 + 7
    sheets = printed(open_page(page_of([(digits, "a"), (1, "b")], ["Number", "Tag"])), tmp_path)
    assert str(digits) in "".join(sheets).replace(" ", "")


def test_a_tag_is_printed_on_one_line_in_a_large_table(open_page, tmp_path):
    remark = "remarks of several words that leave no room, "
    rows = [(f"AN-{row:04}", remark * 3, "PSV 2104 A", remark, f"T-{row}-A") for row in range(1200)]
    text = " ".join(printed(open_page(page_of(rows, ["Anomaly", "Remark", "Valve", "Action", "Tag"])), tmp_path))
    assert [tag for row in rows for tag in (row[0], row[-1]) if tag not in text] == []


def test_a_filtered_table_says_on_paper_how_many_rows_it_leaves_out_and_why(open_page, tmp_path):
    page = open_page(page_of([(row, f"T-{row % 10}") for row in range(1000)], ["No.", "Tag"]))
    page.get_by_role("button", name="Filter columns").click()
    page.get_by_role("searchbox", name="Filter Tag").fill("T-7")
    page.wait_for_function("document.querySelector('output').textContent.startsWith('100 of')")
    assert "100 of 1,000 rows; filter: Tag: T-7" in printed(page, tmp_path)[0]
    page.get_by_role("searchbox", name="Filter Tag").fill("")
    page.wait_for_function("document.querySelector('output').textContent === '1,000 rows'")
    assert "filter:" not in printed(page, tmp_path)[0]
