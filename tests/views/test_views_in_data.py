"""Views in CSV, Parquet and JSON Lines: columns, rows and order; groups are a column, totals only where asked for."""

import csv
import io
import json
import re
import subprocess
from datetime import date

import duckdb
import html5lib
import pytest
from openpyxl import load_workbook
from pyarrow import parquet

import icreport
from viewing import T, document, table

VIEW = {
    "table": [
        {
            "match": "T",
            "columns": ["N", "Status"],
            "group_by": "G",
            "sort": "-N",
            "column": {"N": {"total": "sum", "unit": "mm"}},
        }
    ]
}


def rendered(kind, source=T, view=VIEW, **options):
    return icreport.render(icreport.read(source), kind, view=view, **options)


def test_groups_are_a_column_and_there_are_no_totals():
    rows = list(csv.reader(io.StringIO(rendered("csv").decode())))
    assert rows == [
        ["G", "N (mm)", "Status"], ["a", "10", "Closed"], ["a", "1.5", "Open"], ["b", "2", "Open"], ["b", "", "Open"],
    ]  # fmt: skip
    found = parquet.read_table(io.BytesIO(rendered("parquet"))).to_pydict()
    assert found == {"G": list("aabb"), "N (mm)": [10, 1.5, 2, None], "Status": ["Closed", "Open", "Open", "Open"]}
    lines = [json.loads(line) for line in rendered("jsonl").splitlines()]
    assert [line["N (mm)"] for line in lines] == [10, 1.5, 2, None]


def test_totals_are_rows_where_they_are_asked_for():
    rows = list(csv.reader(io.StringIO(rendered("csv", totals=True).decode())))
    assert rows[3] == ["a", "11.5", "Subtotal"]
    assert rows[6:] == [["b", "2", "Subtotal"], ["Total", "13.5", ""]]
    found = parquet.read_table(io.BytesIO(rendered("parquet", totals=True))).to_pydict()
    assert found["N (mm)"] == [10, 1.5, 11.5, 2, None, 2, 13.5]
    assert found["G"] == ["a", "a", "a", "b", "b", "b", None]


def test_totals_that_a_document_has_as_rows_are_no_data_unless_asked_for():
    source = document(table([(1,), (2,)], ["A"]))
    source["elements"][0]["data"]["rows"].append({"cells": [{"value": 3}], "icreport": {"kind": "total"}})
    result = icreport.convert(source, target := io.BytesIO(), format="csv")
    assert target.getvalue() == b"A\r\n1\r\n2\r\n"
    assert [note.count for note in result.notes if note.code == "left-out"] == [1]
    assert rendered("csv", source, {}, totals=True) == b"A\r\n1\r\n2\r\n3\r\n"


def test_a_type_that_is_pinned_is_that_of_the_file():
    rows = [(1, "007", "2026-01-02", 1), (2, "12", "n/a", 2)]
    source = document(table(rows, ["A", "B", "C", "D"]))
    column = {"A": {"type": "text"}, "C": {"type": "date"}, "D": {"type": "decimal"}}
    result = icreport.convert(
        source, target := io.BytesIO(), format="parquet", view={"table": [{"match": "T", "column": column}]}
    )
    schema = parquet.read_schema(io.BytesIO(target.getvalue()))
    assert [str(field.type) for field in schema] == ["string", "string", "date32[day]", "double"]
    told = {(warning.code, warning.count, warning.loss) for warning in result.warnings}
    assert told == {("schema-misfit", 1, True), ("other-type", 1, False)}


@pytest.mark.parametrize("total", ["sum", "min", "max", "count"])
def test_totals_are_those_of_a_database(total, tmp_path):
    rows = [(at % 7, at % 3, at * 1.5 - 40 if at % 5 else None) for at in range(500)]
    view = {"table": [{"match": "T", "group_by": ["G", "H"], "column": {"V": {"total": total}}}]}
    data = rendered("parquet", document(table(rows, ["G", "H", "V"])), view)
    (tmp_path / "data.parquet").write_bytes(data)
    function = f"{total}(V)"
    by_two = duckdb.sql(
        f"select G, H, {function} from '{tmp_path}/data.parquet' group by G, H order by G, H"
    ).fetchall()
    lines = rendered("jsonl", document(table(rows, ["G", "H", "V"])), view, totals=True).splitlines()
    plain = rendered("jsonl", document(table(rows, ["G", "H", "V"])), view).splitlines()
    added = [json.loads(line) for line in lines]
    assert len(lines) == len(plain) + 21 + 7 + 1
    found = []
    for at, line in enumerate(added):
        # The subtotals of the innermost groups: after the last row of each.
        if line["H"] is not None and (
            at + 1 == len(added) or added[at + 1]["H"] is None or added[at + 1]["H"] != line["H"]
        ):
            found.append((line["G"], line["H"], line["V"]))
    assert found == by_two


