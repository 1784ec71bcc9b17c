"""Custom properties of a style sheet that nothing changes, put where they are used.

WeasyPrint resolves each `var()` for each element anew, which takes a tenth of the time of a small document.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_COMMENT_OR_STRING = re.compile(rf"/\*.*?\*/|({_STRING})", re.DOTALL)
_BLOCK_END = re.compile(rf"""(?:{_STRING}|[^{{}}"'])*([{{}}])""", re.DOTALL)
_DECLARATION = re.compile(r"(--[\w-]+)\s*:\s*([^;]*)")
_USE = re.compile(r"var\(\s*(--[\w-]+)\s*\)")
_SCREEN = re.compile(r"@media\s+screen\b[^,]*")
_PRINT = re.compile(r"@media\s+print\s*")
_MOST_STEPS = 8
"""Custom properties that name others in turn."""
_LONGEST = 200
"""Characters of a value: a theme could make more of few."""


@lru_cache(8)
def resolved(css: str) -> str:
    """Return a style sheet for print with the values of what is set on `:root` alone in place of its plain `var()`.

    Those with a fallback, in circles or set elsewhere too stay as they are (CSS Custom Properties 1, 3).
    """
    css = _COMMENT_OR_STRING.sub(lambda found: found[1] or " ", css)
    values: dict[str, str] = {}
    elsewhere: set[str] = set()
    for where, name, value in _declared(css):
        if where != ":root" or "!" in value or not 0 < len(value) <= _LONGEST:
            elsewhere.add(name)
        values[name] = value
    constant = {name: value for name, value in values.items() if name not in elsewhere}
    for _ in range(_MOST_STEPS):
        put = {name: _put(value, constant) for name, value in constant.items()}
        constant = {name: value for name, value in put.items() if len(value) <= _LONGEST}
    return _put(css, constant)


def _put(text: str, values: dict[str, str]) -> str:
    return _USE.sub(lambda use: values.get(use[1], use[0]), text)


def _declared(css: str) -> Iterator[tuple[str, str, str]]:
    """Yield the custom properties that count in print, each with the selector of its rule and its value."""
    around: list[str] = []
    at = 0
    while found := _BLOCK_END.match(css, at):
        text, at = css[at : found.start(1)], found.end()
        if not any(map(_SCREEN.fullmatch, around)):
            # What stands before a rule within another is not looked into further.
            where = around[-1] if found[1] == "}" and around and all(map(_PRINT.fullmatch, around[:-1])) else ""
            for name, value in _DECLARATION.findall(text):
                yield where, name, value.strip()
        if found[1] == "{":
            around.append(text.rpartition(";")[2].strip())
        elif around:
            around.pop()
