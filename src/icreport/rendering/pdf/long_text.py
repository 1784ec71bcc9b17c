"""What keeps a report printable in time.

WeasyPrint's time grows with the square of the length of a word and of the lines of a text, so very long words get
places to break at, and texts that would fill books are refused.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace as replace_fields

from icreport.errors import Place, RenderError
from icreport.model.elements import Paragraph, ParagraphData
from icreport.model.looks import KEY
from icreport.model.rows import Batch
from icreport.rendering.html_text import shortened
from icreport.rendering.text_direction import is_mixed, may_run_right_to_left
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icreport.model.elements import Element
    from icreport.model.rows import Row
    from icreport.rendering.grid import Grid
    from icreport.warnings import Warnings

_MOST_CHARACTERS = 1_000_000
_MOST_LINES = 10_000
_LONGEST_HEAD = 300
_LONGEST_RUNNING = 150
_LONG = 1000
_COMPOUND = frozenset((list, dict))
_LONG_KINDS = _COMPOUND | {str}
_SEEN_BLANKS = ("  ", "\t", "\n ")
"""What tells blanks that a line would not show as they are."""
_LONG_WORD = re.compile(rf"[^\s\u200b]{{{_LONG},}}")
_BLANKS = re.compile(r"^ +(?=\S)| +(?= \S)", re.MULTILINE)
_PIECE = re.compile(r"\S{1,8}")
"""Of a very long word: what fits into the narrowest usual column, since breaking a piece is what takes so long."""
_PIECE_OF_TITLE = re.compile(r"\S{1,20}")

BLANK = "\u00a0"
"""What has the height of a text and shows nothing."""


def with_line_ends(text: str) -> str:
    """Return text with LF for the separators at which Pango ends a paragraph, and WeasyPrint does not expect it."""
    return text.replace("\u2028", "\n").replace("\u2029", "\n")


T = TypeVar("T")


def with_blanks(text: str) -> str:
    """Return text whose blanks are all seen: no-break ones where a line starts or several stand together."""
    if text[:1] != " " and not any(blanks in text for blanks in _SEEN_BLANKS):
        return text
    return _BLANKS.sub(lambda blanks: "\u00a0" * len(blanks[0]), text.expandtabs())


def printable(value: T, place: Place | None) -> T | str:
    """Return a value, its blanks kept, its words over 1,000 characters with a zero-width space after each eight."""
    shown = with_blanks(value) if isinstance(value, str) else value
    text = shown if isinstance(shown, str) else "" if shown is None else text_of(shown)
    if len(text) < _LONG:
        return shown
    if len(text) > _MOST_CHARACTERS or text.count("\n") > _MOST_LINES:
        raise RenderError(
            f"a text has {len(text):,} characters in {text.count(chr(10)) + 1:,} lines; a PDF takes up to"
            f" {_MOST_CHARACTERS:,} in {_MOST_LINES:,}",
            place=place,
            remedy="write HTML or CSV",
        )
    if not _LONG_WORD.search(text):
        return shown
    return _LONG_WORD.sub(lambda word: "\u200b".join(_PIECE.findall(word.group())), text)


def running(title: str) -> str:
    """Return a title as the margin of each page has it: its start, with places to break at in words over twenty."""
    words = shortened(title, _LONGEST_RUNNING).split()
    return " ".join("\u200b".join(_PIECE_OF_TITLE.findall(word)) for word in words)


def printable_element(element: Element, place: Place) -> Element:
    """Return an element with its caption and text printable."""
    changed: dict[str, object] = {}
    if (caption := printable(element.caption, place)) is not element.caption:
        changed["caption"] = caption
    if isinstance(element, Paragraph) and (text := printable(element.text, place)) != element.text:
        changed["data"] = ParagraphData(text=text)
    return element.model_copy(update=changed) if changed else element


def printable_grid(rectangle: Grid, place: Place, warnings: Warnings) -> Grid:
    """Yield a grid with its heads and values printable; no page could repeat a long head."""

    def batches() -> Iterator[Batch]:
        for batch in rectangle.batches:
            texts = [value for row in batch.rows for value in row.values if type(value) is str]
            tell_mixed(texts, warnings)
            plain = _are_printable(texts) and all(map(_is_plain, batch.rows))
            yield batch if plain else Batch([_printable_row(row, place) for row in batch.rows])

    tell_mixed(rectangle.heads, warnings)
    if cut := sum(len(head) > _LONGEST_HEAD for head in rectangle.heads):
        message = f"heads over {_LONGEST_HEAD} characters, which a page cannot repeat, are cut"
        warnings.add("cut-head", message, place, count=cut)
    return replace(
        rectangle,
        heads=[head if len(head) <= _LONGEST_HEAD else head[:_LONGEST_HEAD] + "\u2026" for head in rectangle.heads],
        sample=[_printable_row(row, place) for row in rectangle.sample],
        batches=batches(),
    )


def tell_mixed(texts: Sequence[str], warnings: Warnings) -> None:
    """Count texts that are seen in their order, but have no order of glyphs that all programs read alike."""
    if may_run_right_to_left("".join(texts)) and (count := sum(map(is_mixed, texts))):
        message = (
            "texts of letters from right to left beside figures or signs may be copied from the PDF in another order"
        )
        warnings.add("mixed-directions", message, count=count, loss=False)


def _are_printable(texts: Sequence[str]) -> bool:
    """Return whether all of some texts are as they are to be shown: asked of many at once, that is quick."""
    joined = "\n".join(["", *texts])
    return not any(blanks in joined for blanks in _SEEN_BLANKS) and max(map(len, texts), default=0) < _LONG


def _is_plain(row: Row) -> bool:
    """Return whether a row has nothing but simple values, the first of them one that is seen."""
    if row.cells or _COMPOUND.intersection(map(type, row.values)):
        return False
    first = row.values[0] if row.values else None
    return first.strip() != "" if type(first) is str else first is not None


def _printable_row(row: Row, place: Place) -> Row:
    values = tuple([printable(value, place) if type(value) in _LONG_KINDS else value for value in row.values])
    if len(values) > 1 and not any(value is not None and text_of(value).strip() for value in values):
        # A row to be filled in by hand is as high as others.
        values = (*values[:-1], BLANK)
    cells = row.cells and {at: _printable_cell(cell, place) for at, cell in row.cells.items()}
    return row if values == row.values and cells == row.cells else replace_fields(row, values=values, cells=cells)


def _printable_cell(cell: object, place: Place) -> object:
    if not isinstance(cell, dict):
        return cell
    said = cell.get(KEY)
    if not isinstance(said, dict) or type(said.get("was")) not in _LONG_KINDS:
        return cell
    return cell | {KEY: said | {"was": printable(said["was"], place)}}
