"""Text as XML 1.0 holds it, and XML that may be parsed: what office formats and drawings have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")


def parsed(xml: str | bytes) -> ET.Element:
    """Parse XML that we have written or looked through; raises `ET.ParseError`.

    No entity of it is fetched, and expat limits how much they make.
    """
    from xml.etree import ElementTree as ET  # few documents have any

    return ET.fromstring(xml)  # noqa: S314 - see above


def without_forbidden(text: str) -> tuple[str, int]:
    """Replace the characters that XML 1.0 cannot hold by U+FFFD; gives how many there were."""
    return _FORBIDDEN.subn("\ufffd", text)


def with_line_feeds(text: str) -> tuple[str, int]:
    """Make every line end a line feed; gives how many became one."""
    return _LINE_END.subn("\n", text) if "\r" in text else (text, 0)
