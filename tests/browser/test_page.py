import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import icreport
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.report import Report
from icreport.model.rows import Row
from rendering.hostile import TEXTS

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.json"))
THEMES = ["house", "compact", "formal"]


def table_page(rows, columns=("Tag", "Depth", "Found"), **options):
    table = Table(caption="T", columns=columns, rows=rows)
    return icreport.render(Report(elements=[table]), "html", **options)


ROWS = [("b", 10, "2026-01-02"), ("a", 9, "2025-12-31"), ("a10", None, "2026-01-01"), ("a2", -1.5, None)]


def column(page, number):
    return page.locator(f"tbody tr:visible > :nth-child({number})").all_inner_texts()


def test_a_click_on_a_head_sorts_numbers_dates_and_text_and_a_third_one_goes_back(open_page):
    page = open_page(table_page(ROWS))
    head = page.get_by_role("button", name="Depth")
    head.click()
    assert column(page, 2) == ["-1.5", "9", "10", ""]
    head.click()
    assert column(page, 2) == ["10", "9", "-1.5", ""]
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Depth")
    head.click()
    assert column(page, 2) == ["10", "9", "", "-1.5"]
    page.get_by_role("button", name="Found").click()
    assert column(page, 3) == ["2025-12-31", "2026-01-01", "2026-01-02", ""]
    page.get_by_role("button", name="Tag").click()
    assert column(page, 1) == ["a", "a2", "a10", "b"]


def test_sorting_is_stable(open_page):
    page = open_page(table_page([(f"t{n}", n % 2, None) for n in range(1500)]))
    page.get_by_role("button", name="Depth").click()
    page.wait_for_function("document.querySelector('tbody tr:last-child td').textContent === 't498'")
    shown = page.evaluate("[...document.querySelectorAll('tbody tr')].map(row => row.cells[0].textContent)")
    assert shown == [f"t{n}" for n in range(0, 1500, 2)] + [f"t{n}" for n in range(1, 1500, 2)]


def test_search_and_column_filters_narrow_the_rows_and_say_how_many(open_page):
    page = open_page(table_page(ROWS))
    page.get_by_role("searchbox", name="Search in T").fill("A1")
    assert column(page, 1) == ["a10"]
    assert page.locator("output").inner_text() == "1 of 4 rows"
    page.get_by_role("searchbox", name="Search in T").fill("")
    page.get_by_role("button", name="Filter columns").click()
    page.get_by_role("searchbox", name="Filter Found").fill("2026")
    assert column(page, 1) == ["b", "a10"]


def test_all_is_done_with_the_keyboard_alone(open_page):
    page = open_page(table_page(ROWS))
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Tag":
            break
    page.keyboard.press("Enter")
    assert column(page, 1) == ["a", "a2", "a10", "b"]


def test_the_state_is_in_the_fragment_and_comes_back(open_page):
    page = open_page(table_page(ROWS))
    page.get_by_role("button", name="Tag").click()
    page.get_by_role("searchbox", name="Search in T").fill("a")
    page.wait_for_function("location.hash.includes('find=a')")
    again = open_page(table_page(ROWS), "#" + page.url.partition("#")[2])
    again.wait_for_function("document.querySelector('output').textContent === '3 of 4 rows'")
    assert column(again, 1) == ["a", "a2", "a10"]


def test_the_rows_shown_are_downloaded_as_csv_with_formulas_made_harmless(open_page):
    page = open_page(table_page([("=1+1", -1, 'a"b,c'), ("x", 2, "+44 20"), ("hidden", 3, "-x")]))
    page.get_by_role("searchbox", name="Search in T").fill("")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    assert text == 'Tag,Depth,Found\r\n\'=1+1,-1,"a""b,c"\r\nx,2,+44 20\r\nhidden,3,\'-x\r\n'


def test_everything_is_there_with_scripts_off(open_page):
    page = open_page(table_page(ROWS), java_script_enabled=False)
    assert column(page, 1) == [row[0] for row in ROWS]
    assert page.locator("button, input").count() == 0


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_executes_nothing(open_page, text):
    table = Table(caption=text, columns=[text, text], rows=[Row((text, 1), text), Row((text, 2), 5)])
    elements = [table, Paragraph(caption=text, data={"text": text}), Section(caption=text)]
    page = open_page(icreport.render(Report(name=text, elements=elements), "html"))
    page.locator("th button").first.click()
    page.get_by_role("searchbox").first.fill(text.replace("\0", ""))
    assert page.evaluate("window.hacked") is None


