"""The rules by which two reports are compared, each as docs/comparing.md has it."""

import hashlib
import itertools
import json
import os
import subprocess
import sys

import pytest

import icreport
from icreport.comparing import join, tables
from icreport.comparing.changed_rows import ChangedRows
from icreport.comparing.values import difference
from icreport.values import exact_float


def table(rows, columns=("Tag", "Depth"), *, caption="T", business_object="Anomaly", keys=True, **more):
    """A table of rows that are values, the first of them their key where `keys`."""
    listed = []
    for row in rows:
        key, values = (row[0], row[1:]) if keys else (None, row)
        listed.append({"sourceKey": key, "cells": [{"value": value} for value in values]})
    data = {"sourceBusinessObject": business_object, "rows": listed, **more}
    if columns is not None:
        data["columns"] = [{"caption": name} for name in columns]
    return {"type": "table", "caption": caption, "data": data}


def report(*elements):
    return {"name": "R", "elements": list(elements)}


def compared(old, new, **options):
    before, after = (report(*one) if isinstance(one, list) else report(one) for one in (old, new))
    return icreport.compare(before, after, **options)


def counts(found):
    return found.added, found.removed, found.changed, found.same


def changes(found, caption="T"):
    """What became of each row that is shown: its change, its values, and what those were that changed."""
    (shown,) = [one for one in found.report.tables if one.caption == caption]
    return [(row.change, *row.values[1:], dict(row.was)) for row in shown.rows]


def remarks(found):
    (summary,) = [one for one in found.report.tables if one.caption == "Summary"]
    return [row.values[-1] for row in summary.rows]


# Rows


def test_rows_are_the_same_row_by_their_source_key():
    found = compared(table([(7, "A", 1), (8, "B", 2), (9, "C", 3)]), table([(9, "C", 3), (7, "A", 5), (10, "D", 4)]))
    assert counts(found) == (1, 1, 1, 1)
    assert changes(found) == [
        ("changed", "A", 5, {2: 1}),
        ("added", "D", 4, {}),
        ("removed", "B", 2, {}),
    ]
    assert [row.source_key for row in found.report.tables[1].rows] == [7, 10, 8]


def test_rows_of_the_new_report_keep_their_order_and_those_removed_come_last():
    old, new = [(key, key, 0) for key in (1, 2, 3, 4)], [(key, key, 1) for key in (4, 6, 1, 5)]
    found = compared(table(old), table(new))
    assert [row[1] for row in changes(found)] == [4, 6, 1, 5, 2, 3]


def test_without_source_keys_rows_are_told_by_the_columns_that_are_named():
    old, new = table([("A", 1), ("B", 2)], keys=False), table([("B", 2), ("A", 3)], keys=False)
    assert counts(compared(old, new, key="Tag")) == (0, 0, 1, 1)
    assert counts(compared(old, new, key=["Tag", "Depth"])) == (1, 1, 0, 1)


def test_a_source_key_goes_before_the_columns_that_are_named():
    old, new = table([(1, "A", 1)]), table([(2, "A", 1)])
    assert counts(compared(old, new, key="Tag")) == (1, 1, 0, 0)


def test_a_key_that_no_table_has_as_a_column_is_an_error_with_the_nearest():
    with pytest.raises(icreport.UsageError, match="did you mean 'Tag'"):
        compared(table([]), table([]), key="Tga")


def test_a_table_without_the_columns_that_are_named_is_told_by_whole_rows():
    old, new = table([("A", 1)], ("X", "Y"), caption="U", keys=False), table([("A", 1)], keys=False)
    assert counts(compared([old, new], [old, new], key="Tag")) == (0, 0, 0, 2)


def test_rows_with_neither_are_compared_as_a_whole():
    found = compared(table([("A", 1), ("A", 1), ("B", 2)], keys=False), table([("A", 1), ("B", 3)], keys=False))
    assert counts(found) == (1, 2, 0, 1)


