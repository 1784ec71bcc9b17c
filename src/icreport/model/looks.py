"""What rows and cells say of how they are shown, under the key `"icreport"`: looks, and kinds of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "icreport"
"""The key of ours on columns, tables, rows and cells: no field of the service can be meant by it."""

Look = Literal["good", "fair", "bad", "plain"]
"""How a status looks: those of `[status]` in a theme."""
RowKind = Literal["row", "group", "subtotal", "total"]
"""What a row is: one of the report, the heading of a group, its subtotals, or the totals of the table."""
Change = Literal["added", "removed", "changed", "notation", "same"]
"""What became of a row since another report; `notation`: its values say the same, written otherwise."""

LOOKS: tuple[str, ...] = get_args(Look)
ROW_KINDS: tuple[str, ...] = get_args(RowKind)
CHANGES: tuple[str, ...] = get_args(Change)


def format_errors(row: Mapping[str, object]) -> list[str]:
    """Return what is wrong in what a row and its cells, as JSON objects, say of how they are shown."""
    cells = row.get("cells")
    listed = cells if isinstance(cells, list) else []
    said = [row.get(KEY), *[cell.get(KEY) for cell in listed if isinstance(cell, dict)]]
    wrong = ["is not an object" for one in said if one is not None and not isinstance(one, dict)]
    known = {"look": LOOKS, "kind": ROW_KINDS, "change": CHANGES}
    for one in said:
        if isinstance(one, dict):
            wrong += [
                f"has a {name} that is none of {', '.join(words)}"
                for name, words in known.items()
                if one.get(name) is not None and one[name] not in words
            ]
    return [f'"{KEY}" {message}, so it is ignored' for message in wrong]
