"""The PDF of a report of many small elements beside plain calls of WeasyPrint: `python benchmarks/pdf_documents.py`.

A pair is a table of one row and a paragraph; the mix is of tables of 3 to 40 rows with statuses and remarks. The plain
calls get our own page, or a bare one of the same elements. Once each from 1,000 on, else three times; all have
WeasyPrint imported, and ours reads the report within its time. Numbers of pairs can be given, then there is no mix.
"""

import json
import random
import sys
import tempfile
from pathlib import Path

import measure
from pdf_small import page_of

PAIRS = (200, 2000)
MIX = 200
REMARK = "Wear at the lower edge, to be looked at again after the winter"


def table(caption, rows):
    columns = [{"caption": name} for name in ("No.", "Status", "Remark")]
    cells = [{"sourceKey": at, "cells": [{"value": value} for value in row]} for at, row in enumerate(rows)]
    return {"type": "table", "caption": caption, "data": {"columns": columns, "rows": cells}}


def elements(kind, count):
    """Yield the elements of a report, the same ones each time."""
    chance = random.Random(1)
    statuses = ["Open", "Closed", "Critical", None]
    for n in range(count):
        rows = 1 if kind == "pairs" else chance.randint(3, 40)
        words = [REMARK.split()[: chance.randint(0, 13)] for _ in range(rows)]
        yield table(f"Anode {n}", [(at, chance.choice(statuses), " ".join(text)) for at, text in enumerate(words)])
        if kind == "pairs":
            text = "Seen in calm water; nothing else to report."
            yield {"type": "paragraph", "caption": f"Note {n}", "data": {"text": [{"value": text}]}}


def bare_page(report):
    """Return the least HTML that shows the same."""
    parts = []
    for element in report["elements"]:
        parts.append(f"<h2>{element['caption']}</h2>")
        if element["type"] == "paragraph":
            parts.append(f"<p>{element['data']['text'][0]['value']}</p>")
            continue
        rows = [[cell["value"] or "" for cell in row["cells"]] for row in element["data"]["rows"]]
        lines = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in rows)
        parts.append(f"<table>{lines}</table>")
    return "<title>R</title>" + "".join(parts)


def make(contender, kind, count):
    """Make the PDF in one of three ways."""
    report = {"name": "R", "elements": list(elements(kind, count))}
    with tempfile.TemporaryDirectory() as folder:
        path, target = Path(folder, "r.json"), Path(folder, "out.pdf")
        path.write_text(json.dumps(report))
        if contender == "icreport":
            import weasyprint  # noqa: F401 - before the clock starts

            import icreport

            measure.child(icreport.convert, path, target)
            return
        from weasyprint import CSS, HTML

        page, css = page_of(path) if contender == "WeasyPrint, our page" else (bare_page(report), "")
        html = HTML(string=page, media_type="print")
        measure.child(lambda: html.write_pdf(target, stylesheets=[CSS(string=css)], pdf_variant="pdf/ua-1"))


def main():
    if len(sys.argv) > 1 and not sys.argv[1].isdigit():
        make(sys.argv[1], sys.argv[2], int(sys.argv[3]))
        return
    asked = [int(each) for each in sys.argv[1:]]
    for kind, count in [*(("pairs", count) for count in asked or PAIRS), *([] if asked else [("mix", MIX)])]:
        print(f"\n{kind}: {count:,}")
        contenders = ["WeasyPrint, our page", "icreport", "WeasyPrint, bare page"]
        measure.compare(__file__, contenders, kind, count, runs=1 if count >= 1000 else 3)


if __name__ == "__main__":
    main()
