"""The contents of a document: fields that Word makes anew when it is asked to, with what it would have found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.rendering.docx.text import field, paragraph, run
from icreport.rendering.html_text import shortened
from icreport.rendering.text_direction import own_direction

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_ALL = r'TOC \o "1-3" \h \z \u'
_END = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'

Entry = tuple[int, str, str, float]
"""Level (0 where it is in a list alone), name of the bookmark, text, and on which page of the text about it is."""


class Contents:
    """Takes note of headings and captions."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._listed: dict[str, list[Entry]] = {"Table": [], "Figure": []}

    def bookmarked(self, level: int, text: str, runs: str, page: float, listed: tuple[str, str] | None = None) -> str:
        """Return runs that an entry leads to; `text` is what it says, `listed` in which list it is and as what."""
        number = 1 + len(self._entries) + len(self._listed["Figure"])
        name = f"_Toc{number:08}"
        if level:
            self._entries.append((level, name, shortened(text, _LONGEST), page))
        if listed:
            self._listed[listed[0]].append((0, name, shortened(listed[1], _LONGEST), page))
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'

    def move(self, count: int, page: float) -> None:
        """Take note that the last entries are on another page."""
        for at in range(len(self._entries) - count, len(self._entries)):
            self._entries[at] = (*self._entries[at][:3], page)

    def xml(
        self, styles: DocumentStyles, words: Words, around: Direction, rows: float, *, lists: bool, behind: bool
    ) -> str:
        """Return the contents, nothing for a few parts; page numbers are about right until it is updated.

        `rows` are the lines of a page; `lists` asks for those of tables and figures too, `behind` says that a page is
        before them.
        """
        wanted = [(words("Contents"), _ALL, self._entries)] if len(self._entries) >= _FEWEST else []
        if lists:
            titles = {"Table": words("Tables"), "Figure": words("Figures")}
            wanted += [
                (titles[kind], rf'TOC \h \z \c "{kind}"', found) for kind, found in self._listed.items() if found
            ]
        before = (_BEFORE + _ENTRY * sum(len(entries) + 2 for _, _, entries in wanted)) / rows + behind
        return "".join([_list(*each, before, styles, around) for each in wanted])


def _list(
    title: str, code: str, entries: Sequence[Entry], before: float, styles: DocumentStyles, around: Direction
) -> str:
    start = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        f' {code} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    lines = []
    for at, (level, name, text, page) in enumerate(entries):
        number = field(rf"PAGEREF {name} \h", str(int(page + before)))
        own = own_direction(text, around)
        # All entries start on one side, whatever the direction of what they say.
        shown = f'<w:dir w:val="{own}">{run(text)}</w:dir>' if own else run(text)
        runs = f'<w:hyperlink w:anchor="{name}" w:history="1">{shown}<w:r><w:tab/></w:r>{number}</w:hyperlink>'
        style = styles.id(f"toc {level}" if level else "table of figures")
        lines.append(paragraph(style, ("" if at else start) + runs))
    heading = paragraph(styles.id("TOC Heading"), run(title))
    text = f"{heading}{''.join(lines)}{_END}"
    if code != _ALL:
        return text
    kind = '<w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
    return f"<w:sdt><w:sdtPr><w:docPartObj>{kind}</w:docPartObj></w:sdtPr><w:sdtContent>{text}</w:sdtContent></w:sdt>"
