"""Texts of Hebrew, Arabic and the like stand in the order of Unicode's algorithm, each in its own direction."""

import io
import re
import subprocess
import unicodedata

import pikepdf
import pytest
from bidi import get_display
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTTextLine

import icreport
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.report import Report
from icreport.model.rows import Row
from icreport.rendering.text_direction import direction_of, isolated, own_direction
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pdf_text import is_painted
from rendering.pdf.pictures import assert_look_alike, text_of
from rendering.pdf.texts import TIMES, document

TEXTS = [
    "דוח בדיקה 12-A (2026).",
    "Valve שסתום 12.",
    "≤ -800",
    '12" oil riser',
    "No.",
    "+02:00",
    "24.8.2026 06:29",
    "בדיקה: 12.5 bar, 10%",
    "(7) סעיף",
    "Rev. [B]!",
    "שלום",
    "A-12 / B-3.",
]
PAGES = pytest.mark.parametrize("options", [{}, {"locale": "he"}], ids=["left to right", "right to left"])


def lines_of(made):
    """All lines as they are seen, see `placed_lines`."""
    return [text for text, _ in placed_lines(made)]


def placed_lines(made):
    """All lines with their left ends, as they are seen from left to right: pdfminer orders nothing."""
    for page in extract_pages(io.BytesIO(made), laparams=LAParams(boxes_flow=None, char_margin=1)):
        waiting = list(page)
        while waiting:
            item = waiting.pop()
            if isinstance(item, LTTextLine):
                chars = sorted((char for char in item if isinstance(char, LTChar)), key=lambda char: char.x0)
                yield bare("".join(char.get_text() for char in chars)), item.x0
            elif hasattr(item, "__iter__"):
                waiting += item


def seen(text):
    """A text as UAX #9 orders it, each line by its first letter."""
    return bare(get_display(text, base_dir="R" if first_is_right(text) else "L"))


def bare(text):
    """A text without blanks, its brackets without a side: they are mirrored where they are seen."""
    return re.sub(r"[()\[\]]", "|", text.replace(" ", ""))


def first_is_right(text):
    return next((unicodedata.bidirectional(char) for char in text if char.isalpha()), "L") in {"R", "AL"}


@PAGES
@TIMES
def test_each_text_stands_in_the_order_of_its_own_direction(times, options):
    shown = lines_of(document(TEXTS, times, **options))
    assert [text for text in TEXTS if seen(text) not in shown] == []


@settings(max_examples=1, deadline=None)
@given(
    texts=st.lists(
        st.lists(
            st.sampled_from(
                ["דוח", "שסתום", "Valve", "12-A", "(2026)", "3.5%", "-800", "+02:00", "[B]", "a/b", "1,234.5"]
            ),
            min_size=1,
            max_size=5,
        ).map(" ".join),
        min_size=20,
        max_size=20,
        unique=True,
    ),
    locale=st.sampled_from(["en", "he"]),
)
@example(texts=[*TEXTS, *(f"{text} שלום (1)" for text in TEXTS)], locale="he")
def test_mixed_texts_are_painted_as_they_are_laid_out(texts, locale):
    report = Report(elements=[Table(columns=["N", "Text"], rows=list(enumerate(texts * 8)))])
    painted = icreport.render(report, "pdf", locale=locale)
    assert is_painted(painted)
    assert {seen(text) for text in texts} <= set(lines_of(painted))
    assert_look_alike(painted, icreport.render(report, "pdf", locale=locale, painter="off"))


@PAGES
def test_captions_headers_paragraphs_lines_and_contents_have_their_own_directions(options):
    texts = ["(1) פרק.", "12-A טבלה", "(2)עמודה!", "3.5% שלום.", "Line (4).", "Second 5%."]
    heading, caption, header, *_ = texts
    table = Table(caption=caption, columns=[header, "B"], rows=[("x", "\n".join(texts[3:5]))])
    elements = [Section(caption=heading), table, Paragraph(text="\n".join(texts[3:])), Section(caption="(3) סוף")]
    shown = lines_of(icreport.render(Report(name="דוח (7), B.", elements=elements), "pdf", **options))
    assert [text for text in texts if seen(text) not in shown] == []
    # The title is in the margin of each page as well.
    assert shown.count(seen("דוח (7), B.")) == 2


