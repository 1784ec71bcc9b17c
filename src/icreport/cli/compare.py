"""The command that compares two reports."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from icreport.cli.messages import counted, tell, tell_warnings, tell_what_is_logged
from icreport.cli.options import (
    FormatOption,
    NoClobberOption,
    QuietOption,
    RendererOption,
    TargetOption,
    ThemeOption,
    TitleOption,
    VerboseOption,
    ViewOption,
    parse_options,
)
from icreport.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from icreport.comparing.comparison import Comparison


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(compare)


def compare(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The report as it was: a path, a URL, or -.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The report as it is now: a path, a URL, or -.")],
    output: TargetOption = None,
    to: FormatOption = None,
    view: ViewOption = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key", metavar="COLUMN", help="A column that tells rows apart that have no sourceKey; or several."
        ),
    ] = None,
    ignore_notation: Annotated[
        bool, typer.Option("--ignore-notation", help="Take 12.10 and 12.1 for the same, 7 and the text 7 too.")
    ] = False,
    unchanged: Annotated[bool, typer.Option("--unchanged", help="Show the rows that did not change, too.")] = False,
    theme: ThemeOption = None,
    title: TitleOption = None,
    option: RendererOption = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 5 where anything changed, with 0 where nothing did.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print in numbers what changed, as JSON.")] = False,
    no_clobber: NoClobberOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Say what was added, removed and changed from one report to another, by the key of each record.

    With a target what changed is written as a document of any format, else its numbers are printed, table by table.
    """
    from icreport.cli import CHANGED, OK
    from icreport.comparison import compare as compare_reports
    from icreport.conversion import language_for, renderer_for, view_for, write

    target = output if output is not None else "-" if to is not None else None
    _check(old, new, target, as_json=as_json)
    options = parse_options(option or [], write, theme=theme, title=title)
    # What is wrong with these is said before any of the work.
    renderer = None if target is None else renderer_for(target, to, options)
    shown = view if renderer is None else view_for(renderer, view)
    if not quiet:
        tell_what_is_logged(verbose=verbose)
    with compare_reports(
        old,
        new,
        view=shown,
        key=key or (),
        ignore_notation=ignore_notation,
        unchanged=unchanged,
        locale=None if renderer is None else language_for(renderer),
    ) as found:
        if not quiet:
            tell_warnings(found.warnings)
        if target is not None:
            # What a view asks has been asked of both reports.
            result = write(found.report, target, to, view={}, no_clobber=no_clobber, **options)
            if not quiet:
                tell(result, target, verbose=verbose)
        if as_json:
            print(json.dumps(found.to_dict(), ensure_ascii=(sys.stdout.encoding or "").lower() != "utf-8", indent=2))
        elif target is None and not quiet:
            print("\n".join(map(one_line, _lines(found))))
        return CHANGED if exit_code and found else OK


def _check(old: str, new: str, target: str | None, *, as_json: bool) -> None:
    if old == new == "-":
        raise typer.BadParameter("only one of the reports can be standard input", param_hint="NEW")
    if as_json and target == "-":
        raise typer.BadParameter("standard output is for the document or for --json; say -o FILE", param_hint="--json")
    if target not in {None, "-"} and os.path.realpath(str(target)) in map(os.path.realpath, (old, new)):
        raise typer.BadParameter(f"{target!r} would replace a report; say another target", param_hint="-o")


def _lines(found: Comparison) -> Iterator[str]:
    """Yield what changed, table by table."""
    from icreport.comparing.document import remarks_of
    from icreport.words import words_of

    if not found:
        yield f"nothing changed: {counted(found.same, 'row')}"
        return
    for at, table in enumerate(found.tables, 1):
        if not table:
            continue
        said = [_numbers(table.to_dict()["rows"]), *remarks_of(table, words_of(None))]
        name = table.table.caption or table.table.source_business_object or f"table {at}"
        yield f"{name}: {'; '.join(filter(None, said))}"
    if found.texts:
        yield f"texts: {_numbers(found.to_dict()['texts'])}"
    if rows := _numbers(found.to_dict()["rows"]):
        yield f"all rows: {rows}"


def _numbers(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{rows[name]:,} {name}" for name in ("added", "removed", "changed", "same") if rows.get(name))
