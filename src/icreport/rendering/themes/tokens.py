"""The tokens of a theme: which there are, which values they may have."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from icreport.package_files import templates_folder
from icreport.rendering.themes.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ROOT = re.compile(r":root\s*\{([^}]*)\}")
_DECLARATION = re.compile(r"--([\w-]+)\s*:\s*([^;]+);")
_FORBIDDEN = re.compile(r"[;{}<>\\]")
_FETCHES = re.compile(r"url\s*\(|expression|import", re.IGNORECASE)
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_COMPUTED = re.compile(r"(?:var|calc|min|max|clamp|color-mix|color|light-dark)\(.+\)", re.IGNORECASE | re.DOTALL)
_LENGTH = re.compile(r"0|\d*\.?\d+(?:mm|cm|in|pt|pc|px|q|em|rem|ex|ch|%|vw|vh)", re.IGNORECASE)
_NUMBER = re.compile(r"\d*\.?\d+")
_LENGTHS = {"size": 1, "small": 1, "space": 1, "radius": 4, "measure": 1, "cell": 4}
"""How many lengths the value of a token may have."""
SERIES = 8
"""How many colours charts have for what has no look of its own: `series-1`, …"""
CHART_TOKENS = frozenset(f"series-{number}" for number in range(1, SERIES + 1))
"""Tokens that no style sheet of ours sets: charts have colours of their own where a theme says none."""


@cache
def light_tokens() -> dict[str, str]:
    """Return the tokens of our style sheet with their values."""
    return _declared("style.css")


@cache
def dark_tokens() -> dict[str, str]:
    """Return the tokens that are others on a dark screen, with their values there."""
    return _declared("dark.css")


def _declared(name: str) -> dict[str, str]:
    root = _ROOT.search(read_text(templates_folder() / name))
    return {token: value.strip() for token, value in _DECLARATION.findall(root[1])} if root else {}


@cache
def colour_tokens() -> frozenset[str]:
    """Return the names of the tokens that are colours."""
    return frozenset(name for name, value in light_tokens().items() if value.startswith("#"))


def sets_colours(tokens: Mapping[str, str]) -> bool:
    """Return whether any of these tokens is a colour."""
    return not colour_tokens().isdisjoint(tokens)


def check_value(value: str) -> str:
    """Return the value of a token; raises `ValueError` where it could be more than one value of CSS."""
    if _FORBIDDEN.search(value):
        raise ValueError("not a value of CSS")
    if _FETCHES.search(value):
        raise ValueError("may not refer to a file or address")
    return value


def problem_of(name: str, value: str) -> str | None:
    """Return why a token cannot have a value, None where it can."""
    value = value.strip()
    if not value:
        return "is empty"
    if _COMPUTED.fullmatch(value):
        return None
    if name in colour_tokens() and not is_colour(value):
        return f"{value!r} is not a colour of CSS: write #004b87, rgb(0, 75, 135) or a name"
    if name in _LENGTHS:
        # The commas and blanks within brackets are those of a function.
        parts = re.split(r"\s+(?![^(]*\))", value)
        if len(parts) > _LENGTHS[name] or not all(_LENGTH.fullmatch(p) or _COMPUTED.fullmatch(p) for p in parts):
            return f"{value!r} is not a length of CSS: write it with its unit, as 0.5rem or 6px"
    if name == "leading" and not (_NUMBER.fullmatch(value) or _LENGTH.fullmatch(value)):
        return f"{value!r} is not a line height of CSS: write a number, as 1.4"
    return None


def is_colour(value: str) -> bool:
    """Return whether a text is a colour of CSS (CSS Color 4)."""
    if _HEX.fullmatch(value):
        return True
    from tinycss2.color4 import parse_color  # few themes have other colours

    return parse_color(value) is not None


def used_in(texts: Iterable[str]) -> set[str]:
    """Return the names of the custom properties that style sheets or templates use."""
    return set(chain.from_iterable(re.findall(r"var\(\s*--([\w-]+)", text) for text in texts))


def digits_of(token: str | None, ours: str) -> str:
    """Return a colour of a theme as six digits, ours where it is no plain one."""
    found = re.fullmatch("#([0-9a-f]{3}|[0-9a-f]{6})", (token or "").strip(), re.IGNORECASE)
    digits = found[1] if found else ours
    short = len(digits) < len("rrggbb")
    return ("".join(digit * 2 for digit in digits) if short else digits).upper()
