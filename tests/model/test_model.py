import copy
import json
import pickle
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

import numpy
import pandas
import polars
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as some

import icreport
from icreport.errors import UsageError
from icreport.model.elements import Column, Paragraph, Section, Table
from icreport.model.report import Report
from icreport.model.rows import Batch, Row
from icreport.values import ExactFloat, exact_float

TABLE = Table(caption="Anomalies", columns=["Asset", "Depth", "Depth"], rows=[("J1", -12.5, 1), Row(("J2",), 7)])


def test_a_report_built_by_hand_writes_the_documented_shape():
    report = Report(name="R", elements=[TABLE, Paragraph(data={"text": [{"value": "done"}]}), Section(caption="S")])
    assert json.loads(report.to_json()) == {
        "name": "R",
        "elements": [
            {
                "type": "table",
                "caption": "Anomalies",
                "data": {
                    "columns": [{"caption": "Asset"}, {"caption": "Depth"}, {"caption": "Depth"}],
                    "rows": [
                        {"cells": [{"value": "J1"}, {"value": -12.5}, {"value": 1}]},
                        {"sourceKey": 7, "cells": [{"value": "J2"}]},
                    ],
                },
            },
            {"type": "paragraph", "data": {"text": [{"value": "done"}]}},
            {"type": "section", "caption": "S"},
        ],
    }
    assert report.tables == [TABLE]


def test_columns_have_different_names_even_where_captions_repeat_or_are_missing():
    assert TABLE.names == ["Asset", "Depth", "Depth (2)"]
    assert Table(columns=[Column(), Column(caption=2024)]).names == ["1", "2024"]


def test_names_differ_whatever_the_captions_are_and_no_value_is_lost_in_a_dict():
    table = Table(columns=["A", "A", "A (2)", "6", ""], rows=[(1, 2, 3, 4, 5, 6), (1,)])
    assert len(set(table.names)) == 5
    assert [list(row.values()) for row in table.dicts()] == [[1, 2, 3, 4, 5, 6], [1, None, None, None, None]]
    assert table.to_pandas().iloc[0].tolist() == [1, 2, 3, 4, 5, 6]
    assert [column[0] for column in table.to_arrow().to_pydict().values()] == [1, 2, 3, 4, 5, 6]


def test_a_column_is_found_by_name_or_index():
    assert TABLE.column("Asset") == ["J1", "J2"]
    assert TABLE.column(1) == [-12.5, None]
    with pytest.raises(UsageError, match="no column 'Size'"):
        TABLE.column("Size")


def test_rows_are_walked_as_tuples_or_dicts():
    assert list(TABLE.tuples()) == [("J1", -12.5, 1), ("J2",)]
    assert list(TABLE.dicts()) == [
        {"Asset": "J1", "Depth": -12.5, "Depth (2)": 1},
        {"Asset": "J2", "Depth": None, "Depth (2)": None},
    ]
    assert list(Table(columns=["A"], rows=[(1, 2)]).dicts()) == [{"A": 1, "2": 2}]


def test_a_table_becomes_a_data_frame_and_an_arrow_table():
    frame = TABLE.to_pandas()
    assert list(frame.columns) == TABLE.names
    assert frame["Depth"].tolist()[0] == -12.5
    assert TABLE.to_arrow().to_pydict() == {"Asset": ["J1", "J2"], "Depth": [-12.5, None], "Depth (2)": [1, None]}
    mixed = Table(columns=["A"], rows=[(1,), ("x",), (None,), (10**30,)])
    assert mixed.to_arrow().to_pydict() == {"A": ["1", "x", None, str(10**30)]}


def test_integers_stay_exact_in_a_data_frame():
    beyond = 2**53 + 1
    table = Table(columns=["A", "B", "C"], rows=[(beyond, beyond, 1), (None, 0.5, None), (2, 10**30, 3)])
    frame = table.to_pandas()
    assert frame["A"].tolist() == [beyond, None, 2]
    assert frame["B"].tolist() == [beyond, 0.5, 10**30]
    assert frame["C"].dtype == "float64"


