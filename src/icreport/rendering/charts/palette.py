"""The colours of charts: those of the theme's tokens, by names that a page sets for light and dark."""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING

from icreport.rendering.themes.contrast import palettes, rgb_of
from icreport.rendering.themes.tokens import SERIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icreport.rendering.themes.theme import Theme

_Rgb = tuple[float, float, float]
SHADES = 3
"""How many values of one look can be told apart."""
_OURS = {"ink": "#17222d", "muted": "#51606e", "line": "#d8e0e7", "paper": "#ffffff"}
_ACCENT = "#0b5a7a"
_LOOKS = {"good": "#14603a", "fair": "#7a4a00", "bad": "#97201b"}
_HUES = (None, 28, 168, 278, 340, 95, 215, 50)
"""Degrees of the colours after the accent, far apart for those who do not tell red from green too."""
_LIGHTNESS = ((0.30, 0.62, 0.40, 0.50, 0.66, 0.36, 0.58, 0.45), (0.70, 0.68, 0.62, 0.74, 0.72, 0.60, 0.76, 0.66))
_LIGHTS = (0.42, 0.64)
"""How light the colour of a status is on an area: texts have it darker, and lighter on dark screens."""
_PARTS = (1.0, 0.62, 0.34)
"""Of its colour in the shades of a look, the rest is paper."""


def chart_palettes(theme: Theme) -> dict[str, dict[str, str]]:
    """Return the colours of charts by name, for light screens and paper, and for dark screens if the theme has any."""
    return {scheme: _distinct(_colours(tokens, dark=scheme == "dark")) for scheme, tokens in palettes(theme).items()}


def _colours(tokens: dict[str, str], *, dark: bool) -> dict[str, _Rgb]:
    found: dict[str, _Rgb] = {name: _token(tokens, name, ours) for name, ours in _OURS.items()}
    paper, accent = found["paper"], _token(tokens, "accent", _ACCENT)
    for at in range(SERIES):
        hue = _HUES[at]
        lightness = _LIGHTNESS[dark][at]
        named = rgb_of(tokens, f"series-{at + 1}")
        found[f"series-{at + 1}"] = named or (accent if hue is None else colorsys.hls_to_rgb(hue / 360, lightness, 0.6))
    for look, ours in _LOOKS.items():
        hue_of, light, saturation = colorsys.rgb_to_hls(*_token(tokens, look, ours))
        strong = colorsys.hls_to_rgb(hue_of, min(max(light, _LIGHTS[0]), _LIGHTS[1]), min(saturation, 0.8))
        for at, part in enumerate(_PARTS, 1):
            found[f"{look}-{at}"] = _mixed(strong, paper, part)
    found["plain-1"] = _mixed(found["muted"], paper, 0.7)
    found["plain-2"] = _mixed(found["muted"], paper, 0.45)
    found["plain-3"] = _mixed(found["muted"], paper, 0.25)
    return found


def _token(tokens: dict[str, str], name: str, ours: str) -> _Rgb:
    return rgb_of(tokens, name) or rgb_of({name: ours}, name) or (0.0, 0.0, 0.0)


def _mixed(front: _Rgb, below: _Rgb, part: float) -> _Rgb:
    red, green, blue = (part * a + (1 - part) * b for a, b in zip(front, below, strict=True))
    return red, green, blue


def _distinct(colours: Mapping[str, _Rgb]) -> dict[str, str]:
    """Return colours as CSS writes them, each another one, so that a drawing tells which of them it has."""
    made: dict[str, str] = {}
    for name, colour in colours.items():
        red, green, blue = (round(255 * part) for part in colour)
        while (written := f"#{red:02x}{green:02x}{blue:02x}") in made.values():
            blue = blue - 1 if blue else 255
        made[name] = written
    return made
