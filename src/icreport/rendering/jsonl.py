"""JSON Lines: each row of a table as a JSON object, as databases and pipelines load them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

import msgspec
from pydantic import Field

from icreport.column_names import column_names
from icreport.rendering.renderer import Renderer
from icreport.rendering.shown_rows import TOTALS_DESCRIPTION
from icreport.rendering.table_selection import (
    TABLE_DESCRIPTION,
    NumberedTable,
    only_table,
    tell_changed_heads,
    tell_replaced,
    wanted_tables,
)
from icreport.values import encode_exact_float, replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.model.report import ReportLike
    from icreport.rendering.renderer import Sink


class JsonLinesRenderer(Renderer):
    """Writes a table as JSON Lines; several tables as a file each into a folder or ZIP archive.

    Values are those of the report, numbers with every digit; each column has a name of its own.
    """

    format: ClassVar[str] = "jsonl"
    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")
    media_type: ClassVar[str] = "application/x-ndjson"

    table: str | None = Field(default=None, description=TABLE_DESCRIPTION)
    totals: bool = Field(default=False, description=TOTALS_DESCRIPTION)
    source_keys: bool = Field(default=False, description="Add the key of each row's record as sourceKey.")

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the tables."""
        for count, found in enumerate(wanted_tables(report, self.table, sink, "JSON Lines", totals=self.totals), 1):
            if sink.is_folder:
                with sink.open(f"{found.file_stem}.jsonl") as file:
                    for lines in self._lines(found, sink):
                        file.write(lines)
                continue
            if count > 1:
                raise only_table("a file of JSON Lines", self.format)
            for lines in self._lines(found, sink):
                sink.write(lines)

    def _lines(self, found: NumberedTable, sink: Sink) -> Iterator[bytes]:
        """Yield the lines of a table, many at a time."""
        wanted = ["sourceKey"] * self.source_keys + found.grid.heads
        names = column_names([name.encode("utf-8", "replace").decode() for name in wanted])
        if found.grid.has_heads:
            tell_changed_heads(wanted, names, found.place, sink)
        encode = msgspec.json.Encoder(enc_hook=encode_exact_float).encode_lines
        for batch in found.grid.batches:
            columns = [batch.source_keys, *batch.columns] if self.source_keys else batch.columns
            rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
            try:
                yield encode(rows)
            except UnicodeEncodeError:
                replaced, count = _replaced(rows)
                tell_replaced(count, found.place, sink)
                yield encode(cast("list[object]", replaced))
            sink.advance(len(batch))


def _replaced(value: object) -> tuple[object, int]:
    """Return a JSON value whose texts are text, and how many halves of surrogate pairs were replaced."""
    if isinstance(value, str):
        return replace_surrogates(value)
    if isinstance(value, list):
        items = [_replaced(item) for item in value]
        return [item for item, _ in items], sum(count for _, count in items)
    if isinstance(value, dict):
        pairs = [(_replaced(key), _replaced(item)) for key, item in value.items()]
        return {key: item for (key, _), (item, _) in pairs}, sum(one + two for (_, one), (_, two) in pairs)
    return value, 0
