"""Reading 100,000 rows of each set of data beside what a user would pick. `python benchmarks/reading.py [ROWS]`."""

import json
import sys
import tempfile
from pathlib import Path

import measure
import synthetic


def icreport_read(path):
    import icreport

    return icreport.read(path)


def icreport_scan(path):
    import icreport

    with icreport.scan(path) as report:
        for element in report.elements:
            for _ in element.rows:
                pass


def json_load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def pydantic_per_cell(path):
    from typing import Any

    from pydantic import BaseModel

    class Cell(BaseModel):
        value: Any

    class Row(BaseModel):
        sourceKey: Any = None
        cells: list[Cell]

    class Column(BaseModel):
        caption: str

    class Data(BaseModel):
        sourceBusinessObject: str | None = None
        columns: list[Column]
        rows: list[Row]

    class Element(BaseModel):
        type: str
        caption: str | None = None
        data: Data

    class Report(BaseModel):
        name: str | None = None
        elements: list[Element]

    return Report.model_validate_json(Path(path).read_bytes())


def ijson_yajl2_c(path):
    import ijson

    with open(path, "rb") as file:
        for _ in ijson.get_backend("yajl2_c").items(file, "elements.item.data.rows.item"):
            pass


def msgspec_whole(path):
    import msgspec

    return msgspec.json.decode(Path(path).read_bytes())


CONTENDERS = {
    "pydantic_per_cell": pydantic_per_cell,
    "json_load": json_load,
    "ijson_yajl2_c": ijson_yajl2_c,
    "msgspec_whole": msgspec_whole,
    "icreport_read": icreport_read,
    "icreport_scan": icreport_scan,
}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        __import__("icreport").read  # imports are not what is timed  # noqa: B018
        __import__("pydantic"), __import__("msgspec"), __import__("ijson").get_backend("yajl2_c")
        measure.child(CONTENDERS[sys.argv[1]], sys.argv[2])
    else:
        rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
        for kind in synthetic.SETS:
            with tempfile.TemporaryDirectory() as folder:
                path = synthetic.write(rows, f"{folder}/report.json", kind=kind)
                print(f"\n{kind}: {rows:,} rows, {Path(path).stat().st_size / 1e6:.0f} MB of JSON")
                measure.compare(__file__, CONTENDERS, path)
