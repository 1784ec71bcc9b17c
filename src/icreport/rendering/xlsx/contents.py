"""The sheet of a report's texts, in their order, with links to the tables between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.rendering.xlsx.cells import height, line_count, text_cell
from icreport.rendering.xlsx.workbook import Sheet

if TYPE_CHECKING:
    from icreport.rendering.xlsx.cells import Losses
    from icreport.rendering.xlsx.workbook import WorkbookWriter

_WIDTH = 100
_COUNT_WIDTH = 12
_SECTION_HEIGHT = 28
_GAP = 6
_ROWS = '[=1]0" row";#,##0" rows"'


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: a text in its role (section, caption, text), or a table with its first sheet and number of rows."""

    role: str
    text: str
    sheet: str = ""
    rows: int = 0


def contents_sheet(entries: list[Entry], title: str, name: str, book: WorkbookWriter, losses: Losses) -> Sheet:
    """Write the sheet."""
    rows = book.rows()
    style = book.styles.attribute
    rows.write(f"<row>{text_cell(title, style(role='title'), losses)}</row><row/>")
    links = []
    for number, entry in enumerate(entries):
        if entry.role == "table":
            links.append((f"A{number + 3}", "#'" + entry.sheet.replace("'", "''") + "'!A1"))
            count = f"<c{style(role='note', format=_ROWS)}><v>{entry.rows}</v></c>"
            rows.write(f"<row>{text_cell(entry.text, style(link=True), losses, number)}{count}</row>")
        elif entry.role == "section":
            rows.write(
                f'<row ht="{_SECTION_HEIGHT}" customHeight="1">'
                f"{text_cell(entry.text, style(role=entry.role), losses, number)}</row>"
            )
        else:
            look = style(wrap=True, top=True) if entry.role == "text" else style(role=entry.role)
            tall = height(line_count(entry.text, _WIDTH), _GAP) if entry.role == "text" else ""
            rows.write(f"<row{tall}>{text_cell(entry.text, look, losses, number)}</row>")
    return Sheet(name, rows.close(), len(entries) + 2, [_WIDTH, _COUNT_WIDTH], links=links)
