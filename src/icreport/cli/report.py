"""The commands that work on report documents: convert, inspect, formats, schema."""

from __future__ import annotations

import json
import logging
import os
import sys
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icreport.cli.progress import rows_done
from icreport.errors import OptionError, Place, one_line
from icreport.model import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from icreport.record import ConversionResult
    from icreport.warnings import ReportWarning

SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A report document: a path, a URL, or - for standard input.")
]
TargetOption = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="TARGET", help="Where to write: a path, a URL, or - for standard output."),
]
FormatOption = Annotated[
    str | None, typer.Option("-t", "--to", metavar="FORMAT", help="The format, where the target's suffix does not say.")
]
ThemeOption = Annotated[str | None, typer.Option("--theme", metavar="NAME|DIR", help="A built-in theme or a folder.")]
TitleOption = Annotated[str | None, typer.Option("--title", metavar="T", help="Title instead of the report's name.")]
RendererOption = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="NAME=VALUE", help="An option of the format; see `icreport formats`."),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Fail where anything would be lost or changed.")]
NoClobberOption = Annotated[bool, typer.Option("--no-clobber", help="Do not replace an existing target.")]
RecordOption = Annotated[
    str | None,
    typer.Option("--report", metavar="FILE.json", help="Write what became of each element, and hashes, as JSON."),
]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")]
VerboseOption = Annotated[bool, typer.Option("-v", "--verbose", help="Say what was done.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(convert)
    app.command()(inspect)
    app.command("formats")(list_formats)
    app.command()(schema)


def convert(
    source: SourceArgument,
    output: TargetOption = None,
    to: FormatOption = None,
    theme: ThemeOption = None,
    title: TitleOption = None,
    option: RendererOption = None,
    strict: StrictOption = False,
    no_clobber: NoClobberOption = False,
    report: RecordOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Turn a report document into HTML, PDF, XLSX, CSV or Parquet.

    The format follows from the suffix of the target. Without a target the document is written beside the source,
    under the suffix of the format.
    """
    from icreport.conversion import convert as convert_report

    target = target_beside(source, to) if output is None else output
    if report is not None and os.path.realpath(report) in {os.path.realpath(source), os.path.realpath(target)}:
        raise typer.BadParameter("the record needs a file of its own", param_hint="--report")
    if not quiet:
        tell_what_is_logged(verbose=verbose)
    with rows_done(quiet=quiet) as progress:
        result = convert_report(
            source,
            target,
            format=to,
            strict=strict,
            no_clobber=no_clobber,
            progress=progress,
            **parse_options(option or [], convert_report, theme=theme, title=title),
        )
    if report is not None:
        write_record(result, report)
    if not quiet:
        tell(result, target, verbose=verbose)


def write_record(result: ConversionResult, target: str) -> None:
    """Write the fidelity record of a conversion as JSON."""
    from icreport.output import publish

    publish(target, json.dumps(result.to_dict(), ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")


def target_beside(source: str, to: str | None) -> str:
    """Give the target for a source where none is named."""
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


def parse_options(given: Iterable[str], verb: Callable[..., object], **flags: str | None) -> dict[str, Any]:
    """Split NAME=VALUE pairs; what has a flag, as the theme, may also be said as the option that it is."""
    options: dict[str, Any] = dict(flags)
    taken = signature(verb).parameters.keys() - flags.keys()
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--option")
        name = name.strip().replace("-", "_")
        if name in taken:
            raise OptionError(f"no format has an option {name!r}", remedy="see icreport formats")
        options[name] = value
    return options


_TOLD_BEFORE = {"slow-table"}
"""Warnings that are logged too, before a long time passes."""


def tell(result: ConversionResult, target: str, *, verbose: bool) -> None:
    """Say on standard error what there is to say of a conversion, but what was said before it began."""
    tell_warnings(warning for warning in result.warnings if warning.code not in _TOLD_BEFORE)
    if verbose:
        said = f"{len(result.elements):,} elements, {result.rows:,} rows"
        print(f"icreport: wrote {target} ({result.format}: {said})", file=sys.stderr)


def tell_what_is_logged(*, verbose: bool) -> None:
    """Print what our own modules log: warnings, and why a table is not painted; never what libraries log."""

    class Lines(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            kind = "warning: " if record.levelno >= logging.WARNING else ""
            return f"icreport: {kind}{record.getMessage()}"

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logger = logging.getLogger("icreport")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO if verbose else logging.WARNING)


def tell_warnings(warnings: Iterable[ReportWarning]) -> None:
    """Print warnings, a line each."""
    for warning in warnings:
        print(f"icreport: warning: {warning}", file=sys.stderr)


def inspect(
    source: SourceArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what is in a report: its elements, their columns and rows, and what is unusual."""
    from icreport.reading import scan
    from icreport.rendering.grid import warn_of_length

    with scan(source) as report:
        elements = []
        for index, element in enumerate(report.elements):
            found: dict[str, Any] = {"type": element.type, "caption": element.caption}
            if isinstance(element, Table):
                rows = 0
                for rows, row in enumerate(element.rows, 1):
                    if element.columns and len(row) != len(element.columns):
                        place = Place(index, element.caption, rows)
                        warn_of_length(report.warnings, len(row), len(element.columns), place)
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
        lines.append(f"{index:>4}  {found['type']}{caption}")
        if "rows" in found:
            lines.append(
                f"      {found['rows']:,} rows x {len(found['columns'])} columns: {', '.join(found['columns'])}".rstrip(
                    ": "
                )
            )
    print("\n".join(line[: len(line) - len(line.lstrip())] + one_line(line) for line in lines))
    tell_warnings(report.warnings)


def list_formats() -> None:
    """List the formats, their suffixes and options."""
    from icreport.rendering.registry import formats

    for name, kind in formats().items():
        print(f"{name}  ({', '.join(kind.suffixes)}; {kind.media_type})")
        for option, field in kind.model_fields.items():
            default = "" if field.default is None else f" (default: {field.default!r})"
            print(f"    {option:<18} {field.description or ''}{default}")


def schema() -> None:
    """Print the JSON Schema of a report document."""
    from icreport.reading.schema import json_schema

    print(json.dumps(json_schema(), indent=2))
