"""Text as SpreadsheetML holds it: escaped, its length counted as Excel counts, its width as a person sees it."""

from __future__ import annotations

import re
import unicodedata

MOST_UNITS = 32_767
"""How many UTF-16 code units a cell holds."""
_SLIM, _BROAD = b" !'(),./:;I[]fijlrt|", b"%&@ABCDGHKMNOQRUVWXmw"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def without_forbidden(text: str) -> tuple[str, int]:
    """Replace the characters that XML 1.0 cannot hold by U+FFFD; gives how many there were."""
    return _FORBIDDEN.subn("\ufffd", text)


def with_line_feeds(text: str) -> tuple[str, int]:
    """Make every line end a line feed, which is Excel's; gives how many became one."""
    return _LINE_END.subn("\n", text) if "\r" in text else (text, 0)


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
    """Give as much of the start of a text as fits into `most` code units, no character halved."""
    if units(text) <= most:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")


def width_of(text: str) -> int:
    """Give how many digits wide the widest line of a text is about; East Asian wide characters count two."""
    if text.isascii() and "\n" not in text:
        return len(text)
    return max(map(_line_width, text.split("\n")))


def prose_width(line: str) -> float:
    """Give about how many digits wide a line of text is, the widths of Calibri's letters counted."""
    data = line.encode("ascii", "ignore")
    others = len(data.translate(None, _SLIM)), len(data.translate(None, _BROAD))
    return _line_width(line) - 0.45 * (len(data) - others[0]) + 0.3 * (len(data) - others[1])


class _Widths(dict[str, int]):
    """The widths of characters in digits; looking one up costs a quarter of asking for its properties."""

    def __missing__(self, character: str) -> int:
        wide = unicodedata.east_asian_width(character) in "WF"
        width = 2 if wide else int(not unicodedata.combining(character))
        if len(self) < _MOST_WIDTHS:
            self[character] = width
        return width


_MOST_WIDTHS = 1 << 14
_WIDTHS = _Widths()


def _line_width(line: str) -> int:
    return len(line) if line.isascii() else sum(map(_WIDTHS.__getitem__, line))
