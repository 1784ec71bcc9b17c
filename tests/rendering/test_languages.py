"""Documents in the reader's language: no word of ours is left in another one."""

import io
import json
import pickle
import re
import sys
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import openpyxl
import pytest
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from pypdf import PdfReader

import icreport
from bracketed import VIEW, bracketing, outside, report
from icreport import Paragraph, Report, Table
from icreport.rendering.locales import LocalText
from icreport.rendering.page.sort_keys import sort_key_of
from icreport.rendering.page.written_dates import DateHabits
from icreport.words import words_of

sys.path.append(str(Path(__file__).parents[2] / "docs"))
import words as catalogues

LANGUAGES = sorted(path.stem for path in catalogues.FOLDER.glob("*.po"))


@pytest.fixture(scope="module")
def brackets(tmp_path_factory):
    return bracketing(tmp_path_factory.mktemp("brackets"))


class Texts(HTMLParser):
    """The texts that a page shows or says."""

    def __init__(self, page):
        super().__init__()
        self.found, self._in = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self._in.append(tag)
        said = dict(attributes)
        names = ("aria-label", "title", "placeholder", "alt", "summary", "data-note", "data-running", "label")
        self.found += [said[name] for name in names if said.get(name)]
        if "data-words" in said:
            del (script := json.loads(said["data-words"]))["lang"]
            self.found += [
                text for one in script.values() for text in (one.values() if isinstance(one, dict) else [one])
            ]
        if tag in ("meta", "img", "input", "br", "hr", "col"):
            self._in.pop()

    def handle_endtag(self, tag):
        self._in.pop()

    def handle_data(self, data):
        if not {"script", "style"} & set(self._in):
            self.found.append(data)


def test_no_word_on_a_page_is_outside_the_catalogue(brackets):
    page = icreport.render(report(), "html", theme=brackets, view=VIEW).decode()
    found = Texts(page).found
    assert [left for text in found for left in outside(text)] == []
    text = "\n".join(found)
    assert "⟦" in text
    assert len(set(re.findall(r"⟦[^⟦⟧]*⟧", text))) > 60
    style = "".join(re.findall(r"<style.*?</style>", page, re.DOTALL))
    style = re.sub(r"\\([0-9a-f]{1,6}) ?", lambda found: chr(int(found[1], 16)), style)
    said = [text for content in re.findall(r"content:\s*([^;}]+)", style) for text in re.findall(r'"([^"]*)"', content)]
    assert [left for text in said for left in outside(text)] == []
    assert "⟦bad: ⟧" in said


def test_no_word_on_paper_is_outside_the_catalogue(brackets):
    data = icreport.render(report(), "pdf", theme=brackets, view=VIEW)
    document = PdfReader(io.BytesIO(data))
    text = "\n".join(page.extract_text() for page in document.pages)
    assert outside(text) == []
    assert "⟦Page" in text.replace("\n", "")
    titles = [one["/Title"] for one in document.outline if isinstance(one, dict)]
    assert [left for title in titles for left in outside(title)] == []


