import io
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
from icreport.cli import main
from icreport.errors import OptionError, RenderError
from icreport.model.elements import Table
from icreport.rendering.grid import grid
from icreport.rendering.inferred_schema import schemas_of
from icreport.warnings import Warnings


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


@given(st.datetimes(), st.text("0123456789", min_size=1, max_size=9))
@settings(max_examples=40)
def test_a_time_of_up_to_nine_digits_is_whole_whatever_its_year(moment, fraction):
    text = f"{moment.replace(microsecond=0).isoformat()}.{fraction}"
    table = icreport.Table(columns=["A"], rows=[(text,)])
    data = icreport.render(icreport.Report(elements=[table]), "parquet")
    column = pyarrow.parquet.read_table(io.BytesIO(data)).column("A")
    if column.type == pyarrow.string():
        # Moments in nanoseconds of 64 bits are those from 1677 to 2262.
        assert fraction[6:].strip("0")
        assert not 1678 <= moment.year <= 2261
        assert column.to_pylist() == [text]
    else:
        since = moment.replace(microsecond=0) - datetime(1970, 1, 1)
        expected = (since.days * 86_400 + since.seconds) * 10**9 + int(fraction.ljust(9, "0"))
        unit = {"timestamp[us]": 1000, "timestamp[ns]": 1}[str(column.type)]
        assert column.cast(pyarrow.int64()).to_pylist() == [expected // unit]
        assert expected % unit == 0


@pytest.mark.parametrize("target", ["out.parquet", "out.zip"])
def test_columns_that_are_called_otherwise_are_named_in_a_note(target, tmp_path):
    table = icreport.Table(caption="T", columns=["Depth", "Depth", "Depth 2", ""], rows=[(1, 2, 3, 4)])
    result = icreport.write(icreport.Report(elements=[table]), tmp_path / target, format="parquet")
    (note,) = result.notes
    assert (note.code, note.count, note.place.caption) == ("changed-heads", 2, "T")
    assert note.message.endswith("'Depth' is 'Depth 3', '' is 'column 4'")
    assert not result.warnings


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
        ("mixed-column", True),
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
    assert (told.code, told.loss) == ("mixed-column", True)
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


@pytest.fixture
def schema_of(tmp_path, capsys, monkeypatch):
    def inspected(document):
        source = tmp_path / "inspected.json"
        source.write_text(json.dumps(document))
        monkeypatch.setattr(sys, "argv", ["icreport", "schema", "infer", str(source)])
        with pytest.raises(SystemExit, match="0"):
            main()
        path = tmp_path / "schema.json"
        path.write_text(capsys.readouterr().out)
        return path

    return inspected


NIGHT = {
    "Tag": ["AN-1", "00123"],
    "Depth": [1, 2.5],
    "Found": ["2026-08-16", None],
    "At": ["2026-08-16T10:30:00Z", None],
    "Closed": [True, False],
    "Number": [2**70, 1],
}


@pytest.mark.parametrize(
    "columns",
    [
        {head: [None, None] for head in NIGHT},
        {head: [] for head in NIGHT},
        NIGHT | {"Depth": [1, 2]},
        NIGHT | {"Found": ["2026-08-16", "n/a"], "Tag": [5, None]},
        dict(reversed(NIGHT.items())),
        {"Tag": ["AN-1"], "Remark": ["new"]},
    ],
)
def test_a_schema_that_is_given_stays_the_same_from_night_to_night(columns, schema_of, tmp_path):
    path = schema_of(report(NIGHT))
    first, result = written(report(NIGHT), tmp_path, schema=path)
    assert [warning.code for warning in result.warnings] == []
    assert first.equals(written(report(NIGHT), tmp_path)[0])
    then, _ = written(report(columns), tmp_path, schema=path)
    assert list(then.schema)[: len(NIGHT)] == list(first.schema)


def test_a_schema_is_a_file_or_a_dict_of_what_is_in_it(schema_of, tmp_path):
    package = json.loads(schema_of(report(NIGHT)).read_text())
    wanted, _ = written(report(NIGHT), tmp_path)
    columns = NIGHT | {"Depth": [1, 2]}
    for schema in (package, package["resources"][0]["schema"]):
        assert written(report(columns), tmp_path, schema=schema)[0].schema.equals(wanted.schema)
    source = tmp_path / "tonight.json"
    source.write_text(json.dumps(report(columns)))
    icreport.convert_many([source], tmp_path / "many", formats=["parquet"], workers=1, schema=package)
    assert pyarrow.parquet.read_table(tmp_path / "many/tonight.parquet").schema.equals(wanted.schema)
    for wrong in ({"fields": [{"type": "date"}]}, {"resources": 1}, {}):
        with pytest.raises(OptionError, match="the dict is no Table Schema: "):
            written(report(columns), tmp_path, schema=wrong)


def test_what_does_not_fit_a_schema_is_null_and_told_with_its_place(schema_of, tmp_path):
    path = schema_of(report(NIGHT))
    columns = NIGHT | {"Depth": [1.5, "n/a"], "Found": ["2026-08-16T10:00", "16.08.2026"], "Extra": ["x", "y"]}
    table, result = written(report(columns), tmp_path, schema=path)
    assert table.column_names == [*NIGHT, "Extra"]
    assert table.column("Depth").to_pylist() == [1.5, None]
    assert table.column("Found").to_pylist() == [None, None]
    told = {(warning.place.column, warning.place.row, warning.count, warning.loss) for warning in result.warnings}
    assert told == {("Depth", 2, 1, True), ("Found", 1, 2, True), (None, None, 1, False)}
    with pytest.raises(icreport.LossError, match='row 2, column "Depth"'):
        written(report(columns), tmp_path, schema=path, strict=True)


def test_columns_that_a_schema_lacks_are_kept_or_refused(schema_of, tmp_path):
    path = schema_of(report({"Tag": ["a"]}))
    table, _ = written(report({"New": [1], "Tag": ["a"]}), tmp_path, schema=path)
    assert table.column_names == ["Tag", "New"]
    with pytest.raises(RenderError, match="lacks New"):
        written(report({"New": [1], "Tag": ["a"]}), tmp_path, schema=path, extra_columns="refuse")


def test_a_schema_that_is_none_is_told_before_anything_is_read(tmp_path):
    for text, said in [
        ("{", "is no Table Schema"),
        ('{"fields": [{"name": "A", "type": "geopoint"}]}', "geopoint"),
        ('{"fields": [{"name": "A"}, {"name": "A"}]}', "'A' twice"),
        ("[]", "is no Table Schema"),
    ]:
        path = tmp_path / "schema.json"
        path.write_text(text)
        with pytest.raises(OptionError, match=said):
            icreport.convert("no-such-report.json", tmp_path / "x.parquet", schema=path)
    with pytest.raises(OptionError, match="cannot be read"):
        icreport.convert("no-such-report.json", tmp_path / "x.parquet", schema=tmp_path / "none.json")


def test_a_plain_table_schema_and_one_of_another_table(schema_of, tmp_path):
    path = tmp_path / "plain.json"
    path.write_text('{"fields": [{"name": "Depth", "type": "number"}]}')
    table, _ = written(report({"Depth": [1]}), tmp_path, schema=path)
    assert str(table.schema.field("Depth").type) == "double"
    other = schema_of(report({"Depth": [1]}, caption="Others") | {"name": "other"})
    document = report({"Depth": [1]})
    del document["elements"][0]["data"]["sourceBusinessObject"]
    with pytest.raises(OptionError, match=r"no table 'Anomalies'.*'Others'"):
        written(document, tmp_path, schema=other)


# Two kinds of the same column: whatever comes the second night, the file keeps the first night's types.
_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
    st.sampled_from(["2026-08-16", "2026-08-16T10:30", "2026-08-16T10:30:00.1234567Z", "0001-01-01T00:00", ""]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_VALUES, max_size=4), st.lists(_VALUES, max_size=4))
def test_whatever_comes_keeps_the_types_of_a_schema(tmp_path_factory, first, second):
    folder = tmp_path_factory.mktemp("nights")
    source = Table(caption="T", columns=["A"], rows=[(value,) for value in first])
    path = folder / "schema.json"
    path.write_text(json.dumps(schemas_of(iter([(source, grid(source, 0, Warnings()))]))))
    schemas = []
    for values in (first, second):
        night = Table(caption="T", columns=["A"], rows=[(value,) for value in values])
        result = icreport.write(icreport.Report(elements=[night]), folder / "t.parquet", schema=path)
        table = pyarrow.parquet.read_table(folder / "t.parquet")
        schemas.append(table.schema)
        misfits = sum(warning.count for warning in result.warnings if warning.code == "schema-misfit")
        blank = sum(value is None or value == "" for value in values)
        assert table.column("A").null_count <= misfits + blank
    assert schemas[0] == schemas[1]
