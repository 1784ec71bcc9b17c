"""Contrasts of the tokens of a theme (WCAG 2.2, 1.4.3 and 1.4.11): which text can be read on which ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import tinycss2
from tinycss2.color4 import parse_color

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tinycss2.ast import Node

    from icreport.rendering.themes.theme import Theme

_TEXT, _EDGE = 4.5, 3.0
_GROUNDS = ("paper", "ground", "stripe", "head")
_PAIRS = (
    *[(text, ground, _TEXT) for text in ("ink", "muted", "accent") for ground in _GROUNDS],
    *[(status, f"{status}-ground", _TEXT) for status in ("good", "fair", "bad")],
    ("ink", "plain-ground", _TEXT),
    ("field", "paper", _EDGE),
)
"""What stands on what: text, links and sorted headers on panels, pages, stripes and headers; edges of fields."""
_PARTS = (0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05)
"""Of the accent in the deepest ground of a colour scale: the first of them on which text can be read is taken."""
_MOST_STEPS = 8
_LINEAR_UP_TO = 0.04045
_Colour = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two tokens of which one stands on the other: the contrast that they have, and the least that they need."""

    scheme: str
    front: str
    ground: str
    front_value: str
    ground_value: str
    ratio: float
    least: float

    def __str__(self) -> str:
        pair = f"{self.front} ({self.front_value}) on {self.ground} ({self.ground_value})"
        return f"{self.scheme}: {pair} has a contrast of {self.ratio:.2f}:1, and needs {self.least:g}:1"


def low_contrasts(theme: Theme) -> Iterator[Contrast]:
    """Yield the pairs of tokens that cannot be told apart well enough, of the light screen and then of the dark one."""
    for scheme, tokens in palettes(theme).items():
        for front, ground, least in _PAIRS:
            above, below = _colour(tokens, front), _colour(tokens, ground)
            ratio = contrast(above, below) if above and below else least
            if ratio < least:
                yield Contrast(scheme, front, ground, tokens[front], tokens[ground], ratio, least)


def mixed_grounds(theme: Theme, steps: int) -> dict[str, list[str]]:
    """Return the grounds of a colour scale from the panels' to the accent, for each scheme, so that text can be read.

    The deepest one is as much of the accent as leaves text its contrast.
    """
    made = {}
    for scheme, tokens in palettes(theme).items():
        ink, paper, accent = (_colour(tokens, name) for name in ("ink", "paper", "accent"))
        if not (ink and paper and accent):
            made[scheme] = [
                f"color-mix(in srgb, var(--accent) {25 * step // steps}%, var(--paper))" for step in range(1, steps + 1)
            ]
            continue
        below = _over(paper, (1.0, 1.0, 1.0, 1.0))
        part = next((part for part in _PARTS if contrast(ink, _mixed(accent, below, part)) >= _TEXT), 0.0)
        colours = [_mixed(accent, below, part * step / steps) for step in range(1, steps + 1)]
        made[scheme] = ["#" + "".join(f"{round(255 * channel):02x}" for channel in colour[:3]) for colour in colours]
    return made


def _mixed(front: _Colour, below: _Colour, part: float) -> _Colour:
    return _over((*front[:3], front[3] * part), below)


def palettes(theme: Theme, *, paper: bool = False) -> dict[str, dict[str, str]]:
    """Return the tokens with their values as the style sheets set them: of light screens, and of dark ones if any.

    Of paper, those of light screens are what it has.
    """
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for scheme, name, value in _declared(
        tinycss2.parse_stylesheet(theme.css(paper=paper), skip_comments=True, skip_whitespace=True), ""
    ):
        if scheme != "dark":
            light[name] = value
        if scheme != "light":
            dark[name] = value
    return {"light": light} if theme.light_only else {"light": light, "dark": dark}


def _declared(rules: Iterable[Node], scheme: str) -> Iterator[tuple[str, str, str]]:
    """Yield what is set on `:root`: for which scheme (empty: for both), its name and its value."""
    for rule in rules:
        prelude = tinycss2.serialize(rule.prelude).strip().lower() if hasattr(rule, "prelude") else ""
        if rule.type == "at-rule" and rule.lower_at_keyword == "media" and "print" not in prelude and rule.content:
            inner = "dark" if "dark" in prelude else "light" if "light" in prelude else scheme
            if "width" not in prelude and "hover" not in prelude:
                yield from _declared(_contents(rule), inner)
        elif rule.type == "qualified-rule" and prelude in (":root", "html"):
            for declaration in _contents(rule):
                if declaration.type == "declaration" and declaration.name.startswith("--"):
                    yield scheme, declaration.name[2:], tinycss2.serialize(declaration.value).strip()


def _contents(rule: Node) -> list[Node]:
    contents: list[Node] = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    return contents


def rgb_of(tokens: dict[str, str], name: str) -> tuple[float, float, float] | None:
    """Return a token as sRGB, each part from 0 to 1, translucent colours over white; None where it is not known."""
    colour = _colour(tokens, name)
    return None if colour is None else _over(colour, (1.0, 1.0, 1.0, 1.0))[:3]


def _colour(tokens: dict[str, str], name: str) -> _Colour | None:
    """Return a token as sRGB and opacity, each from 0 to 1; None where it is computed in a way not known here."""
    value = tokens.get(name, "")
    for _ in range(_MOST_STEPS):
        if not value.startswith("var(--"):
            break
        value = tokens.get(value[6:].rstrip(")").strip(), "")
    colour = parse_color(value)
    if colour is None or isinstance(colour, str):
        return None
    red, green, blue = (min(max(part, 0.0), 1.0) for part in colour.to("srgb").coordinates)
    return red, green, blue, colour.alpha


def contrast(front: _Colour, ground: _Colour) -> float:
    """Return the contrast of one colour on another, from 1 to 21; what is translucent is laid over what is below."""
    below = _over(ground, (1.0, 1.0, 1.0, 1.0))
    lighter, darker = sorted((_luminance(_over(front, below)), _luminance(below)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _over(front: _Colour, below: _Colour) -> _Colour:
    alpha = front[3]
    red, green, blue = (alpha * a + (1 - alpha) * b for a, b in zip(front[:3], below[:3], strict=True))
    return red, green, blue, 1.0


def _luminance(colour: _Colour) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    linear = [part / 12.92 if part <= _LINEAR_UP_TO else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
