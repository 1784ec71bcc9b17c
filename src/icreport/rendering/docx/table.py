"""A table as WordprocessingML (ECMA-376 part 1, 17.4): its rows written straight, what depends on them put before."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from icreport.model.rows import Batch
from icreport.rendering.changes import with_was
from icreport.rendering.docx.pages import PADDING
from icreport.rendering.docx.styles import (
    DEEPEST,
    SIZE,
    SMALL,
    TABLE_GROUP,
    TABLE_HEADING,
    TABLE_NUMBER,
    TABLE_TEXT,
    derived,
    group_style,
)
from icreport.rendering.docx.text import attribute, cleaned, contents, direction, paragraph, run
from icreport.rendering.page.columns import looks_of, with_lines
from icreport.rendering.page.survey import Survey
from icreport.rendering.page.table_fit import fit_of, pages_of, part_of_width, with_shares
from icreport.rendering.table_format import SIGNS, any_said, made_texts, written
from icreport.rendering.text_direction import may_run_right_to_left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icreport.model.rows import Row
    from icreport.rendering.docx.pages import Pages
    from icreport.rendering.docx.styles import DocumentStyles
    from icreport.rendering.grid import Grid
    from icreport.rendering.locales import PageText
    from icreport.rendering.page.columns import Look
    from icreport.rendering.record_links import RecordLinks
    from icreport.rendering.table_format import Shown
    from icreport.rendering.text_direction import Direction

MOST_COLUMNS = 63
"""Columns of a table that Word opens."""
_MOST_TABS = 200
"""Columns of a document whose decimals stand under each other; those of further ones stand at the right."""
_DECIMALS = re.compile(r"[.,](\d+)\D*$")
_MOST_DECIMALS = 9
_ROW, _ROW_END = "<w:tr><w:trPr><w:cantSplit/></w:trPr>", "</w:tr>"
_HEADER_ROW = "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_T, _T_END = '<w:r><w:t xml:space="preserve">', "</w:t></w:r></w:p></w:tc>"


class TableWriter:
    """Writes the columns of a table that stand side by side."""

    def __init__(
        self,
        rectangle: Grid,
        shown: Shown,
        *,
        styles: DocumentStyles,
        page_text: PageText,
        around: Direction,
        is_small: bool,
        link: Callable[[str], str],
        links: RecordLinks | None,
        replaced: Callable[[int], None],
    ) -> None:
        self._grid = rectangle
        self._shown = shown
        self._styles = styles
        self._page_text = page_text
        self._around = around
        self.is_small = is_small
        self._link = link
        self._links = links
        self._replaced = replaced
        self._survey = Survey()
        self._has_looks = any(shown.looks)
        self._groups = 0
        sample = shown.listed(rectangle.sample)
        survey = Survey()
        survey.see(Batch(sample))
        self.looks = looks_of(rectangle.heads, survey, page_text, shown=shown)
        self._tabs: dict[int, tuple[str, int]] = {}
        """Of the columns whose decimals stand under each other: their style, and how many decimals they have."""
        self._column_styles = [self._style_of(at, look, sample) for at, look in enumerate(self.looks)]

    def _style(self, name: str) -> str:
        return self._styles.id(name, is_small=self.is_small)

    def _style_of(self, at: int, look: Look, sample: Sequence[Row]) -> str:
        """Return the style of the values of a column."""
        if look.kind != "number":
            return self._style(TABLE_TEXT)
        texts = self._texts(at, [row.values[at] for row in sample])
        decimals = max((len(found[1]) for text in texts if (found := _DECIMALS.search(text))), default=0)
        if decimals == 0 or self._around == "rtl" or self._styles.tabs >= _MOST_TABS:
            return self._style(TABLE_NUMBER)
        style = self._styles.reserve_tab()
        self._tabs[at] = (style, min(decimals, _MOST_DECIMALS))
        return style

    def _texts(self, at: int, column: Sequence[object]) -> Sequence[str]:
        return self._page_text.texts(self._shown.rounded(at, column))

    def _text(self, at: int, value: object) -> str:
        return self._texts(at, [value])[0]

    def header(self) -> str:
        """Return the row with the headers, which is repeated on each page."""
        if not self._grid.has_heads:
            return ""
        cells = []
        for head, look in zip(self._grid.heads, self.looks, strict=True):
            style = self._style(f"{TABLE_HEADING} Number" if look.kind == "number" else TABLE_HEADING)
            text = cleaned(head, self._replaced)
            cells.append(f"<w:tc>{paragraph(style, run(text), direction(text, self._around))}</w:tc>")
        return f"{_HEADER_ROW}{''.join(cells)}{_ROW_END}"

    def rows(self, batch: Batch) -> str:
        """Return rows."""
        rows = batch.rows
        self._survey.see_listed(batch, rows, self._shown)
        return written(rows, self._ordinary, self._made)

    def _ordinary(self, rows: list[Row]) -> str:
        """Return rows of the report, made column by column."""
        looks = self._looks(rows)
        columns = []
        for at, values in enumerate(zip(*[row.values for row in rows], strict=True)):
            texts = self._texts(at, values)
            if looks is not None:
                texts = with_was(rows, at, texts, partial(self._text, at))
            linked = self._addresses(rows) if at == 0 and self._links else None
            plain = looks is None and linked is None and not may_run_right_to_left("".join(texts))
            if plain and self._around == "ltr":
                columns.append(self._plain(at, texts))
                continue
            columns.append(
                [
                    self._cell(at, text, look, sign, url)
                    for text, (look, sign), url in zip(
                        texts, looks[at] if looks else [("", "")] * len(rows), linked or [None] * len(rows), strict=True
                    )
                ]
            )
        return "".join([f"{_ROW}{''.join(cells)}{_ROW_END}" for cells in zip(*columns, strict=True)])

    def _plain(self, at: int, texts: Sequence[str]) -> list[str]:
        """Return cells of texts that look like their column."""
        start = f'<w:tc><w:p><w:pPr><w:pStyle w:val="{self._column_styles[at]}"/></w:pPr>'
        blank, start = f"{start}</w:p></w:tc>", f"{start}{_T}"
        return [f"{start}{text}{_T_END}" if text else blank for text in contents(texts, self._replaced)]

    def _cell(self, at: int, text: str, look: str, sign: str, url: str | None) -> str:
        text = cleaned(f"{sign} {text}" if sign and text else text, self._replaced)
        if url:
            runs = self._link(url) + run(text or url, self._styles.id("Hyperlink")) + "</w:hyperlink>"
        else:
            runs = run(text, self._styles.id(f"Look {look.title()}") if look else "")
        return f"<w:tc>{paragraph(self._column_styles[at], runs, direction(text, self._around))}</w:tc>"

    def _looks(self, rows: list[Row]) -> list[list[tuple[str, str]]] | None:
        """Return for each column the look and sign of each value; None where all are plain."""
        if not (self._has_looks or any_said(rows)):
            return None
        found = list(map(self._shown.looks_of, rows))
        of_rows = [row.look is not None if row.fields is not None else False for row in rows]
        # The sign of a row stands in its first cell.
        return [
            [
                (look or "", SIGNS.get(look or "", "") if not (at and of_row) else "")
                for look, of_row in zip(column, of_rows, strict=True)
            ]
            for at, column in enumerate(zip(*found, strict=True))
        ]

    def _addresses(self, rows: list[Row]) -> list[str | None]:
        links = self._links
        return [links.address(row.source_key) if links else None for row in rows]

    def _made(self, row: Row) -> str:
        """Return a row that is none of the report: the heading of a group, subtotals or totals."""
        texts = [cleaned(text, self._replaced) for text in made_texts(row, self._shown, self._page_text)]
        strong = self._styles.id("Strong")
        if row.kind != "group":
            cells = [
                f"<w:tc>{paragraph(style, run(text, strong), direction(text, self._around))}</w:tc>"
                for style, text in zip(self._column_styles, texts, strict=True)
            ]
            return f"{_ROW}{''.join(cells)}{_ROW_END}"
        self._groups += row.level == 0
        is_new_page = self._shown.new_page and row.level == 0 and self._groups > 1
        style = f"{TABLE_GROUP} New Page" if is_new_page else group_style(min(row.level, DEEPEST - 1))
        text = paragraph(self._style(style), run(texts[0]), direction(texts[0], self._around))
        span = f'<w:tcPr><w:gridSpan w:val="{len(self._grid.heads)}"/></w:tcPr>'
        return f"{_ROW}<w:tc>{span}{text}</w:tc>{_ROW_END}"

    def start(self, pages: Pages, caption: str, rows: int) -> tuple[str, bool, float]:
        """Return what stands before the rows, whether the table needs a page across, and about how many pages it takes.

        The widths are those that all rows need, as far as they were sampled.
        """
        looks = looks_of(self._grid.heads, self._survey, self._page_text, shown=self._shown)
        size = SMALL if self.is_small else SIZE
        rooms = [pages.room(fit, is_wide=bool(fit), size=size) for fit in ("", "wide")]
        room = rooms[1] if self.is_small else fit_of(looks, rooms)
        sample = [*self._survey.rows]
        looks = with_lines(looks, self._grid.heads, sample, self._page_text, shown=self._shown)
        asked = self._shown.widths
        part = 1.0 if asked else part_of_width(looks, room)
        room = replace(room, width=room.width * part)
        looks = with_shares(looks, room, asked)
        whole = pages.width(is_wide=bool(room.fit)) * part
        widths = [max(1, round(whole * look.share / 100)) for look in looks]
        for at, (style, decimals) in self._tabs.items():
            room_after = (decimals + 0.6) * size * 20 * 0.56
            position = max(200, round(widths[at] - PADDING - room_after))
            tab = f'<w:tabs><w:tab w:val="decimal" w:pos="{position}"/></w:tabs><w:jc w:val="left"/>'
            self._styles.add(derived(self._styles.name_of(style), self._style(TABLE_NUMBER), tab))
        first = int(self._grid.has_heads)
        head = int(self._grid.row_heads > 0)
        xml = (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self._styles.id("Report Table")}"/>'
            f"{'<w:bidiVisual/>' if self._around == 'rtl' else ''}"
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="{0x0400 | 0x20 * first | 0x80 * head:04X}" w:firstRow="{first}" w:lastRow="0"'
            f' w:firstColumn="{head}" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
            f'<w:tblCaption w:val="{attribute(caption)}"/></w:tblPr><w:tblGrid>'
            + "".join([f'<w:gridCol w:w="{width}"/>' for width in widths])
            + "</w:tblGrid>"
        )
        return xml, bool(room.fit), pages_of(looks, room, rows) if looks else 0.0