def test_keys_that_only_one_of_the_reports_has_tell_nothing():
    found = compared(table([(1, "A", 1), (2, "B", 2)]), table([("B", 2), ("A", 1)], keys=False))
    assert counts(found) == (0, 0, 0, 2)
    assert not found


def test_a_row_without_a_key_among_others_is_compared_as_a_whole():
    old = table([(1, "A", 1), (None, "B", 2)])
    assert counts(compared(old, table([(1, "A", 2), (None, "B", 2)]))) == (0, 0, 1, 1)
    assert counts(compared(old, table([(1, "A", 1), (None, "B", 3)]))) == (1, 1, 0, 1)


def test_a_key_as_number_and_as_text_is_one_key_and_told():
    found = compared(table([(7, "A", 1), (8, "B", 1)]), table([("7", "A", 1), (8.0, "B", 2)]))
    assert counts(found) == (0, 0, 1, 1)
    assert remarks(found) == ["2 rows have keys of another type"]
    assert not compared(table([(7, "A", 1)]), table([("7", "A", 1)]))


def test_texts_that_are_other_keys_stay_apart():
    assert counts(compared(table([("07", "A", 1)]), table([(7, "A", 1)]))) == (1, 1, 0, 0)
    assert counts(compared(table([("", "A", 1)]), table([(None, "A", 2)]))) == (1, 1, 0, 0)
    assert counts(compared(table([([1, 2], "A", 1)]), table([([1, 2], "A", 2)]))) == (0, 0, 1, 0)


def test_a_key_that_looks_like_what_stands_for_a_long_one_is_another():
    long = "k" * 300
    short = "#" + hashlib.blake2b(long.encode(), digest_size=24).hexdigest()
    found = compared(table([(long, "A", 1)]), table([(short, "A", 1)]))
    assert counts(found) == (1, 1, 0, 0)


def test_values_of_several_key_columns_do_not_run_into_each_other():
    old, new = table([("a", "bc")], keys=False), table([("ab", "c")], keys=False)
    assert counts(compared(old, new, key=["Tag", "Depth"])) == (1, 1, 0, 0)
    assert counts(compared(old, new)) == (1, 1, 0, 0)


def test_both_types_of_a_key_in_one_table_go_with_their_own():
    found = compared(table([(7, "A", 1), ("7", "B", 2)]), table([("7", "B", 3), (7, "A", 9)]))
    assert changes(found) == [("changed", "B", 3, {2: 2}), ("changed", "A", 9, {2: 1})]


def test_rows_with_one_key_go_with_equal_ones_first():
    old = table([(7, "A", 1), (7, "B", 2), (7, "C", 3)])
    found = compared(old, table([(7, "C", 3), (7, "D", 4), (7, "A", 1), (7, "E", 5)]))
    assert counts(found) == (1, 0, 1, 2)
    assert sorted(row[0] for row in changes(found)) == ["added", "changed"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_which_rows_of_one_key_go_together_is_not_for_their_order_to_say(order):
    old, new = [(7, "A", 1), (7, "B", 2), (7, "C", 3)], [(7, "A", 9), (7, "B", 8)]
    found = compared(table([old[at] for at in order]), table(new))
    assert changes(found) == [("changed", "A", 9, {2: 1}), ("changed", "B", 8, {2: 2}), ("removed", "C", 3, {})]


def test_a_key_that_too_many_rows_have_tells_none_from_another(monkeypatch):
    monkeypatch.setattr(join, "MOST_ALIKE", 3)
    old, new = [(7, "A", number) for number in range(5)], [(7, "A", number) for number in range(1, 6)]
    assert counts(compared(table(old), table(new))) == (1, 1, 0, 4)


def test_headings_and_totals_among_rows_are_no_rows():
    total = {"cells": [{"value": "Total"}, {"value": 3}], "icreport": {"kind": "total"}}
    old, new = table([(1, "A", 1)]), table([(1, "A", 1)])
    new["data"]["rows"].append(total)
    assert not compared(old, new)


# Values


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (1, 1, None),
        ("A", "A", None),
        (None, None, None),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, None),
        (exact_float("12.10"), 12.1, "notation"),
        (exact_float("12.10"), exact_float("12.10"), None),
        (1000, exact_float("1e3"), "notation"),
        (7, 7.0, "notation"),
        (-0.0, 0.0, "notation"),
        (7, "7", "notation"),
        (True, "true", "notation"),
        (None, "", "notation"),
        ("2026-08-14T06:00Z", "2026-08-14T08:00:00+02:00", "notation"),
        ("2026-08-14T06:00", "2026-08-14 06:00:00", "notation"),
        ([exact_float("1.0")], [1], "notation"),
        (2**53, 2**53 + 1, "value"),
        (exact_float("1e400"), exact_float("1e401"), "value"),
        (0.1, 0.2, "value"),
        (1, True, "value"),
        (0, None, "value"),
        ("1.10", "1.1", "value"),
        ("A", "a", "value"),
        ("A", "A ", "value"),
        ("é", "e\u0301", "value"),
        ("2026-08-14", "2026-08-14T00:00", "value"),
        ("2026-08-14T06:00", "2026-08-14T06:00Z", "value"),
        ("2026-08-14", "2026-08-15", "value"),
        ([1, 2], [2, 1], "value"),
    ],
    ids=repr,
)
def test_values_differ_in_what_they_say_in_notation_or_not(old, new, expected):
    assert difference(old, new) == expected
    assert difference(new, old) == expected


