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
        on_rows: Callable[[int, int | None], None],
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self.warnings = warnings
        self.limits = limits
        self.rows = 0
        self._painted: int | None = None
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

    def advance(self, rows: int) -> None:
        """Count rows as done."""
        self.rows += rows
        self._on_rows(self.rows, self._painted)

    def advance_painting(self, rows: int) -> None:
        """Count rows as painted, of those that are done."""
        self._painted = (self._painted or 0) + rows
        self._on_rows(self.rows, self._painted)

    def restart(self) -> None:
        """Drop what has been written, for a rendering that starts again."""
        self.rows = 0
        self._painted = None
        self._draft.restart()
