"""Reads views: a file, a dict, and what they extend; what is wrong is one line that says where."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from icreport.errors import UnknownViewError, ViewError, choices
from icreport.views.toml_lines import line_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_BYTES = 1 << 22
_MOST_EXTENDED = 8
_LISTED = ("summary", "chart", "images")
"""Parts of a view of which there may be several, beside its tables."""
_MATCHED = ("match", "number", "source_business_object")

_KINDS = {"bool", "int", "str", "is-instance[float]"}
"""What the path of an error ends with where a value may be of several kinds."""
_WRITTEN = {
    "where": 'a condition is written { column = "Status", equals = "Open" }',
    "mark": 'a mark is written { equals = "Minor", look = "fair" }',
    "not": 'a condition is written { equals = "Closed" }',
    "value": 'say "count", or the total of a column as { sum = "Loss (%)" }',
    "table": "it is written [[table]], as there may be several",
    "summary": "it is written [[summary]], as there may be several",
    "document": "it is written [document]",
    "images": 'it is written [[images]], with from = "photos/*.jpg"',
    "revisions": "it is written [[document.revisions]], as there may be several",
    "approvals": "it is written [[document.approvals]], as there may be several",
    "chart": "it is written [[chart]], as there may be several",
    "y": 'say "count", the total of a column as { mean = "Loss (%)" }, or a column',
    "column": 'it is written [table.column."Its name"]',
}
Model = TypeVar("Model", bound=BaseModel)
_Said: TypeAlias = dict[str, Any]
"""What a view says, its shape checked by its model."""


@dataclass(frozen=True, slots=True)
class ViewFile:
    """Where a view was read from: the name for messages, and the text in which lines are looked up."""

    name: str = "the view"
    text: str = ""
    folder: Path = Path()
    """Below which are the files that it names."""

    def error(self, message: str, path: Sequence[str | int] = (), remedy: str | None = None) -> ViewError:
        """Make the error of something in the file."""
        line = line_of(self.text, path) if path else None
        return ViewError(f"{self.name}{f', line {line}' if line else ''}: {message}", remedy=remedy)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of a view was said, which may be in a view that it extends.

    `level` is how far that is: 0 for the view itself, 1 for what it extends. `said` is what was said there; what was
    not is of the same part `before`, of the view that is extended.
    """

    file: ViewFile
    path: tuple[str | int, ...]
    level: int = 0
    said: Mapping[str, object] = field(default_factory=dict)
    before: Origin | None = None

    def error(self, message: str, path: Sequence[str | int] = (), remedy: str | None = None) -> ViewError:
        """Make the error of something in this part."""
        if self.before is not None and path and not _says(self.said, path):
            return self.before.error(message, path, remedy)
        return self.file.error(message, (*self.path, *path), remedy)


def _says(said: object, path: Sequence[str | int]) -> bool:
    for name in path:
        if not isinstance(said, Mapping) or name not in said:
            return False
        said = said[name]
    return True


Origins = dict[str, list[Origin]]
"""Where each `table`, `summary` and `chart` was said."""


def read_view(source: str | Path | Mapping[str, object], model: type[Model]) -> tuple[Model, Origins]:
    """Return what a view says, checked, with what it extends, and where; raises `ViewError`."""
    if isinstance(source, Mapping):
        file, folder, said = ViewFile(folder=Path().absolute()), Path(), dict(source)
    else:
        file, folder, said = _read_file(Path(source))
    view, origins = _checked(said, file, model), _origins(said, file, 0)
    seen = {_identity(source)}
    top = file
    while extended := said.pop("extend", None):
        path = folder / str(extended)
        if "://" in str(extended) or _identity(path) in seen or len(seen) > _MOST_EXTENDED:
            raise file.error(f"it extends {extended!r}, which is no other file", ["extend"])
        seen.add(_identity(path))
        file, folder, base = _read_file(path)
        _checked(base, file, model)
        said, origins = _merged(base, _origins(base, file, len(seen) - 1), said, origins)
        view = _checked({name: value for name, value in said.items() if name != "extend"}, top, model)
    return view, origins


def _origins(said: _Said, file: ViewFile, level: int) -> Origins:
    return {
        part: [Origin(file, (part, at), level, one) for at, one in enumerate(said.get(part, ()))]
        for part in ("table", *_LISTED)
    }


def _identity(source: object) -> object:
    return source.resolve() if isinstance(source, Path) else str(source)


