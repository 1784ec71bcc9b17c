"""Peak memory of a scan and of JSON → CSV at 1,000,000 rows (300 MB). `python benchmarks/memory.py [ROWS]`."""

import sys
import tempfile
from pathlib import Path

import measure
import synthetic

from reading import icreport_scan


def icreport_csv(path):
    import icreport

    icreport.convert(path, str(Path(path).with_suffix(".csv")))


CONTENDERS = {"icreport_scan": icreport_scan, "icreport_csv": icreport_csv}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure.child(CONTENDERS[sys.argv[1]], sys.argv[2])
    else:
        rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
        with tempfile.TemporaryDirectory() as folder:
            path = synthetic.write(rows, f"{folder}/report.json")
            print(f"{rows:,} rows x 10 columns, {Path(path).stat().st_size / 1e6:.0f} MB of JSON")
            measure.compare(__file__, CONTENDERS, path, runs=3)
