"""The commands that talk to the service: fetch, run, jobs, dashboard."""

from __future__ import annotations

import logging
import re
import shlex
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icreport.cli.messages import tell, tell_what_is_logged, tell_written
from icreport.cli.options import Connection, Conversion, parse_meta, with_options
from icreport.errors import ServiceError, UsageError, one_line
from icreport.urls import redacted, redacted_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from icreport.client.client import Client
    from icreport.client.jobs import Job
    from icreport.model.report import ReportLike

_LEAST_TO_FETCH = 600.0  # seconds
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
TimeoutOption = Annotated[float, typer.Option("--timeout", metavar="SECONDS", help="How long to wait for the job.")]
TargetOption = Annotated[
    str, typer.Option("-o", "--output", metavar="TARGET", help="Where to write: a path, a URL, or -.")
]
ParamOption = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="A parameter; several times for several values."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to do with the content of a job."""

    output: str
    timeout: float
    conversion: Conversion
    connection: Connection

    def options(self) -> dict[str, Any]:
        """Return the options of the conversion; raises `UsageError`."""
        from icreport.conversion import write

        return self.conversion.options(write)

    def command(self, job_id: str) -> str:
        """Return the command that fetches a job as it was ordered."""
        # What a URL says of who logs in there has to be filled in again.
        words = ["icreport", "fetch", job_id, "-o", redacted(self.output)]
        how = self.conversion
        named = {"-t": how.to, "--theme": how.theme, "--schema": how.schema, "--view": how.view, "--title": how.title}
        reached = {f"--{name.replace('_', '-')}": value for name, value in self.connection.given().items()}
        flags = [name for name, value in reached.items() if value is True]
        named |= {name: redacted(str(value)) for name, value in reached.items() if value is not True}
        for name, value in named.items():
            words += [name, value] if value is not None else []
        words += [word for pair in how.meta or [] for word in ("--meta", pair)]
        words += [word for pair in how.option or [] for word in ("--option", redacted_text(pair))]
        words += (
            [f"--strict{'=all' if how.strict == 'all' else ''}"] * bool(how.strict)
            + ["--no-clobber"] * how.no_clobber
            + flags
        )
        return shlex.join(words)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (fetch, run, jobs, dashboard):
        app.command()(with_options(command))


def fetch(
    job_id: Annotated[str, typer.Argument(metavar="JOB_ID", help="The job's id, with or without braces.")],
    output: TargetOption,
    conversion: Conversion,
    connection: Connection,
    timeout: TimeoutOption = 3600.0,
    record: Annotated[
        str | None,
        typer.Option(
            "--record", metavar="FOLDER", help="Keep what is asked and answered, without secrets, for support."
        ),
    ] = None,
    replay: Annotated[
        str | None,
        typer.Option("--replay", metavar="FOLDER", help="Answer from such a recording; no server or key is needed."),
    ] = None,
) -> None:
    """Wait for a job, fetch what it made and convert it.

    Content that is no report document (a job may make a PDF itself) is saved as it came, under its own suffix. A server
    that goes away meanwhile, as for a restart, is waited for.
    """
    if record and replay:
        raise typer.BadParameter("what is replayed need not be recorded again", param_hint="--record")
    order = Order(output=output, timeout=timeout, conversion=conversion, connection=connection)
    order.options()
    if not job_id.strip("{} "):
        raise typer.BadParameter("it is empty", param_hint="JOB_ID")
    with _client(connection, conversion, record=record, replay=replay) as client:
        try:
            _deliver(client, job_id, order)
        except (KeyboardInterrupt, SystemExit):
            _tell(f"job {job_id} is kept by the server; later: {order.command(job_id)}")
            raise


def run(
    key: Annotated[int, typer.Argument(metavar="KEY", help="The report's key.")],
    output: TargetOption,
    conversion: Conversion,
    connection: Connection,
    param: ParamOption = None,
    timeout: TimeoutOption = 3600.0,
) -> None:
    """Start a report, wait for it, fetch and convert it."""
    order = Order(output=output, timeout=timeout, conversion=conversion, connection=connection)
    parameters = parse_parameters(param or [])
    _check_order(order)
    with _client(connection, conversion) as client:
        _check_parameters(client, key, parameters)
        try:
            job = client.generate(key, parameters)
        except (KeyboardInterrupt, SystemExit):
            _tell("a job may have been started: look before you start another")
            raise
        try:
            if conversion.verbose or (sys.stderr.isatty() and not conversion.quiet):
                _tell(f"started job {job.id}")
            _deliver(client, job.id, order)
        except BaseException:
            # Whatever it was: who loses the id loses the report.
            _tell(f"job {job.id} was started; later: {order.command(job.id)}")
            raise


def jobs(connection: Connection) -> None:
    """List your jobs on the server (6.9)."""
    with _client(connection) as client:
        for job in client.jobs():
            percent = "" if job.percent_complete is None else f"{job.percent_complete} %"
            said = f"{one_line(job.id)}  {job.status.name.lower():<9}  {percent:>5}  {one_line(job.summary or '')}"
            print(said.rstrip())


def dashboard(
    key: Annotated[int, typer.Argument(metavar="KEY", help="The dashboard's key.")],
    output: TargetOption,
    conversion: Conversion,
    connection: Connection,
    param: ParamOption = None,
) -> None:
    """Fetch a dashboard, which every server has, and convert it."""
    from icreport.conversion import write
    from icreport.output.publishing import draft_file
    from icreport.output.target import suffix_of

    options = conversion.options(write)
    with _client(connection, conversion) as client:
        report = client.dashboard(key, parse_parameters(param or []) or None)
    if (conversion.to or suffix_of(output)).lower() in {"json", ".json"}:
        shown = _viewed(report, conversion)
        with draft_file(output, no_clobber=conversion.no_clobber) as draft:
            draft.write(shown.to_json().encode())
        _tell_saved(output, "json", conversion)
        return
    result = write(report, output, conversion.to, strict=conversion.strict, no_clobber=conversion.no_clobber, **options)
    if not conversion.quiet:
        tell(result, output, verbose=conversion.verbose)


def _viewed(report: ReportLike, conversion: Conversion) -> ReportLike:
    """Return a report as the view shows it that was asked for."""
    if conversion.view is not None:
        from icreport.views.view import View

        report = View.load(conversion.view).apply(report)
    from icreport.model.front_matter import FrontMatter
    from icreport.model.report import Report

    if conversion.meta and isinstance(report, Report):
        report = report.replace(document=FrontMatter.of(parse_meta(conversion.meta)).over(report.document))
    return report


def parse_parameters(given: list[str]) -> dict[str, object]:
    """Split NAME=VALUE pairs; whole numbers are sent as numbers, a name given twice as a list."""
    found: dict[str, list[int | str]] = {}
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--param")
        found.setdefault(name, []).append(int(value) if _WHOLE.fullmatch(value) else value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _check_parameters(client: Client, key: int, parameters: Mapping[str, object]) -> None:
    """Check names before a job is started."""
    known = client.report_details(key).parameters
    names = [parameter.name for parameter in known]
    unknown = sorted(parameters.keys() - set(names))
    missing = [parameter.name for parameter in known if parameter.required and parameter.name not in parameters]
    if unknown or missing:
        what = f"no parameter {unknown[0]!r}" if unknown else f"parameter {missing[0]!r} is missing"
        listed = ", ".join(f"{p.name}{' (required)' if p.required else ''}" for p in known) or "none"
        raise typer.BadParameter(one_line(f"report {key}: {what}; its parameters: {listed}"), param_hint="--param")


def _deliver(client: Client, job_id: str, order: Order) -> None:
    from icreport.conversion import convert
    from icreport.output.publishing import draft_file
    from icreport.output.target import suffix_of
    from icreport.rendering.registry import formats

    with _job_progress(quiet=order.conversion.quiet) as progress:
        client.wait(job_id, timeout=order.timeout, progress=progress)
    # What is there may take its time to come.
    content = client.content(job_id, timeout=max(order.timeout, _LEAST_TO_FETCH))
    wanted = f".{order.conversion.to.lower()}" if order.conversion.to else suffix_of(order.output).lower()
    if content.is_report and wanted != ".json":
        result = convert(
            content.path,
            order.output,
            format=order.conversion.to,
            strict=order.conversion.strict,
            no_clobber=order.conversion.no_clobber,
            **order.options(),
        )
        if not order.conversion.quiet:
            tell(result, order.output, verbose=order.conversion.verbose)
        return
    ours = {suffix for kind in formats().values() for suffix in kind.suffixes} | {".json"}
    if wanted and wanted not in content.suffixes and (content.suffixes or wanted in ours):
        raise ServiceError(
            f"the job's content is {content.filename} ({content.media_type}), not a report document",
            remedy=f"save it as it is with -o NAME{(*content.suffixes, '.bin')[0]}",
        )
    if content.is_report and (order.conversion.view is not None or order.conversion.meta):
        shown = _viewed(content.report(), order.conversion)
        with draft_file(order.output, no_clobber=order.conversion.no_clobber) as draft:
            draft.write(shown.to_json().encode())
        _tell_saved(order.output, "json", order.conversion)
        return
    with draft_file(order.output, no_clobber=order.conversion.no_clobber) as draft, content.path.open("rb") as file:
        shutil.copyfileobj(file, draft.stream)
    _tell_saved(order.output, f"as it came: {content.filename}, {content.media_type}", order.conversion)


def _tell_saved(target: str, what: str, conversion: Conversion) -> None:
    tell_written(target, one_line(what), verbose=conversion.verbose, quiet=conversion.quiet)


def _check_order(order: Order) -> None:
    """Refuse what cannot be delivered before a job is started for it."""
    from icreport.conversion import renderer_for, view_for
    from icreport.output.publishing import try_target
    from icreport.output.target import suffix_of
    from icreport.rendering.themes.loading import load_theme

    if (order.conversion.to or suffix_of(order.output)).lower() not in {"json", ".json"}:
        options = order.options()
        view = options.pop("view")
        del options["meta"]
        view_for(renderer_for(order.output, order.conversion.to, options), view)
        if order.conversion.theme is not None:
            load_theme(order.conversion.theme)
    try_target(order.output, no_clobber=order.conversion.no_clobber)


def _tell(what: str) -> None:
    print(f"icreport: {one_line(what)}", file=sys.stderr)


@contextmanager
def _job_progress(*, quiet: bool) -> Iterator[Callable[[Job], None] | None]:
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        told: set[str] = set()

        def say(job: Job) -> None:
            status = job.status.name.lower()
            if status in {"paused", "unknown"} and status not in told:
                told.add(status)
                what = "paused" if status == "paused" else "in a state that we do not know"
                _tell(f"job {job.id} is {what}; waiting for it")

        yield say
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("waiting", total=100)

        def show(job: Job) -> None:
            said = job.summary or job.status.name.lower()
            bar.update(task, completed=job.percent_complete or 0, description=escape(one_line(said[:60])))

        yield show


def _client(
    connection: Connection,
    conversion: Conversion | None = None,
    *,
    record: str | None = None,
    replay: str | None = None,
) -> Client:
    """Open a session; what it has to warn of is told, later on unless that is to be quiet."""
    from icreport.client.client import Client, connect
    from icreport.client.settings import config_path, load_settings

    tell_what_is_logged(verbose=conversion is not None and conversion.verbose)
    try:
        if replay is not None:
            client = Client("", replay=replay)
        else:
            settings, warnings = load_settings(connection.server, **connection.given())
            if settings.server is None:
                for warning in warnings:
                    _tell(f"warning: {warning}")
                raise typer.BadParameter(f"say which server, with --server, ICREPORT_SERVER or {config_path()}")
            client = connect(settings, record=record)
    except UsageError as error:
        raise typer.BadParameter(str(error)) from None
    if conversion is not None and conversion.quiet:
        logging.getLogger("icreport").setLevel(logging.ERROR)
    return client
