"""Targets of a conversion, and the format that their name asks for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol


class SupportsWrite(Protocol):
    """Anything with a `write` that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""


Target = str | os.PathLike[str] | SupportsWrite


def suffix_of(target: Target) -> str:
    """Return the suffix by which a target says its format: `/` for a folder, empty for streams without a name."""
    name = target if isinstance(target, str) else getattr(target, "name", None)
    if isinstance(target, os.PathLike):
        name = os.fspath(target)
    if not isinstance(name, str) or name == "-":
        return ""
    if "://" in name:
        name = name.partition("?")[0]
    if ends_as_folder(name) or ("://" not in name and Path(name).is_dir()):
        return "/"
    return Path(name).suffix


def ends_as_folder(name: str) -> bool:
    """Return whether a name says by its end that it is that of a folder."""
    return name.endswith(("/", os.sep))


def is_gzipped(target: Target) -> bool:
    """Return whether a target is the name of a document that is compressed on its way, as `register.csv.gz`."""
    return isinstance(target, str | os.PathLike) and suffix_of(target).lower() == ".gz"


def format_suffix_of(target: Target) -> str:
    """Return the suffix by which a target says its format, which stands before a `.gz`."""
    suffix = suffix_of(target)
    if not isinstance(target, str | os.PathLike) or suffix.lower() != ".gz":
        return suffix
    within = Path(os.fspath(target).partition("?")[0]).with_suffix("").suffix
    return suffix if within.lower() == ".zip" else within
