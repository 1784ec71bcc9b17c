import io
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pikepdf
import pypdf
import pytest
from PIL import Image

import icreport
from icreport.errors import LossError, ThemeError
from icreport.model.elements import Section, Table
from icreport.model.report import Report
from icreport.model.rows import Row
from icreport.rendering.themes.files import built_in_themes
from icreport.rendering.themes.loading import load_theme
from rendering.hostile import TEXTS

DOCS = (Path(__file__).parents[3] / "docs/themes.md").read_text("utf-8")
REPORT = Report(
    name="R",
    elements=[Table(caption="T", columns=["A", "B"], rows=[Row((1, "<x>"), 7)]), Section(caption="S")],
)


@pytest.fixture
def theme(tmp_path):
    """Make a theme of the given files; give the page that it makes of a small report."""
    (tmp_path / "ours").mkdir()

    def page(files, report=REPORT, **options):
        for name, text in files.items():
            path = tmp_path / "ours" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return icreport.render(report, "html", theme=str(tmp_path / "ours"), **options).decode()

    return page


def test_tokens_and_style_sheets_of_a_theme_come_after_ours(theme):
    page = theme({"theme.toml": '[tokens]\naccent = "#123456"', "a.css": "h1 { color: teal }"})
    assert page.index("--accent: #0b5a7a") < page.index("--accent: #123456") < page.index("h1 { color: teal }")


@pytest.mark.parametrize(
    "tokens",
    [
        {
            "accent": "rgb(0 75 135 / 90%)",
            "ink": "darkslategray",
            "head": "oklch(90% 0.02 200)",
            "line": "var(--field)",
        },
        {"cell": "0.3rem calc(1rem + 2px)", "radius": "0", "leading": "1.4", "font": "'Source Sans 3', sans-serif"},
    ],
)
def test_values_of_css_are_values_of_tokens(theme, tokens):
    page = theme({"theme.toml": "[tokens]\n" + "".join(f'{name} = "{value}"\n' for name, value in tokens.items())})
    assert all(f"--{name}: {value};" in page for name, value in tokens.items())


DARK = "prefers-color-scheme: dark"


def test_a_theme_that_sets_colours_of_a_light_page_alone_is_light_only(theme):
    page = theme({"theme.toml": '[tokens]\nink = "#111111"'})
    assert '<meta name="color-scheme" content="light">' in page
    assert DARK not in page


@pytest.mark.parametrize(
    "files",
    [
        {"theme.toml": '[tokens]\nsize = "1rem"'},
        {"theme.toml": '[tokens]\nink = "#111111"\n[tokens.dark]\naccent = "#fed"'},
        {"theme.toml": '[tokens]\nink = "#111111"', "a.css": f"@media screen and ({DARK}) {{ :root {{ }} }}"},
        {"theme.toml": 'extends = "formal"'},
    ],
)
def test_a_theme_without_colours_or_with_those_of_dark_screens_has_ours_for_what_it_leaves_out(theme, files):
    page = theme(files)
    assert '<meta name="color-scheme" content="light dark">' in page
    assert page.index("--ink: #17222d") < page.index("--ink: #e4eaf0")
    assert "--ink: #111111" not in page or page.index("--ink: #111111") < page.index("--ink: #e4eaf0")


def test_a_theme_builds_on_another_with_its_style_sheet_tokens_and_templates(theme):
    page = theme(
        {"theme.toml": 'extends = "compact"\n[page]\nsize = "A3"\n[tokens]\nspace = "2rem"', "a.css": "h1 { top: 1px }"}
    )
    assert "thead th, thead td { text-transform: none;" in page
    assert page.index("text-transform: none") < page.index("h1 { top: 1px }")
    assert page.index("--space: 1rem") < page.index("--space: 2rem")
    assert "--accent: #3b3f8f" in page
    assert 'class="theme-ours"' in page


def test_what_a_theme_says_of_its_paper_is_laid_over_that_on_which_it_builds(tmp_path):
    (tmp_path / "theme.toml").write_text('extends = "compact"\n[page]\nsize = "A5"\n')
    assert load_theme(str(tmp_path)).config.page.model_dump() == {
        "size": "A5", "orientation": "landscape", "margin": "10mm", "largest": None,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["icreport", "formal"])
