"""Conditions in words, for notes under tables and for what a conversion tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icreport.words import Said, Value, say, say_many, to_say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.views.settings import Asked, Where

_MOST_NAMED = 4
_WORDS = {
    "at_least": to_say("at least {value}"),
    "above": to_say("above {value}"),
    "at_most": to_say("at most {value}"),
    "below": to_say("below {value}"),
    "contains": to_say("contains {value}"),
    "starts_with": to_say("starts with {value}"),
    "matches": to_say("matches {value}"),
    "older_than": to_say("older than {value}"),
    "newer_than": to_say("newer than {value}"),
}
_AGO = re.compile(r"\s*(\d+)\s*(?:(day|week|month|year)s?)?\s*", re.IGNORECASE)


def in_words(condition: Where) -> Said:
    """Return a condition as a person would say it: `Status not Closed`."""
    return say("{column} {condition}", column=condition.column, condition=_asked(condition))


def _asked(condition: Asked) -> Said:
    said = [_listed(wanted) for wanted in (condition.equals, condition.one_of) if wanted is not None]
    refused = (wanted for wanted in (condition.not_equals, condition.none_of) if wanted is not None)
    said += [say("not {value}", value=_listed(wanted)) for wanted in refused]
    if condition.between is not None:
        first, last = map(Value, condition.between)
        said.append(say("from {first} to {last}", first=first, last=last))
    for name, words in _WORDS.items():
        if (asked := getattr(condition, name)) is not None:
            said.append(say(words, value=_ago(asked) if name.endswith("_than") else Value(asked)))
    if condition.blank is not None:
        said.append(say("blank") if condition.blank else say("not {value}", value=say("blank")))
    if condition.opposite_of is not None:
        said.append(say("not ({condition})", condition=_asked(condition.opposite_of)))
    return Said("{conditions}", None, {"conditions": said})


def _ago(asked: int | str) -> Said | Value:
    """Return how long ago something is."""
    found = _AGO.fullmatch(str(asked))
    if not found:
        return Value(asked)
    count = int(found[1])
    match (found[2] or "day").lower():
        case "week":
            return say_many("{count} week", "{count} weeks", count)
        case "month":
            return say_many("{count} month", "{count} months", count)
        case "year":
            return say_many("{count} year", "{count} years", count)
    return say_many("{count} day", "{count} days", count)


def _listed(wanted: object) -> Said:
    """Return one value, or what is one of several."""
    values: Sequence[object] = wanted if isinstance(wanted, list) else [wanted]
    named = [Value(value) if value not in (None, "") else say("blank") for value in values[:_MOST_NAMED]]
    more = [say("{count} more", count=len(values) - _MOST_NAMED)] if len(values) > _MOST_NAMED else []
    return Said("{values}", None, {"values": (*named, *more) or (say("nothing"),)})
