"""A place in a stream of JSON text (RFC 8259) that moves forward value by value in flat memory."""

from __future__ import annotations

import json
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from icreport.errors import JsonError, LimitError, ReadError
from icreport.values import exact_float

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icreport.errors import Place
    from icreport.limits import Limits
    from icreport.warnings import Warnings

_NO_SPACE = re.compile(rb"[^ \t\n\r]")
_AFTER_SCALAR = re.compile(rb'[\s,:\[\]{}"]')
# A whole string, a bracket, or the quote of a string whose end is not in the buffer yet.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|"', re.DOTALL)
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_ANY = msgspec.json.Decoder(Any, float_hook=exact_float)
_LONGEST_ESCAPE = 6  # bytes
_CONTINUATIONS = bytes(range(0x80, 0xC0))
"""All but the first byte of a character of several, in UTF-8."""
_BYTE = re.compile(r"\(byte (\d+)\)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A position in the text: byte offset from 0, line and column (characters) from 1."""

    offset: int = 0
    line: int = 1
    column: int = 1

    def after(self, text: bytes) -> Mark:
        """Return the position at the end of `text`, which starts here."""
        newline = text.rfind(b"\n")
        line = text[newline + 1 :]
        characters = len(line) if line.isascii() else len(line.translate(None, _CONTINUATIONS))
        if newline < 0:
            return Mark(self.offset + len(text), self.line, self.column + characters)
        return Mark(self.offset + len(text), self.line + text.count(b"\n"), 1 + characters)


class Cursor:
    """Walks over JSON text that comes in blocks; `data[pos:]` is what has been read and not yet walked over."""

    def __init__(self, blocks: Iterator[bytes], warnings: Warnings, limits: Limits) -> None:
        self.data = b""
        self.pos = 0
        self.place: Place | None = None
        self.warnings = warnings
        self.limits = limits
        self._blocks = blocks
        self._mark = Mark()
        self._marked = 0

    def mark(self, pos: int | None = None) -> Mark:
        """Return the position of the cursor, or of an index of `data` that is not before the last one asked for."""
        if pos is not None:
            return self._mark.after(self.data[self._marked : pos])
        self._mark = self._mark.after(self.data[self._marked : self.pos])
        self._marked = self.pos
        return self._mark

    def refill(self) -> bool:
        """Read more, so that `data` starts at the cursor and is at least twice what was left; false at the end."""
        self.mark()
        self._marked = 0
        parts = [self.data[self.pos :]]
        missing = len(parts[0]) or 1
        while missing > 0 and (block := next(self._blocks, b"")):
            parts.append(block)
            missing -= len(block)
        self.data = b"".join(parts)
        self.pos = 0
        return len(parts) > 1

    def peek(self) -> bytes:
        """Return the first byte of what follows after white space, empty at the end."""
        while True:
            if found := _NO_SPACE.search(self.data, self.pos):
                self.pos = found.start()
                return found[0]
            self.pos = len(self.data)
            if not self.refill():
                return b""

    def take(self, *expected: bytes) -> bytes:
        """Walk over one of the expected marks and return it."""
        found = self.peek()
        if found not in expected:
            wanted = " or ".join(f"'{mark.decode()}'" for mark in expected)
            self.fail(f"expected {wanted}")
        self.pos += 1
        return found

    def members(self) -> Iterator[str]:
        """Walk over an object and yield each key; the caller walks over its value before asking for the next."""
        self.take(b"{")
        if self.peek() == b"}":
            self.pos += 1
            return
        while True:
            if self.peek() != b'"':
                self.fail("expected a key in double quotes")
            name: str = self.value()
            self.take(b":")
            yield name
            if self.take(b",", b"}") == b"}":
                return

    def items(self) -> Iterator[int]:
        """Walk over an array and yield each index from 0; the caller walks over the item before asking for the next."""
        self.take(b"[")
        if self.peek() == b"]":
            self.pos += 1
            return
        index = 0
        while True:
            yield index
            index += 1
            if self.take(b",", b"]") == b"]":
                return

    def value(self) -> Any:
        """Walk over a whole value and return it."""
        text = self.raw_value()
        return decode(text, lambda: self.mark(self.pos - len(text)), self.place, self.warnings)

    def raw_value(self) -> bytes:
        """Walk over a whole value and return its text, of which only strings and brackets have been checked."""
        if not self.peek():
            self.fail("the document is cut off")
        end = self._scalar_end() if self.data[self.pos] not in b'"[{' else self._nested_end()
        text = self.data[self.pos : end]
        self.pos = end
        check_texts(text, self.limits, self.place)
        return text

    def _scalar_end(self) -> int:
        while True:
            if found := _AFTER_SCALAR.search(self.data, self.pos):
                # A stray mark such as ',' is taken as the value, for `decode` to say what is wrong with it.
                return max(found.start(), self.pos + 1)
            if not self.refill():
                return len(self.data)
            if len(self.data) > self.limits.cell:
                raise self.limits.exceeded("cell", "a number has more characters", self.place)

    def _nested_end(self) -> int:
        depth = 0
        walked = 0
        while True:
            for token in _TOKEN.finditer(self.data, self.pos + walked):
                text = token.group()
                if text in b"[{":
                    depth += 1
                    if depth > self.limits.depth:
                        raise self.limits.exceeded("depth", "arrays and objects nest deeper", self.place)
                elif text in b"]}":
                    depth -= 1
                elif text == b'"':
                    walked = token.start() - self.pos
                    if len(self.data) - token.start() > _LONGEST_ESCAPE * self.limits.cell:
                        raise self.limits.exceeded("cell", "a text has more characters", self.place)
                    break
                if depth <= 0:
                    return token.end()
            else:
                walked = len(self.data) - self.pos
            if not self.refill():
                self.pos = len(self.data)
                self.fail("the document is cut off")

    def end(self) -> None:
        """Check that nothing follows."""
        if self.peek():
            self.fail("there is more after the end of the document")

    def fail(self, message: str) -> NoReturn:
        """Raise an error for what is wrong at the cursor."""
        mark = self.mark()
        if self.pos >= len(self.data):
            message = "the document is cut off"
        raise JsonError(message, line=mark.line, column=mark.column, offset=mark.offset, place=self.place)


def check_texts(text: bytes, limits: Limits, place: Place | None) -> None:
    """Raise `LimitError` where a string in JSON text is longer than the limits allow."""
    if len(text) <= limits.cell:
        return
    for string in _TOKEN.findall(text):
        # What is no string after all is for `decode` to tell.
        with suppress(ValueError):
            if len(string) > limits.cell and len(json.loads(string, strict=False)) > limits.cell:
                raise limits.exceeded("cell", "a text has more characters", place)


def decode(text: bytes, mark: Callable[[], Mark], place: Place | None, warnings: Warnings) -> Any:
    """Return the value of JSON text that stands at `mark()`: numbers exact, halves of surrogate pairs as U+FFFD."""
    try:
        return _ANY.decode(text)
    except RecursionError:
        raise LimitError("arrays and objects nest too deep", place=place) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        repaired, count = replace_lone_surrogates(text)
        if count:
            value = decode(repaired, mark, place, warnings)
            warnings.add(
                "lone-surrogate", "halves of surrogate pairs, which are no text, became U+FFFD", place, count=count
            )
            return value
        raise syntax_error(text, mark(), error, place) from None


def replace_lone_surrogates(text: bytes) -> tuple[bytes, int]:
    r"""Put U+FFFD for each `\ud8xx` escape that is not one of a pair; returns how many there were."""
    count = 0

    def replaced(escape: re.Match[bytes]) -> bytes:
        nonlocal count
        count += bool(escape.group(1))
        return b"\\ufffd" if escape.group(1) else escape.group()

    return _ESCAPE.sub(replaced, text), count


def syntax_error(text: bytes, mark: Mark, error: Exception, place: Place | None) -> ReadError:
    """Describe why `text`, which stands at `mark`, is not JSON, and where in it."""

    def refuse_long(digits: str) -> None:
        most = sys.get_int_max_str_digits()
        if 0 < most < len(digits.removeprefix("-")):
            raise LimitError(
                f"an integer has {len(digits):,} digits, more than the {most:,} that Python reads", place=place
            )

    try:
        json.loads(text, parse_constant=_refuse_constant, parse_int=refuse_long)
    except json.JSONDecodeError as found:
        at = mark.after(found.doc[: found.pos].encode("utf-8", "surrogatepass"))
        message = found.msg[:1].lower() + found.msg[1:]
    except (ValueError, RecursionError) as found:
        at, message = mark, str(found)
    else:
        position = _BYTE.search(str(error))
        at, message = mark.after(text[: int(position[1])] if position else b""), "this is not JSON"
    return JsonError(message, line=at.line, column=at.column, offset=at.offset, place=place)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")
