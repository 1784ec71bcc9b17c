"""Throws mutated documents at reading and the renderers: `python tests/fuzz [--inputs N] [--pdf N] [--seed S]`.

Every input must give a document or one of the documented errors, the same from `read` and `scan`, within ten seconds.
Prints what happened, by kind; exits 1 if anything undocumented did.
"""

import argparse
import collections
import io
import random
import sys
import time
import traceback
from pathlib import Path

import icreport
from icreport.errors import IcreportError

sys.path.insert(0, str(Path(__file__).parent))
from mutations import mutate

ROOT = Path(__file__).parents[2]
SLOW = 10.0


def outcome(action):
    """Run something and name what came of it; an undocumented exception is re-raised."""
    try:
        return None, action()
    except IcreportError as error:
        assert "\n" not in str(error), f"more than one line: {error!r}"
        return type(error).__name__, None


def scanned(document):
    with icreport.scan(document) as report:
        return [
            (element.type, element.caption, [(row.source_key, *row) for row in getattr(element, "rows", ())])
            for element in report.elements
        ]


def whole(document):
    return [
        (element.type, element.caption, [(row.source_key, *row) for row in getattr(element, "rows", ())])
        for element in icreport.read(document).elements
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--pdf", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", default="csv,html,xlsx")
    options = parser.parse_args()
    wanted = [name for name in options.formats.split(",") if name]
    chance = random.Random(options.seed)
    seeds = [path.read_bytes() for path in sorted((ROOT / "samples").glob("*.json"))]
    seeds += [path.read_bytes() for path in sorted((ROOT / "tests/corpus").glob("*.json"))]
    counts = collections.Counter()
    bad = 0
    for number in range(options.inputs):
        document = mutate(chance.choice(seeds), chance)
        formats = wanted + (["pdf"] if number < options.pdf else [])
        try:
            start = time.monotonic()
            read_error, read_result = outcome(lambda: whole(document))
            scan_error, scan_result = outcome(lambda: scanned(document))
            assert repr((read_error, read_result)) == repr((scan_error, scan_result)), "read and scan differ"
            counts[f"read: {read_error or 'report'}"] += 1
            for format_ in formats if read_error is None else ():
                error, _ = outcome(lambda: icreport.convert(document, io.BytesIO(), format=format_))
                counts[f"{format_}: {error or 'document'}"] += 1
            assert time.monotonic() - start < SLOW, "slow"
        except Exception:  # noqa: BLE001 - this is what the fuzzer is looking for
            bad += 1
            Path(f"/tmp/icreport-fuzz-{number}.json").write_bytes(document)
            print(f"input {number}: {traceback.format_exc(limit=-3)}", file=sys.stderr)
    for name, count in sorted(counts.items()):
        print(f"{count:>8,}  {name}")
    print(f"{options.inputs - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
