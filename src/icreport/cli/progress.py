"""Progress on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icreport.conversion import Progress


@contextmanager
def rows_done(*, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Show the rows done so far; yield None where there is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(progress: Progress) -> None:
            if progress.phase is None:
                of = "" if progress.total is None else f" of {progress.total:,}"
                bar.update(
                    task, description=f"{progress.rows:,}{of} rows", completed=progress.rows, total=progress.total
                )
            else:
                said = f"{progress.phase}: {progress.phase_rows:,} of {progress.rows:,} rows"
                bar.update(task, description=said, completed=progress.phase_rows, total=progress.rows)

        yield show
