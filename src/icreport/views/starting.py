"""A view to start from: all that a report has, as TOML, ready to be thinned."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from icreport.errors import one_line
from icreport.model.conditions import date_of, is_blank, number_of
from icreport.model.elements import Table
from icreport.values import replace_surrogates, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icreport.model.report import ReportLike

_SAMPLE = 1000  # rows that are looked at
_MOST_WORDS = 8
_LONGEST_WORD = 40
_EXAMPLES = 3
_LONGEST_EXAMPLE = 30
_WIDE = 34  # characters before the comment of a line
_UNESCAPED = re.compile("[\x7f-\x9f\u2028\u2029]")


def view_of(report: ReportLike) -> Iterator[str]:
    """Yield the lines of a view that shows a report as it is."""
    yield "# What of a report is shown, and how: docs/views.md. This view shows all as it is; take away, and change."
    yield '# title = "{name}"'
    yield '# elements = "listed"               # only the tables below, in this order'
    yield '# missing = "skip"                  # for reports that differ: what one lacks is left out, and told'
    captions = Counter(element.caption for element in report.elements if isinstance(element, Table))
    number = 0
    for element in report.elements:
        if isinstance(element, Table):
            number += 1
            caption = element.caption or ""
            is_named = bool(caption.strip()) and captions[caption] == 1 and not set(caption) & set("*?[")
            yield ""
            yield from _table(element, number, is_named=is_named)


def _table(table: Table, number: int, *, is_named: bool) -> Iterator[str]:
    yield "[[table]]"
    yield f"match = {toml_string(table.caption or '')}" if is_named else f"number = {number}"
    rows = list(islice(table.rows, _SAMPLE))
    names = table.names
    if not names:
        heads = [toml_string(text_of(row.values[0])) for row in rows if row.values]
        yield "# columns = [" + ", ".join(dict.fromkeys(heads)) + "]    # its rows, by their headers"
        return
    columns = [[row.values[at] if at < len(row.values) else None for row in rows] for at in range(len(names))]
    yield "columns = ["
    for name, values in zip(names, columns, strict=True):
        line = f"  {toml_string(name)},"
        yield f"{line:<{_WIDE}} # {_about(values)}"
    yield "]"
    words = {name: found for name, values in zip(names, columns, strict=True) if (found := _words(values))}
    first = toml_string(names[0])
    word = next(iter(words), None)
    if word is not None:
        yield f"# where = [{{ column = {toml_string(word)}, in = [{toml_string(words[word][0])}] }}]"
    yield f"# sort = [{first}]                  # {toml_string('-' + names[0])} goes downwards"
    if word is not None:
        yield f"# group_by = {toml_string(word)}"
    yield "# limit = 100"
    for name, found in words.items():
        yield f"# [table.column.{toml_string(name)}]"
        yield f"# order = [{', '.join(map(toml_string, found))}]"
        yield f'# mark = [{{ equals = {toml_string(found[0])}, look = "bad" }}]'
    for name, values in zip(names, columns, strict=True):
        if _kind(values) == "numbers":
            yield f"# [table.column.{toml_string(name)}]"
            yield '# total = "sum"                     # or mean, min, max, count, distinct'
            yield "# decimals = 1"
            break
    if word is not None:
        yield from _chart(toml_string(table.caption or "") if is_named else str(number), word)


def _chart(of: str, word: str) -> Iterator[str]:
    """Yield a chart of how many rows say which word of a column."""
    yield "# [[chart]]                         # needs the extra: pip install 'icreport[charts]'"
    yield f"# of = {of}"
    yield f"# x = {toml_string(word)}"
    yield '# y = "count"                       # or { mean = "…" }; color = "…"; mark = "line", "arc", …'


def _kind(values: Sequence[object]) -> str:
    present = [value for value in values if not is_blank(value)]
    if present and all(number_of(value) is not None and not isinstance(value, str) for value in present):
        return "numbers"
    if present and all(date_of(value) for value in present):
        return "dates"
    return "text" if present else "blank"


def _about(values: Sequence[object]) -> str:
    """Return what the values of a column are, with some of them."""
    texts = dict.fromkeys(one_line(text_of(value)) for value in values if not is_blank(value))
    some = [text if len(text) <= _LONGEST_EXAMPLE else text[: _LONGEST_EXAMPLE - 1] + "…" for text in texts]
    more = ", …" if len(some) > _EXAMPLES else ""
    examples = f": {', '.join(some[:_EXAMPLES])}{more}" if some else ""
    return replace_surrogates(f"{_kind(values)}{examples}")[0]


def _words(values: Sequence[object]) -> list[str]:
    """Return the words of a column that says one of a few again and again."""
    present = [value for value in values if not is_blank(value)]
    texts = [value for value in present if isinstance(value, str) and len(value) <= _LONGEST_WORD]
    words = list(dict.fromkeys(texts))
    is_a_few = len(texts) == len(present) and 0 < len(words) <= _MOST_WORDS and 2 * len(words) <= len(present)
    return words if is_a_few and _kind(values) != "dates" else []


def toml_string(text: str) -> str:
    """Return a text as TOML writes it: as JSON does, with a few more characters escaped."""
    written = json.dumps(replace_surrogates(text)[0], ensure_ascii=False)
    return _UNESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
