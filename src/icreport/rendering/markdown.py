"""Markdown (GFM): a report as text for pull requests, wikis, chats and language models."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from icreport.errors import Place
from icreport.model.chart import Chart
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.front_matter import document_of
from icreport.model.image import Image
from icreport.model.spoken import in_words
from icreport.rendering.changes import with_was
from icreport.rendering.grid import grid
from icreport.rendering.html_text import count_replaced, escaped
from icreport.rendering.locales import LocalText, PageText
from icreport.rendering.markdown_text import address, cells, html_cell, inline, paragraphs
from icreport.rendering.record_links import LinkOption
from icreport.rendering.renderer import Renderer, tell_skipped
from icreport.rendering.shown_rows import ShownRows
from icreport.rendering.table_format import SIGNS, any_said, made_texts, shown_of, with_shown_rows, written
from icreport.values import replace_surrogates, text_of, texts_of
from icreport.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from icreport.model.elements import Element
    from icreport.model.formats import ColumnFormat
    from icreport.model.front_matter import FrontMatter
    from icreport.model.report import ReportLike
    from icreport.model.rows import Row
    from icreport.rendering.grid import Grid
    from icreport.rendering.record_links import RecordLinks
    from icreport.rendering.renderer import Sink
    from icreport.rendering.table_format import Shown
    from icreport.words import Words

_SENSIBLE = 500 * 1024
"""Bytes of a document; GitHub shows no more of one."""


class MarkdownRenderer(Renderer):
    """Writes Markdown of GitHub's flavour; whatever stands in a report shows as text and is never markup."""

    format: ClassVar[str] = "md"
    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown")
    media_type: ClassVar[str] = "text/markdown"

    tables: Literal["pipes", "html"] = Field(
        default="pipes",
        description="Write tables with pipes, or as HTML, for headings over groups and cells with lines.",
    )
    link: LinkOption = None
    locale: str | None = Field(
        default=None,
        description="The language of words, numbers and dates (de, nb, en-GB); left open, these are as they came.",
    )

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the elements in their order."""
        page_text = LocalText(self.locale) if self.locale else _AsItCame("en")
        words = words_of(self.locale).over({}, page_text.text)
        document = _Document(self, page_text, words, sink)
        for index, element in enumerate(in_words(report.elements, words)):
            document.write(document.element(element, index))
        # The name of a scan, and what it says of itself, may stand behind its elements.
        opening = document.opening(self.title_of(report, words), document_of(report))
        sink.insert(0, replace_surrogates(opening)[0].encode())
        if document.size > _SENSIBLE:
            message = f"the document has {document.size:,} bytes: GitHub shows 512,000 of one, and chats much less"
            sink.warnings.add("large-document", message, loss=False)


class _AsItCame(PageText):
    """Shows values as the service gave them."""

    def text(self, value: object) -> str:
        return text_of(value)

    def texts(self, column: Sequence[object]) -> Sequence[str]:
        return texts_of(column)


class _Document:
    """The document as it is written; `size` counts its bytes."""

    def __init__(self, options: MarkdownRenderer, page_text: PageText, words: Words, sink: Sink) -> None:
        self.size = 0
        self._options = options
        self._page_text = page_text
        self._words = words
        self._sink = sink
        self._figures = 0
        self._level = 2
        """Of a heading over an element: below that of its section, where there was one."""

    def write(self, lines: Iterable[str]) -> None:
        """Write text, blanks lines between its parts being theirs."""
        for text in lines:
            data = replace_surrogates(text)[0].encode()
            self.size += len(data)
            self._sink.write(data)

    def text(self, text: str, place: Place | None) -> str:
        """Return text as it stands in a line, counting what cannot be shown."""
        self._count_replaced([text], place)
        return inline(text)

    def opening(self, title: str, document: FrontMatter) -> str:
        """Return the title, and what the document says of itself: its facts, revisions, and who signs."""
        words = self._words
        parts = [f"# {self.text(title, None)}\n"]
        parts += [f"- **{inline(label)}**: {self.text(text, None)}\n" for label, text in document.facts(words)]
        if document.revisions:
            heads = [words("Rev."), words("Date"), words("Description")]
            revisions = [(one.revision, words.value(one.date or ""), one.description) for one in document.revisions]
            parts.append(_table_of(heads, revisions))
        if document.approvals:
            heads = [words("Role"), words("Name"), words("Date")]
            approvals = [(one.role, one.name, words.value(one.date or "")) for one in document.approvals]
            parts.append(_table_of(heads, approvals))
        return parts[0] + ("\n" if len(parts) > 1 else "") + "".join(parts[1:])

    def _figure(self, element: Image | Chart, place: Place) -> Iterator[str]:
        """Yield what is said of an image or chart, which a file of text cannot show; of a chart its data."""
        self._figures += 1
        called = self._words("Figure {number}", number=self._figures)
        caption = " ".join(filter(None, [f"**{inline(called)}**", self.text(element.caption or "", place)]))
        yield f"\n{caption}\n"
        if element.alt and element.alt.strip():
            self._count_replaced([element.alt], place)
            yield f"\n{paragraphs(element.alt)}\n"
        if isinstance(element, Chart):
            yield from self._table(element.table, place)
        else:
            self._sink.warnings.add(
                "image-as-text", "an image is not shown, only what is said of it, as Markdown holds none", place
            )

    def element(self, element: Element, index: int) -> Iterator[str]:
        """Yield the parts of an element."""
        place = Place(index, element.caption)
        caption = element.caption if element.caption and element.caption.strip() else None
        if isinstance(element, Section):
            self._level = 3
            yield f"\n## {self.text(caption, place)}\n" if caption else "\n---\n"
            return
        if isinstance(element, Image | Chart):
            yield from self._figure(element, place)
            return
        if not isinstance(element, Paragraph | Table):
            tell_skipped(element, place, self._sink.warnings)
            return
        if caption:
            yield f"\n{'#' * self._level} {self.text(caption, place)}\n"
        if isinstance(element, Table):
            yield from self._table(element, place)
        elif text := element.text:
            self._count_replaced([text], place)
            yield f"\n{paragraphs(text)}\n"

    def _table(self, table: Table, place: Place) -> Iterator[str]:
        warnings = self._sink.warnings
        whole = grid(table, place.element or 0, warnings)
        more = ShownRows(whole)
        rectangle = with_shown_rows(whole, more)
        links = (
            self._options.link.of_table(table.source_business_object, warnings, place) if self._options.link else None
        )
        shown = shown_of(table, rectangle, grouped=bool(whole.groups), words=self._words)
        kind = _HtmlRows if self._options.tables == "html" else _PipeRows
        rows = kind(rectangle, shown, self._page_text, links)
        self._count_replaced(rectangle.heads, place)
        yield "\n"
        if rectangle.heads:
            yield rows.start()
        for batch in rectangle.batches:
            for values in batch.columns:
                self._count_replaced(values, place)
            if rectangle.heads:
                # Rows of no cells are none in Markdown.
                yield rows.lines(batch.rows)
                self._sink.advance(len(shown.listed(batch.rows)))
        if rectangle.heads:
            yield rows.end
        empty = self._words("No rows.") if rectangle.heads and not rectangle.sample else ""
        note = self._words.of(table.note or "").strip()
        for said in filter(None, [empty, note, *map(self._words.of, more.notes())]):
            self._count_replaced([said], place)
            yield f"\n{paragraphs(said)}\n"

    def _count_replaced(self, values: Sequence[object], place: Place | None) -> None:
        if count := count_replaced(values):
            message = "control characters, which Markdown cannot hold, became U+FFFD"
            self._sink.warnings.add("replaced-characters", message, place, count=count)


class _PipeRows:
    """Writes the rows of a table with pipes between its cells."""

    end = ""

    def __init__(self, rectangle: Grid, shown: Shown, page_text: PageText, links: RecordLinks | None) -> None:
        self._grid = rectangle
        self._shown = shown
        self._page_text = page_text
        self._links = links
        self._has_looks = any(shown.looks)
        columns = zip(*[row.values for row in rectangle.sample if row.kind == "row"], strict=True)
        of_columns = list(columns) or [()] * len(rectangle.heads)
        self._is_number = [_is_number(*each) for each in zip(rectangle.formats, of_columns, strict=True)]

    def start(self) -> str:
        """Return the header; tables without one have a blank one, as GFM knows no others."""
        heads = self._escaped(self._grid.heads)
        rule = ["---:" if is_number else "---" for is_number in self._is_number]
        return f"{_line(heads)}{_line(rule)}"

    def lines(self, rows: list[Row]) -> str:
        """Return the lines of rows."""
        return written(rows, self._ordinary, self._made)

    def _ordinary(self, rows: list[Row]) -> str:
        return "".join(map(_line, self._rows_of(rows)))

    def _rows_of(self, rows: list[Row]) -> Iterator[Sequence[str]]:
        """Yield the cells of rows of the report."""
        says = any_said(rows)
        columns = []
        for at, values in enumerate(zip(*[row.values for row in rows], strict=True)):
            texts = self._texts(at, values)
            if says:
                texts = with_was(rows, at, texts, partial(self._text, at))
            columns.append(self._escaped(texts))
        if self._has_looks or says:
            columns = self._signed(rows, columns)
        if self._links and columns:
            keys = [row.source_key for row in rows]
            addresses = map(self._links.address, keys)
            columns[0] = [
                self._linked(text or self._escaped([text_of(key)])[0], url) if url else text
                for text, key, url in zip(columns[0], keys, addresses, strict=True)
            ]
        yield from zip(*columns, strict=True)

    def _text(self, at: int, value: object) -> str:
        return self._texts(at, [value])[0]

    def _texts(self, at: int, values: Sequence[object]) -> Sequence[str]:
        return self._page_text.texts(self._shown.rounded(at, values))

    def _signed(self, rows: list[Row], columns: list[list[str]]) -> list[list[str]]:
        """Put the sign of its look before each value that has one; that of a row stands in its first cell."""
        looks = zip(*map(self._shown.looks_of, rows), strict=True)
        of_rows = [row.look is not None if row.fields is not None else False for row in rows]
        return [
            [
                f"{SIGNS[look]} {text}".rstrip() if look in SIGNS and not (at and of_row) else text
                for text, look, of_row in zip(texts, each, of_rows, strict=True)
            ]
            for at, (texts, each) in enumerate(zip(columns, looks, strict=True))
        ]

    def _made(self, row: Row) -> str:
        """Return a row that is none of the report, in bold type."""
        texts = self._escaped(made_texts(row, self._shown, self._page_text))
        bold = [f"**{text}**" if text else "" for text in texts]
        return _line([*bold, *[""] * (len(self._grid.heads) - len(bold))])

    def _escaped(self, texts: Sequence[str]) -> list[str]:
        return cells(texts)

    def _linked(self, text: str, url: str) -> str:
        return f"[{text}]({address(url)})"


class _HtmlRows(_PipeRows):
    """Writes the rows of a table as HTML, a line each."""

    end = "</tbody>\n</table>\n"

    def start(self) -> str:
        """Return what comes before the rows."""
        if not self._grid.has_heads:
            return "<table>\n<tbody>\n"
        heads = "".join(f'<th scope="col">{head}</th>' for head in self._escaped(self._grid.heads))
        return f"<table>\n<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n"

    def _ordinary(self, rows: list[Row]) -> str:
        tags = ['td align="right"' if is_number else "td" for is_number in self._is_number]
        if self._grid.row_heads and tags:
            tags[0] = 'th scope="row"'
        pattern = "".join(f"<{tag}>%s</{tag[:2]}>" for tag in tags)
        return "".join([f"<tr>{pattern % tuple(row)}</tr>\n" for row in self._rows_of(rows)])

    def _made(self, row: Row) -> str:
        texts = self._escaped(made_texts(row, self._shown, self._page_text))
        if row.kind == "group":
            return f'<tr><th colspan="{len(self._grid.heads)}" scope="colgroup">{texts[0]}</th></tr>\n'
        tags = ['td align="right"' if is_number else "td" for is_number in self._is_number]
        bold = [f"<b>{text}</b>" if text else "" for text in texts]
        return "<tr>" + "".join([f"<{tag}>{text}</td>" for tag, text in zip(tags, bold, strict=True)]) + "</tr>\n"

    def _escaped(self, texts: Sequence[str]) -> list[str]:
        return list(map(html_cell, texts))

    def _linked(self, text: str, url: str) -> str:
        return f'<a href="{escaped(url)}">{text}</a>'


def _table_of(heads: list[str], rows: Iterable[Sequence[str | None]]) -> str:
    """Return a small table of texts, with a blank line before it."""
    lines = [cells([text or "" for text in row]) for row in rows]
    return "\n" + "".join(map(_line, [cells(heads), ["---"] * len(heads), *lines]))


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |\n"


def _is_number(said: ColumnFormat, values: Sequence[object]) -> bool:
    """Return whether the values of a column stand at its right."""
    if said.type:
        return said.type in ("integer", "decimal")
    present = [value for value in values if value not in (None, "")]
    return bool(present) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in present)
