"""The rows of a table that says how it is shown: headings of groups, subtotals, totals, marks, bars, colour scales."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from icreport.model.rows import Batch, Row
from icreport.rendering.column_texts import ColumnTexts
from icreport.rendering.html_text import escaped
from icreport.rendering.joined_rows import joined_rows
from icreport.rendering.page.changed_cells import changed_cell
from icreport.rendering.page.rows import BAND, Rows, starts_of
from icreport.rendering.table_format import any_said, made_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from icreport.model.looks import RowKind
    from icreport.rendering.table_format import Shown

Bar = tuple[int, int]
"""From where to where a bar goes, in percent of its cell."""
_DEEPEST = 9
SCALE_STEPS = 8
"""Of a colour scale, the steps from the ground of the page to its deepest colour."""


class FormattedRows(Rows):
    """Writes the rows of a table that says how it is shown.

    A group has a `tbody` of its own, in which its heading heads the rows (`scope="rowgroup"`); one of many rows goes on
    in further ones. Totals that are the last rows are a `tfoot`. `bars` are those that cells have.
    """

    def __init__(self, *around: Any, shown: Shown, **options: Any) -> None:
        super().__init__(*around, **options)
        self._shown = shown
        self._grouped = shown.grouped
        self.is_shown = shown.says
        """Whether anything was said of how it is shown, as far as rows were written."""
        self.bars: set[Bar] = set()
        self.used: list[set[str]] = [set() for _ in self.looks]
        """The classes that the cells of each column have, of the rows that were taken note of."""
        self.made: set[tuple[RowKind, int]] = set()
        """What rows there are among them that are none of the report, and their levels."""
        self._pages = 0
        self.is_large = False
        """Whether a browser draws bodies as they are scrolled to."""
        self._foot: Sequence[Row] | None = None

    def written(self, batches: Iterable[Batch]) -> Iterator[str]:
        """Yield the rows of a table as HTML, those of a batch at once where nothing is said of them."""
        for part in self._parts(batches):
            if not isinstance(part, Batch):
                yield self.band(part)
            elif self._shown.says:
                yield from map(self.band, super().bodies([part.rows]))
            elif part.rows:
                yield self.whole(part)

    def bodies(self, batches: Iterable[list[Row]]) -> Iterator[list[Row]]:
        """Yield the rows of each `tbody`, and of the `tfoot`."""
        for part in self._parts(map(Batch, batches)):
            if isinstance(part, Batch):
                yield from super().bodies([part.rows])
            else:
                yield part

    def _parts(self, batches: Iterable[Batch]) -> Iterator[Batch | list[Row]]:
        """Yield batches that go into bodies as they are, and else the rows of each `tbody`, and of the `tfoot`."""
        body: list[Row] = []
        for batch in batches:
            if not self._grouped and not any_said(batch.rows):
                if body:
                    yield body[:]
                    body.clear()
                yield batch
                continue
            self.is_shown = True
            yield from self._grown(body, batch.rows)
        end = len(body)
        while end and body[end - 1].kind == "total":
            end -= 1
        if end:
            yield body[:end]
        if end < len(body):
            self._foot = body[end:]
            yield self._foot

    def _grown(self, body: list[Row], batch: list[Row]) -> Iterator[list[Row]]:
        """Add rows to a body, yielding it, and going on with an empty one, each time that it is full."""
        for row in batch:
            kind = row.kind
            if len(body) >= BAND and kind == "row":
                full = True
            else:
                full = bool(body) and kind == "group" and not _opens(body[-1], row)
            if full:
                yield body[:]
                body.clear()
            self._grouped = self._grouped or kind == "group"
            body.append(row)

    def band(self, rows: Sequence[Row]) -> str:
        """Return one `tbody`, or the `tfoot`."""
        if not self._shown.says and not any_said(rows):
            return super().band(rows)
        lines: list[str] = []
        for kind, run in groupby(rows, key=_kind_of):
            listed = list(run)
            lines += [self._lines(listed)] if kind == "row" else [f"{self.special(row)}\n" for row in listed]
        name = "tfoot" if rows is self._foot else "tbody"
        return f"<{name}{self._start_of(rows)}>\n{''.join(lines)}</{name}>\n"

    def _start_of(self, rows: Sequence[Row]) -> str:
        """Return the attributes of a body: whether it starts a page, and in a large table how many rows it is like."""
        names = []
        if self._shown.new_page and rows[0].kind == "group" and rows[0].level == 0:
            self._pages += 1
            names += ["new-page"] * (self._pages > 1)
        if self.is_large and (size := len(rows).bit_length()) < BAND.bit_length():
            names.append(f"r{size}")
        return f' class="{" ".join(names)}"' if names else ""

    def _shown_texts(self, at: int, column: ColumnTexts) -> Sequence[str]:
        """Return the values of a column as text, with the decimals that are asked for."""
        rounded = self._shown.rounded(at, column.values)
        return self._page_text.shown(column) if rounded is column.values else self._page_text.texts(rounded)

    def _lines(self, rows: Sequence[Row]) -> str:
        columns = list(map(ColumnTexts, zip(*[row.values for row in rows], strict=True)))
        keys = [row.source_key for row in rows]
        texts, contents = self._contents(columns, keys, aligned=True)
        was = self._was(rows)
        for (number, at), text in was.items():
            contents[at] = listed = list(contents[at])
            listed[number] = changed_cell(text, texts[at][number], listed[number])
        parts = starts_of(keys)
        for at, (column, content, kinds) in enumerate(zip(columns, contents, self.kinds(rows), strict=True)):
            own = self._attributes(at, column, texts[at]) or [""] * len(rows)
            if self._sort_keys:
                # By what they are now cells sort, whatever else is in them.
                for number in [number for number, of in was if of == at and "data-value" not in own[number]]:
                    own[number] += f' data-value="{escaped(column.texts[number])}"'
            classes = [f"{kind} b{bar[0]}-{bar[1]}" if bar else kind for kind, bar in kinds]
            own = [f'{each} class="{one}"' if one else each for each, one in zip(own, classes, strict=True)]
            parts += [self._start(at), own, ">", content, self._end(at)]
        return joined_rows([*parts, "</tr>\n"], len(rows))

    def _was(self, rows: Sequence[Row]) -> dict[tuple[int, int], str]:
        """Return what cells were that say so, as text, by the number of their row and that of their column."""
        found = [(number, at, value) for number, row in enumerate(rows) if row.cells for at, value in row.was.items()]
        return {(number, at): self.texts(at, [value])[0] for number, at, value in found}

    def kinds(self, rows: Sequence[Row]) -> list[list[tuple[str, Bar | None]]]:
        """Return for each column the classes of its cells, and where the bars of those go that have one.

        Classes are the look of a cell (`m bad`, with `q` if it has no sign), its step of a scale (`c3`), `b` for a bar,
        `was` where it says what it was.
        """
        looks = list(zip(*map(self._shown.looks_of, rows), strict=True))
        was = [row.was if row.cells else {} for row in rows]
        of_rows = [row.look is not None if row.fields is not None else False for row in rows]
        columns = zip(*[row.values for row in rows], strict=True)
        found = []
        for at, (values, own) in enumerate(zip(columns, looks, strict=True)):
            # The sign of a row that has a look of its own is in its first cell.
            quiet = of_rows if at else [False] * len(rows)
            tells = [at in each for each in was]
            found.append([self._kind(at, *each) for each in zip(values, own, quiet, tells, strict=True)])
        return found

    def _kind(
        self, at: int, value: object, look: str | None, is_quiet: bool, tells_was: bool
    ) -> tuple[str, Bar | None]:
        # What a cell was is the sign that it has.
        parts, bar = [f"m {look} q" if is_quiet or tells_was else f"m {look}"] if look else [], None
        parts += ["was"] * tells_was
        whole = self._shown.ranges.get(at)
        if whole is not None:
            one = self._shown.formats[at]
            if one.scale and not look and (place := whole.place(value)) and (step := round(SCALE_STEPS * place)):
                parts.append(f"c{step}")
            if one.bar and (bar := whole.bar(value)):
                self.bars.add(bar)
                parts.append("b")
        return " ".join(parts), bar

    def take_note(self, rows: list[Row]) -> None:
        """Take note of how rows look that are written later."""
        says = any_said(rows)
        if not self._shown.says and not says:
            return
        self.is_shown = True
        for kind, run in groupby(rows, key=_kind_of):
            if kind == "row":
                self._note_kinds(list(run))
            else:
                self.made.update((row.kind, min(row.level, _DEEPEST)) for row in run)
        if self.bars:
            # That of the samples.
            self.bars.add((0, 100))

    def _note_kinds(self, rows: Sequence[Row]) -> None:
        for used, column in zip(self.used, self.kinds(rows), strict=True):
            used.update(one for one, _ in column)

    def plain(self, rows: Sequence[Row]) -> str:
        """Return one `tbody` as if nothing was said of its cells, and their texts were all that is in them."""
        return super()._band(rows, aligned=False)

    def samples(self, rows: Sequence[Row]) -> list[str]:
        """Return rows of each kind that was taken note of, with the values of these, as HTML; an even number."""
        lines = [line for row in rows for line in self._kinds_of(row)]
        for kind, level in sorted(self.made):
            formats = zip(rows[0].values, self._shown.formats, strict=True)
            totals = [None if one.total is None else value for value, one in formats]
            values = rows[0].values if kind == "group" else totals
            lines.append(self._special(Row.shown(values, kind=kind, level=level), aligned=False))
        return lines + ["<tr>" + "<td></td>" * len(self.looks) + "</tr>"] * (len(lines) % 2)

    def _kinds_of(self, row: Row) -> Iterator[str]:
        """Yield rows with these values that look in all ways in which cells were seen to look."""
        kinds = [sorted(used - {""}) or [""] for used in self.used]
        if not any(used - {""} for used in self.used):
            return
        columns = [ColumnTexts((value,)) for value in row.values]
        _, contents = self._contents(columns, [row.source_key], aligned=False)
        for number in range(max(map(len, kinds))):
            cells = []
            for at, content in enumerate(contents):
                kind = kinds[at][number % len(kinds[at])]
                bar = " b0-100" if kind.split()[-1:] == ["b"] else ""
                own = f' class="{kind}{bar}"' if kind else ""
                cells.append(f"{self._start(at)}{own}>{content[0]}{self._end(at)}")
            yield f"<tr>{''.join(cells)}</tr>"

    def made_cells(self, row: Row) -> tuple[list[str], list[str]]:
        """Return the texts of the cells of a row that is none of the report, and their classes."""
        texts = made_texts(row, self._shown, self._page_text)
        if row.kind == "group":
            return texts, [""]
        looks = self._shown.looks_of(row)
        return texts, [f"m {look}" if look else "" for look in looks]

    def special(self, row: Row) -> str:
        """Return a row that is none of the report: the heading of a group, subtotals or totals."""
        return self._special(row, aligned=True)

    def _special(self, row: Row, *, aligned: bool) -> str:
        texts, kinds = self.made_cells(row)
        start = f'<tr class="{class_of(row)}">'
        if row.kind == "group":
            return f'{start}<th scope="rowgroup" colspan="{len(self.looks)}">{escaped(texts[0])}</th></tr>'
        label = self._shown.label_at(row)
        cells = []
        for at, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
            own = f' class="{kind}"' if kind else ""
            decimals = self.looks[at].decimals
            room = decimals.room(text) if aligned and decimals else ""
            if at == label or (at == 0 and (self._shown.all_totals or isinstance(row.values[0], str))):
                cells.append(f'<th scope="row"{own}>{escaped(text)}</th>')
            else:
                cells.append(f"<td{own}>{escaped(text)}{room}</td>")
        return f"{start}{''.join(cells)}</tr>"


def class_of(row: Row) -> str:
    """Return the classes of a row that is none of the report: what it is, and the level of its group."""
    return f"{row.kind} l{min(row.level, _DEEPEST)}"


def _kind_of(row: Row) -> str:
    return row.kind


def _opens(before: Row, row: Row) -> bool:
    """Return whether a heading stands right under that of the group around it."""
    return before.kind == "group" and before.level < row.level
