"""A person's way to say what the library does: arguments, messages, exit codes."""

from __future__ import annotations

import io
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from icreport.cli.messages import LOG, say, say_error
from icreport.errors import IcreportError, ServiceError, UsageError, choices
from icreport.host import ending_signals, speak_utf_8
from icreport.later_imports import imported_later

if TYPE_CHECKING:
    from types import FrameType

OK, FAILED, USAGE, SERVICE, SOME_FAILED, CHANGED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
_SIGNALLED = 128
_COMPLETE = "_ICREPORT_COMPLETE"
_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")

MODULES = {
    "report": ("convert", "inspect", "formats", "schema"),
    "service": ("fetch", "run", "jobs", "dashboard"),
    "batch": ("batch",),
    "compare": ("compare",),
    "doctor": ("doctor",),
    "theme": ("theme",),
    "view": ("view",),
}
"""The modules of the commands: only that of the command that is run is imported."""


def _print_version(*, wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        print(metadata.version("icreport"))
        raise typer.Exit


def make_app(command: str | None = None) -> typer.Typer:
    """Return the program with one command and those beside it, or with all."""
    app = typer.Typer(
        name="icreport",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_program)
    chosen = [name for name, commands in MODULES.items() if command in commands]
    if chosen:
        _do_without_plugins()
    for module in chosen or MODULES:
        import_module(f"icreport.cli.{module}").register(app)
    return app


def _do_without_plugins() -> None:
    """Have pydantic, which checks arguments and reports, neither look for plugins nor import what would find them."""
    # To ask every installed package for them would take longer than a small conversion.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with imported_later("importlib.metadata"), suppress(ImportError):
        import_module("pydantic.plugin._loader")


def _program(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Turn the content of NEXUS IC report jobs into HTML, PDF, Word, XLSX, Markdown, CSV, JSON Lines and Parquet."""


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 1 failed, 2 wrong usage, 3 service, 4 some of a batch, 5 changed.

    130 is interrupted.
    """
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support

        freeze_support()
    for number in ending_signals():
        signal.signal(number, _terminate)
    if sys.stderr is None:
        # `print` would take standard output in its place, where the document goes.
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")
    speak_utf_8()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # In a C locale or an old encoding, as standard error does by itself.
        sys.stdout.reconfigure(errors="backslashreplace")
    status = _run(sys.argv[1:])
    if status == INTERRUPTED:  # which typer, too, makes a status of
        say("interrupted", "error")
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    # Before anything is said, were it that the command line is wrong.
    LOG.as_json = "--log-format=json" in arguments or ("--log-format", "json") in pairwise(arguments)
    try:
        arguments = _with_strictness(_completing(arguments))
        status = make_app(*arguments[:1])(arguments, prog_name="icreport", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except typer.Exit as done:
        return done.exit_code
    except typer.TyperException as error:
        from icreport.cli.usage import tell

        tell(error, arguments)
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        _leave_standard_output()
        return FAILED
    except OSError as error:
        say(error.strerror or str(error), "error")
        _leave_standard_output()
        return FAILED
    except IcreportError as error:
        say_error(error)
        return _status_of(error)
    except Exception as error:
        say(f"internal error: {type(error).__name__}; please report it", "error")
        if os.environ.get("ICREPORT_DEBUG"):
            raise
        return FAILED
    return status if isinstance(status, int) else OK


def _completing(arguments: list[str]) -> list[str]:
    """Let `--show-completion` take a shell, for another than that from which we were started."""
    if arguments[:1] != ["--show-completion"] or len(arguments) == 1:
        return arguments
    if arguments[1] not in _SHELLS:
        raise UsageError(f"no completion for the shell {arguments[1]!r}", remedy=choices(arguments[1], _SHELLS))
    os.environ[_COMPLETE] = f"source_{arguments[1]}"
    return []


def _with_strictness(arguments: list[str]) -> list[str]:
    """Give a `--strict` without a value one: to the parser of options it always has one (`--strict=all`)."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return ["--strict=losses" if word == "--strict" else word for word in arguments[:end]] + arguments[end:]


def _status_of(error: IcreportError) -> int:
    if isinstance(error, ServiceError):
        return SERVICE
    return USAGE if isinstance(error, UsageError) else FAILED


def _leave_standard_output() -> None:
    # Nothing more can be said there, not even what the interpreter still holds when it exits.
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _terminate(signum: int, _frame: FrameType | None) -> NoReturn:
    # An exception, so that drafts are removed on the way out.
    raise SystemExit(_SIGNALLED + signum)
