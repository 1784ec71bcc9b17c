"""The sheet that holds what did not fit into cells."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, NamedTuple

from icreport.rendering.xlsx.comments import Comment
from icreport.rendering.xlsx.xml_text import MOST_UNITS, cut, escape, units
from icreport.words import ENGLISH

if TYPE_CHECKING:
    from contextlib import ExitStack

    from icreport.rendering.xlsx.styles import Styles
    from icreport.rendering.xlsx.workbook import Sheet
    from icreport.rendering.zip_package import PieceWriter
    from icreport.words import Words


class _CutText(NamedTuple):
    """Where a text was cut, how many units it has, how many parts the cell holds, and the bytes of its rest."""

    sheet: Sheet
    cell: str
    length: int
    parts: int
    rest: int


class CutTexts:
    """Keeps the rest of every text that a cell holds only the start of; the names of sheets are known at the end."""

    def __init__(self, stack: ExitStack, words: Words = ENGLISH) -> None:
        self._words = words
        self._stack = stack
        self._file: IO[bytes] | None = None
        self._texts: list[_CutText] = []

    def add(self, sheet: Sheet, cell: str, text: str, kept: int = MOST_UNITS) -> None:
        """Take a text without forbidden characters, of which the cell has the first `kept` units as its part 1.

        With 0 all of the text is listed: the cell has no whole part of it.
        """
        if self._file is None:
            self._file = self._stack.enter_context(tempfile.TemporaryFile())
        rest = text[len(cut(text, kept)) :].encode()
        self._file.write(rest)
        self._texts.append(_CutText(sheet, cell, units(text), int(kept > 0), len(rest)))
        said = self._words(
            "This is the start of a text of {count} characters. The sheet of cut texts has the rest;"
            " other formats hold it whole.",
            count=self._texts[-1].length,
        )
        sheet.comments.append(Comment(cell, said))

    def fill(self, sheet: Sheet, rows: PieceWriter, styles: Styles) -> bool:
        """Write the rows of their sheet, each text in as many parts as it needs; tells whether there are any."""
        if self._file is None:
            return False
        look, top = styles.attribute(role="heads"), styles.attribute(top=True)
        words = self._words
        heads = [words("Sheet"), words("Cell"), words("Characters"), words("Part"), words("Text")]
        rows.write('<row r="1">' + "".join(map(_text, _places(1), heads, [look] * len(heads))) + "</row>")
        at = 1
        self._file.seek(0)
        for text in self._texts:
            rest, part = self._file.read(text.rest).decode(), text.parts
            while rest:
                now = cut(rest, MOST_UNITS)
                rest, part, at = rest[len(now) :], part + 1, at + 1
                a, b, c, d, e = _places(at)
                rows.write(
                    f'<row r="{at}">{_text(a, text.sheet.name, top)}{_text(b, text.cell, top)}'
                    f'<c r="{c}"{top}><v>{text.length}</v></c><c r="{d}"{top}><v>{part}</v></c>'
                    f"{_text(e, now, top)}</row>"
                )
        sheet.rows, sheet.height = [rows.close()], at
        sheet.widths, sheet.head, sheet.frozen = [32, 10, 12, 8, 80], 1, "A2"
        return True


def _places(row: int) -> list[str]:
    return [f"{letter}{row}" for letter in "ABCDE"]


def _text(place: str, text: str, style: str) -> str:
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
