"""Every failure that a user of icreport can cause or meet.

IcreportError
├── ReadError               the source is missing, unreadable or empty
│   ├── JsonError           its bytes are not JSON (line and column say where)
│   ├── ShapeError          its JSON is not a report document
│   └── LimitError          it is larger or deeper than the limits allow
├── UsageError              what was asked for cannot be
│   ├── FormatError         no renderer of that name or suffix
│   ├── OptionError         no such option, or not that value
│   └── MissingExtraError   an optional dependency is not installed
├── ThemeError              a theme's file is wrong (file and line say where)
│   └── UnknownThemeError   there is no such theme; a UsageError too


├── ViewError               a view is wrong, or asks for what a report lacks (file and line say where)
│   └── UnknownViewError    there is no such file; a UsageError too
├── RenderError             a format cannot hold the report
│   └── LossError           `strict` was asked for and something would be lost
├── OutputError             the target cannot be written
└── ServiceError            the service could not be reached or refused
    ├── UnreachableError    nobody answers at its address
    ├── UnavailableError    it answers that it cannot be used now
    ├── AuthenticationError
    ├── NotFoundError
    ├── TransferError       the content came broken or short
    ├── WaitTimeoutError    the job was not done before the deadline
    └── JobFailedError      the job ended without a result
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_CHOICES = 50


def one_line(text: str) -> str:
    """Return text on one line, with escapes for control characters, by which a value could command a terminal."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a report something is: an element by its index from 0, a row by its number from 1."""

    element: int | None = None
    caption: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = []
        if self.element is not None:
            caption = f' "{_short(self.caption)}"' if self.caption else ""
            parts.append(f"elements[{self.element}]{caption}")
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f'column "{_short(self.column)}"')
        return ", ".join(parts)


class IcreportError(Exception):
    """A failure with what was wrong, where, and what to do; `str()` is one line for a person."""

    def __init__(self, message: str, *, place: Place | None = None, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place and str(self.place) else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return one_line(f"{where}{self.message}{remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders in batches: rebuild from the state, not from __init__'s arguments.
        return (_rebuild, (type(self), self.__dict__))


def _rebuild(kind: type[IcreportError], state: dict[str, object]) -> IcreportError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    error.args = (state.get("message"),)
    return error


class ReadError(IcreportError):
    """The source is missing, unreadable or empty."""


class JsonError(ReadError):
    """The bytes are not JSON (RFC 8259).

    `line` and `column` count from 1, the column in characters; `offset` counts the bytes of the UTF-8 text from 0.
    """

    def __init__(self, message: str, *, line: int, column: int, offset: int, place: Place | None = None) -> None:
        super().__init__(message, place=place)
        self.line = line
        self.column = column
        self.offset = offset

    def __str__(self) -> str:
        return f"{super().__str__()} at line {self.line} column {self.column} (byte {self.offset})"


class ShapeError(ReadError):
    """The JSON is not a report document."""


class LimitError(ReadError):
    """The source is larger or deeper than the limits allow."""


class UsageError(IcreportError):
    """What was asked for cannot be done as asked."""


class FormatError(UsageError):
    """No renderer has that name or suffix."""


class OptionError(UsageError):
    """The renderer has no such option, or the option cannot have that value."""


class MissingExtraError(UsageError):
    """An optional dependency is not installed; the message names the line that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional dependency", remedy=f"pip install 'icreport[{extra}]'")


class ThemeError(IcreportError):
    """A file of a theme is wrong."""


class UnknownThemeError(ThemeError, UsageError):
    """There is no theme of that name, and no such folder."""


class ViewError(IcreportError):
    """A view is wrong, or asks for what the report does not have."""


class UnknownViewError(ViewError, UsageError):
    """There is no file of a view where one was named."""


class RenderError(IcreportError):
    """The format cannot hold the report."""


class LossError(RenderError):
    """Under `strict`, something would be lost or changed."""


class OutputError(IcreportError):
    """The target cannot be written."""


class ServiceError(IcreportError):
    """The service could not be reached, or refused."""


class UnreachableError(ServiceError):
    """Nobody answers at the service's address, so it has not seen the request."""


class UnavailableError(ServiceError):
    """The service, or a proxy in front of it, answers that it cannot be used now (HTTP 429, 502, 503, 504)."""


class AuthenticationError(ServiceError):
    """The service did not accept the credentials."""


class NotFoundError(ServiceError):
    """The service does not have what was asked for."""


class TransferError(ServiceError):
    """The content came broken or short."""


class WaitTimeoutError(ServiceError):
    """The job was not done before the deadline."""


class JobFailedError(ServiceError):
    """The job ended without a result."""


def choices(wanted: str, known: Iterable[str]) -> str:
    """Return a remedy that names what there is, and first what is nearest to what was asked for."""
    # Only who meets an error pays for the import.
    from difflib import get_close_matches

    names = list(dict.fromkeys(known))
    folded = {name.casefold(): name for name in reversed(names)}
    asked = wanted.casefold()
    close = get_close_matches(asked, folded, 1) or [name for name in folded if asked and name.startswith(asked)]
    hint = f"did you mean {_short(folded[close[0]])!r}? " if close else ""
    more = f", and {len(names) - _MOST_CHOICES} more" if len(names) > _MOST_CHOICES else ""
    return f"{hint}known: {', '.join(map(_short, names[:_MOST_CHOICES]))}{more}"


def _short(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