def test_a_template_extends_that_of_the_theme_on_which_it_builds(theme, name):
    page = theme(
        {
            "theme.toml": 'extends = "formal"',
            "page.html.j2": f'{{% extends "{name}/page.html.j2" %}}{{% block footer %}}<p>Ours</p>{{% endblock %}}',
        }
    )
    assert "<p>Ours</p>" in page
    assert 'class="cover whole"' in page


@pytest.mark.parametrize("suffix", ["html", "pdf"])
def test_a_theme_leaves_out_the_source(tmp_path, suffix):
    def text(source):
        (tmp_path / "theme.toml").write_text(f"source = {source}")
        (tmp_path / "job-4711.json").write_text('{"name": "R", "elements": []}')
        icreport.convert(tmp_path / "job-4711.json", tmp_path / f"out.{suffix}", theme=str(tmp_path))
        data = (tmp_path / f"out.{suffix}").read_bytes()
        return data.decode() if suffix == "html" else pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()

    assert "job-4711" in text("true")
    assert "job-4711" not in text("false")


def test_an_element_whose_type_is_a_path_or_a_part_of_a_table_is_no_template(theme):
    report = icreport.read('{"elements": [{"type": "../page"}, {"type": "row"}, {"type": "sub/a"}, {"type": "gauge"}]}')
    files = {f"elements/{name}.html.j2": f"<p>shown: {name}</p>" for name in ("row", "sub/a", "gauge")}
    page = theme(files, report)
    assert re.findall(r"shown: (\S+)<", page) == ["gauge"]


def test_a_theme_extends_a_template_of_ours(theme):
    page = theme({"page.html.j2": '{% extends "icreport/page.html.j2" %}{% block footer %}<p>Ours</p>{% endblock %}'})
    assert "<p>Ours</p>" in page
    assert "<h1>R</h1>" in page


def test_a_theme_draws_an_element_its_own_way(theme):
    page = theme({"elements/section.html.j2": '<h2 id="{{ id }}">§ {{ element.caption }}</h2>'})
    assert '<h2 id="e2">§ S</h2>' in page


def test_a_theme_shows_an_element_that_nobody_else_knows(theme):
    class Gauge(icreport.Element):
        type: str = "gauge"

    page = theme({"elements/gauge.html.j2": "<p>{{ element.caption }}: {{ element.data.level }}</p>"},
                 Report(elements=[Gauge(caption="Tank", data={"level": "<9>"})]))  # fmt: skip
    assert "<p>Tank: &lt;9&gt;</p>" in page


