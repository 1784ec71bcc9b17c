from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icreport
from icreport.model.totals import total_of
from icreport.rendering.grid import grid
from icreport.rendering.shown_rows import ShownRows
from icreport.values import ExactFloat, exact_float
from icreport.warnings import Warnings


def shown(columns, rows, grouped_by=None, **more):
    made = [
        icreport.Column(caption=name, format=said) if said else icreport.Column(caption=name) for name, said in columns
    ]
    said = icreport.TableFormat(grouped_by=grouped_by) if grouped_by else None
    table = icreport.Table(columns=made, rows=rows, **({"format": said} if said else {}), **more)
    found = ShownRows(grid(table, 0, Warnings()))
    return [(row.kind, row.level, *row.values) for batch in found.batches() for row in batch.rows], found


def test_rows_of_a_table_that_says_nothing_are_its_own():
    rows, found = shown([("A", None)], [(1,), (2,)])
    assert rows == [("row", 0, 1), ("row", 0, 2)]
    assert not found.has_more


def test_headings_stand_before_groups_subtotals_under_them_and_the_total_at_the_end():
    rows, _ = shown(
        [("G", None), ("H", None), ("D", {"total": "sum"})],
        [("a", "x", 1), ("a", "x", 2), ("a", "y", 3), ("b", "y", exact_float("0.10"))],
        grouped_by=["G", "H"],
    )
    assert [(*row[:-1], str(row[-1])) for row in rows] == [
        ("group", 0, "a", None, "None"),
        ("group", 1, "a", "x", "None"),
        ("row", 0, "a", "x", "1"),
        ("row", 0, "a", "x", "2"),
        ("subtotal", 1, "a", "x", "3"),
        ("group", 1, "a", "y", "None"),
        ("row", 0, "a", "y", "3"),
        ("subtotal", 1, "a", "y", "3"),
        ("subtotal", 0, "a", None, "6"),
        ("group", 0, "b", None, "None"),
        ("group", 1, "b", "y", "None"),
        ("row", 0, "b", "y", "0.10"),
        ("subtotal", 1, "b", "y", "0.10"),
        ("subtotal", 0, "b", None, "0.10"),
        ("total", 0, None, None, "6.10"),
    ]


def test_a_table_is_grouped_without_totals_and_totalled_without_groups():
    rows, _ = shown([("G", None), ("D", None)], [("a", 1), ("b", 2)], grouped_by=["G"])
    assert [row[0] for row in rows] == ["group", "row", "group", "row"]
    rows, _ = shown([("G", {"total": "count"}), ("D", {"total": "max"})], [("a", 1), ("n/a", 2), (None, "-")])
    assert rows[-1] == ("total", 0, 1, 2)


def test_values_without_a_number_are_in_no_total_and_counted():
    rows, found = shown([("D", {"total": "mean", "unit": "mm"})], [(1,), ("n/a",), (None,), (2,), (True,)])
    assert rows[-1] == ("total", 0, 1.5)
    assert found.notes() == ["3 without a number in D (mm), not in its mean"]


def test_subtotals_that_the_document_has_are_shown_and_in_no_total():
    rows, _ = shown(
        [("G", None), ("D", {"total": "sum"})],
        [("a", 1), icreport.Row.shown((None, 100), kind="subtotal"), ("a", 2)],
        grouped_by=["G"],
    )
    assert rows == [
        ("group", 0, "a", None),
        ("row", 0, "a", 1),
        ("subtotal", 0, None, 100),
        ("row", 0, "a", 2),
        ("subtotal", 0, "a", 3),
        ("total", 0, None, 3),
    ]


def test_groups_go_with_the_column_of_categories():
    rows, _ = shown([("G", None)], [("a",), ("b",)], grouped_by=["G"], categories=["x", "y"])
    assert rows == [("group", 0, None, "a"), ("row", 0, "x", "a"), ("group", 0, None, "b"), ("row", 0, "y", "b")]


NUMBERS = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda number: exact_float(str(number))),
)


@given(st.lists(st.lists(st.one_of(NUMBERS, st.none(), st.sampled_from(["n/a", "-", "x"])))))
def test_totals_are_those_of_decimal_arithmetic_however_the_values_come(batches):
    totals = {kind: total_of(kind) for kind in ("sum", "mean", "min", "max", "count", "distinct")}
    for total in totals.values():
        for batch in batches:
            part = total_of(next(kind for kind, one in totals.items() if one is total))
            part.add(batch)
            total.merge(part)
    values = [value for batch in batches for value in batch]
    numbers = [Decimal(str(value)) for value in values if isinstance(value, int | float)]
    exact = sum(map(_fraction, numbers))
    assert _fraction(totals["sum"].value) == exact
    if numbers:
        assert _fraction(totals["min"].value) == _fraction(min(numbers))
        assert _fraction(totals["max"].value) == _fraction(max(numbers))
        assert float(totals["mean"].value) == pytest.approx(float(exact / len(numbers)), rel=1e-15)
    assert totals["count"].value == len(numbers) + values.count("x")
    assert totals["distinct"].value == len(set(numbers)) + ("x" in values)
    assert totals["sum"].left_out == len(values) - len(numbers)


def _fraction(number):
    from fractions import Fraction

    return Fraction(str(number))


def test_sums_keep_their_decimals_and_large_numbers_their_digits():
    def total(*values):
        made = total_of("sum")
        made.add(values)
        return made.value

    assert str(total(exact_float("12.10"), 0.2)) == "12.30"
    assert total(2**70, 1) == 2**70 + 1
    assert str(total(1e300, 0.1)) == "1" + "0" * 300 + ".1" or isinstance(total(1e300, 0.1), ExactFloat)
    assert isinstance(total(exact_float("1e400"), exact_float("1e999999")), ExactFloat)
    assert total() == 0


def test_the_least_and_most_of_dates_are_as_they_were_written():
    made = total_of("max")
    made.add(["2026-08-14", "2026-08-14T06:29Z", "n/a", "2026-01-01"])
    assert made.value == "2026-08-14T06:29Z"
    made.add([3])
    assert made.value == 3


@pytest.mark.parametrize(
    ("kind", "values", "value", "left_out", "counted"),
    [
        ("max", ["2026-01-01", 3, "2026-02-01", "x"], 3, 3, "number"),
        ("min", ["2026-01-01", "2026-02-01", None, True], "2026-01-01", 2, "date"),
        ("min", ["x", None], None, 2, "number or date"),
        ("sum", ["x", "2026-01-01", 1, "7"], 8, 2, "number"),
    ],
)
def test_what_a_total_cannot_reckon_with_is_counted_however_it_comes(kind, values, value, left_out, counted):
    for size in (1, 2, 4):
        total = total_of(kind)
        for at in range(0, len(values), size):
            part = total_of(kind)
            part.add(values[at : at + size])
            total.merge(part)
        assert (total.value, total.left_out, total.counted) == (value, left_out, counted)