def test_header_and_footer_have_their_own_direction_whatever_the_page_has(tmp_path):
    (tmp_path / "theme.toml").write_text('header = "Rev. 2."\nfooter = "(3) דוח."\n')
    for options in ({}, {"locale": "he"}):
        shown = lines_of(document(["x"], theme=str(tmp_path), **options))
        assert {seen("Rev. 2."), seen("(3) דוח.")} <= set(shown)


@PAGES
def test_direction_moves_no_text_to_another_side_of_its_cell(options):
    shown = dict(placed_lines(document(["a" * 60, "12 a.", "דוח (7)."], **options)))
    left, *others = (shown[seen(text)] for text in ("a" * 60, "12 a.", "דוח (7)."))
    if options:
        assert min(others) > left + 200
    else:
        assert others == pytest.approx([left] * 2, abs=1)


@TIMES
@PAGES
def test_documents_of_both_directions_are_sound_and_keep_every_word(times, options):
    made = document(TEXTS, times, **options)
    assert problems(made) == []
    words = text_of(made)
    assert [word for word in ("דוח", "בדיקה", "שסתום", "סעיף", "שלום", "Valve", "riser") if word not in words] == []


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"])))
def test_the_direction_is_that_of_the_first_strong_letter(text):
    kinds = [unicodedata.bidirectional(char) for char in text]
    if not {"LRI", "RLI", "FSI"} & set(kinds):
        strong = next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L")
        assert direction_of(text) == ("ltr" if strong == "L" else "rtl")
    assert own_direction(text, direction_of(text)) is None


def test_what_is_isolated_in_a_text_does_not_say_its_direction():
    assert direction_of("\u2067דוח\u2069 12 A") == "ltr"
    assert direction_of("\u2066A\u2069 דוח") == "rtl"
    assert isolated("No.", "rtl") == "\u2068No.\u2069"
    assert isolated("No", "rtl") == "No"


def test_texts_that_programs_order_by_rules_of_their_own_are_told():
    table = Table(caption="דוח (7)", columns=["שלום", "B"], rows=[("דוח בדיקה", "דוח 12"), ("Valve", "בדיקה!")])
    result = icreport.write(Report(elements=[table]), io.BytesIO(), format="pdf")
    assert [(each.code, each.count, each.loss) for each in result.warnings] == [("mixed-directions", 3, False)]
    plain = Table(caption="שלום", columns=["A"], rows=[("דוח בדיקה",), ("(12)",), (None,)])
    assert list(icreport.write(Report(elements=[plain]), io.BytesIO(), format="pdf").warnings) == []


@PAGES
@pytest.mark.parametrize("rows", [3, 180], ids=["laid out", "painted"])
def test_links_of_both_directions_are_one_each_and_sound(rows, options):
    sections = [Section(caption=each) for each in ("(1) פרק 12-A.", "Part (2).", "(3) סוף", "End 4.")]
    listed = [Row((f"דוח {n}-A.", "No."), n) for n in range(rows - 1)] + [Row(("A-12.", "No."), rows)]
    table = Table(caption="דוח (7)", columns=["דוח", "B"], source_business_object="X", rows=listed)
    made = icreport.render(
        Report(name="R", elements=[*sections, table]), "pdf", link="https://host.example/{sourceKey}", **options
    )
    assert is_painted(made) == (rows > 100)
    assert problems(made) == []
    with pikepdf.open(io.BytesIO(made)) as pdf:
        said = [str(link.Contents) for page in pdf.pages for link in page.get("/Annots", [])]
    assert sorted(said) == sorted([each.caption for each in (*sections, table)] + [row.values[0] for row in listed])


def test_readers_that_order_lines_get_the_text_of_the_report():
    texts = ["صمام رقم 12", "تقرير التفتيش"]
    # The order is that of a page most of whose letters run from right to left.
    made = document(texts * 5, locale="ar")
    shown = "".join(char for char in text_in_order(made) if unicodedata.category(char) != "Cf")
    assert [text for text in texts if text not in shown] == []


def text_in_order(made):
    return subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
