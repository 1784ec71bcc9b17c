"""CSS rules for the columns of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.rendering.page.columns import UNBROKEN

if TYPE_CHECKING:
    from icreport.rendering.page.columns import Look

_WIDEST = 32
"""Characters of text that a column of a page on a screen shows on one line before it wraps."""


def rules_of(name: str, looks: list[Look]) -> list[str]:
    """Return the rules that hold on a screen and on paper."""
    numbers = [at for at, look in enumerate(looks) if look.kind == "number"]
    # Units stand below units, and a minus before its number, in tables that run from right to left too.
    return [
        *_rule(name, "tr", numbers, "text-align: right"),
        *_rule(name, "tbody tr", numbers, "direction: ltr"),
    ]


def paper_rules_of(name: str, looks: list[Look]) -> list[str]:
    """Return the rules for paper, with room between a number and the text after it."""
    numbers = [at for at, look in enumerate(looks) if look.kind == "number"]
    before_text = [at for at in numbers if at + 1 < len(looks) and looks[at + 1].kind != "number"]
    return [
        *rules_of(name, looks),
        *_rule(name, "tr", before_text, "padding-inline-end: 0.75em"),
        *_rule(name, "tr", [at + 1 for at in before_text], "padding-inline-start: 0.75em"),
    ]


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
