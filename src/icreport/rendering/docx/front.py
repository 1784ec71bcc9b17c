"""The front matter of a document: what it says of itself, its revisions, and who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.rendering.docx.styles import TABLE_HEADING, TABLE_NOTE, TABLE_TEXT
from icreport.rendering.docx.text import attribute, cleaned, direction, paragraph, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icreport.model.front_matter import FrontMatter
    from icreport.rendering.docx.styles import DocumentStyles
    from icreport.rendering.text_direction import Direction
    from icreport.words import Words

_FACTS, _REVISIONS, _APPROVALS = (30, 70), (12, 18, 70), (22, 33, 27, 18)
"""Widths of columns in percent."""
_NEW_PAGE = '<w:r><w:br w:type="page"/></w:r>'
_SIGNED = '<w:trPr><w:cantSplit/><w:trHeight w:val="560" w:hRule="atLeast"/></w:trPr>'
_WHOLE, _HEADER = "<w:trPr><w:cantSplit/></w:trPr>", "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"


class FrontPages:
    """Writes front matter as tables in the styles of others."""

    def __init__(
        self, styles: DocumentStyles, words: Words, around: Direction, width: int, replaced: Callable[[int], None]
    ) -> None:
        self._styles = styles
        self._words = words
        self._around = around
        self._width = width
        self._replaced = replaced

    def xml(self, document: FrontMatter) -> str:
        """Return the front matter, with a new page after it; nothing where nothing is said."""
        if not document:
            return ""
        words = self._words
        parts = []
        if facts := document.facts(words):
            parts.append(self._table(words("Document"), [], facts, _FACTS))
        if document.revisions:
            heads = [words("Rev."), words("Date"), words("Description")]
            lines = [
                (each.revision or "", words.value(each.date or ""), each.description or "")
                for each in document.revisions
            ]
            parts.append(self._table(words("Revisions"), heads, lines, _REVISIONS))
        if document.approvals:
            heads = [words("Role"), words("Name"), words("Signature"), words("Date")]
            signed = [
                (each.role or "", each.name or "", "", words.value(each.date or "")) for each in document.approvals
            ]
            parts.append(self._table(words("Approval"), heads, signed, _APPROVALS, _SIGNED))
        return "".join(parts) + paragraph(self._styles.id(TABLE_NOTE), _NEW_PAGE)

    def _table(
        self, title: str, heads: list[str], lines: Sequence[Sequence[str]], parts: Sequence[int], row: str = _WHOLE
    ) -> str:
        """Return a table, and before it what it is called where it has headers."""
        widths = [self._width * part // 100 for part in parts]
        first, head = int(bool(heads)), int(not heads)
        called = paragraph(self._styles.id("TOC Heading"), run(title)) if heads else ""
        columns = "".join([f'<w:gridCol w:w="{width}"/>' for width in widths])
        rows = [self._row(heads, TABLE_HEADING, _HEADER)] if heads else []
        rows += [self._row(line, TABLE_TEXT, row) for line in lines]
        return (
            f'{called}<w:tbl><w:tblPr><w:tblStyle w:val="{self._styles.id("Report Table")}"/>'
            f"{'<w:bidiVisual/>' if self._around == 'rtl' else ''}"
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="{0x0400 | 0x20 * first | 0x80 * head:04X}" w:firstRow="{first}" w:lastRow="0"'
            f' w:firstColumn="{head}" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
            f'<w:tblCaption w:val="{attribute(title)}"/></w:tblPr><w:tblGrid>'
            f"{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
            f"{paragraph(self._styles.id(TABLE_NOTE), '')}"
        )

    def _row(self, texts: Sequence[str], style: str, properties: str) -> str:
        shown = [cleaned(text, self._replaced) for text in texts]
        cells = [paragraph(self._styles.id(style), run(text), direction(text, self._around)) for text in shown]
        return f"<w:tr>{properties}{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"
