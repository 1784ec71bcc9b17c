"""Which columns tell a status, by theme, header and values; HTML and PDF, painted tables too, show the same."""

import io
import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import icreport
from icreport import Report, Table
from icreport.package_files import templates_folder
from icreport.rendering.themes.status_words import status_words_of
from icreport.rendering.themes.statuses import Statuses
from rendering.pdf.pdf_text import is_painted

VALVE = ["Open", "Closed", "Closed", "Open"]
SEVERITIES = ["Minor", "Major", "Medium", "High"]
WORKFLOW = ["Overdue", "Due", "Not inspected", "Open", "Closed", "Cancelled", "In progress"]


def looks(header, values, theme=None, locale=None):
    """The words of a column of HTML that have a look, with their looks."""
    report = Report(
        elements=[Table(columns=["Tag", header], rows=[(f"A{n} x", value) for n, value in enumerate(values)])]
    )
    page = icreport.render(report, "html", theme=theme, locale=locale).decode()
    return {text: look for look, text in re.findall(r'<td><span class="s (\w+)">(.*?)</span></td>', page)}


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Position", VALVE),
        ("Valve status", VALVE),
        ("DoorState", VALVE),
        ("Size", SEVERITIES),
        ("Medium", ["Oil", "Gas", "Water", "High"]),
        ("Water level", ["High", "Low", "Medium"]),
        ("Scale", ["Major", "Minor"]),
        ("Estate", VALVE),
        ("Remark", ["OK", "Leaking", "Worn", "Repainted"]),
        ("Status", ["On", "Off"]),
        ("Note", [None, "", "  "]),
        ("Note", []),
        ("Result", [f"Passed {n}" for n in range(20)]),
        ("Grade", ["Good", "3 of 5"]),
    ],
)
def test_words_that_may_mean_something_else_are_not_coloured(header, values):
    assert looks(header, values) == {}


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("Answer", ["OK", "Bad", "Good", "Fail"], {"OK": "good", "Bad": "bad", "Good": "good", "Fail": "bad"}),
        ("Checked", ["PASS", "n/a", None], {"PASS": "good", "n/a": "plain"}),
        ("Anomaly status", VALVE, {"Open": "fair", "Closed": "good"}),
        ("StatusText", VALVE, {"Open": "fair", "Closed": "good"}),
        ("Severity", SEVERITIES, {"Minor": "fair", "Major": "bad", "Medium": "fair", "High": "bad"}),
        ("Valve condition", ["Good", "Poor"], {"Good": "good", "Poor": "bad"}),
        ("State", ["Accepted", "Strange"], {"Accepted": "good", "Strange": "plain"}),
        (
            "State",
            WORKFLOW,
            dict(zip(WORKFLOW, ["bad", "fair", "plain", "fair", "good", "plain", "plain"], strict=True)),
        ),
    ],
)
def test_statuses_are_coloured_where_header_or_values_say_so(header, values, expected):
    assert looks(header, values) == expected


@pytest.mark.parametrize(
    ("toml", "header", "values", "expected"),
    [
        ('statuses = "off"', "Status", ["OK", "Open"], {}),
        ('statuses = "off"\n[status.Position]\nOpen = "bad"', "Position", VALVE, {}),
        ('[status]\nLekt = "bad"', "Rør", ["LEKT", "Tett"], {"LEKT": "bad", "Tett": "plain"}),
        ('[status]\nOK = "plain"\nClosed = "bad"', "Status", ["OK", "closed"], {"OK": "plain", "closed": "bad"}),
        ('[status.position]\nOpen = "bad"', "Position ", VALVE, {"Open": "bad", "Closed": "plain"}),
        ('[status.Position]\nOpen = "bad"', "Status", VALVE, {"Open": "fair", "Closed": "good"}),
        ("[status.Status]", "Status", VALVE, {}),
        ('[status.Grade]\n1 = "good"\n5 = "bad"', "Grade", [1, 3, 5], {"1": "good", "3": "plain", "5": "bad"}),
        (
            '[status]\n"Closed with remarks by the inspector" = "fair"',
            "Status",
            ["Closed with remarks by the inspector", "Closed"],
            {"Closed with remarks by the inspector": "fair", "Closed": "good"},
        ),
    ],
)  # fmt: skip
def test_a_theme_says_which_words_tell_a_status_and_in_which_columns(tmp_path, toml, header, values, expected):
    (tmp_path / "theme.toml").write_text(toml)
    assert looks(header, values, str(tmp_path)) == expected


