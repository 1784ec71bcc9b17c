"""Grouped tables in a browser: a sort stays within groups, what is found keeps the headings of its groups."""

import pytest

import icreport
from rendering.formatted import register


@pytest.fixture(scope="module")
def data():
    return icreport.render(register(16, groups=2), "html")


def shown(page):
    script = """rows => rows.filter(row => row.offsetHeight).map(row =>
        row.matches(".group, .subtotal, .total") ? row.cells[0].textContent : row.cells[1].textContent)"""
    return page.locator("tbody tr, tfoot tr").evaluate_all(script)


def test_a_sort_stays_within_its_group_and_totals_stay_where_they_are(open_page, data):
    page = open_page(data)
    before = shown(page)
    page.get_by_role("button", name="Depth (mm)", exact=True).click()
    after = shown(page)
    assert [at for at, text in enumerate(after) if not text[0].isdigit()] == [0, 9, 10, 19, 20]
    for group in (slice(1, 9), slice(11, 19)):
        assert after[group] == sorted(before[group], key=float)
    page.get_by_role("button", name="Criticality", exact=True).click()
    texts = page.locator("tbody tr:not([class]) td:first-child").all_inner_texts()
    assert [text.split()[-1] for text in texts][:8] == [
        *["Critical"] * 2,
        *["Minor"] * 2,
        *["n/a"] * 2,
        *["Observation"] * 2,
    ]


def test_a_search_keeps_the_headings_of_groups_that_have_rows_and_no_totals(open_page, data):
    page = open_page(data)
    page.get_by_role("searchbox").first.fill("weld 13")
    page.wait_for_timeout(100)
    assert shown(page) == ["Leg 1", "4.1"]
    assert page.locator("output").first.inner_text() == "1 of 16 rows"
    page.get_by_role("searchbox").first.fill("")
    page.wait_for_timeout(100)
    assert len(shown(page)) == 21


def test_a_mark_is_told_without_its_colour(open_page, data):
    page = open_page(data)
    assert "bad: Critical" in page.locator("tbody").first.aria_snapshot()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["house", "formal", "compact"])
def test_marked_and_scaled_cells_can_be_read(open_page, scheme, theme):
    page = open_page(icreport.render(register(16), "html", theme=theme), color_scheme=scheme)
    low = page.evaluate(
        """() => {
        const part = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        const lum = c => {
          const [r, g, b] = c.match(/[\\d.]+/g).map(v => part(v / 255))
          return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        return [...document.querySelectorAll("td[class], th[scope=rowgroup], tfoot td")].map(cell => {
          const style = getComputedStyle(cell);
          if (style.backgroundColor === "rgba(0, 0, 0, 0)") return 21;
          const [a, b] = [lum(style.color), lum(style.backgroundColor)].sort((x, y) => y - x);
          return (a + 0.05) / (b + 0.05);
        }).filter(ratio => ratio < 4.5); }"""
    )
    assert low == []
