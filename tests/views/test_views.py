"""Views on reports: what they show, in which order, and that nothing else changes."""

import io
import json
import pickle
from collections import Counter
from itertools import groupby

import pytest

import icreport
from icreport.errors import LossError, ThemeError, UsageError, ViewError
from icreport.model.conditions import predicate_of
from icreport.model.rows import Row
from icreport.model.totals import group_of
from viewing import ROWS, SAMPLE, T, document, shown, table


def values(source, said):
    (one,) = shown(source, {"table": [{"match": "T"} | said]})
    return [row.values for row in one.rows]


@pytest.mark.parametrize("kind", ["html", "csv", "xlsx"])
def test_a_view_of_nothing_changes_nothing(kind, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1774958400")
    plain, viewed, matched = io.BytesIO(), io.BytesIO(), io.BytesIO()
    icreport.convert(SAMPLE, plain, format=kind)
    icreport.convert(SAMPLE, viewed, format=kind, view={})
    # A view that does not say anything of a table that it names does not change it either.
    icreport.convert(SAMPLE, matched, format=kind, view={"table": [{"match": "*"}]})
    assert plain.getvalue() == viewed.getvalue() == matched.getvalue()
    report = icreport.read(SAMPLE)
    assert icreport.View.load({"table": [{"match": "*"}]}).apply(report).to_json() == report.to_json()


def test_columns_are_chosen_ordered_hidden_and_called_otherwise():
    assert values(T, {"columns": ["Status", "G"]}) == [(row[2], row[0]) for row in ROWS]
    assert values(T, {"hide": ["N"]}) == [(row[0], row[2]) for row in ROWS]
    (one,) = shown(T, {"table": [{"match": "T", "column": {"N": {"caption": "Depth", "unit": "mm"}}}]})
    assert one.names == ["G", "Depth (mm)", "Status"]
    assert one.columns[0].to_object() == {"caption": "G"}


def test_rows_are_filtered_by_all_conditions_and_counted_at_the_first():
    where = [{"column": "Status", "not_in": ["Closed"]}, {"column": "N", "at_least": 2}]
    assert values(T, {"where": where}) == [ROWS[0]]
    (one,) = shown(T, {"table": [{"match": "T", "where": where}]})
    assert one.note == "1 of 4 rows: Status not Closed; N at least 2"
    assert [row.source_key for row in one.rows] == [1]


def test_a_note_is_left_out_where_the_view_says_so_or_nothing_is_left_out():
    (one,) = shown(T, {"table": [{"match": "T", "limit": 2, "note": False}]})
    assert (len(one.rows), one.note) == (2, None)
    (one,) = shown(T, {"table": [{"match": "T", "where": {"column": "G", "blank": False}, "limit": 4}]})
    assert (len(one.rows), one.note) == (4, None)
    (one,) = shown(T, {"table": [{"match": "T", "limit": 3}]})
    assert one.note == "3 of 4 rows: first 3"


def test_rows_are_sorted_by_several_columns_blanks_last_either_way():
    assert [row[1] for row in values(T, {"sort": "N"})] == [1.5, 2, 10, None]
    assert [row[1] for row in values(T, {"sort": "-N"})] == [10, 2, 1.5, None]
    assert values(T, {"sort": ["G", "-N"]}) == [ROWS[1], ROWS[3], ROWS[0], ROWS[2]]
    assert values(T, {"sort": ["-Status", "G"], "limit": 2}) == [ROWS[3], ROWS[0]]


def test_values_sort_as_the_order_of_their_column_says():
    column = {"Status": {"order": ["Open", "Closed"]}}
    assert [row[2] for row in values(T, {"sort": "Status", "column": column})] == ["Open"] * 3 + ["Closed"]
    assert [row[2] for row in values(T, {"sort": "-Status", "column": column})] == ["Closed"] + ["Open"] * 3


def test_groups_stand_together_their_column_first():
    (one,) = shown(T, {"table": [{"match": "T", "columns": ["N"], "group_by": "G", "new_page": True}]})
    assert (one.names, one.group_columns, one.format.new_page) == (["G", "N"], [0], True)
    assert [row.values for row in one.rows] == [("a", 10), ("a", 1.5), ("b", 2), ("b", None)]


def test_what_a_column_says_of_itself_goes_with_it():
    view = {"table": [{"match": "T", "columns": ["N", "G"], "column": {
        "N": {"decimals": 1, "total": "sum", "width": "20%", "bar": True, "type": "decimal",
              "mark": {"at_least": 3, "look": "bad"}}, "G": {"mark": [{"in": ["a"], "look": "good"}]}}}]}  # fmt: skip
    (one,) = shown(T, view)
    assert one.columns[0].to_object()["icreport"] == {
        "decimals": 1, "width": "20%", "type": "decimal", "bar": True, "total": "sum",
        "marks": [{"at_least": 3, "look": "bad"}],
    }  # fmt: skip
    assert one.columns[1].to_object()["icreport"] == {"marks": [{"in": ["a"], "look": "good"}]}


def test_ages_become_dates_so_that_a_document_shows_the_same_tomorrow(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1774958400")  # 2026-03-31
    source = document(table([("2026-03-01",), ("2026-03-31",)], ["D"]))
    view = {"table": [{"match": "T", "where": {"column": "D", "newer_than": "1 week"},
                       "column": {"D": {"mark": {"not": {"older_than": 7}, "look": "fair"}}}}]}  # fmt: skip
    (one,) = shown(source, view)
    assert [row.values for row in one.rows] == [("2026-03-31",)]
    assert one.note == "1 of 2 rows: D newer than 1 week"
    assert one.columns[0].format.marks[0].to_object() == {"not": {"below": "2026-03-24"}, "look": "fair"}


def test_rows_and_cells_keep_what_is_not_known_of_them():
    source = document(table(ROWS, ["G", "N", "Status"]))
    row = source["elements"][0]["data"]["rows"][1]
    row["colour"], row["cells"][2]["link"] = "red", "x"
    (one,) = shown(source, {"table": [{"match": "T", "columns": ["Status"], "sort": "Status", "limit": 1}]})
    assert one.rows[0].to_object() == {
        "sourceKey": 2, "cells": [{"value": "Closed", "link": "x"}], "colour": "red",
    }  # fmt: skip


def test_tables_are_named_by_caption_number_or_business_object():
    source = document(
        table([(1,)], ["A"], "One"),
        table([(2,)], ["A"], "Two", sourceBusinessObject="Task"),
        table([(3,)], ["A"], "[x]"),
    )
    for said, found in (
        ({"match": "T*"}, "Two"),
        ({"number": 1}, "One"),
        ({"source_business_object": "Task"}, "Two"),
        ({"match": "[x]"}, "[x]"),
    ):
        captions = [one.caption for one in shown(source, {"table": [said | {"caption": "X"}]})]
        assert captions == ["X" if one == found else one for one in ("One", "Two", "[x]")]


def test_the_first_part_that_fits_a_table_counts():
    source = document(table([(1,)], ["A"], "One"), table([(2,)], ["A"], "Two"))
    view = {"table": [{"match": "Two", "caption": "2"}, {"match": "*", "caption": "other"}]}
    assert [one.caption for one in shown(source, view)] == ["other", "2"]


@pytest.mark.parametrize("named", [{"match": "T"}, {"number": 1}], ids=str)
def test_a_table_that_an_earlier_part_takes_is_said_to_be(named):
    with pytest.raises(ViewError, match=r"an earlier \[\[table\]\] takes the table 'T' \(say this one before it\)"):
        shown(T, {"table": [{"match": "*"}, named]})
    (one,) = shown(T, {"table": [named | {"limit": 1}, {"match": "*"}]})
    assert len(one.rows) == 1


@pytest.mark.parametrize("caption", ["Depth [m] of all", "What? And when", "a*b"])
def test_captions_are_matched_as_they_are_but_for_stars(caption):
    source = document(table([(1,)], ["A"], caption), table([(1,)], ["A"], "Depth m, Whats And"))
    for match in (caption, caption[:9] + "*", "*" + caption[-3:]):
        one, other = shown(source, {"table": [{"match": match, "caption": "Found"}]})
        assert (one.caption, other.caption) == ("Found", "Depth m, Whats And")


@pytest.mark.parametrize(
    "asked", [{"matches": ".*"}, {"contains": " "}, {"starts_with": " "}, {"matches": "^$"}], ids=str
)
def test_blanks_meet_no_condition_on_texts(asked):
    source = document(table([(" a b",), ("",), (" ",), (None,)], ["A"]))
    (one,) = shown(source, {"table": [{"match": "T", "where": {"column": "A"} | asked}]})
    assert {row.values[0] for row in one.rows} <= {" a b"}


def test_columns_of_texts_have_no_numbers_in_filters_marks_and_totals(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1774958400")
    values = ["7", "10", "2026-01-01", 3, " ", None]
    source = document(table([(value,) for value in values], ["A"]))

    def kept(**asked):
        column = {"A": {"type": "text"}}
        (one,) = shown(source, {"table": [{"match": "T", "where": {"column": "A"} | asked, "column": column}]})
        return [row.values[0] for row in one.rows]

    assert kept(at_least=2) == ["7", "2026-01-01", 3]
    assert kept(at_most="2") == ["10"]
    assert kept(between=["10", "2026"]) == ["10"]
    assert kept(equals=3) == [3]
    assert kept(equals="7.0") == kept(older_than=1) == []
    column = {"A": {"type": "text", "total": "sum", "mark": {"at_most": 10, "look": "bad"}}}
    result = io.BytesIO()
    icreport.convert(source, result, format="csv", view={"table": [{"match": "T", "column": column}]}, totals=True)
    assert result.getvalue().decode().splitlines()[-1] == "Total: 0"
    icreport.convert(source, result := io.BytesIO(), format="html", view={"table": [{"match": "T", "column": column}]})
    assert "6 without a number in A, not in its sum" in result.getvalue().decode()
    made = shown(source, {"summary": [{"of": "T", "rows": "A", "value": {"sum": "A"}}], "table": [
        {"match": "T", "column": {"A": {"type": "text"}}}]})  # fmt: skip
    assert [row.values[1] for row in made[0].rows] == [0, 0, 0, 0, 0]


def test_only_what_is_listed_is_shown_in_the_order_of_the_list():
    source = document(
        {"type": "paragraph", "data": {"text": "x"}},
        *[table([(name, at) for at in range(3)], ["A", "N"], name) for name in ("One", "Two", "Three", "Four")],
    )
    view = {"elements": "listed", "table": [{"match": "Three"}, {"match": "T*", "sort": "-N"}, {"match": "One"}]}
    made = shown(source, view)
    assert [one.caption for one in made] == ["Three", "Two", "One"]
    assert [row.values for row in made[1].rows] == [("Two", 2), ("Two", 1), ("Two", 0)]
    result = icreport.convert(source, io.BytesIO(), format="html", view=view)
    assert [note.message for note in result.notes if note.code == "left-out-by-view"] == [
        "elements[0] (paragraph) is left out by the view",
        'elements[4] "Four" (table) is left out by the view',
    ]
    assert [(one.index, one.source_index) for one in result.elements] == [(0, 3), (1, 2), (2, 1)]


def test_the_title_is_made_of_the_report(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1774958400")
    view = icreport.View.load({"title": "Open of {name}, {date} ({source})"})
    assert view.apply(icreport.read(SAMPLE)).name == (
        "Open of Heimdal Nord: subsea and topsides inspection 2026, 2026-03-31 (inspection)"
    )
    assert "<title>Open of" in icreport.render(icreport.read(SAMPLE), "html", view=view).decode()


def test_a_pivot_table_keeps_its_categories_with_their_rows():
    source = document(
        table([(3, 1), (1, 2), (2,)], ["A", "B"], categories=[{"caption": "x"}, {"caption": "y", "k": 1}])
    )
    (one,) = shown(source, {"table": [{"match": "T", "sort": "A", "columns": ["B", "A"]}]})
    assert [row.values for row in one.rows] == [(2, 1), (None, 2), (1, 3)]
    assert [category.to_object() for category in one.categories] == [{"caption": "y", "k": 1}, {}, {"caption": "x"}]
    (one,) = shown(source, {"table": [{"match": "T", "where": {"column": "A", "above": 2}}]})
    assert ([category.head for category in one.categories], one.note) == (["x"], "1 of 3 rows: A above 2")


def test_rows_of_a_vertical_table_are_chosen_by_their_headers():
    vertical = {"type": "table", "caption": "V", "data": {"rows": [
        {"cells": [{"value": "Client"}, {"value": "X"}]}, {"cells": [{"value": "Rev"}, {"value": 2}]}]}}  # fmt: skip
    (one,) = shown(document(vertical), {"table": [{"match": "V", "columns": ["Rev", "Client"]}]})
    assert [row.values for row in one.rows] == [("Rev", 2), ("Client", "X")]
    (one,) = shown(document(vertical), {"table": [{"match": "V", "hide": ["Rev"]}]})
    assert [row.values for row in one.rows] == [("Client", "X")]
    with pytest.raises(ViewError, match=r"is vertical: .* so where asks nothing \(use columns or hide"):
        shown(document(vertical), {"table": [{"match": "V", "where": {"column": "Rev", "equals": 2}}]})
    with pytest.raises(ViewError, match=r"has no row 'Revs' \(did you mean 'Rev'"):
        shown(document(vertical), {"table": [{"match": "V", "columns": ["Revs"]}]})


@pytest.mark.parametrize(
    "said", [{}, {"columns": ["N", "A"]}, {"hide": ["A"]}, {"columns": ["N"], "sort": "N"}], ids=str
)
@pytest.mark.parametrize("more", [{}, {"categories": [{"caption": "x"}]}], ids=str)
def test_rows_that_are_short_are_told_whatever_columns_are_shown(said, more):
    source = document(table([("a", 1, "x"), ("b",), ("c", 3)], ["A", "N", "S"], **more))
    result = icreport.convert(source, io.BytesIO(), format="csv", view={"table": [{"match": "T"} | said]})
    assert [(one.code, one.count, one.loss) for one in result.warnings] == [("short-row", 2, True)]


def test_what_is_left_out_of_pivot_and_vertical_tables_is_counted_and_noted_where_it_is_asked_for():
    vertical = table([("A", 1), ("B", 2), ("C", 3)], [], "V")
    pivot = table([(1,), (2,)], ["A"], "P", categories=[{"caption": "x"}, {"caption": "y"}])
    source = document(vertical, pivot)
    view = {"table": [{"match": "V", "hide": ["A"], "limit": 1}, {"match": "P", "limit": 1}]}
    assert [one.note for one in shown(source, view)] == ["1 of 3 rows: first 1", "1 of 2 rows: first 1"]
    result = icreport.convert(source, io.BytesIO(), format="html", view=view)
    assert [one.view for one in result.elements] == [
        {"rows_in": 3, "rows_shown": 1, "left_out": [
            {"condition": "hide", "rows": 1}, {"condition": "first 1", "rows": 1}]},
        {"rows_in": 2, "rows_shown": 1, "left_out": [{"condition": "first 1", "rows": 1}]},
    ]  # fmt: skip
    silent = {"table": [one | {"note": False} for one in view["table"]]}
    assert [one.note for one in shown(source, silent)] == [None, None]


def test_tables_that_are_not_written_have_no_count_of_rows_that_were_left_out():
    rows = table([(1,), (2,)], ["A"])
    view = {"table": [{"match": "*", "where": {"column": "A", "equals": 1}}]}
    one = {"source": json.dumps(document(rows, rows)), "target": io.BytesIO(), "format": "csv", "view": view}
    result = icreport.convert(**one, table="2")
    assert [(element.rows_in in {2, None}, element.rows_out) for element in result.elements] == [(True, 0), (True, 1)]
    assert [element.view is None for element in result.elements] == [True, False]


def test_rows_of_other_lengths_stay_whole_unless_columns_are_listed():
    rows = [("a", 1, "x", "more"), ("b",), ("c", 3, "z")]
    assert values(document(table(rows, ["A", "N", "S"])), {"hide": ["N"]}) == [
        ("a", "x", "more"),
        ("b", None),
        ("c", "z"),
    ]
    assert values(document(table(rows, ["A", "N", "S"])), {"columns": ["N"]}) == [(1,), (None,), (3,)]
    many = [("a", at, "x") for at in range(5000)] + [("b", 1, "y", "late")]
    with io.StringIO(json.dumps(document(table(many, ["A", "N", "S"])))) as source:
        target = io.BytesIO()
        view = {"table": [{"match": "T", "hide": ["A"], "where": {"column": "N", "at_most": 10_000}}]}
        icreport.convert(source.read(), target, format="csv", view=view)
    lines = target.getvalue().decode().splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("N,S,3", "0,x,", "1,y,late")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"tabel": []}, "tabel: there is no such setting (did you mean 'table'?"),
        ({"table": [{"match": "Tt"}]}, "the report has no table 'Tt' (did you mean 'T'? known: T)"),
        ({"table": [{"number": 9}]}, "the report has no table 9"),
        (
            {"table": [{"match": "T", "columns": ["Stats"]}]},
            "has no column 'Stats' (did you mean 'Status'? known: G, N",
        ),
        ({"table": [{"match": "T", "column": {"M": {"total": "sum"}}}]}, "has no column 'M'"),
        ({"table": [{"match": "T", "sort": "-M"}]}, "has no column 'M'"),
        ({"table": [{"match": "T", "where": {"column": "N", "at_leats": 1}}]}, "did you mean 'at_least'?"),
        ({"table": [{"match": "T", "where": {"column": "N"}}]}, "it asks nothing of a value"),
        ({"table": [{"match": "T", "where": {"column": "N", "matches": "("}}]}, "no regular expression of RE2"),
        ({"table": [{"match": "T", "columns": ["G"], "hide": ["N"]}]}, "say columns or hide, not both"),
        ({"table": [{"columns": ["G"]}]}, "say which table"),
        ({"title": "{author}"}, "there is no {author}"),
        ({"summary": [{"of": "T", "rows": "G", "value": {"sum": "N", "mean": "N"}}]}, "value says one thing"),
        ({"summary": [{"of": "T", "rows": "H"}]}, "has no column 'H'"),
        (
            {"summary": [{"of": "T", "rows": "G", "value": "sum"}]},
            'summary.1.value: say "count", or the total of a column',
        ),
        (
            {"summary": [{"of": "T", "rows": "G", "value": {"sun": "N"}}]},
            'summary.1.value: say "count", or the total of',
        ),
        ({"summary": {"of": "T", "rows": "G"}}, "summary: it is written [[summary]], as there may be several"),
        ({"table": {"match": "T"}}, "table: it is written [[table]], as there may be several"),
        ({"table": [{"match": "T", "where": "Status"}]}, 'where.1: a condition is written { column = "Status", equals'),
        (
            {"table": [{"match": "T", "column": {"N": {"mark": "bad"}}}]},
            'N.mark.1: a mark is written { equals = "Minor"',
        ),
        ({"table": [{"match": "T", "column": {"where": "bad"}}]}, "table.1.column.where: it is no table of settings"),
        ({"table": [{"match": "T", "column": "bad"}]}, 'column: it is written [table.column."Its name"]'),
        (
            {"table": [{"match": "T", "where": {"column": "N", "equals": [1]}}]},
            "where.1.equals: it is no text, number, true or false",
        ),
        (
            {"table": [{"match": "T", "where": {"column": "N", "below": True}}]},
            "where.1.below: it is no text or number",
        ),
        ({"elements": "some"}, "elements: input should be 'all' or 'listed'"),
        ({"extend": "/no/such.toml"}, "cannot be read"),
    ],
    ids=lambda value: None if isinstance(value, str) else json.dumps(value),
)
def test_what_is_wrong_in_a_view_is_one_line_with_what_is_nearest(said, message):
    with pytest.raises(ViewError) as error:
        icreport.convert(T, io.BytesIO(), format="csv", view=said)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_view_made_in_python_is_checked_like_a_file():
    view = icreport.View(title="X", table=[{"match": "T", "columns": "N"}])
    loaded = icreport.View.load({"title": "X", "table": [{"match": "T", "columns": ["N"]}]})
    assert view.model_dump() == loaded.model_dump()
    for wrong in ({"tabel": []}, {"table": [{"match": 1}]}, {"title": "{x}"}):
        with pytest.raises(ViewError, match=r"^the view: t"):
            icreport.View(**wrong)
    with pytest.raises(UsageError, match="a view is a int, not a file"):
        icreport.View.load(5)