@pytest.mark.parametrize(
    ("locale", "header", "values", "expected"),
    [
        ("nb", "Tilstand", ["Åpen", "Lukket"], {"Åpen": "fair", "Lukket": "good"}),
        ("nn-NO", "Merknad", ["Bestått", "Ikke bestått"], {"Bestått": "good", "Ikke bestått": "bad"}),
        ("nb", "Ventilstatus", ["Åpen", "Lukket"], {}),
        ("nb", "Status", ["Open", "Overdue"], {"Open": "fair", "Overdue": "bad"}),
        ("de", "Schweregrad", ["Kritisch", "Gering"], {"Kritisch": "bad", "Gering": "good"}),
        ("fr", "Gravité", ["Critique", "Mineure"], {"Critique": "bad", "Mineure": "fair"}),
        ("nl", "Ernst", ["Ernstig", "Laag"], {"Ernstig": "bad", "Laag": "good"}),
        ("es", "Estado", ["Abierto", "Cerrado", "Vencido"], {"Abierto": "fair", "Cerrado": "good", "Vencido": "bad"}),
        ("pt-BR", "Situação", ["Aberto", "Fechado"], {"Aberto": "fair", "Fechado": "good"}),
        ("it", "Esito", ["Superato", "Non superato"], {"Superato": "good", "Non superato": "bad"}),
        ("pl", "Status", ["Otwarte", "Zamknięte"], {"Otwarte": "fair", "Zamknięte": "good"}),
        ("ar", "الحالة", ["مفتوح", "مغلق"], {"مفتوح": "fair", "مغلق": "good"}),
        ("zh", "检验结果", ["合格", "不合格"], {"合格": "good", "不合格": "bad"}),
        ("zh", "阀门状态", ["打开", "关闭"], {}),
        ("ja", "重要度", ["高", "低"], {"高": "bad", "低": "good"}),
        ("ms", "Status", ["Terbuka", "Ditutup"], {"Terbuka": "fair", "Ditutup": "good"}),
        ("id", "Kondisi", ["Baik", "Buruk"], {"Baik": "good", "Buruk": "bad"}),
        ("sv", "Status", ["Open", "Closed"], {"Open": "fair", "Closed": "good"}),
        (None, "Tilstand", ["Åpen", "Lukket"], {}),
    ],
)  # fmt: skip
def test_statuses_are_known_by_the_words_of_the_language_and_of_english(locale, header, values, expected):
    assert looks(header, values, locale=locale) == expected


def test_a_theme_comes_before_the_words_of_a_language(tmp_path):
    (tmp_path / "theme.toml").write_text('lang = "nb"\n[status]\nLukket = "plain"', "utf-8")
    assert looks("Tilstand", ["Åpen", "Lukket"], str(tmp_path)) == {"Åpen": "fair", "Lukket": "plain"}


@pytest.mark.parametrize("lang", sorted(path.stem for path in (templates_folder() / "statuses").glob("*.toml")))
def test_a_word_of_a_language_has_one_look(lang):
    words = status_words_of(lang)
    assert not words.plain & {*words.clear, *words.by_header}
    assert not {*words.clear} & {*words.by_header}
    assert "" not in {*words.clear, *words.by_header, *words.plain, *words.headers, *words.positions}


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=12))
def test_any_header_and_values_have_looks_that_there_are(header, texts):
    assert set(Statuses().words_of(header, texts).values()) <= {"good", "fair", "bad", "plain"}


def red(pdf, page):
    """The share of a page of a PDF that is of the colour that the theme below has for bad ones."""
    command = ["pdftoppm", "-r", "30", "-f", str(page), "-l", str(page), "-"]
    picture = Image.open(io.BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))
    data = picture.convert("RGB").tobytes()
    reds = [r > 200 and g < 60 and b < 60 for r, g, b in zip(data[::3], data[1::3], data[2::3], strict=True)]
    return sum(reds) / len(reds)


@pytest.mark.parametrize(("toml", "coloured"), [('[status.Position]\nOpen = "bad"', True), ("", False)])
def test_paper_shows_the_statuses_of_the_theme_in_painted_tables_too(tmp_path, toml, coloured):
    (tmp_path / "theme.toml").write_text(f'[tokens]\nbad-ground = "#ff0000"\nbad = "#ff0000"\n{toml}')
    for count, paints in ((30, False), (400, True)):
        table = Table(columns=["Valve", "Position"], rows=[(f"XV-{n}", VALVE[n % 4]) for n in range(count)])
        pdf = icreport.render(Report(elements=[table]), "pdf", theme=str(tmp_path))
        assert is_painted(pdf) == paints
        assert (red(pdf, 2 if paints else 1) > 0.005) == coloured
