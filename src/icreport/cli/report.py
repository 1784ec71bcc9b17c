"""The commands that work on report documents: convert, inspect, formats, schema."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from icreport.cli.messages import counted, tell, tell_warnings, tell_what_is_logged
from icreport.cli.options import Conversion, RecordOption, TargetOption, ViewOption, with_options
from icreport.cli.progress import rows_done
from icreport.errors import Place, one_line
from icreport.later_imports import imported_to_stay

if TYPE_CHECKING:
    from icreport.reading.scan import ReportScan
    from icreport.result import ConversionResult
    from icreport.views.report import ViewedReport

SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A report document: a path, a URL, or - for standard input.")
]


TargetArgument = Annotated[
    str | None, typer.Argument(metavar="TARGET", help="Where to write, as with -o.", show_default=False)
]
_DOCUMENTS = (".json", ".json.gz")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(with_options(convert))
    app.command()(inspect)
    app.command("formats")(list_formats)
    app.command()(schema)


def convert(
    source: SourceArgument,
    conversion: Conversion,
    *,
    target: TargetArgument = None,
    output: TargetOption = None,
    report: RecordOption = None,
) -> None:
    """Turn a report document into HTML, PDF, Word, XLSX, Markdown, CSV, TSV, JSON Lines or Parquet.

    The format follows from the suffix of the target. Without a target the document is written beside the source,
    under the suffix of the format.
    """
    with imported_to_stay():
        from icreport.conversion import convert as convert_report

    target = chosen_target(source, target, output, conversion.to)
    if report is not None and os.path.realpath(report) in {os.path.realpath(source), os.path.realpath(target)}:
        raise typer.BadParameter("the record needs a file of its own", param_hint="--report")
    if not conversion.quiet:
        tell_what_is_logged(verbose=conversion.verbose)
    with rows_done(quiet=conversion.quiet) as progress:
        result = convert_report(
            source,
            target,
            format=conversion.to,
            strict=conversion.strict,
            no_clobber=conversion.no_clobber,
            progress=progress,
            **conversion.options(convert_report),
        )
    if report is not None:
        write_record(result, report)
    if not conversion.quiet:
        tell(result, target, verbose=conversion.verbose)


def chosen_target(source: str, target: str | None, output: str | None, to: str | None) -> str:
    """Return the target that is said, as an argument or with -o, else one beside the source."""
    if target is not None and (output is not None or target.lower().endswith(_DOCUMENTS)):
        # A pattern that the shell has filled in, whose second file must not be written over.
        several = "several: icreport batch SOURCE… -d DIRECTORY -t FORMAT"
        raise typer.BadParameter(f"{target!r} would be a second report or target; {several}")
    chosen = output if output is not None else target
    if chosen is None:
        chosen = target_beside(source, to)
    if "-" not in {source, chosen} and os.path.realpath(source) == os.path.realpath(chosen):
        raise typer.BadParameter(f"{chosen!r} would replace the source; say another target")
    return chosen


def write_record(result: ConversionResult, target: str) -> None:
    """Write the fidelity record of a conversion as JSON."""
    from icreport.output.publishing import publish

    publish(target, json.dumps(result.to_dict(), ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")


def target_beside(source: str, to: str | None) -> str:
    """Return the target for a source where none is named."""
    from icreport.rendering.registry import find_renderer

    if to is None:
        raise typer.BadParameter("say where to write with -o TARGET, or in which format with -t FORMAT")
    if source == "-":
        return "-"
    if "://" in source:
        raise typer.BadParameter("say where to write with -o TARGET")
    path = Path(source)
    stem = path.with_suffix("") if path.suffix == ".gz" else path
    return str(stem.with_suffix(find_renderer(to, "").suffixes[0]))


def inspect(
    source: SourceArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_schema: Annotated[bool, typer.Option("--schema", hidden=True, help="As schema infer.")] = False,
    view: ViewOption = None,
) -> None:
    """Print what is in a report, or what a view shows of it: its elements, their columns and rows, and warnings."""
    if as_schema:
        print_schemas([source], view)
        return
    from icreport.model.elements import Table, UnknownElement
    from icreport.reading.scan import scan
    from icreport.rendering.grid import warn_of_length

    with scan(source) as scanned:
        report = scanned if view is None else viewed(scanned, view)
        elements = []
        for index, element in enumerate(report.elements):
            known = not isinstance(element, UnknownElement)
            found: dict[str, Any] = {"type": element.type, "caption": element.caption, "known": known}
            if isinstance(element, Table):
                rows = 0
                for rows, row in enumerate(element.rows, 1):
                    if element.columns and len(row) != len(element.columns):
                        place = Place(index, element.caption, rows)
                        warn_of_length(scanned.warnings, len(row), len(element.columns), place)
                found |= {
                    "columns": [column.head for column in element.columns],
                    "rows": rows,
                    "source_business_object": element.source_business_object,
                }
            elements.append(found)
        warnings = [str(warning) for warning in report.warnings]
        summary = {"name": report.name, "elements": elements, "warnings": warnings}
    if as_json:
        in_ascii = (sys.stdout.encoding or "").lower() != "utf-8"
        print(json.dumps(summary, ensure_ascii=in_ascii, indent=2))
        return
    lines = [report.name or source]
    for index, found in enumerate(elements):
        caption = f' "{found["caption"]}"' if found["caption"] else ""
        unknown = "" if found["known"] else "  (no format shows this type)"
        lines.append(f"{index:>4}  {found['type']}{caption}{unknown}")
        if "rows" in found:
            lines.append(f"      {_shape(found['rows'], found['columns'])}")
    print("\n".join(line[: len(line) - len(line.lstrip())] + one_line(line) for line in lines))
    tell_warnings(report.warnings)


def _shape(rows: int, columns: list[str]) -> str:
    """Return what a table is like; without columns its rows are names with their values."""
    if not columns:
        return f"{counted(rows, 'row')} (key/value table)"
    heads = ", ".join(columns).strip(", ")
    return f"{counted(rows, 'row')} x {counted(len(columns), 'column')}{': ' if heads else ''}{heads}"


def viewed(report: ReportScan, view: str) -> ViewedReport:
    """Return a scanned report as a view shows it."""
    from icreport.views.view import View

    return View.load(view).over(report)


def print_schemas(sources: list[str], view: str | None) -> None:
    """Print a Data Package (Frictionless Data) with the schema of each table that reports have."""
    from icreport.model.elements import Table
    from icreport.reading.scan import scan
    from icreport.rendering.grid import WiderRowError, grid
    from icreport.rendering.inferred_schema import InferredSchemas

    found = InferredSchemas()
    for source in sources:
        with scan(source) as scanned:
            report = scanned if view is None else viewed(scanned, view)
            while True:
                tables = (
                    (element, grid(element, index, scanned.warnings))
                    for index, element in enumerate(report.elements)
                    if isinstance(element, Table)
                )
                try:
                    # What was seen before a start again is seen twice, which changes no type.
                    found.add(tables)
                    break
                except WiderRowError as wider:
                    report.restart(wider.element, wider.width)
            tell_warnings(report.warnings)
    in_ascii = (sys.stdout.encoding or "").lower() != "utf-8"
    print(json.dumps(found.package(), ensure_ascii=in_ascii, indent=2))


def list_formats() -> None:
    """List the formats, their suffixes and options."""
    from icreport.rendering.registry import formats

    for name, kind in formats().items():
        print(f"{name}  ({', '.join(kind.suffixes)}; {kind.media_type})")
        for option, field in kind.options().items():
            default = "" if field.default is None else f" (default: {field.default!r})"
            print(f"    {option:<18} {field.description or ''}{default}")


def schema(
    what: Annotated[
        Literal["report", "view", "infer"], typer.Argument(metavar="[report|view|infer]", help="Of what.")
    ] = "report",
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILES…]", help="With infer: report documents, of several nights say."),
    ] = None,
    view: ViewOption = None,
) -> None:
    """Print the JSON Schema of a report document or view, or infer the schemas of the tables of reports.

    `icreport schema infer FILES…` prints a Data Package with a Table Schema (Frictionless Data) for each table, by the
    types that hold the values in all of the files: for --schema FILE.
    """
    if what == "infer":
        if not files:
            raise typer.BadParameter("say from which reports", param_hint="FILES")
        print_schemas(files, view)
        return
    if files or view:
        raise typer.BadParameter("only `schema infer` takes files and a view", param_hint="FILES")
    if what == "view":
        from icreport.views.schema import view_schema

        print(json.dumps(view_schema(), indent=2))
        return
    from icreport.reading.schema import json_schema

    print(json.dumps(json_schema(), indent=2))