def source(*depths):
    rows = ",".join(f'{{"sourceKey":{key},"cells":[{{"value":{one}}}]}}' for key, one in enumerate(depths))
    data = f'{{"columns":[{{"caption":"Depth"}}],"rows":[{rows}]}}'
    return f'{{"elements":[{{"type":"table","caption":"T","data":{data}}}]}}'


def test_another_notation_is_a_change_and_told_unless_it_is_to_be_ignored():
    found = icreport.compare(source("12.10", "3"), source("12.1", "3"))
    assert changes(found) == [("notation", 12.1, {1: 12.1})]
    assert str(changes(found)[0][-1][1]) == "12.10"
    assert counts(found) == (0, 0, 1, 1)
    assert found.notation == 1
    assert remarks(found) == ["1 row in notation only"]
    ignored = icreport.compare(source("12.10", "3"), source("12.1", "3"), ignore_notation=True)
    assert counts(ignored) == (0, 0, 0, 2)
    assert not ignored


def test_a_row_that_changed_otherwise_shows_no_notation_that_is_to_be_ignored():
    old, new = table([(1, "A", 7)]), table([(1, "B", "7")])
    assert changes(compared(old, new)) == [("changed", "B", "7", {1: "A", 2: 7})]
    assert changes(compared(old, new, ignore_notation=True)) == [("changed", "B", "7", {1: "A"})]


def test_rows_told_by_columns_or_as_a_whole_are_found_in_another_notation():
    old, new = table([("A", 7), ("B", 8)], keys=False), table([("A", "7"), ("B", 8.0)], keys=False)
    assert counts(compared(old, new)) == (0, 0, 2, 0)
    assert counts(compared(old, new, ignore_notation=True)) == (0, 0, 0, 2)


def test_a_cell_that_is_not_there_is_a_blank_one():
    assert not compared(table([(1, "A", None)]), table([(1, "A")]))
    assert changes(compared(table([(1, "A", 5)]), table([(1, "A")]))) == [("changed", "A", None, {2: 5})]


def test_cells_beyond_the_columns_are_compared_too():
    found = compared(table([(1, "A", 1, "x", "y")]), table([(1, "A", 1, "x", "z")]))
    assert changes(found) == [("changed", "A", 1, "x", "z", {4: "y"})]
    assert changes(compared(table([(1, "A", 1)]), table([(1, "A", 1, "x")]))) == [("changed", "A", 1, "x", {3: None})]


# Columns


