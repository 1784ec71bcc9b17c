"""Cells that say what they were, as HTML: what is gone struck out (`del`), what is new underlined (`ins`)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from icreport.rendering.html_text import escaped

_WORDS = re.compile(r"\S+\s*|\s+")
_LEAST_WORDS = 3
"""Words from which on texts are compared by word."""
_MOST_WORDS = 300
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
    # Blanks stand with the word before them, and do not count.
    old, new = ([word.rstrip() for word in words] for words in (before, after))
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    alike = sum(end - start for what, start, end, *_ in steps if what == "equal")
    if alike == len(old) == len(new) or alike < _LEAST_ALIKE * max(len(old), len(new)):
        return ""
    parts = []
    for what, start, end, new_start, new_end in steps:
        gone, put_in = "".join(before[start:end]), "".join(after[new_start:new_end])
        if what == "equal":
            # The last word of one text may stand within the other.
            words = zip(before[start:end], after[new_start:new_end], strict=True)
            parts.append(escaped("".join(max(pair, key=len) for pair in words)))
            continue
        # The blank after what changed is no part of it.
        blank = (put_in or gone)[len((put_in or gone).rstrip()) :]
        parts.append(f"<del>{escaped(gone.rstrip())}</del>" if gone else "")
        parts.append(f"<ins>{escaped(put_in.rstrip())}</ins>" if put_in else "")
        parts.append(escaped(blank))
    return "".join(parts)
