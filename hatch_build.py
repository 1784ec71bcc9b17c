"""Compiles the catalogues of words into the wheel; a checkout compiles them as it runs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledWords(BuildHookInterface):  # type: ignore[type-arg]
    """Puts a `.mo` beside each `.po` of a wheel; an editable install has the catalogues of its checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues and name the files for the wheel."""
        if version != "standard":
            return
        self._folder = TemporaryDirectory()
        for source in sorted((Path(self.root) / "templates/locale").glob("*.po")):
            compiled = Path(self._folder.name) / f"{source.stem}.mo"
            with source.open("rb") as catalogue, compiled.open("wb") as file:
                write_mo(file, read_po(catalogue))
            build_data["force_include"][str(compiled)] = f"icreport/templates/locale/{compiled.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled."""
        del build_data, artifact_path
        if version == "standard":
            self._folder.cleanup()