def test_no_word_of_a_workbook_is_outside_the_catalogue(brackets):
    long = Table(caption="Μακρύ", columns=["Α"], rows=[("ω" * 40_000,)])
    shown = Report(elements=[*report().elements, long])
    book = openpyxl.load_workbook(io.BytesIO(icreport.render(shown, "xlsx", theme=brackets, view=VIEW)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    # Names of sheets are cut: what is left of a bracket is one.
    texts = [re.sub("⟦[^⟧]*$", "", sheet.title) for sheet in book] + [
        cell.value for cell in cells if isinstance(cell.value, str)
    ]
    texts = [text for text in texts if not re.match(r"=|[A-Z]+\d+$", text)]
    texts += [cell.comment.text for cell in cells if cell.comment]
    # What a truth value is called stays as JSON has it.
    formats = {cell.number_format for cell in cells} - {'"true";"true";"false"'}
    texts += ["".join(re.findall(r'"([^"]*)"', one)) for one in formats]
    texts += [
        column.totalsRowLabel or ""
        for sheet in book
        for table in sheet.tables.values()
        for column in table.tableColumns
    ]
    assert [left for text in texts for left in outside(text)] == []
    assert "⟦" in "".join(texts)


@pytest.fixture(scope="module")
def messages():
    return {message.id for message in catalogues.template()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_catalogue_has_each_message_with_the_same_placeholders(lang, messages):
    catalogue = catalogues.read(catalogues.FOLDER / f"{lang}.po")
    assert catalogues.missing(catalogue) == []
    assert {message.id for message in catalogue} == messages | {""}
    for message in catalogue:
        if not message.id:
            continue
        assert not message.fuzzy
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        assert len(forms) == (catalogue.num_plurals if len(ids) > 1 else 1)
        for form in forms:
            assert set(re.findall(r"\{\w+\}", form)) == set(re.findall(r"\{\w+\}", ids[-1])), message.id
            assert form.strip() == form or ids[0].strip() != ids[0] or "in {count}" in ids[0]


def test_the_template_of_catalogues_has_what_code_and_templates_say():
    assert catalogues.TEMPLATE.read_text("utf-8") == catalogues.written(catalogues.template()), "run docs/words.py"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (None, "Contents"), ("en", "Contents"), ("en_US", "Contents"), ("en-GB", "Contents"), ("sv", "Contents"),
        ("tlh-x", "Contents"), ("../nb", "Contents"), ("nb", "Innhold"), ("nb-NO", "Innhold"),
        ("nn", "Innhold"), ("no", "Innhold"),
        ("de_AT", "Inhalt"), ("pt", "Sumário"), ("pt-BR", "Sumário"), ("zh", "目录"), ("zh_Hans", "目录"),
        ("zh-CN", "目录"),
        ("zh_Hans_CN", "目录"), ("zh-TW", "Contents"), ("ja", "目次"), ("ar-EG", "المحتويات"),
    ],
)  # fmt: skip
def test_languages_find_their_catalogue(lang, said):
    assert words_of(lang)("Contents") == said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["0 rows", "1 row", "2 rows", "5 rows", "1,234 rows"]),
        ("pl", ["0 wierszy", "1 wiersz", "2 wiersze", "5 wierszy", "1\u00a0234 wiersze"]),
        ("ar", ["0 صف", "1 صف", "2 صف", "5 صفوف", "1,234 صفا"]),
        ("fr", ["0 ligne", "1 ligne", "2 lignes", "5 lignes", "1\u202f234 lignes"]),
        ("ja", ["0 行", "1 行", "2 行", "5 行", "1,234 行"]),
    ],
)
def test_counts_are_said_in_the_form_that_fits_them(lang, said):
    words = words_of(lang)
    assert [words.many("{count} row", "{count} rows", count) for count in (0, 1, 2, 5, 1234)] == said
    # A browser chooses by the category of plurals, and says the same.
    forms = words.forms("{count} row", "{count} rows")
    for count in (0, 1, 2, 5, 11, 100, 1234):
        assert forms[words.category(count)] == words.pattern("{count} row", "{count} rows", count)


@pytest.mark.parametrize("lang", ["nb", "ar", "zh"])
def test_what_a_view_says_is_in_the_language_of_the_document_even_if_it_was_applied_before(lang):
    view = icreport.View.load({"table": [{"match": "T", "where": [{"column": "A", "at_least": 2}]}],
                               "summary": [{"of": "T", "rows": "B"}]})  # fmt: skip
    plain = Report(elements=[Table(caption="T", columns=["A", "B"], rows=[(1, "x"), (2, None), (3.5, None)])])
    words = words_of(lang)
    for shown, options in ((view.apply(plain), {}), (plain, {"view": view})):
        page = icreport.render(shown, "html", locale=lang, **options).decode()
        for said in (words("(blank)"), words("Count"), words("at least {value}", value="2")):
            assert f"{said}" in page
        assert "at least" not in page
    assert '"note":"2 of 3 rows: A at least 2"' in view.apply(plain).to_json()


