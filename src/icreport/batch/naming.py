"""What the documents of a batch are called."""

from __future__ import annotations

import posixpath
import re
from string import Formatter
from typing import TYPE_CHECKING

from icreport.errors import IcreportError, UsageError
from icreport.reading import scan
from icreport.rendering.registry import find_renderer

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIELDS = ("stem", "name", "job", "format")
_UNFIT = re.compile(r'[\0-\x1f\x7f<>:"/\\|?*\ud800-\udfff]+')
_LONGEST = 120


class Names:
    """Gives each source the paths of its documents in the target folder, and refuses to give one path twice.

    The pattern has the fields `{stem}` (the source's file name without its suffix, or the job's id), `{name}` (the
    report's name), `{job}` and `{format}`; the suffix of the format is added where it does not end in it.
    """

    def __init__(self, pattern: str, folder: str, formats: Iterable[str], *, jobs: bool) -> None:
        try:
            fields = [field for _, field, spec, _ in Formatter().parse(pattern) if field is not None or spec]
        except ValueError as error:
            raise UsageError(f"name pattern {pattern!r}: {error}") from None
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
        self._kinds = [find_renderer(format, "") for format in formats]  # noqa: A001
        self._needs_name = "name" in fields
        self._jobs = jobs
        self._taken: dict[str, str] = {}

    def targets(self, source: str) -> dict[str, str]:
        """Give the path of the source's document in each format. Raises `UsageError` where another source has it."""
        stem = _fit(source.strip("{}") if self._jobs else _stem(source))
        name = _fit(self._name(source)) or stem if self._needs_name else ""
        targets = {}
        for kind in self._kinds:
            path = self._pattern.format(stem=stem, name=name, job=stem, format=kind.format)
            if not path.lower().endswith(kind.suffixes):
                path += kind.suffixes[0]
            # File systems that know no case, or not that much of it, must not let one document replace another.
            other = self._taken.setdefault(path.casefold(), source)
            if other is not source:
                raise UsageError(
                    f"{source!r} and {other!r} would both become {path!r}", remedy="give a name pattern that tells them"
                )
            targets[kind.format] = posixpath.join(self._folder, path)
        return targets

    def _name(self, source: str) -> str:
        try:
            with scan(source) as report:
                return report.name or ""
        except IcreportError:
            # What is wrong with it is said when its turn comes.
            return ""


def _stem(source: str) -> str:
    name = posixpath.basename(source.partition("?")[0] if "://" in source else source)
    return name.removesuffix(".gz").removesuffix(".json") or name


def _fit(text: str) -> str:
    return _UNFIT.sub("-", text).strip(" .-")[:_LONGEST]