def test_a_theme_writes_rows_by_a_template(theme):
    row = "<tr>{% for cell in cells %}<td><b>{{ cell }}</b></td>{% endfor %}</tr>"
    assert "<tr><td><b>1</b></td><td><b>&lt;x&gt;</b></td></tr>" in theme({"elements/row.html.j2": row})


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"theme.toml": "[tokens\n"}, r"theme\.toml: .*line 1"),
        (
            {"theme.toml": 'description = "x"\ncolour = "red"\n'},
            r"theme\.toml, line 2: 'colour' is not a key of theme\.toml \(known: ",
        ),
        ({"theme.toml": '[page]\nsiez = "A4"\n'}, r"line 2: 'siez' is not a key of \[page\] .*did you mean 'size'\?"),
        ({"theme.toml": '[tokens]\naccent = "0,75,135"\n'}, r"line 2: tokens\.accent: '0,75,135' is not a colour"),
        ({"theme.toml": '[tokens]\nink = "red"\n[tokens.dark]\nink = "#12"\n'}, r"line 4: tokens\.dark\.ink: '#12' is"),
        ({"theme.toml": '[tokens]\nsize = "12"\n'}, r"line 2: tokens\.size: '12' is not a length"),
        ({"theme.toml": '[tokens]\nfont = ""\n'}, r"line 2: tokens\.font: is empty"),
        ({"theme.toml": 'extends = "formla"\n'}, r"line 1: extends: .*'formal'"),
        ({"theme.toml": '[status]\nLeaking = "red"\n'}, r"line 2: status\.Leaking: .*'good', 'fair', 'bad' or 'plain'"),
        ({"theme.toml": '[page]\nsize = "B5"\n'}, r"theme\.toml, line 2: page\.size: "),
        (
            {"theme.toml": '[tokens]\naccent = "url(http://192.0.2.1/)"\n'},
            r"theme\.toml, line 2: tokens\.accent: .*address",
        ),
        (
            {"theme.toml": '[tokens]\naccent = "red } body { display: none"\n'},
            r"line 2: tokens\.accent: not a value of CSS",
        ),
        ({"theme.toml": '[tokens]\n"a;b" = "red"\n'}, r"line 2: tokens\.a;b: "),
        ({"theme.toml": 'logo = "../logo.png"\n'}, "the logo '../logo.png' is not in the theme's folder"),
        ({"theme.toml": '\nlogo = "logo.png"\n'}, r"theme\.toml, line 2: the logo 'logo\.png': No such file"),
        ({"theme.toml": '\nlocale = "xx"\n'}, r"theme\.toml, line 2: locale: there is no locale 'xx'"),
        ({"a.css": '\n\nh1 { background: url("a.png") }'}, r"a\.css, line 3: 'a\.png': No such file"),
        (
            {"elements/section.html.j2": '\n{% include "no.j2" %}'},
            r"section\.html\.j2, line 2: there is no template 'no\.j2'",
        ),
        ({"elements/section.html.j2": "<p>\n{% if %}"}, r"section\.html\.j2, line 2: "),
        ({"elements/section.html.j2": "\n\n{{ elemnt.caption }}"}, r"section\.html\.j2, line 3: 'elemnt' is undefined"),
        ({"elements/table.html.j2": "<table></table>"}, r"table\.html\.j2: it has to hold \{\{ rows \}\} once"),
        ({"page.html.j2": "<p>{{ body }}{{ body }}"}, r"page\.html\.j2: it has to hold \{\{ body \}\} once"),
    ],
)
def test_an_error_in_a_theme_names_file_and_line(theme, files, said):
    with pytest.raises(ThemeError, match=said):
        theme(files)


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__')|attr('__mro__') }}",
        "{{ element.__init__.__globals__ }}",
        "{{ element.model_config.update({}) }}",
        "{{ element.data.update({}) }}{{ element.__class__ }}",
        "{{ '{0.__class__.__mro__}'.format('') }}",
        "{{ '{x.__class__}'.format_map({'x': ''}) }}",
        "{{ self.__init__.__globals__ }}{{ range.__self__ }}",
        "{{ ([1]|map(attribute='__class__')|list).append(1) }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../../../etc/passwd' %}",
        "{% import '/proc/self/environ' as e %}",
    ],
)
def test_a_template_does_not_leave_its_sandbox(theme, template):
    with pytest.raises(ThemeError):
        theme({"elements/section.html.j2": template}, Report(elements=[Section(caption="S", data={})]))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% for n in range(10000000) %}{% endfor %}", "Range too big"),
        ("{% for a in range(9**5) %}{% for b in range(9**5) %}{% endfor %}{% endfor %}", "steps"),
        ("{% for n in [1, 1] recursive %}{{ loop([1, 1]) if loop.depth < 50 }}{% endfor %}", "steps"),
        ("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}", "steps"),
        ("{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}", "recursion"),
        ("{% block b %}{{ self.b() }}{% endblock %}", "recursion"),
        ("{% include 'elements/section.html.j2' %}", "recursion"),
        ("{% for n in range(99999) %}" + "x" * 10_000 + "{% endfor %}", "steps"),
        ("{% for n in range(99999) %}{{ 'x' * 10000 }}{% endfor %}", "writes more"),
        ("{% set n = namespace(x='xx') %}{% for i in range(50) %}{% set n.x = n.x ~ n.x %}{% endfor %}", "longer"),
        ("{% set n = namespace(x='xx') %}{% for i in range(50) %}{% set n.x = n.x + n.x %}{% endfor %}", "longer"),
        ("{% set n = namespace(x='xx') %}{% for i in range(50) %}{% set n.x = n.x|replace('x', 'xx') %}{% endfor %}",
         "longer"),
        ("{{ 'x' * 10**12 }}", "longer"),
        ("{{ 10**12 * [1] }}", "longer"),
        ("{{ 10**(10**10) }}", "exponent"),
        ("{% set n = namespace(x=9) %}{% for i in range(50) %}{% set n.x = n.x * n.x %}{% endfor %}", "longer"),
        ("{% set n = namespace(x=9) %}{% for i in range(50) %}{% set n.x = n.x ** 9 %}{% endfor %}", "longer"),
        ("{{ '%1000000000d' % 1 }}", "does not format"),
        ("{{ '{:1000000000}'.format(1) }}", "width"),
        ("{{ '{:{}}'.format(1, 1000000000) }}", "width"),
        ("{{ 'x'.ljust(1000000000) }}", "unsafe"),
        ("{{ 'x'.replace('', 'y' * 100000) }}", "unsafe"),
        ("{{ 'x'|center(1000000000) }}", "No filter"),
        ("{{ 1|round(100000000, 'ceil') }}", "No filter"),
        ("{{ lipsum(n=1000000) }}", "undefined"),
    ],
)  # fmt: skip
def test_a_template_does_not_run_or_write_without_end(theme, template, said):
    with pytest.raises(ThemeError, match=rf"section\.html\.j2.*{said}"):
        theme({"elements/section.html.j2": template}, Report(elements=[Section(caption="S", data={})]))


