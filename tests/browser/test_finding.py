"""What readers find, copy and keep of a page in the browser."""

import re

import pytest
from playwright.sync_api import expect

import icreport
from icreport.model.elements import Table
from icreport.model.report import Report

PHONE = {"width": 390, "height": 800}


def page_of(values, columns=("Text",), **options):
    rows = [value if isinstance(value, tuple) else (value,) for value in values]
    return icreport.render(Report(elements=[Table(caption="T", columns=columns, rows=rows)]), "html", **options)


PLACES = [
    "Tro\u0308ndelag", "\u00c5lesund", "Stra\u00dfe 5", "CAFE\u0301", "\u0130zmir", "12\u202f345 kg",
    "PSV\u20112104",
    "corro\u00adsion",
    "S\u00f8r\u00f8ya", "1\u00a0250", "line one\nline two", "\ufb01lter",
]  # fmt: skip
SOUGHT = {
    "tr\u00f6ndelag": 0, "trondelag": 0, "alesund": 1, "A\u030alesund": 1, "strasse": 2,
    "STRASSE": 2, "caf\u00e9": 3, "cafe": 3,
    "izmir": 4, "12 345": 5, "12345": 5, "psv-2104": 6, "corrosion": 7,
    "soroya": 8, "1250": 9, "one line": 10, "filter": 11,
}  # fmt: skip


def test_a_search_finds_what_reads_the_same(open_page):
    page = open_page(page_of(PLACES))
    box = page.get_by_role("searchbox", name="Search in T")
    found = {}
    for text in SOUGHT:
        box.fill(text)
        expect(page.locator("output")).to_have_text(re.compile("1 of"))
        found[text] = page.evaluate("[...document.querySelectorAll('tbody tr')].findIndex(row => !row.hidden)")
    assert found == SOUGHT
    page.get_by_role("button", name="Filter columns").click()
    box.fill("")
    page.get_by_role("searchbox", name="Filter Text").fill("strasse")
    expect(page.locator("tbody tr:visible")).to_have_text(["Stra\u00dfe 5"])


def test_copied_values_are_those_of_the_download(open_page):
    data = page_of([("A", -1234.5, "2026-01-31T06:29:00"), ("B", -12, None)], ["Tag", "N", "At"], locale="fr")
    page = open_page(data, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier").click()
    expect(page.locator("output")).to_have_text("Copié")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "Tag\tN\tAt\nA\t-1234.5\t2026-01-31T06:29:00\nB\t-12\t"


def test_the_address_says_what_was_asked_for_when_a_link_of_the_contents_is_followed(open_page):
    tables = [Table(caption=f"T{n}", columns=["A"], rows=[("b",), ("a",)]) for n in range(5)]
    data = icreport.render(Report(elements=tables), "html")
    page = open_page(data)
    page.locator("#e1").get_by_role("button", name="A", exact=True).click()
    page.get_by_role("link", name="T3").click()
    expect(page).to_have_url(re.compile(r"#e4&e1.sort=0a$"))
    again = open_page(data, "#e4&e1.sort=0a")
    expect(again.locator("#e1 tbody td")).to_have_text(["a", "b"])


def test_a_screen_reader_knows_of_all_rows(open_page):
    page = open_page(page_of(range(1500)))
    assert page.locator("table").get_attribute("aria-rowcount") == "1501"


def test_blanks_of_texts_are_seen(open_page):
    page = open_page(page_of(["    Brace 1", "a  b", "x\ty", "x"], ["Two\nlines"]))
    assert page.locator("tbody td").all_inner_texts() == ["    Brace 1", "a  b", "x\ty", "x"]
    widths = page.evaluate(
        "[...document.querySelectorAll('tbody td')].map(cell => {"
        "const all = document.createRange(); all.selectNodeContents(cell); return all.getBoundingClientRect().width})"
    )
    assert widths[2] > 2 * widths[3]
    assert page.evaluate("document.querySelector('thead th').offsetHeight") > 40


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_text_of_another_direction_keeps_its_order(open_page, locale):
    text = "\u05d3\u05d5\u05d7 12-A (2026)."
    page = open_page(page_of([(text, "2026-01-31", "PSV-1 (rev. 2).")], ["A", "B", "C"], locale=locale))
    # Whether the first character of each text stands left of the last one: in Hebrew the point is at the left end.
    ends = page.evaluate(
        "[...document.querySelectorAll('tbody td')].map(cell => { const node = cell.firstChild; const at = (place) => {"
        "const one = document.createRange(); one.setStart(node, place); one.setEnd(node, place + 1);"
        "return one.getBoundingClientRect().left}; return at(0) < at(node.length - 1)})"
    )
    assert ends[0] is False
    assert ends[2] is True


def test_a_phone_scrolls_the_page_and_opens_long_texts(open_page, axe):
    rows = [(f"T-{row}", "a remark " * 60, "Open") for row in range(30)]
    page = open_page(page_of(rows, ["Tag", "Remark", "Status"]), viewport=PHONE, bypass_csp=True)
    page.wait_for_selector("button.more")
    assert page.evaluate(
        "document.querySelector('.frame').scrollHeight <= document.querySelector('.frame').clientHeight"
    )
    cell = page.locator("tbody tr").first
    before = cell.bounding_box()["height"]
    page.get_by_role("button", name="Show all of the text").first.click()
    assert cell.bounding_box()["height"] > before + 50
    assert cell.locator("td").nth(1).evaluate("cell => cell.textContent") == "a remark " * 60
    page.evaluate(axe)
    assert [rule["id"] for rule in page.evaluate("axe.run()")["violations"]] == []


def test_short_tables_show_their_tools_where_they_are_pointed_at(open_page):
    page = open_page(page_of(range(9)))
    opacity = "getComputedStyle(document.querySelector('.tools')).opacity"
    assert page.evaluate(opacity) == "0"
    page.locator("section.table").hover()
    assert page.evaluate(opacity) == "1"
    assert open_page(page_of(range(10))).evaluate(opacity) == "1"