def test_a_link_in_data_is_no_link(open_page):
    page = open_page(table_page([("javascript:alert(1)", 1, "http://192.0.2.1/")]))
    assert page.locator("main a").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window(open_page, width):
    page = open_page(icreport.render(icreport.read(SAMPLES[0]), "html"), viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_print_hides_the_tools(open_page):
    page = open_page(table_page(ROWS))
    page.emulate_media(media="print")
    assert page.locator(".tools").is_hidden()
    assert page.pdf()[:5] == b"%PDF-"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_no_accessibility_violation_at_wcag_2_2_aa(open_page, axe, sample, theme):
    data = icreport.render(icreport.read(sample), "html", theme=theme, link="https://host/{sourceKey}")
    page = open_page(data, bypass_csp=True)
    page.get_by_role("button", name="Filter columns").first.click()
    page.locator("button.sort").first.click()
    page.evaluate(axe)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)
        assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found["violations"]] == []


def test_the_nu_html_checker_finds_no_error(nu, tmp_path):
    for sample in SAMPLES:
        for theme in THEMES:
            icreport.convert(sample, tmp_path / f"{sample.stem}-{theme}.html", theme=theme)
    large = Report(elements=[Table(caption="L", columns=["A", ""], rows=[(n, None) for n in range(3000)])])
    icreport.write(large, tmp_path / "large.html")
    (tmp_path / "hostile.html").write_bytes(table_page([(text, text, text) for text in TEXTS], columns=TEXTS[:3]))
    assert [f"{m['url']}: {m['message']}" for m in nu(*sorted(tmp_path.glob("*.html")))] == []


def test_numbers_and_dates_of_a_language_sort_and_download_as_the_values_that_they_are(open_page):
    rows = [(1234.5, "2026-02-01"), (-7.25, "2025-12-24"), (900, "2026-01-31")]
    report = Report(elements=[Table(caption="T", columns=["Depth", "Found"], rows=rows)])
    page = open_page(icreport.render(report, "html", locale="de"))
    page.get_by_role("button", name="Depth").click()
    assert column(page, 1) == ["-7,25", "900", "1.234,5"]
    page.get_by_role("button", name="Found").click()
    assert column(page, 2) == ["24.12.2025", "31.01.2026", "01.02.2026"]
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV herunterladen").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    assert text == "Depth,Found\r\n-7.25,2025-12-24\r\n900,2026-01-31\r\n1234.5,2026-02-01\r\n"


def test_a_number_with_an_exponent_is_no_formula(open_page):
    page = open_page(table_page([(-1.5e-07, 1, "=x"), (2, 2, "y")]))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert b"\r\n-1.5e-07,1,'=x\r\n" in Path(download.value.path()).read_bytes()


def test_dates_as_people_write_them_sort_as_dates(open_page):
    rows = [("31.12.2025", "3/25/2026", "2 Feb 2026"), ("1.2.2026", "11/2/2025", "15 Jan 2026"), (None, "1/9/2026", "")]
    page = open_page(table_page(rows))
    page.get_by_role("button", name="Tag").click()
    assert column(page, 1) == ["31.12.2025", "1.2.2026", ""]
    page.get_by_role("button", name="Depth").click()
    assert column(page, 2) == ["11/2/2025", "1/9/2026", "3/25/2026"]
    page.get_by_role("button", name="Found").click()
    assert column(page, 3) == ["15 Jan 2026", "2 Feb 2026", ""]


def test_search_looks_into_cells_not_across_them(open_page):
    page = open_page(table_page([("ab", 1, "c"), ("a", 2, "b1c")]))
    page.get_by_role("searchbox", name="Search in T").fill("b1")
    assert column(page, 1) == ["a"]
    page.get_by_role("searchbox", name="Search in T").fill("nowhere")
    assert page.get_by_text("No rows match.").is_visible()