def test_what_a_report_lacks_may_be_skipped_and_is_told():
    view = {
        "missing": "skip",
        "table": [{"match": "T", "columns": ["G", "M"], "sort": "X"}, {"match": "Other"}],
        "summary": [{"of": "T", "rows": "Y"}],
    }
    result = icreport.convert(T, target := io.BytesIO(), format="csv", view=view, strict=True)
    assert target.getvalue().decode().splitlines()[:2] == ["G", "b"]
    told = Counter(str(warning).partition("(")[0] for warning in result.warnings)
    assert len(told) == 4
    assert all(warning.code == "view-missing" and not warning.loss for warning in result.warnings)


def test_a_table_is_left_out_whose_rows_cannot_be_filtered_and_summaries_that_lack_a_column():
    where = {"column": "X", "equals": 1}
    view = {"missing": "skip", "table": [{"match": "T", "where": where}], "summary": [{"of": "T", "rows": "G"}]}
    source = document(*T["elements"], table([(1,)], ["A"], "Other"))
    assert [one.caption for one in shown(source, view)] == ["Other"]
    result = icreport.convert(source, io.BytesIO(), format="html", view=view | {"elements": "listed"})
    told = [str(warning) for warning in result.warnings if warning.code == "view-missing"]
    assert any("has no column 'X'" in one and "the table is left out" in one for one in told)
    assert any("the summary of 'T' is left out, too" in one for one in told)
    for lacking in ({"columns": "X"}, {"where": where}, {"value": {"sum": "X"}}, {"rows": ["G", "X"]}):
        view = {"missing": "skip", "summary": [{"of": "T", "rows": "G"} | lacking]}
        assert [one.caption for one in shown(T, view)] == ["T"]