def test_what_honest_templates_do_still_works(theme):
    template = (
        "{% macro cell(x) %}<b>{{ x }}</b>{% endmacro %}{% for n in range(3) %}{{ cell(n ~ '<') }}{% endfor %}"
        "{{ '{:,}'.format(12345) }} {{ 'a-b'|replace('-', '+') }} {{ '-' * 3 }} {{ [1] + [2] }} {{ 2**10 }} {{ 7 % 4 }}"
    )
    page = theme({"elements/section.html.j2": template}, Report(elements=[Section(caption="S")]))
    assert "<b>0&lt;</b><b>1&lt;</b><b>2&lt;</b>12,345 a+b --- [1, 2] 1024 3" in page


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_in_a_theme_shows_as_text(theme, text):
    quoted = '"' + "".join(f"\\U{ord(character):08X}" for character in text) + '"'
    page = theme({"theme.toml": f"organisation = {quoted}\nfooter = {quoted}\n"})
    assert page.count("<script") == 1
    assert "window.hacked" not in re.sub(r"<script.*</script>|<footer.*</footer>", "", page, flags=re.DOTALL)


def test_a_style_sheet_cannot_end_its_element(theme):
    page = theme({"a.css": "</style><script>window.hacked = 1</script>"})
    assert page.count("</style>") == page.count("</script>") == 1


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


def test_a_theme_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(ThemeError, match=r"no theme 'hous' .*compact, formal, house"):
        load_theme("hous")


@pytest.mark.parametrize("name", built_in_themes())
def test_every_built_in_theme_says_what_it_is_for(name):
    assert load_theme(name).config.description


def test_every_setting_and_token_is_documented():
    style = (Path(__file__).parents[3] / "templates/style.css").read_text("utf-8")
    tokens = set(re.findall(r"^  --([a-z-]+):", style, re.MULTILINE))
    assert tokens <= set(re.findall(r"`([a-z-]+)`", DOCS))


