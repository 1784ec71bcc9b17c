"""A worker process of this machine: how it starts, converts groups of items, and ends."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from icreport.batch.item import convert_item
from icreport.host import peak_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.batch.item import Task
    from icreport.batch.recipe import Recipe
    from icreport.batch.records import ItemRecord


def start_worker(environment: dict[str, str]) -> None:
    """Set up a worker process: Ctrl-C is left to the parent, and drafts are removed at its end.

    It gets our environment of now, not that of when the server of the workers was started.
    """
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)


def _leave(_signum: int, _frame: object) -> NoReturn:
    # What is half made and thrown away has nothing more to say.
    sys.unraisablehook = lambda _: None
    raise SystemExit(128 + signal.SIGTERM)


def convert_group(recipe: Recipe, tasks: Sequence[Task]) -> tuple[list[ItemRecord], int]:
    """Convert some items one after the other; returns their records and the peak memory of this process in bytes."""
    records = [convert_item(recipe, task) for task in tasks]
    return records, peak_memory()
