"""Columns of a table as pandas and Arrow take them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence


_MOST_EXACT = 1 << 53  # the largest integer up to which a float holds each


def needs_objects(values: Sequence[object]) -> bool:
    """Return whether pandas would make floats of integers that no float holds."""
    integers = [value for value in values if type(value) is int]
    return len(integers) < len(values) and any(abs(value) > _MOST_EXACT for value in integers)


def arrow_array(pyarrow: Any, values: list[Any]) -> Any:
    """Return values as an Arrow array of the type that holds all of them, text where there is none."""
    plain = [float(value) if isinstance(value, float) else value for value in values]
    kinds = {type(value) for value in plain} - {type(None)}
    if kinds <= {int, float} or (len(kinds) == 1 and not kinds & {list, dict}):
        with suppress(pyarrow.ArrowInvalid, OverflowError):
            return pyarrow.array(plain)
    return pyarrow.array([None if value is None else text_of(value) for value in values], pyarrow.string())
