"""Custom properties of a style sheet that nothing changes, put where they are used.

WeasyPrint resolves each `var()` for each element anew, which takes a tenth of the time of a small document.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tinycss2.ast import Declaration, Node

_MOST_STEPS = 8
"""Custom properties that name others in turn."""
_LONGEST = 200
"""Characters of a value: a theme could make more of few."""
_WITHIN = {("sheet", "@media", "print"): "sheet", ("sheet", ":root"): ":root"}
"""What a rule is in which custom properties count for all elements; others are not looked into further."""


@lru_cache(8)
def resolved(css: str) -> str:
    """Return a style sheet for print with the values of what is set on `:root` alone in place of its plain `var()`.

    Those with a fallback, in circles or set elsewhere too stay as they are (CSS Custom Properties 1, 3).
    """
    tokens = tinycss2.parse_component_value_list(css, skip_comments=True)
    values: dict[str, list[Node]] = {}
    elsewhere: set[str] = set()
    for where, declaration in _declared(tokens):
        text = tinycss2.serialize(declaration.value).strip()
        if where != ":root" or declaration.important or not 0 < len(text) <= _LONGEST:
            elsewhere.add(declaration.name)
        values[declaration.name] = tinycss2.parse_component_value_list(text)
    constant = {name: value for name, value in values.items() if name not in elsewhere}
    for _ in range(_MOST_STEPS):
        put = {name: _put(value, constant) for name, value in constant.items()}
        constant = {name: value for name, value in put.items() if len(tinycss2.serialize(value)) <= _LONGEST}
    return str(tinycss2.serialize(_put(tokens, constant)))


def _put(tokens: list[Node], values: dict[str, list[Node]]) -> list[Node]:
    """Return tokens with values in place of what uses them; blocks and functions are changed where they are."""
    put: list[Node] = []
    for token in tokens:
        if token.type == "function" and token.lower_name == "var":
            used = [each for each in token.arguments if each.type != "whitespace"]
            put += values.get(used[0].value, [token]) if len(used) == 1 and used[0].type == "ident" else [token]
            continue
        if token.type == "function":
            token.arguments = _put(token.arguments, values)
        elif token.type.endswith(" block"):
            token.content = _put(token.content, values)
        put.append(token)
    return put


def _declared(tokens: list[Node], where: str = "sheet") -> Iterator[tuple[str, Declaration]]:
    """Yield the custom properties that count in print, each with where it is set: in `:root` alone, or elsewhere."""
    statement: list[Node] = []
    for part in [*tokens, tinycss2.ast.LiteralToken(0, 0, ";")]:
        if part == ";":
            if _is_custom(statement) and (declaration := _parsed(statement)):
                yield where, declaration
            statement = []
        elif part.type == "{} block" and not _is_custom(statement):
            prelude = tinycss2.serialize(statement).split()
            if prelude[:2] != ["@media", "screen"] or "," in "".join(prelude):
                yield from _declared(part.content, _WITHIN.get((where, *prelude), "elsewhere"))
            statement = []
        elif statement or part.type != "whitespace":
            statement.append(part)


def _is_custom(statement: list[Node]) -> bool:
    return bool(statement) and statement[0].type == "ident" and statement[0].value.startswith("--")


def _parsed(statement: list[Node]) -> Declaration | None:
    found = tinycss2.parse_one_declaration(statement)
    return found if found.type == "declaration" else None
