"""Addresses of records, from a pattern with their business object and key."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from icreport.errors import OptionError
from icreport.values import text_of


class LinkPattern:
    """The address of a record: `https://host/#/{sourceBusinessObject}/{sourceKey}`."""

    def __init__(self, pattern: str) -> None:
        parts = urlsplit(pattern)
        if parts.scheme not in {"http", "https"} or not parts.netloc or "{" in parts.netloc:
            raise OptionError("the link is no http or https address")
        self._pattern = pattern

    def address(self, business_object: str | None, key: Any) -> str | None:
        """Give the address of a record, None where a part of it is not known."""
        if key is None or (business_object is None and "{sourceBusinessObject}" in self._pattern):
            return None
        filled = self._pattern.replace("{sourceBusinessObject}", quote(business_object or "", safe=""))
        return filled.replace("{sourceKey}", quote(text_of(key), safe=""))
