"""Numbers as people write them: `1,250,000`, `3,5`, `-12.5 m`, `< 0.2 %`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BLANK = " \u00a0\u2009\u202f"
_SIGN = r"(?P<before>(?:[<>\u2264\u2265~\u2248$\u20ac\u00a3\u00a5]|[A-Z]{3} )? ?)(?P<sign>[+\-\u2212]?)"
_IN_UNIT = r"(?:[^\d\n]|(?<=[^\W\d_])[23](?!\d)){0,11}"
"""No further number, but for the power in m3."""
_UNIT = rf"(?P<unit>[{_BLANK}]?[^\W\d_]{_IN_UNIT}|[{_BLANK}]?[%\u2030\u00b0\"'\u2033\u2032\u20ac$\u00a3]{_IN_UNIT})?"


def _pattern(mark: str, group: str) -> re.Pattern[str]:
    """Return what numbers look like whose decimals follow `mark` and whose thousands are grouped by `group`."""
    grouped = rf"[1-9]\d{{0,2}}(?:(?P<by>[{group}'\u2019{_BLANK}])\d{{3}})(?:(?P=by)\d{{3}})*"
    indian = rf"[1-9]\d?(?:[{group}]\d\d)+[{group}]\d{{3}}"
    digits = rf"(?P<whole>{grouped}|{indian}|\d*)(?:[{mark}](?P<decimals>\d+))?"
    return re.compile(rf"{_SIGN}(?=[.,]?\d){digits}{_UNIT}")


_WRITTEN = {".": _pattern(".", ","), ",": _pattern(",", ".")}
_MOST_UNITS = 8


def number_reader(texts: Sequence[str], mark: str | None) -> Callable[[str], str | None] | None:
    """Return what reads the numbers of a column, None if most of its texts are none.

    Which decimal mark a column has is told by its texts; where they fit both, as `1,250` does, by `mark`, else it is a
    point. A reader returns the number as JSON writes it, None for other texts.
    """
    found = {
        each: [match for text in texts if (match := written.fullmatch(text))] for each, written in _WRITTEN.items()
    }
    more = len(found[","]) - len(found["."])
    is_comma = more > 0 or (more == 0 and mark == "," and not any("." in text for text in texts))
    chosen = "," if is_comma else "."
    matches = found[chosen]
    befores = {match["before"].strip() for match in matches}
    # A word before a number is part of a name, unless it is that of a currency, the same in the whole column.
    if 2 * len(matches) <= len(texts) or (len(befores) > 1 and any(map(str.isalpha, befores))):
        return None
    units = {match["unit"] for match in matches}
    # Whole numbers before several endings (12A, 12B) sort by both as texts.
    is_whole = all(match["whole"].isdigit() and not match["sign"] and not match["decimals"] for match in matches)
    if len(units) > (1 if is_whole else _MOST_UNITS):
        return None

    def read(text: str) -> str | None:
        match = _WRITTEN[chosen].fullmatch(text)
        if match is None:
            return None
        whole = "".join(filter(str.isdigit, match["whole"])).lstrip("0") or "0"
        sign = "-" if match["sign"] in ("-", "\u2212") else ""
        return f"{sign}{whole}" + (f".{match['decimals']}" if match["decimals"] else "")

    return read
