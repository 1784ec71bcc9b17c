"""The libraries that lay out text (Pango, HarfBuzz, fontconfig): whether they are there, and how to get them."""

from __future__ import annotations

import ctypes.util
import io
import sys
import threading
import warnings
from contextlib import contextmanager, redirect_stdout
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from icreport.errors import RenderError
from icreport.later_imports import imported_later
from icreport.rendering.pdf.missing_glyphs import missing_glyphs

if TYPE_CHECKING:
    from collections.abc import Iterator

_WAYS = {
    "darwin": "brew install pango; for a Python that is not Homebrew's, also export "
    "DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib",
    "win32": "install MSYS2 and run there: pacman -S mingw-w64-ucrt-x86_64-pango; if it is not in C:\\msys64, name its "
    "folder of DLLs by WEASYPRINT_DLL_DIRECTORIES; or use WSL or Docker",
}
_ELSEWHERE = "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0, or dnf install pango"
_FOR_FEW_FONTS = ("fontTools.subset", "fontTools.varLib.instancer")
"""What WeasyPrint imports for variable fonts, and where HarfBuzz is too old to subset: a fifth of a cold start."""
_OPENING = threading.Lock()
"""Held where what all threads share is changed for as long as libraries are opened: each puts back what it found."""
SCRIPTS = {
    "Latin": "Ångström ğ ő",
    "Greek": "Αγωγός",
    "Cyrillic": "Ящик ЖЮЭЫ",
    "Arabic": "أنبوب",
    "Hebrew": "צינור",
    "Devanagari": "पाइप",
    "Thai": "ท่อ",
    "Chinese": "管道检查",
    "Japanese": "パイプの検査",
    "Korean": "배관 검사",
    "symbols": "⌀ ± ≤ → ✓ °",
    "emoji": "🔧",
}
"""A text in each script that reports are written in."""


@cache
def require_libraries() -> None:
    """Import what WeasyPrint needs of the system; raises `RenderError` that says how to get it here."""
    try:
        # It prints a page about what is missing, and warns of what will be.
        with _OPENING, redirect_stdout(io.StringIO()), warnings.catch_warnings(), imported_later(*_FOR_FEW_FONTS):
            warnings.simplefilter("ignore")
            _import_weasyprint()
    except OSError:
        raise RenderError(
            "a PDF needs Pango, which is not on this machine; the other formats do without",
            remedy=_WAYS.get(sys.platform, _ELSEWHERE),
        ) from None


def _import_weasyprint() -> None:
    try:
        with _not_searched_for():
            import_module("weasyprint")
    except OSError:
        import_module("weasyprint")


@contextmanager
def _not_searched_for() -> Iterator[None]:
    """Have the libraries that this thread opens meanwhile opened by names that the system's linker knows.

    WeasyPrint asks for each by several, such as `gobject-2.0` and `libgobject-2.0.so.0`. Those that are no names of
    files ctypes searches for, on Linux by starting ldconfig, gcc, ld and objdump: a quarter of a cold start.
    """
    search, thread = ctypes.util.find_library, threading.get_ident()

    def find_library(name: str) -> str | None:
        return None if threading.get_ident() == thread else search(name)

    if sys.platform == "linux":
        ctypes.util.find_library = find_library
    try:
        yield
    finally:
        ctypes.util.find_library = search


def versions() -> dict[str, str]:
    """Return the versions of WeasyPrint and of what it uses of the system."""
    require_libraries()
    import weasyprint

    from icreport.rendering.pdf.weasyprint_inside import harfbuzz, pango

    number = pango.pango_version()
    return {
        "WeasyPrint": weasyprint.__version__,
        "Pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}",
        "HarfBuzz": ".".join(map(str, _newest(harfbuzz))),
    }


class _HarfBuzz(Protocol):
    """What cffi opened, as far as it is asked."""

    def hb_version_atleast(self, *version: int) -> bool: ...


def _newest(harfbuzz: _HarfBuzz) -> list[int]:
    """Return the version of HarfBuzz, which here only says whether it is at least another."""
    version = [0, 0, 0]
    for place in range(3):
        while harfbuzz.hb_version_atleast(*version[:place], version[place] + 1, *[0] * (2 - place)):
            version[place] += 1
    return version


def fonts_by_script() -> dict[str, str | None]:
    """Return the fonts in which a text in each script is shown, None where characters of it have none."""
    from weasyprint import HTML

    found: dict[str, str | None] = {}
    for script, sample in SCRIPTS.items():
        document = HTML(string=f'<p style="font-family: sans-serif">{sample}').render()
        with missing_glyphs() as missing:
            document.write_pdf()
        families = sorted({font.family for font in document.fonts.values()})
        found[script] = None if missing else ", ".join(families)
    return found
