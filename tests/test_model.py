import copy
import json
import pickle

import pytest

from icreport import Column, Paragraph, Report, Row, Section, Table
from icreport.errors import UsageError
from icreport.model import ExactFloat, exact_float

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