def test_the_result_says_what_is_left_out_and_strict_does_not_count_it_as_a_loss():
    where = [{"column": "Status", "not_in": ["Closed"]}, {"column": "N", "at_least": 2}]
    result = icreport.convert(
        T, io.BytesIO(), format="csv", view={"table": [{"match": "T", "where": where}]}, strict=True
    )
    assert result.lossless
    assert result.to_dict()["elements"] == [
        {
            "index": 0, "type": "table", "caption": "T", "rows_in": 4, "rows_out": 1, "changes": [],
            "view": {
                "rows_in": 4,
                "rows_shown": 1,
                "left_out": [
                    {"condition": "Status not Closed", "rows": 1}, {"condition": "N at least 2", "rows": 2}
                ],
            },
        }
    ]  # fmt: skip


def test_strict_still_counts_what_is_lost_in_what_is_shown():
    source = document(table([("a", 1), ("b",)], ["A", "B"]))
    with pytest.raises(LossError):
        icreport.convert(source, io.BytesIO(), format="csv", view={"title": "x"}, strict=True)


def test_a_theme_may_name_a_view_of_its_own(tmp_path):
    theme = tmp_path / "client"
    theme.mkdir()
    (theme / "theme.toml").write_text('view = "view.toml"\n')
    (theme / "view.toml").write_text('[[table]]\nmatch = "T"\ncolumns = ["N"]\n')
    assert "Status" not in icreport.render(icreport.read(T), "html", theme=str(theme)).decode()
    assert "Status" in icreport.render(icreport.read(T), "html", theme=str(theme), view={}).decode()
    (theme / "theme.toml").write_text('view = "../other.toml"\n')
    (tmp_path / "other.toml").write_text("")
    with pytest.raises(ThemeError, match="there is no file"):
        icreport.render(icreport.read(T), "html", theme=str(theme))


