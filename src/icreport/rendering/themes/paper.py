"""The @page rules of a theme: its paper, and what stands in the margins of each page."""

from __future__ import annotations

import re
from math import cos, radians, sin
from typing import TYPE_CHECKING

from icreport.rendering.html_text import css_string
from icreport.rendering.text_direction import direction_of
from icreport.rendering.themes.config import millimetres

if TYPE_CHECKING:
    from icreport.rendering.themes.config import PageSetup, ThemeConfig
    from icreport.words import Words


_SIZES = {
    "A3": (297.0, 420.0),
    "A4": (210.0, 297.0),
    "A5": (148.0, 210.0),
    "letter": (215.9, 279.4),
    "legal": (215.9, 355.6),
    "ledger": (279.4, 431.8),
}
"""Widths and heights of upright paper in millimetres (ISO 216, ANSI/ASME Y14.1)."""
_PLACES = re.compile(r"(\{\w+\})")
_COUNTERS = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
_PIXELS = 96 / 25.4
"""CSS pixels of a millimetre."""
_ANGLE = 35
_LARGEST_MARK = 0.22
"""Of the shorter side of a page, the most that the type of a watermark is high."""
_ASCII_WIDTH, _OTHER_WIDTH = 0.75, 1.1
"""Widths of bold characters in heights of their type: the most that common fonts need."""


def page_rules(config: ThemeConfig) -> str:
    """Return the rules of a theme's paper: @page, and the size of its pages as custom properties."""
    page = config.page
    width, height = size_of(page.size, landscape=page.orientation == "landscape")
    rules = [
        f"@page {{ size: {page.size} {page.orientation}; margin: {page.margin}; }}",
        f"@page wide {{ size: {page.size} landscape; }}",
        f"@page larger {{ size: {page.largest or page.size} landscape; }}",
        f":root {{ --page-width: {width}mm; --page-height: {height}mm; --page-short: {min(width, height)}mm; }}",
    ]
    for box, text in (("top-left", config.header), ("bottom-center", config.footer)):
        if text:
            look = f"font: 7.5pt/1 var(--font); color: #51606e; direction: {direction_of(text)};"
            rules.append(f"@page {{ @{box} {{ content: {css_string(text)}; {look} }} }}")
            rules.append(f"@page cover {{ @{box} {{ content: none; }} }}")
    if config.watermark:
        rules.append(_mark("@page", config, width, height))
        rules.append(_mark("@page wide", config, *size_of(page.size, landscape=True)))
        rules.append(_mark("@page larger", config, *size_of(page.largest or page.size, landscape=True)))
    return "\n".join(rules)


def page_number_rule(words: Words) -> str:
    """Return the rule of the margin that says which page of how many a page is."""
    parts = _PLACES.split(words("Page {page} of {pages}"))
    content = [_COUNTERS.get(part) or css_string(part) for part in parts if part]
    return f"@page {{ @bottom-right {{ content: {' '.join(content)}; }} }}\n"


def text_area(page: PageSetup) -> tuple[float, float]:
    """Return width and height of what the margins of a page leave, in CSS pixels."""
    width, height = size_of(page.size, landscape=page.orientation == "landscape")
    margin = millimetres(page.margin)
    return (width - 2 * margin) * _PIXELS, (height - 2 * margin) * _PIXELS


def browser_rules(config: ThemeConfig) -> str:
    """Return the rules for printing from a browser, which knows the size of the paper."""
    if not config.watermark:
        return ""
    size = 100 * min(_LARGEST_MARK, 0.8 / cos(radians(_ANGLE)) / _length(config.watermark))
    return f"@media print {{ .watermark {{ font-size: {size:.2f}vw; }} }}"


def size_of(name: str, *, landscape: bool) -> tuple[float, float]:
    """Return the width and height of paper in millimetres."""
    width, height = _SIZES[name]
    return (height, width) if landscape else (width, height)


def _mark(pages: str, config: ThemeConfig, width: float, height: float) -> str:
    """Return the rule of a watermark on pages of a size in millimetres.

    It is in a margin box, which is drawn over all else on a page and is an artifact of tagged PDF. The box is as wide
    as the page, its text across the middle.
    """
    across = 0.8 * min(width / cos(radians(_ANGLE)), height / sin(radians(_ANGLE)))
    size = min(_LARGEST_MARK * min(width, height), across / _length(config.watermark))
    look = f"font: bold {size:.1f}mm/1 var(--font); color: rgb(0 0 0 / 9%); white-space: nowrap; text-align: center"
    look += f"; direction: {direction_of(config.watermark)}"
    # What is wider than the margin starts at the edge of the page if the margin on its right takes up the rest.
    right = f"margin: 0 calc({config.page.margin} - {width}mm) 0 0"
    place = f"width: {width}mm; {right}; vertical-align: middle; transform: rotate(-{_ANGLE}deg)"
    return f"{pages} {{ @left-middle {{ content: {css_string(config.watermark)}; {look}; {place}; }} }}"


def _length(text: str) -> float:
    """Return about how long a text is in heights of its type."""
    return max(1.0, sum(_ASCII_WIDTH if char.isascii() else _OTHER_WIDTH for char in text))
