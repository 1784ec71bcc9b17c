import json
from collections import Counter

import pytest

import icreport
from icreport.errors import LimitError
from viewing import SAMPLE, T, document, shown, table


def summary(source, said, **view):
    made = shown(source, {"summary": [{"of": "T"} | said]} | view)
    return made[0]


def rows(one):
    return [row.values for row in one.rows]


def test_rows_are_counted_for_each_pair_of_values():
    one = summary(T, {"rows": "G", "columns": "Status", "totals": True})
    assert (one.caption, one.names) == ("T by G and Status", ["G", "Closed", "Open", "Total"])
    assert rows(one) == [("a", 1, 1, 2), ("b", 0, 2, 2)]
    assert [column.format.total for column in one.columns[1:]] == ["sum"] * 3


def test_without_columns_there_is_one_of_values():
    one = summary(T, {"rows": ["G", "Status"], "value": {"sum": "N"}, "caption": "S", "decimals": 1})
    assert (one.caption, one.names) == ("S", ["G", "Status", "N (sum)"])
    assert rows(one) == [("a", "Closed", 10), ("a", "Open", 1.5), ("b", "Open", 2)]
    assert one.columns[2].format.decimals == 1


def test_totals_of_means_are_means_of_the_rows_behind_them():
    one = summary(T, {"rows": "G", "columns": "Status", "value": {"mean": "N"}, "totals": True})
    assert rows(one) == [("a", 10, 1.5, 5.75), ("b", None, 2, 2), (None, 10, 1.75, 4.5)]
    assert one.rows[-1].kind == "total"


def test_a_summary_is_of_the_rows_that_the_view_shows_and_stands_where_it_says():
    said = {"of": "T", "rows": "G", "place": "after", "where": {"column": "G", "equals": "b"}}
    view = {"table": [{"match": "T", "where": {"column": "Status", "equals": "Open"}, "limit": 1}], "summary": [said]}
    first, second = shown(T, view)
    assert (first.caption, rows(second)) == ("T", [("b", 2)])
    (only,) = shown(T, {"summary": [said | {"place": "instead"}]})
    assert only.caption == "T by G"


def test_values_stand_in_the_order_of_their_column_blanks_last():
    source = document(table([("Minor",), (None,), ("Major",), ("Other",), ("n/a",)], ["C"]))
    view = {"table": [{"match": "T", "column": {"C": {"order": ["Major", "Minor"]}}}]}
    one = summary(source, {"rows": "C"}, **view)
    assert [row.values[0] for row in one.rows] == ["Major", "Minor", "Other", "n/a", "(blank)"]
    one = summary(document(table([("x", None), ("x", 1)], ["C", "D"])), {"rows": "C", "columns": "D"})
    assert one.names == ["C", "1", "(blank)"]


def test_the_sample_has_as_many_anomalies_as_are_in_it():
    report = icreport.read(SAMPLE)
    register = next(one for one in report.tables if one.caption == "Anomaly register")
    counted = Counter(zip(register.column("Component"), register.column("Criticality"), strict=True))
    made = icreport.View.load(
        {"summary": [{"of": "Anomaly register", "rows": "Component", "columns": "Criticality"}]}
    ).apply(report)
    one = next(one for one in made.tables if one.caption == "Anomaly register by Component and Criticality")
    found = {
        (component, name): count
        for component, *counts in rows(one)
        for name, count in zip(one.names[1:], counts, strict=True)
    }
    assert {key: count for key, count in found.items() if count} == counted


def test_a_summary_of_too_many_columns_is_refused():
    source = json.dumps(document(table([(at,) for at in range(1001)], ["A"])))
    with pytest.raises(LimitError, match="more than 1,000 columns"):
        summary(source, {"rows": "A", "columns": "A"})


def test_all_blanks_are_one_row_and_one_column_of_the_same_name():
    source = document(table([(None, " "), ("", None), (" ", "x")], ["A", "B"]))
    one = summary(source, {"rows": "A", "columns": "B"})
    assert (one.names, rows(one)) == (["A", "x", "(blank)"], [("(blank)", 1, 2)])


def test_subtotals_that_the_report_has_among_its_rows_are_not_counted():
    source = document(table([("a", 1), ("a", 2), ("a", 3)], ["A", "N"]))
    source["elements"][0]["data"]["rows"][2]["icreport"] = {"kind": "subtotal"}
    assert rows(summary(source, {"rows": "A"})) == [("a", 2)]
    assert rows(summary(source, {"rows": "A", "value": {"sum": "N"}})) == [("a", 3)]