def test_the_theme_in_the_documentation_works(theme):
    blocks = re.findall(r"^```\w* ([\w./]+)\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
    files = dict(blocks)
    config = tomllib.loads(files["theme.toml"])
    files["logo.svg"] = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    page = theme(files)
    assert f"--accent: {config['tokens']['accent']}" in page
    assert config["footer"] in page


def test_numbers_and_dates_are_written_in_the_language_that_is_asked_for(theme):
    rows = [(1234.5, "2026-01-31", "1234.50"), (-0.25, "n/a", None)]
    page = theme({}, Report(elements=[Table(columns=["N", "D", "T"], rows=rows)]), locale="de")
    assert '<html lang="de" dir="ltr"' in page
    assert '<tr><td data-value="1234.5">1.234,5</td><td data-value="2026-01-31">31.01.2026</td><td>1234.50</td>' in page
    assert '<td data-value="-0.25">-0,25</td><td>n/a</td><td></td>' in page


MOMENTS = {
    "2026-08-27T09:18": ("2026-08-27 09:18", "27.08.2026, 09:18"),
    "2026-08-27T09:18:00": ("2026-08-27 09:18", "27.08.2026, 09:18"),
    "2026-08-27 09:18:05": ("2026-08-27 09:18:05", "27.08.2026, 09:18:05"),
    "2026-08-27T09:18:00.000": ("2026-08-27 09:18", "27.08.2026, 09:18"),
    "2026-08-27T09:18:00.1234567": ("2026-08-27 09:18:00.1234567", "27.08.2026, 09:18:00,1234567"),
    "2026-08-27T09:18:00Z": ("2026-08-27 09:18Z", "27.08.2026, 09:18 Z"),
    "2026-08-27T09:18:00+02:00": ("2026-08-27 09:18+02:00", "27.08.2026, 09:18 +02:00"),
    "2026-08-27T24:18": ("2026-08-27T24:18", "2026-08-27T24:18"),
    "2026-08-27": ("2026-08-27", "27.08.2026"),
}


@pytest.mark.parametrize(("given", "shown"), MOMENTS.items())
def test_a_time_is_shown_as_it_was_given_with_its_zone(theme, given, shown):
    report = Report(elements=[Table(columns=["T"], rows=[(given,)])])
    for text, options in zip(shown, ({}, {"locale": "de"}), strict=True):
        value = f' data-value="{given}"' if text != given else ""
        assert f"<td{value}>{text}</td>" in theme({}, report, **options)


def test_true_and_false_are_words_of_the_pages_language_and_other_formats_keep_them(theme):
    report = Report(elements=[Table(columns=["T"], rows=[(True,), (False,)])])
    assert '<td data-value="true">Yes</td>' in theme({}, report)
    assert '<td data-value="false">Nei</td>' in theme({}, report, locale="nb")
    assert b"true\r\nfalse" in icreport.render(report, "csv")


def test_numbers_of_any_length_keep_their_digits_in_a_language(theme):
    digits = "1234567890123456789012345678901234567890"
    report = icreport.read(
        f'{{"elements": [{{"type": "table", "data": {{"columns": [{{"caption": "N"}}],'
        f' "rows": [{{"cells": [{{"value": {digits}.10}}]}}]}}}}]}}'
    )
    assert f'<td data-value="{digits}.10">1.234.567.890.' in theme({}, report, locale="de")
    assert ".890,10</td>" in theme({}, report, locale="de")


def test_a_language_that_is_written_from_the_right_turns_the_page(theme):
    assert '<html lang="ar" dir="rtl"' in theme({}, locale="ar")


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


@pytest.fixture
def no_files(monkeypatch):
    """Fail where anything outside of the packages is opened or fetched."""

    asked = []

    def watch(event, arguments):
        watched = r"\bpasswd\b|\bhostname\b|secret\.png|\ba\.png"
        if event == "socket.connect" or (event == "open" and re.search(watched, str(arguments))):
            asked.append((event, arguments))

    sys.addaudithook(watch)
    return asked


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


def test_a_logo_is_printed(tmp_path):
    Image.new("RGB", (20, 10), "red").save(tmp_path / "logo.png")
    (tmp_path / "theme.toml").write_text('logo = "logo.png"')
    data = icreport.render(REPORT, "pdf", theme=str(tmp_path))
    (image,) = pypdf.PdfReader(io.BytesIO(data)).pages[0].images
    assert image.image.size == (20, 10)


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


def test_a_theme_brings_its_own_files(tmp_path):
    Image.new("RGB", (20, 10), "red").save(tmp_path / "mark.png")
    (tmp_path / "fonts").mkdir()
    shutil.copy("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", tmp_path / "fonts/own.ttf")
    (tmp_path / "theme.css").write_text(
        "@font-face { font-family: Own; src: url(fonts/own.ttf) } :root { --font: Own }"
        " header { background: url('mark.png') no-repeat }"
    )
    page = icreport.render(REPORT, "html", theme=str(tmp_path)).decode()
    assert "data:font/ttf;base64," in page
    assert "data:image/png;base64," in page
    assert "fonts/own.ttf" not in page
    with pikepdf.open(io.BytesIO(icreport.render(REPORT, "pdf", theme=str(tmp_path)))) as pdf:
        names = [str(item.FontName) for item in pdf.objects if "/FontName" in dict_of(item)]
    assert any("Own" in name or "Mono" in name for name in names), names


def dict_of(item):
    return item if isinstance(item, pikepdf.Dictionary) else {}


@pytest.mark.parametrize("name", ["../secret.png", "fonts/../../secret.png", "absent.png"])
def test_a_theme_brings_no_other_files(name, tmp_path):
    (tmp_path / "secret.png").write_text("secret")
    theme = tmp_path / "theme"
    (theme / "fonts").mkdir(parents=True)
    (theme / "theme.css").write_text(f"header {{ background: url({name}) }}")
    with pytest.raises(ThemeError, match=r"theme\.css, line 1: "):
        icreport.render(REPORT, "html", theme=str(theme))


@pytest.mark.parametrize(
    "name", ["theme.css", "theme.toml", "page.html.j2", "elements/table.html.j2", "fonts", "elements"]
)
def test_a_link_that_leads_out_of_a_theme_is_refused(name, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("")
    link = tmp_path / "theme" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(outside if name in {"fonts", "elements"} else outside / "file")
    with pytest.raises(ThemeError, match="is a link that leads out of the theme"):
        icreport.render(REPORT, "html", theme=str(tmp_path / "theme"))


def picture(folder, name, colour="red"):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (20, 10), colour).save(folder / name)
    return (folder / name).read_bytes()


def template(folder, text, name="elements/section.html.j2"):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return str(folder)


SECTION = Report(elements=[Section(caption="S", data={"mark": "stamp"})])


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="stamp.png" alt="Seen">',
        "<img alt='a > b' src='stamp.png'>",
        "<IMG SRC=stamp.png alt=x>",
        '<img alt="" src="icons/../stamp.png?x#y">',
        '<img alt="" src="{{ element.data.mark }}.png">',
        '<img alt="" src="my%20stamp.png">',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image width="9" href="stamp.png"/></svg>',
    ],
)
def test_an_image_of_the_themes_folder_is_put_into_the_document(tmp_path, tag):
    picture(tmp_path, "stamp.png")
    picture(tmp_path, "my stamp.png")
    picture(tmp_path, "icons/a.png")
    theme = template(tmp_path, tag)
    page = icreport.render(SECTION, "html", theme=theme, strict=True).decode()
    assert "data:image/png;base64," in page
    assert "stamp.png" not in page
    pdf = icreport.render(SECTION, "pdf", theme=theme, strict=True)
    (image,) = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images
    assert image.image.size == (20, 10)


