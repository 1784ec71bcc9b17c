"""Names of drafts: they say whose a draft is, so that an abandoned one is told from one in progress."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
import time
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from icreport.host import is_running, process_namespace

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_NAME = 200  # bytes of a target's name in that of its draft
_DRAFT = re.compile(r"\.(?P<name>.*)\.(?P<host>[0-9a-f]{6})-(?P<process>\d+)-[0-9a-f]{8}\.part", re.DOTALL)
_ABANDONED = 24 * 3600.0
"""Seconds without a write after which a draft of another machine counts as left."""


def draft_name(name: str) -> str:
    """Return a hidden name for a draft of a file, with this machine and process in it."""
    return f".{_shortened(name)}.{_host()}-{os.getpid()}-{secrets.token_hex(4)}.part"


def draft_beside(path: Path) -> Path:
    """Return a path for a draft in the folder of its target."""
    return path.with_name(draft_name(path.name))


def remove_abandoned_drafts(targets: Iterable[str]) -> None:
    """Remove what conversions to these paths left when they were killed; those that may be running keep theirs."""
    for folder, names in groupby(sorted(map(os.path.split, targets)), key=itemgetter(0)):
        known = {_shortened(name) for _, name in names}
        with suppress(OSError), os.scandir(folder or ".") as entries:
            for entry in entries:
                draft = _DRAFT.fullmatch(entry.name)
                if draft is not None and draft["name"] in known and _is_abandoned(draft, entry):
                    _remove(Path(entry.path))


def _is_abandoned(draft: re.Match[str], entry: os.DirEntry[str]) -> bool:
    if draft["host"] == _host():
        return not is_running(int(draft["process"]))
    with suppress(OSError):
        return time.time() - entry.stat().st_mtime > _ABANDONED
    return False


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _host() -> str:
    """Return a digest of the namespace of our process ids: containers may share a host name, but not process ids."""
    where = platform.node() + process_namespace()
    return hashlib.sha256(where.encode("utf-8", "replace")).hexdigest()[:6]


def _shortened(name: str) -> str:
    """Shorten a name so that a prefix and suffix fit; file systems count bytes."""
    return os.fsdecode(os.fsencode(name)[:_LONGEST_NAME])
