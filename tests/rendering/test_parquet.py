import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import duckdb
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icreport
from icreport.errors import OptionError, RenderError


def report(columns, **more):
    """A report with a table of these columns: heads and their values."""
    rows = [
        {"sourceKey": number, "cells": [{"value": value} for value in row]}
        for number, row in enumerate(zip(*columns.values(), strict=True), 1)
    ]
    data = {"sourceBusinessObject": "Anomaly", "columns": [{"caption": head} for head in columns], "rows": rows}
    return {"name": "R", "elements": [{"type": "table", "caption": "Anomalies", "data": data} | more]}


def written(document, tmp_path, **options):
    path = tmp_path / "out.parquet"
    result = icreport.convert(json.dumps(document), path, **options)
    return pyarrow.parquet.read_table(path), result


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        (["a", None, "00123"], "string", ["a", None, "00123"]),
        ([True, None, False], "bool", [True, None, False]),
        ([1, None, -5], "int64", [1, None, -5]),
        ([10**18, 2**63], "decimal128(38, 0)", [Decimal(10**18), Decimal(2**63)]),
        ([10**40, 1], "string", [str(10**40), "1"]),
        ([1, 2.5, None], "double", [1.0, 2.5, None]),
        ([2**60, 0.5], "string", [str(2**60), "0.5"]),
        (["2026-08-16", None], "date32[day]", [date(2026, 8, 16), None]),
        (["2026-08-16", "n/a"], "string", ["2026-08-16", "n/a"]),
        (["2026-02-30"], "string", ["2026-02-30"]),
        (["2026-08-16T10:30", "2026-08-16 10:30:05.25"], "timestamp[us]",
         [datetime(2026, 8, 16, 10, 30), datetime(2026, 8, 16, 10, 30, 5, 250000)]),
        (["2026-08-16T10:30:00Z"], "timestamp[us, tz=UTC]", [datetime(2026, 8, 16, 10, 30, tzinfo=UTC)]),
        (["2026-08-16T10:30:00+00:00", "2026-08-16T10:30:00Z", ""], "timestamp[us, tz=UTC]",
         [datetime(2026, 8, 16, 10, 30, tzinfo=UTC), datetime(2026, 8, 16, 10, 30, tzinfo=UTC), None]),
        (["2026-08-16T10:30:00+02:00"], "timestamp[us, tz=+02:00]",
         [datetime(2026, 8, 16, 10, 30, tzinfo=timezone(timedelta(hours=2)))]),
        (["2026-08-16T10:30:00+02:00", "2026-08-16T10:30:00Z"], "string",
         ["2026-08-16T10:30:00+02:00", "2026-08-16T10:30:00Z"]),
        (["2026-08-16T10:30:00.1234560"], "timestamp[us]", [datetime(2026, 8, 16, 10, 30, 0, 123456)]),
        (["2026-08-16", ""], "date32[day]", [date(2026, 8, 16), None]),
        (["", ""], "string", ["", ""]),
        (["2026-08-16", "2026-08-16T10:30"], "string", ["2026-08-16", "2026-08-16T10:30"]),
        ([None, None], "string", [None, None]),
        ([True, 1], "string", ["true", "1"]),
        ([1, "1"], "string", ["1", "1"]),
        ([{"a": 1}, [2]], "string", ['{"a":1}', "[2]"]),
    ],
)  # fmt: skip
def test_a_column_gets_the_type_that_holds_all_of_it(values, kind, found, tmp_path):
    table, _ = written(report({"Head": values}), tmp_path)
    assert str(table.schema.field("Head").type) == kind
    assert table.column("Head").to_pylist() == found


def test_a_value_at_the_end_decides_as_well_as_one_at_the_start(tmp_path):
    table, _ = written(report({"Head": [1] * 5000 + ["n/a"]}), tmp_path)
    assert table.column("Head").to_pylist() == ["1"] * 5000 + ["n/a"]


def test_mixed_columns_and_rounded_numbers_are_told(tmp_path):
    document = json.dumps(report({"Mixed": [1, "n/a"], "Long": [0.5, "LONG"]})).replace(
        '"LONG"', "0.12345678901234567890"
    )
    path = tmp_path / "out.parquet"
    result = icreport.convert(document, path)
    assert {(warning.code, warning.loss) for warning in result.warnings} == {
        ("mixed-column", False),
        ("rounded-number", True),
    }
    assert not icreport.convert(json.dumps(report({"Head": ["X"]})).replace('"X"', "12.10"), path).warnings


def test_duckdb_and_pandas_read_it(tmp_path):
    document = report({"Tag": ["007", "=1+1"], "Depth": [1.5, None], "Found": ["2026-08-16", "2026-08-17"]})
    written(document, tmp_path, source_keys=True)
    path = str(tmp_path / "out.parquet")
    rows = duckdb.sql(f"select * from '{path}'").fetchall()
    assert rows == [(1, "007", 1.5, date(2026, 8, 16)), (2, "=1+1", None, date(2026, 8, 17))]
    import pandas

    assert pandas.read_parquet(path)["Tag"].tolist() == ["007", "=1+1"]


