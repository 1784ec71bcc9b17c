"""Where in a TOML file something is said, for messages: `tomllib` forgets the lines of what it reads."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HEADER = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)

Path = tuple[str | int, ...]


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """Return the line, from 1, of the longest part of a path of keys and indexes that the file says on a line."""
    best, found = 0, None
    for number, said in _lines(text):
        same = 0
        for one, other in zip(said, path, strict=False):
            if one != other:
                break
            same += 1
        if same > best and same == len(said):
            best, found = same, number
    return found


def _lines(text: str) -> Iterator[tuple[int, Path]]:
    """Yield the path that each header and key of a file stands for."""
    counts: Counter[Path] = Counter()
    header: Path = ()
    for number, line in enumerate(text.split("\n"), 1):
        if found := _HEADER.match(line):
            keys = _keys(f"[{found[2]}]")
            header = _indexed(keys, counts, is_array=found[1] == "[[")
            if keys:
                yield number, header
        elif (found := _KEY.match(line)) and (keys := _keys(f"{found[1]} = 0")):
            yield number, (*header, *keys)


def _keys(line: str) -> list[str]:
    """Return the keys that a header or an assignment names, none where it is no TOML."""
    try:
        found: object = tomllib.loads(line)
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    keys = []
    while isinstance(found, dict) and found:
        key, found = next(iter(found.items()))
        keys.append(key)
    return keys


def _indexed(keys: list[str], counts: Counter[Path], *, is_array: bool) -> Path:
    """Return the path of a header: after the name of an array of tables comes the index of its last table."""
    path: Path = ()
    for at, key in enumerate(keys):
        path = (*path, key)
        if is_array and at == len(keys) - 1:
            counts[path] += 1
        if counts[path]:
            path = (*path, counts[path] - 1)
    return path
