"""What holds of views whatever the report: nothing is lost, nothing is changed, a scan shows what a report does."""

import io
import json
import re
from decimal import Decimal
from fractions import Fraction

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icreport
from icreport.values import ExactFloat, exact_float
from icreport.views import sorting
from icreport.views.sort_keys import SortKeys
from viewing import shown


def json_number(number):
    text = str(number)
    return exact_float(text) if set(text) & set(".E") else int(number)


EDGES = ["1e400", "-1e400", "12.10", "12.1", "1e23", "1e300"]
NUMBERS = st.one_of(
    st.integers(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False).map(json_number),
    st.sampled_from([*map(exact_float, EDGES), 2**53, 2**53 + 1, 10**23]),
)
VALUES = st.one_of(
    NUMBERS,
    st.text(max_size=4),
    st.sampled_from([None, "", " ", "n/a", "-", "2.50", True, False, "2026-08-14", "2026-08-14T06:29:00Z", "Ab", "aB"]),
)
WORDS = st.sampled_from(["a", "b", "c", None, "", "n/a"])
ROWS = st.lists(st.tuples(WORDS, VALUES, VALUES), max_size=30)
CONDITIONS = st.one_of(
    st.fixed_dictionaries({"at_least": NUMBERS}),
    st.fixed_dictionaries({"between": st.tuples(NUMBERS, NUMBERS).map(list)}),
    st.fixed_dictionaries({"equals": st.one_of(NUMBERS, st.text(max_size=3), st.booleans())}),
    st.fixed_dictionaries({"in": st.lists(st.sampled_from(["a", "b", 1, 2.5]), min_size=1)}),
    st.fixed_dictionaries({"below": st.sampled_from(["2026-08-15", "b"])}),
    st.fixed_dictionaries({"contains": st.sampled_from(["a", "2"])}),
    st.fixed_dictionaries({"matches": st.just("^[a-c]")}),
    st.fixed_dictionaries({"blank": st.booleans()}),
)


def source_of(rows):
    made = icreport.Report(elements=[icreport.Table(caption="T", columns=["G", "A", "B"], rows=rows)])
    return made.to_json()


def rows_of(source, said, **view):
    (one,) = shown(source, {"table": [{"match": "T"} | said]} | view)
    return [tuple(map(repr, row.values)) for row in one.rows]


@given(ROWS, CONDITIONS)
def test_rows_that_meet_a_condition_and_those_that_do_not_are_all_rows(rows, asked):
    source = source_of(rows)
    meet = rows_of(source, {"where": {"column": "A"} | asked})
    others = rows_of(source, {"where": {"column": "A", "not": asked}})
    whole = [tuple(map(repr, row.values)) for row in icreport.read(source).tables[0].rows]
    left = list(others)
    together = []
    for row in whole:
        if meet and row == meet[0]:
            together.append(meet.pop(0))
        else:
            together.append(left.pop(0))
    assert together == whole
    assert not meet
    assert not left


@given(ROWS, st.sampled_from([["A"], ["-A"], ["G", "-B"], ["-B", "A"]]))
def test_sorting_only_changes_the_order_and_equal_rows_stay_as_they_came(rows, sort):
    source = source_of(rows)
    expected = [tuple(map(repr, row.values)) for row in icreport.read(source).tables[0].rows]
    found = rows_of(source, {"sort": sort})
    assert sorted(found) == sorted(expected)
    assert rows_of(source, {"sort": sort, "limit": 5}) == found[:5]


@given(st.lists(NUMBERS))
def test_numbers_sort_by_all_their_digits(numbers):
    keys = SortKeys()
    assert keys.of_all(numbers) == [keys.of(number) for number in numbers]
    exact = [Fraction(str(number)) for number in sorted(numbers, key=keys.of)]
    assert exact == sorted(exact)
    down = SortKeys(down=True)
    assert [Fraction(str(number)) for number in sorted(numbers, key=down.of)] == exact[::-1]


@given(st.lists(st.text()))
def test_texts_sort_without_regard_to_case(texts):
    keys = SortKeys("text")
    found = sorted(texts, key=keys.of)
    wanted = [text for text in texts if keys.of(text)[:1] == b"\x30"]
    assert found[: len(wanted)] == sorted(wanted, key=lambda text: (text.casefold(), text))


