"""Themes of one's own in a real browser: what can be read on light and dark screens, what is printed."""

import subprocess
from pathlib import Path

import pytest

import icreport
from commands import run

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SAMPLE = icreport.read(Path(__file__).parents[2] / "samples/job-content.json")
TOMLS = {
    "colours of a light page": '[tokens]\naccent = "#0b5a7a"\nink = "#111111"',
    "a dark accent": '[tokens]\naccent = "#00594f"\n[tokens.dark]\naccent = "#7fd1c7"',
    "built on formal": 'extends = "formal"\n[tokens]\naccent = "#00594f"',
    "statuses of its own": '[status]\nNorth = "bad"\n[status.Area]\nWest = "plain"',
}


@pytest.fixture(scope="session")
def started(tmp_path_factory):
    """A theme as `theme init` starts it."""
    folder = tmp_path_factory.mktemp("theme") / "ours"
    assert run("theme", "init", folder).returncode == 0
    return folder


def violations(page, axe):
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    return [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_theme_that_was_just_started_has_no_accessibility_violation(open_page, axe, started, scheme):
    data = icreport.render(SAMPLE, "html", theme=str(started), link="https://host/{sourceKey}")
    assert violations(open_page(data, color_scheme=scheme, bypass_csp=True), axe) == []


@pytest.mark.parametrize("toml", TOMLS.values(), ids=TOMLS)
def test_a_theme_of_ones_own_can_be_read_on_a_dark_screen(open_page, axe, tmp_path, toml):
    (tmp_path / "theme.toml").write_text(toml)
    data = icreport.render(SAMPLE, "html", theme=str(tmp_path), link="https://host/{sourceKey}")
    assert violations(open_page(data, color_scheme="dark", bypass_csp=True), axe) == []


def printed(page):
    """The pages that a browser prints, as text."""
    data = page.pdf(prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-", "-"], input=data, check=True, capture_output=True).stdout.decode()
    return text.split("\f")[:-1]


REGISTER = icreport.Report(
    name="Register", elements=[icreport.Table(columns=["Tag"], rows=[(f"J{n}",) for n in range(120)])]
)


@pytest.mark.parametrize("extends", ["house", "formal"])
def test_a_browser_prints_a_watermark_on_every_page_and_shows_it_on_none(open_page, tmp_path, extends):
    (tmp_path / "theme.toml").write_text(f'extends = "{extends}"\nwatermark = "DRAFT"')
    page = open_page(icreport.render(REGISTER, "html", theme=str(tmp_path)))
    assert not page.get_by_text("DRAFT").is_visible()
    pages = printed(page)
    assert len(pages) > 2
    # What runs upwards is read from its last letter, a line each.
    assert all("TFARD" in "".join(text.split()) for text in pages)


def test_a_browser_prints_the_cover_on_one_page_and_the_title_once(open_page, tmp_path):
    (tmp_path / "theme.toml").write_text('extends = "formal"\norganisation = "Example Subsea AS"')
    first, second, *others = printed(open_page(icreport.render(REGISTER, "html", theme=str(tmp_path))))
    assert "Register" in first
    assert "120 rows in 1 table" in first
    assert "Tag" not in first
    assert "Register" not in second
    assert "J119" in [second, *others][-1]
