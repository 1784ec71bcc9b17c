"""The sink that a renderer writes to: one rendering of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from icreport.errors import RenderError
from icreport.limits import Limits
from icreport.output.drafts import FileDraft, FolderDraft

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from icreport.warnings import Warnings


class Output:
    """The sink of one rendering (see `icreport.rendering.renderer.Sink`)."""

    def __init__(
        self,
        draft: FileDraft | FolderDraft,
        warnings: Warnings,
        on_rows: Callable[[int, str | None, int], None],
        limits: Limits = Limits(),
    ) -> None:
        self.warnings = warnings
        self.limits = limits
        self.rows = 0
        self._phase: str | None = None
        self._phase_rows = 0
        self._draft = draft
        self._on_rows = on_rows

    @property
    def is_folder(self) -> bool:
        """Whether the target takes several files."""
        return isinstance(self._draft, FolderDraft)

    def write(self, data: bytes, /) -> object:
        """Add bytes to the document."""
        if isinstance(self._draft, FolderDraft):
            raise RenderError("this format is one file", remedy="name a target that is a file")
        return self._draft.write(data)

    def insert(self, at: int, data: bytes) -> None:
        """Put bytes among those that were written, before the byte with index `at`."""
        if isinstance(self._draft, FileDraft):
            self._draft.insert(at, data)

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Start a further file of a document that is a folder."""
        if isinstance(self._draft, FileDraft):
            raise RenderError("several files do not fit into one", remedy="name a target that ends in .zip or /")
        return self._draft.open(name)

    def advance(self, rows: int, phase: str | None = None) -> None:
        """Count rows as taken or, in a format that goes over them again, as done in that phase."""
        if phase is None:
            self.rows += rows
        else:
            self._phase_rows = rows + (self._phase_rows if phase == self._phase else 0)
            self._phase = phase
        self._on_rows(self.rows, self._phase, self._phase_rows)

    def restart(self) -> None:
        """Drop what has been written, for a rendering that starts again."""
        self.rows = 0
        self._phase, self._phase_rows = None, 0
        self._draft.restart()
