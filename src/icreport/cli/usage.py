"""What to say to who uses a command wrongly: what is wrong, and which help or command has it right."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from icreport.cli.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

_HELP = "Usage:"
_INSTEAD = {
    ("batch", "--title"): "each document bears the name of its report; --option title=T gives all the same",
    ("batch", "-o"): "a batch writes into a folder: -d DIRECTORY",
    ("batch", "--output"): "a batch writes into a folder: -d DIRECTORY",
    ("batch", "--no-clobber"): "a batch replaces documents; --resume leaves alone those that are done",
    ("batch", "--report"): "the journal has what became of each item; --summary FILE has the counts",
    ("convert", "-d"): "one document has a target: -o TARGET; icreport batch fills a directory",
    ("convert", "--directory"): "one document has a target: -o TARGET; icreport batch fills a directory",
}
"""What an option that a command has not may have been meant for."""
_ANYWHERE = {
    "-f": "the format is said with -t FORMAT",
    "--format": "the format is said with -t FORMAT",
    "--template": "a theme is said with --theme NAME|DIR",
}


def tell(error: typer.TyperException, arguments: Sequence[str]) -> None:
    """Print what is wrong with a command line, or the help, where it is asked for by saying no command."""
    if (told := explain(error, arguments)).startswith(_HELP):
        print(told, file=sys.stderr)
    else:
        say(told, "error")


def explain(error: typer.TyperException, arguments: Sequence[str]) -> str:
    """Return what is wrong with a command line and where the right way is told; the help, where it is asked for so."""
    message = error.format_message().removeprefix("Invalid value: ")
    if message.startswith(_HELP):
        return message
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else " ".join(["icreport", *arguments[:1]])
    remedy = _remedy(error, command.rpartition(" ")[2])
    if remedy is not None:
        message = message.partition(" (Possible options")[0]
    told = f"{remedy}; see" if remedy else "see"
    return f"{message.rstrip('.')} ({told} {command} --help)"


def _remedy(error: typer.TyperException, command: str) -> str | None:
    option = getattr(error, "option_name", "")
    if option:
        return _INSTEAD.get((command, option)) or _ANYWHERE.get(option)
    if "extra argument" not in error.format_message():
        return None
    return "several reports: icreport batch SOURCE… -d DIRECTORY -t FORMAT" if command == "convert" else None
