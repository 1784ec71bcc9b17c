"""How many ordinary tables are painted: `python benchmarks/coverage.py [SEEDS [FIRST]]`, 300 seeds if none is said.

The tables are those of `tests/rendering/pdf/ordinary.py`: 305 rows, 2 to 60 random columns, themes, locales (two of
them from right to left), keys, links, categories, labels and values. Prints the share that is painted and the CPU
time of a PDF by theme, and each seed that is not painted with the reason.
"""

import io
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

import icreport

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from rendering.pdf.ordinary import ordinary_report
from rendering.pdf.pdf_text import is_painted


def why_not_painted(result, data):
    """Give why a table is not painted; None where it is."""
    reasons = [note.message for note in result.elements[0].changes if note.code == "laid-out-table"]
    return reasons[0] if reasons else None if is_painted(data) else "it is on the page whole"


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    times, painted = defaultdict(list), defaultdict(int)
    for seed in range(first, first + seeds):
        report, options = ordinary_report(seed)
        source, target = report.to_json(), io.BytesIO()
        start = time.process_time()
        result = icreport.convert(source, target, format="pdf", **options)
        times[options["theme"]].append(time.process_time() - start)
        if why := why_not_painted(result, target.getvalue()):
            print(f"seed {seed} {options}: {why}", file=sys.stderr)
        else:
            painted[options["theme"]] += 1
    print(f"\n| {'theme':<8} | {'tables':>6} | {'painted':>7} | {'median s':>8} | {'longest s':>9} |")
    print(f"| {'-' * 8} | {'-' * 5}: | {'-' * 6}: | {'-' * 7}: | {'-' * 8}: |")
    for theme, taken in sorted(times.items()):
        share = painted[theme] / len(taken)
        median, longest = statistics.median(taken), max(taken)
        print(f"| {theme:<8} | {len(taken):>6} | {share:>7.1%} | {median:>8.2f} | {longest:>9.2f} |")


if __name__ == "__main__":
    main()
