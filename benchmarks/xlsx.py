"""XLSX beside what a user would pick, with the same types: dates as dates, text as text.

`python benchmarks/xlsx.py [ROWS]`: from rows in memory, then from JSON on disk, 10 columns. Needs lxml, xlsxwriter and
rustpy-xlsxwriter, which icreport does not.
"""

import datetime
import json
import sys
import tempfile
from pathlib import Path

import measure
import synthetic

DATES = synthetic.COLUMNS.index("Found")


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    return [tuple(cell["value"] for cell in row["cells"]) for row in document["elements"][0]["data"]["rows"]]


def dated(row):
    return (*row[:DATES], datetime.date.fromisoformat(row[DATES]), *row[DATES + 1 :])


def xlsxwriter_constant_memory(rows, target):
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet()
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, synthetic.COLUMNS)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if column == DATES:
                sheet.write_datetime(number, column, datetime.date.fromisoformat(value), date)
            else:
                sheet.write(number, column, value)
    book.close()


def openpyxl_write_only_lxml(rows, target):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(synthetic.COLUMNS)
    for row in rows:
        sheet.append(dated(row))
    book.save(target)


def rustpy_xlsxwriter(rows, target):
    from rustpy_xlsxwriter import write_worksheet

    write_worksheet([dict(zip(synthetic.COLUMNS, dated(row), strict=True)) for row in rows], target, "Anomalies")


def icreport_rows(rows, target):
    import icreport

    table = icreport.Table(caption="Anomalies", columns=synthetic.COLUMNS, rows=rows)
    icreport.write(icreport.Report(name="Synthetic", elements=[table]), target)


def json_xlsxwriter(path, target):
    xlsxwriter_constant_memory(rows_of(path), target)


def json_icreport(path, target):
    import icreport

    icreport.convert(path, target)


FROM_ROWS = {
    "xlsxwriter_constant_memory": xlsxwriter_constant_memory,
    "openpyxl_write_only_lxml": openpyxl_write_only_lxml,
    "rustpy_xlsxwriter": rustpy_xlsxwriter,
    "icreport_rows": icreport_rows,
}
FROM_JSON = {"json_xlsxwriter": json_xlsxwriter, "json_icreport": json_icreport}


def warm():
    """Imports are not what is timed."""
    import lxml.etree  # noqa: F401

    for contender in (icreport_rows, openpyxl_write_only_lxml, xlsxwriter_constant_memory, rustpy_xlsxwriter):
        with tempfile.TemporaryDirectory() as folder:
            contender([WARM], f"{folder}/warm.xlsx")


WARM = ("A", "B", "C", 1.5, "2026-01-02", True, 2.5, 3, "D", None)

if __name__ == "__main__":
    if len(sys.argv) > 2:
        warm()
        name, path = sys.argv[1:3]
        target = f"{Path(path).parent}/{name}.xlsx"
        measure.child((FROM_ROWS | FROM_JSON)[name], rows_of(path) if name in FROM_ROWS else path, target)
    else:
        rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
        with tempfile.TemporaryDirectory() as folder:
            path = synthetic.write(rows, f"{folder}/report.json")
            for contenders in (FROM_ROWS, FROM_JSON):
                print(f"{rows:,} rows x 10 columns {'in memory' if contenders is FROM_ROWS else 'of JSON on disk'}")
                measure.compare(__file__, contenders, path, runs=3)
                for name in contenders:
                    print(f"{name}: {Path(folder, f'{name}.xlsx').stat().st_size / 1e6:.1f} MB")
