"""Tables that are held to a schema, in every format that takes one."""

import csv
import io
import json
import zipfile

import duckdb
import openpyxl
import pyarrow.parquet
import pytest

import icreport
from commands import run

FORMATS = ["parquet", "zip", "xlsx"]
NIGHTS = [
    {"Tag": ["AN-1", "00123"], "Depth": [1, 2], "Found": ["2026-08-16", None]},
    {"Tag": ["AN-2"], "Depth": [1.5], "Found": ["2026-08-17"]},
    {"Tag": ["AN-3"], "Depth": [None], "Found": [None]},
    {"Found": ["2026-08-18"], "Tag": [7], "Depth": [3]},
    {"Tag": [], "Depth": [], "Found": []},
]


def report(columns, **fields):
    rows = [
        {"sourceKey": at, "cells": [{"value": value} for value in row]}
        for at, row in enumerate(zip(*columns.values(), strict=True))
    ]
    data = {"columns": [{"caption": name} for name in columns], "rows": rows, "sourceBusinessObject": "Anomaly"}
    return {"elements": [{"type": "table", "caption": "Anomalies", "data": data | fields}]}


def command(*words):
    done = run(*words)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """The schema of the first three nights, as the command line finds it."""
    folder = tmp_path_factory.mktemp("nights")
    for number, night in enumerate(NIGHTS[:3]):
        (folder / f"{number}.json").write_text(json.dumps(report(night)))
    status, said, _ = command("schema", "infer", *sorted(folder.glob("*.json")))
    assert status == 0
    path = folder / "schema.json"
    path.write_text(said)
    return path


def rows_of(path):
    """The header and rows of a document, read by a library that is not ours."""
    if path.suffix == ".parquet":
        table = pyarrow.parquet.read_table(path)
        return table.column_names, [list(row.values()) for row in table.to_pylist()]
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith(".csv")]
            head, *rows = csv.reader(io.StringIO(archive.read(name).decode()))
        return head, rows
    sheet = openpyxl.load_workbook(path)["Anomalies"]
    (table,) = sheet.tables.values()
    head, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    return head, rows


def test_a_schema_is_inferred_from_several_nights(schema):
    (resource,) = json.loads(schema.read_text())["resources"]
    assert (resource["title"], resource["sourceBusinessObject"]) == ("Anomalies", "Anomaly")
    types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    assert types == {"Tag": "string", "Depth": "number", "Found": "date"}


def test_five_nights_end_in_one_schema_of_parquet(schema, tmp_path):
    found = set()
    for number, night in enumerate(NIGHTS):
        target = tmp_path / f"{number}.parquet"
        icreport.convert(report(night), target, schema=schema, strict=True)
        found.add(str(pyarrow.parquet.read_schema(target).remove_metadata()))
    assert len(found) == 1
    read = duckdb.sql(f"select Tag, Depth, Found::text from read_parquet('{tmp_path}/*.parquet') order by Tag")
    assert read.fetchall() == [
        ("00123", 2.0, None), ("7", 3.0, "2026-08-18"), ("AN-1", 1.0, "2026-08-16"), ("AN-2", 1.5, "2026-08-17"),
        ("AN-3", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
def test_columns_stand_in_the_order_of_the_schema(suffix, schema, tmp_path):
    target = tmp_path / f"out.{suffix}"
    result = icreport.convert(report(NIGHTS[3]), target, schema=schema, strict=True)
    assert not result.warnings
    head, ((tag, *_),) = rows_of(target)
    assert (head, tag) == (["Tag", "Depth", "Found"], "7")


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_does_not_fit_is_null_and_a_loss_that_names_row_and_column(suffix, schema, tmp_path):
    night = {"Tag": ["a", "b", "c"], "Depth": [1, "deep", "x"], "Found": ["n/a", "2026-01-02", "2026-01-03T10:00"]}
    target = tmp_path / f"out.{suffix}"
    result = icreport.convert(report(night), target, schema=schema)
    told = {told.place.column: (told.code, told.place.row, told.count, told.loss) for told in result.warnings}
    assert told == {"Depth": ("schema-misfit", 2, 2, True), "Found": ("schema-misfit", 1, 2, True)}
    _, rows = rows_of(target)
    assert [[value in {None, ""} for value in row] for row in rows] == [
        [False, False, True], [False, True, False], [False, True, True],
    ]  # fmt: skip
    with pytest.raises(icreport.LossError, match=r'row \d, column "(Depth|Found)": values that are no'):
        icreport.convert(report(night), target, schema=schema, strict=True)


@pytest.mark.parametrize("suffix", FORMATS)
def test_columns_that_the_schema_lacks_come_last_or_are_refused(suffix, schema, tmp_path):
    night = {"New": [5], "Tag": ["a"], "Depth": [1], "Found": [None]}
    target = tmp_path / f"out.{suffix}"
    (told,) = icreport.convert(report(night), target, schema=schema, strict=True).warnings
    assert (told.code, told.loss) == ("schema-misfit", False)
    assert rows_of(target)[0] == ["Tag", "Depth", "Found", "New"]
    with pytest.raises(icreport.RenderError, match="the schema lacks New"):
        icreport.convert(report(night), target, schema=schema, extra_columns="refuse")


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_column_that_the_table_lacks_is_null_and_a_loss(suffix, schema, tmp_path):
    target = tmp_path / f"out.{suffix}"
    (told,) = icreport.convert(report({"Tag": ["a"], "Depth": [1]}), target, schema=schema).warnings
    assert (told.code, told.loss, told.message[-5:]) == ("schema-misfit", True, "Found")
    head, ((_, _, found),) = rows_of(target)
    assert head == ["Tag", "Depth", "Found"]
    assert found in {None, ""}


def test_a_data_package_has_the_types_of_the_schema(schema, tmp_path):
    target = tmp_path / "out.zip"
    icreport.convert(report(NIGHTS[2]), target, schema=schema)
    with zipfile.ZipFile(target) as archive:
        (resource,) = json.loads(archive.read("datapackage.json"))["resources"]
    assert [field.get("type", "string") for field in resource["schema"]["fields"]] == ["string", "number", "date"]


def test_the_keys_of_records_stand_beside_a_schema(schema, tmp_path):
    for suffix in FORMATS:
        icreport.convert(report(NIGHTS[0]), tmp_path / f"out.{suffix}", schema=schema, source_keys=True)
        head, rows = rows_of(tmp_path / f"out.{suffix}")
        assert "sourceKey" in head
        assert {len(row) for row in rows} == {4}


def test_a_schema_holds_for_a_command_and_a_batch(schema, tmp_path):
    source = tmp_path / "night.json"
    source.write_text(json.dumps(report({"Tag": ["a"], "Depth": ["deep"], "Found": [None]})))
    target = tmp_path / "out.parquet"
    assert command("convert", source, "-o", target, "--schema", schema)[0] == 0
    status, _, said = command("convert", source, "-o", target, "--schema", schema, "--strict")
    assert (status, 'column "Depth"' in said) == (1, True)
    batch = ("batch", source, "-d", tmp_path / "out", "-t", "xlsx,html", "--schema", schema)
    assert command(*batch)[0] == 0
    assert command("schema", "infer")[0] == command("schema", "report", source)[0] == 2
    assert command("convert", source, "-o", tmp_path / "out.pdf", "--schema", schema)[0] == 2
