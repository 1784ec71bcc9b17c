"""Messages of commands on standard error."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icreport.result import ConversionResult
    from icreport.warnings import ReportWarning

_TOLD_BEFORE = {"slow-table"}
"""Warnings that are logged too, before a long time passes."""


def tell(result: ConversionResult, target: str, *, verbose: bool) -> None:
    """Print the result and warnings of a conversion on standard error, except those already printed."""
    tell_warnings(warning for warning in result.warnings if warning.code not in _TOLD_BEFORE)
    if verbose:
        said = f"{len(result.elements):,} elements, {result.rows:,} rows"
        print(f"icreport: wrote {redacted(target)} ({result.format}: {said})", file=sys.stderr)


def tell_what_is_logged(*, verbose: bool) -> None:
    """Print what our own modules log: warnings, and why a table is not painted; never what libraries log."""

    class Lines(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            kind = "warning: " if record.levelno >= logging.WARNING else ""
            return f"icreport: {kind}{record.getMessage()}"

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logger = logging.getLogger("icreport")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO if verbose else logging.WARNING)


def tell_warnings(warnings: Iterable[ReportWarning]) -> None:
    """Print warnings, a line each."""
    for warning in warnings:
        print(f"icreport: warning: {warning}", file=sys.stderr)
