"""Makes random workbooks and has the Open XML SDK look at each: `python tests/fuzz/workbooks.py [--workbooks N] [--seed N]`.

Reports hold what is hard to write: hostile texts, long ones, numbers and dates at the edges, every kind of table, with and
without each option. Half of them are mutants of the corpus. Prints how many there were; exits 1 if one is not valid, and keeps it.
"""

import argparse
import json
import random
import shutil
import string
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import icreport
from icreport.errors import IcreportError
from icreport.model import Row
from icreport.model.elements import Paragraph, Section
from icreport.values import ExactFloat

sys.path.insert(0, str(Path(__file__).parent))
from mutations import NASTY_TEXT, mutate
from targets import seeds

VALIDATOR = Path(__file__).parents[2] / ".venv/judges/node_modules/.bin/ooxml-validator"
TEXTS = [
    *NASTY_TEXT, "_x0041_", "_x000D_", "a\r\nb", "\x85\u2028", "\ud800", "🙂" * 20_000, "x" * 32_767, "x" * 32_768, "&<>\"'`", "`",
    "History", "Contents", "Cut texts", "R1C1", "TRUE", "Print_Area", "' '", " lead", "trail ", "x" * 300, "2026-08-14",
    "2026-08-14T06:29:00.1234567", "9999-12-31T23:59:59.9999999", "1900-02-29", "0001-01-01", "2026-08-14 06:29", "2026-08-14T06:29Z",
]  # fmt: skip
NUMBERS = [
    0,
    -1,
    10**11,
    -(10**15),
    10**15 - 1,
    10**30,
    0.1,
    -0.0,
    1e-5,
    5e-324,
    1.7976931348623157e308,
    1e15,
    123456789.125,
]
EXACT = ["12.10", "1e400", "1.50E3", "0." + "0" * 40 + "1", "1" * 40, "-0.0000"]


def random_value(chance):
    return chance.choice(
        [
            lambda: None,
            lambda: chance.choice(TEXTS),
            lambda: "".join(chance.choices(string.printable + "æøå漢字🙂\x00\ufffe", k=chance.randint(0, 40))),
            lambda: chance.choice(NUMBERS),
            lambda: chance.uniform(-1e6, 1e6),
            lambda: chance.randint(-(10**6), 10**6),
            lambda: ExactFloat(chance.choice(EXACT)),
            lambda: chance.random() < 0.5,
            lambda: f"{chance.randint(1, 9999):04}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            lambda: {"a": [1, None, chance.choice(TEXTS[:20])]},
        ]
    )()


def random_column(chance, rows):
    """Make the values of a column: of any kinds, or few of them again and again."""
    if chance.random() < 0.5:
        return [random_value(chance) for _ in range(rows)]
    few = [random_value(chance) for _ in range(2)]
    return [chance.choice(few) for _ in range(rows)]


def random_table(chance):
    width, height = chance.choice([0, 1, 2, 3, 5, 30]), chance.choice([0, 1, 2, 5, 20])
    columns = [random_column(chance, height) for _ in range(width)]
    keys = [chance.choice([None, number, chance.choice(TEXTS[:20])]) for number in range(height)]
    rows = [Row(tuple(values), source_key=key) for key, *values in zip(keys, *columns, strict=True)]
    texts = [*TEXTS, "Depth", "depth", "Depth (2)", "Depth 2"]
    more = {"source_business_object": chance.choice([None, "Task", "A&B"])}
    if chance.random() < 0.2:
        more["categories"] = chance.choices(texts, k=height)
    if chance.random() < 0.8:
        more["columns"] = chance.choices(texts, k=width)
    return icreport.Table(caption=chance.choice([None, *texts]), rows=rows, **more)


def random_report(chance):
    """Make a report of a few elements of any kind."""
    kinds = [
        lambda: Paragraph(caption=chance.choice([None, *TEXTS]), data={"text": [{"value": chance.choice(TEXTS)}]}),
        lambda: Section(caption=chance.choice(TEXTS)),
        *[lambda: random_table(chance)] * 4,
    ]
    elements = [chance.choice(kinds)() for _ in range(chance.randint(0, 6))]
    return icreport.Report(name=chance.choice([None, *TEXTS]), elements=elements)


def random_options(chance):
    choices = {
        "source_keys": [True, False],
        "title": ["A & B", False],
        "link": ["https://ic.invalid/{sourceKey}", 'https://ic.invalid/a b"<{sourceBusinessObject}>?k={sourceKey}&x=1'],
        "locale": ["ar", "nb"],
        "theme": ["compact", "formal"],
    }
    return {name: chance.choice(values) for name, values in choices.items() if chance.random() < 0.4}


def write_random(chance, path):
    """Write a workbook of a random report, or of a mutant of the corpus that is still a report."""
    documents = seeds("report")
    while chance.random() < 0.5:
        try:
            report = icreport.read(mutate(chance.choice(documents), chance))
            icreport.write(report, path, **random_options(chance))
        except IcreportError:
            continue
        return path
    icreport.write(random_report(chance), path, **random_options(chance))
    return path


def errors_of(paths):
    """Give what the Open XML SDK says against workbooks, by path; it looks at one a process."""

    def look(path):
        done = subprocess.run([VALIDATOR, path], capture_output=True, text=True, check=False)
        return json.loads(done.stdout)["errors"]

    with ThreadPoolExecutor() as pool:
        return {path: errors for path, errors in zip(paths, pool.map(look, paths), strict=True) if errors}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbooks", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()), help="where workbooks that fail are kept"
    )
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        paths = [
            write_random(chance, Path(folder) / f"icreport-workbook-{options.seed}-{number}.xlsx")
            for number in range(options.workbooks)
        ]
        found = errors_of(paths)
        for path, errors in found.items():
            shutil.copy(path, options.keep)
            print(f"{options.keep / path.name}: {json.dumps(errors)[:2000]}", file=sys.stderr)
    print(f"{options.workbooks:,} workbooks, {len(found)} of them not valid")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
