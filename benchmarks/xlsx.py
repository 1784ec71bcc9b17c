"""XLSX of 100,000 rows x 10 columns, from rows in memory or from JSON: `python benchmarks/xlsx.py [ROWS]`.

The others get the same types: numbers, booleans, dates as dates, text as text. Needs openpyxl with lxml, XlsxWriter and
rustpy-xlsxwriter (in Rust; plain sheets without a table, formats of zeros or links).
"""

import datetime
import random
import sys
import tempfile
from pathlib import Path

import measure
import synthetic

DATE = 4


class _Rows:
    """Rows made as they are asked for, so that the memory measured is the writer's."""

    def __init__(self, count):
        self.count = count

    def __iter__(self):
        from icreport.model.rows import Row

        chance = random.Random(1)
        # A row of the pool is one of 5,000: making values is not what is timed.
        pool = [synthetic.row(number, chance) for number in range(5_000)]
        pool = [Row(tuple(cell["value"] for cell in row["cells"]), row["sourceKey"]) for row in pool]
        for number in range(self.count):
            yield pool[number % 5_000]


def icreport_rows(count, target):
    import icreport
    from icreport.model.elements import Table

    class Report:
        name, source = "Synthetic", None
        elements = (
            Table.model_construct(
                type="table",
                caption="Anomalies",
                data=Table(columns=synthetic.COLUMNS, rows=[]).data.model_copy(update={"rows": _Rows(count)}),
            ),
        )

    icreport.write(Report(), target)


def openpyxl_rows(count, target):
    import openpyxl
    from openpyxl.xml import LXML

    assert LXML, "openpyxl is to have lxml"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Anomalies")
    sheet.append(synthetic.COLUMNS)
    for row in _Rows(count):
        values = list(row.values)
        values[DATE] = datetime.date.fromisoformat(values[DATE])
        sheet.append(values)
    book.save(target)


def xlsxwriter_rows(count, target):
    _xlsxwriter((row.values for row in _Rows(count)), target)


def _xlsxwriter(rows, target):
    import xlsxwriter

    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet("Anomalies")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, synthetic.COLUMNS)
    for number, values in enumerate(rows, 1):
        for column, value in enumerate(values):
            if column == DATE:
                sheet.write_datetime(number, column, datetime.date.fromisoformat(value), date)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value)
    book.close()


def rust_rows(count, target):
    import rustpy_xlsxwriter

    rustpy_xlsxwriter.write_worksheet(_records(row.values for row in _Rows(count)), target, "Anomalies")


def _records(rows):
    for row in rows:
        values = list(row)
        values[DATE] = datetime.date.fromisoformat(values[DATE])
        yield dict(zip(synthetic.COLUMNS, values, strict=True))


def icreport_json(path, target):
    import icreport

    icreport.convert(path, target)


def json_xlsxwriter(path, target):
    import json

    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    rows = report["elements"][0]["data"]["rows"]
    _xlsxwriter(([cell["value"] for cell in row["cells"]] for row in rows), target)


FROM_ROWS = {
    "xlsxwriter_rows": xlsxwriter_rows,
    "openpyxl_rows": openpyxl_rows,
    "rust_rows": rust_rows,
    "icreport_rows": icreport_rows,
}
FROM_JSON = {"json_xlsxwriter": json_xlsxwriter, "icreport_json": icreport_json}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        __import__("icreport").convert  # imports are not what is timed  # noqa: B018
        kind, source, target = sys.argv[1:]
        __import__("openpyxl"), __import__("icreport.rendering.xlsx.sheets")
        if "xlsxwriter" in kind:
            __import__("xlsxwriter")
        elif "rust" in kind:
            __import__("rustpy_xlsxwriter")
        __import__("icreport").formats()
        measure.child((FROM_ROWS | FROM_JSON)[kind], int(source) if kind in FROM_ROWS else source, target)
    else:
        rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
        with tempfile.TemporaryDirectory() as folder:
            path = synthetic.write(rows, f"{folder}/report.json")
            print(f"{rows:,} rows x 10 columns, {Path(path).stat().st_size / 1e6:.0f} MB of JSON")
            measure.compare(__file__, FROM_ROWS, rows, f"{folder}/out.xlsx", runs=3)
            measure.compare(__file__, FROM_JSON, path, f"{folder}/out.xlsx", runs=3)