def test_categories_head_the_rows_of_frames_and_notebooks():
    table = Table(columns=["A"], categories=["x", "y"], rows=[(1,), (True,), ([None],)])
    assert table.to_pandas().index.tolist() == ["x", "y", ""]
    assert table.to_arrow().to_pydict() == {"": ["x", "y", None], "A": ["1", "true", "[null]"]}
    assert (
        "<tr><th>x</th><td>1</td></tr><tr><th>y</th><td>true</td></tr><tr><th></th><td>[null]</td>"
        in table._repr_html_()
    )


def test_tables_without_rows_or_columns_become_frames():
    for table, shape in (
        (Table(columns=["A", "B"]), (0, 2)),
        (Table(rows=[]), (0, 0)),
        (Table(rows=[("h", 1)]), (1, 2)),
    ):
        assert table.to_pandas().shape == table.to_arrow().shape == shape


def test_values_of_python_numpy_and_pandas_become_json_values():
    given = [date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), time(3, 4), Decimal("12.10"), UUID(int=1), float("nan"),
             (1, [Decimal("0.0")]), {"a": date(2026, 1, 2)}, numpy.int64(5), numpy.float64(1.5), numpy.bool_(True),
             numpy.array([1, 2]), pandas.NaT, pandas.NA, pandas.Timestamp("2026-01-02 03:04")]  # fmt: skip
    table = Table(columns=[numpy.int64(2024)], rows=[(value,) for value in given])
    assert json.loads(Report(elements=[table]).to_json(), parse_float=str)["elements"][0]["data"] == {
        "columns": [{"caption": 2024}],
        "rows": [
            {"cells": [{"value": value}]}
            for value in (
                "2026-01-02", "2026-01-02T03:04:00", "03:04:00", "12.10", str(UUID(int=1)), None, [1, ["0.0"]],
                {"a": "2026-01-02"}, 5, "1.5", True, [1, 2], None, None, "2026-01-02T03:04:00",
            )
        ],
    }  # fmt: skip
    assert icreport.render(Report(elements=[table]), "csv").startswith(b"2024\r\n2026-01-02\r\n2026-01-02T03:04:00")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Table(columns=["A"], rows=["text"]), "a row is a str"),
        (lambda: Table(columns=["A"], rows=[{"A": 1}]), "a row is a dict"),
        (lambda: Table(columns=["A"], rows=5), "the rows of a table are a int"),
        (lambda: Table(columns="AB", rows=[]), "the columns of a table are a str"),
        (lambda: Table(data={"columns": [], "rows": [{"cells": []}]}), "icreport.read takes documents"),
        (lambda: Report(elements=[{"type": "section"}]), "icreport.read takes documents"),
        (lambda: Table(columns=["A"], rows=[(float("inf"),)]), "inf of type float is not a JSON value"),
        (lambda: Table(columns=["A"], rows=[(b"x",)]), "b'x' of type bytes is not a JSON value"),
        (lambda: Table(columns=["A"], rows=[({1: 2},)]), "of type dict is not a JSON value"),
    ],
)
def test_what_is_no_row_column_or_value_is_told_when_it_is_given(made, said):
    with pytest.raises(UsageError, match=said):
        made()


def test_a_paragraph_by_hand_is_its_text():
    assert json.loads(Report(elements=[Paragraph(text="Done")]).to_json()) == {
        "elements": [{"type": "paragraph", "data": {"text": [{"value": "Done"}]}}]
    }
    assert Paragraph(data={"text": [{"value": True}, {"value": [None]}, {"value": None}]}).text == "true[null]"


def test_a_notebook_shows_values_as_text():
    shown = Report(elements=[Table(caption="<b>", columns=["<i>"], rows=[("<script>",)])])._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_exact_floats_count_as_floats_and_survive_copies():
    number = exact_float("12.10")
    assert isinstance(number, ExactFloat)
    assert number + 1 == 13.1
    assert str(copy.deepcopy(number)) == str(pickle.loads(pickle.dumps(number))) == "12.10"
    assert type(exact_float("12.1")) is float


FRAMES = {"Tag": ["J1", None], "Depth": [-12.5, 3.0], "Count": [1, 2], "On": [date(2026, 1, 2), None]}
ROWS = [("J1", -12.5, 1, "2026-01-02"), (None, 3.0, 2, None)]