def _read_file(path: Path) -> tuple[ViewFile, Path, _Said]:
    name = f"the view {str(path)!r}"
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        remedy = "name a TOML file; icreport view init starts one"
        raise UnknownViewError(f"{name} cannot be read: {said}", remedy=remedy) from None
    if len(data) > _MOST_BYTES:
        raise ViewError(f"{name} is larger than {_MOST_BYTES >> 20} MB")
    try:
        text = data.decode("utf-8-sig")
        found = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ViewError(f"{name} is not UTF-8 (byte {error.start})") from None
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ViewError(f"{name} is no TOML: {error or 'it nests too deep'}") from None
    return ViewFile(name, text, path.parent.absolute()), path.parent, _plain(found)


def _plain(value: object) -> Any:
    """Return a value of TOML as JSON has it: dates as ISO 8601."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _checked(said: Mapping[str, object], file: ViewFile, model: type[Model]) -> Model:
    try:
        return model.model_validate(_plain(dict(said)), by_alias=True, by_name=False)
    except ValidationError as error:
        raise view_error(error, file, model) from None
    except RecursionError:
        raise file.error("it nests too deep") from None


def view_error(error: ValidationError, file: ViewFile, model: type[BaseModel]) -> ViewError:
    """Return what is wrong in a view as one line that says where."""
    first = error.errors(include_url=False, include_input=False)[0]
    path = [part for part in first["loc"] if not str(part).startswith(("function-", "list[", "dict[", "literal["))]
    where = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in path)
    if first["type"] == "extra_forbidden":
        known = _known(model, path[:-1])
        return file.error(f"{where}: there is no such setting", path, choices(str(path[-1]), known))
    if path and path[-1] in _KINDS and path[-2:-1] != ["column"]:
        message = "it is no text, number, true or false" if path[-1] == "bool" else "it is no text or number"
        where, path = where.rpartition(".")[0], path[:-1]
    else:
        message = _written(path, first["type"]) or first["msg"].removeprefix("Value error, ")
    return file.error(f"{where or 'it'}: {message[:1].lower()}{message[1:]}", path)


def _written(path: Sequence[str | int], wrong: str) -> str | None:
    """Return how a setting is written that has another shape, None where its own message says it."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    if name == "value" and path[:1] == ["summary"]:
        return _WRITTEN["value"]
    if wrong not in {"model_type", "list_type", "dict_type"} or path[-2:-1] == ["column"]:
        return "it is no table of settings" if wrong == "model_type" else None
    return _WRITTEN.get(name)


def _known(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Return the names of the settings that there are at a place, by the models of the fields on the way to it."""
    found: type[BaseModel] = model
    for part in path:
        field = next((one for name, one in found.model_fields.items() if part in {name, one.alias}), None)
        if field is not None:
            models = _models(field.annotation)
            found = models[0] if models else found
    return [field.alias or name for name, field in found.model_fields.items()]


def _models(kind: object) -> list[type[BaseModel]]:
    """Return the models within a type such as `list[TableSettings]`."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for part in getattr(kind, "__args__", ()) for model in _models(part)]


def _merged(base: _Said, base_origins: Origins, said: _Said, origins: Origins) -> tuple[_Said, Origins]:
    """Return a view with what it extends: its settings before those, its tables after those that it does not change."""
    tables, from_ = [dict(table) for table in base.get("table", [])], list(base_origins["table"])
    for table, origin in zip(said.get("table", []), origins["table"], strict=True):
        at = next(
            (at for at, one in enumerate(tables) if all(one.get(part) == table.get(part) for part in _MATCHED)), None
        )
        if at is None:
            tables.append(table)
            from_.append(origin)
            continue
        columns, more = tables[at].get("column", {}), table.get("column", {})
        for one, other in (("columns", "hide"), ("hide", "columns")):
            if one in table:
                tables[at].pop(other, None)
        tables[at] |= table
        from_[at] = replace(origin, before=from_[at])
        if columns or more:
            tables[at]["column"] = columns | {name: columns.get(name, {}) | one for name, one in more.items()}
    together = {"table": tables} | {part: [*base.get(part, []), *said.get(part, [])] for part in _LISTED}
    if "document" in base and "document" in said:
        together["document"] = base["document"] | said["document"]
    merged = base | said | {name: listed for name, listed in together.items() if listed}
    return merged, {"table": from_} | {part: [*base_origins[part], *origins[part]] for part in _LISTED}
