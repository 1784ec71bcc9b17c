"""A command on a small report, from start to exit, beside its like by hand: `python benchmarks/cold_starts.py`.

Processes take turns; the seconds are those of the wall. The PDF stands beside WeasyPrint on the same page and style
sheet, which are on disk; CSV and HTML beside json and csv of the standard library, and an empty Python.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pdf_small import SAMPLE, page_of

RUNS = 9

WEASYPRINT = """
import sys, weasyprint
page, css, target = sys.argv[1:]
weasyprint.HTML(filename=page).write_pdf(target, stylesheets=[css], pdf_variant="pdf/ua-1")
"""
JSON_AND_CSV = """
import csv, json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
table = next(element for element in report["elements"] if element["type"] == "table")["data"]
with open(sys.argv[2], "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(column["caption"] for column in table["columns"])
    writer.writerows([cell["value"] for cell in row["cells"]] for row in table["rows"])
"""


def commands(folder):
    page, css = page_of(SAMPLE)
    Path(folder, "page.html").write_text(page, "utf-8")
    Path(folder, "page.css").write_text(css, "utf-8")
    python, sample = sys.executable, str(SAMPLE)
    ours = [python, "-m", "icreport", "convert", sample, "-o"]
    return {
        "empty Python": [python, "-c", "pass"],
        "json and csv": [python, "-c", JSON_AND_CSV, sample, f"{folder}/plain.csv"],
        "icreport --version": [python, "-m", "icreport", "--version"],
        "icreport to csv": [*ours, f"{folder}/out.csv"],
        "icreport to html": [*ours, f"{folder}/out.html"],
        "icreport to xlsx": [*ours, f"{folder}/out.xlsx"],
        "WeasyPrint": [python, "-c", WEASYPRINT, f"{folder}/page.html", f"{folder}/page.css", f"{folder}/plain.pdf"],
        "icreport to pdf": [*ours, f"{folder}/out.pdf"],
    }


def main():
    # As an installed program has them; the first turn, which is not counted, writes those that are missing.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        contenders = commands(folder)
        found = {name: [] for name in contenders}
        for turn in range(RUNS + 1):
            for name, command in contenders.items():
                start = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True, env=environment)
                if turn:
                    found[name].append(time.perf_counter() - start)
    median = {name: statistics.median(seconds) for name, seconds in found.items()}
    print("| command | ms | to empty Python | to WeasyPrint |")
    print("| --- | ---: | ---: | ---: |")
    for name, seconds in median.items():
        ratios = " | ".join(f"{seconds / median[base]:.2f}" for base in ("empty Python", "WeasyPrint"))
        print(f"| {name} | {seconds * 1000:.0f} | {ratios} |")


if __name__ == "__main__":
    main()
