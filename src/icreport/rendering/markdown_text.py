"""Text as Markdown (GitHub Flavored Markdown 0.29): escaped, so that it shows as it is and is never markup."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from icreport.rendering.column_texts import SEPARATOR
from icreport.rendering.html_text import escaped, showable

if TYPE_CHECKING:
    from collections.abc import Sequence

# Emphasis, code, links, HTML, tables, strike-through and formulas; then `_` but within words, what would be an entity,
# and what readers make links of without being asked: //, www., host.tld, name@host.
_INLINE = re.compile(
    r"[\\`*\[\]<~|$@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=#?[0-9A-Za-z]+;)|(?<=/)/|\.(?=[^\W\d_])|(?<=www)\.",
    re.IGNORECASE,
)
# What starts a heading, quote, list, rule, or the second line of a heading or table, at the start of a line.
_LEADING = re.compile(r"(?m)^(?=[#>+=:-])|^(?P<number>[0-9]{1,9})(?=[.)](?:\s|$))")
_LAST_NUMBER_SIGN = re.compile(r"(?<!\\)(?=#\Z)")  # those at its end close a heading
_EDGE = re.compile(r"\A[^\S\n]|[^\S\n]\Z")
_EDGES_OF_LINES = re.compile(r"(?m)^\s|[^\S\n]$")
_LINE_END = "<br>"


def inline(text: str) -> str:
    """Return text of one line as it stands in a heading or another line: line ends are blanks."""
    line = _LEADING.sub(_with_backslash, _with_edges(_escaped(" ".join(showable(text).split("\n")))))
    return _LAST_NUMBER_SIGN.sub(r"\\", line)


def cell(text: str) -> str:
    """Return text as a cell of a table has it: a line end is a `br`."""
    return _with_edges(_escaped(showable(text))).replace("\n", _LINE_END)


def cells(texts: Sequence[str]) -> list[str]:
    """Return texts as `cell` does, at once where they are plain."""
    together = SEPARATOR.join(texts)
    plain = together.replace(SEPARATOR, "", len(texts) - 1)
    if not plain.isprintable():
        return list(map(cell, texts))
    return [_with_edges(text) for text in _escaped(together).split(SEPARATOR)]


def paragraphs(text: str) -> str:
    """Return running text: a line end is kept as one, a blank line ends a paragraph."""
    runs = groupby(showable(text).split("\n"), key=lambda line: not line.strip())
    return "\n\n".join([_paragraph("\n".join(lines)) for is_blank, lines in runs if not is_blank])


def html_cell(text: str) -> str:
    """Return text as a cell of an HTML table within Markdown, which a blank line would end."""
    return escaped(text).replace("\n", _LINE_END)


def address(url: str) -> str:
    """Return the URI of a link, in angle brackets; it has no blank, bracket or backslash, as URIs have none."""
    return f"<{url.replace('&', '&amp;')}>"


def _paragraph(text: str) -> str:
    lines = _EDGES_OF_LINES.sub(_as_entity, _escaped(text))
    return "\\\n".join(_LEADING.sub(_with_backslash, lines).split("\n"))


def _escaped(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", text)


def _with_backslash(match: re.Match[str]) -> str:
    return f"{match['number'] or ''}\\"


def _with_edges(text: str) -> str:
    """Write the blanks at the ends of a text as entities: as such they would be left out."""
    if not text or not (text[0].isspace() or text[-1].isspace()):
        return text
    return _EDGE.sub(_as_entity, text)


def _as_entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"
