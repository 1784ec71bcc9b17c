"""What to do with each item of a batch, checked before anything runs."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icreport.batch.meta_table import NO_META, MetaTable
from icreport.clock import document_date
from icreport.errors import UsageError
from icreport.plugins import ELEMENTS, RENDERERS, registered
from icreport.rendering.registry import find_renderer, make_renderer
from icreport.rendering.themes.files import built_in_themes
from icreport.rendering.themes.loading import load_theme, view_of
from icreport.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from icreport.warnings import Strictness

_AGES = frozenset(("older_than", "newer_than"))


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to do with each item: options by format, the server of jobs, the view, and the run's token."""

    options: dict[str, dict[str, Any]]
    digest: str
    strict: Strictness = False
    server: str | None = None
    ca_bundle: str | None = None
    wait: float = 3600.0
    view: View | None = None
    meta: MetaTable = NO_META
    compare_with: str | None = None
    """The folder of older reports with which each is compared."""
    run: str = ""


def make_recipe(formats: Sequence[str], options: Mapping[str, Any], recipe: Recipe) -> Recipe:
    """Sort options by the formats that have them, and try them before anything runs."""
    if not formats:
        raise UsageError("say at least one format")
    by_format: dict[str, dict[str, object]] = {}
    wanted = {name: value for name, value in options.items() if value is not None}
    theme = wanted.get("theme")
    folder = None if theme is None or theme in built_in_themes() else Path(theme).absolute()
    if theme is not None:
        load_theme(theme)
    if folder is not None:
        wanted["theme"] = str(folder)
    view = recipe.view or _view_of_theme(folder)
    files = [*([folder] if folder else []), *(view.files() if view else [])]
    files += _with_files_of_options(wanted)
    kinds = [find_renderer(format, "") for format in formats]
    for kind in kinds:
        known = {name: value for name, value in wanted.items() if name in kind.options()}
        make_renderer(kind, known)
        by_format[kind.format] = known
    for name, value in wanted.items():
        if not any(name in kind.options() for kind in kinds):
            # Its own message names what there is.
            make_renderer(kinds[0], {name: value})
    packages = [entry.dist for group in (RENDERERS, ELEMENTS) for entry in registered(group) if entry.dist]
    versions = sorted({(package.name, package.version) for package in packages})
    asked = [recipe.strict, recipe.server, recipe.compare_with]
    said = [versions, by_format, *asked, *_said_of_view(view), *recipe.meta.said]
    digest = hashlib.sha256(json.dumps(said, default=str).encode())
    for path in files:
        for part in _content(path):
            digest.update(part)
    return replace(recipe, options=by_format, digest=digest.hexdigest()[:16], run=secrets.token_hex(8))


def _with_files_of_options(wanted: dict[str, object]) -> list[Path]:
    """Have the options that are files say where they are, as workers may stand in another folder; return these."""
    files = []
    for name in ("schema", "template"):
        file = wanted.get(name)
        if isinstance(file, str | os.PathLike):
            wanted[name] = str(Path(file).absolute())
            files.append(Path(file))
    return files


def _view_of_theme(folder: Path | None) -> View | None:
    """Return the view that a theme of somebody else has for reports; raises `ThemeError`, `ViewError`."""
    path = None if folder is None else view_of(str(folder))
    return None if path is None else View.load(path)


def _said_of_view(view: View | None) -> list[object]:
    """Return what documents depend on by a view: what it says, and the day where ages or the title stand for one."""
    if view is None:
        return []
    said = view.model_dump(exclude={"extend"})
    is_dated = "{date}" in (view.title or "") or _has_age(said)
    return [said, document_date().date().isoformat()] if is_dated else [said]


def _has_age(said: object) -> bool:
    if isinstance(said, dict):
        return any(value is not None and (name in _AGES or _has_age(value)) for name, value in said.items())
    return isinstance(said, list | tuple) and any(map(_has_age, said))


def _content(file_or_folder: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, or the names and bytes of all files in a folder."""
    for path in sorted(file_or_folder.rglob("*")) or [file_or_folder]:
        if path.is_file():
            data = path.read_bytes()
            yield b"%s:%d:" % (os.fsencode(path.relative_to(file_or_folder)), len(data)) + data
