"""Runs what docs/benchmarks.md names and puts what is printed into it: `python benchmarks [SCRIPT…]`.

A table stands between `<!-- run: COMMAND -->` and `<!-- end -->`; with names of scripts, only theirs are made anew. All
of them
take half an hour on two cores, with no other work on the machine.
"""

import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs/benchmarks.md"
BLOCK = re.compile(r"(<!-- run: python (benchmarks/(\w+)\.py.*?) -->\n).*?(<!-- end -->)", re.DOTALL)
MACHINE = re.compile(r"(<!-- machine -->\n).*?(<!-- end -->)", re.DOTALL)


def machine():
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores of a shared {platform.machine()} machine, {gib:.0f} GiB, "
        f"Python {platform.python_version()}, {datetime.datetime.now(datetime.UTC):%Y-%m-%d}.\n"
    )


def main(wanted):
    def run(found):
        if wanted and found[3] not in wanted:
            return found[0]
        print(f"python {found[2]}", flush=True)
        done = subprocess.run([sys.executable, *found[2].split()], stdout=subprocess.PIPE, text=True, check=True)
        print(done.stdout, flush=True)
        return f"{found[1]}\n{done.stdout.strip()}\n\n{found[4]}"

    os.chdir(PAGE.parents[1])
    page = MACHINE.sub(lambda found: f"{found[1]}{machine()}{found[2]}", PAGE.read_text("utf-8"))
    PAGE.write_text(BLOCK.sub(run, page), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
