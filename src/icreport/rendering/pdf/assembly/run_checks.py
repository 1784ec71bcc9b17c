"""Which style sheets let a document be laid out run by run: those that ask no more than a run knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import tinycss2

from icreport.rendering.pdf.painter.style_checks import UnknownStyleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

Tag: TypeAlias = "tuple[str, frozenset[str]]"

_GOES_ON = {"counter-increment", "counter-reset", "counter-set", "string-set"}
"""What goes on from element to element."""
_KNOWN_BEFORE = re.compile(r"h1\b|body\b|html\b|main\b|:root\b|[a-z0-9]*\.section\b")
"""Whose rules a run knows: what it has before its first page."""
_AROUND = re.compile(r"(?:html|body|main|:root|\*|#content)\b.*|\*")
_TYPE = re.compile(r"[a-z0-9]*")
_CLASS = re.compile(r"\.([\w-]+)")
_PARENTHESES = re.compile(r"\([^()]*\)")
_ASKS_WITHIN = re.compile(r"\([^()]*(?:~|:nth-|-of-type)|(?:html|body|main|:root|#content)[^\s>+~,]*:has\(")
_CONTENTS = re.compile(r"main\b.*|.*#content\b.*")
_COMBINATORS = re.compile(r"\s*([>+~])\s*|\s+")
_ELSEWHERE = re.compile(r"\btarget-(?:counters?|text)\(|\brunning\(|\bfootnote\b")


def check_runs(css: str, numbers_reason: str | None, tags: AbstractSet[Tag]) -> bool:
    """Check that no page needs to know more of what is before it than the sections, and the element right before it.

    `tags` are those that hold the elements, each with its name and its classes.
    `numbers_reason` says why WeasyPrint has to find the page numbers of the contents, if so: it needs all pages.

    Return whether anything is counted, or named, by sections.

    Raises `UnknownStyleError`, which says what a page would need.
    """
    if numbers_reason:
        raise UnknownStyleError(numbers_reason)
    sections_go_on = False
    for selector, content in _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)):
        if found := _ELSEWHERE.search(content):
            raise UnknownStyleError(f"the theme takes something out of its place ({found[0].rstrip('(')})")
        if "{" in content and not selector.startswith("@page"):
            raise UnknownStyleError(f"the theme has rules within rules ({selector})")
        if selector.startswith("@page"):
            if ":nth" in selector:
                raise UnknownStyleError("pages look different by their numbers")
            continue
        goes_on = not _GOES_ON.isdisjoint(part.split(":", 1)[0].strip().lower() for part in content.split(";"))
        if _ASKS_WITHIN.search(selector):
            raise UnknownStyleError(f"elements look different by what is around them ({selector})")
        for each in _without_parentheses(selector).split(","):
            _check_selector(each.strip(), tags, goes_on=goes_on)
            sections_go_on = sections_go_on or (goes_on and ".section" in each)
    return sections_go_on


def _check_selector(selector: str, tags: AbstractSet[Tag], *, goes_on: bool) -> None:
    *before, subject = _COMBINATORS.split(selector)
    is_known = _KNOWN_BEFORE.match(subject.split("::")[0]) is not None
    # Sections that are known stand in an element of their own.
    if is_known and ".section" in subject:
        is_known = set(before[1::2]) <= {None} and ":" not in subject.replace("::", "")
    if goes_on and not is_known:
        raise UnknownStyleError(f"the theme counts elements or names their texts ({selector})")
    holder = None
    for combinator, compound in zip([" ", *before[1::2]], [*before[::2], subject], strict=True):
        if combinator not in ("+", "~"):
            within, holder = holder, compound
            is_inside = within is not None and not _AROUND.fullmatch(within)
        elif _CONTENTS.fullmatch(compound):
            raise UnknownStyleError(f"a further run has no contents before its elements ({selector})")
        asks = combinator == "~" or ":nth-" in compound or "-of-type" in compound
        if asks and not is_inside and _matches(compound, tags):
            raise UnknownStyleError(f"elements look different by all that is before them ({selector})")


def _matches(compound: str, tags: AbstractSet[Tag]) -> bool:
    """Return whether any of some tags can be what a part of a selector means."""
    kind = _TYPE.match(compound)
    classes = set(_CLASS.findall(compound))
    return any((not kind or kind[0] in ("", name)) and classes <= own for name, own in tags)


def _without_parentheses(selector: str) -> str:
    while (plain := _PARENTHESES.sub("", selector)) != selector:
        selector = plain
    return plain


def _rules(nodes: Iterable[tinycss2.ast.Node]) -> Iterator[tuple[str, str]]:
    """Yield the selectors of rules and what they hold, those within `@media` for paper among them."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield tinycss2.serialize(node.prelude).strip(), tinycss2.serialize(node.content)
        elif node.type == "at-rule" and node.content is not None:
            prelude = tinycss2.serialize(node.prelude).strip()
            if node.lower_at_keyword == "page":
                yield f"@page {prelude}", tinycss2.serialize(node.content)
            elif not (node.lower_at_keyword == "media" and prelude.lower().startswith("screen")):
                yield from _rules(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))
