"""Text as SpreadsheetML holds it: escaped, its length counted as Excel counts."""

from __future__ import annotations

import re

MOST_UNITS = 32_767
"""How many UTF-16 code units a cell holds."""
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def escape_escapes(text: str) -> str:
    """Escape what would read as the escape of a character in ST_Xstring (ECMA-376 part 1, 22.9.2.19)."""
    return _LOOKS_ESCAPED.sub("_x005F_", text) if "_x" in text else text


def escape(text: str) -> str:
    """Escape allowed text as content of an element of type ST_Xstring."""
    text = escape_escapes(text)
    # XML would make a line feed of a carriage return.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "_x000D_")


def escape_attribute(text: str) -> str:
    """Escape allowed text as an attribute of type ST_Xstring, where XML would make spaces of line ends and tabs."""
    text = escape(text).replace('"', "&quot;")
    return text.replace("\n", "_x000A_").replace("\t", "_x0009_")


def units(text: str) -> int:
    """Count UTF-16 code units, Excel's idea of length."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """Return as much of the start of a text as fits into `most` code units, no character halved."""
    if units(text) <= most:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")
