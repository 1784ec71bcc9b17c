"""Rows on their way through a comparison: what they are found by, and their values as bytes."""

from __future__ import annotations

import marshal
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from icreport.comparing.values import meaning_of
from icreport.model.rows import batches_of
from icreport.values import ExactFloat, exact_float

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from icreport.model.rows import Batch, Row

PLAIN = 2
"""The version of the format of `marshal` that does not look for objects that it has seen."""
_PLAIN_KEYS = {int, str, type(None)}
_SHORT = 10**100
WHOLE = "w"
"""What the key of a row starts with that is found by nothing but all of its values."""
_LONGEST = 200  # characters of a key that stays as it is


Record: TypeAlias = tuple[str, int, object, bytes, bytes]
"""A row: what it is found by, its number from 0, the key of its record (`plain`), and its values in two parts.

The first has those of the columns that both tables have, in the order of the new one, and those beyond the columns; the
second those of columns that only its own table has. Both are `packed`. A tuple, as there are millions of them.
"""


read_back: Callable[[bytes], Any] = marshal.loads
"""Return what was made bytes by `marshal`; only for those that this process has written itself."""


def packed(values: Sequence[Any]) -> bytes:
    """Return values as bytes, which are equal only if the values are, all their digits and types too."""
    try:
        return marshal.dumps(tuple(values), PLAIN)
    except ValueError:
        return marshal.dumps(tuple(map(plain, values)), PLAIN)


def unpacked(data: bytes) -> tuple[object, ...]:
    """Return the values of bytes."""
    values: tuple[object, ...] = read_back(data)
    return tuple([exact(value) if type(value) in _MAY_BE_PLAIN else value for value in values])


_MAY_BE_PLAIN = {tuple, list, dict}


def plain(value: object) -> Any:
    """Return a value that `marshal` takes: a tuple stands for a number with its digits, of which JSON has none."""
    if type(value) is ExactFloat:
        return (value.literal,)
    if isinstance(value, list):
        return list(map(plain, value))
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def exact(value: object) -> object:
    """Return the value for one that is `plain`."""
    if type(value) is tuple:
        return exact_float(value[0])
    if isinstance(value, list):
        return list(map(exact, value))
    return {key: exact(item) for key, item in value.items()} if isinstance(value, dict) else value


def key_text(value: object) -> str:
    """Return a key as text: 7, 7.0 and `"7"` are the same."""
    if type(value) is str:
        return value
    return str(value) if type(value) is int else meaning_of(value)


class Keys(NamedTuple):
    """What the rows of a table are found by, the first of these that they have.

    `by_source` are the keys of their records, `columns` those with these indexes, `by_head` the heads of rows that a
    vertical or pivot table has; else whole rows.
    """

    by_source: bool
    columns: Sequence[int] = ()
    by_head: bool = False


def records_of(
    rows: Iterable[Row],
    keys: Keys,
    compared: Sequence[int],
    others: Sequence[int],
    width: int,
    heads: Sequence[str] | None,
) -> Iterator[list[Record]]:
    """Yield the records of rows some at a time; `compared` and `others` are indexes of columns, `width` all of them.

    `heads` are the categories that head the rows of a pivot table; None where rows have no heads.
    """
    number = 0
    for whole in batches_of(rows):
        batch = whole if whole.is_ordinary else whole.selected([row.kind == "row" for row in whole.rows], None)
        if len(batch):
            own = None if heads is None else heads[number : number + len(batch)]
            yield _records(batch, keys, compared, others, width, own, number)
        number += len(batch)


def _records(
    batch: Batch,
    keys: Keys,
    compared: Sequence[int],
    others: Sequence[int],
    width: int,
    heads: Sequence[str] | None,
    number: int,
) -> list[Record]:
    source_keys = batch.source_keys
    if not set(map(type, source_keys)) <= _PLAIN_KEYS:
        source_keys = list(map(plain, source_keys))
    is_whole = heads is None and not others and list(compared) == list(range(width))
    if batch.is_plain and batch.widths == {width} and width:
        values = list(zip(*batch.columns, strict=True))
    else:
        values = [row.values + (None,) * (width - len(row.values)) for row in batch.rows]
        is_whole = is_whole and batch.widths <= {*range(width + 1)}
    if is_whole:
        kept, rest = values, [b""] * len(values)
    else:
        first: list[tuple[object, ...]] = [()] * len(values)
        if heads is not None:
            first = [(head,) for head in heads] + [(None,)] * (len(values) - len(heads))
        kept = [(*head, *[row[at] for at in compared], *row[width:]) for head, row in zip(first, values, strict=True)]
        rest = [packed([row[at] for at in others]) for row in values] if others else [b""] * len(values)
    found = _found_by(keys, batch.source_keys, values, kept)
    return list(zip(found, count(number), source_keys, map(packed, kept), rest))


def _found_by(
    keys: Keys, source_keys: Sequence[Any], values: Sequence[tuple[object, ...]], kept: Sequence[tuple[object, ...]]
) -> list[str]:
    """Return what each row is found by; the first letter says which kind of key it is."""
    if keys.columns:

        def otherwise(at: int) -> str:
            return "c" + _joined([key_text(values[at][column]) for column in keys.columns])

    elif keys.by_head:

        def otherwise(at: int) -> str:
            return "h" + _shortened(key_text(kept[at][0] if kept[at] else ""))

    else:

        def otherwise(at: int) -> str:
            return WHOLE + _joined(list(map(meaning_of, kept[at])))

    if not keys.by_source:
        return list(map(otherwise, range(len(values))))
    if set(map(type, source_keys)) == {int} and max(map(abs, source_keys)) < _SHORT:
        return [f"s{key}" for key in source_keys]
    return ["s" + _shortened(key_text(key)) if key is not None else otherwise(at) for at, key in enumerate(source_keys)]


def _joined(texts: Sequence[str]) -> str:
    # Each with its length, so that no text can stand for the end of one and the start of another.
    return _shortened("".join([f"{len(text)}:{text}" for text in texts]))


def _shortened(text: str) -> str:
    """Return a text, or what only it has, where it is long."""
    if len(text) <= _LONGEST and not text.startswith("#"):
        return text
    return "#" + blake2b(text.encode("utf-8", "surrogatepass"), digest_size=24).hexdigest()
