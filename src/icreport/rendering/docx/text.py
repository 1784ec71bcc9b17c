"""Text as WordprocessingML (ECMA-376 part 1, 17.3.3): runs of plain text, which is never a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.rendering.text_direction import may_run_right_to_left, own_direction
from icreport.rendering.xml_text import with_line_feeds, without_forbidden

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icreport.rendering.text_direction import Direction

SEPARATOR = "\x1f"
"""Stands between texts that are escaped together: no XML can hold it."""
_T = '<w:t xml:space="preserve">'
_BREAKS = (("\n", f"</w:t><w:br/>{_T}"), ("\t", f"</w:t><w:tab/>{_T}"))


def escaped(text: str) -> str:
    """Return text that XML can hold as content of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Return text that XML can hold as the value of an attribute in double quotes."""
    return escaped(text).replace('"', "&quot;").replace("\n", " ").replace("\t", " ")


def cleaned(text: str, replaced: Callable[[int], None]) -> str:
    """Return text that XML can hold, its line ends line feeds; `replaced` is told how many characters are U+FFFD."""
    text, count = without_forbidden(with_line_feeds(text)[0])
    if count:
        replaced(count)
    return text


def contents(texts: Sequence[str], replaced: Callable[[int], None]) -> Sequence[str]:
    """Return for each text what a `w:t` has for it, at once where they are plain."""
    together = SEPARATOR.join(texts)
    if not together.replace(SEPARATOR, "", len(texts) - 1).isprintable():
        return [_with_breaks(escaped(cleaned(text, replaced))) for text in texts]
    if "&" in together or "<" in together or ">" in together:
        return escaped(together).split(SEPARATOR)
    return texts


def run(text: str, style: str = "") -> str:
    """Return a run of cleaned text in a character style, given by its id; nothing for no text."""
    if not text:
        return ""
    properties = f'<w:rStyle w:val="{style}"/>' if style else ""
    if may_run_right_to_left(text):
        properties += "<w:rtl/>"
    properties = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{properties}{_T}{_with_breaks(escaped(text))}</w:t></w:r>"


def direction(text: str, around: Direction) -> str:
    """Return the property of a paragraph whose text runs otherwise than the document."""
    own = own_direction(text, around)
    # In a document from right to left all starts there, as on pages.
    return "" if own is None else "<w:bidi/>" if own == "rtl" else '<w:bidi w:val="0"/><w:jc w:val="right"/>'


def paragraph(style: str, runs: str, more: str = "") -> str:
    """Return a paragraph in a style, given by its id, with further properties in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def field(instruction: str, value: str) -> str:
    """Return a field with the value that it is shown with until a reader asks for it anew (17.16.5)."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{escaped(value)}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def with_fields(message: str, fields: dict[str, str]) -> str:
    """Return runs of a message in which each of these texts, of one character, stands for a field."""
    runs, plain = "", ""
    for char in message:
        if char in fields:
            runs += run(plain) + fields[char]
            plain = ""
        else:
            plain += char
    return runs + run(plain)


def _with_breaks(text: str) -> str:
    for char, xml in _BREAKS:
        if char in text:
            text = text.replace(char, xml)
    return text
