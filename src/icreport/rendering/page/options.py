"""Options that HTML and PDF share, since both show a page."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from icreport.rendering.record_links import LinkOption
from icreport.rendering.renderer import Renderer


class PageRenderer(Renderer):
    """A renderer of pages: with a theme, links to records, and the language of numbers and dates."""

    theme: str | None = Field(default=None, description="A built-in theme (house, compact, formal) or a folder.")
    link: LinkOption = None
    headings: Literal["plain", "numbered"] | None = Field(
        default=None, description="Number sections, and what is in them; else as the report, view or theme says."
    )
    lists: bool | None = Field(default=None, description="List tables and figures after the contents; else the same.")
    locale: str | None = Field(
        default=None,
        description="The language of words, numbers and dates (de, nb, en-GB); left open, these are as they came.",
    )
