import io
import logging
import re

import pikepdf
import pytest
from pypdf import PdfReader

import icreport
from icreport import Paragraph, Report, Section, Table
from icreport.rendering.pdf.contents_numbers import reserved
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pictures import assert_look_alike, text_of

# The same numbers, but WeasyPrint has to find them.
PLAIN = "@page { counter-increment: page 1 }"


@pytest.fixture
def both(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    def render(report, css="", config="", **options):
        found = []
        for name, more in (("quick", ""), ("plain", PLAIN)):
            folder = tmp_path / name
            folder.mkdir()
            (folder / "theme.toml").write_text(config, "utf-8")
            (folder / "a.css").write_text(css + more, "utf-8")
            found.append(icreport.render(report, "pdf", theme=str(folder), **options))
        return found

    return render


def words_of(data):
    """Return the text without the dots, which WeasyPrint draws one by one from the right."""
    return "".join(text_of(data).replace(".", "").split())


def paragraph(caption, text):
    return Paragraph(caption=caption, data={"text": [{"value": text}]})


def pairs(count, lines=30, longer=0):
    return Report(
        name="Pairs",
        elements=[
            element
            for n in range(count)
            for element in (
                Table(caption=f"Anode {n}", columns=["No.", "Status"], rows=[(n, "Open")]),
                paragraph(f"Note {n} " + "of a long caption " * (n % 9 * longer), "line\n" * lines),
            )
        ],
    )


@pytest.mark.parametrize("config", ["", 'dir = "rtl"\nlang = "ar"'])
def test_page_numbers_of_the_contents_are_those_that_weasyprint_finds(both, config):
    quick, plain = both(pairs(14, lines=60), config=config)
    assert words_of(quick) == words_of(plain)
    assert_look_alike(quick, plain)
    assert list(problems(quick)) == []


def test_numbers_of_three_digits_stand_clear_of_the_dots(both):
    quick, plain = both(pairs(6, lines=900))
    assert len(PdfReader(io.BytesIO(quick)).pages) > 100
    assert words_of(quick) == words_of(plain)
    assert_look_alike(quick, plain)


@pytest.mark.parametrize("painter", ["auto", "off"])
def test_numbers_count_the_pages_of_large_tables(both, painter):
    rows = [(n, "text") for n in range(330)]
    elements = [
        element
        for n in range(2)
        for element in (
            Section(caption=f"Part {n}"),
            Table(caption=f"Table {n}", columns=["A", "B"], rows=rows),
            paragraph(f"After {n}", "text"),
        )
    ]
    quick, plain = both(Report(name="Large", elements=elements), painter=painter)
    assert words_of(quick) == words_of(plain)


def test_entries_of_several_lines_have_the_same_numbers(both):
    # A number that only just fits into a line may stand on the next one: its place is as wide as four digits.
    quick, plain = both(pairs(14, lines=60, longer=1))
    assert words_of(quick) == words_of(plain)
    assert list(problems(quick)) == []


def test_a_line_of_the_contents_is_read_as_it_stands(both):
    quick, _ = both(pairs(5))
    lines = [line for line in text_of(quick).splitlines() if line.startswith(("Anode", "Note")) and ". ." in line]
    assert len(lines) == 10
    assert all(re.fullmatch(r"(Anode|Note) \d( \.)+ \d+", line.strip()) for line in lines), lines


def test_entries_lead_to_their_elements(both):
    def links(data):
        """Return for each page and destination the left and right end of what can be clicked at."""
        found = {}
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for number, page in enumerate(pdf.pages):
                for link in page.get("/Annots", []):
                    ends = found.setdefault((number, str(link.get("/Dest", ""))), [])
                    ends += [round(float(link.Rect[0])), round(float(link.Rect[2]))]
        return {name: (min(ends), max(ends)) for name, ends in found.items()}

    quick, plain = (links(data) for data in both(pairs(5)))
    assert len(quick) >= 10
    assert quick == plain


@pytest.mark.parametrize(
    "css",
    [
        "@page:first { counter-reset: page 4 }",
        "h2 { counter-set: other 1 page 3 }",
        "@page { counter-increment: page 2 }",
    ],
)
def test_a_theme_that_counts_pages_itself_has_its_own_numbers(css):
    css += '.contents a::after { content: leader(". ") target-counter(attr(href), page) }'
    assert reserved(css) == css


def test_contents_of_another_form_stay_as_the_theme_has_them():
    css = '.contents a::after { content: " (" target-counter(attr(href), page, lower-roman) ")" }'
    assert reserved(css) == css


@pytest.mark.parametrize("theme", ["house", "compact", "formal"])
def test_contents_of_our_themes_say_the_pages_that_have_the_elements(theme):
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(icreport.render(pairs(8), "pdf", theme=theme))).pages]
    contents = next(text for text in pages if re.search(r"Note \d[ .]+\d+\n", text))
    said = re.findall(r"(Note \d)[ .]+(\d+)\n", contents)
    found = {name: next(at for at, text in enumerate(pages, 1) if re.search(rf"{name}\s*\n", text)) for name, _ in said}
    assert len(found) == 8
    assert {name: int(number) for name, number in said} == found


def long_report():
    return Report(elements=[Section(caption=f"Part {n}") for n in range(100)])


def written_with(folder, files, tmp_path):
    folder.mkdir()
    for name, text in {"theme.toml": "", **files}.items():
        (folder / name).write_text(text, "utf-8")
    result = icreport.write(long_report(), tmp_path / "out.pdf", theme=str(folder))
    return [note.message for note in result.notes if note.code == "repeated-layout"]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.css": "@page:first { counter-reset: page 4 }"}, "counts pages in its own way"),
        ({"a.css": ".contents a::after { content: target-counter(attr(href), page, lower-roman) }"}, "form of its own"),
        (
            {"page.html.j2": '{% extends "icreport/page.html.j2" %}{% block footer %}<p style="x: 1">{% endblock %}'},
            "styles of its own",
        ),
    ],
    ids=["counters", "form", "template"],
)
def test_a_long_document_that_is_laid_out_again_is_told_and_why(files, why, tmp_path, caplog):
    with caplog.at_level(logging.WARNING, "icreport"):
        (message,) = written_with(tmp_path / "theme", files, tmp_path)
    assert why in message
    assert message in caplog.messages


def test_a_template_without_styles_has_its_contents_numbered_after_the_layout(tmp_path):
    template = '{% extends "icreport/page.html.j2" %}{% block footer %}<p>Ours</p>{% endblock %}'
    assert written_with(tmp_path / "theme", {"page.html.j2": template}, tmp_path) == []