def test_images_in_a_style_and_in_rows_and_around_the_page_are_put_in(tmp_path):
    picture(tmp_path, "stamp.png")
    template(tmp_path, '<p style="background: url(stamp.png); width: 9px">x</p>')
    template(tmp_path, '<tr><td><img src="stamp.png" alt="">', "elements/row.html.j2")
    page = '{% extends "icreport/page.html.j2" %}{% block footer %}<img src="stamp.png" alt="">{% endblock %}'
    template(tmp_path, page, "page.html.j2")
    shown = icreport.render(REPORT, "html", theme=str(tmp_path), strict=True).decode()
    assert shown.count("data:image/png;base64,") == 3


@pytest.mark.parametrize("suffix", ["html", "pdf"])
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("absent.png", "no such file"),
        ("../secret.png", "no such file"),
        ("/etc/passwd", "only files"),
        ("file:///etc/passwd", "only files"),
        ("http://192.0.2.1/a.png", "only files"),
        ("//192.0.2.1/a.png", "only files"),
        ("broken.png", "cannot be decoded"),
        ("theme.toml", "cannot be decoded"),
        ("data:image/png;base64,AAAA", "cannot be decoded"),
        ("data:image/png;base64,AAA", "no data: URL"),
        ("data:image/svg+xml,%3Csvg", "cannot be decoded"),
        ("data:nonsense", "no data: URL"),
    ],
)
def test_an_image_that_cannot_be_shown_is_a_loss(tmp_path, no_files, suffix, address, why):
    picture(tmp_path, "secret.png")
    no_files.clear()
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (tmp_path / "ours/theme.toml").write_text("description = 'x'")
    theme = template(tmp_path / "ours", f'<p>shown</p><img src="{address}" alt="x">')
    (warning,) = icreport.write(SECTION, io.BytesIO(), suffix, theme=theme).warnings
    assert (warning.code, warning.loss) == ("lost-image", True)
    assert f"the image '{address}' is not shown: " in str(warning)
    assert why in str(warning)
    with pytest.raises(LossError, match="is not shown"):
        icreport.render(SECTION, suffix, theme=theme, strict=True)
    assert no_files == []


