"""Who does the work of a batch: processes of this machine, an executor that is given, or a Dask cluster."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.batch.cluster import connect_cluster
from icreport.batch.pool import WorkerPool
from icreport.host import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

    from icreport.batch.scheduling import Submits

_CALLS = 64  # of one worker process, before a fresh one takes its place
_CLUSTER_GROUPS = 1000  # under way on a cluster, which may grow while it works


@dataclass(frozen=True, slots=True)
class Crew:
    """Who takes groups of items, and how many work at a time."""

    pool: Submits
    workers: int
    renew: Callable[[], None] = lambda: None
    """Replaces workers that have grown large."""
    is_cluster: bool = False

    def window(self, *, fail_fast: bool) -> int:
        """Return how many groups are under way at once."""
        return max(3 * self.workers, _CLUSTER_GROUPS if self.is_cluster and not fail_fast else 0)


@contextmanager
def crew_of(
    executor: Executor | None, scheduler: str | None, workers: int | None, timeout: float | None
) -> Iterator[Crew]:
    """Yield who works; `timeout` is how many seconds an item may take in a process of this machine."""
    if executor is not None:
        yield Crew(executor, workers or cores())
    elif scheduler is not None:
        with connect_cluster(scheduler) as cluster:
            yield Crew(cluster, workers or cluster.cores or cores(), is_cluster=True)
    else:
        count = workers or cores()
        with WorkerPool(count, calls=_CALLS, timeout=timeout) as pool:
            yield Crew(pool, count, pool.renew)
