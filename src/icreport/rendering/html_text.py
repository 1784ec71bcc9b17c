"""Text as HTML: escaped, and what HTML cannot hold replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from icreport.rendering.column_texts import SEPARATOR
from icreport.values import WITHOUT_TEXT, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

# HTML 13.2.3.5: NUL and most other control characters are errors in a document, and CR would become LF.
MARKUP = ("&", "<", ">", '"', "'")
_NONCHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_NOT_HTML = re.compile(f"[\0-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef{_NONCHARACTERS}]")
_CONTROLS = bytes([*range(0x09), *range(0x0B, 0x20), 0x7F])
# Of these the others are looked for in UTF-8, in which few texts have a byte that they start with.
_SUSPECTS = _CONTROLS + b"\xc2\xef\xf0\xf1\xf2\xf3\xf4"
_BEYOND_ASCII = re.compile(
    rb"\xc2[\x80-\x9f]|\xef\xb7[\x90-\xaf]|\xef\xbf[\xbe\xbf]|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)


def our_html(text: str) -> Markup:
    """Return HTML of our own as templates take it, which escape the rest: no text of a report is in it."""
    return Markup(text)  # noqa: S704 - as it says


def escaped(text: str) -> str:
    """Return text as HTML: markup escaped, what HTML cannot hold as U+FFFD."""
    return str(escape(showable(text)))


def escaped_texts(texts: Sequence[str]) -> Sequence[str]:
    """Return texts as HTML, as `escaped` does, at once where no text has what HTML cannot hold."""
    joined = SEPARATOR.join(texts)
    return escaped_together(texts, joined) if are_showable(joined, len(texts)) else list(map(escaped, texts))


def escaped_together(texts: Sequence[str], joined: str) -> Sequence[str]:
    """Return texts that are showable as HTML; `joined` are the same with `SEPARATOR` between them."""
    # What no HTML can hold stands between the texts, so that C code escapes them all.
    return str(escape(joined)).split(SEPARATOR) if any(mark in joined for mark in MARKUP) else texts


def are_showable(joined: str, count: int) -> bool:
    """Return whether HTML can hold so many texts, joined by `SEPARATOR`, as they are."""
    data = joined.encode("utf-8", "surrogatepass")
    # Where there are more than the separators, one of the texts has one.
    if len(data) - len(data.translate(None, _SUSPECTS)) == count - 1:
        return True
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls == count - 1 and not _BEYOND_ASCII.search(data)


def is_showable(text: str) -> bool:
    """Return whether HTML can hold a text as it is."""
    return are_showable(text, 1)


def showable(text: str) -> str:
    """Return text with LF for line ends, and U+FFFD for what HTML cannot hold."""
    if is_showable(text):
        return text
    return _NOT_HTML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def shortened(text: str, longest: int) -> str:
    """Return text of up to so many characters, an ellipsis in place of the rest."""
    return text if len(text) <= longest else text[: longest - 1] + "\u2026"


def count_replaced(values: Sequence[object]) -> int:
    """Count the characters of values that `showable` gives as U+FFFD."""
    if set(map(type, values)) <= WITHOUT_TEXT:
        return 0
    text = " ".join(texts_of(values))
    if is_showable(text):
        return 0
    return len(_NOT_HTML.findall(text.replace("\r\n", "\n").replace("\r", "\n")))


def css_string(text: str) -> str:
    """Return text as a string of CSS: every character that is not a plain one as its number (CSS Syntax 3, 4.3.7)."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'