def test_a_view_goes_to_other_processes():
    view = icreport.View.load({"table": [{"match": "T", "columns": ["N"], "where": {"column": "Q", "equals": 1}}]})
    again = pickle.loads(pickle.dumps(view))
    assert again == view
    with pytest.raises(ViewError, match="no column 'Q'"):
        again.apply(icreport.read(T))


def test_a_report_made_in_python_is_viewed_too():
    made = icreport.Table(caption="T", columns=["A"], rows=[Row.shown((2,), look="bad"), (1,)])
    report = icreport.View.load({"table": [{"match": "T", "sort": "A"}]}).apply(icreport.Report(elements=[made]))
    assert [(row.values, row.look) for row in report.tables[0].rows] == [((1,), None), ((2,), "bad")]


def test_totals_that_a_report_has_among_its_rows_go_where_rows_are_filtered_or_sorted():
    source = document(table([(2,), (1,)], ["A"]))
    source["elements"][0]["data"]["rows"].append({"cells": [{"value": 3}], "icreport": {"kind": "total"}})
    assert values(source, {"sort": "A"}) == [(1,), (2,)]
    assert values(source, {"where": {"column": "A", "at_least": 2}}) == [(2,)]
    assert values(source, {"columns": ["A"], "caption": "X"}) == [(2,), (1,), (3,)]