@pytest.mark.parametrize("cells", [1, 600])
def test_rows_that_do_not_fit_into_memory_are_sorted_the_same(cells, monkeypatch):
    rows = [(f"g{at * 7919 % 13}", at * 104729 % 997, exact_float(f"{at}.10")) for at in range(3000)]
    source = source_of(rows)
    expected = rows_of(source, {"sort": ["-A"], "group_by": "G"})
    monkeypatch.setattr(sorting, "_RUN_CELLS", cells * 30)
    assert rows_of(source, {"sort": ["-A"], "group_by": "G"}) == expected
    frame = pandas.DataFrame({"G": [row[0] for row in rows], "A": [row[1] for row in rows]})
    frame = frame.sort_values(["G", "A"], ascending=[True, False], kind="stable")
    assert [(repr(group), repr(number)) for group, number in frame.itertuples(index=False)] == [
        row[:2] for row in expected
    ]


@given(ROWS)
def test_totals_are_those_of_decimal_arithmetic(rows):
    view = {"table": [{"match": "T", "group_by": "G", "column": {"A": {"total": "sum"}, "B": {"total": "max"}}}]}
    data = icreport.render(icreport.read(source_of(rows)), "jsonl", view=view, totals=True).decode()
    if not rows:
        assert [json.loads(line) for line in data.splitlines()] == [{"G": None, "A": 0, "B": None}]
        return
    total = json.loads(data.splitlines()[-1], parse_float=Decimal)
    numbers = [Fraction(str(a)) for _, a, _ in rows if isinstance(a, int | float) and not isinstance(a, bool)]
    texts = [Fraction(a) for _, a, _ in rows if a == "2.50"]
    assert Fraction(str(total["A"])) == sum([*numbers, *texts, Fraction(0)]) or _has_other_numbers(rows)


def _has_other_numbers(rows):
    texts = [a.strip() for _, a, _ in rows if isinstance(a, str) and a != "2.50"]
    return any(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text) for text in texts) or any(
        isinstance(a, ExactFloat) and abs(Decimal(a.literal).adjusted()) > 300 for _, a, _ in rows
    )


@given(ROWS, CONDITIONS)
def test_what_a_view_shows_reads_back_and_shows_the_same(rows, asked):
    said = {"match": "T", "where": {"column": "A"} | asked, "sort": "-B", "group_by": "G", "caption": "X"}
    said["column"] = {"A": {"total": "count", "mark": asked | {"look": "bad"}}, "B": {"decimals": 1, "unit": "mm"}}
    view = icreport.View.load({"title": "V", "table": [said], "summary": [{"of": "T", "rows": "G", "columns": "A"}]})
    made = view.apply(icreport.read(source_of(rows)))
    again = icreport.read(made.to_json())
    assert not again.warnings
    assert again.to_json() == made.to_json()
    assert icreport.render(again, "csv") == icreport.render(made, "csv")


@given(st.lists(st.tuples(WORDS, st.sampled_from(["x", "y", "z"]), st.integers(-99, 99)), min_size=1, max_size=30))
def test_a_cross_table_is_that_of_pandas(rows):
    (one, _) = shown(source_of(rows), {"summary": [{"of": "T", "rows": "A", "columns": "G", "value": {"sum": "B"}}]})
    named = [(group or "(blank)", *more) for group, *more in rows]
    expected = pandas.DataFrame(named, columns=["G", "A", "B"]).groupby(["A", "G"])["B"].sum().to_dict()
    found = {}
    for row in one.rows:
        for name, total in zip([column.head for column in one.columns[1:]], row.values[1:], strict=True):
            if total is not None:
                found[row.values[0], name] = found.get((row.values[0], name), 0) + total
    assert found == expected


def test_totals_of_numbers_that_no_float_holds_are_shown_in_every_format():
    rows = [(exact_float("1e300"),), (exact_float("1e400"),), (10**300,), (0.1,)]
    source = icreport.Report(elements=[icreport.Table(caption="T", columns=["A"], rows=rows)]).to_json()
    view = {"table": [{"match": "T", "column": {"A": {"total": "sum"}}}]}
    for kind in ("csv", "html", "xlsx", "pdf"):
        assert icreport.convert(source, io.BytesIO(), format=kind, view=view).rows >= 4
