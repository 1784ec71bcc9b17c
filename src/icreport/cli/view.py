"""The commands that work on views: view init, view check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from icreport.cli.messages import counted
from icreport.errors import ViewError, one_line

if TYPE_CHECKING:
    from icreport.model.elements import Element
    from icreport.views.report import ViewedElement


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    views = typer.Typer(help="Start a view, which says what of a report is shown, and check one.", no_args_is_help=True)
    views.command("init")(init)
    views.command("check")(check)
    app.add_typer(views, name="view")


def init(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A report document: a path, a URL, or -.")],
) -> None:
    """Print a view of a report to start from: every table and column, with kinds of values and examples."""
    from icreport.reading.scan import scan
    from icreport.views.starting import view_of

    with scan(source) as report:
        for line in view_of(report):
            print(line)


def check(
    view: Annotated[str, typer.Argument(metavar="VIEW", help="The file of the view.")],
    source: Annotated[
        str | None, typer.Argument(metavar="SOURCE", help="A report document to try it on: a path, a URL, or -.")
    ] = None,
) -> None:
    """Say what is wrong with a view, and what it does to a report, table by table."""
    from icreport.reading.scan import scan
    from icreport.views.view import View

    loaded = View.load(view)
    if source is None:
        print(f"icreport: {view}: nothing wrong", file=sys.stderr)
        return
    # All that the report lacks is told, not only the first.
    lenient = loaded.model_copy(update={"missing": "skip"})
    with scan(source) as report:
        viewed = lenient.over(report)
        for element in viewed.elements:
            rows = sum(1 for _ in getattr(element, "rows", ()))
            print(one_line(_line(viewed.shown[-1], element, rows)))
        told = [str(warning) for warning in viewed.warnings if warning.code == "view-missing"]
        for note in viewed.notes:
            print(one_line(note.message))
    for line in told:
        print(one_line(line))
    if told and loaded.missing == "error":
        raise ViewError(f"{view!r} does not fit {source!r}: {counted(len(told), 'thing')} missing")


def _line(shown: ViewedElement, element: Element, rows: int) -> str:
    """Return what the view makes of an element."""
    from icreport.model.elements import Table

    place = "new" if shown.source_index is None else f"elements[{shown.source_index}]"
    said = f'{place} {element.type} "{element.caption or ""}"'
    if not isinstance(element, Table):
        return said
    said += f": {element.note or counted(rows, 'row')}"
    if names := element.names:
        groups = [names[at] for at in element.group_columns]
        totals = [
            f"{name} ({column.format.total})"
            for name, column in zip(names, element.columns, strict=True)
            if column.format and column.format.total
        ]
        said += f"; columns: {', '.join(names)}"
        said += f"; grouped by {', '.join(groups)}" if groups else ""
        said += f"; totals of {', '.join(totals)}" if totals else ""
    return said