@pytest.mark.parametrize(
    "made",
    [
        lambda: Table.from_pandas(pandas.DataFrame(FRAMES, dtype=object), caption="C"),
        lambda: Table.of(pandas.DataFrame(FRAMES, dtype=object), caption="C"),
        lambda: Table.from_polars(polars.DataFrame(FRAMES), caption="C"),
        lambda: Table.of(polars.DataFrame(FRAMES), caption="C"),
        lambda: Table.from_arrow(polars.DataFrame(FRAMES), caption="C"),
        lambda: Table.of(pyarrow.table(FRAMES), caption="C"),
        lambda: Table.from_arrow(pyarrow.RecordBatch.from_pydict(FRAMES), caption="C"),
        lambda: Table.of([dict(zip(FRAMES, row, strict=True)) for row in ROWS], caption="C"),
        lambda: Table.of(dict(zip(FRAMES, row, strict=True)) for row in ROWS).replace(caption="C"),
    ],
    ids=[
        "pandas", "of pandas", "polars", "of polars", "polars as arrow", "of arrow", "batch", "of dicts",
        "a generator",
    ],
)  # fmt: skip
def test_a_table_is_made_of_a_data_frame_of_any_library(made):
    table = made()
    assert (table.caption, table.names, list(table.tuples())) == ("C", list(FRAMES), ROWS)


class Interchanged:
    """A frame of a library that knows nothing but the dataframe interchange protocol."""

    def __init__(self, table):
        self._table = table

    def __dataframe__(self, nan_as_null=False, allow_copy=True):
        return self._table.__dataframe__(nan_as_null, allow_copy)


def test_a_table_is_made_of_a_frame_that_knows_only_the_interchange_protocol():
    frame = Interchanged(pyarrow.table({"Tag": ["J1", None], "Depth": [-12.5, 3.0]}))
    assert list(Table.from_arrow(frame).tuples()) == [("J1", -12.5), (None, 3.0)]


def test_the_index_of_a_data_frame_is_kept():
    frame = pandas.DataFrame({"A": [1, 2]}, index=pandas.Index(["x", "y"]))
    assert [category.head for category in Table.from_pandas(frame).categories] == ["x", "y"]
    named = Table.from_pandas(frame.rename_axis("Tag"))
    assert (named.names, list(named.tuples())) == (["Tag", "A"], [("x", 1), ("y", 2)])
    levels = frame.set_axis(pandas.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["Tag", "No."]))
    assert list(Table.from_pandas(levels).dicts()) == [{"Tag": "x", "No.": 1, "A": 1}, {"Tag": "y", "No.": 2, "A": 2}]
    wide = Table.from_pandas(frame.set_axis(pandas.MultiIndex.from_tuples([("A", "least")]), axis=1))
    assert wide.names == ["A / least"]


