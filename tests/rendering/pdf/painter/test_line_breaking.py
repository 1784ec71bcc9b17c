import re
from types import SimpleNamespace

import pytest
from fontTools import unicodedata
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import Layout, split_first_line

from icreport.rendering.pdf.painter.line_breaking import Breaker, Opportunities
from icreport.rendering.pdf.painter.resources import Resources
from icreport.rendering.pdf.painter.scripts import FURTHER, SIGNS, SIMPLE
from icreport.rendering.pdf.painter.shaping import PANGO_UNIT, Face, PangoNeededError
from icreport.rendering.pdf.painter.text_layout import TextLayout
from icreport.rendering.text_direction import direction_of
from rendering.pdf.painter.houses import House

WORDS = st.one_of(
    st.sampled_from(
        [
            "inspection",
            "A-B",
            "12/34",
            "(thickness)",
            "3.5",
            "mm;",
            "e.g.",
            "AVATAR",
            "office",
            "2024-01-05",
            "x/y/z-w",
            "—",
            "“q”",
            "N/A",
            "1,234.56",
        ]
    ),
    st.text(sorted(SIMPLE), min_size=1, max_size=30),
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", min_size=1, max_size=12),
    st.text("AVTf" + "0123456789-.,:/" * 2, min_size=1, max_size=12),
)
TEXTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=14).map(" ".join),
    *[
        st.lists(st.text(sorted(script.letters | SIGNS), min_size=1, max_size=12), min_size=1, max_size=9).map(" ".join)
        for script in FURTHER
    ],
)
CONFIG = FontConfiguration()


@pytest.fixture(scope="module", params=["'DejaVu Sans'", "'DejaVu Serif'"])
def face(request):
    document, _ = House(font=request.param).model([("Ag",) * 4] * 5, CONFIG)
    texts = (box for box in document.pages[0]._page_box.descendants() if isinstance(box, boxes.TextBox))
    return Face(next(text.style for text in texts if text.element_tag == "td"), Resources({}))


def lines_of_weasyprint(text, style, width):
    context = SimpleNamespace(dictionaries={})
    lines = []
    while text:
        text = text.lstrip(" ")
        layout, _, resume, *_ = split_first_line(text, style, context, width, 0)
        shown = layout.text.rstrip(" ")
        lines.append((shown, split_first_line(shown, style, context, None, 0)[3]))
        text = text.encode()[resume:].decode() if resume is not None else ""
    return lines


def test_the_measure_of_the_shaper_is_that_of_pango(face):
    assert face.exact


@settings(max_examples=300)
@given(text=TEXTS, width=st.floats(20, 400))
@example(text="000:000", width=23.0)
def test_lines_break_where_weasyprint_breaks_them(face, text, width):
    try:
        broken = Breaker(face, Opportunities("en"), int(width * PANGO_UNIT), anywhere=True).lines(text)
    except PangoNeededError:  # what Pango lays out is for the next test
        assume(False)
    expected = lines_of_weasyprint(text, face.style, width)
    glyphs = [face.space.glyphs.join(face.word(word).glyphs for word in line.split(" ")) for line, _ in expected]
    assert [glyphs for glyphs, _ in broken] == glyphs
    assert [width / PANGO_UNIT for _, width in broken] == pytest.approx([width for _, width in expected])


@settings(max_examples=60)
@given(
    text=st.lists(
        st.one_of(WORDS, st.sampled_from(["中文名称", "مرحبا", "שלום", "Ελλάδα", "x\xa0y", "x\xa0", "re\xadport"])),
        max_size=9,
    ),
    width=st.floats(30, 300),
)
@example(text=["corrosion", "found\xa0", "N/A"], width=97)
def test_text_of_any_script_has_the_lines_of_weasyprint(face, text, width):
    text = " ".join(text)
    made = TextLayout(face.style, width, face, Resources({})).lay_out(text)
    style = face.style.copy()
    style["direction"] = direction_of(text)
    expected = lines_of_weasyprint(text, style, width)
    assert [line.width for line in made.lines] == pytest.approx([width for _, width in expected], abs=1e-3)


def test_words_stand_apart_alike_whatever_was_laid_out_before(face):
    style = face.style.copy()
    style["word_spacing"] = 3
    layout = TextLayout(style, 400, Face(style, Resources({})), Resources({}))
    for text in ("a b c d e", "Ääö ſt ſt", "abcdefghij", "of the riser clamp"):
        assert [line.width for line in layout.lay_out(text).lines] == [layout_width(text, style)]


def layout_width(text, style):
    return split_first_line(text, style, SimpleNamespace(dictionaries={}), None, 0)[3]


def test_most_text_does_not_need_pango(face):
    for text in (
        "Corrosion at 12:30 o'clock, see (A-B/12).",
        "J-tube: -12.5 mm; 3,5 %",
        "Überprüfung – größer als ±2 °C",
        "διάβρωση «στη βάση», 12-01-05, χωρίς περαιτέρω ενέργεια",
        "коррозия основания опоры подтверждена; 12/34 мм",
        "coroziune ușoară la bază, fără acțiuni",
    ):
        assert Breaker(face, Opportunities("en"), 60 * PANGO_UNIT, anywhere=True).lines(text)


@pytest.mark.parametrize("text", ["διάβρωση (JKT", "a (я) b", "тρ"])
def test_signs_between_letters_of_two_scripts_are_left_to_pango(face, text):
    with pytest.raises(PangoNeededError):
        Breaker(face, Opportunities("en"), 60 * PANGO_UNIT, anywhere=True).lines(text)


@pytest.mark.parametrize("script", FURTHER, ids=lambda script: script.tag)
def test_letters_are_those_of_their_script(script):
    assert {unicodedata.script(char) for char in script.letters} == {script.tag}
    assert {unicodedata.script(char) for char in SIGNS} == {"Zyyy"}


@given(text=st.text("AVTf" + "0123456789-.,:/" * 2, min_size=1, max_size=12))
def test_words_that_end_in_figures_have_the_glyphs_that_weasyprint_draws(face, text):
    word = face.word(text)
    layout = Layout(face.style)
    layout.set_text(text)
    string = layout.get_first_line()[0].runs[0].data.glyphs
    drawn = [(f"{info.glyph:04x}", info.geometry.width) for info in string.glyphs[0 : string.num_glyphs]]
    glyphs = "".join(re.findall("(?:^|<)([0-9a-f]+)", word.glyphs))
    assert (glyphs, word.width) == ("".join(glyph for glyph, _ in drawn), sum(width for _, width in drawn))
