"""The commands that talk to the service: fetch, run, jobs, dashboard."""

from __future__ import annotations

import shlex
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icreport.cli.report import (
    FormatOption,
    NoClobberOption,
    QuietOption,
    RendererOption,
    StrictOption,
    ThemeOption,
    TitleOption,
    VerboseOption,
    parse_options,
    tell,
)
from icreport.errors import IcreportError, ServiceError, UsageError, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icreport.client import Client, Job

ServerOption = Annotated[
    str | None,
    typer.Option("--server", metavar="URL", help="The server (ICREPORT_SERVER): a host, host/mount, or …/icweb.dll."),
]
TimeoutOption = Annotated[float, typer.Option("--timeout", metavar="SECONDS", help="How long to wait for the job.")]
CaBundleOption = Annotated[
    str | None, typer.Option("--ca-bundle", metavar="FILE", help="Certificates to trust, for a company's own.")
]
TargetOption = Annotated[
    str, typer.Option("-o", "--output", metavar="TARGET", help="Where to write: a path, a URL, or -.")
]
ParamOption = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="A parameter; several times for several values."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(fetch)
    app.command()(run)
    app.command()(jobs)
    app.command()(dashboard)


def fetch(
    job_id: Annotated[str, typer.Argument(metavar="JOB_ID", help="The job's id, with or without braces.")],
    output: TargetOption,
    to: FormatOption = None,
    theme: ThemeOption = None,
    title: TitleOption = None,
    option: RendererOption = None,
    server: ServerOption = None,
    timeout: TimeoutOption = 3600.0,
    ca_bundle: CaBundleOption = None,
    strict: StrictOption = False,
    no_clobber: NoClobberOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Wait for a job, fetch what it made and convert it.

    Content that is no report document (a job may make a PDF itself) is saved as it came, under its own suffix.
    """
    from icreport.conversion import write

    options = parse_options(option or [], write, theme=theme, title=title)
    options |= {"format": to, "strict": strict, "no_clobber": no_clobber}
    with _client(server, ca_bundle) as client:
        _deliver(client, job_id, output, options, timeout, quiet=quiet, verbose=verbose)


def run(
    key: Annotated[int, typer.Argument(metavar="KEY", help="The report's key.")],
    output: TargetOption,
    param: ParamOption = None,
    to: FormatOption = None,
    theme: ThemeOption = None,
    title: TitleOption = None,
    option: RendererOption = None,
    server: ServerOption = None,
    timeout: TimeoutOption = 3600.0,
    ca_bundle: CaBundleOption = None,
    strict: StrictOption = False,
    no_clobber: NoClobberOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Start a report, wait for it, fetch and convert it."""
    from icreport.conversion import write

    options = parse_options(option or [], write, theme=theme, title=title)
    options |= {"format": to, "strict": strict, "no_clobber": no_clobber}
    parameters = parse_parameters(param or [])
    _check_target(output, to)
    with _client(server, ca_bundle) as client:
        _check_parameters(client, key, parameters)
        job = client.generate(key, parameters)
        if verbose:
            print(f"icreport: started job {job.id}", file=sys.stderr)
        try:
            _deliver(client, job.id, output, options, timeout, quiet=quiet, verbose=verbose)
        except IcreportError:
            # Who loses the id loses the report.
            print(f"icreport: job {job.id} was started; later: {_resume(job.id, output)}", file=sys.stderr)
            raise


def jobs(server: ServerOption = None, ca_bundle: CaBundleOption = None) -> None:
    """List your jobs on the server (6.9)."""
    with _client(server, ca_bundle) as client:
        for job in client.jobs():
            percent = "" if job.percent_complete is None else f"{job.percent_complete} %"
            summary = one_line(job.summary or "")
            print(f"{job.id}  {job.status.name.lower():<9}  {percent:>5}  {summary}".rstrip())


def dashboard(
    key: Annotated[int, typer.Argument(metavar="KEY", help="The dashboard's key.")],
    output: TargetOption,
    param: ParamOption = None,
    to: FormatOption = None,
    theme: ThemeOption = None,
    title: TitleOption = None,
    option: RendererOption = None,
    server: ServerOption = None,
    ca_bundle: CaBundleOption = None,
    strict: StrictOption = False,
    no_clobber: NoClobberOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Fetch a dashboard, which every server has, and convert it."""
    from icreport.conversion import write

    options = parse_options(option or [], write, theme=theme, title=title)
    with _client(server, ca_bundle) as client:
        report = client.dashboard(key, parse_parameters(param or []) or None)
    result = write(report, output, to, strict=strict, no_clobber=no_clobber, **options)
    if not quiet:
        tell(result, output, verbose=verbose)


def parse_parameters(given: list[str]) -> dict[str, Any]:
    """Split NAME=VALUE pairs; whole numbers are sent as numbers, a name given twice as a list."""
    found: dict[str, list[Any]] = {}
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--param")
        plain = value.removeprefix("-")
        whole = plain.isascii() and plain.isdigit() and str(int(plain)) == plain
        found.setdefault(name, []).append(int(value) if whole else value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _check_parameters(client: Client, key: int, parameters: dict[str, Any]) -> None:
    """Check names before a job is started."""
    known = client.report_details(key).parameters
    names = [parameter.name for parameter in known]
    unknown = sorted(parameters.keys() - set(names))
    missing = [parameter.name for parameter in known if parameter.required and parameter.name not in parameters]
    if unknown or missing:
        what = f"no parameter {unknown[0]!r}" if unknown else f"parameter {missing[0]!r} is missing"
        listed = ", ".join(f"{p.name}{' (required)' if p.required else ''}" for p in known) or "none"
        raise UsageError(f"report {key}: {what}", remedy=f"its parameters: {listed}")


def _deliver(
    client: Client, job_id: str, output: str, options: dict[str, Any], timeout: float, *, quiet: bool, verbose: bool
) -> None:
    from icreport.conversion import convert
    from icreport.output import drafting, suffix_of

    try:
        with _job_progress(quiet=quiet) as progress:
            client.wait(job_id, timeout=timeout, progress=progress)
        content = client.content(job_id)
    except (KeyboardInterrupt, SystemExit):
        print(f"icreport: job {job_id} is kept by the server; later: {_resume(job_id, output)}", file=sys.stderr)
        raise
    if content.is_report and not _is_json(output, options):
        result = convert(content.path, output, **options)
        if not quiet:
            tell(result, output, verbose=verbose)
        return
    own = (
        ".json"
        if content.is_report
        else Path(content.filename).suffix.lower() or f".{content.media_type.rpartition('/')[2]}"
    )
    wanted = f".{options['format']}" if options.get("format") else suffix_of(output).lower()
    if wanted != own and wanted:
        raise ServiceError(
            f"the job's content is {content.filename} ({content.media_type}), not a report document",
            remedy=f"save it as it is with -o NAME{own}",
        )
    with drafting(output, no_clobber=options["no_clobber"]) as draft, content.path.open("rb") as file:
        shutil.copyfileobj(file, draft.stream)  # type: ignore[union-attr]


def _check_target(output: str, to: str | None) -> None:
    """Refuse a format that nobody has before a job is started for it."""
    from icreport.output import suffix_of
    from icreport.rendering.registry import FOLDER_SUFFIX, find_renderer

    suffix = suffix_of(output)
    if to != "json" and (to or suffix.lower() != ".json"):
        find_renderer(to, FOLDER_SUFFIX if suffix == "/" else suffix)


def _is_json(output: str, options: dict[str, Any]) -> bool:
    to = options.get("format")
    return to == "json" or (not to and output.lower().endswith(".json"))


def _resume(job_id: str, output: str) -> str:
    return f"icreport fetch {shlex.quote(job_id)} -o {shlex.quote(output)}"


@contextmanager
def _job_progress(*, quiet: bool) -> Iterator[Callable[[Job], None] | None]:
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        paused: set[str] = set()

        def say(job: Job) -> None:
            if job.status.name == "PAUSED" and job.id not in paused:
                paused.add(job.id)
                print(f"icreport: job {job.id} is paused; waiting for it", file=sys.stderr)

        yield say
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("waiting", total=100)

        def show(job: Job) -> None:
            said = job.summary or job.status.name.lower()
            bar.update(task, completed=job.percent_complete or 0, description=escape(said[:60]))

        yield show


def _client(server: str | None, ca_bundle: str | None) -> Client:
    from icreport.client import connect
    from icreport.client.settings import load_settings

    settings, warnings = load_settings(server)
    for warning in warnings:
        print(f"icreport: warning: {warning}", file=sys.stderr)
    if settings.server is None:
        raise typer.BadParameter("say which server, with --server or ICREPORT_SERVER")
    return connect(settings, ca_bundle)