@given(some.lists(some.tuples(some.none() | some.integers(-(2**60), 2**60), some.text() | some.none())))
def test_a_table_survives_the_way_through_frames(rows):
    table = Table(columns=["A", "B"], rows=rows)
    for made in (Table.from_pandas(table.to_pandas().astype(object)), Table.of(table.to_pandas().astype(object))):
        assert list(made.tuples()) == rows
    assert list(Table.of(polars.DataFrame(rows, ["A", "B"], orient="row", strict=False)).tuples()) == rows


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            lambda: Table(captoin="x"),
            r"Table has no 'captoin' \(did you mean 'caption'\? known: caption, columns, rows",
        ),
        (lambda: Paragraph(tekst="x"), "Paragraph has no 'tekst' .did you mean 'text'"),
        (lambda: Section(data=1, captoin="x"), "Section has no 'captoin'"),
        (lambda: Report(elements=[], title="x"), "Report has no 'title'"),
        (lambda: TABLE.replace(rwos=[]), "Table has no 'rwos' .did you mean 'rows'"),
        (lambda: Table(caption=5), "Table: caption: input should be a valid string"),
        (lambda: Table(data={}, rows=[]), "a Table has data and rows"),
        (lambda: Paragraph(data={}, text=""), "a Paragraph has data and text"),
        (lambda: Table(columns=["A"], rows=pandas.DataFrame()), "the rows of a table are a DataFrame .Table.of makes"),
        (lambda: Table(columns=["A"], rows=polars.DataFrame()), "the rows of a table are a DataFrame .Table.of makes"),
        (lambda: Report(elements=[pandas.DataFrame()]), "an element is a DataFrame, not an Element .Table.of makes"),
        (lambda: Report(elements=pandas.DataFrame()), "the elements of a report are a DataFrame"),
        (lambda: Report(elements=TABLE), "the elements of a report are a Table"),
        (lambda: Report(elements=None), "the elements of a report are a NoneType"),
        (lambda: Table.of([1]), "a row is a int, not a dict"),
        (lambda: Table.of({"A": [1]}), "a dict is no table"),
        (lambda: Table.from_arrow(pyarrow.array([1])), "a Int64Array is no Arrow table"),
        (lambda: setattr(TABLE, "caption", "x"), r"Table does not change \(replace\(caption=…\) returns"),
        (lambda: delattr(TABLE, "caption"), "Table does not change"),
        (lambda: icreport.write("x.json", "out.csv"), "a str is no report .icreport.read makes one"),
        (lambda: icreport.render(pandas.DataFrame(), "csv"), "a DataFrame is no report"),
    ],
)
def test_what_is_wrong_in_a_program_is_one_line_that_says_what_to_do(made, said):
    with pytest.raises(UsageError, match=said) as caught:
        made()
    assert "\n" not in str(caught.value)


def test_a_replaced_report_has_the_changes_and_all_the_rest():
    document = {"x": 1, "elements": [{"caption": "C", "type": "table", "y": 2, "data": {"rows": [], "z": 3}}]}
    report = icreport.read(document)
    table = report.tables[0].replace(columns=["A"], rows=[(1,)], source_business_object="B")
    changed = report.replace(name="N", elements=[table, Paragraph(text="a").replace(text="b")])
    assert json.loads(changed.to_json()) == {
        "x": 1,
        "elements": [
            {
                "caption": "C",
                "type": "table",
                "y": 2,
                "data": {
                    "rows": [{"cells": [{"value": 1}]}],
                    "z": 3,
                    "columns": [{"caption": "A"}],
                    "sourceBusinessObject": "B",
                },
            },
            {"type": "paragraph", "data": {"text": [{"value": "b"}]}},
        ],
        "name": "N",
    }
    assert json.loads(report.to_json()) == document
    assert list(json.loads(changed.to_json())) == ["x", "elements", "name"]


def test_the_repr_of_whatever_is_large_is_a_line():
    table = Table(caption="C" * 1000, columns=["A"], rows=[("x",)] * 1000)
    long = [table, Paragraph(text="t" * 1000), icreport.UnknownElement(type="map", data={"a": ["b" * 99] * 99})]
    for shown in (Report(name="n" * 1000, elements=long), *long):
        assert len(repr(shown)) < 250
        assert "\n" not in repr(shown)
    assert repr(TABLE) == "Table(caption='Anomalies', columns=3, rows=2)"
    assert repr(Report(name="R", elements=[TABLE])) == "Report(name='R', elements=1, tables=1, rows=2)"


def test_a_notebook_shows_numbers_to_the_right_and_how_many_rows_of_how_many():
    shown = Table(columns=["A", "N"], rows=[("x", 1.5)] * 1234)._repr_html_()
    assert "<th>A</th>" in shown
    assert '<th class="number">N</th>' in shown
    assert '<td>x</td><td class="number">1.5</td>' in shown
    assert shown.count("<tr><td>") == 20
    assert shown.endswith("<p>20 of 1,234 rows</p>")
    assert Table(rows=[("h", 1)])._repr_html_().endswith("<p>1 row</p>")


def test_a_batch_has_columns_only_where_its_rows_have_one_width():
    assert Batch([Row((1, "a")), Row((2, None))]).columns == [[1, 2], ["a", None]]
    assert Batch([]).columns == [] == Batch([Row(())]).columns
    for ragged in ([(1, 2), (3,)], [(1, 2, 3), (4, 5), (6, 7, 8, 9)]):
        with pytest.raises(ValueError, match="several widths"):
            list(Batch(list(map(Row, ragged))).columns)
