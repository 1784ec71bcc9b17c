"""The executor of a Dask cluster."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from icreport.errors import MissingExtraError, UsageError
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from icreport.batch.scheduling import Submits

_CONNECT = 10.0


class _Client(Protocol):
    """What is asked of a client of Dask."""

    def get_executor(self, *, pure: bool) -> Submits: ...

    def ncores(self) -> Mapping[str, int]: ...


class _Cluster:
    """The executor of a Dask cluster, and how many cores it has now."""

    def __init__(self, client: _Client) -> None:
        self.submit = client.get_executor(pure=False).submit
        self.cores = sum(client.ncores().values())


@contextmanager
def connect_cluster(address: str) -> Iterator[_Cluster]:
    """Connect to the scheduler of a Dask cluster; raises `UsageError` where there is none."""
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise MissingExtraError("running on a Dask cluster", "dask") from error
    try:
        client = distributed.Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        # Dask repeats the address in forms of its own.
        why = type(error).__name__ if "@" in address else str(error)
        what = f"there is no Dask scheduler at {redacted(address)!r}: {why}"
        raise UsageError(what, remedy="check the address") from None
    with client:
        yield _Cluster(client)
