import io
import re
import tomllib
from pathlib import Path

import pypdf
import pytest

import icreport
from icreport.errors import ThemeError
from icreport.model.elements import Table
from icreport.model.report import Report
from icreport.rendering.themes.files import built_in_themes
from icreport.rendering.themes.loading import load_theme
from rendering.hostile import TEXTS
from rendering.themes.folders import REPORT, picture, template

DOCS = (Path(__file__).parents[3] / "docs/themes.md").read_text("utf-8")


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


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_in_a_theme_shows_as_text(theme, text):
    quoted = '"' + "".join(f"\\U{ord(character):08X}" for character in text) + '"'
    page = theme({"theme.toml": f"organisation = {quoted}\nfooter = {quoted}\n"})
    assert page.count("<script") == 1
    assert "window.hacked" not in re.sub(r"<script.*</script>|<footer.*</footer>", "", page, flags=re.DOTALL)


def test_a_style_sheet_cannot_end_its_element(theme):
    page = theme({"a.css": "</style><script>window.hacked = 1</script>"})
    assert page.count("</style>") == page.count("</script>") == 1


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


def test_a_theme_adds_facts_to_the_cover_of_formal(tmp_path):
    (tmp_path / "theme.toml").write_text('extends = "formal"')
    (text,) = [
        block for block in re.findall(r"^```jinja\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL) if "facts" in block
    ]
    template(tmp_path, text, "page.html.j2")
    pages = pypdf.PdfReader(io.BytesIO(icreport.render(REPORT, "pdf", theme=str(tmp_path)))).pages
    assert "Example Energy" in pages[0].extract_text()
