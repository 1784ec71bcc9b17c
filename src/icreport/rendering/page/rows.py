"""The rows of a table as HTML, written in Python: a template per row would cost several times as much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING

from icreport.rendering.html_text import escaped, escaped_texts
from icreport.rendering.themes.statuses import LONGEST_STATUS, folded
from icreport.values import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icreport.model.elements import Table
    from icreport.model.rows import Row
    from icreport.rendering.grid import Grid
    from icreport.rendering.locales import PageText
    from icreport.rendering.page.columns import Look
    from icreport.rendering.record_links import RecordLinks

SortKey = Callable[[str], str | None]
"""What gives a text its sort key, None where it sorts as it is."""

BAND = 250
"""Rows in one `tbody`: what a browser skips or draws at once."""


class Rows:
    """Writes the rows of one table as HTML.

    `page_text` says how values are shown; `sort_keys` give for each column what a text sorts by. Where they are there
    (on a screen), a cell has its value and its key beside its text, if they differ.
    """

    def __init__(
        self,
        grid: Grid,
        table: Table,
        looks: Sequence[Look],
        links: RecordLinks | None,
        page_text: PageText,
        sort_keys: Sequence[SortKey | None] = (),
    ) -> None:
        self._page_text = page_text
        self._row_heads = grid.row_heads
        self.looks = looks
        self._links = links
        self._object = table.source_business_object
        self._chips: list[dict[str, str]] = [{} for _ in looks]
        self._sort_keys = sort_keys

    def bodies(self, batches: Iterable[list[Row]]) -> Iterator[list[Row]]:
        """Yield the rows of each `tbody`."""
        return (batch[at : at + BAND] for batch in batches for at in range(0, len(batch), BAND))

    def band(self, rows: Sequence[Row]) -> str:
        """Return one `tbody`."""
        return self._band(rows, aligned=True)

    def _band(self, rows: Sequence[Row], *, aligned: bool) -> str:
        values, texts, columns = self._columns(rows, aligned=aligned)
        starts = starts_of([row.source_key for row in rows])
        tags = [self._tags(at, values[at], column) for at, column in enumerate(texts)]
        if not columns or self._row_heads or any(tags):
            tagged = [
                map("".join, zip(tags[at] or repeat(self._start(at) + ">"), column, repeat(self._end(at))))
                for at, column in enumerate(columns)
            ]
            lines = map("".join, zip(starts, *tagged, strict=True))
            return "<tbody>\n" + "</tr>\n".join(lines) + "</tr>\n</tbody>\n"
        columns[0] = list(map("<td>".join, zip(starts, columns[0], strict=True)))
        lines = map("</td><td>".join, zip(*columns, strict=True))
        return "<tbody>\n" + "</td></tr>\n".join(lines) + "</td></tr>\n</tbody>\n"

    def _columns(
        self, rows: Sequence[Row], *, aligned: bool
    ) -> tuple[list[tuple[object, ...]], list[Sequence[str]], list[Sequence[str]]]:
        """Return for each column its values, these as text, and as the contents of cells.

        Where numbers are not `aligned`, they lack the room for decimals that others have.
        """
        values = list(zip(*[row.values for row in rows], strict=True))
        texts = [self.texts(at, column) for at, column in enumerate(values)]
        columns = [self._contents(at, column) for at, column in enumerate(texts)]
        for at, look in enumerate(self.looks):
            if aligned and look.decimals is not None:
                columns[at] = [
                    content + look.decimals.room(text) for content, text in zip(columns[at], texts[at], strict=True)
                ]
        if self._links and columns:
            columns[0] = list(map(self._linked, rows, texts[0], columns[0]))
        return values, texts, columns

    def texts(self, at: int, column: Sequence[object]) -> Sequence[str]:  # noqa: ARG002 - other rows round by column
        """Return the values of a column as text."""
        return self._page_text.texts(column)

    def _contents(self, at: int, texts: Sequence[str]) -> Sequence[str]:
        if self.looks[at].kind == "status":
            return [self._status(at, text) for text in texts]
        return escaped_texts(texts)

    def _tags(self, at: int, values: Sequence[object], texts: Sequence[str]) -> list[str] | None:
        """Return the start tags of cells, None where they have no attributes."""
        if not self._sort_keys:
            return None
        # The value as it came, where it is shown in another form: the script sorts and downloads by it.
        plains = texts_of(values)
        key_of = self._sort_keys[at]
        if key_of is None and (plains is texts or plains == texts):
            return None
        start = self._start(at)
        tags = [
            f"{start}>" if plain == text else f'{start} data-value="{content}">'
            for plain, text, content in zip(plains, texts, escaped_texts(plains), strict=True)
        ]
        if key_of is None:
            return tags
        keys = [key_of(value) if type(value) is str else None for value in values]
        return [f'{tag[:-1]} data-sort="{key}">' if key else tag for tag, key in zip(tags, keys, strict=True)]

    def _start(self, at: int) -> str:
        return '<th scope="row"' if at < self._row_heads else "<td"

    def _end(self, at: int) -> str:
        return "</th>" if at < self._row_heads else "</td>"

    def _status(self, at: int, text: str) -> str:
        chips = self._chips[at]
        found = chips.get(text)
        if found is None:
            found = _chip(text, escaped(text), self.looks[at].statuses)
            if len(text) <= LONGEST_STATUS:
                chips[text] = found
        return found

    def address(self, row: Row) -> str | None:
        """Return where a row leads, None where it leads nowhere."""
        return self._links.address(row.source_key) if self._links else None

    def _linked(self, row: Row, text: str, content: str) -> str:
        address = self.address(row)
        if address is None:
            return content
        link = f'<a href="{escaped(address)}">{escaped(text or text_of(row.source_key))}</a>'
        # The link is in the chip: WeasyPrint has no place in the structure for a box within a link.
        look = self.looks[0]
        return _chip(text, link, look.statuses) if look.kind == "status" else link


def _chip(text: str, content: str, statuses: Mapping[str, str]) -> str:
    """Return the content of a cell that shows a status, in the colour of what the text means; long text as it is."""
    word = folded(text)
    look = statuses.get(word)
    if not word or (look is None and len(text) > LONGEST_STATUS):
        return content
    return f'<span class="s {look or "plain"}">{content}</span>'


def starts_of(keys: Sequence[object]) -> list[str]:
    """Return the start tags of rows, with the keys of their records."""
    if set(map(type, keys)) == {int}:
        return [f'<tr data-source-key="{key}">' for key in keys]
    return ["<tr>" if key is None else f'<tr data-source-key="{escaped(text_of(key))}">' for key in keys]
