"""Load a theme by name or folder."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from icreport.errors import ThemeError
from icreport.rendering.themes.config import ThemeConfig
from icreport.rendering.themes.files import built_in_themes, line_of, read_text
from icreport.rendering.themes.theme import Theme
from icreport.urls import redacted

DEFAULT = "house"


@cache
def _load_built_in(name: str) -> Theme:
    return _load(name, built_in_themes()[name])


def load_theme(theme: str | None) -> Theme:
    """Read a theme: the name of one of ours, or a folder."""
    name = theme or DEFAULT
    if name in built_in_themes():
        return _load_built_in(name)
    if not Path(name).is_dir():
        known = ", ".join(built_in_themes())
        raise ThemeError(f"there is no theme {redacted(name)!r}", remedy=f"known: {known}; or name a folder")
    return _load(Path(name).resolve().name, Path(name).resolve())


def _load(name: str, folder: Path) -> Theme:
    path = folder / "theme.toml"
    for entry in folder.rglob("*"):
        # A theme may come from somebody else: a link must not bring in a file of this machine.
        if entry.is_symlink() and not entry.resolve().is_relative_to(folder.resolve()):
            raise ThemeError(f"{entry} is a link that leads out of the theme")
    text = read_text(path) if path.is_file() else ""
    try:
        config = ThemeConfig.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"{path}: {error}") from None
    except RecursionError:
        raise ThemeError(f"{path}: its values nest too deep") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = [str(part) for part in first["loc"] if part != "[key]"]
        start = where[-1] if where else ""
        message = first["msg"].removeprefix("Value error, ")
        raise ThemeError(f"{path}, line {line_of(text, start)}: {'.'.join(where)}: {message}") from None
    return Theme(name, folder, config)