@pytest.mark.parametrize(
    ("toml", "options", "lang", "direction", "date"),
    [
        ("", {}, "en", "ltr", "24 August 2026"),
        ("", {"locale": "nb"}, "nb", "ltr", "24. august 2026"),
        ("", {"locale": "en-US"}, "en-US", "ltr", "August 24, 2026"),
        ("", {"locale": "ar"}, "ar", "rtl", "24 أغسطس 2026"),
        ('lang = "ar"', {}, "ar", "rtl", "24 أغسطس 2026"),
        ('lang = "ar"\ndir = "ltr"', {}, "ar", "ltr", "24 أغسطس 2026"),
        ('locale = "ar"\ndir = "ltr"', {}, "ar", "ltr", "24 أغسطس 2026"),
        ('lang = "he"', {}, "he", "rtl", "24 באוגוסט 2026"),
        ('dir = "rtl"', {"locale": "nb"}, "nb", "ltr", "24. august 2026"),
        ('lang = "zh-Hans"', {}, "zh-Hans", "ltr", "2026年8月24日"),
        ('lang = "zz"', {}, "zz", "ltr", "24 August 2026"),
    ],
)
def test_direction_and_date_of_a_page_follow_its_language(tmp_path, monkeypatch, toml, options, lang, direction, date):
    (tmp_path / "theme.toml").write_text(toml)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2026, 8, 24, 12, tzinfo=UTC).timestamp())))
    page = icreport.render(Report(elements=[Paragraph(text="x")]), "html", theme=str(tmp_path), **options).decode()
    assert f'<html lang="{lang}" dir="{direction}"' in page
    assert f">{date}</time>" in page


def test_words_of_english_say_so_on_a_page_of_a_language_without_a_catalogue():
    page = icreport.render(Report(elements=[Table(columns=["A"], rows=[])]), "html", locale="sv").decode()
    assert '<p class="empty" lang="en">No rows.</p>' in page
    assert (
        '<p class="empty">Ingen rader.</p>'
        in icreport.render(Report(elements=[Table(columns=["A"], rows=[])]), "html", locale="nb").decode()
    )


def test_a_theme_overrides_words_and_adds_a_language(tmp_path):
    (tmp_path / "theme.toml").write_text(
        '[words]\n"Source: {source}" = "Of {source}"\n[words.sv]\n"No rows." = "Inga rader."\n'
        '"{count} row" = { one = "{count} rad", other = "{count} rader" }\n"in {count} table" = "i {count} tabell"\n'
        '"in {count} tables" = "i {count} tabeller"\n[words.nb]\n"No rows." = "Tomt."\n',
        "utf-8",
    )
    shown = Report(elements=[Table(columns=["A"], rows=[]), Table(columns=["A"], rows=[(1,), (2,)])])
    pages = {
        lang: icreport.render(shown, "html", theme=str(tmp_path), locale=lang).decode()
        for lang in ("sv", "nb-NO", "de")
    }
    assert '<p class="empty">Inga rader.</p>' in pages["sv"]
    assert "<span>2 rader i 2 tabeller</span>" in pages["sv"]
    assert '<p class="empty">Tomt.</p>' in pages["nb-NO"]
    assert '<p class="empty">Keine Zeilen.</p>' in pages["de"]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[words]\nContents = "a {b}"', "line 1: words: 'a {b}' has {b}, which 'Contents' has not"),
        ("[words]\nContents = 3", "line 2: words.Contents: "),
        ('[words."x y"]\nContents = "a"', "'x y' is no language"),
        ('[words]\n"{count} row" = { one = "x" }', "has no form `other`"),
    ],
)
def test_what_is_wrong_in_the_words_of_a_theme_is_an_error_with_its_line(tmp_path, toml, said):
    (tmp_path / "theme.toml").write_text(toml)
    with pytest.raises(icreport.ThemeError, match=re.escape(said)):
        icreport.render(Report(elements=[]), "html", theme=str(tmp_path))


def test_a_word_of_a_theme_that_no_document_says_is_told(tmp_path):
    (tmp_path / "theme.toml").write_text('[words.nb]\nContnets = "Innhold"')
    (warning,) = icreport.write(Report(elements=[]), io.BytesIO(), "html", theme=str(tmp_path)).warnings
    assert "line 2: no document says 'Contnets': did you mean 'Contents'?" in warning.message


def test_templates_of_a_theme_say_words_of_its_own(tmp_path):
    (tmp_path / "theme.toml").write_text('[words.nb]\nVessel = "Fartøy"', "utf-8")
    (tmp_path / "page.html.j2").write_text(
        '{% extends "icreport/page.html.j2" %}'
        '{% block footer %}<p>{{ words("Vessel") }} {{ words("<{a}", a="<") }}</p>{% endblock %}'
    )
    for lang, said in (("nb", "Fartøy"), ("de", "Vessel")):
        result = io.BytesIO()
        assert icreport.write(Report(elements=[]), result, "html", theme=str(tmp_path), locale=lang).warnings == ()
        assert f"<p>{said} &lt;&lt;</p>" in result.getvalue().decode()


