"""Text as a worksheet's XML holds it (XML 1.0; ECMA-376 part 1, 22.9.2.19 ST_Xstring)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_CELL = 32_767
"""How many UTF-16 units a cell holds."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x000D_ as the character of that number, so text that happens to look so has its first mark written so.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EDGE = re.compile(r"^[ \t\n\r]|[ \t\n\r]$|[\t\n\r]")
_SEPARATOR = "\x1e"
_SPECIAL = b"&<>\r" + bytes(byte for byte in range(32) if byte not in b"\t\n\r\x1e")


def utf16_length(text: str) -> int:
    """Count as Excel does."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit_for_xml(text: str) -> str:
    """Give the text with U+FFFD for characters that XML has no way to hold."""
    return _NOT_XML.sub("\ufffd", text)


def escape(text: str) -> str:
    """Give the text, which XML can hold, as the content of an element."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return _LOOKS_ESCAPED.sub("_x005F_", text) if "_x" in text else text


def is_plain(texts: Sequence[str]) -> bool:
    """Say whether all texts can stand in XML as they are: one look at all of them costs less than one at each."""
    joined = _SEPARATOR.join(texts)
    if len(joined) > MAX_CELL and max(map(len, texts)) > MAX_CELL // 2:
        return False
    try:
        data = joined.encode()
    except UnicodeEncodeError:
        return False
    return not (
        len(data.translate(None, _SPECIAL)) != len(data)
        or joined.count(_SEPARATOR) != len(texts) - 1
        or "_x" in joined
        or "\n" in joined
        or "\t" in joined
        or " \x1e" in joined
        or "\x1e " in joined
        or joined[:1] == " "
        or joined[-1:] == " "
        or "\ufffe" in joined
        or "\uffff" in joined
    )


def keeps_space(text: str) -> str:
    """Give the attribute that keeps a reader from trimming the text, where it has something to trim."""
    return ' xml:space="preserve"' if _EDGE.search(text) else ""