def test_columns_are_the_same_by_their_names_wherever_they_stand():
    old = table([(1, "A", 1), (2, "B", 2)])
    moved = table([(1, 1, "A"), (2, 5, "B")], ("Depth", "Tag"))
    found = compared(old, moved)
    assert changes(found) == [("changed", 5, "B", {1: 2})]
    assert remarks(found) in (["Columns moved: Depth"], ["Columns moved: Tag"])
    assert not compared(old, table([(1, 1, "A"), (2, 2, "B")], ("Depth", "Tag")))


def test_a_column_that_is_added_is_a_change_of_the_table_not_of_each_row():
    found = compared(
        table([(1, "A", 1), (2, "B", 2)]), table([(1, "A", "x", 1), (2, "B", "y", 3)], ("Tag", "New", "Depth"))
    )
    assert counts(found) == (0, 0, 1, 1)
    assert remarks(found) == ["Columns added: New"]
    assert changes(found) == [("changed", "B", "y", 3, {2: None, 3: 2})]
    assert compared(table([], ("Tag",)), table([], ("Tag", "New")))


def test_a_column_that_is_removed_is_shown_where_it_stood():
    found = compared(
        table([(1, "A", "x", 1), (2, "B", "y", 2)], ("Tag", "Gone", "Depth")), table([(1, "A", 1), (3, "C", 3)])
    )
    shown = found.report.tables[1]
    assert shown.names == ["Change", "Tag", "Gone (removed)", "Depth"]
    assert changes(found) == [("added", "C", None, 3, {}), ("removed", "B", "y", 2, {})]
    assert remarks(found) == ["Columns removed: Gone"]


def test_a_column_between_the_same_neighbours_with_the_same_values_is_called_otherwise():
    old = table([(1, "A", 1, "x"), (2, "B", 2, "y")], ("Tag", "Depth", "Note"))
    new = table([(1, "A", 1, "x"), (2, "B", 3, "y")], ("Tag", "Depth (mm)", "Note"))
    found = compared(old, new)
    assert changes(found) == [("changed", "B", 3, "y", {2: 2})]
    assert remarks(found) == ["Columns renamed: Depth → Depth (mm)"]
    assert found
    assert found.to_dict()["tables"][0]["columns_renamed"] == [["Depth", "Depth (mm)"]]


def test_a_column_in_the_place_of_another_with_other_values_is_another():
    old = table([(1, "A", 1, "x"), (2, "B", 2, "y")], ("Tag", "Depth", "Note"))
    new = table([(1, "A", "p", "x"), (2, "B", "q", "z")], ("Tag", "Diver", "Note"))
    found = compared(old, new)
    assert counts(found) == (0, 0, 1, 1)
    assert found.report.tables[1].names == ["Change", "Tag", "Depth (removed)", "Diver", "Note"]
    assert changes(found) == [("changed", "B", None, "q", "z", {2: 2, 3: None, 4: "y"})]


def test_whole_rows_are_found_again_beside_a_column_that_took_the_place_of_another():
    old = table([("A", 1, "x"), ("B", 2, "y"), ("C", 3, "z")], ("Tag", "Depth", "Note"), keys=False)
    other = table([("A", "p", "x"), ("B", "q", "y"), ("C", "r", "z")], ("Tag", "Diver", "Note"), keys=False)
    found = compared(old, other)
    assert counts(found) == (0, 0, 0, 3)
    assert remarks(found) == ["Columns added: Diver; columns removed: Depth"]
    renamed = table([("A", 1, "x"), ("B", 2, "y"), ("C", 4, "z")], ("Tag", "Depth (mm)", "Note"), keys=False)
    found = compared(old, renamed)
    assert counts(found) == (1, 1, 0, 2)
    assert remarks(found) == ["Columns renamed: Depth → Depth (mm)"]


def test_columns_of_tables_without_rows_in_common_are_called_otherwise_only_if_there_are_no_rows():
    names, others = ("Tag", "Depth"), ("Tag", "Diver")
    assert remarks(compared(table([], names), table([], others))) == ["Columns renamed: Depth → Diver"]
    found = compared(table([(1, "A", 1)], names), table([(2, "B", 2)], others))
    assert remarks(found) == ["Columns added: Diver; columns removed: Depth"]


