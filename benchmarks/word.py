"""DOCX of 10,000 rows x 10 columns, from rows in memory: `python benchmarks/word.py [ROWS]`.

python-docx, which takes long for a cell, writes a twentieth of the rows; icreport writes all, and ten times as many.
"""

import random
import sys
import tempfile

import measure
import synthetic
import xlsx

PART, TIMES = 20, 10


def icreport_rows(count, target):
    xlsx.icreport_rows(count, target)


def icreport_ten_times(count, target):
    xlsx.icreport_rows(TIMES * count, target)


def icreport_markdown(count, target):
    xlsx.icreport_rows(count, target.replace(".docx", ".md"))


def python_docx_twentieth(count, target):
    import docx

    chance = random.Random(1)
    made = [synthetic.row(number, chance)["cells"] for number in range(count // PART)]
    rows = [[cell["value"] for cell in cells] for cells in made]
    document = docx.Document()
    document.add_heading("Synthetic", 0)
    table = document.add_table(1 + len(rows), len(synthetic.COLUMNS))
    cells = iter(table._cells)  # noqa: SLF001 - all at once; row by row takes longer than in proportion
    for values in (synthetic.COLUMNS, *rows):
        for value in values:
            next(cells).text = "" if value is None else str(value)
    document.save(target)


CONTENDERS = {
    "python_docx_twentieth": python_docx_twentieth,
    "icreport_rows": icreport_rows,
    "icreport_ten_times": icreport_ten_times,
    "icreport_markdown": icreport_markdown,
}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        kind, count, target = sys.argv[1:]
        # Imports are not what is timed.
        __import__("docx"), __import__("icreport").formats(), __import__("icreport.rendering.docx.document")
        measure.child(CONTENDERS[kind], int(count), target)
    else:
        rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
        with tempfile.TemporaryDirectory() as folder:
            print(f"{rows:,} rows x 10 columns")
            found = measure.compare(__file__, CONTENDERS, rows, f"{folder}/out.docx", runs=3)
            ratio = found["icreport_rows"]["seconds"] / (PART * found["python_docx_twentieth"]["seconds"])
            print(f"\nBy cells icreport takes {ratio:.4f} of the time of python-docx.")
