"""What is wrong in a theme that works without it is told, and nothing is fetched."""

import io
import re

import pytest

import icreport
from icreport.model.report import Report
from rendering.themes.folders import REPORT


@pytest.mark.parametrize("suffix", ["html", "pdf"])
def test_what_is_no_css_is_told_with_its_file_and_line(tmp_path, suffix):
    (tmp_path / "theme.css").write_text(
        "h1 { color: red }\n@media print {\n  h2 { margin: 0; color red }\n}\nh3 { &:hover { top: 0 } }"
    )
    (tmp_path / "z.css").write_text("h4")
    result = icreport.write(Report(elements=[]), io.BytesIO(), suffix, theme=str(tmp_path))
    told = [warning.message for warning in result.warnings if warning.code == "theme-css"]
    assert [message.partition(": ")[0] for message in told] == [
        f"{tmp_path}/theme.css, line 3",
        f"{tmp_path}/z.css, line 1",
    ]


ELSEWHERE = [
    "@import url(http://192.0.2.1/a.css);",
    "@import '//192.0.2.1/a.css';",
    "@import 'file:///etc/passwd';",
    "@import 'other.css';",
    "h1 { background: url(http://192.0.2.1/a.png) }",
    "h1 { background: url('//192.0.2.1/a.png') }",
    "h1 { background: url(file:///etc/passwd) }",
    "h1 { background: url('\\\\\\\\host\\\\share\\\\a.png') }",
    "h1::before { content: url(file:///etc/hostname) }",
    "@font-face { font-family: F; src: url(http://192.0.2.1/a.ttf) } h1 { font-family: F }",
    "@font-face { font-family: F; src: url(file:///etc/passwd) } h1 { font-family: F }",
    "@page { background: url(http://192.0.2.1/a.png) }",
]


@pytest.mark.parametrize("css", ELSEWHERE)
def test_a_style_sheet_fetches_nothing_for_a_pdf(tmp_path, no_files, css):
    (tmp_path / "theme.css").write_text(css)
    assert icreport.render(REPORT, "pdf", theme=str(tmp_path)).startswith(b"%PDF")
    assert no_files == []


@pytest.mark.parametrize(
    "svg",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://192.0.2.1/a.png" width="9" height="9"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><use href="file:///etc/passwd#a"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><style>@import "file:///etc/passwd";</style></svg>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked = 1"><script>window.hacked = 1</script></svg>',
    ],
    ids=["image", "web image", "use", "import", "entity", "script"],
)
def test_a_logo_fetches_nothing_and_runs_nothing(tmp_path, no_files, svg):
    (tmp_path / "theme.toml").write_text('logo = "logo.svg"')
    (tmp_path / "logo.svg").write_text(svg)
    page = icreport.render(REPORT, "html", theme=str(tmp_path)).decode()
    assert svg not in page
    assert re.search(r'<img[^>]* src="data:image/svg\+xml;base64,', page)
    assert icreport.render(REPORT, "pdf", theme=str(tmp_path)).startswith(b"%PDF")
    assert no_files == []


@pytest.mark.parametrize(
    "template",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://192.0.2.1/a.png">',
        '<img src="//192.0.2.1/a.png">',
        '<img src="a.png">',
        '<object data="file:///etc/passwd"></object>',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<p style="background: url(file:///etc/passwd)">x</p>',
        '<base href="file:///etc/"><img src="passwd">',
    ],
)
def test_a_template_fetches_nothing_for_a_pdf(tmp_path, no_files, template):
    (tmp_path / "elements").mkdir()
    (tmp_path / "elements/section.html.j2").write_text(template)
    assert icreport.render(REPORT, "pdf", theme=str(tmp_path)).startswith(b"%PDF")
    assert no_files == []


def test_whatever_a_theme_writes_the_page_forbids_to_fetch_and_run(theme):
    page = theme({"a.css": "".join(ELSEWHERE), "elements/section.html.j2": "<script>window.hacked = 1</script>"})
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe-inline" not in rules["script-src"]


DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<image xlink:href="data:image/png;base64,{DOT}"/> <use href="#a"/> <g style="fill: url(#a)"/>
<image xlink:href="%s"/></svg>"""


@pytest.mark.parametrize("suffix", ["html", "pdf"])
@pytest.mark.parametrize(
    "address", ["http://192.0.2.1/a.png", "//192.0.2.1/a.png", "/etc/passwd", "file:///etc/passwd"]
)
@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("theme.css", "/* a\n */ h1 { background: url(%s) }", 2),
        ("theme.css", '@media print {\n\n h1 { background: red url("%s") } }', 3),
        ("theme.css", "@font-face { font-family: F; src: local(x), url(%s) }", 1),
        ("theme.css", "@page { @top-left { content: image-set(url(%s)) } }", 1),
        ("logo.svg", SVG, 3),
        ("logo.svg", SVG.replace('xlink:href="%s"', 'style="mask: url(%s)"'), 3),
    ],
)
def test_what_is_not_fetched_is_named_once_with_its_place(tmp_path, name, text, line, address, suffix):
    (tmp_path / name).write_text(text % address)
    (tmp_path / "theme.toml").write_text('logo = "logo.svg"' if name == "logo.svg" else "")
    result = icreport.write(REPORT, io.BytesIO(), suffix, theme=str(tmp_path))
    (warning,) = [warning for warning in result.warnings if warning.code != "theme-css"]
    assert (warning.code, warning.count, warning.loss) == ("not-fetched", 1, False)
    assert f"{tmp_path}/{name}, line {line}: {address!r} is not fetched" in str(warning)


def test_an_import_is_not_followed_and_told(tmp_path):
    (tmp_path / "theme.css").write_text('\n@import "http://192.0.2.1/a.css";')
    (warning,) = icreport.write(REPORT, io.BytesIO(), "html", theme=str(tmp_path)).warnings
    assert "theme.css, line 2: @import is not followed" in str(warning)


def test_what_a_template_asks_for_is_named(tmp_path):
    (tmp_path / "elements").mkdir()
    (tmp_path / "elements/section.html.j2").write_text('<img src="http://192.0.2.1/a.png" alt="">')
    report = icreport.Report(elements=[icreport.Section(caption="S")])
    (warning,) = icreport.write(report, io.BytesIO(), "pdf", theme=str(tmp_path)).warnings
    assert (warning.code, warning.count, warning.loss) == ("lost-image", 1, True)
    assert "the image 'http://192.0.2.1/a.png' is not shown: only files of the theme's folder" in str(warning)


def test_a_style_sheet_for_other_paper_than_the_theme_says_is_told(tmp_path):
    (tmp_path / "theme.toml").write_text('[page]\nsize = "A5"')
    (tmp_path / "a.css").write_text("@page { size: A5 landscape }\n@page cover { size: A4 portrait }")
    (warning,) = icreport.write(REPORT, io.BytesIO(), "html", theme=str(tmp_path)).warnings
    assert "a.css, line 2: pages are A4, where theme.toml says A5" in str(warning)


def test_the_view_of_a_theme_and_what_it_builds_on_are_used_and_another_is_not(tmp_path):
    (tmp_path / "views").mkdir()
    (tmp_path / "theme.toml").write_text('view = "views/client.toml"')
    (tmp_path / "views/client.toml").write_text('extend = "../base.toml"')
    (tmp_path / "base.toml").write_text('title = "{name}"')
    (tmp_path / "views/other.toml").write_text("")
    (warning,) = icreport.write(REPORT, io.BytesIO(), "html", theme=str(tmp_path)).warnings
    assert "other.toml: it is not read" in str(warning)
