"""What operating systems do differently: the one module that asks on which of them it runs."""

from __future__ import annotations

import errno
import io
import ntpath
import os
import signal
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

if sys.platform == "win32":
    import ctypes
    import msvcrt
else:
    import fcntl
    import resource

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCKED_BYTE = 1 << 40
"""Where Windows locks: what is locked there cannot be read by others, so beyond the end of any file."""
_LOCKED = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK} | ({errno.EACCES} if os.name == "nt" else set())
_LONG = 200
"""Characters from which on a path, with a draft's longer name in its place, may pass the 260 that Windows allows."""
_BUSY = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between tries to replace a file that somebody has open (a virus scanner, the search index)."""


def cores() -> int:
    """Return the number of cores that this process may use."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def peak_memory() -> int:
    """Return the most bytes of memory that this process has had; 0 where the system does not say."""
    if sys.platform != "win32":
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return 0


def ending_signals() -> Iterator[signal.Signals]:
    """Yield the signals by which others end a program: Ctrl-Break on Windows, a closed terminal elsewhere."""
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        if found := getattr(signal, name, None):
            yield found


def speak_utf_8() -> None:
    """Have text written as UTF-8 where Windows has files and pipes in an old encoding; its consoles take any text."""
    if sys.platform == "win32":
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8")


def any_length(path: Path) -> Path:
    """Return a path that may have any length, which on Windows has to be said."""
    return Path(_extended(ntpath.abspath(path))) if os.name == "nt" else path


def _extended(path: str) -> str:
    r"""Put `\\?\` before a path of Windows that is long (Microsoft, "Maximum Path Length Limitation")."""
    if len(path) < _LONG or path.startswith("\\\\?\\"):
        return path
    return "\\\\?\\UNC" + path[1:] if path.startswith("\\\\") else "\\\\?\\" + path


def lock(file: IO[bytes]) -> bool:
    """Lock an open file until it is closed; return whether nobody else has.

    Not by filelock, which locks a file beside the journal that then stays there, nor by portalocker, whose lock on
    Windows is of the first byte: nobody could read the journal of a run meanwhile. Raises `OSError` where the file
    system knows no locks.
    """
    try:
        if sys.platform == "win32":
            position = file.tell()
            file.seek(_LOCKED_BYTE)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            finally:
                file.seek(position)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _LOCKED:
            return False
        raise
    return True


def is_running(process: int) -> bool:
    """Return whether there is a process with this number."""
    if sys.platform == "win32":
        # There `os.kill(process, 0)` would end it.
        synchronize, timeout = 0x100000, 0x102
        handle = ctypes.windll.kernel32.OpenProcess(synchronize, False, process)
        if not handle:
            return False
        try:
            return bool(ctypes.windll.kernel32.WaitForSingleObject(handle, 0) == timeout)
        finally:
            ctypes.windll.kernel32.CloseHandle(handle)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # of somebody else
        pass
    # One that has ended, and that nobody has asked about yet, is still listed on Linux.
    with suppress(OSError, IndexError):
        return Path(f"/proc/{process}/stat").read_text("latin-1").rpartition(")")[2].split()[0] != "Z"
    return True


def process_namespace() -> str:
    """Return what tells the process ids of a container from those of its host, where there is such a thing."""
    with suppress(OSError):
        return str(Path("/proc/self/ns/pid").readlink())
    return ""


def replace(source: Path, target: Path) -> None:
    """Rename a file over another, which Windows refuses as long as somebody has that open."""
    for pause in _BUSY:
        try:
            source.replace(target)
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(pause)
        else:
            return
    source.replace(target)


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder to disk; Windows opens no folders, and does that by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def change_mode(file: int, mode: int) -> None:
    """Change the mode of an open file where it has another; Windows has no such modes."""
    if sys.platform != "win32" and stat.S_IMODE(os.fstat(file).st_mode) != mode:
        os.fchmod(file, mode)


def change_owner(file: int, owner: int, group: int) -> None:
    """Change the owner of an open file; Windows has none of these numbers."""
    if sys.platform != "win32":
        os.fchown(file, owner, group)
