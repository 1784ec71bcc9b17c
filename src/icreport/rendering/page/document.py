"""The front matter of a document as templates see it, and the rule that puts its number on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icreport.rendering.html_text import css_string, shortened
from icreport.rendering.text_direction import direction_of

if TYPE_CHECKING:
    from icreport.model.front_matter import FrontMatter
    from icreport.words import Words

_LONGEST_RUNNING = 80
_LINES_OF_COVER = {False: 26, True: 11}
"""That an upright cover has, and one that lies: beside the title."""
_CHARACTERS_OF_LINE = 70


class Said(dict[str, Any]):
    """Names that templates ask for, of which those that nobody said are empty."""

    def __missing__(self, name: str) -> str:
        return ""


def for_templates(document: FrontMatter, words: Words, *, landscape: bool) -> Said:
    """Return the front matter for templates: each text under its name, `facts` as pairs of label and text.

    It is false where nothing is said. `on_cover` tells whether revisions and approvals have room on a cover.
    """
    if not document:
        return Said()
    revisions = [_of(each, words, "revision", "date", "description") for each in document.revisions or ()]
    approvals = [_of(each, words, "role", "name", "date") for each in document.approvals or ()]
    facts = document.facts(words)
    lines = len(facts) + 2 * bool(revisions) + 2 * bool(approvals) + 2 * len(approvals)
    lines += sum(1 + len(each["description"]) // _CHARACTERS_OF_LINE for each in revisions)
    lines += sum(len(text) // _CHARACTERS_OF_LINE for _, text in facts)
    return Said(
        document.facts_by_name,
        facts=facts,
        revisions=revisions,
        approvals=approvals,
        on_cover=lines <= _LINES_OF_COVER[landscape],
    )


def labels_of(words: Words) -> dict[str, str]:
    """Return the heads of the tables of revisions and approvals."""
    return {
        "revisions": words("Revisions"),
        "revision": words("Rev."),
        "date": words("Date"),
        "description": words("Description"),
        "approvals": words("Approval"),
        "role": words("Role"),
        "name": words("Name"),
        "signature": words("Signature"),
    }


def running_rules(document: FrontMatter, words: Words) -> list[str]:
    """Return the rules by which each page but the cover has number and revision at its top."""
    text = shortened(document.running(words), _LONGEST_RUNNING)
    if not text:
        return []
    look = f"font: 7.5pt/1 var(--font); color: #51606e; direction: {direction_of(text)}"
    return [
        f"@page {{ @top-right {{ content: {css_string(text)}; {look} }} }}",
        "@page cover { @top-right { content: none } }",
    ]


def _of(part: object, words: Words, *names: str) -> Said:
    """Return the fields of a line, its date as the language writes dates."""
    said = {name: getattr(part, name) or "" for name in names}
    return Said(said | {"date": words.value(said["date"])})
