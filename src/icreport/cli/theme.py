"""The commands that work on themes: theme list, theme init, theme check, theme show."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from icreport.errors import OutputError, ThemeError, choices, one_line


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    themes = typer.Typer(
        help="List the themes and what is in them; start and check one of your own.", no_args_is_help=True
    )
    themes.command("list")(list_themes)
    themes.command("show")(show)
    themes.command("init")(init)
    themes.command("check")(check)
    app.add_typer(themes, name="theme")


def list_themes() -> None:
    """List the built-in themes."""
    from icreport.rendering.themes.files import built_in_themes
    from icreport.rendering.themes.loading import load_theme

    for name in built_in_themes():
        print(f"{name:<10} {load_theme(name).config.description}")


def show(
    theme: Annotated[str, typer.Argument(metavar="NAME|DIR", help="A built-in theme or a folder.")],
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="A file of it, to be printed.")] = None,
) -> None:
    """Print the tokens of a theme and the names of its templates and style sheets, or the text of one of these."""
    from icreport.rendering.themes.contrast import palettes
    from icreport.rendering.themes.files import read_text
    from icreport.rendering.themes.loading import load_theme

    loaded = load_theme(theme)
    files = loaded.files()
    if file is not None:
        if file not in files:
            raise ThemeError(f"the theme {theme!r} has no file {file!r}", remedy=choices(file, files))
        sys.stdout.write(read_text(files[file]))
        return
    before: dict[str, str] = {}
    for tokens in palettes(loaded).values():
        print("\n[tokens.dark]" if before else "[tokens]")
        for name, value in tokens.items():
            if value != before.get(name):
                print(f"{name} = {_toml_string(value)}")
        before = tokens
    print(f"\n# templates and style sheets; icreport theme show {theme} FILE prints one")
    for name, path in files.items():
        print(f"# {name:<32} {path}")


def _toml_string(text: str) -> str:
    return f"'{text}'" if '"' in text and "'" not in text else json.dumps(text, ensure_ascii=False)


def check(
    theme: Annotated[str, typer.Argument(metavar="NAME|DIR", help="A built-in theme or a folder.")],
) -> None:
    """Say what is wrong with a theme: what nothing uses, what is no CSS, which colours have too little contrast."""
    from icreport.rendering.themes.checks import check_theme, cut_in_workbooks
    from icreport.rendering.themes.contrast import low_contrasts
    from icreport.rendering.themes.loading import load_theme
    from icreport.warnings import Warnings

    loaded = load_theme(theme)
    found = Warnings()
    check_theme(loaded, found)
    loaded.compile()
    told = [*map(str, found), *cut_in_workbooks(loaded.config), *map(str, low_contrasts(loaded))]
    for line in told:
        print(one_line(line))
    if told:
        raise ThemeError(f"{theme!r} has {len(told)} {'problem' if len(told) == 1 else 'problems'}")
    shown = "light screens and paper" if loaded.light_only else "light and dark screens, and paper"
    print(f"icreport: {theme}: nothing wrong, for {shown}", file=sys.stderr)


_STARTER = """\
# A theme of your own: use it with --theme {name}. Everything here is optional; icreport theme check {name} checks it.
description = "Our reports"
# extends = "formal"         # build on house, compact or formal: its style sheet and templates
organisation = ""            # what the logo says to who cannot see it
# logo = "logo.svg"          # an image in this folder
header = ""                  # above the title, and on every page of a PDF and of a printed workbook
footer = ""                  # at the end, and on every page of a PDF and of a printed workbook
# watermark = "DRAFT"        # faintly across every page on paper
# source = false             # leave out "Source: ..."
# locale = "de"              # numbers and dates as this language writes them
# view = "view.toml"         # a view in this folder: what is shown where no other view is named
lang = "en"
dir = "ltr"                  # or "rtl"

[tokens]                     # CSS custom properties; icreport theme show house prints all of them
accent = "#0b5a7a"
# font = '"Source Sans 3", sans-serif'
# size = "0.9375rem"

[tokens.dark]                # colours of dark screens; a theme with colours and without these is light only
accent = "#7cc4e4"

[page]                       # for PDF
size = "A4"                  # A3, A4, A5, letter, legal, ledger
orientation = "portrait"
margin = "15mm"

# [status]                   # words of values that tell a status: good, fair, bad or plain
# Leaking = "bad"
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
        raise OutputError(f"{folder!r} already exists", remedy="name a new folder")
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / "theme.toml").write_text(_STARTER.format(name=folder), encoding="utf-8")
        (path / "theme.css").write_text(_CSS, encoding="utf-8")
    except OSError as error:
        shutil.rmtree(path, ignore_errors=True)
        raise OutputError(f"cannot write {folder!r}: {error.strerror}") from error
    print(f"icreport: {folder}: edit theme.toml, then convert with --theme {folder}", file=sys.stderr)
