"""Style sheets as WeasyPrint has them, parsed once for all documents: parsing takes as long as laying out a page."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from weasyprint import CSS
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration

from icreport.rendering.fetching import DataFetcher

_MOST = 8
_THREAD = threading.local()


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """A parsed style sheet, the fonts and counters that it brings, and what it asked for in vain."""

    css: CSS
    fonts: FontConfiguration
    counters: CounterStyle
    refused: dict[str, None]


def parsed(text: str) -> StyleSheet:
    """Give the style sheet; each thread has its own, since Pango's fonts are not for several."""
    known: dict[str, StyleSheet] = _THREAD.__dict__.setdefault("known", {})
    found = known.pop(text, None)
    if found is None:
        fetcher, fonts, counters = DataFetcher(), FontConfiguration(), CounterStyle()
        css = CSS(string=text, font_config=fonts, counter_style=counters, url_fetcher=fetcher)
        found = StyleSheet(css, fonts, counters, fetcher.refused)
    known[text] = found
    if len(known) > _MOST:
        del known[next(iter(known))]
    return found