def test_the_few_rows_that_a_view_leaves_tell_whether_a_column_is_called_otherwise(monkeypatch):
    """They are in as many parts as all rows would need, most of them empty."""
    monkeypatch.setattr(tables, "_OF_A_PART", 1)
    hidden = [(f"hidden {at}", None, at, "x") for at in range(30)]
    old = table([*hidden, ("key", "A", 1, "x")], ("Tag", "Depth", "Note"))
    new = table([*hidden, ("key", "A", "p", "x")], ("Tag", "Diver", "Note"))
    found = compared(old, new, view={"table": [{"match": "*", "where": {"column": "Tag", "blank": False}}]})
    assert remarks(found) == ["Columns added: Diver; columns removed: Depth"]


def test_what_a_column_is_taken_for_is_the_same_in_every_process():
    code = """
import icreport
from icreport.comparing import tables
tables._OF_A_PART, tables._ENOUGH_PAIRS = 20, 1
def report(name, turned):
    rows = [icreport.Row((at, at if at % 21 < 10 else at * turned, "z"), f"key {at}") for at in range(1, 400)]
    return icreport.Report(elements=[icreport.Table(caption="T", columns=["A", name, "Z"], rows=rows)])
print(icreport.compare(report("B", 1), report("C", -1)).report.to_json())
"""
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "0123"
    }
    assert len(found) == 1


def test_a_key_that_one_of_the_tables_lacks_tells_no_rows():
    old, new = table([("A", 1)], keys=False), table([("A", 1, 5)], ("Tag", "Depth", "No."), keys=False)
    assert counts(compared(old, new, key="No.")) == (0, 0, 0, 1)


def test_columns_of_one_name_are_told_by_their_order():
    old, new = table([(1, "A", "B")], ("X", "X")), table([(1, "A", "C")], ("X", "X"))
    assert changes(compared(old, new)) == [("changed", "A", "C", {2: "B"})]


def test_a_column_called_change_stays_beside_ours():
    found = compared(table([(1, "A")], ("Change",)), table([(1, "B")], ("Change",)))
    assert found.report.tables[1].names == ["Change", "Change (2)"]


# Tables


def test_tables_are_the_same_by_business_object_and_caption_wherever_they_stand():
    one, other = table([(1, "A", 1)], caption="One"), table([(1, "B", 2)], caption="Other")
    assert not compared([one, other], [other, one])


def test_a_table_that_appears_or_vanishes_is_told_with_all_of_its_rows():
    gone, new = table([(1, "A", 1)], ("P", "Q"), caption="Gone"), table([(5, "B", 2)], ("X", "Y"), caption="New")
    found = compared(gone, new)
    assert counts(found) == (1, 1, 0, 0)
    assert remarks(found) == ["No longer there", "A new table"]
    assert changes(found, "Gone") == [("removed", "A", 1, {})]
    assert changes(found, "New") == [("added", "B", 2, {})]
    assert compared([], table([], caption="Empty"))


def test_a_table_with_another_caption_is_taken_for_it_by_its_place_and_told():
    found = compared(table([(1, "A", 1)], caption="Week 32"), table([(1, "A", 2)], caption="Week 33"))
    assert remarks(found) == ["Taken for the table that was called “Week 32”"]
    assert counts(found) == (0, 0, 1, 0)


def test_a_table_of_another_business_object_or_with_other_columns_is_another():
    old = table([(1, "A", 1)], caption="Week 32")
    assert counts(compared(old, table([(1, "A", 1)], caption="Week 33", business_object="CML"))) == (1, 1, 0, 0)
    assert counts(compared(old, table([(1, "A", 1)], ("X", "Y"), caption="Week 33"))) == (1, 1, 0, 0)


def test_tables_of_one_caption_go_in_their_order_those_with_the_same_columns_first():
    first, second = table([(1, "A", 1)]), table([(2, "B", 2)], ("Tag", "Note"))
    assert not compared([first, second], [second, first])
    found = compared([first, first], [first, table([(1, "A", 2)])])
    assert counts(found) == (0, 0, 1, 1)
    assert set(remarks(found)) == {"Taken for the same table by its place"}


