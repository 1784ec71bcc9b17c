"""CSS rules for the columns of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from icreport.rendering.html_text import css_string, shortened
from icreport.rendering.page.columns import UNBROKEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icreport.rendering.page.columns import Look

_WIDEST = 32
"""Characters of text that a column of a page on a screen shows on one line before it wraps."""

_LEAST = 10
"""Characters that a column of text has on a printed line, if it has so many."""
_DIGIT = 0.62
"""Width of a digit in a usual font, in its size."""
_PORTRAIT, _LANDSCAPE = 525, 715
"""Width of a printed page without its margins, in points: that of the narrower of A4 and Letter."""
_LABEL = 60
"""Characters of a header that stand over a value in a record."""
_RECORD = (
    ":is(table, tbody) { display: block }",
    "thead { display: none }",
    "tbody tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(30mm, 1fr)); padding: 3pt 0 }",
    "tbody tr { border-top: 1pt solid var(--line) }",
    "tbody tr > :nth-child(n) { border: 0; padding: 1pt 4pt; text-align: start; min-width: 0 }",
    "tbody tr > :nth-child(n) { white-space: pre-wrap; overflow-wrap: anywhere }",
    "tbody tr > ::before { display: block; font-size: 6pt; font-weight: 400; color: var(--muted) }",
)

PrintFit = Literal["portrait", "landscape", "small", "records"]
"""How a table fits on a page that a browser prints: as it is, on a page turned, smaller too, or as a block a row."""


def rules_of(name: str, looks: list[Look]) -> list[str]:
    """Return the rules of every table on a screen."""
    numbers = [at for at, look in enumerate(looks) if look.kind == "number"]
    # Units stand below units, and a minus before its number, in tables that run from right to left too.
    return [
        *_rule(name, "tr", numbers, "text-align: right"),
        *_rule(name, "tbody tr", numbers, "direction: ltr"),
    ]


def paper_rules_of(looks: list[Look], name: str | None = None) -> dict[str, list[str]]:
    """Return the rules for paper by the class of the table's element that asks for each.

    Tables of a document share them: it has a few for each column, however many tables there are. With the `name` of an
    element they are for that one alone, whatever its classes are.
    """
    rules: dict[str, list[str]] = {}
    for at, look in enumerate(looks):
        if look.kind != "number":
            continue
        kind = f"number-{at + 1}"
        table = f"#{name}" if name else f".{kind}"
        rules[kind] = [
            _paper_rule(table, "tr", at, "text-align: right"),
            # Units stand below units, and a minus before its number, in tables that run from right to left too.
            _paper_rule(table, "tbody tr", at, "direction: ltr"),
        ]
        if at + 1 < len(looks) and looks[at + 1].kind != "number":
            kind = f"text-after-{at + 1}"
            table = f"#{name}" if name else f".{kind}"
            rules[kind] = [
                _paper_rule(table, "tr", at, "padding-inline-end: 0.75em"),
                _paper_rule(table, "tr", at + 1, "padding-inline-start: 0.75em"),
            ]
    return rules


def screen_rules_of(name: str, looks: list[Look]) -> list[str]:
    """Return the rules for a screen; on paper the columns have their widths, and what does not fit has to wrap."""
    unbroken = [at for at, look in enumerate(looks) if look.kind in UNBROKEN]
    rules = [*rules_of(name, looks), *_rule(name, "tbody tr", unbroken, "white-space: nowrap")]
    for at, look in enumerate(looks):
        if look.kind == "text" and look.width > _WIDEST:
            least = min(16, int(look.width * 0.3))
            rules += _rule(name, "tbody tr", [at], f"min-width: min({least}em, 50vw); overflow-wrap: anywhere")
    return rules


def large_rules_of(name: str, looks: list[Look], asked: Mapping[int, float] | None = None) -> list[str]:
    """Return the rules for a large table on a screen, whose columns are laid out before all of its rows are.

    `asked` are widths that columns are to have, in percent.
    """
    # Numbers, dates and tags have what they need and stay whole; text wraps.
    unbroken = [at for at, look in enumerate(looks) if look.kind in UNBROKEN]
    widths = [
        max(look.width, 4) if at in unbroken else min(max(look.width, 4), _WIDEST) for at, look in enumerate(looks)
    ]
    leasts = [f"{width * 1.15:.1f}ch + 1.75rem" for width in widths]
    shares = [max(look.width, 4) for look in looks]
    if asked:
        left = sum(share for at, share in enumerate(shares) if at not in asked)
        part = (100 - sum(asked.values())) / left if left else 0
        shares = [round(asked.get(at, share * part), 3) for at, share in enumerate(shares)]
    columns = [f"minmax(calc({one}), {share}fr)" for one, share in zip(leasts, shares, strict=True)]
    sizes = f"#{name} {{ --columns: {' '.join(columns)}; --width: calc({' + '.join(leasts)}) }}"
    return [*rules_of(name, looks), *_rule(name, "tbody tr", unbroken, "white-space: nowrap"), sizes]


def print_fit_of(looks: Sequence[Look]) -> PrintFit:
    """Return what it takes to print all columns: no browser says that it left some out."""
    widths = sum(_printed_width(look) for look in looks) * _DIGIT
    if 8 * (widths + len(looks)) <= _PORTRAIT:
        return "portrait"
    if 8 * (widths + len(looks)) <= _LANDSCAPE:
        return "landscape"
    return "small" if 6.5 * widths + 4 * len(looks) <= _LANDSCAPE else "records"


def print_rules_of(name: str, looks: Sequence[Look], heads: Sequence[str]) -> list[str]:
    """Return the rules for a page that a browser prints: no column is cut off, and no tag broken."""
    fit = print_fit_of(looks)
    if fit == "records":
        return ["@media print {", *_record_rules(name, looks, heads), "}"]
    rules = []
    for at, look in enumerate(looks):
        if look.kind not in UNBROKEN:
            style = f"min-width: {_printed_width(look):.0f}ch; overflow-wrap: anywhere"
            rules += _rule(name, "tbody tr", [at], style)
    if fit == "small":
        rules.append(f"#{name} table {{ font-size: 6.5pt }} #{name} :is(th, td) {{ padding: 1.5pt 2pt }}")
    return ["@media print {", *rules, "}"] if rules else []


def _printed_width(look: Look) -> float:
    """Return the characters that a column needs on a line: what is no text stands on one, text wraps at its words."""
    return look.width if look.kind in UNBROKEN else min(look.width, max(_LEAST, look.word))


def _record_rules(name: str, looks: Sequence[Look], heads: Sequence[str]) -> list[str]:
    """Return the rules for rows as blocks of values, each below its header."""
    long = [at for at, look in enumerate(looks) if look.kind == "text" and look.width > _WIDEST]
    return [
        *[f"#{name} {rule}" for rule in _RECORD],
        *_rule(name, "tbody tr", [0], "grid-column: 1 / -1; font-weight: 600"),
        *_rule(name, "tbody tr", long, "grid-column: 1 / -1"),
        *[
            f"#{name} tbody tr > :nth-child({at})::before {{ content: {css_string(shortened(head, _LABEL))} }}"
            for at, head in enumerate(heads, 1)
            if head
        ],
    ]


def _rule(name: str, cells: str, columns: list[int], style: str) -> list[str]:
    """Return a rule for the cells of some columns, none where there are none."""
    selectors = [f"#{name} {cells} > :nth-child({at + 1})" for at in columns]
    return [f"{', '.join(selectors)} {{ {style} }}"] if selectors else []


def _paper_rule(table: str, cells: str, column: int, style: str) -> str:
    """Return a rule for a column of the tables of a selector; it is tried for cells only."""
    # WeasyPrint looks up rules by the last part: one without a name is tried for every element of the page.
    selectors = [f"{table} {cells} > {cell}:nth-child({column + 1})" for cell in ("td", "th")]
    return f"{', '.join(selectors)} {{ {style} }}"
