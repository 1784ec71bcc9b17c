"""A view beside pandas and Polars: read JSON, filter, sort, group, write XLSX. `python benchmarks/views.py [ROWS]`.

`plain` is the conversion without a view; `columns_where_totals` streams; `sorted_grouped` sorts by two columns and
groups by a third. The others read the same JSON, filter, sort by three columns and write one sheet with XlsxWriter.
"""

import json
import sys
import tempfile
from pathlib import Path

import measure
import synthetic

CAPTION = "*"
STREAMED = {
    "table": [
        {
            "match": CAPTION,
            "columns": ["No.", "Tag", "Type", "Status", "Depth (mm)", "Found", "Readings", "Inspector", "Remarks"],
            "where": {"column": "Readings", "at_least": 1},
            "column": {"Depth (mm)": {"total": "max", "mark": {"at_least": 8, "look": "bad"}}},
        }
    ]
}
SORTED = {
    "table": [
        {
            "match": CAPTION,
            "where": {"column": "Status", "not_in": ["Closed"]},
            "sort": ["Status", "-Depth (mm)"],
            "group_by": "Type",
            "column": {"Depth (mm)": {"total": "max"}},
        }
    ]
}
ALL_SORTED = {"table": [SORTED["table"][0] | {"where": []}]}


def _icreport(view):
    def run(path, target):
        import icreport

        icreport.convert(path, target, view=view)

    return run


def _rows(path):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)["elements"][0]["data"]
    names = [column["caption"] for column in data["columns"]]
    return names, [[cell["value"] for cell in row["cells"]] for row in data["rows"]]


def pandas_sorted(path, target):
    import pandas

    names, rows = _rows(path)
    frame = pandas.DataFrame(rows, columns=names)
    frame = frame[frame["Status"] != "Closed"]
    frame = frame.sort_values(["Type", "Status", "Depth (mm)"], ascending=[True, True, False])
    frame.groupby("Type")["Depth (mm)"].max()
    with pandas.ExcelWriter(target, engine="xlsxwriter") as book:
        frame.to_excel(book, index=False)


def polars_sorted(path, target):
    import polars

    names, rows = _rows(path)
    frame = polars.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    frame = frame.filter(polars.col("Status").ne_missing("Closed"))
    frame = frame.sort(["Type", "Status", "Depth (mm)"], descending=[False, False, True], nulls_last=True)
    frame.group_by("Type").agg(polars.col("Depth (mm)").max())
    frame.write_excel(target)


CONTENDERS = {
    "plain": _icreport(None),
    "columns_where_totals": _icreport(STREAMED),
    "sorted_grouped": _icreport(ALL_SORTED),
    "open_sorted_grouped": _icreport(SORTED),
    "open_pandas": pandas_sorted,
    "open_polars": polars_sorted,
}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        name, path, kind = sys.argv[1:4]
        __import__("icreport").formats()  # imports are not what is timed
        measure.child(CONTENDERS[name], path, f"{Path(path).parent}/{name}.{kind}")
    else:
        rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
        with tempfile.TemporaryDirectory() as folder:
            path = synthetic.write(rows, f"{folder}/report.json", kind="anomalies")
            for kind, names in (("xlsx", list(CONTENDERS)), ("csv", list(CONTENDERS)[:3])):
                print(f"\n{kind}: {rows:,} rows of JSON on disk")
                measure.compare(__file__, names, path, kind, runs=3)
