"""What a column is taken for, and how much room its values need."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ImageFont

from icreport.model.elements import Column, Table
from icreport.model.rows import Row
from icreport.rendering.grid import grid
from icreport.rendering.page.columns import looks_of
from icreport.rendering.page.survey import Survey
from icreport.warnings import Warnings

FONTS = [
    ImageFont.truetype(f"/usr/share/fonts/truetype/{name}.ttf", 1000)
    for name in ("noto/NotoSans-Regular", "dejavu/DejaVuSans")
]


def look_of(values, head="Column"):
    survey = Survey()
    table = Table(columns=[Column(caption=head)], rows=[Row((value,)) for value in values])
    for batch in grid(table, 0, Warnings()).batches:
        survey.see(batch)
    return looks_of([head], survey)[0]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, -2.5, None, ""], "number"),
        ([1, True], "code"),
        (["2026-01-31", None, "2026-02-01T10:00:00Z"], "date"),
        (["2026-01-31", "n/a"], "code"),
        (["AN-001", 12], "code"),
        (["two words"], "text"),
        (["one\nline"], "text"),
        (["x" * 40], "text"),
        ([], "code"),
        ([None, " "], "code"),
    ],
)
def test_a_column_is_taken_for_what_all_of_its_values_are(values, kind):
    assert look_of(values).kind == kind


def test_the_one_value_that_differs_counts_wherever_it_stands():
    assert look_of([*range(5_000), "n/a", *range(5_000)]).kind == "code"
    assert look_of(["2026-01-31"] * 3_000 + ["soon after the shutdown"] + ["2026-01-31"] * 3_000).kind == "text"


@given(st.text(string.printable.strip() + " ", min_size=1, max_size=60))
@example("".join(map(chr, range(0x20, 0x7F))))
@example("I" * 20)
def test_no_value_is_wider_in_our_fonts_than_it_is_taken_for(text):
    for font in FONTS:
        assert look_of([text], head="").width * font.getlength("0") >= sum(map(font.getlength, text)) * 0.995


def test_a_word_is_what_cannot_be_broken():
    look = look_of(["short wonderfullylong x", "ab"], head="")
    assert look_of(["wonderfullylong"], head="").word == look.word < look.width
    assert look_of(["検査報告書"], head="").word < look_of(["検査報告書"], head="").width
