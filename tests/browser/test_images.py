"""Photographs and front matter in a browser: enlarged without a script, by keyboard too, and printed."""

import io
import re
from pathlib import Path

import pypdf
import pytest

import icreport
from rendering.handed_over import handed_over

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def data():
    return {
        theme: icreport.render(handed_over(lists=True, headings="numbered"), "html", theme=theme)
        for theme in ("house", "formal")
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["house", "formal"])
def test_no_accessibility_violation_closed_and_enlarged(open_page, axe, data, theme, scheme):
    page = open_page(data[theme], color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    for _ in range(2):
        found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
        assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found["violations"]] == []
        page.locator(".enlarge summary").first.click()


@pytest.mark.parametrize("script", [True, False])
def test_an_image_is_enlarged_by_click_and_by_keyboard_without_a_script(open_page, data, script):
    page = open_page(data["house"], java_script_enabled=script, viewport={"width": 1000, "height": 700})
    image = page.locator(".enlarge img").first
    small = size(image)
    image.click()
    assert size(image)[0] > 3 * small[0]
    image.click()
    assert size(image) == small
    page.locator(".enlarge summary").first.press("Enter")
    assert size(image)[1] > 3 * small[1]
    page.keyboard.press("Enter")
    assert size(image) == small


def size(image):
    box = image.bounding_box()
    return box["width"], box["height"]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_photographs_and_front_matter_are_no_wider_than_the_window(open_page, data, width):
    for theme in data:
        page = open_page(data[theme], viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = [page.locator(".photo").nth(at).bounding_box() for at in range(2)]
        assert (boxes[0]["y"] == boxes[1]["y"]) == (width > 640)


def test_print_has_every_image_and_the_number_on_each_page(open_page, data):
    page = open_page(data["formal"])
    pdf = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert sum(len(each.images) for each in pdf.pages) == 4
    texts = [re.sub(r"\s+", " ", each.extract_text()) for each in pdf.pages]
    assert "FS-NX-26-0143" in texts[0]
    assert all("FS-NX-26-0143 · Rev. 02" in text for text in texts[1:])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sample_that_is_handed_over_has_no_accessibility_violation(open_page, axe, scheme):
    sample = Path(__file__).parents[2] / "samples/handover.json"
    data = icreport.render(icreport.read(sample), "html", theme="formal", view=sample.with_suffix(".toml"))
    page = open_page(data, color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found["violations"]] == []
    assert page.locator("figcaption").count() == 9