@pytest.mark.parametrize("suffix", ["html", "pdf"])
def test_a_logo_that_cannot_be_decoded_is_a_loss(tmp_path, suffix):
    (tmp_path / "theme.toml").write_text('logo = "logo.png"')
    (tmp_path / "logo.png").write_text("no image")
    (warning,) = icreport.write(REPORT, io.BytesIO(), suffix, theme=str(tmp_path)).warnings
    assert (warning.code, warning.loss) == ("lost-image", True)


@pytest.mark.parametrize("suffix", ["html", "pdf"])
@pytest.mark.parametrize("address", ["a.png", "'data:image/png;base64,AAAA'", "data:image/png;base64,%%%"])
def test_an_image_of_a_style_sheet_that_cannot_be_decoded_is_a_loss(tmp_path, suffix, address):
    (tmp_path / "a.css").write_text(f"h1 {{ background: url({address}) }}")
    (tmp_path / "a.png").write_text("no image")
    (warning,) = icreport.write(REPORT, io.BytesIO(), suffix, theme=str(tmp_path)).warnings
    assert (warning.code, warning.loss) == ("lost-image", True)


def test_an_image_named_by_a_report_comes_from_the_themes_folder_alone(tmp_path):
    picture(tmp_path, "secret.png")
    theme = template(tmp_path / "ours", '<img src="{{ element.caption }}" alt="">', "elements/image.html.j2")
    for name in ("../secret.png", str(tmp_path / "secret.png"), '" onerror="window.hacked = 1'):
        report = icreport.read({"elements": [{"type": "image", "caption": name}]})
        result = icreport.write(report, target := io.BytesIO(), "html", theme=theme)
        assert [warning.code for warning in result.warnings] == ["lost-image"]
        assert b"base64" not in target.getvalue()
        assert b'onerror="' not in target.getvalue()


def test_every_theme_file_in_the_documentation_works(tmp_path):
    for text in re.findall(r"^```toml\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL):
        (tmp_path / "theme.toml").write_text(text)
        assert not icreport.write(REPORT, io.BytesIO(), "html", theme=str(tmp_path)).warnings


def test_the_recipe_for_a_logo_puts_it_on_every_page_but_the_cover(tmp_path):
    (recipe,) = re.findall(r"^```css\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
    picture(tmp_path, "logo.png")
    (tmp_path / "a.css").write_text(recipe.replace("logo.svg", "logo.png"))
    (tmp_path / "theme.toml").write_text('extends = "formal"')
    table = Table(columns=["A"], rows=[(n,) for n in range(400)])
    result = icreport.write(Report(elements=[table]), target := io.BytesIO(), "pdf", theme=str(tmp_path))
    assert not result.warnings
    pages = pypdf.PdfReader(target).pages
    assert len(pages) > 3
    shows = [b" Do" in page.get_contents().get_data() for page in pages]
    assert shows == [False, *[True] * (len(pages) - 1)]


def test_a_style_sheet_for_other_paper_than_the_theme_says_is_told(tmp_path):
    (tmp_path / "theme.toml").write_text('[page]\nsize = "A5"')
    (tmp_path / "a.css").write_text("@page { size: A5 landscape }\n@page cover { size: A4 portrait }")
    (warning,) = icreport.write(REPORT, io.BytesIO(), "html", theme=str(tmp_path)).warnings
    assert "a.css, line 2: pages are A4, where theme.toml says A5" in str(warning)


def test_a_theme_adds_facts_to_the_cover_of_formal(tmp_path):
    (tmp_path / "theme.toml").write_text('extends = "formal"')
    (text,) = [
        block for block in re.findall(r"^```jinja\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL) if "facts" in block
    ]
    template(tmp_path, text, "page.html.j2")
    pages = pypdf.PdfReader(io.BytesIO(icreport.render(REPORT, "pdf", theme=str(tmp_path)))).pages
    assert "Example Energy" in pages[0].extract_text()
