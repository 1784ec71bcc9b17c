"""Characters that no font on the machine has: WeasyPrint draws a box for them, and says so in its log."""

from __future__ import annotations

import logging
import threading
import warnings
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

from icreport.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOGGER = logging.getLogger("weasyprint")
_SHOWN = 8


class _Collector(logging.Filter):
    """Keeps the characters that this thread logs as missing, and keeps them out of the program's log: they are told."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}
        self._thread = threading.get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        is_ours = record.thread == self._thread and "notdef" in str(record.msg) and isinstance(record.args, tuple)
        if is_ours and isinstance(record.args, tuple):
            self.found[str(record.args[0])] = None
        return not is_ours


@contextmanager
def missing_glyphs() -> Iterator[dict[str, None]]:
    """Collect the characters without a glyph, in order, while WeasyPrint lays out and draws in this thread."""
    collector = _Collector()
    _LOGGER.addFilter(collector)
    try:
        yield collector.found
    finally:
        _LOGGER.removeFilter(collector)


def require_fonts() -> None:
    """Make sure that there is a font: without any, Pango ends the whole process (SIGSEGV)."""
    if not _has_fonts():
        raise RenderError(
            "there is no font on this machine", remedy="install fonts, such as Debian's fonts-dejavu-core"
        )


@cache
def _has_fonts() -> bool:
    with warnings.catch_warnings():
        # WeasyPrint warns of it when it is imported, and goes on.
        warnings.simplefilter("ignore", UserWarning)
        from icreport.rendering.pdf.weasyprint_inside import ffi, fontconfig

    config = ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    return bool(fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem).nfont)


def describe(missing: dict[str, None]) -> str:
    """Name the characters, the first few of them, and Debian's packages of fonts that have such."""
    names = [f"{character!r} (U+{ord(character):04X})" for character in missing]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    packages = " and ".join(dict.fromkeys(map(_package, missing)))
    return f"no font here has {', '.join(names[:_SHOWN])}{more}: install more fonts, such as Debian's {packages}"


def _package(character: str) -> str:
    kind = category(character)
    # What is not assigned counts as wide.
    if kind == "Cn" or east_asian_width(character) not in "WF":
        return "fonts-noto-core"
    return "fonts-noto-color-emoji" if kind == "So" else "fonts-noto-cjk"
