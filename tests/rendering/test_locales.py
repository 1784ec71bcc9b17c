"""How values are shown on a page, with and without a language."""

import pytest
from babel import localedata
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from icreport.errors import OptionError
from icreport.rendering.locales import LocalText, PageText
from icreport.values import ExactFloat


@pytest.mark.parametrize(
    ("value", "plain", "german"),
    [
        ("2026-08-14", "2026-08-14", "14.08.2026"),
        ("2026-08-14T06:29", "2026-08-14 06:29", "14.08.2026, 06:29"),
        ("2026-08-14T06:29:00", "2026-08-14 06:29", "14.08.2026, 06:29"),
        ("2026-08-14T06:29:30+02:00", "2026-08-14 06:29:30+02:00", "14.08.2026, 06:29:30 +02:00"),
        ("2026-02-30", "2026-02-30", "2026-02-30"),
        ("AN-2026-08", "AN-2026-08", "AN-2026-08"),
        (True, "Yes", "Ja"),
        (12.5, "12.5", "12,5"),
        (ExactFloat("12.10"), "12.10", "12,10"),
        (1234567, "1234567", "1.234.567"),
        (None, "", ""),
    ],
)
def test_values_are_shown_as_people_read_them(value, plain, german):
    assert (PageText("en").text(value), LocalText("de").text(value)) == (plain, german)


DATES = st.sampled_from(
    ["2026-08-14", "2026-08-14T06:29:00Z", "2026-08-14 06:29:30.5", "2026-02-30T01:00", "2026-08-1x"]
)
EXACT = st.sampled_from([ExactFloat("12.10"), -0.5, 1e22])


@given(
    st.one_of(
        *(st.lists(st.one_of(*kinds), max_size=6) for kinds in ([DATES, st.none()], [EXACT, st.integers(), st.none()])),
        st.lists(st.one_of(st.none(), st.booleans(), EXACT, DATES, st.integers(), st.text(max_size=12)), max_size=6),
    )
)
def test_a_column_is_shown_as_its_values_are(column):
    for text in (PageText("nb"), LocalText("nb")):
        assert list(text.texts(column)) == [text.text(value) for value in column]


def test_every_language_that_babel_knows_shows_a_number_and_a_time():
    for name in localedata.locale_identifiers()[::7]:
        text = LocalText(name)
        assert text.dir in {"ltr", "rtl"}
        assert text.text(True) != text.text(False)
        assert text.text("2026-08-14T06:29Z")
        assert text.text(-1234.50)


def test_a_number_with_a_power_of_ten_has_the_decimal_mark_of_the_language():
    shown = LocalText("de").texts([1.5e-07, -1e300, ExactFloat("12345.25E+400")])
    assert list(shown) == ["1,5e-07", "-1e+300", "12.345,25E+400"]


@pytest.mark.parametrize("name", ["ar", "he", "fa"])
def test_the_sign_of_a_zone_comes_first_from_right_to_left_too(name):
    shown = LocalText(name).text("2026-08-14T06:29:00+02:00")
    assert get_display(shown, base_dir="R").replace("\u200e", "").replace("\u200f", "").startswith("+02:00 ")


@pytest.mark.parametrize("name", ["", "xx-unknown", "de_", "1"])
def test_a_language_that_is_none_is_told(name):
    with pytest.raises(OptionError, match="there is no locale"):
        LocalText(name)
