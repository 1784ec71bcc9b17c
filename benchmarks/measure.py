"""Runs contenders in processes of their own and compares them as ratios within one run."""

import json
import statistics
import subprocess
import sys
import time


def child(function, *arguments):
    """Run `function(*arguments)` here and print its seconds and the peak memory of the process above its start."""
    base = _peak()
    start = time.perf_counter()
    function(*arguments)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "mib": _peak(), "base": base}))


def _peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def compare(script, contenders, *arguments, runs=5):
    """Time each contender `runs` times in turn; print medians and ratios to the first one."""
    found = {name: [] for name in contenders}
    for _ in range(runs):
        for name in contenders:
            done = subprocess.run(
                [sys.executable, script, name, *map(str, arguments)], capture_output=True, text=True, check=False
            )
            if done.returncode:
                print(f"{name}: failed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                continue
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
    if not all(found.values()):
        sys.exit("not all contenders are there: make bench installs them")
    first = None
    print(f"\n| {'contender':<34} | {'median s':>9} | {'ratio':>6} | {'peak MiB':>8} | {'ratio':>6} |")
    print(f"| {'-' * 34} | {'-' * 8}: | {'-' * 5}: | {'-' * 7}: | {'-' * 5}: |")
    table = {}
    for name, results in found.items():
        seconds = statistics.median(result["seconds"] for result in results)
        mib = statistics.median(result["mib"] - result["base"] for result in results)
        first = first or (seconds, mib)
        table[name] = {"seconds": seconds, "mib": mib}
        ratios = f"{seconds / first[0]:>6.2f} | {mib:>8.0f} | {mib / (first[1] or 1):>6.2f}"
        print(f"| {name:<34} | {seconds:>9.3f} | {ratios} |")
    return table
