"""Two reports compared, beside pandas.merge, csv-diff and daff. `python benchmarks/comparing.py [ROWS] [SET]`.

Of the new report's rows one in fifty has another value, one in a hundred is new, one in a hundred is gone, and all are
in another order. `read_both` walks over the rows of both. The last two read CSV, in which they know no types.
"""

import csv
import json
import random
import sys
import tempfile
from pathlib import Path

import measure
import synthetic

_SHUFFLED = 50_000  # rows that are put in another order together


def read_both(folder):
    import icreport

    for name in ("old", "new"):
        with icreport.scan(f"{folder}/{name}.json") as report:
            for element in report.elements:
                for _ in element.rows:
                    pass


def icreport_compare(folder):
    import icreport

    with icreport.compare(f"{folder}/old.json", f"{folder}/new.json") as found:
        print(found.added, found.removed, found.changed, file=sys.stderr)


def pandas_merge(folder):
    import pandas

    frames = []
    for name in ("old", "new"):
        with open(f"{folder}/{name}.json", encoding="utf-8") as file:
            data = json.load(file)["elements"][0]["data"]
        names = ["sourceKey", *[column["caption"] for column in data["columns"]]]
        rows = [[row["sourceKey"], *[cell["value"] for cell in row["cells"]]] for row in data["rows"]]
        frames.append(pandas.DataFrame(rows, columns=names))
    both = frames[0].merge(frames[1], on="sourceKey", how="outer", indicator=True, suffixes=("_old", "_new"))
    kept = both[both["_merge"] == "both"]
    differs = False
    for name in names[1:]:
        one, other = kept[f"{name}_old"], kept[f"{name}_new"]
        differs = differs | ((one != other) & ~(one.isna() & other.isna()))
    counts = both["_merge"].value_counts()
    print(counts["right_only"], counts["left_only"], int(differs.sum()), file=sys.stderr)


def csv_diff(folder):
    import csv_diff

    tables = []
    for name in ("old", "new"):
        with open(f"{folder}/{name}.csv", encoding="utf-8", newline="") as file:
            tables.append(csv_diff.load_csv(file, key="sourceKey"))
    found = csv_diff.compare(*tables)
    print(*(len(found[what]) for what in ("added", "removed", "changed")), file=sys.stderr)


def daff_diff(folder):
    import daff

    tables = []
    for name in ("old", "new"):
        with open(f"{folder}/{name}.csv", encoding="utf-8", newline="") as file:
            tables.append(daff.PythonTableView(list(csv.reader(file))))
    flags = daff.CompareFlags()
    flags.addPrimaryKey("sourceKey")
    found = daff.compareTables(*tables, flags)
    daff.TableDiff(found.align(), flags).hilite(daff.PythonTableView([]))


CONTENDERS = {
    "read_both": read_both,
    "icreport_compare": icreport_compare,
    "pandas_merge": pandas_merge,
    "csv_diff": csv_diff,
    "daff": daff_diff,
}


def write_both(rows, folder, kind):
    """Write two reports, and the same as CSV."""
    caption, business_object, columns, values = synthetic.SETS[kind]
    head = {"type": "table", "caption": caption, "data": {"sourceBusinessObject": business_object}}
    head["data"]["columns"] = [{"caption": column} for column in columns]
    start = json.dumps({"name": "Synthetic", "elements": [head]}, ensure_ascii=False)[:-4] + ', "rows": ['
    chance, changes = random.Random(1), random.Random(2)
    with (
        open(f"{folder}/old.json", "w", encoding="utf-8") as old,
        open(f"{folder}/new.json", "w", encoding="utf-8") as new,
        open(f"{folder}/old.csv", "w", encoding="utf-8", newline="") as old_csv,
        open(f"{folder}/new.csv", "w", encoding="utf-8", newline="") as new_csv,
    ):
        tables = [csv.writer(old_csv), csv.writer(new_csv)]
        for file, table in ((old, tables[0]), (new, tables[1])):
            file.write(start)
            table.writerow(["sourceKey", *columns])
        ends = ["", ""]
        for first in range(0, rows, _SHUFFLED):
            before = [synthetic.row(number, chance, values) for number in range(first, min(first + _SHUFFLED, rows))]
            after = []
            for row in before:
                key, cells, change = row["sourceKey"], list(row["cells"]), changes.random()
                if change < 0.01:
                    key += 10**9
                elif change < 0.03:
                    cells[5] = {"value": "Reopened" if kind == "anomalies" else 99.5}
                after.append({"sourceKey": key, "cells": cells})
            changes.shuffle(after)
            for at, (file, listed) in enumerate(((old, before), (new, after))):
                for row in listed:
                    file.write(ends[at] + json.dumps(row, ensure_ascii=False))
                    ends[at] = ","
                    tables[at].writerow([row["sourceKey"], *[cell["value"] for cell in row["cells"]]])
        for file in (old, new):
            file.write("]}}]}")


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] in CONTENDERS:
        __import__("icreport").formats()  # imports are not what is timed
        measure.child(CONTENDERS[sys.argv[1]], sys.argv[2])
    else:
        rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
        kind = sys.argv[2] if len(sys.argv) > 2 else "anomalies"
        # What takes minutes, or holds gigabytes, is left out where there are more.
        names = list(CONTENDERS) if rows <= 20_000 else list(CONTENDERS)[: 3 if rows <= 100_000 else 2]
        with tempfile.TemporaryDirectory() as folder:
            write_both(rows, folder, kind)
            size = sum(Path(folder, f"{name}.json").stat().st_size for name in ("old", "new"))
            print(f"{kind}: two reports of {rows:,} rows, {size / 1e6:.0f} MB of JSON")
            measure.compare(__file__, names, folder, runs=3 if rows <= 100_000 else 1)
