import copy
import json
import pickle
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

import numpy
import pandas
import pytest

import icreport
from icreport.errors import UsageError
from icreport.model.elements import Column, Paragraph, Section, Table
from icreport.model.report import Report
from icreport.model.rows import Row
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
