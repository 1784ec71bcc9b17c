"""The rows of a table as HTML, written in Python: a template per row would cost several times as much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from icreport.rendering.column_texts import ColumnTexts, column_texts
from icreport.rendering.html_text import escaped, escaped_texts
from icreport.rendering.joined_rows import joined_rows
from icreport.rendering.themes.statuses import LONGEST_STATUS, folded
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icreport.model.elements import Table
    from icreport.model.rows import Batch, Row
    from icreport.rendering.grid import Grid
    from icreport.rendering.locales import PageText
    from icreport.rendering.page.columns import Look
    from icreport.rendering.record_links import RecordLinks

SortKey = Callable[[str], str | None]
"""What gives a text its sort key, None where it sorts as it is."""

BAND = 250
"""Rows in one `tbody`: what a browser skips or draws at once."""
_MOST_CHIPS = 1 << 10


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
        self._chips = list(map(_Chips, looks))
        self._sort_keys = sort_keys

    def bodies(self, batches: Iterable[list[Row]]) -> Iterator[list[Row]]:
        """Yield the rows of each `tbody`."""
        return (batch[at : at + BAND] for batch in batches for at in range(0, len(batch), BAND))

    def band(self, rows: Sequence[Row]) -> str:
        """Return one `tbody`."""
        return self._band(rows, aligned=True)

    def whole(self, batch: Batch) -> str:
        """Return the rows of a batch, each `BAND` of them in a `tbody`."""
        return self._bodies(column_texts(batch), batch.source_keys, BAND)

    def _band(self, rows: Sequence[Row], *, aligned: bool) -> str:
        columns = list(map(ColumnTexts, zip(*[row.values for row in rows], strict=True)))
        return self._bodies(columns, [row.source_key for row in rows], len(rows) or 1, aligned=aligned)

    def _bodies(
        self, columns: Sequence[ColumnTexts], keys: Sequence[object], size: int, *, aligned: bool = True
    ) -> str:
        """Return rows as HTML, each `size` of them in a `tbody`."""
        texts, contents = self._contents(columns, keys, aligned=aligned)
        parts = starts_of(keys)
        for at, content in enumerate(contents):
            own = self._attributes(at, columns[at], texts[at])
            parts += [self._start(at), own or "", ">", content, self._end(at)]
        parts.append("</tr>\n")
        bodies = []
        for at in range(0, len(keys) or 1, size):
            some = [part if isinstance(part, str) else part[at : at + size] for part in parts]
            bodies.append(f"<tbody>\n{joined_rows(some, len(keys[at : at + size]))}</tbody>\n")
        return "".join(bodies)

    def _contents(
        self, columns: Sequence[ColumnTexts], keys: Sequence[object], *, aligned: bool
    ) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
        """Return for each column its values as they are shown, as text and as the contents of cells.

        Where numbers are not `aligned`, they lack the room for decimals that others have.
        """
        texts = [self._shown_texts(at, column) for at, column in enumerate(columns)]
        contents = [self._content(at, column, texts[at]) for at, column in enumerate(columns)]
        for at, look in enumerate(self.looks):
            if aligned and look.decimals is not None:
                contents[at] = [
                    content + look.decimals.room(text) for content, text in zip(contents[at], texts[at], strict=True)
                ]
        if self._links and columns:
            contents[0] = list(map(self._linked, keys, texts[0], contents[0]))
        return texts, contents

    def texts(self, at: int, column: Sequence[Any]) -> Sequence[str]:
        """Return values of a column as text."""
        return self._shown_texts(at, ColumnTexts(column))

    def _shown_texts(self, at: int, column: ColumnTexts) -> Sequence[str]:  # noqa: ARG002 - other rows round by column
        return self._page_text.shown(column)

    def _content(self, at: int, column: ColumnTexts, texts: Sequence[str]) -> Sequence[str]:
        if self.looks[at].kind == "status":
            return list(map(self._chips[at].__getitem__, texts))
        return column.escaped if texts is column.texts else escaped_texts(texts)

    def _attributes(self, at: int, column: ColumnTexts, texts: Sequence[str]) -> list[str] | None:
        """Return the attributes of cells, None where none has any."""
        # The value as it came, where it is shown in another form: the script sorts and downloads by it.
        plains = column.texts
        if not self._sort_keys or (self._sort_keys[at] is None and (plains is texts or plains == texts)):
            return None
        few = column.distinct
        if few is None:
            return self._made_attributes(at, column, texts)
        made = self._made_attributes(at, few, self._shown_texts(at, few))
        return list(map(dict(zip(few.values, made, strict=True)).__getitem__, column.values))

    def _made_attributes(self, at: int, column: ColumnTexts, texts: Sequence[str]) -> list[str]:
        own = [
            "" if plain == text else f' data-value="{content}"'
            for plain, text, content in zip(column.texts, texts, column.escaped, strict=True)
        ]
        key_of = self._sort_keys[at]
        if key_of is None:
            return own
        keys = [(key_of(value) if type(value) is str else None) or "" for value in column.values]
        return [
            f'{attributes} data-sort="{key}"' if key else attributes
            for attributes, key in zip(own, escaped_texts(keys), strict=True)
        ]

    def _start(self, at: int) -> str:
        return '<th scope="row"' if at < self._row_heads else "<td"

    def _end(self, at: int) -> str:
        return "</th>" if at < self._row_heads else "</td>"

    def address(self, row: Row) -> str | None:
        """Return where a row leads, None where it leads nowhere."""
        return self._links.address(row.source_key) if self._links else None

    def _linked(self, key: object, text: str, content: str) -> str:
        address = self._links.address(key) if self._links else None
        if address is None:
            return content
        link = f'<a href="{escaped(address)}">{escaped(text or text_of(key))}</a>'
        # The link is in the chip: WeasyPrint has no place in the structure for a box within a link.
        look = self.looks[0]
        return _chip(text, link, look.statuses) if look.kind == "status" else link


class _Chips(dict[str, str]):
    """The contents of cells that show a status, by its text: few are different."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._words = look.statuses

    def __missing__(self, text: str) -> str:
        made = _chip(text, escaped(text), self._words)
        if len(text) <= LONGEST_STATUS and len(self) < _MOST_CHIPS:
            self[text] = made
        return made


def _chip(text: str, content: str, statuses: Mapping[str, str]) -> str:
    """Return the content of a cell that shows a status, in the colour of what the text means; long text as it is."""
    word = folded(text)
    look = statuses.get(word)
    if not word or (look is None and len(text) > LONGEST_STATUS):
        return content
    return f'<span class="s {look or "plain"}">{content}</span>'


def starts_of(keys: Sequence[object]) -> list[Sequence[str]]:
    """Return the parts (see `joined_rows`) of the start tags of rows, with the keys of their records."""
    column = ColumnTexts(keys)
    if type(None) not in column.kinds:
        return ['<tr data-source-key="', column.escaped, '">']
    return [["<tr>" if key is None else f'<tr data-source-key="{escaped(text_of(key))}">' for key in keys]]
