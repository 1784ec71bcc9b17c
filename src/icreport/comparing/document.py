"""What changed between two reports, as a report that every format shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.comparing.tables import counted
from icreport.model.elements import Column, Paragraph, Table
from icreport.model.formats import ColumnFormat, Mark, TableFormat
from icreport.model.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from icreport.comparing.changed_rows import ChangedRows
    from icreport.comparing.tables import TableChanges
    from icreport.comparing.texts import TextChanges
    from icreport.model.elements import Element
    from icreport.model.looks import Change, Look
    from icreport.model.report import ReportLike
    from icreport.words import Words

_LOOKS: Mapping[Change, Look] = {
    "added": "good",
    "removed": "bad",
    "changed": "fair",
    "notation": "plain",
    "same": "plain",
}
_KEPT = ("unit", "type", "order")
"""What a column goes on to say of how it is shown; other things would hide changes, or look like them."""
_MOST_NAMED = 20


def words_of_changes(words: Words) -> dict[Change, str]:
    """Return what the first cell of a row says that became of it."""
    return {
        "added": words("Added"),
        "removed": words("Removed"),
        "changed": words("Changed"),
        "notation": words("Notation"),
        "same": words("Same"),
    }


def report_of(
    old: ReportLike, new: ReportLike, tables: Sequence[TableChanges], texts: TextChanges, words: Words
) -> Report:
    """Return the report: a summary, the texts that changed, and the tables of which anything did."""
    name = new.name or new.source
    title = words("Changes in {name}", name=name) if name else words("Changes")
    elements = [
        Paragraph(text=words("From {old} to {new}.", old=_name_of(old, words), new=_name_of(new, words))),
        *_elements(tables, texts, words),
    ]
    return Report(name=title, elements=elements, document=new.document or None)


def _name_of(report: ReportLike, words: Words) -> str:
    parts = [part for part in dict.fromkeys((report.name, report.source)) if part]
    return f"{parts[0]} ({parts[1]})" if len(parts) > 1 else "".join(parts) or words("a report")


def _elements(tables: Sequence[TableChanges], texts: TextChanges, words: Words) -> Iterator[Element]:
    if not texts and not any(tables):
        yield Paragraph(text=words("Nothing changed."))
    yield _summary(tables, words)
    changes = words_of_changes(words)
    if len(texts.rows):
        columns = [Column(caption=words("Element")), Column(caption=words("Text"), format=ColumnFormat(was=True))]
        yield _table(words("Texts"), [_change_column(changes, words), *columns], texts.rows)
    for one in tables:
        if len(one.rows):
            columns = [_change_column(changes, words), *_columns(one, words)]
            yield _table(
                one.table.caption,
                columns,
                one.rows,
                source_business_object=one.table.source_business_object,
                note=_note_of(one, words),
            )


def _table(
    caption: str | None,
    columns: Sequence[Column],
    rows: ChangedRows,
    *,
    source_business_object: str | None = None,
    note: str | None = None,
) -> Table:
    table = Table(
        caption=caption,
        columns=columns,
        rows=list(rows) if rows.are_few else [],
        source_business_object=source_business_object,
        format=TableFormat(note=note) if note else None,
    )
    if rows.are_few:
        return table
    return table.model_copy(update={"data": table.data.model_copy(update={"rows": rows})})


def _summary(tables: Sequence[TableChanges], words: Words) -> Table:
    total = ColumnFormat(total="sum")
    heads = [words("Same"), words("Added"), words("Removed"), words("Changed")]
    columns = [
        Column(caption=words("Table")),
        *[Column(caption=head, format=total) for head in heads],
        Column(caption=words("Remarks")),
    ]
    rows = [
        [_caption_of(one, at, words), *_counts(one.counts), _note_of(one, words)] for at, one in enumerate(tables, 1)
    ]
    return Table(caption=words("Summary"), columns=columns, rows=rows)


def _counts(counts: Mapping[Change, int]) -> list[int]:
    found = counted(counts)
    return [found[change] for change in ("same", "added", "removed", "changed")]


def _caption_of(one: TableChanges, at: int, words: Words) -> str:
    return one.table.caption or one.table.source_business_object or words("Table {number}", number=at)


def remarks_of(one: TableChanges, words: Words) -> list[str]:
    """Return what is to be said of a table beside its rows."""
    found = []
    if one.old is None:
        return [words("a new table")]
    if one.new is None:
        return [words("no longer there")]
    if one.is_by_order:
        was = one.old.caption
        found.append(
            words("taken for the table that was called “{name}”", name=was)
            if was and was != one.new.caption
            else words("taken for the same table by its place")
        )
    columns = one.columns
    if columns.added:
        found.append(words("columns added: {names}", names=_named([columns.new[at] for at in columns.added])))
    if columns.removed:
        found.append(words("columns removed: {names}", names=_named([columns.old[at] for at in columns.removed])))
    if columns.renamed:
        pairs = [f"{columns.old[was]} → {columns.new[now]}" for was, now in columns.renamed]
        found.append(words("columns renamed: {names}", names=_named(pairs)))
    if columns.moved:
        found.append(words("columns moved: {names}", names=_named([columns.new[at] for at in columns.moved])))
    if count := one.counts["notation"]:
        found.append(words.many("{count} row in notation only", "{count} rows in notation only", count))
    if count := one.rewritten_keys:
        found.append(
            words.many("{count} row has a key of another type", "{count} rows have keys of another type", count)
        )
    return found


def _note_of(one: TableChanges, words: Words) -> str | None:
    text = "; ".join(remarks_of(one, words))
    return text[:1].upper() + text[1:] or None


def _named(names: Sequence[str]) -> str:
    return ", ".join([*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])])


def _change_column(changes: Mapping[Change, str], words: Words) -> Column:
    marks = [Mark(equals=changes[change], look=look) for change, look in _LOOKS.items()]
    return Column(caption=words("Change"), format=ColumnFormat(marks=marks, type="text"))


def _columns(one: TableChanges, words: Words) -> Iterator[Column]:
    """Yield the columns of a table as they are shown."""
    for at, (kind, place) in enumerate(one.layout):
        form: dict[str, object] = {"was": True} if at in one.rows.changed else {}
        if kind == "head":
            yield _column("", form)
            continue
        column_at = one.columns.common[place][1] if kind == "both" else place
        table = one.old if kind == "old" and one.old is not None else one.table
        column = table.columns[column_at]
        said = column.format
        form |= {name: found for name in _KEPT if said is not None and (found := getattr(said, name)) is not None}
        head = "" if column.caption is None else str(column.caption)
        is_gone = kind == "old" and one.new is not None
        yield _column(words("{name} (removed)", name=head) if is_gone else head, form)
    if not one.columns.common and not one.columns.new and not one.columns.old:
        for at in range(len(one.layout), one.rows.width - 1):
            yield _column("", {"was": True} if at in one.rows.changed else {})


def _column(caption: str, form: Mapping[str, object]) -> Column:
    return Column(caption=caption, format=ColumnFormat.model_validate(form) if form else None)
