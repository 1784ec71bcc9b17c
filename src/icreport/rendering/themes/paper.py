"""The @page rules of a theme: its paper, and what stands in the margins of each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.rendering.html_text import css_string

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
            rules.append(f"@page {{ @{box} {{ content: {css_string(text)}; {look} }} }}")
    return "\n".join(rules)
