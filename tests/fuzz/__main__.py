"""Throws broken and hostile input at everything that takes input: `python tests/fuzz [--inputs N] [--pdf N] …`.

Each document must be read to a report or one of the documented errors, the same by `read` and `scan`, and become documents
that independent readers take; each Content-Disposition header must give a harmless name, each theme.toml a theme or its
error: within ten seconds of the processor and two gigabytes. Prints what happened, by kind; exits 1 if anything undocumented did.
"""

import argparse
import collections
import contextlib
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from mutations import mutate, mutate_header, mutate_toml
from readers import READERS
from targets import seeds, try_configuration, try_document, try_header, try_theme

LONGEST = 10
MOST_MEMORY = 2 << 30
SEEDS = seeds("report")


class HangError(BaseException):
    """An input took longer than `LONGEST` seconds of the processor."""


@contextlib.contextmanager
def in_time():
    def hang(*_):
        raise HangError

    # Time of the processor, so that a busy machine finds no hangs.
    signal.signal(signal.SIGPROF, hang)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def tries(options, counts):
    """Give the inputs, each with what tries it: first the seeds as they are."""
    chance = random.Random(options.seed)
    formats = [name for name in options.formats.split(",") if name]
    for number in range(options.inputs):
        document = SEEDS[number] if number < len(SEEDS) else mutate(chance.choice(SEEDS), chance)
        wanted = formats + ["pdf"] * (number < options.pdf)
        slow = {"html", "xlsx"} if number >= len(SEEDS) and number % options.read_back_every else set()
        yield document, lambda: try_document(document, wanted, counts, read_back=READERS.keys() - slow)
    for _ in range(options.headers):
        header = mutate_header(chance.choice(seeds("header")).decode(), chance).encode("utf-8", "surrogatepass")
        yield header, lambda: try_header(header, counts)
    for _ in range(options.themes):
        theme = mutate_toml(chance.choice(seeds("theme")), chance)
        yield theme, lambda: try_theme(theme, counts)
        configuration = mutate_toml(chance.choice(seeds("configuration")), chance)
        yield configuration, lambda: try_configuration(configuration, counts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1000, help="documents")
    parser.add_argument("--pdf", type=int, default=10, help="how many of them become PDFs too")
    parser.add_argument("--headers", type=int, default=1000, help="Content-Disposition headers")
    parser.add_argument("--themes", type=int, default=100, help="theme.toml files, and as many config.toml")
    parser.add_argument("--read-back-every", type=int, default=1, help="read only each Nth HTML and XLSX back")
    parser.add_argument("--formats", default="csv,docx,html,md,xlsx")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()), help="where inputs that fail are kept"
    )
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    counts = collections.Counter()
    number = bad = 0
    slowest = 0.0
    for number, (data, attempt) in enumerate(tries(options, counts), 1):
        start = time.process_time()
        try:
            with in_time():
                attempt()
        except (Exception, HangError):  # noqa: BLE001 - this is what the fuzzer is looking for
            bad += 1
            path = options.keep / f"icreport-fuzz-{options.seed}-{number}"
            path.write_bytes(data)
            print(f"{path}: {traceback.format_exc(limit=-3)}", file=sys.stderr, flush=True)
        slowest = max(slowest, time.process_time() - start)
        if number % 10_000 == 0:
            print(f"{number:,} tried, {bad} failed", file=sys.stderr, flush=True)
    for name, count in sorted(counts.items()):
        print(f"{count:>8,}  {name}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{number - bad:,} passed, {bad:,} failed; slowest {slowest:.1f} s, {peak:,} MB")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
