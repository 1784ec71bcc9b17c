"""A batch of small reports to PDF and XLSX on all cores, beside one process and a shell loop.

`python benchmarks/batch.py [REPORTS]` (2,000 if not said). The loop starts `icreport convert` for each document; only a
twentieth of it is run, and its time multiplied.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure

FORMATS = ["pdf", "xlsx"]
PART = 20


def make(folder, count):
    sample = json.loads((Path(__file__).parents[1] / "samples/job-content.json").read_text())
    folder.mkdir()
    for number in range(count):
        (folder / f"r{number:05}.json").write_text(json.dumps(sample | {"name": f"Report {number}"}))


def batch(workers, folder):
    import icreport

    with tempfile.TemporaryDirectory() as out:
        result = icreport.convert_many([folder], out, FORMATS, workers=int(workers))
        assert result.ok, result.failures[:3]


def one_process(folder):
    """One process that does what a worker does, without a pool around it."""
    import icreport

    with tempfile.TemporaryDirectory() as out:
        for path in sorted(Path(folder).iterdir()):
            report = icreport.read(path)
            for format in FORMATS:
                icreport.write(report, f"{out}/{path.stem}.{format}")


def shell_loop(folder, count):
    with tempfile.TemporaryDirectory() as out:
        command = (
            f"for f in $(ls {folder}/*.json | head -{count}); do for t in {' '.join(FORMATS)}; do "
            f"{sys.executable} -m icreport convert $f -q -o {out}/$(basename $f .json).$t || exit 1; done; done"
        )
        started = time.perf_counter()
        subprocess.run(["sh", "-c", command], check=True)
        return time.perf_counter() - started


def in_a_process(*arguments):
    done = subprocess.run([sys.executable, __file__, *map(str, arguments)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    if len(sys.argv) > 2:
        name, *arguments = sys.argv[1:]
        measure.child({"batch": batch, "one": one_process}[name], *arguments)
    else:
        count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder) / "few", count // 10)
            make(Path(folder) / "all", count)
            few = in_a_process("batch", 2, f"{folder}/few")
            print(f"| {count:,} reports to {' and '.join(FORMATS)} | seconds | ratio | MiB of the parent |")
            print("| --- | ---: | ---: | ---: |")
            one = in_a_process("one", f"{folder}/all")
            rows = [
                ("one process", one["seconds"], None),
                ("icreport batch, 1 worker", *in_a_process("batch", 1, f"{folder}/all").values()),
                ("icreport batch, 2 workers", *in_a_process("batch", 2, f"{folder}/all").values()),
                ("shell loop (a 20th of it, times 20)", shell_loop(f"{folder}/all", count // PART) * PART, None),
            ]
            for name, seconds, mib, *_ in rows:
                memory = f"{mib:.0f}" if mib else "-"
                print(f"| {name} | {seconds:.1f} | {seconds / one['seconds']:.2f} | {memory} |")
            print(f"\nparent at a tenth of the reports: {few['mib']:.0f} MiB")
