"""Cells that say what they were, as HTML: what is gone struck out (`del`), what is new underlined (`ins`)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from icreport.rendering.html_text import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORDS = re.compile(r"\s+|[^\s]+")
_LEAST_WORDS = 4
"""Words and blanks from which on texts are compared by word."""
_MOST_WORDS = 600
_LEAST_ALIKE = 0.3
"""The part of their words that two texts have in common, at least, that are shown as one."""


def changed_cell(was: str, text: str, content: str) -> str:
    """Return the content of a cell whose text was another; `content` is that of its text alone, as HTML.

    Texts of several words are one in which words are struck out and put in; else one value stands above the other.
    """
    if was and text and (together := _by_words(was, text)):
        return together
    old = f'<del class="w">{escaped(was)}</del>' if was else ""
    return old + (f'<ins class="w">{content}</ins>' if text else "")


def _by_words(was: str, text: str) -> str:
    """Return two texts as one, nothing where they have too few words, too many, or too few in common."""
    before, after = _WORDS.findall(was), _WORDS.findall(text)
    if min(len(before), len(after)) < _LEAST_WORDS or max(len(before), len(after)) > _MOST_WORDS:
        return ""
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    alike = sum(not word.isspace() for what, start, end, *_ in steps if what == "equal" for word in before[start:end])
    if 2 * alike < _LEAST_ALIKE * max(len(before), len(after)):
        return ""
    parts = []
    for gone, put_in, is_same in _runs(before, after, steps):
        if is_same:
            parts.append(escaped(put_in))
            continue
        parts.append(f"<del>{escaped(gone)}</del>" if gone else "")
        parts.append(f"<ins>{escaped(put_in)}</ins>" if put_in else "")
    return "".join(parts)


def _runs(
    before: Sequence[str], after: Sequence[str], steps: Iterable[tuple[str, int, int, int, int]]
) -> list[tuple[str, str, bool]]:
    """Return what stood and what stands, run by run, and whether it is the same; a blank between changes is in them."""
    found: list[tuple[str, str, bool]] = []
    for what, start, end, new_start, new_end in steps:
        run = "".join(before[start:end]), "".join(after[new_start:new_end]), what == "equal"
        if len(found) > 1 and not run[2] and found[-1][2] and found[-1][0].isspace():
            *found, one, blank = found
            run = one[0] + blank[0] + run[0], one[1] + blank[1] + run[1], False
        found.append(run)
    return found