def test_a_view_of_a_view_is_walked_over_like_any_scan():
    rows = [("a", at, "x") for at in range(5000)] + [("b", 1, "y", "late")]
    first = icreport.View.load({"table": [{"match": "T", "hide": ["A"]}]})
    second = icreport.View.load({"table": [{"match": "T", "where": {"column": "S", "equals": "y"}}]})
    with icreport.scan(json.dumps(document(table(rows, ["A", "N", "S"])))) as scanned:
        target = io.BytesIO()
        result = icreport.write(first.apply(scanned), target, "csv", view=second)
    assert target.getvalue() == b"N,S,3\r\n1,y,late\r\n"
    assert result.source_sha256 is not None


def test_long_texts_are_sorted_and_filtered_like_any():
    rows = [("b" * 1000 + str(at % 7),) for at in range(300)]
    found = values(document(table(rows, ["A"])), {"sort": "A", "where": {"column": "A", "contains": "b"}})
    assert found == sorted(rows)


def test_values_that_are_not_of_the_type_that_a_column_is_pinned_to_are_told():
    rows = [(1, "2026-01-01", True, 1), (1.5, "2026-01-01T00:00", "yes", "7"), ("n/a", None, "", " ")]
    types = {"A": "integer", "B": "date", "C": "boolean", "D": "decimal"}
    view = {"table": [{"match": "T", "column": {name: {"type": kind} for name, kind in types.items()}}]}
    result = icreport.convert(document(table(rows, "ABCD")), io.BytesIO(), format="csv", view=view, strict=True)
    assert [(warning.code, warning.count, warning.message[:13]) for warning in result.warnings] == [
        ("other-type", 2, "values of 'A'"), ("other-type", 1, "values of 'B'"), ("other-type", 1, "values of 'C'"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["n/a", "-", "n/a", "", " ", None, "-", "", "N/A"], []),
        ([1, "1", 1, "1", 1.0, "1.0", "1"], ["1"]),
        ([True, "true", True, "1.0", "1", "1.0", 1], []),
    ],
)
def test_each_group_has_one_heading_and_all_blanks_are_one(values, order):
    view = {"table": [{"match": "T", "group_by": "G", "column": {"G": {"order": order}}}]}
    (one,) = shown(document(table([(value, 1) for value in values], ["G", "N"])), view)
    groups = [key for key, _ in groupby(group_of(row.values[0]) for row in one.rows)]
    assert len(groups) == len({group_of(value) for value in values})
    assert sum(row.values[0] is None or not str(row.values[0]).strip() for row in one.rows) == sum(
        value is None or not str(value).strip() for value in values
    )