@pytest.mark.parametrize("lang", ["en", "en_US", *LANGUAGES])
def test_dates_and_numbers_as_each_language_writes_them_have_their_sort_keys(lang):
    local = LocalText(lang)
    habits = DateHabits(local.date_order, local.locale.language)
    moments = [datetime(2026, 1, 3, 9, 5) + timedelta(days=37 * n, hours=7 * n, minutes=11 * n) for n in range(24)]
    written = {}
    for width in ("short", "medium", "long", "full"):
        written[width] = ("%Y-%m-%d", [format_date(one, width, locale=lang) for one in moments])
        clock = [format_time(one, "short", locale=lang) for one in moments]
        both = [f"{day} {time}" for day, time in zip(written[width][1], clock, strict=True)]
        written[f"{width} with a time"] = ("%Y-%m-%dT%H:%M:%S", both)
    for shape, texts in written.values():
        key = sort_key_of(texts, habits, local.decimal_mark)
        # A text that is its own key sorts as it is.
        assert [key and (key(text) or text) for text in texts] == [one.strftime(shape) for one in moments]
    numbers = [-1234.5, 0.25, 7, 1234567.125, 12.5]
    texts = [format_decimal(number, locale=lang) for number in numbers]
    key = sort_key_of(texts, habits, local.decimal_mark)
    assert [float((key and key(text)) or text) for text in texts] == numbers


@pytest.mark.parametrize(
    ("lang", "text", "key"),
    [
        ("zh", "2026年3月15日 下午1:05", "2026-03-15T13:05:00"),
        ("zh", "2026年3月15日星期日 上午12:05", "2026-03-15T00:05:00"),
        ("ja", "2026年3月15日(日) 午後1:05", "2026-03-15T13:05:00"),
        ("ko", "2026년 3월 15일 오후 1:05", "2026-03-15T13:05:00"),
        ("ar", "١٥/٣/٢٠٢٦", "2026-03-15"),
        ("ar", "15 مارس 2026، 1:05 م", "2026-03-15T13:05:00"),
    ],
)  # fmt: skip
def test_halves_of_the_day_and_digits_of_a_language_are_read(lang, text, key):
    local = LocalText(lang)
    found = sort_key_of([text], DateHabits(local.date_order, lang), local.decimal_mark)
    assert found is not None
    assert found(text) == key


def test_what_a_conversion_tells_of_a_document_is_plain_english(tmp_path):
    view = {"table": [{"match": "T", "limit": 1}], "summary": [{"of": "T", "rows": "A", "value": {"mean": "B"}}]}
    table = Table(
        caption="T", columns=["A", {"caption": "B", "icreport": {"total": "sum"}}], rows=[("x", 1), (None, "n/a")]
    )
    for format, options in (("html", {"locale": "nb"}), ("csv", {"excel": "nb", "totals": True})):
        result = icreport.write(Report(elements=[table]), tmp_path / f"t.{format}", view=view, **options)
        told = json.loads(msgspec.json.encode(result.to_dict()))
        assert [one["caption"] for one in told["elements"]] == ["T by A", "T"]
        assert told["elements"][1]["view"]["left_out"] == [{"condition": "first 1", "rows": 1}]
    assert "\nTotalt;1\n" in (tmp_path / "t.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("format", ["json", "jsonl", "parquet", "csv", "md", "docx", "xlsx", "pdf"])
def test_each_format_takes_what_a_view_says(format):
    view = {"summary": [{"of": "T", "rows": "A", "columns": "B", "totals": True}]}
    table = Table(caption="T", columns=["A", "B"], rows=[("x", "y"), (None, None)])
    shown = icreport.View.load(view).apply(Report(elements=[table]))
    if format == "json":
        assert '"(blank)"' in shown.to_json()
        assert pickle.loads(pickle.dumps(shown)).to_json() == shown.to_json()
        return
    options = {"table": "2"} if "table" in icreport.formats()[format].options() else {}
    assert icreport.render(shown, format, **options)
