"""Numbers of a column stand with their decimal marks below one another, painted or laid out."""

import random
import re

import pytest

import icreport
from icreport.rendering.page.decimals import Decimals
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pdf_text import is_painted
from rendering.pdf.pictures import assert_look_alike, words_of

NUMBERS = [0.5, 12, 3.25, 1024.125, -7.5, 140, 99.75]


def report(rows):
    chance = random.Random(rows)
    listed = [
        {"Tag": f"T{at}", "Depth": chance.choice(NUMBERS), "Remark": "Seen again" if at % 3 else None}
        for at in range(rows)
    ]
    listed[rows // 2]["Depth"] = None
    return icreport.Report(name="Depths", elements=[icreport.Table.of(listed, caption="Depths")])


def ends_of(pdf, mark=r"\."):
    """Return the right ends of numbers by how many decimals they have."""
    ends = {}
    for _, words in words_of(pdf):
        for _, _, right, _, text in words:
            if found := re.fullmatch(rf"[-\u2212]?[\d.,]*?\d(?:{mark}(\d+))?", text):
                ends.setdefault(len(found[1] or ""), set()).add(right)
    return ends


@pytest.mark.parametrize("rows", [40, 150])
@pytest.mark.parametrize(("locale", "mark"), [(None, r"\."), ("de", ",")])
def test_decimal_marks_stand_below_one_another(rows, locale, mark):
    made = icreport.render(report(rows), "pdf", locale=locale, title="Depths", theme="compact")
    assert is_painted(made) == (rows > 100)
    assert problems(made) == []
    ends = ends_of(made, mark)
    assert sorted(ends) == [0, 1, 2, 3]
    digit = max(ends[2]) - max(ends[1])
    assert digit > 2
    for decimals, found in ends.items():
        # A mark is about half a digit; numbers of the page and the date are elsewhere.
        expected = max(ends[3]) - digit * (3 - decimals + (decimals == 0) / 2)
        assert sum(abs(end - expected) < digit / 10 for end in found) >= 1
        assert decimals == 0 or all(abs(end - expected) < digit / 10 for end in found)


def test_painted_rows_are_aligned_as_others_are():
    one, other = (icreport.render(report(150), "pdf", painter=painter) for painter in ("auto", "off"))
    assert is_painted(one)
    assert assert_look_alike(one, other) > 3


def test_a_number_leaves_room_for_the_decimals_that_it_lacks():
    decimals = Decimals(".", 3)
    texts = ("1.125", "1.5", "12", "1,024", "", "n/a", "1.0625")
    assert [decimals.missing(text) for text in texts] == [0, 2, 3.5, 3.5, 0, 0, 0]


def test_numbers_of_very_many_decimals_stand_at_the_right():
    rows = [{"A": 0.30000000000000004, "B": "x"}, {"A": 4, "B": "y"}]
    made = icreport.render(icreport.Report(name="R", elements=[icreport.Table.of(rows, caption="T")]), "pdf")
    ends = [
        right for _, words in words_of(made) for *_, right, _, text in words if text in ("0.30000000000000004", "4")
    ]
    assert abs(ends[0] - ends[1]) < 0.5
