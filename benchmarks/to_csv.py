"""JSON on disk to CSV beside json.load and csv.writer, for each set of data. `python benchmarks/to_csv.py [ROWS]`."""

import csv
import json
import sys
import tempfile
from pathlib import Path

import measure
import synthetic


def json_load_csv_writer(path, target):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    data = document["elements"][0]["data"]
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column["caption"] for column in data["columns"]])
        writer.writerows([cell["value"] for cell in row["cells"]] for row in data["rows"])


def json_icreport(path, target):
    import icreport

    icreport.convert(path, target)


CONTENDERS = {"json_load_csv_writer": json_load_csv_writer, "json_icreport": json_icreport}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        name, path = sys.argv[1:3]
        __import__("icreport").formats()  # imports are not what is timed
        measure.child(CONTENDERS[name], path, f"{Path(path).parent}/{name}.csv")
    else:
        rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
        for kind in synthetic.SETS:
            with tempfile.TemporaryDirectory() as folder:
                path = synthetic.write(rows, f"{folder}/report.json", kind=kind)
                print(f"\n{kind}: {rows:,} rows of JSON on disk")
                measure.compare(__file__, CONTENDERS, path, runs=5)