def test_rows_are_copied_for_a_spreadsheet_and_the_focus_stays(open_page):
    page = open_page(
        table_page([("=1+1", 2, "a\tb"), ("x", None, "é")]), permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Copy").press("Enter")
    expect(page.locator("output")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "Tag\tDepth\tFound\n'=1+1\t2\ta b\nx\t\té"
    assert page.evaluate("document.activeElement.textContent") == "Copy"


def test_the_state_outlives_a_jump_within_the_page(open_page):
    tables = [Table(caption=f"T{n}", columns=["A", "B"], rows=[("b", 1), ("a", 2)]) for n in range(5)]
    page = open_page(icreport.render(Report(elements=tables), "html"))
    page.get_by_role("button", name="A", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"#e1.sort=0a$"))
    page.get_by_role("link", name="T3").click()
    page.get_by_role("searchbox", name="Search in T2").fill("b")
    expect(page).to_have_url(re.compile(r"#e1.sort=0a&e3.find=b$"))
    page.evaluate("location.hash = 'e2.sort=1d'")
    expect(page).to_have_url(re.compile(r"#e2.sort=1d$"))
    expect(page.locator("#e1 tbody td:first-child")).to_have_text(["b", "a"])
    expect(page.locator("#e2 tbody td:first-child")).to_have_text(["a", "b"])
    expect(page.locator("#e3 tbody tr:visible")).to_have_count(2)


NARROW = [(n, f"T-{n}") for n in range(200)]


def test_a_table_that_fits_scrolls_with_the_page_below_its_head(open_page):
    page = open_page(table_page(NARROW, columns=["N", "Tag"]), viewport={"width": 1280, "height": 800})
    page.get_by_role("button", name="Filter columns").click()
    page.locator("tbody tr").nth(150).scroll_into_view_if_needed()
    tops = page.evaluate("[...document.querySelectorAll('thead tr')].map(row => row.getBoundingClientRect().top)")
    assert tops[0] == 0
    assert tops[1] > 10
    assert page.locator(".frame[tabindex]").count() == 0


def test_a_wide_table_scrolls_in_its_frame_beside_its_first_column(open_page):
    rows = [(f"P-{row}", *[1000.25 * row] * 30, "a longer remark " * 8) for row in range(50)]
    columns = ["Tag", *[f"Reading {n}" for n in range(30)], "Remarks"]
    page = open_page(table_page(rows, columns=columns), viewport={"width": 390, "height": 800})
    page.evaluate("document.querySelector('.frame').scrollLeft = 1000")
    first = "document.querySelector('tbody tr:nth-child(3) > :first-child').getBoundingClientRect()"
    frame = "document.querySelector('.frame').getBoundingClientRect()"
    assert page.evaluate(f"{first}.left - {frame}.left") == 1
    assert page.locator(".frame").get_attribute("tabindex") == "0"
    # Text that is long gets the room not to make of each row a tower.
    assert page.evaluate(f"{first}.height") < 150


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_large_table_is_as_wide_as_its_columns_and_cuts_no_number(open_page, locale):
    rows = [(n if n < 1000 else n * 10**9, f"T-{n}", "2026-01-31", "Open") for n in range(2500)]
    report = Report(elements=[Table(columns=["Number", "Tag", "Date", "Status"], rows=rows)])
    page = open_page(icreport.render(report, "html", locale=locale), viewport={"width": 1280, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    assert page.evaluate("document.querySelector('table').offsetWidth <= document.querySelector('.frame').clientWidth")
    page.locator("tbody tr").nth(2400).scroll_into_view_if_needed()
    assert page.evaluate(
        "[...document.querySelectorAll('tbody tr')].slice(2390, 2400)"
        ".every(row => [...row.cells].every(cell => cell.scrollWidth <= cell.clientWidth))"
    )


def test_a_page_that_runs_from_right_to_left_has_numbers_as_they_are_read(open_page):
    rows = [(-12.5, "x"), (100.0, "y")]
    report = Report(name="R", elements=[Table(caption="T", columns=["N", "T"], rows=rows)])
    page = open_page(icreport.render(report, "html", locale="ar"), viewport={"width": 900, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 900
    look = page.evaluate(
        "(s => [s.direction, s.textAlign])(getComputedStyle(document.querySelector('tbody tr > :first-child')))"
    )
    assert look == ["ltr", "right"]
    assert page.evaluate("getComputedStyle(document.querySelector('table')).direction") == "rtl"
