"""The command that prints what a bug report needs: doctor."""

from __future__ import annotations

import locale
import os
import platform
import re
import sys
import tempfile
from importlib import metadata
from typing import TYPE_CHECKING, Annotated

import typer

from icreport.cli.options import Connection, with_options
from icreport.errors import IcreportError, one_line
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icreport.client.settings import Settings

    Lines = Iterator[tuple[str, str]]
    """What is said of what."""

_VARIABLES = (
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "SOURCE_DATE_EPOCH",
)
_SECONDS = 10.0
_NAME = re.compile(r"[\w.-]+")
_EXTRA = re.compile(r"extra *== *['\"]([\w-]+)['\"]")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(with_options(doctor))


def doctor(
    connection: Connection,
    offline: Annotated[bool, typer.Option("--offline", help="Do not try to reach the server.")] = False,
) -> None:
    """Print what a bug report needs: versions, fonts, extras, plug-ins, the configuration; no secret is among it."""
    for name, said in _program():
        _print(name, said)
    for name, said in _paper():
        _print(name, said)
    for name, said in _packages():
        _print(name, said)
    for name, said in _service(connection, offline=offline):
        _print(name, said)


def _print(name: str, said: str) -> None:
    print(f"{name:<12} {one_line(said)}".rstrip(), flush=True)


def _program() -> Lines:
    from icreport.host import cores

    yield "icreport", metadata.version("icreport")
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()}, {sys.executable})"
    yield "system", f"{platform.platform()} {platform.machine()}, {cores()} cores"
    yield "text", f"{sys.getfilesystemencoding()}, standard output {getattr(sys.stdout, 'encoding', None)}, {_locale()}"
    try:
        yield "temporary", tempfile.gettempdir()
    except OSError:
        yield "temporary", "there is no folder for temporary files: set TMPDIR to one that can be written to"


def _locale() -> str:
    return f"locale {'.'.join(part for part in locale.getlocale() if part) or 'C'}"


def _paper() -> Lines:
    """Yield what PDFs are made with."""
    from icreport.rendering.pdf.libraries import fonts_by_script, versions
    from icreport.rendering.pdf.missing_glyphs import require_fonts

    try:
        yield "PDF", ", ".join(f"{name} {version}" for name, version in versions().items())
        require_fonts()
        for script, fonts in fonts_by_script().items():
            yield f"  {script}", fonts or "no font has all of its characters"
    except IcreportError as error:
        yield "PDF", str(error)


def _packages() -> Lines:
    """Yield what is installed of what icreport stands on, of its extras, and of plug-ins."""
    found: dict[str, list[str]] = {}
    for requirement in metadata.requires("icreport") or ():
        package, asked = _NAME.match(requirement), _EXTRA.search(requirement)
        if package is not None:
            found.setdefault(asked[1] if asked else "", []).append(f"{package[0]} {_version(package[0])}")
    for extra in sorted(found.keys() - {"all"}):
        yield (f"  {extra}" if extra else "packages"), ", ".join(found[extra])
    from icreport.plugins import BUILT_IN, ELEMENTS, RENDERERS, registered

    for kind, group in (("renderers", RENDERERS), ("elements", ELEMENTS)):
        ours = BUILT_IN[group]
        others = [f"{entry.name} ({entry.value})" for entry in registered(group) if entry.value != ours.get(entry.name)]
        yield kind, f"ours{''.join(f', {other}' for other in others)}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "(not installed)"


def _service(connection: Connection, *, offline: bool) -> Lines:
    """Return what is set, and whether the server is there."""
    from icreport.client.settings import config_path, load_settings

    path = config_path()
    yield "config", f"{path} ({'there' if path.exists() else 'not there'})"
    variables = [f"{name}={redacted(value)}" for name in _VARIABLES if (value := os.environ.get(name))]
    named = sorted(name for name in os.environ if name.startswith("ICREPORT_"))
    yield "environment", ", ".join([*named, *variables]) or "nothing of ours"
    try:
        settings, warnings = load_settings(connection.server, **connection.given())
        for warning in warnings:
            yield "  warning", warning
        for name, said in _set(settings):
            yield f"  {name}", said
        if settings.server is None:
            yield "server", "none is named"
        elif offline:
            yield "server", f"{settings.server} (not tried)"
        else:
            yield "server", f"{settings.server} {_reached(settings)}"
    except IcreportError as error:
        yield "server", str(error)


def _set(settings: Settings) -> Lines:
    """Yield what is set, secrets only as being set."""
    for name in sorted(settings.model_fields_set):
        value = getattr(settings, name)
        if value is not None:
            yield (
                name,
                redacted(value)
                if isinstance(value, str)
                else "set"
                if hasattr(value, "get_secret_value")
                else str(value),
            )


def _reached(settings: Settings) -> str:
    """Return how a server answers: to a login where there are credentials for one, else at all."""
    from icreport.client.client import connect

    if any(settings.secret(name) for name in ("api_key", "password", "token")):
        with connect(settings, timeout=_SECONDS, attempts=1) as client:
            version = ".".join(map(str, client.version))
            return f"answers: IC-Web {version or 'of a version that it does not say'}, the credentials are accepted"
    from icreport.client.transport import Route, answers

    return f"{answers(settings.server or '', Route(**settings.ways()), _SECONDS)}; there are no credentials for it"
