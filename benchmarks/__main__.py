"""Runs what docs/benchmarks.md names and puts what is printed into it: `python benchmarks [PART…]`.

A table stands between `<!-- run: COMMAND -->` and `<!-- end -->`; with parts of commands, only theirs are made anew.
All of them take half an hour on two cores, with no other work on the machine.
"""

import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs/benchmarks.md"
BLOCK = re.compile(r"(<!-- run: python (benchmarks/\w+\.py.*?) -->\n).*?(<!-- end -->)", re.DOTALL)
MACHINE = re.compile(r"(<!-- machine -->\n).*?(<!-- end -->)", re.DOTALL)


def machine():
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores of a shared {platform.machine()} machine, {gib:.0f} GiB, "
        f"Python {platform.python_version()}, {datetime.datetime.now(datetime.UTC):%Y-%m-%d}.\n"
    )


def main(wanted):
    os.chdir(PAGE.parents[1])
    page = MACHINE.sub(lambda found: f"{found[1]}{machine()}{found[2]}", PAGE.read_text("utf-8"))
    for start, command, end in BLOCK.findall(page):
        if wanted and not any(part in command for part in wanted):
            continue
        print(f"python {command}", flush=True)
        done = subprocess.run([sys.executable, *command.split()], stdout=subprocess.PIPE, text=True, check=True)
        print(done.stdout, flush=True)
        before, _, after = page.partition(start)
        page = f"{before}{start}\n{done.stdout.strip()}\n\n{end}{after.partition(end)[2]}"
        PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
