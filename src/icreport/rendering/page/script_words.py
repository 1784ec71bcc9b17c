"""The words of the page's script, which has none of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icreport.words import Words


def script_words(words: Words) -> str:
    """Return what the script says as JSON: texts, and plurals as an object of their forms (CLDR)."""
    said = {
        "lang": words.lang,
        "table": words("table"),
        "search": words("Search"),
        "searchIn": words("Search in {table}"),
        "filter": words("Filter"),
        "filterColumns": words("Filter columns"),
        "filterColumn": words("Filter {column}"),
        "column": words("column {number}"),
        "copy": words("Copy"),
        "copyTitle": words("Copy the rows that are shown, to paste into a spreadsheet"),
        "copied": words("Copied"),
        "notCopied": words("The browser does not let it be copied"),
        "download": words("Download CSV"),
        "downloadTitle": words("Download the rows that are shown"),
        "none": words("No rows match."),
        "showAll": words("Show all of the text"),
        "more": words("More"),
        "less": words("Less"),
        "rows": words.forms("{count} row", "{count} rows"),
        "someRows": words.forms("{shown} of {count} row", "{shown} of {count} rows"),
        "narrowed": words("{rows}; filter: {asked}"),
    }
    return json.dumps(said, ensure_ascii=False)