def test_tables_of_one_caption_go_together_though_one_report_names_no_business_object():
    gone, kept = table([(1, "A")], ("Tag",), caption="Gone"), table([(2, "B", 2)], caption="Kept")
    found = compared([gone, kept], [table([(2, "B", 2)], caption="Kept", business_object=None)])
    assert counts(found) == (0, 1, 0, 1)
    assert [one.table.caption for one in found.tables if one.new is None] == ["Gone"]


def test_tables_of_other_captions_go_with_those_that_have_all_of_their_columns_first():
    first, second = table([(1, "A")], ("Tag",), caption="Week 31"), table([(2, "B", 2)], caption="Week 32")
    found = compared([first, second], [table([(2, "B", 2)], caption="Week 33")])
    assert counts(found) == (0, 1, 0, 1)
    assert "Taken for the table that was called “Week 32”" in remarks(found)


def test_rows_of_vertical_tables_are_told_by_their_heads():
    old = table([("Client", "X"), ("Vessel", "Y")], None, keys=False)
    new = table([("Vessel", "Y"), ("Client", "Z"), ("Field", "W")], None, keys=False)
    found = compared(old, new)
    assert changes(found) == [("changed", "Client", "Z", {2: "X"}), ("added", "Field", "W", {})]


def test_rows_of_pivot_tables_are_told_by_their_categories():
    old = table([(1, 2), (3, 4)], ("A", "B"), keys=False, categories=[{"caption": "x"}, {"caption": "y"}])
    new = table([(3, 5), (1, 2)], ("A", "B"), keys=False, categories=[{"caption": "y"}, {"caption": "x"}])
    assert changes(compared(old, new)) == [("changed", "y", 3, 5, {3: 4})]


# Texts


def paragraph(text, caption=None):
    return {"type": "paragraph", "caption": caption, "data": {"text": [{"value": text}]}}


def test_paragraphs_changed_or_not_and_are_shown_with_what_they_were():
    old = [paragraph("All is well on the platform.", "Scope"), paragraph("The same.")]
    found = compared(old, [paragraph("The same."), paragraph("All is bad on the platform.", "Scope")])
    assert changes(found, "Texts") == [
        ("changed", "Paragraph “Scope”", "All is bad on the platform.", {2: "All is well on the platform."})
    ]
    assert found.to_dict()["texts"] == {"same": 1, "added": 0, "removed": 0, "changed": 1, "notation": 0}
    assert counts(found) == (0, 0, 0, 0)
    assert found


def test_a_paragraph_without_a_caption_is_found_by_half_of_its_words():
    found = compared([paragraph("one two three four")], [paragraph("other"), paragraph("one two three five")])
    assert [row[0] for row in changes(found, "Texts")] == ["added", "changed"]
    found = compared([paragraph("one two three four")], [paragraph("one six seven eight")])
    assert [row[0] for row in changes(found, "Texts")] == ["removed", "added"]


def test_sections_and_elements_of_unknown_types_are_compared_too():
    old = [{"type": "section", "caption": "Part 1"}, {"type": "gauge", "caption": "G", "data": {"a": 1, "b": [2]}}]
    same = [{"type": "section", "caption": "Part 1"}, {"type": "gauge", "caption": "G", "data": {"b": [2], "a": 1}}]
    assert not compared(old, same)
    found = compared(old, [{"type": "gauge", "caption": "G", "data": {"a": 2}}])
    assert [(row[0], row[1]) for row in changes(found, "Texts")] == [("removed", "Section"), ("changed", "gauge “G”")]


# The report


def test_nothing_that_changed_is_said_in_words():
    found = compared(table([(1, "A", 1)]), table([(1, "A", 1)]))
    assert not found
    assert [one.text for one in found.report.elements if one.type == "paragraph"] == [
        "From R to R.",
        "Nothing changed.",
    ]
    assert [one.caption for one in found.report.tables] == ["Summary"]


