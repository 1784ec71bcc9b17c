"""Conditions in words, for notes under tables and for what a conversion tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.views.settings import Asked, Where

_MOST_NAMED = 4
_WORDS = {
    "at_least": "at least {}",
    "above": "above {}",
    "at_most": "at most {}",
    "below": "below {}",
    "contains": "contains {}",
    "starts_with": "starts with {}",
    "matches": "matches {}",
    "older_than": "older than {}",
    "newer_than": "newer than {}",
}


def words_of(condition: Where) -> str:
    """Return a condition as a person would say it: `Status not Closed`."""
    return f"{condition.column} {_asked(condition)}"


def _asked(condition: Asked) -> str:
    said = [_listed(wanted) for wanted in (condition.equals, condition.one_of) if wanted is not None]
    said += [f"not {_listed(wanted)}" for wanted in (condition.not_equals, condition.none_of) if wanted is not None]
    if condition.between is not None:
        said.append(f"from {text_of(condition.between[0])} to {text_of(condition.between[1])}")
    said += [
        words.format(_days(getattr(condition, name)) if name.endswith("_than") else text_of(getattr(condition, name)))
        for name, words in _WORDS.items()
        if getattr(condition, name) is not None
    ]
    if condition.blank is not None:
        said.append("blank" if condition.blank else "not blank")
    if condition.opposite_of is not None:
        said.append(f"not ({_asked(condition.opposite_of)})")
    return " and ".join(said)


def _days(ago: int | str) -> str:
    return f"{ago} days" if str(ago).isdigit() else str(ago)


def _listed(wanted: object) -> str:
    values: Sequence[Any] = wanted if isinstance(wanted, list) else [wanted]
    named = [text_of(value) or "blank" for value in values[:_MOST_NAMED]]
    more = [f"{len(values) - _MOST_NAMED} more"] if len(values) > _MOST_NAMED else []
    *first, last = [*named, *more] or ["nothing"]
    return f"{', '.join(first)} or {last}" if first else last
