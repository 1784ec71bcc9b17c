"""The @page rules of a theme: its paper, and what stands in the margins of each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icreport.rendering.themes.config import ThemeConfig


def page_rules(config: ThemeConfig) -> str:
    """Give the @page rules of a theme's paper."""
    page = config.page
    rules = [
        f"@page {{ size: {page.size} {page.orientation}; margin: {page.margin}; }}",
        f"@page wide {{ size: {page.size} landscape; }}",
        f"@page larger {{ size: {page.largest or page.size} landscape; }}",
    ]
    for box, text in (("top-left", config.header), ("bottom-center", config.footer)):
        if text:
            look = "font: 7.5pt/1 var(--font); color: #51606e;"
            rules.append(f"@page {{ @{box} {{ content: {_css_string(text)}; {look} }} }}")
    return "\n".join(rules)


def _css_string(text: str) -> str:
    """Give text as a string of CSS: every character that is not a plain one as its number (CSS Syntax 3, 4.3.7)."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'
