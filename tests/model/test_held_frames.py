"""Data frames that are held to a schema have the same names, order and types every night."""

import json

import polars
import pytest

import icreport
from icreport.errors import LossError, OptionError

NIGHTS = [
    [("A1", 1, 1.5, "2026-01-31", "2026-01-31T10:00:00Z", True)],
    [("A2", 2, 2, "2026-02-01", None, None), ("A3", None, None, None, "2026-02-01T00:00:00Z", False)],
    [(None, None, None, None, None, None)],
    [],
]
NAMES = ["Tag", "Count", "Depth", "Found", "Seen at", "Open"]


def table(rows, names=NAMES):
    return icreport.Table(caption="Register", columns=names, rows=rows)


@pytest.fixture
def schema(tmp_path):
    fields = [
        {"name": "Tag", "type": "string"},
        {"name": "Count", "type": "integer"},
        {"name": "Depth", "type": "number"},
        {"name": "Found", "type": "date"},
        {"name": "Seen at", "type": "datetime", "format": "any", "timezone": "Z"},
        {"name": "Open", "type": "boolean"},
    ]
    path = tmp_path / "schema.json"
    path.write_text(json.dumps({"fields": fields}))
    return path


def test_arrow_and_pandas_have_one_schema_every_night(schema):
    arrow = [table(rows).to_arrow(schema) for rows in NIGHTS]
    assert len({one.schema for one in arrow}) == 1
    assert [str(field.type) for field in arrow[0].schema] == [
        "string", "int64", "double", "date32[day]", "timestamp[us, tz=UTC]", "bool"
    ]  # fmt: skip
    frames = [table(rows).to_pandas(schema) for rows in NIGHTS]
    assert len({tuple(map(str, frame.dtypes)) for frame in frames}) == 1
    assert polars.from_arrow(arrow[1]).rows()[1][:3] == ("A3", None, None)
    for one, frame in zip(arrow, frames, strict=True):
        assert one.num_rows == len(frame)
        assert one["Seen at"].to_pylist() == [None if value != value else value for value in frame["Seen at"]]  # noqa: PLR0124 - NaT


def test_what_does_not_fit_is_null_and_told_with_its_place(schema):
    bad = table([("A1", 1, 1.5, "2026-01-31", None, True), ("A2", "n/a", 2, "soon", None, None)])
    with pytest.warns(UserWarning, match=r'row 2, column "(Count|Found)": values that are no (integer|date)') as told:
        frame = bad.to_pandas(schema)
    assert len(told) == 2
    assert told[0].filename == __file__
    assert frame["Count"].isna().tolist() == [False, True]
    with pytest.raises(LossError, match='row 2, column "Count"'):
        bad.to_arrow(schema, strict=True)


def test_columns_that_differ_are_told(schema):
    other = table([("A1", "x")], ["Tag", "New"])
    with pytest.warns(UserWarning, match="column") as told:
        arrow = other.to_arrow(schema)
    assert arrow.column_names == NAMES
    assert [str(each.message).partition('column "')[2] for each in told] == [
        *[f'{name}": the table has no such column' for name in NAMES[1:]],
        'New": it is left out: the schema lacks it',
    ]


def test_a_file_that_is_no_schema_is_one_line(tmp_path):
    (tmp_path / "schema.json").write_text("[]")
    with pytest.raises(OptionError, match="is no Table Schema"):
        table([]).to_arrow(tmp_path / "schema.json")


def test_what_infer_finds_holds_its_own_tables():
    report = icreport.read("samples/inspection.json")
    from icreport.rendering.grid import grid
    from icreport.rendering.inferred_schema import schemas_of
    from icreport.warnings import Warnings

    found = schemas_of([(one, grid(one, 0, Warnings())) for one in report.tables if one.columns and not one.categories])
    register = next(one for one in report.tables if one.caption == "Anomaly register")
    arrow = register.to_arrow(found, strict=True)
    assert arrow.num_rows == 42
    assert arrow["No."].to_pylist() == register.column("No.")
    assert register.to_pandas(found, strict=True)["Found"].dtype.kind == "M"
