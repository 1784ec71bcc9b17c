"""A cell's text laid out: its lines, ready to be placed, and the height that they take."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

from icreport.rendering.pdf.actual_text import actual_text, needs_actual_text
from icreport.rendering.pdf.cluster_codes import give_codes
from icreport.rendering.pdf.painter.line_breaking import Breaker, Opportunities
from icreport.rendering.pdf.painter.resources import Resources, text_of
from icreport.rendering.pdf.painter.shaping import PANGO_UNIT, Face, PangoNeededError
from icreport.rendering.pdf.weasyprint_inside import (
    FROM_UNITS,
    Layout,
    Matrix,
    draw_emojis,
    draw_first_line,
    ffi,
    line_size,
    pango,
    split_first_line,
    strut,
)
from icreport.rendering.text_direction import Direction, own_direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icreport.rendering.page.decimals import Decimals
    from icreport.rendering.pdf.weasyprint_inside import ComputedStyle

_DIRECTIONS: tuple[Direction, ...] = ("ltr", "rtl")
_BLANKS = re.compile("[ \t\n\r\f]+")
_SOFT_HYPHEN = "\xad"
_HANGING = re.compile(r"[^\S ] ")
"""A blank after one of another kind: both may stand out of a line, where WeasyPrint puts the word before them."""
_UNLIMITED = 1 << 60
REMEMBERED_TEXTS = 2_000
_ONE_WAY = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
"""Words of letters: however they are broken into lines, each is one run, whatever the direction around it is."""


class Line(NamedTuple):
    """One line of a cell: PDF text operators that follow a text matrix, its width and baseline in CSS pixels.

    `baseline` and `bottom` count from the top of the cell's content.
    """

    operators: str
    width: float
    baseline: float
    bottom: float
    pictures: str = ""
    """What is drawn besides text: emojis, from where the line starts on its baseline."""
    link: tuple[float, float, float, float] | None = None
    """Where a drawn cell is a link: left, top, right, bottom; across as on the page, down from the content's top."""


class Lines(NamedTuple):
    """The lines of a cell and their height in CSS pixels."""

    lines: tuple[Line, ...]
    height: float
    drawing: str = ""
    """What is drawn besides the lines, from the top of the content, at its place across the page."""


NOTHING = Lines((), 0)


