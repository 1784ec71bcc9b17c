"""CSS rules for the columns of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.rendering.page.columns import UNBROKEN

if TYPE_CHECKING:
    from icreport.rendering.page.columns import Look

_WIDEST = 32
"""Characters of text that a column of a page on a screen shows on one line before it wraps."""


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


def large_rules_of(name: str, looks: list[Look]) -> list[str]:
    """Return the rules for a large table on a screen, whose columns are laid out before all of its rows are."""
    # Numbers, dates and tags have what they need and stay whole; text wraps.
    unbroken = [at for at, look in enumerate(looks) if look.kind in UNBROKEN]
    widths = [
        max(look.width, 4) if at in unbroken else min(max(look.width, 4), _WIDEST) for at, look in enumerate(looks)
    ]
    leasts = [f"{width * 1.15:.1f}ch + 1.75rem" for width in widths]
    columns = [f"minmax(calc({one}), {max(look.width, 4)}fr)" for one, look in zip(leasts, looks, strict=True)]
    sizes = f"#{name} {{ --columns: {' '.join(columns)}; --width: calc({' + '.join(leasts)}) }}"
    return [*rules_of(name, looks), *_rule(name, "tbody tr", unbroken, "white-space: nowrap"), sizes]


def _rule(name: str, cells: str, columns: list[int], style: str) -> list[str]:
    """Return a rule for the cells of some columns, none where there are none."""
    selectors = [f"#{name} {cells} > :nth-child({at + 1})" for at in columns]
    return [f"{', '.join(selectors)} {{ {style} }}"] if selectors else []


def _paper_rule(table: str, cells: str, column: int, style: str) -> str:
    """Return a rule for a column of the tables of a selector; it is tried for cells only."""
    # WeasyPrint looks up rules by the last part: one without a name is tried for every element of the page.
    selectors = [f"{table} {cells} > {cell}:nth-child({column + 1})" for cell in ("td", "th")]
    return f"{', '.join(selectors)} {{ {style} }}"
