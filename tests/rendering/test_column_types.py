"""Types of columns: what all of their values have in common, whatever the order in which they come."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icreport.rendering.column_types import ColumnKind
from icreport.values import ExactFloat

VALUES = st.lists(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**60), 2**60),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from(["", "x", "2026-08-14", "2026-08-14T06:29", "2026-08-14T06:29Z", "2026-08-14T06:29+02:00"]),
    ),
    max_size=8,
)


def kind_of(*columns):
    found = ColumnKind()
    for column in columns:
        found.look(column)
    return found


@given(VALUES, st.randoms(use_true_random=False), st.integers(0, 8))
def test_neither_order_nor_batches_change_the_type(values, chance, cut):
    shuffled = chance.sample(values, len(values))
    once, twice = kind_of(values), kind_of(shuffled[:cut], shuffled[cut:])
    assert (once.kind, once.zone, once.is_mixed) == (twice.kind, twice.zone, twice.is_mixed)


def test_moments_count_beside_other_texts_where_dates_are_asked_for():
    moments = ["n/a", "2026-08-14T06:29Z", "2026-08-14T06:29+02:00", "2026-08-14T06:29-03:00"]
    for some in itertools.permutations(moments):
        kind = ColumnKind()
        kind.seeks_dates = True
        for one in some:
            kind.look([one])
        assert (kind.kind, kind.zone) == ("string", "Z")
    assert kind_of(moments[2:3]).zone == "+02:00"
    assert kind_of(moments[2:]).zone == ""


@given(VALUES)
def test_a_type_holds_every_value(values):
    kind = kind_of(values).kind
    present = [value for value in values if value is not None]
    if kind == "boolean":
        assert all(type(value) is bool for value in present)
    if kind in {"integer", "number"}:
        assert all(type(value) in {int, float} for value in present)
    if kind in {"date", "datetime", "instant"}:
        assert all(isinstance(value, str) for value in present)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([None], "string"),
        ([True, None], "boolean"),
        ([True, 1], "string"),
        ([1, 2.5], "number"),
        ([2**60, 0.5], "string"),
        ([ExactFloat("1e400")], "string"),
        (["2026-08-14", ""], "date"),
        (["2026-08-14", "n/a"], "string"),
        (["2026-08-14T06:29Z", "2026-08-14T06:29+00:00"], "instant"),
        (["2026-08-14T06:29Z", "2026-08-14T06:29"], "string"),
    ],
)
def test_what_a_column_is(values, kind):
    assert kind_of(values).kind == kind