class TextLayout:
    """Lays out the texts of cells that share a style and a width; `prefix` is what the style sheet puts before each."""

    def __init__(
        self,
        style: ComputedStyle,
        width: float,
        face: Face,
        resources: Resources,
        around: Direction = "ltr",
        prefix: str = "",
        decimals: Decimals | None = None,
    ) -> None:
        """Lay out texts for cells of a page that runs in the direction `around`, aligned by `decimals`."""
        self._style = style
        self._prefix = prefix
        self._decimals = decimals
        self._digit: float = (
            split_first_line("0", style, SimpleNamespace(dictionaries={}), None, 0)[3] if decimals else 0.0
        )
        self._around = around
        self._isolated = {direction: _in_direction(style, direction) for direction in _DIRECTIONS}
        self._width = width
        self._face = face
        self._resources = resources
        anywhere = style["overflow_wrap"] in ("anywhere", "break-word")
        self._keeps_lines = style["white_space"] == "pre-line"
        self._limit = _UNLIMITED if style["white_space"] == "nowrap" else int(max(0, width) * PANGO_UNIT)
        self._breaker = Breaker(face, Opportunities(style["lang"]), self._limit, anywhere=anywhere)
        self._height, self._baseline = strut(style)
        self._simple = face.exact and style["word_break"] == "normal"
        self._reordered = style["direction"] == "rtl"
        self._remembered: dict[str, Lines] = {}
        self._context = SimpleNamespace(dictionaries={})
        self._layouts: dict[tuple[Direction, bool], Layout] = {}

    def lay_out(self, text: str) -> Lines:
        """Return the lines of a text."""
        known = self._remembered.get(text)
        if known is not None:
            return known
        made = self._lay_out(self._with_prefix(text) if self._prefix else text)
        if self._decimals is not None and made.lines and (missing := self._decimals.missing(text)):
            *lines, last = made.lines
            made = made._replace(lines=(*lines, last._replace(width=last.width + missing * self._digit)))
        if len(self._remembered) >= REMEMBERED_TEXTS:
            self._remembered.clear()
        self._remembered[text] = made
        return made

    def _with_prefix(self, text: str) -> str:
        """Return a text with what stands before it, which is at its right in a cell that runs from right to left."""
        if self._reordered and own_direction(self._prefix + text, self._around) == "ltr":
            return text + self._prefix[::-1]
        return self._prefix + text

    def _lay_out(self, text: str) -> Lines:
        if self._keeps_lines and "\n" in text:
            *first, last = text.split("\n")
            paragraphs = [self._lay_out_paragraph(part) for part in [*[part.rstrip(" \t\r\f") for part in first], last]]
            # A line end at the very end starts no line.
            return self._stack(paragraphs if paragraphs[-1].lines else paragraphs[:-1])
        return self._lay_out_paragraph(text)

    def _stack(self, paragraphs: list[Lines]) -> Lines:
        lines: list[Line] = []
        top = 0.0
        for paragraph in paragraphs:
            below = paragraph.lines or (Line("", 0.0, self._baseline, self._height),)
            lines += [line._replace(baseline=line.baseline + top, bottom=line.bottom + top) for line in below]
            top += paragraph.height or self._height
        return Lines(tuple(lines), top)

    def _lay_out_paragraph(self, text: str) -> Lines:
        if "  " in text or not text.isprintable() or text[:1] == " " or text[-1:] == " ":
            text = _BLANKS.sub(" ", text).lstrip(" ")
        if not text:
            return NOTHING
        direction = own_direction(text, self._around)
        if direction or self._around == "rtl":
            text = text.rstrip(" ")
        if direction is None:
            # The order of figures and signs where a text runs from right to left is Pango's to decide.
            style, is_plain = self._style, not self._reordered or _ONE_WAY.fullmatch(text) is not None
        else:
            style, is_plain = self._isolated[direction], direction == "ltr"
        # WeasyPrint wants room for a blank at the very end: that is its own to decide.
        if self._simple and text[-1] != " " and is_plain:
            try:
                return self._place(self._breaker.lines(text))
            except PangoNeededError:
                pass
        return self._lay_out_with_pango(text, style)

    def _place(self, broken: list[tuple[str, int]]) -> Lines:
        height, baseline, resource = self._height, self._baseline, self._face.resource
        return Lines(
            tuple(
                [
                    Line(
                        f"{resource}[<{glyphs}>]TJ",
                        width / PANGO_UNIT,
                        baseline + number * height,
                        height + number * height,
                    )
                    for number, (glyphs, width) in enumerate(broken)
                ]
            ),
            height * len(broken),
        )

    def _lay_out_with_pango(self, text: str, style: ComputedStyle) -> Lines:
        made = self._stack_lines(self._split_at_once(text, style), style)
        is_special = _SOFT_HYPHEN in text or text[-1] == " " or (len(made.lines) > 1 and _HANGING.search(text))
        if is_special or any(line.width > self._width for line in made.lines):
            # Where a word is too long, or a blank needs room, WeasyPrint decides line by line.
            made = self._stack_lines(self._split(text, style), style)
        return made

    def _split_at_once(self, text: str, style: ComputedStyle) -> list[str]:
        """Return the lines of a text as Pango wraps it as a whole."""
        layout = self._layout(text, style, wraps=True)
        data = text.encode()
        lines: list[str] = []
        while (line := pango.pango_layout_get_line_readonly(layout.layout, len(lines))) != ffi.NULL:
            lines.append(data[line.start_index : line.start_index + line.length].decode().strip(" "))
        return lines

    def _split(self, text: str, style: ComputedStyle) -> Iterator[str]:
        """Yield the lines of a text as WeasyPrint splits it, blanks at its end in the last one."""
        data = text.encode()
        at: int | None = 0
        while at is not None and at < len(data):
            while data[at : at + 1] == b" ":
                at += 1
            layout, _, resume, *_ = split_first_line(data[at:].decode(), style, self._context, self._width, 0)
            yield layout.text
            at = None if resume is None else at + resume

    def _stack_lines(self, texts: Iterable[str], style: ComputedStyle) -> Lines:
        """Return lines with these texts, one below the other."""
        lines: list[Line] = []
        top = 0.0
        for text in texts:
            layout = self._layout(text, style, wraps=False)
            width, height = line_size(layout.get_first_line()[0], style)
            baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS + (self._height - height) / 2
            if text[-1:] == " ":
                # A blank at the end makes its line higher, where its font is higher, but not wider.
                layout = self._layout(text.rstrip(" "), style, wraps=False)
                width, _ = line_size(layout.get_first_line()[0], style)
            above = max(self._baseline, baseline)
            below = max(self._height - self._baseline, self._height - baseline)
            operators, pictures = self._draw(layout, style)
            lines.append(Line(operators, width, top + above, top + above + below, pictures))
            top += above + below
        return Lines(tuple(lines), top)

    def _draw(self, layout: Layout, style: ComputedStyle) -> tuple[str, str]:
        """Return the operators that draw a line that Pango laid out, its own text matrix left out, and its pictures."""
        text = layout.text
        stream = self._resources.stream()
        box = SimpleNamespace(text=text, style=style, pango_layout=layout, baseline=0)
        emojis = draw_first_line(stream, box, "clip", "none", Matrix(d=-1))
        needed = needs_actual_text(text)
        if needed:
            give_codes(stream, layout, 0)
        operators = text_of(stream, start=1)
        if operators and needed:
            operators = f"{actual_text(text)} {operators} EMC"
        if not emojis:
            return operators, ""
        pictures = self._resources.stream()
        draw_emojis(pictures, style, 0, 0, emojis)
        return operators, text_of(pictures)

    def _layout(self, text: str, style: ComputedStyle, *, wraps: bool) -> Layout:
        """Return Pango's layout of a text, until the next is asked for: `wraps` says that lines end where cells do."""
        key = style["direction"], wraps
        # What is between the words of a text stays in its layout, at the same places of the texts after it.
        if key not in self._layouts or style["word_spacing"]:
            self._layouts[key] = Layout(style)
            if wraps and self._limit < _UNLIMITED:
                pango.pango_layout_set_width(self._layouts[key].layout, self._limit)
        layout = self._layouts[key]
        layout.set_text(text)
        return layout


def _in_direction(style: ComputedStyle, direction: Direction) -> ComputedStyle:
    if style["direction"] == direction:
        return style
    turned = style.copy()
    turned["direction"] = direction
    return turned
