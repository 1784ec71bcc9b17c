"""What values sort by: bytes whose order is that of the values, quick to compare and small to keep."""

from __future__ import annotations

import struct
from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from math import inf
from typing import TYPE_CHECKING, Any

from icreport.model.conditions import date_of, is_blank, is_no_value, number_of
from icreport.model.totals import identity
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.model.formats import ValueType

KeyOf = Callable[[Any], bytes]

_LISTED, _NUMBER, _DATE, _TEXT, _NO_VALUE, _BLANK = b"\x01", b"\x10", b"\x20", b"\x30", b"\xe0", b"\xf0"
_DOWN = bytes(range(255, -1, -1))
_KNOWN = 1 << 14
_EXACT = 1 << 53
_SAME, _MORE, _LESS = b"\x01", b"\x02", b"\x00"
_END = b"\x00\x00"
_LARGEST_DATE = 1 << 95
_CONTEXT = Context(prec=5000, Emax=MAX_EMAX, Emin=MIN_EMIN)


def key_of(kind: ValueType | None, order: Sequence[Any] | None, *, down: bool) -> KeyOf:
    """Return what gives a value of a column its key.

    Values that `order` lists come first, in its order; then numbers, dates (ISO 8601, by the moment), other texts (case
    does not count but where all else is equal). `down` turns all that around. Texts such as `n/a`, then blanks, are
    last either way. A column of `kind` text has no numbers and dates.
    """
    places = {identity(value): at for at, value in enumerate(order or ())}
    # A column of numbers may have them as text.
    by_text = {text_of(value): at for at, value in enumerate(order or ())}
    known: dict[Any, bytes] = {}

    def made(value: Any) -> bytes:
        at = places.get(identity(value)) if places else None
        if at is None and by_text:
            at = by_text.get(text_of(value))
        if at is not None:
            key = _LISTED + struct.pack(">I", at)
        elif is_no_value(value):
            return _BLANK if is_blank(value) else _NO_VALUE
        else:
            key = _key(value, kind)
        return key.translate(_DOWN) if down else key

    def remembered(value: Any) -> bytes:
        name = (type(value), value) if type(value) in {int, float, str} else None
        if name is None:
            return made(value)
        found = known.get(name)
        if found is None:
            if len(known) >= _KNOWN:
                known.clear()
            found = known[name] = made(value)
        return found

    return remembered


def _key(value: Any, kind: ValueType | None) -> bytes:
    if kind != "text":
        number = number_of(value)
        if number is not None:
            # Of equal numbers those that are text come last, so that equal values stand together.
            return _NUMBER + _number(value, number) + (b"\x01" if isinstance(value, str) else b"\x00")
        found = date_of(value)
        if found is not None:
            moment = struct.pack(">IQ", *divmod(found.nanoseconds + _LARGEST_DATE, 1 << 64))
            return _DATE + moment + bytes([len(found.separator)]) + _text(value)
    text = text_of(value)
    return _TEXT + _text(text.casefold()) + _text(text)


def _text(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass").replace(b"\x00", b"\x00\xff") + _END


def _number(value: Any, number: Decimal) -> bytes:
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
