import os
import tomllib
from pathlib import Path

import pytest

from commands import run

SAMPLE = Path(__file__).parents[2] / "samples/job-content.json"


def test_a_theme_that_was_started_can_be_edited_and_used(tmp_path):
    assert run("theme", "init", "ours", cwd=tmp_path).returncode == 0
    config = tmp_path / "ours/theme.toml"
    config.write_text(config.read_text().replace("#0b5a7a", "#123456"))
    assert run("convert", SAMPLE, "-o", "out.html", "--theme", "ours", cwd=tmp_path).returncode == 0
    assert "--accent: #123456" in (tmp_path / "out.html").read_text()


def test_a_theme_is_not_started_over_something_else(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/mine.txt").write_text("mine")
    done = run("theme", "init", "ours", cwd=tmp_path)
    assert (done.returncode, "already exists" in done.stderr) == (1, True)
    assert os.listdir(tmp_path / "ours") == ["mine.txt"]


def test_the_themes_are_listed(tmp_path):
    names = [line.split()[0] for line in run("theme", "list", cwd=tmp_path).stdout.splitlines()]
    assert names == ["compact", "formal", "house"]


def test_an_error_in_a_theme_names_its_file_and_line(tmp_path):
    (tmp_path / "theme.toml").write_text('description = "x"\n[page]\nsize = "A9"\n')
    done = run("convert", SAMPLE, "-o", "out.html", "--theme", tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path}/theme.toml, line 3: page.size" in done.stderr


def test_a_theme_that_was_started_has_nothing_to_complain_of(tmp_path):
    run("theme", "init", "ours", cwd=tmp_path)
    done = run("theme", "check", "ours", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "light and dark" in done.stderr


def test_the_check_of_a_theme_names_the_colours_that_cannot_be_read(tmp_path):
    (tmp_path / "theme.toml").write_text('[tokens]\nink = "#111111"\nhead = "#003366"\n')
    done = run("theme", "check", tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert "light: ink (#111111) on head (#003366) has a contrast of 1.50:1, and needs 4.5:1" in done.stdout
    assert "dark:" not in done.stdout


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"theme.toml": '[tokens]\nacent = "red"'}, "theme.toml, line 2: 'acent' is not a token, and no rule uses it"),
        ({"theme.toml": '[tokens]\nacent = "red"'}, "did you mean 'accent'?"),
        ({"elements/tabel.html.j2": "x"}, "tabel.html.j2: it is for elements of type 'tabel': did you mean 'table'?"),
        ({"pgae.html.j2": "x"}, "did you mean 'page.html.j2'?"),
        ({"css/a.css": "", "a.css": ""}, "css/a.css: only style sheets in the folder itself are used"),
        ({"themes.toml": ""}, "did you mean 'theme.toml'?"),
        ({}, "it changes nothing"),
        ({"logo.png": ""}, "it changes nothing"),
        ({"a.css": "h1 { color red }"}, "a.css, line 1"),
    ],
)
def test_what_a_theme_says_in_vain_is_told_by_its_check_and_with_each_document(tmp_path, files, said):
    for name, text in files.items():
        (tmp_path / "ours" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ours" / name).write_text(text)
    (tmp_path / "ours").mkdir(exist_ok=True)
    checked = run("theme", "check", "ours", cwd=tmp_path)
    assert (checked.returncode, said in checked.stdout) == (1, True)
    done = run("convert", SAMPLE, "-o", "out.html", "--theme", "ours", "--strict", cwd=tmp_path)
    assert (done.returncode, said in done.stderr) == (0, True)


@pytest.mark.parametrize("template", ["elements/table.html.j2", "page.html.j2"])
def test_the_check_of_a_theme_reads_its_templates(tmp_path, template):
    (tmp_path / "elements").mkdir()
    (tmp_path / template).write_text("<p>\n{% if %}")
    done = run("theme", "check", tmp_path, cwd=tmp_path)
    assert (done.returncode, f"{template}, line 2: " in done.stderr) == (1, True)


def test_a_theme_is_shown_with_its_tokens_as_toml_and_the_names_of_its_files(tmp_path):
    shown = run("theme", "show", "formal", cwd=tmp_path).stdout
    tokens = tomllib.loads(shown)["tokens"]
    assert (tokens["accent"], tokens["dark"]["accent"], tokens["good"]) == ("#7a1f2b", "#f0a3ac", "#14603a")
    names = [line.split()[1] for line in shown.splitlines() if line.startswith("# ") and "/" in line]
    assert {"page.html.j2", "elements/table.html.j2", "theme.css", "style.css"} <= set(names)
    # What is shown is a theme.toml that changes nothing.
    (tmp_path / "theme.toml").write_text(shown)
    assert run("theme", "check", tmp_path, cwd=tmp_path).returncode == 0


def test_a_file_of_a_theme_is_printed(tmp_path):
    assert "{{ body }}" in run("theme", "show", "house", "page.html.j2", cwd=tmp_path).stdout
    done = run("theme", "show", "house", "pgae.html.j2", cwd=tmp_path)
    assert (done.returncode, "did you mean 'page.html.j2'?" in done.stderr) == (1, True)


def test_the_check_of_a_theme_tells_what_printed_sheets_cut(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/theme.toml").write_text(f'footer = "{"x" * 101}"\n')
    done = run("theme", "check", "ours", cwd=tmp_path)
    assert done.returncode == 1
    assert "the footer of the theme is cut to 100 characters on printed sheets" in done.stdout
