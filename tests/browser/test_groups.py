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


TEXT_BOX = """cell => { const range = document.createRange(); range.selectNodeContents(cell);
    const text = range.getBoundingClientRect(), box = cell.getBoundingClientRect();
    return [text.left - box.left, box.right - text.right]; }"""


@pytest.mark.parametrize(
    ("locale", "group", "side"), [("ar", "Leg", 1), ("en", "Leg", 0), ("en", "\u0633\u0627\u0642", 0)]
)
def test_headings_of_groups_and_labels_of_totals_stand_where_the_page_starts(open_page, locale, group, side):
    columns = [icreport.Column(caption=head) for head in ("Group", "Text", "Depth")]
    columns[2] = columns[2].model_copy(update={"format": icreport.ColumnFormat(total="sum")})
    rows = [(group, "a long text that makes its column wide", 1), (group, "b", 2)]
    table = icreport.Table(columns=columns, rows=rows, format=icreport.TableFormat(grouped_by=["Group"]))
    page = open_page(icreport.render(icreport.Report(elements=[table]), "html", locale=locale))
    for place in ("tr.group > th", "tr.subtotal > :first-child", "tfoot th"):
        near = page.locator(place).first.evaluate(TEXT_BOX)
        assert near[side] < 20 < near[1 - side], place


def test_each_note_under_a_table_has_its_line_and_its_direction(open_page):
    said = icreport.ColumnFormat(total="sum")
    heads = ["A\u202ebc", "Depth"]
    table = icreport.Table(
        columns=[icreport.Column(caption=head, format=said) for head in heads],
        rows=[(None, "n/a")],
        format=icreport.TableFormat(note="One of two"),
    )
    page = open_page(icreport.render(icreport.Report(elements=[table]), "html"))
    note = page.locator(".remark")
    assert len(note.inner_text().split("\n")) == 3
    at = """(note, word) => {
        const range = document.createRange(), text = note.firstChild, from = text.data.indexOf(word);
        range.setStart(text, from); range.setEnd(text, from + word.length);
        const box = range.getBoundingClientRect(); return [box.left, box.top]; }"""
    places = [
        page.evaluate(f"word => ({at})(document.querySelector('.remark'), word)", word)
        for word in ("One of", "1 without", ", not in its sum\n", "1 without a number in Depth")
    ]
    (left, top), first, end_of_first, second = places
    assert top < first[1] == end_of_first[1] < second[1]
    assert left == first[0] == second[0] < end_of_first[0]


def test_the_first_cells_of_rows_that_are_none_of_the_report_have_their_ground_where_that_column_stays(open_page):
    said = {"total": "sum", "scale": True, "bar": True}
    columns = [icreport.Column(caption="N", format=icreport.ColumnFormat(**said))]
    columns += [icreport.Column(caption=f"Column {at} of many") for at in range(20)]
    rows = [(number, *["text that is long"] * 20) for number in range(1, 9)]
    table = icreport.Table(columns=columns, rows=rows, format=icreport.TableFormat(grouped_by=["Column 3 of many"]))
    page = open_page(icreport.render(icreport.Report(elements=[table]), "html"), viewport={"width": 600, "height": 800})
    page.wait_for_selector(".pinned")
    look = "cell => [getComputedStyle(cell).backgroundColor, getComputedStyle(cell).backgroundImage]"
    head = page.locator("thead th").first.evaluate(look)[0]
    for kind in ("group", "subtotal"):
        assert page.locator(f"tr.{kind} > :first-child").first.evaluate(look)[0] == head
    scaled = page.locator("tbody tr:not([class]) > :first-child").last.evaluate(look)
    assert scaled[0] != page.locator("tbody tr:not([class])").last.evaluate(look)[0]
    assert "gradient" in scaled[1]


@pytest.mark.parametrize("script", [True, False])
def test_a_long_word_in_captions_makes_nothing_wider_than_the_page(open_page, script):
    word = "W" * 300
    rows = [(number,) for number in range(20)]
    tables = [
        icreport.Table(caption=f"{word} {at}", columns=["A"], rows=rows, format=icreport.TableFormat(note=word))
        for at in range(8)
    ]
    report = icreport.Report(name=word, elements=tables)
    page = open_page(icreport.render(report, "html", script=script), java_script_enabled=script)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    room, *entries = page.locator(".contents li, .contents li a").evaluate_all(
        "boxes => boxes.map(box => box.getBoundingClientRect().width)"
    )
    assert max(entries) <= room
