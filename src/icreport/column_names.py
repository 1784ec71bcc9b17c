"""Names that are different from each other: the one rule for columns, sheets and tables of every format."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def unique_names(
    wanted: Sequence[str],
    numbered: Callable[[str, int], str] = "{} {}".format,
    key: Callable[[str], str] = str,
    taken: Iterable[str] = (),
) -> list[str]:
    """Return a name for each that is wanted: the first to want a name has it, the others get a number, from 2.

    Names that are wanted as they are go before those that get a number, so no number makes the name of another.
    `numbered` puts a number to a name, `key` tells which names are the same, `taken` are names that none may have.
    """
    used = {key(name) for name in taken}
    reserved = set(map(key, wanted)) | used
    last: Counter[str] = Counter()
    names = []
    for name in wanted:
        found = name
        if key(name) in used:
            while key(found) in reserved:
                last[key(name)] += 1
                found = numbered(name, last[key(name)] + 1)
            reserved.add(key(found))
        used.add(key(found))
        names.append(found)
    return names


def column_names(heads: Sequence[str]) -> list[str]:
    """Return a name of its own for each column: `column 3` where it has none, `Depth 2` for the second `Depth`."""
    return unique_names([head or f"column {number}" for number, head in enumerate(heads, 1)])
