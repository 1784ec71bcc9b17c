"""The result of a batch as OpenMetrics, for the textfile collector of Prometheus' node_exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.batch.result import BatchResult

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def openmetrics(result: BatchResult) -> str:
    """Return the counts of a run as gauges (OpenMetrics 1.0, which readers of Prometheus' text format read too)."""
    return "".join(f"{line}\n" for line in _lines(result)) + "# EOF\n"


def _lines(result: BatchResult) -> Iterator[str]:
    counts = {"done": result.done, "unchanged": result.unchanged, "failed": result.failed, "not_run": result.not_run}
    yield from _gauge("items", "Items of the last run by what became of them.", counts, "status")
    changes = {change: len(sources) for change, sources in result.items.items()}
    yield from _gauge("changes", "Sources of the last run, compared with the run before.", changes, "change")
    yield from _gauge("failures", "Failed items by kind of failure.", result.failures_by_kind, "kind")
    found = {code: told["count"] for code, told in result.warnings_by_code.items()}
    yield from _gauge("warnings", "Warnings by kind.", found, "code")
    yield from _gauge("documents", "Documents of the items that are done.", result.documents)
    yield from _gauge("rows", "Rows in the sources of the items that are done.", result.rows)
    yield from _gauge("pruned", "Documents that were removed because their source is gone.", len(result.pruned))
    yield from _gauge("seconds", "How long the run took.", round(result.seconds, 3))
    yield from _gauge("peak_memory_bytes", "The most memory that a worker process had.", result.peak_memory)
    yield from _gauge("ok", "Whether every item is done.", int(result.ok))
    yield from _gauge("end_time_seconds", "When the run ended, since 1970.", round(result.ended, 3))


def _gauge(name: str, told: str, value: float | dict[str, int], label: str = "") -> Iterator[str]:
    yield f"# HELP icreport_batch_{name} {told}"
    yield f"# TYPE icreport_batch_{name} gauge"
    if isinstance(value, dict):
        for key, number in value.items():
            yield f'icreport_batch_{name}{{{label}="{key.translate(_ESCAPES)}"}} {number}'
    else:
        yield f"icreport_batch_{name} {value}"
