"""Load a theme by name or folder."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from icreport.errors import ThemeError, UnknownThemeError, choices
from icreport.rendering.themes.config import PageSetup, ThemeConfig
from icreport.rendering.themes.files import built_in_themes, line_of, read_text
from icreport.rendering.themes.theme import Theme
from icreport.rendering.themes.tokens import problem_of, sets_colours
from icreport.urls import redacted

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

DEFAULT = "house"
_PARTS_OF_MODELS = ("[key]", "light", "columns", "everywhere", "languages", "str", "dict[str,str]")
"""What pydantic has in the place of an error, and `theme.toml` has not."""


@cache
def _load_built_in(name: str) -> Theme:
    return _load(name, built_in_themes()[name])


def load_theme(theme: str | None) -> Theme:
    """Read a theme: the name of one of ours, or a folder."""
    name = theme or DEFAULT
    if name in built_in_themes():
        return _load_built_in(name)
    if not Path(name).is_dir():
        known = choices(name, built_in_themes())
        raise UnknownThemeError(f"there is no theme {redacted(name)!r}", remedy=f"{known}; or name a folder")
    return _load(Path(name).resolve().name, Path(name).resolve())


def view_of(theme: str) -> Path | None:
    """Return the file of the view that a theme names for its reports; raises `ThemeError` where it is not in it."""
    if theme in built_in_themes():
        return None
    loaded = load_theme(theme)
    if loaded.config.view is None:
        return None
    path = (loaded.folder / loaded.config.view).resolve()
    if not path.is_relative_to(loaded.folder.resolve()) or not path.is_file():
        raise ThemeError(f"{loaded.folder / 'theme.toml'}: view: there is no file {loaded.config.view!r} in the theme")
    return path


def _load(name: str, folder: Path) -> Theme:
    path = folder / "theme.toml"
    for entry in folder.rglob("*"):
        # A theme may come from somebody else: a link must not bring in a file of this machine.
        if entry.is_symlink() and not entry.resolve().is_relative_to(folder.resolve()):
            raise ThemeError(f"{entry} is a link that leads out of the theme")
    text = read_text(path) if path.is_file() else ""
    try:
        given = tomllib.loads(text)
        config = ThemeConfig.model_validate(given)
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"{path}: {error}") from None
    except RecursionError:
        raise ThemeError(f"{path}: its values nest too deep") from None
    except ValidationError as error:
        raise _error(path, text, error.errors(include_url=False)[0]) from None
    for table, tokens in (("tokens", config.tokens.light), ("tokens.dark", config.tokens.dark)):
        for token, value in tokens.items():
            if problem := problem_of(token, value):
                line = line_of(text, *table.split("."), token)
                raise ThemeError(f"{path}, line {line}: {table}.{token}: {problem}")
    light_only = _is_light_only(config, folder)
    if config.extends is None:
        return Theme(name, folder, config, light_only=light_only)
    base = _load_built_in(config.extends)
    return Theme(name, folder, _merged(base.config, given, with_dark=not light_only), base, light_only=light_only)


def _is_light_only(config: ThemeConfig, folder: Path) -> bool:
    """Return whether a theme has colours of its own, and none for dark screens."""
    if not sets_colours(config.tokens.light) or config.tokens.dark:
        return False
    return not any("prefers-color-scheme" in read_text(sheet) for sheet in folder.glob("*.css"))


def _merged(base: ThemeConfig, given: dict[str, Any], *, with_dark: bool) -> ThemeConfig:
    """Return what a theme says, and where it says nothing, what that says on which it builds."""
    whole = base.model_dump(exclude_unset=True, exclude={"tokens", "description"})
    tokens = given.get("tokens", {})
    dark = base.tokens.dark | tokens.get("dark", {}) if with_dark else {}
    merged = whole | given | {"tokens": base.tokens.light | tokens | {"dark": dark}}
    merged["page"] = whole.get("page", {}) | given.get("page", {})
    return ThemeConfig.model_validate(merged)


def _error(path: Path, text: str, first: ErrorDetails) -> ThemeError:
    """Return what is wrong in a `theme.toml` as an error of one line."""
    where = [str(part) for part in first["loc"] if part not in _PARTS_OF_MODELS]
    if where[:2] == ["status", "words"]:
        del where[1]
    line = f"{path}, line {line_of(text, *where)}"
    if first["type"] != "extra_forbidden":
        message = first["msg"].removeprefix("Value error, ")
        return ThemeError(f"{line}: {'.'.join(where)}: {message}")
    *table, key = where
    known = PageSetup.model_fields if table else ThemeConfig.model_fields
    what = f"[{'.'.join(table)}] of theme.toml" if table else "theme.toml"
    return ThemeError(f"{line}: {key!r} is not a key of {what}", remedy=choices(key, known))
