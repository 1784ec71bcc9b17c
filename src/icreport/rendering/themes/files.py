"""Where templates and themes are, and reading their files."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from icreport.errors import ThemeError
from icreport.package_files import templates_folder
from icreport.plugins import ELEMENTS, registered


def built_in_themes() -> dict[str, Path]:
    """Return the folders of our themes by name."""
    return {path.name: path for path in sorted((templates_folder() / "themes").iterdir()) if path.is_dir()}


def read_text(path: Path) -> str:
    """Return the text of a file of a theme; raises `ThemeError`."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ThemeError(f"{path}: byte {error.start} is not UTF-8") from None
    except OSError as error:
        raise ThemeError(f"{path}: {error.strerror}") from None


def line_of(text: str, *path: str) -> int:
    """Return the number of the line of TOML that sets a key, named by the tables that it is in; 1 where none does."""
    lines = [line.strip(" \t\"'") for line in text.splitlines()]
    header = f"[{'.'.join(path[:-1])}]"
    start = next((at for at, line in enumerate(lines) if line.startswith(header)), 0)
    names = (path[-1], ".".join(path), f"[{'.'.join(path)}") if path else ("",)
    found = (at for at, line in enumerate(lines) if at >= start and line.startswith(names))
    return next(found, 0) + 1


@cache
def template_folders() -> tuple[Path, ...]:
    """Return the `templates` folders of the packages that register element types: how those look in HTML and PDF."""
    packages = sorted({entry.module.partition(".")[0] for entry in registered(ELEMENTS)} - {"icreport"})
    specs = [spec for package in packages if (spec := find_spec(package)) is not None]
    folders = [Path(place) / "templates" for spec in specs for place in spec.submodule_search_locations or ()]
    return tuple(folder for folder in folders if folder.is_dir())
