"""The sheet of a report's texts, in their order, with links to the tables between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.rendering.xlsx.cells import text_cell
from icreport.rendering.xlsx.table_rows import height
from icreport.rendering.xlsx.text_width import line_count

if TYPE_CHECKING:
    from icreport.rendering.xlsx.cells import Losses
    from icreport.rendering.xlsx.workbook import Sheet, WorkbookWriter
    from icreport.words import Words

_WIDTH = 100
_COUNT_WIDTH = 12
_SECTION_HEIGHT = 28
_GAP = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: a text in its role (section, caption, text), or what has a sheet.

    That is a table, with its first sheet and number of rows, or a figure, with the cell under it.
    """

    role: str
    caption: str
    sheet: Sheet | None = None
    rows: int | None = None
    cell: str = "A1"

    @property
    def text(self) -> str:
        """What the line says; a table without a caption is called as its sheet."""
        return self.caption or (self.sheet.name if self.sheet else "")


def _counted(rows: int, words: Words) -> str:
    """Return the number format that says of so many rows that they are rows."""
    before, _, after = words.pattern("{count} row", "{count} rows", rows).partition("{count}")
    return "#,##0".join(f'"{text.replace(chr(34), "")}"' if text else "" for text in (before, after))


def fill_contents(sheet: Sheet, entries: list[Entry], title: str, book: WorkbookWriter, losses: Losses) -> None:
    """Write the rows of the sheet, when the sheets of the tables have their names."""
    rows = book.rows()
    style = book.styles.attribute
    rows.write(f'<row r="1">{text_cell("A1", title, style(role="title"), losses)}</row>')
    for number, entry in enumerate(entries):
        at = number + 3
        tall, more = "", ""
        if entry.sheet:
            sheet.links.append((f"A{at}", "#'" + entry.sheet.name.replace("'", "''") + f"'!{entry.cell}"))
            look = style(link=True)
            if entry.rows is not None:
                more = (
                    f'<c r="B{at}"{style(role="note", format=_counted(entry.rows, book.words))}><v>{entry.rows}</v></c>'
                )
        elif entry.role == "section":
            look, tall = style(role=entry.role), f' ht="{_SECTION_HEIGHT}" customHeight="1"'
        elif entry.role == "text":
            look, tall = style(wrap=True, top=True), height(line_count(entry.text, _WIDTH), _GAP)
        else:
            look = style(role=entry.role)
        rows.write(f'<row r="{at}"{tall}>{text_cell(f"A{at}", entry.text, look, losses, number)}{more}</row>')
    sheet.rows, sheet.height, sheet.widths = [rows.close()], len(entries) + 2, [_WIDTH, _COUNT_WIDTH]
