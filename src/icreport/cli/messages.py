"""Messages of commands on standard error: lines for people, or JSON for programs that gather logs."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from icreport.clock import now
from icreport.errors import FormatError, one_line
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icreport.errors import IcreportError
    from icreport.result import ConversionResult
    from icreport.warnings import ReportWarning

Level = Literal["info", "warning", "error"]
_TOLD_BEFORE = {"slow-table"}
"""Warnings that are logged too, before a long time passes."""


@dataclass(slots=True)
class _Log:
    as_json: bool = False


LOG = _Log()
"""How this process says things."""


def line(text: str, level: Level = "info", **fields: object) -> str:
    """Return a message as a line; `fields` are what a program wants to know apart, only in JSON."""
    if LOG.as_json:
        return json.dumps({"time": now(), "level": level, "message": one_line(text), **fields})
    return f"icreport: {'warning: ' if level == 'warning' else ''}{one_line(text)}"


def say(text: str, level: Level = "info", **fields: object) -> None:
    """Print a message on standard error."""
    print(line(text, level, **fields), file=sys.stderr, flush=True)


def say_error(error: IcreportError) -> None:
    """Print a failure; what Python's verbs call otherwise than the options of commands gets their names."""
    text = str(error)
    say(text.replace("format=NAME", "-t NAME") if isinstance(error, FormatError) else text, "error")


def counted(number: int, thing: str) -> str:
    """Return a number of things: `1 row`, `2 rows`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def tell(result: ConversionResult, target: str, *, verbose: bool) -> None:
    """Print the result and warnings of a conversion on standard error, except those already printed."""
    tell_warnings(warning for warning in result.warnings if warning.code not in _TOLD_BEFORE)
    said = f"{counted(len(result.elements), 'element')}, {counted(result.rows, 'row')}"
    tell_written(target, f"{result.format}: {said}", verbose=verbose)


def tell_written(target: str, what: str, *, verbose: bool, quiet: bool = False) -> None:
    """Say what was written to who sits at a terminal, or asked for it."""
    if verbose or (sys.stderr.isatty() and target != "-" and not quiet):
        say(f"wrote {redacted(target)} ({what})")


def tell_what_is_logged(*, verbose: bool) -> None:
    """Print what our own modules log: warnings, and why a table is not painted; never what libraries log."""

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            # Not to the stream of now: a progress bar puts its own in the place of standard error, and lines above it.
            say(record.getMessage(), "warning" if record.levelno >= logging.WARNING else "info")

    logger = logging.getLogger("icreport")
    logger.addHandler(Lines())
    logger.setLevel(logging.INFO if verbose else logging.WARNING)


def tell_warnings(warnings: Iterable[ReportWarning]) -> None:
    """Print warnings, a line each."""
    for warning in warnings:
        say(str(warning), "warning", code=warning.code, count=warning.count, loss=warning.loss)