def cells_of(made, kind):
    """The first sheet or table as rows of texts."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(made.decode())))
    if kind == "xlsx":
        rows = load_workbook(io.BytesIO(made)).active.iter_rows(values_only=True)
        return [["" if value is None else str(value) for value in row] for row in rows]
    if kind == "html":
        rows = html5lib.parse(made.decode(), namespaceHTMLElements=False).iter("tr")
        return [["".join(cell.itertext()) for cell in row] for row in rows]
    words = subprocess.run(["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True).stdout
    return [re.split(r"\s{2,}", line.strip()) for line in words.decode().splitlines()]


@pytest.mark.parametrize("kind", ["html", "pdf", "xlsx", "csv"])
@pytest.mark.parametrize(
    ("totals", "named"),
    [(["min", "min"], " (min)"), (["sum", "sum"], ""), (["min", "max"], ""), (["count", None], " (count)")],
)
def test_totals_of_one_kind_that_are_no_sums_say_of_which(kind, totals, named):
    source = document(table([("a", "x", 1, 5), ("a", "y", 2, 6), ("b", "z", 3, 7)], ["G", "Tag", "N", "M"]))
    said = {name: {"total": total} for name, total in zip("NM", totals, strict=True) if total}
    view = {"table": [{"match": "T", "group_by": "G", "column": said}]}
    made = rendered(kind, source, view, **({"totals": True} if kind == "csv" else {}))
    labels = [cell for row in cells_of(made, kind) for cell in row if "otal" in cell]
    assert labels == [f"Subtotal{named}"] * 2 + [f"Total{named}"]


@pytest.mark.parametrize("kind", ["html", "pdf", "csv"])
@pytest.mark.parametrize("rows", [2, 3000])
def test_totals_of_all_columns_have_their_label_before_the_first(kind, rows):
    source = document(table([(-1.5, 2)] * rows, ["N", "M"]))
    view = {"table": [{"match": "T", "column": {"N": {"total": "max"}, "M": {"total": "max"}}}]}
    made = rendered(kind, source, view, **({"totals": True} if kind == "csv" else {}))
    assert [row for row in cells_of(made, kind) if "Total" in row[0]] == [["Total (max): -1.5", "2"]]


def test_texts_that_are_numbers_are_numbers_in_columns_that_are_pinned_to_them():
    source = document(table([("5", "0.5", " "), (6, " ", "2026-01-02"), ("x", 1, None)], ["A", "B", "C"]))
    column = {"A": {"type": "integer"}, "B": {"type": "decimal"}, "C": {"type": "date"}}
    view = {"table": [{"match": "T", "column": column}]}
    result = icreport.convert(source, target := io.BytesIO(), format="parquet", view=view)
    found = parquet.read_table(io.BytesIO(target.getvalue()))
    assert [str(field.type) for field in found.schema] == ["int64", "double", "date32[day]"]
    assert found["A"].to_pylist() == [5, 6, None]
    assert found["B"].to_pylist() == [0.5, None, 1.0]
    assert found["C"].to_pylist() == [None, date(2026, 1, 2), None]
    assert sorted((one.code, one.count) for one in result.warnings) == [("other-type", 1), ("schema-misfit", 1)]


def test_times_in_a_column_of_times_are_kept_whatever_stands_before_them():
    rows = [("n/a",), ("2026-08-14T06:29Z",), ("2026-08-14T06:29+02:00",)]
    view = {"table": [{"match": "T", "column": {"A": {"type": "datetime"}}}]}
    found = parquet.read_table(io.BytesIO(rendered("parquet", document(table(rows, ["A"])), view)))
    assert [str(value) for value in found["A"].to_pylist()] == [
        "None",
        "2026-08-14 06:29:00+00:00",
        "2026-08-14 04:29:00+00:00",
    ]
