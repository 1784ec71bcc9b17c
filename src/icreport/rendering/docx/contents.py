"""The contents of a document: a field that Word makes anew when it is asked to, with what it would have found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.rendering.docx.text import direction, field, paragraph, run
from icreport.rendering.html_text import shortened

if TYPE_CHECKING:
    from icreport.rendering.docx.styles import DocumentStyles
    from icreport.rendering.text_direction import Direction
    from icreport.words import Words

_LONGEST = 200
"""Characters of an entry."""
_FEWEST = 4
"""Entries for which there are contents."""
_BEFORE, _ENTRY = 6, 1.1
"""Lines of the title, and of an entry."""
# Headings, and paragraphs whose style has a level of the outline: captions of tables (ECMA-376 part 1, 17.16.5.68).
_START = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
    r' TOC \o "1-3" \h \z \u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_END = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


class Contents:
    """Takes note of headings and captions."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, str, str, float]] = []
        """Level, name of the bookmark, text, and on which page about it is, the first page being that of the text."""

    def bookmarked(self, level: int, text: str, runs: str, page: float) -> str:
        """Return runs that an entry leads to; `text` is what it says."""
        number = len(self._entries) + 1
        name = f"_Toc{number:08}"
        self._entries.append((level, name, shortened(text, _LONGEST), page))
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'

    def move(self, count: int, page: float) -> None:
        """Take note that the last entries are on another page."""
        for at in range(len(self._entries) - count, len(self._entries)):
            self._entries[at] = (*self._entries[at][:3], page)

    def xml(self, styles: DocumentStyles, words: Words, around: Direction, rows_of_page: float) -> str:
        """Return the contents, nothing for a few parts; page numbers are about right until it is updated."""
        if len(self._entries) < _FEWEST:
            return ""
        before = (_BEFORE + _ENTRY * len(self._entries)) / rows_of_page
        lines = []
        for at, (level, name, text, page) in enumerate(self._entries):
            number = field(rf"PAGEREF {name} \h", str(int(page + before)))
            runs = f'<w:hyperlink w:anchor="{name}" w:history="1">{run(text)}<w:r><w:tab/></w:r>{number}</w:hyperlink>'
            start = "" if at else _START
            lines.append(paragraph(styles.id(f"toc {level}"), start + runs, direction(text, around)))
        heading = paragraph(styles.id("TOC Heading"), run(words("Contents")))
        kind = '<w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        text = f"{heading}{''.join(lines)}{_END}"
        return (
            f"<w:sdt><w:sdtPr><w:docPartObj>{kind}</w:docPartObj></w:sdtPr><w:sdtContent>{text}</w:sdtContent></w:sdt>"
        )
