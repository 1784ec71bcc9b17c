"""Pages with charts as a browser and the judges of accessibility and HTML see them."""

from pathlib import Path

import pytest

import icreport

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def page_of_charts():
    view = icreport.View.load(SAMPLES / "handover.toml")
    return icreport.render(view.apply(icreport.read(SAMPLES / "handover.json")), "html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_violation_on_a_page_with_charts(open_page, axe, page_of_charts, scheme):
    page = open_page(page_of_charts, color_scheme=scheme, bypass_csp=True)
    page.locator(".chart summary").first.click()
    page.evaluate(axe)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found["violations"]] == []


def test_charts_have_other_colours_on_a_dark_screen_and_the_font_of_the_page(open_page, page_of_charts):
    asked = """() => {
        const bar = document.querySelector('.chart [fill="var(--chart-bad-1)"]');
        const text = document.querySelector('.chart svg text');
        return [getComputedStyle(bar).fill, getComputedStyle(text).fontFamily, getComputedStyle(text).fill];
    }"""
    light = open_page(page_of_charts, color_scheme="light").evaluate(asked)
    dark = open_page(page_of_charts, color_scheme="dark").evaluate(asked)
    assert light[0] != dark[0]
    assert light[2] != dark[2]
    assert "system-ui" in light[1]


def test_the_data_of_a_chart_unfold_without_a_script(open_page, page_of_charts):
    page = open_page(page_of_charts, java_script_enabled=False)
    table = page.locator(".chart details table").first
    assert not table.is_visible()
    page.locator(".chart summary").first.click()
    assert table.is_visible()


def test_a_chart_fits_the_screen_of_a_phone(open_page, page_of_charts):
    page = open_page(page_of_charts, viewport={"width": 360, "height": 640})
    assert page.locator(".chart svg").first.bounding_box()["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_nu_html_checker_finds_no_error_in_charts(nu, page_of_charts, tmp_path):
    (tmp_path / "page.html").write_bytes(page_of_charts)
    assert [one["message"] for one in nu(tmp_path / "page.html")] == []
