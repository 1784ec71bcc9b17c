"""Thousands of small reports in one process, from several threads: memory, descriptors and temporary files stay flat.

`python benchmarks/soak.py [REPORTS] [THREADS]`: 20,000 reports and 4 threads unless said otherwise, each to PDF, XLSX
or HTML in turn. Prints a line for each twentieth of them. It fails where memory in the last quarter is a tenth more
than in the second one.
"""

import gc
import itertools
import os
import sys
import tempfile
import threading
from pathlib import Path

import icreport

STATUSES = ["Open", "Closed", "Monitor", None]
FORMATS = ("pdf", "xlsx", "html")


def report(number):
    rows = [(f"AN-{number}-{row}", row / 4, STATUSES[row % 4], "Coating breakdown at the weld") for row in range(12)]
    table = icreport.Table(caption="Anomalies", columns=["No.", "Depth", "Status", "Remarks"], rows=rows)
    return icreport.Report(name=f"Report {number}", elements=[table])


def resident():
    """Memory of this process in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def state(folder):
    return resident(), len(os.listdir("/proc/self/fd")), sum(1 for _ in Path(folder).iterdir())


def main(reports, threads):
    numbers = itertools.count()
    done = itertools.count(1)
    samples = []
    failures = []
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as out:
        tempfile.tempdir = folder

        def work(thread):
            try:
                while (number := next(numbers)) < reports:
                    kind = FORMATS[number % len(FORMATS)]
                    icreport.write(report(number), f"{out}/{thread}.{kind}")
                    if next(done) % max(1, reports // 20) == 0:
                        samples.append((number, *state(folder)))
                        print(
                            "{:>7,} reports  {:>5} MiB  {:>4} descriptors  {:>3} temporary files".format(*samples[-1])
                        )
            except Exception as error:
                failures.append(error)
                raise

        running = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        tempfile.tempdir = None
    gc.collect()
    print(f"thresholds of the collector: {gc.get_threshold()}, enabled: {gc.isenabled()}, {resident()} MiB at the end")
    second = max(sample[1] for sample in samples[5:10])
    last = max(sample[1] for sample in samples[15:])
    descriptors = {sample[2] for sample in samples[5:]}
    print(f"memory of the last quarter to that of the second: {last / second:.2f}; descriptors {sorted(descriptors)}")
    return bool(failures) or last > 1.1 * second or max(descriptors) > min(descriptors) + 2 * threads


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*given, *(20_000, 4)[len(given) :]))
