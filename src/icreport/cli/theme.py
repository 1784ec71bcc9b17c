"""The commands that work on themes: theme list, theme init."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from icreport.errors import OutputError


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    themes = typer.Typer(help="List the themes, or start one of your own.", no_args_is_help=True)
    themes.command("list")(list_themes)
    themes.command("init")(init)
    app.add_typer(themes, name="theme")


def list_themes() -> None:
    """List the built-in themes."""
    from icreport.rendering.themes.files import built_in_themes
    from icreport.rendering.themes.loading import load_theme

    for name in built_in_themes():
        print(f"{name:<10} {load_theme(name).config.description}")


_STARTER = """\
# A theme of your own: use it with --theme {name}. Everything here is optional.
description = "Our reports"
organisation = ""            # what the logo says to who cannot see it
# logo = "logo.svg"          # an image in this folder
header = ""                  # above the title, and on every page of a PDF
footer = ""                  # at the end, and on every page of a PDF
# locale = "de"              # numbers and dates as this language writes them
lang = "en"
dir = "ltr"                  # or "rtl"

[tokens]                     # CSS custom properties; templates/style.css has all of them
accent = "#0b5a7a"
# font = '"Source Sans 3", sans-serif'
# size = "0.9375rem"

[page]                       # for PDF
size = "A4"                  # A3, A4, A5, letter, legal, ledger
orientation = "portrait"
margin = "15mm"
"""
_CSS = """\
/* Rules of your own; they come after ours. */
h1 { letter-spacing: -0.01em; }
"""


def init(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder of the new theme.")],
) -> None:
    """Start a theme: a folder with a theme.toml and a style sheet to edit."""
    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise OutputError(f"{folder!r} is there already", remedy="name a new folder")
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / "theme.toml").write_text(_STARTER.format(name=folder), encoding="utf-8")
        (path / "theme.css").write_text(_CSS, encoding="utf-8")
    except OSError as error:
        shutil.rmtree(path, ignore_errors=True)
        raise OutputError(f"cannot write {folder!r}: {error.strerror}") from error
    print(f"icreport: {folder}: edit theme.toml, then convert with --theme {folder}", file=sys.stderr)
