"""The columns of a batch of rows as text, found once for all that look at them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from icreport.model.rows import Batch
from icreport.values import WITHOUT_TEXT, ExactFloat, texts_of_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

SEPARATOR = "\x1f"
"""Stands between texts that are looked at together: no HTML can hold it."""
_WITHOUT_MARKUP = WITHOUT_TEXT - {ExactFloat}

_LOOKED_AT = 60
"""Values of a column that say whether many differ."""


class ColumnTexts:
    """The values of a column, their types, and what they are as text (`icreport.values.text_of`)."""

    def __init__(self, values: Sequence[object]) -> None:
        self.values = values
        self.kinds: set[type] = set(map(type, values))

    @cached_property
    def texts(self) -> Sequence[str]:
        """The values as text."""
        return texts_of_kinds(self.values, self.kinds)

    @cached_property
    def distinct(self) -> ColumnTexts | None:
        """The values that differ, where they are few and equal ones are the same (1 and true are not); else None."""
        if not (self.kinds <= {str, type(None)} or self.kinds <= {bool, type(None)}):
            return None
        some = self.values[:_LOOKED_AT]
        return ColumnTexts(list(dict.fromkeys(self.values))) if 2 * len(set(some)) <= len(some) else None

    @cached_property
    def joined(self) -> str:
        """The texts with `SEPARATOR` between them: a search in all costs a fraction of one in each."""
        return SEPARATOR.join(self.texts)

    @cached_property
    def is_showable(self) -> bool:
        """Whether HTML can hold the texts as they are."""
        from icreport.rendering.html_text import are_showable  # what CSV does without

        return self.kinds <= WITHOUT_TEXT or are_showable(self.joined, len(self.texts))

    @cached_property
    def escaped(self) -> Sequence[str]:
        """The texts as HTML, as `icreport.rendering.html_text.escaped` gives each."""
        from icreport.rendering.html_text import escaped, escaped_together

        if self.kinds <= _WITHOUT_MARKUP:
            return self.texts
        return escaped_together(self.texts, self.joined) if self.is_showable else list(map(escaped, self.texts))


class TextBatch(Batch):
    """A batch of rows of one width that keeps what its columns are as text."""

    __slots__ = ("_columns", "_keys", "texts")

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch.rows)
        self._columns = batch.columns
        self._keys = batch.source_keys
        self.texts = list(map(ColumnTexts, self._columns))

    @property
    def columns(self) -> list[Sequence[object]]:
        """The values of each column."""
        return [*self._columns]

    @property
    def source_keys(self) -> list[object]:
        """The key of each row's record."""
        return self._keys


def column_texts(batch: Batch) -> list[ColumnTexts]:
    """Return the columns of a batch whose rows are of one width."""
    return batch.texts if isinstance(batch, TextBatch) else [ColumnTexts(values) for values in batch.columns]
