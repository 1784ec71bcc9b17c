"""The sheet that holds what did not fit into cells."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING

from icreport.rendering.xlsx.workbook import Sheet
from icreport.rendering.xlsx.xml_text import MOST_UNITS, cut, escape, units
from icreport.rendering.xlsx.zip_package import PieceWriter

if TYPE_CHECKING:
    from contextlib import ExitStack

    from icreport.rendering.xlsx.styles import Styles

HEADS = ["Sheet", "Cell", "Characters", "Part", "Text"]


class CutTexts:
    """Lists every text that a cell holds only the start of, with the rest of it in as many parts as it needs."""

    def __init__(self, styles: Styles, stack: ExitStack) -> None:
        self._styles = styles
        self._stack = stack
        self._rows: PieceWriter | None = None
        self._height = 1
        self._links: list[tuple[str, str]] = []

    def add(self, sheet: str, cell: str, text: str, kept: int = MOST_UNITS) -> None:
        """Take a text without forbidden characters, of which the cell has the first `kept` units as its part 1.

        With 0 all of the text is listed: the cell has no whole part of it.
        """
        if self._rows is None:
            file: IO[bytes] = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
            self._rows = PieceWriter(file)
            look = self._styles.attribute(role="heads")
            self._rows.write('<row r="1">' + "".join(map(_text, _places(1), HEADS, [look] * len(HEADS))) + "</row>")
        length, part = units(text), int(kept > 0)
        rest = text[len(cut(text, kept)) :]
        while rest:
            part += 1
            now = cut(rest, MOST_UNITS)
            rest = rest[len(now) :]
            top = self._styles.attribute(top=True)
            self._height += 1
            a, b, c, d, e = _places(self._height)
            self._rows.write(
                f'<row r="{self._height}">{_text(a, sheet, top)}{_text(b, cell, top)}'
                f'<c r="{c}"{top}><v>{length}</v></c><c r="{d}"{top}><v>{part}</v></c>{_text(e, now, top)}</row>'
            )

    def sheet(self, name: str) -> Sheet | None:
        """Give the sheet, if there is anything to list."""
        if self._rows is None:
            return None
        return Sheet(name, [self._rows.close()], self._height, [32, 10, 12, 8, 80], head=1, frozen="A2")


def _places(row: int) -> list[str]:
    return [f"{letter}{row}" for letter in "ABCDE"]


def _text(place: str, text: str, style: str) -> str:
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
