"""What values sort by: bytes whose order is that of the values, quick to compare and small to keep."""

from __future__ import annotations

import struct
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from math import inf
from typing import TYPE_CHECKING

from icreport.model.conditions import date_of, is_blank, is_no_value, number_of
from icreport.model.totals import identity
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icreport.model.formats import ValueType

_LISTED, _NUMBER, _DATE, _TEXT, _NO_VALUE, _BLANK = b"\x01", b"\x10", b"\x20", b"\x30", b"\xe0", b"\xf0"
_DOWN = bytes(range(255, -1, -1))
_MOST_KNOWN = 1 << 14
_LONGEST_KNOWN = 1000  # bytes of a key that is remembered
_EXACT = 1 << 53
_SAME, _MORE, _LESS = b"\x01", b"\x02", b"\x00"
_END = b"\x00\x00"
_LARGEST_DATE = 1 << 95
_CONTEXT = Context(prec=5000, Emax=MAX_EMAX, Emin=MIN_EMIN)


class _Known(dict[object, bytes]):
    """The keys of values of one type, each made once: those of a column repeat."""

    def __init__(self, make: Callable[[object], bytes]) -> None:
        self._make = make

    def __missing__(self, value: object) -> bytes:
        key = self._make(value)
        if len(key) <= _LONGEST_KNOWN:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[value] = key
        return key


class SortKeys:
    """Gives values of a column their keys.

    Values that `order` lists come first, in its order; then numbers, dates (ISO 8601, by the moment), other texts (case
    does not count but where all else is equal). `down` turns all that around. Texts such as `n/a`, then blanks, are
    last either way. A column of `kind` text has no numbers and dates. Keys that stand `apart` are those of groups: of
    values of two groups none are equal.
    """

    def __init__(
        self,
        kind: ValueType | None = None,
        order: Sequence[object] | None = None,
        *,
        down: bool = False,
        apart: bool = False,
    ) -> None:
        self._kind = kind
        self._down = down
        self._apart = apart
        # A number may be listed, or be in the column, as text.
        listed = list(enumerate(order or ()))
        self._places: dict[object, int] = {
            number: at for at, value in listed if (number := number_of(value)) is not None
        }
        self._places |= {text_of(value): at for at, value in listed}
        self._places |= {identity(value): at for at, value in listed}
        self._known: dict[type[object], _Known] = {type_: _Known(self.of) for type_ in (int, float, str)}

    def of_all(self, values: Sequence[object]) -> list[bytes]:
        """Return the keys of values."""
        kinds = set(map(type, values))
        if len(kinds) == 1 and kinds <= self._known.keys():
            return list(map(self._known[kinds.pop()].__getitem__, values))
        return [self._known[type(value)][value] if type(value) in self._known else self.of(value) for value in values]

    def of(self, value: object) -> bytes:
        """Return the key of a value."""
        if not self._apart:
            return self._key(value)
        return _BLANK if is_blank(value) else self._key(value) + _group(value)

    def _key(self, value: object) -> bytes:
        at = None
        if self._places:
            at = self._places.get(identity(value), self._places.get(text_of(value)))
        if at is not None:
            key = _LISTED + struct.pack(">I", at)
        elif is_no_value(value):
            return _BLANK if is_blank(value) else _NO_VALUE
        else:
            key = _key(value, self._kind)
        return key.translate(_DOWN) if self._down else key


def _key(value: object, kind: ValueType | None) -> bytes:
    if kind != "text":
        number = number_of(value)
        if number is not None:
            # Of equal numbers those that are text come last, so that equal values stand together.
            return _NUMBER + _number(value, number) + (b"\x01" if isinstance(value, str) else b"\x00")
        found = date_of(value)
        if found is not None:
            moment = struct.pack(">IQ", *divmod(found.nanoseconds + _LARGEST_DATE, 1 << 64))
            return _DATE + moment + bytes([len(found.separator)]) + _text(text_of(value))
    text = text_of(value)
    return _TEXT + _text(text.casefold()) + _text(text)


def _group(value: object) -> bytes:
    """Return what tells values apart that are not of one group, as 1 and the text `1`."""
    number = None if isinstance(value, str) else number_of(value)
    if number is not None:
        return b"n" + _number(value, number)
    return (b"b" if isinstance(value, bool) else b"t") + _text(text_of(value))


def _text(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass").replace(b"\x00", b"\x00\xff") + _END


def _number(value: object, number: Decimal) -> bytes:
    """Return a number as the bytes of its nearest float and, where that is not the number, how they differ."""
    near = float(number)
    bits = struct.unpack(">Q", struct.pack(">d", near + 0.0))[0]
    key = struct.pack(">Q", bits ^ ((1 << 64) - 1 if bits >> 63 else 1 << 63))
    if type(value) is float or (type(value) is int and -_EXACT <= value <= _EXACT):
        return key + _SAME
    if near in {inf, -inf}:
        return key + _decimal(number)
    with localcontext(_CONTEXT):
        return key + _decimal(number - Decimal(repr(near)))


def _decimal(number: Decimal) -> bytes:
    if not number:
        return _SAME
    digits = bytes(number.normalize(_CONTEXT).as_tuple().digits)
    key = struct.pack(">q", number.adjusted())
    key = bytes([key[0] ^ 128]) + key[1:] + bytes([digit + 1 for digit in digits]) + b"\x00"
    return _MORE + key if number > 0 else _LESS + key.translate(_DOWN)