def test_the_file_says_what_it_is_of(tmp_path):
    table, _ = written(report({"Head": ["a"]}), tmp_path)
    assert table.schema.metadata[b"caption"] == b"Anomalies"
    assert table.schema.metadata[b"sourceBusinessObject"] == b"Anomaly"


def test_each_column_has_a_name_of_its_own(tmp_path):
    document = report({"Depth": [1]})
    document["elements"][0]["data"]["columns"] = [
        {"caption": "Depth"},
        {"caption": "Depth"},
        {},
        {"caption": "Depth 2"},
    ]
    document["elements"][0]["data"]["rows"] = [{"sourceKey": 1, "cells": [{"value": n} for n in range(4)]}]
    table, _ = written(document, tmp_path)
    assert table.column_names == ["Depth", "Depth 3", "column 3", "Depth 2"]


def test_several_tables_are_a_file_each_or_one_of_them(tmp_path):
    document = report({"Head": ["a"]})
    document["elements"] *= 2
    with pytest.raises(RenderError, match="holds one table"):
        written(document, tmp_path)
    assert not (tmp_path / "out.parquet").exists()
    assert written(document, tmp_path, table="2")[0].num_rows == 1
    icreport.convert(document, f"{tmp_path}/tables/", format="parquet")
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == [
        "01-anomalies.parquet",
        "02-anomalies.parquet",
    ]
    with pytest.raises(OptionError):
        written(document, tmp_path, table="3")


def test_an_empty_table_keeps_its_columns(tmp_path):
    table, _ = written(report({"A": [], "B": []}), tmp_path)
    assert (table.num_rows, table.column_names) == (0, ["A", "B"])


def test_it_says_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['pyarrow'] = None\nimport icreport\n"
        "try: icreport.render(icreport.read('samples/job-content.json'), 'parquet')\n"
        "except icreport.IcreportError as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pip install 'icreport[arrow]'" in said


@settings(max_examples=150)
@given(
    st.lists(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"])) | st.dates().map(str),
        max_size=30,
    )
)  # fmt: skip
def test_every_value_comes_back(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("parquet") / "out.parquet"
    icreport.convert(json.dumps(report({"Head": values})), path)
    column = pyarrow.parquet.read_table(path).column(0)
    for value, found in zip(values, column.to_pylist(), strict=True):
        if isinstance(found, str) and not isinstance(value, str):
            assert found == json.dumps(value) or float(found) == value
        elif isinstance(found, date):
            assert str(found) == value
        elif found is None and value is not None:
            assert (value, str(column.type)) == ("", "date32[day]")
        else:
            assert found == value


def test_halves_of_surrogate_pairs_are_replaced_and_counted(tmp_path):
    table = icreport.Table(caption="T\ud800", columns=["A\udfff"], rows=[("x\ud800é",), ("y",)])
    result = icreport.write(icreport.Report(elements=[table]), tmp_path / "out.parquet")
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pydict() == {"A\ufffd": ["x\ufffdé", "y"]}
    assert [(warning.code, warning.count, warning.loss) for warning in result.warnings] == [("lone-surrogate", 3, True)]


@pytest.mark.parametrize("text", ["2026-08-14T24:00", "2026-08-14T23:59:60", "2026-02-30", "20260814", "2026-W33-5"])
def test_what_is_no_moment_stays_text(text, tmp_path):
    table, _ = written(report({"Head": [text]}), tmp_path)
    assert (str(table.schema.field("Head").type), table.column("Head").to_pylist()) == ("string", [text])


def test_numbers_that_no_float_holds_are_text_and_told(tmp_path):
    path = tmp_path / "out.parquet"
    result = icreport.convert(json.dumps(report({"X": ["LARGE", 2], "Y": [1, 2.5]})).replace('"LARGE"', "1e400"), path)
    table = pyarrow.parquet.read_table(path)
    assert table.to_pydict() == {"X": ["1e400", "2"], "Y": [1.0, 2.5]}
    (told,) = result.warnings
    assert (told.code, told.loss) == ("mixed-column", False)
    assert "larger than any 64-bit float are text: X" in str(told)


def test_names_that_differ_by_case_alone_are_told(tmp_path):
    table, result = written(report({"Depth": [1], "depth": [2], "Tag": [3]}), tmp_path)
    assert table.column_names == ["Depth", "depth", "Tag"]
    assert [(told.code, str(told).endswith("Depth, depth")) for told in result.warnings] == [("similar-names", True)]


def test_names_that_every_engine_takes(tmp_path):
    heads = ["Depth (mm)", "depth_mm", "Ålesund %", "", "2nd", "田中", "No.", "SELECT"]
    table, result = written(report({head: [at] for at, head in enumerate(heads)}), tmp_path, names="snake")
    assert not result.warnings
    assert table.to_pylist() == [{name: at for at, name in enumerate(table.column_names)}]
    assert table.column_names[:3] == ["depth_mm", "depth_mm_2", "alesund"]
    for name in table.column_names:
        assert re.fullmatch("[a-z][a-z0-9_]*", name)
    path = tmp_path / "out.parquet"
    assert duckdb.sql(f"select depth_mm_2, alesund from '{path}'").fetchall() == [(1, 2)]
