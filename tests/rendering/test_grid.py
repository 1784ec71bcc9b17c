from hypothesis import given
from hypothesis import strategies as st

from icreport.model.elements import Table
from icreport.rendering.grid import SAMPLE_ROWS, grid
from icreport.warnings import Warnings


def drawn(table):
    warnings = Warnings()
    found = grid(table, 0, warnings)
    return found, [row.values for row in found.rows], {warning.code: warning.count for warning in warnings}


@given(st.lists(st.text(max_size=3), max_size=4), st.lists(st.lists(st.integers(), max_size=6), max_size=30))
def test_every_row_is_as_wide_as_the_heads_and_keeps_its_values(columns, rows):
    found, values, warned = drawn(Table(columns=columns, rows=rows))
    assert {len(row) for row in values} <= {len(found.heads)}
    assert [row[: len(given)] for row, given in zip(values, rows, strict=True)] == [tuple(row) for row in rows]
    declared = len(columns) or max(map(len, rows), default=0)
    assert warned.get("short-row", 0) == sum(len(row) < declared for row in rows)
    assert warned.get("long-row", 0) == sum(len(row) > declared for row in rows)


def test_columns_beyond_the_declared_ones_are_headed_by_their_number():
    found, values, _ = drawn(Table(columns=["A"], rows=[(1,), (1, 2, 3)]))
    assert (found.heads, values) == (["A", "2", "3"], [(1, None, None), (1, 2, 3)])


def test_a_table_without_columns_has_row_heads_and_no_heads():
    found, values, warned = drawn(Table(rows=[("Vessel", "Polar"), ("Client", "X")]))
    assert (found.has_heads, found.row_heads, values) == (False, 1, [("Vessel", "Polar"), ("Client", "X")])
    assert warned == {}


def test_categories_head_the_rows():
    found, values, _ = drawn(Table(columns=["Minor"], categories=["Jacket"], rows=[(1,), (2,)]))
    assert (found.heads, found.row_heads) == (["", "Minor"], 1)
    assert values == [("Jacket", 1), (None, 2)]


def test_rows_beyond_the_sample_are_walked_once_and_in_order():
    found, values, _ = drawn(Table(columns=["A"], rows=[(n,) for n in range(2 * SAMPLE_ROWS + 1)]))
    assert [value for (value,) in values] == list(range(2 * SAMPLE_ROWS + 1))
    assert len(found.sample) == SAMPLE_ROWS
