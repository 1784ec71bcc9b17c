"""Reports and tables as a notebook shows them."""

from __future__ import annotations

from collections.abc import Sized
from html import escape
from typing import TYPE_CHECKING

from icreport.plugins import PICTURES, load
from icreport.values import text_of
from icreport.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.model.chart import Chart
    from icreport.model.elements import Element, Paragraph, Table
    from icreport.model.image import Image
    from icreport.model.report import Report
    from icreport.model.rows import Row

SHOWN_ROWS = 20
"""How many rows of a table a notebook shows."""
_STYLE = """<style>
table.icreport td, table.icreport th { text-align: left; vertical-align: top; max-width: 40em }
table.icreport .number { text-align: right; font-variant-numeric: tabular-nums }
table.icreport caption { text-align: left; font-weight: bold; padding: 0.5em 0 }
</style>"""  # where notebooks align all cells to the right


def report_html(report: Report) -> str:
    """Return the elements of a report as HTML: of tables the first rows, and how many there are."""
    name = f"<h3>{escape(report.name)}</h3>" if report.name else ""
    return name + "".join(map(_element_html, report.elements))


def _element_html(element: Element) -> str:
    show = getattr(element, "_repr_html_", None)
    if show is not None:
        return str(show())
    return f"<h4>{escape(element.caption or element.type)}</h4>"


def paragraph_html(paragraph: Paragraph) -> str:
    """Return a paragraph as HTML."""
    caption = f"<h4>{escape(paragraph.caption)}</h4>" if paragraph.caption else ""
    return f"{caption}<p>{escape(paragraph.text)}</p>"


def chart_html(chart: Chart) -> str:
    """Return a chart as HTML: drawn where that is possible, else its data."""
    caption = f"<h4>{escape(chart.caption)}</h4>" if chart.caption else ""
    drawn: str | None = load(PICTURES, "chart")(chart)
    return table_html(chart.table) if drawn is None else f"{caption}{drawn}"


def image_html(image: Image) -> str:
    """Return an image as HTML."""
    content = "".join(image.data.content.split())
    source = escape(f"data:{image.media_type};base64,{content}")
    caption = f"<figcaption>{escape(image.caption)}</figcaption>" if image.caption else ""
    alt = escape(image.alt or image.caption or "")
    return f'<figure><img src="{source}" alt="{alt}" style="max-width: 40em">{caption}</figure>'


def table_html(table: Table) -> str:
    """Return the first rows of a table as HTML, numbers to the right, and how many there are of how many."""
    rows, total = _first_rows(table)
    names = table.names or [""] * max(map(len, rows), default=0)
    names += [str(number) for number in range(len(names) + 1, max(map(len, rows), default=0) + 1)]
    looks = [_look([row[at] for row in rows if at < len(row)]) for at in range(len(names))]
    row_heads = [category.head for category in table.categories]
    corner = "<th></th>" * bool(row_heads)
    heads = "".join(f"<th{look}>{escape(name)}</th>" for name, look in zip(names, looks, strict=True))
    body = "".join(_row_html(row, looks, row_heads, number) for number, row in enumerate(rows))
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return (
        f'{_STYLE}<table class="icreport">{caption}<thead><tr>{corner}{heads}</tr></thead><tbody>{body}</tbody></table>'
        f"<p>{_counted(len(rows), total)}</p>"
    )


def _first_rows(table: Table) -> tuple[list[Row], int | None]:
    """Return the rows to show, and how many the table has; none of a scan, whose rows can be walked once."""
    rows = table.data.rows
    if rows is None:
        return [], 0
    total = len(rows) if isinstance(rows, Sized) else None
    return rows[:SHOWN_ROWS] if isinstance(rows, list) else [], total


def _look(values: Sequence[object]) -> str:
    """Return the attribute of the cells of a column of numbers."""
    kinds = {type(value) for value in values} - {type(None)}
    is_number = kinds and all(issubclass(kind, int | float) and kind is not bool for kind in kinds)
    return ' class="number"' if is_number else ""


def _row_html(row: Row, looks: list[str], row_heads: list[str], number: int) -> str:
    head = f"<th>{escape(row_heads[number]) if number < len(row_heads) else ''}</th>" if row_heads else ""
    cells = "".join(f"<td{look}>{escape(text_of(value))}</td>" for value, look in zip(row, looks, strict=False))
    return f"<tr>{head}{cells}</tr>"


def _counted(shown: int, total: int | None) -> str:
    if total is None:
        return ""
    if shown == total:
        return ENGLISH.many("{count} row", "{count} rows", total)
    return ENGLISH.many("{shown} of {count} row", "{shown} of {count} rows", total, shown=shown)
