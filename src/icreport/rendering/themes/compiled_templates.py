"""Compiled templates of ours, kept as Python keeps modules: in `__pycache__` of this one, where it can be written."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError
from threading import get_ident
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, compiler

from icreport.package_files import templates_folder
from icreport.rendering.themes import sandbox, theme

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Keeps what Jinja compiles of templates in our folder; those of others are compiled each time."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the path of a template, by which it is kept."""
        return filename or name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a template as it was compiled from the same text by the same programs, if it is there."""
        if (path := _path_of(bucket.key)) is None:
            return
        with suppress(OSError, EOFError, UnpicklingError), path.open("rb") as file:
            if file.read(len(_mark(bucket.key))) == _mark(bucket.key):
                bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was compiled, unless modules are not kept either."""
        path = None if sys.dont_write_bytecode else _path_of(bucket.key)
        if path is None:
            return
        draft = path.with_suffix(f".{os.getpid()}-{get_ident()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(_mark(bucket.key))
                bucket.write_bytecode(file)
            draft.replace(path)
        except OSError:
            with suppress(OSError):
                draft.unlink()


def _path_of(template: str) -> Path | None:
    """Return where a compiled template is kept, None for one that is not ours, or where Python keeps no modules."""
    path = Path(template)
    if sys.implementation.cache_tag is None or not path.is_relative_to(templates_folder()):
        return None
    name = ".".join(path.relative_to(templates_folder()).parts)
    return Path(cache_from_source(str(Path(__file__).with_name(name))))


@cache
def _mark(template: str) -> bytes:
    """Return what tells compiled templates of one path, and of one state of the programs that compile them."""
    programs = [Path(program.__file__ or "").stat() for program in (compiler, sandbox, theme)]
    told = [template, *[f"{program.st_size} {program.st_mtime_ns}" for program in programs]]
    return sha256("\n".join(told).encode()).digest()
