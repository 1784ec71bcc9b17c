"""CSS rules of tables that say how they are shown: bars, widths, colour scales. Pages of other tables have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.package_files import templates_folder
from icreport.rendering.html_text import css_string
from icreport.rendering.page.formatted_rows import SCALE_STEPS
from icreport.rendering.themes.files import read_text
from icreport.words import to_say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icreport.rendering.page.formatted_rows import Bar, FormattedRows
    from icreport.rendering.themes.theme import Theme
    from icreport.words import Words

_SIGN = '.m.{look}:not(.q)::before {{ content: "{sign}\\a0" / {said} }}'
_SIGNS = (
    ("good", "\\2022", to_say("good: ")),
    ("fair", "!", to_say("fair: ")),
    ("bad", "!!", to_say("bad: ")),
)
"""The looks of marks with their signs, and what screen readers that know how say instead."""


def shown_css(theme: Theme, words: Words, *, paper: bool) -> list[str]:
    """Return the style sheet of what tables say, with the steps of colour scales in the colours of a theme."""
    from icreport.rendering.themes.contrast import mixed_grounds  # few pages have such tables

    signs = "\n".join(_SIGN.format(look=look, sign=sign, said=css_string(words(said))) for look, sign, said in _SIGNS)
    steps = {
        scheme: " ".join(f".table .c{step} {{ background-color: {ground} }}" for step, ground in enumerate(listed, 1))
        for scheme, listed in mixed_grounds(theme, SCALE_STEPS).items()
    }
    sheets = [read_text(templates_folder() / "shown.css"), signs, steps["light"]]
    if paper:
        return sheets
    dark = f"@media screen and (prefers-color-scheme: dark) {{ {steps['dark']} }}" if "dark" in steps else ""
    return [*sheets, read_text(templates_folder() / "shown_screen.css"), dark]


def format_rules_of(name: str, rows: FormattedRows, *, rtl: bool) -> list[str]:
    """Return the rules of one table, by the id of its element."""
    numbers = [at for at, look in enumerate(rows.looks) if look.kind == "number"]
    feet = ", ".join(f"#{name} tfoot tr > :nth-child({at + 1})" for at in numbers)
    return [*([f"{feet} {{ direction: ltr }}"] if feet and rows.is_shown else []), *_bars(rows.bars, rtl=rtl)]


def width_rules_of(name: str, widths: Mapping[int, float]) -> list[str]:
    """Return the rules for the widths that columns are to have on a screen, in percent."""
    if not widths:
        return []
    return [
        f"#{name}, #{name} table {{ width: 100% }}",
        *[
            f"#{name} :is(td, th):not([colspan]):nth-child({at + 1}) {{ width: {width:g}% }}"
            for at, width in widths.items()
        ],
    ]


def _bars(bars: set[Bar], *, rtl: bool) -> list[str]:
    """Return the rules of bars from one percentage of their cell to another; from right to left they start there."""
    return [
        f".b{start}-{end} {{ background-size: {end - start}% 0.2em; background-position:"
        f" {bar_place(start, end, rtl=rtl):.4f}% 100% }}"
        for start, end in sorted(bars)
    ]


def bar_place(start: int, end: int, *, rtl: bool) -> float:
    """Return the position of a bar: a percentage is of the room that it leaves (CSS Backgrounds 3, 3.6)."""
    left = 100 - (end - start)
    place = 100 * start / left if left else 0.0
    return 100 - place if rtl else place
