"""File names of the documents of a batch."""

from __future__ import annotations

import posixpath
import unicodedata
from string import Formatter
from typing import TYPE_CHECKING

from icreport.batch.sources import SUFFIXES, file_name
from icreport.errors import IcreportError, UsageError
from icreport.file_names import fit_file_name, is_reserved
from icreport.reading.scan import scan
from icreport.rendering.registry import FOLDER_SUFFIX, find_renderer
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIELDS = ("stem", "name", "job", "format")
CHANGES = "changes."
"""Before the name of a format: what changed since an older report, in it."""
_LONGEST = 240  # bytes in UTF-8; a file name may have 255, with its suffix


class Names:
    """Gives each source the paths of its documents in the target folder, and refuses to give one path twice.

    The pattern has the fields `{stem}` (the source's file name without its suffix, or the job's id), `{name}` (the
    report's name), `{job}` and `{format}`; the suffix of the format is added where it does not end in it. With
    `changes`, what changed since an older report has paths beside them.
    """

    def __init__(self, pattern: str, folder: str, formats: Iterable[str], *, jobs: bool, changes: bool = False) -> None:
        try:
            parsed = list(Formatter().parse(pattern))
        except ValueError as error:
            raise UsageError(f"name pattern {pattern!r}: {error}") from None
        if any(spec or conversion for _, _, spec, conversion in parsed):
            raise UsageError(f"name pattern {pattern!r}: its fields take no format")
        fields = [field for _, field, _, _ in parsed if field is not None]
        known = [field for field in _FIELDS if field != ("name" if jobs else "job")]
        if unknown := [field for field in fields if field not in known]:
            what = "unknown" if unknown[0] not in _FIELDS else "not at hand"
            raise UsageError(
                f"name pattern {pattern!r}: {{{unknown[0]}}} is {what}",
                remedy=f"use {', '.join(f'{{{field}}}' for field in known)}",
            )
        parts = pattern.split("/")
        if pattern.startswith("/") or not parts[-1] or {"", ".", ".."} & set(parts):
            raise UsageError(f"name pattern {pattern!r} leads out of the target folder")
        self._pattern = pattern
        self._folder = folder
        self._kinds = [find_renderer(format, "") for format in formats]
        self._needs_name = "name" in fields
        self._jobs = jobs
        self._changes = changes
        self._taken: dict[str, tuple[str, str]] = {}

    def targets(self, source: str) -> dict[str, str]:
        """Return the path of a source's document in each format. Raises `UsageError` where another document has it."""
        stem = fit(source.strip("{}") if self._jobs else stem_of(source)) or "report"
        name = fit(self._name(source)) or stem if self._needs_name else ""
        targets = {}
        for kind in self._kinds:
            path = self._pattern.format(stem=stem, name=name, job=stem, format=kind.format)
            # What holds tables makes an archive of several.
            archive = (FOLDER_SUFFIX,) if "table" in kind.options() else ()
            if not path.lower().endswith((*kind.suffixes, *archive)):
                path += kind.suffixes[0]
            targets[kind.format] = self._take(path, source, kind.format)
            if self._changes:
                # A document of changes has several tables.
                suffix = f".{kind.format}{FOLDER_SUFFIX}" if archive else kind.suffixes[0]
                label = f"{CHANGES}{kind.format}"
                targets[label] = self._take(f"{_without_suffix(path)}.changes{suffix}", source, label)
        return targets

    def _take(self, path: str, source: str, kind: str) -> str:
        """Return the whole path of a document, which no other may have."""
        # File systems that know no case or one spelling of a letter must not let one document replace another.
        key = unicodedata.normalize("NFC", path).casefold()
        other, format = self._taken.setdefault(key, (source, kind))
        if other != source:
            raise UsageError(
                f"{redacted(source)!r} and {redacted(other)!r} would both become {path!r}",
                remedy="give a name pattern that tells them",
            )
        if format != kind:
            raise UsageError(
                f"{redacted(source)!r} would become {path!r} in {format} and in {kind}",
                remedy="have {format} in the name pattern",
            )
        return posixpath.join(self._folder, path)

    def _name(self, source: str) -> str:
        try:
            with scan(source) as report:
                return report.name or ""
        except IcreportError:
            # What is wrong with it is said when its turn comes.
            return ""


def _without_suffix(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return posixpath.join(folder, name.rpartition(".")[0] or name)


def stem_of(source: str) -> str:
    """Return the file name of a path or URL without the suffix of report documents."""
    name = file_name(source)
    suffix = next((suffix for suffix in (*SUFFIXES, ".gz") if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(suffix)] or name


def fit(text: str) -> str:
    """Return the part of a text that is valid in a file name on every system; may be empty."""
    name = fit_file_name(text, mark="-", longest=_LONGEST)
    return f"_{name}" if is_reserved(name) else name
