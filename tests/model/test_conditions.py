import pytest

from icreport.model.conditions import day_before, look_of, predicate_of
from icreport.model.formats import Condition, Mark
from icreport.values import exact_float


def condition(**asked):
    return Condition.model_validate(
        {"in" if name == "in_" else name.replace("not_it", "not"): said for name, said in asked.items()}
    )


def met(asked, *values):
    test = predicate_of(asked)
    # Twice, since what was seen is remembered.
    found = [[value for value in values if test(value)] for _ in range(2)]
    assert found[0] == found[1]
    return found[0]


def test_numbers_compare_as_numbers_with_all_their_digits():
    values = (1, 1.5, 2, exact_float("2.00"), exact_float("2.0000000000000000001"), "2.5", "n/a", None, "", True, [3])
    assert met(condition(at_least=2), *values) == [2, 2.0, exact_float("2.0000000000000000001"), "2.5"]
    assert met(condition(above=2), *values) == [exact_float("2.0000000000000000001"), "2.5"]
    assert met(condition(below=2), *values) == [1, 1.5]
    assert met(condition(between=[1.5, 2]), *values) == [1.5, 2, 2.0]
    assert met(condition(equals=2), *values) == [2, 2.0]
    beyond = 2**53 + 1
    assert met(condition(at_most=float(2**53)), beyond, 2**53) == [2**53]
    assert met(condition(at_least=10**23), 1e23, exact_float("1e400")) == [1e23, exact_float("1e400")]


def test_texts_compare_exactly_and_codes_are_no_numbers():
    assert met(condition(equals="Open"), "Open", "open", " Open") == ["Open"]
    assert met(condition(equals=7), "7", "007", 7, 7.0, "seven") == ["7", 7, 7.0]
    assert met(condition(equals="7"), "7", "007", 7) == ["7", 7]
    assert met(condition(equals=True), True, 1, "true") == [True, "true"]
    assert met(condition(at_least="B"), "A", "B", "C", "", None, 3) == ["B", "C"]


def test_a_negated_condition_is_met_by_blanks():
    values = ("Closed", "Open", None, "")
    assert met(condition(not_in=["Closed"]), *values) == ["Open", None, ""]
    assert met(condition(not_equals="Closed"), *values) == ["Open", None, ""]
    assert met(condition(not_it={"at_least": 2}), 1, 2, None, "n/a") == [1, None, "n/a"]
    assert met(condition(blank=True), *values, " ", 0) == [None, "", " "]
    assert met(condition(blank=False), *values, " ", 0) == ["Closed", "Open", 0]


def test_dates_compare_as_dates_whatever_their_form():
    values = ("2026-08-13T23:59", "2026-08-14", "2026-08-14T06:29Z", "2026-08-15 00:00:00", "14.08.2026", None)
    assert met(condition(equals="2026-08-14"), *values) == ["2026-08-14", "2026-08-14T06:29Z"]
    assert met(condition(between=["2026-08-14", "2026-08-14"]), *values) == ["2026-08-14", "2026-08-14T06:29Z"]
    assert met(condition(above="2026-08-14"), *values) == ["2026-08-15 00:00:00"]
    assert met(condition(below="2026-08-14T12:00+02:00"), "2026-08-14T09:00Z", "2026-08-14T11:00Z") == [
        "2026-08-14T09:00Z"
    ]


def test_age_is_counted_from_the_date_of_the_document(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1774958400")  # 2026-03-31
    assert [day_before(ago) for ago in (1, "2 weeks", "1 month", "1 year", "13 months")] == [
        "2026-03-30", "2026-03-17", "2026-02-28", "2025-03-31", "2025-02-28",
    ]  # fmt: skip
    values = ("2026-02-27T12:00", "2026-02-28", "2026-03-31", "2027-01-01", "n/a")
    assert met(condition(older_than="1 month"), *values) == ["2026-02-27T12:00"]
    assert met(condition(newer_than="1 month"), *values) == ["2026-02-28", "2026-03-31", "2027-01-01"]
    for wrong in ("soon", "-1 days", "99999 years", ""):
        with pytest.raises(ValueError, match=r"length of time|first year"):
            day_before(wrong)


def test_several_things_asked_have_to_hold_together():
    assert met(condition(contains="crack", starts_with="Weld"), "Weld crack", "crack", "Weld") == ["Weld crack"]
    assert met(condition(matches="^W-[0-9]+$"), "W-12", "W-", "xW-12", None, "W-\ud83d") == ["W-12"]


def test_a_catastrophic_pattern_takes_no_longer_than_any():
    assert met(condition(matches="^(a+)+$"), "a" * 100_000 + "!") == []


def test_the_first_mark_that_is_met_gives_the_look():
    look = look_of([Mark(at_least=3, look="bad"), Mark(at_least=2, look="fair")])
    assert [look(value) for value in (4, 2.5, 1, None, 4)] == ["bad", "fair", None, None, "bad"]
    assert look_of(None) is None