def test_the_summary_has_the_counts_of_each_table():
    found = compared(table([(1, "A", 1), (2, "B", 2)]), table([(1, "A", 2), (3, "C", 1)]))
    (row,) = found.report.tables[0].rows
    assert tuple(row) == ("T", 0, 1, 1, 1, None)


def test_unchanged_rows_are_shown_where_they_are_asked_for():
    old, new = table([(1, "A", 1), (2, "B", 2)]), table([(2, "B", 3), (1, "A", 1)])
    assert [row[0] for row in changes(compared(old, new, unchanged=True))] == ["changed", "same"]


def test_what_a_cell_was_is_in_the_json_of_the_report_and_comes_back():
    found = compared(table([(1, "A", 1)]), table([(1, "A", 2)]))
    written = json.loads(found.report.to_json())
    cell = written["elements"][2]["data"]["rows"][0]["cells"][2]
    assert cell == {"value": 2, "icreport": {"was": 1, "look": "fair"}}
    (row,) = icreport.read(written).tables[1].rows
    assert (row.change, row.was, row.looks) == ("changed", {2: 1}, {2: "fair"})


def test_a_row_made_by_hand_says_what_it_was():
    row = icreport.Row.shown(("Changed", 2), 7, change="changed", was={1: 1}, looks={1: "fair"})
    assert (row.change, row.was, row.looks, row.kind) == ("changed", {1: 1}, {1: "fair"}, "row")
    with pytest.raises(icreport.UsageError, match="it is one of added"):
        icreport.Row.shown((1,), change="bent")
    with pytest.raises(icreport.UsageError, match="index 1, of a row of 1"):
        icreport.Row.shown((1,), was={1: 2})


def test_a_view_says_what_of_both_is_compared():
    old, new = table([(1, "A", 1), (2, "B", 2)]), table([(1, "A", 9), (2, "C", 2), (3, "D", 3)])
    assert not compared(
        table([(1, "A", 1)]), table([(1, "A", 9)]), view={"table": [{"match": "T", "columns": ["Tag"]}]}
    )
    shown = {"table": [{"match": "T", "where": {"column": "Depth", "at_most": 2}, "sort": ["-Tag"]}]}
    assert counts(compared(old, new, view=shown)) == (0, 1, 1, 0)
    listed = {"elements": "listed", "table": [{"match": "U"}, {"match": "T"}]}
    both = [table([(1, "A", 1)]), table([(1, "A", 1)], caption="U")]
    assert not compared(both, both, view=listed)


def test_rows_of_a_comparison_that_is_closed_are_gone_where_they_were_on_disk(monkeypatch):
    monkeypatch.setattr(ChangedRows, "most_cells", 6)
    old, new = table([]), table([(key, "A", key) for key in range(10)])
    with compared(old, new) as found:
        assert len(list(found.report.tables[1].rows)) == 10
        assert len(list(found.report.tables[1].rows)) == 10
    with pytest.raises(icreport.UsageError, match="the comparison is closed"):
        list(found.report.tables[1].rows)


def test_what_is_wrong_in_one_of_the_reports_names_which():
    with pytest.raises(icreport.JsonError, match="in the new report: the document is cut off at line 1"):
        icreport.compare(report(), b'{"elements": [')
    view = {"table": [{"match": "T", "columns": ["Deep"]}]}
    with pytest.raises(icreport.ViewError, match=r"in the old report: .*did you mean 'Depth'"):
        compared(table([]), table([]), view=view)


def test_reports_in_memory_scans_and_files_are_compared_alike(tmp_path):
    old, new = report(table([(1, "A", 1)])), report(table([(1, "A", 2)]))
    (tmp_path / "new.json").write_text(json.dumps(new), "utf-8")
    with icreport.scan(json.dumps(old)) as scanned:
        found = icreport.compare(scanned, tmp_path / "new.json")
    assert counts(found) == counts(icreport.compare(icreport.read(old), icreport.read(new))) == (0, 0, 1, 0)
