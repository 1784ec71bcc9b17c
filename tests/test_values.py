from hypothesis import given
from hypothesis import strategies as st

from icreport.values import ExactFloat, text_of, texts_of

NUMBERS = st.one_of(
    st.floats(),
    st.floats(-1e-3, 1e-3),
    st.integers(),
    st.sampled_from([0.0, -0.0, 1e-4, 9.9e-5, 1e16, 9007199254740993.0, 10.00001, 2**70]),
    st.sampled_from(["12.10", "1e400", "-0.00", "1E5"]).map(ExactFloat),
)
KINDS = [NUMBERS, st.booleans(), st.none(), st.text(max_size=5), st.lists(st.floats(0, 1), max_size=2)]


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3).flatmap(lambda some: st.lists(st.one_of(some))))
def test_values_of_a_column_are_as_text_what_each_is_by_itself(column):
    assert list(texts_of(column)) == [text_of(value) for value in column]
