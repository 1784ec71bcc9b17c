"""What programs read from a PDF is the text of the report, whatever its script, whichever glyphs the fonts lack."""

import io

import pikepdf
import pytest
from pdfminer.high_level import extract_text
from pypdf import PdfReader

from rendering.pdf.pdf_checker import problems
from rendering.pdf.pictures import text_of
from rendering.pdf.texts import TIMES, document

REORDERED = ["ใต้น้ำ", "ดำน้ำ", "रिपोर्ट", "निरीक्षण", "स्थिति", "ত্রুটি", "அறிக்கை", "பொருள்", "ត្រួតពិនិត្យ", "ကြည့်ရှု", "ນ້ຳ"]
COMPOSED = ["e\u0301tude x\u0301y", "A\u030angstro\u0308m", "\u1112\u1161\u11ab\u1100\u1173\u11af"]
RIGHT_TO_LEFT = ["تقرير الفحص", "דוח בדיקה"]
MISSING = "\ue000"


def pypdf_text(made):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


@TIMES
def test_text_that_is_reordered_or_composed_is_copied_as_it_is_in_the_report(times):
    shown = text_of(document(REORDERED + COMPOSED, times))
    assert [text for text in REORDERED + COMPOSED if text not in shown] == []


@TIMES
def test_programs_that_know_no_actual_text_read_reordered_letters(times):
    shown = pypdf_text(document(REORDERED, times))
    assert [text for text in REORDERED if text not in shown] == []


@TIMES
def test_text_from_right_to_left_is_read_in_its_order(times):
    shown = pypdf_text(document(RIGHT_TO_LEFT, times))
    assert [text for text in RIGHT_TO_LEFT if text not in shown] == []


@TIMES
def test_text_in_a_document_with_missing_characters_is_read_by_all(times):
    made = document([f"{MISSING} Anode {MISSING}", "Übermaß", "plain"], times)
    for shown in (pypdf_text(made), extract_text(io.BytesIO(made)), text_of(made)):
        assert f"{MISSING} Anode {MISSING}" in shown
        assert "Übermaß" in shown


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("variant", ["pdf/ua-1", "pdf/a-3u", "none"])
def test_every_font_has_the_same_encoding_and_each_code_leads_to_a_glyph(variant):
    made = document([MISSING, "ใต้น้ำ", "plain"], pdf_variant=variant)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        fonts = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Encoding")]
        assert {str(font.Encoding) for font in fonts} == {"/Identity-H"}
        maps = [font.DescendantFonts[0].CIDToGIDMap.read_bytes() for font in fonts if has_map(font)]
    assert maps
    assert all(any(each) for each in maps)
    assert b"WP-Encod" not in made


def has_map(font):
    return isinstance(font.DescendantFonts[0].get("/CIDToGIDMap"), pikepdf.Stream)


@TIMES
def test_documents_of_all_scripts_are_sound(times):
    assert problems(document([*REORDERED, *COMPOSED, *RIGHT_TO_LEFT], times)) == []
