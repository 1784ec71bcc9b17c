"""The page of another language in a browser: its script has no words of its own, and sorts as the language does."""

import pytest

import icreport
from bracketed import VIEW, bracketing, outside, report
from icreport import Report, Table

TEXTS = """() => {
  const names = ["aria-label", "title", "placeholder", "alt"];
  const said = [...document.querySelectorAll("body, body *")].flatMap((one) => [
    ...names.map((name) => one.getAttribute(name)),
    ...[...one.childNodes].filter((child) => child.nodeType === 3 && !one.matches("script")).map((child) => child.data),
    ...["::before", "::after"].map((part) => getComputedStyle(one, part).content).filter((text) => text !== "none"),
  ]);
  return said.filter(Boolean);
}"""


def test_the_script_has_no_word_outside_the_catalogue(open_page, tmp_path):
    page = open_page(
        icreport.render(report(), "html", theme=bracketing(tmp_path), view=VIEW), viewport={"width": 390, "height": 800}
    )
    page.locator(".tools button").first.click()
    page.locator("input[type=search]").first.fill("4,5")
    page.wait_for_selector("tbody tr[hidden]", state="attached")
    found = page.evaluate(TEXTS)
    assert [left for text in found for left in outside(text.replace("counter(section)", ""))] == []
    text = " ".join(found)
    for said in ("⟦Search⟧", "⟦Filter⟧", "⟦Copy⟧", "⟦Download CSV⟧", "; filter: "):
        assert said in text


@pytest.mark.parametrize(
    ("locale", "said", "filtered"),
    [
        ("nb", "4 rader", "1 av 4 rader"),
        ("pl", "4 wiersze", "1 z 4 wierszy"),
        ("ar", "4 صفوف", "1 من 4 صفوف"),
        ("zh", "4 行", "1 行，共 4 行"),
    ],
)
def test_a_browser_counts_in_the_language_of_the_page(open_page, locale, said, filtered):
    table = Table(caption="T", columns=["A"], rows=[("x1",), ("x2",), ("x3",), ("x4",)])
    page = open_page(icreport.render(Report(elements=[table]), "html", locale=locale))
    assert page.locator("output").text_content() == said
    page.locator("input[type=search]").first.fill("x3")
    page.wait_for_function("document.querySelector('output').textContent.includes('1')")
    assert page.locator("output").text_content() == filtered


@pytest.mark.parametrize(
    ("locale", "texts"),
    [
        ("nb", ["3. jan. 2026", "14. mai 2026", "1. oktober 2026", "24. des. 2026"]),
        ("nb", ["zebra", "ære", "øre", "åre"]),
        ("de", ["-12,5", "1.234,5", "9.999,25"]),
        ("en-US", ["1/3/2026 9:05 AM", "1/3/2026 1:05 PM", "12/1/2026 8:00 AM"]),
        ("ar", ["3 يناير 2026، 9:05 ص", "3 يناير 2026، 1:05 م", "١/١٢/٢٠٢٦"]),
        ("ja", ["2026年1月3日 午前9:05", "2026年1月3日 午後1:05", "2026年12月1日"]),
        ("ms", ["3 Mac 2026", "1 Ogos 2026", "2 Disember 2026"]),
    ],
)
def test_texts_as_a_language_writes_them_sort_by_what_they_mean(open_page, locale, texts):
    shuffled = [texts[at] for at in ([2, 0, 3, 1] if len(texts) == 4 else [2, 0, 1])]
    table = Table(caption="T", columns=["A"], rows=[(text,) for text in shuffled])
    page = open_page(icreport.render(Report(elements=[table]), "html", locale=locale))
    page.locator("button.sort").click()
    page.wait_for_function("document.querySelector('th').ariaSort === 'ascending'")
    assert page.locator("tbody td").all_text_contents() == texts
