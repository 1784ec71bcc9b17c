"""JSON Lines: read back by DuckDB, pandas and Python's own reader."""

import json

import duckdb
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icreport
from icreport.errors import RenderError
from icreport.model.elements import Table


def lines(table, **options):
    data = icreport.render(icreport.Report(elements=[table]), "jsonl", **options)
    return data, [json.loads(line) for line in data.splitlines()]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(json_values, json_values), max_size=5))
def test_every_value_comes_back(rows):
    _, found = lines(Table(columns=["A", "A"], rows=rows))
    assert found == [{"A": one, "A 2": two} for one, two in rows]


def test_numbers_keep_every_digit():
    text = '{"elements": [{"type": "table", "data": {"rows": [{"cells": [{"value": 12.10}, {"value": 1e400}]}]}}]}'
    assert icreport.render(icreport.read(text), "jsonl") == b'{"column 1":12.10,"column 2":1e400}\n'


def test_duckdb_and_pandas_read_it(tmp_path):
    for name in ("out.jsonl", "out.ndjson", "out.jsonl.gz"):
        rows = [("00123", 12.5, None, "Åsgard\n報告"), ("-", 1, True, "=1+1")]
        table = Table(columns=["Tag", "Depth", "Open", "Remarks"], rows=rows)
        icreport.write(icreport.Report(elements=[table]), tmp_path / name)
        read = duckdb.sql(f"select * from read_json('{tmp_path / name}', format='newline_delimited')")
        assert read.fetchall() == rows
        frame = pandas.read_json(tmp_path / name, lines=True, dtype=False)
        assert frame["Remarks"].tolist() == ["Åsgard\n報告", "=1+1"]


def test_the_key_of_a_record_is_there_when_asked_for():
    document = {"elements": [{"type": "table", "data": {"rows": [{"sourceKey": 7, "cells": [{"value": 1}]}]}}]}
    assert icreport.render(icreport.read(document), "jsonl", source_keys=True) == b'{"sourceKey":7,"column 2":1}\n'


def test_halves_of_surrogate_pairs_are_replaced_and_counted(tmp_path):
    table = Table(columns=["A\ud800"], rows=[("\udfff",), ([{"\ud800": "x\ud800"}],), ("whole",)])
    result = icreport.write(icreport.Report(elements=[table]), tmp_path / "out.jsonl")
    assert [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()] == [
        {"A?": "\ufffd"},
        {"A?": [{"\ufffd": "x\ufffd"}]},
        {"A?": "whole"},
    ]
    assert [(warning.code, warning.count) for warning in result.warnings] == [("lone-surrogate", 3)]


def test_several_tables_are_a_file_each_or_one_of_them(tmp_path):
    tables = [Table(caption=caption, columns=["A"], rows=[(caption,)]) for caption in ("One", "Two")]
    report = icreport.Report(elements=tables)
    with pytest.raises(RenderError, match="one table"):
        icreport.write(report, tmp_path / "out.jsonl")
    icreport.write(report, tmp_path / "out.jsonl", table="Two")
    assert (tmp_path / "out.jsonl").read_text() == '{"A":"Two"}\n'
    icreport.write(report, f"{tmp_path}/out/", "jsonl")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["01-one.jsonl", "02-two.jsonl"]


def test_columns_that_differ_by_no_text_alone_are_both_there():
    _, found = lines(Table(columns=["A\ud800", "A\udfff", "A? 2"], rows=[(1, 2, 3)]))
    assert found == [{"A?": 1, "A? 3": 2, "A? 2": 3}]