def test_rows_of_a_pivot_table_that_have_no_category_take_none_from_others():
    source = document(table([(3,), (1,), (2,)], ["A"], categories=[{"caption": "x"}, {"caption": "y"}]))
    (one,) = shown(source, {"table": [{"match": "T", "sort": "-A"}]})
    assert [(row.values, one.categories[at].caption) for at, row in enumerate(one.rows)] == [
        ((3,), "x"),
        ((2,), None),
        ((1,), "y"),
    ]
    (one,) = shown(source, {"table": [{"match": "T", "where": {"column": "A", "at_most": 2}, "sort": "-A"}]})
    assert [category.caption for category in one.categories] == [None, "y"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"below": "2020-01-01", "older_than": 3}, ["2019-12-31"]),
        ({"at_least": "2030-01-01", "newer_than": 3}, ["2030-01-01"]),
        ({"below": "2030-01-01", "older_than": 3, "not": {"below": "2020-01-01"}}, ["2026-03-27"]),
        ({"below": "2030-01-01", "older_than": 3, "at_least": "2010-01-01", "newer_than": 4}, ["2026-03-27"]),
        ({"below": 5, "older_than": 3}, []),
    ],
    ids=str,
)
def test_an_age_and_a_bound_beside_it_both_hold_in_filters_and_marks(asked, expected, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1774958400")  # 2026-03-31
    values = ["2019-12-31", "2026-03-27", "2026-03-30", "2030-01-01", 4, None, "x"]
    source = document(table([(value,) for value in values], ["D"]))
    (one,) = shown(source, {"table": [{"match": "T", "where": {"column": "D"} | asked}]})
    assert [row.values[0] for row in one.rows] == expected
    (one,) = shown(source, {"table": [{"match": "T", "column": {"D": {"mark": asked | {"look": "bad"}}}}]})
    met = predicate_of(one.columns[0].format.marks[0])
    assert [value for value in values if met(value)] == expected
