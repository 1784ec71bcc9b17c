"""Links from rows to their records, from a pattern of a URL with the business object and key in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, Field, InstanceOf

from icreport.values import text_of

if TYPE_CHECKING:
    from icreport.errors import Place
    from icreport.warnings import Warnings

_BUSINESS_OBJECT, _KEY = "{sourceBusinessObject}", "{sourceKey}"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}?|\}")
# RFC 3986: the characters that a URI may have, `%` for those that are escaped already.
_IN_URI = "%:/?#[]@!$&'()*+,;=~"


class LinkPattern:
    """The address of a record: `https://host/#/{sourceBusinessObject}/{sourceKey}`.

    Raises `ValueError` for anything but an http or https address with no other placeholders, and none in its host.
    """

    def __init__(self, pattern: str) -> None:
        parts = urlsplit(pattern)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("it has to start with http:// or https:// and the name of a host")
        if "{" in parts.netloc:
            raise ValueError("the name of the host cannot have a placeholder")
        if unknown := set(_PLACEHOLDER.findall(pattern)) - {_BUSINESS_OBJECT, _KEY}:
            raise ValueError(f"it knows {_BUSINESS_OBJECT} and {_KEY}, not {min(unknown)}")
        self._pattern = pattern

    def __str__(self) -> str:
        return self._pattern

    def of_table(self, business_object: str | None, warnings: Warnings, place: Place) -> RecordLinks | None:
        """Return the links of a table's rows; None, with a warning, where its business object is needed and unknown."""
        if not business_object and _BUSINESS_OBJECT in self._pattern:
            message = "rows have no links, as their table names no business object and the link asks for one"
            warnings.add("dropped-link", message, place, loss=False)
            return None
        return RecordLinks(self._pattern.replace(_BUSINESS_OBJECT, _escaped(business_object or "")))


class RecordLinks:
    """The links of the rows of one table."""

    def __init__(self, pattern: str) -> None:
        before, *others = pattern.split(_KEY)
        self._parts = [quote(part, safe=_IN_URI, errors="replace") for part in (before, *others)]

    def address(self, key: object) -> str | None:
        """Return the URI (RFC 3986) of a record, None where the row has no key."""
        return None if key is None else _escaped(text_of(key)).join(self._parts)


def _escaped(text: str) -> str:
    return quote(text, safe="", errors="replace")


def _parsed(link: object) -> object:
    return LinkPattern(link) if isinstance(link, str) else link


LinkOption = Annotated[
    InstanceOf[LinkPattern] | None,
    BeforeValidator(_parsed),
    Field(description="Link each row to its record by this URL, with {sourceBusinessObject} and {sourceKey} in it."),
]
"""The option `link` of a renderer."""
