"""What holds of every comparison: nothing changed from a report to itself, and the changes make the new of the old."""

import random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

import documents
import icreport
from icreport.comparing import join, partitions, tables
from icreport.values import encode_exact_float, exact_float

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["12.10", "12.1", "1e400", "-0.0"]).map(exact_float),
    st.sampled_from(["", " ", "a", "b", "7", "2026-08-14", "2026-08-14T06:00Z", "2026-08-14T08:00+02:00", "#"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
    st.lists(st.integers(0, 1) | st.just(exact_float("1.0")), max_size=2),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 1), max_size=2),
)
KEYS = st.none() | st.integers(0, 5) | st.sampled_from(["1", "2", "x", "#", ""]) | st.sampled_from([1.0, [1], {"a": 1}])
ROWS = st.lists(st.tuples(KEYS, VALUES, VALUES), max_size=12)
UNIQUE = st.lists(st.tuples(st.integers(0, 20), VALUES, VALUES), max_size=12, unique_by=lambda row: row[0])
REPORTS = documents.documents.map(icreport.read)


def report_of(rows, names=("A", "B")):
    made = [icreport.Row(tuple(values), key) for key, *values in rows]
    return icreport.Report(elements=[icreport.Table(caption="T", columns=names, rows=made)])


def exact(value):
    return msgspec.json.encode(value, enc_hook=encode_exact_float, order="sorted")


def listed(rows):
    return sorted((exact(key), *map(exact, values)) for key, *values in rows)


def applied(old, found):
    """Return the rows of the old report as the changes make them: one for one, what was removed is gone."""
    left = listed(old)
    for table in found.report.tables[1:]:
        for row in table.rows:
            if row.change == "same":
                continue
            is_now = row.values[1:]
            was = tuple(row.was.get(at, value) for at, value in enumerate(row.values))[1:]
            if row.change != "added":
                left.remove((exact(row.source_key), *map(exact, was)))
            if row.change != "removed":
                left.append((exact(row.source_key), *map(exact, is_now)))
    return sorted(left)


def counts(found):
    return found.added, found.removed, found.changed, found.notation, found.same, bool(found)


@given(REPORTS)
def test_nothing_changed_from_a_report_to_itself(report):
    found = icreport.compare(report, report)
    assert not found
    assert (found.added, found.removed, found.changed) == (0, 0, 0)


@given(ROWS)
def test_nothing_changed_where_only_the_order_of_rows_is_another(rows):
    turned = rows[::-1]
    found = icreport.compare(report_of(rows), report_of(turned))
    assert counts(found)[:4] == (0, 0, 0, 0)
    assert not found


@given(UNIQUE, UNIQUE)
def test_the_changes_make_the_new_rows_of_the_old(old, new):
    assert applied(old, icreport.compare(report_of(old), report_of(new))) == listed(new)


@given(ROWS, ROWS)
def test_the_changes_make_the_new_rows_of_the_old_whatever_their_keys(old, new):
    found = icreport.compare(report_of(old), report_of(new))
    assert found.same + found.changed + found.removed == len(old)
    assert found.same + found.changed + found.added == len(new)
    values = sorted(listed((None, *values) for _, *values in new))
    left = listed((None, *values) for _, *values in old)
    for table in found.report.tables[1:]:
        for row in table.rows:
            was = tuple(row.was.get(at, value) for at, value in enumerate(row.values))[1:]
            if row.change != "added":
                left.remove((exact(None), *map(exact, was)))
            if row.change != "removed":
                left.append((exact(None), *map(exact, row.values[1:])))
    assert sorted(left) == values


@given(ROWS, ROWS, st.integers(0, 1000))
def test_how_many_rows_changed_is_not_for_their_order_or_that_of_keys_to_say(old, new, seed):
    chance = random.Random(seed)
    expected = counts(icreport.compare(report_of(old), report_of(new)))
    before, after = (chance.sample(rows, len(rows)) for rows in (old, new))
    assert counts(icreport.compare(report_of(before), report_of(after))) == expected
    turned = [(key, second, first) for key, first, second in after]
    assert counts(icreport.compare(report_of(before), report_of(turned, ("B", "A"))))[:5] == expected[:5]


@given(ROWS, ROWS)
def test_what_was_added_one_way_is_removed_the_other_way(old, new):
    there = icreport.compare(report_of(old), report_of(new))
    back = icreport.compare(report_of(new), report_of(old))
    assert (there.added, there.removed, there.changed, there.same) == (
        back.removed,
        back.added,
        back.changed,
        back.same,
    )


@given(ROWS, ROWS, st.booleans())
def test_in_parts_on_disk_it_is_what_it_is_in_memory(old, new, unchanged):
    expected = icreport.compare(report_of(old), report_of(new), unchanged=unchanged)
    kept = tables._OF_A_PART, partitions._MOST_WAITING, join.MOST_AT_ONCE, tables.ChangedRows.most_cells
    tables._OF_A_PART, partitions._MOST_WAITING, join.MOST_AT_ONCE, tables.ChangedRows.most_cells = 2, 500, 1000, 6
    try:
        with icreport.compare(report_of(old), report_of(new), unchanged=unchanged) as found:
            assert counts(found) == counts(expected)
            assert list(map(repr, found.report.tables[-1].rows)) == list(map(repr, expected.report.tables[-1].rows))
            assert found.report.to_json() == expected.report.to_json()
    finally:
        tables._OF_A_PART, partitions._MOST_WAITING, join.MOST_AT_ONCE, tables.ChangedRows.most_cells = kept


@given(REPORTS, REPORTS)
def test_whatever_is_compared_has_a_report_that_is_one(old, new):
    found = icreport.compare(old, new)
    text = found.report.to_json()
    assert icreport.read(text).to_json() == text
    assert found.to_dict()["changed"] == bool(found)
