"""Runs commands of icreport on a simulated Windows or macOS: what the system lacks is gone, what it refuses fails.

usage: python tests/simulated.py windows|macos ARGUMENT… [+ ARGUMENT…]…

After each of several commands its exit status is printed.
"""

import ctypes
import errno
import fcntl
import importlib
import os
import shutil
import signal
import sys
import sysconfig
import types
from pathlib import Path

# What other packages ask of the system when they are imported is theirs: they are imported before it changes.
THEIRS = ("pyarrow.parquet", "openpyxl", "weasyprint", "zoneinfo", "httpx", "truststore")
PROCESSES = ("popen_spawn_posix", "resource_tracker", "spawn", "synchronize")
for name in ("icreport.cli", "icreport.batch.running", *THEIRS, *(f"multiprocessing.{name}" for name in PROCESSES)):
    importlib.import_module(name)
icreport = importlib.import_module("icreport")
icreport.formats()
icreport.render(icreport.Report(elements=[]), "html")
for name in [name for name in sys.modules if name.partition(".")[0] == "icreport"]:
    del sys.modules[name]
sysconfig.get_config_vars()

GONE = {
    "windows": {
        os: ("fchmod", "fchown", "sched_getaffinity", "register_at_fork", "link", "process_cpu_count"),
        signal: ("SIGHUP", "SIGKILL"),
    },
    "macos": {os: ("sched_getaffinity", "process_cpu_count")},
}


def no_folders(path, flags, mode=0o777, *, open=os.open, **more):  # noqa: A002
    """`os.open` of Windows, which opens no folders."""
    if Path(os.fsdecode(path)).is_dir():
        raise PermissionError(errno.EACCES, "Permission denied", path)
    return open(path, flags, mode, **more)


def locking(file, mode, count, *, lockf=fcntl.lockf):
    """`msvcrt.locking`, whose locks are of a part of a file and make others wait in vain."""
    try:
        lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, count, os.lseek(file, 0, os.SEEK_CUR))
    except BlockingIOError as error:
        raise PermissionError(errno.EACCES, "Permission denied") from error


def kill(process, number):
    """`os.kill` of Windows ends the process whatever the number is."""
    raise AssertionError(f"{process} would be ended by {number}")


def become(system):
    """Take away what the system lacks."""
    for module, names in GONE[system].items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    if system == "windows":
        os.open, os.kill = no_folders, kill
        shutil._use_fd_functions = False
        sys.modules["fcntl"] = sys.modules["resource"] = sys.modules["pwd"] = None
        sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2)
        ctypes.windll = types.SimpleNamespace(
            kernel32=types.SimpleNamespace(OpenProcess=lambda *_: 0, CloseHandle=lambda _: 1)
        )
    sys.platform = {"windows": "win32", "macos": "darwin"}[system]


def run(arguments):
    """Run a command and return its exit status."""
    sys.argv[1:] = arguments
    try:
        importlib.import_module("icreport.cli").main()
    except SystemExit as done:
        return done.code


if __name__ == "__main__":
    become(sys.argv[1])
    commands = [[]]
    for argument in sys.argv[2:]:
        if argument == "+":
            commands.append([])
        else:
            commands[-1].append(argument)
    statuses = [run(command) for command in commands]
    if len(statuses) == 1:
        sys.exit(statuses[0])
    sys.stdout.flush()
    print("statuses", *statuses)  # noqa: T201
