"""What a document says of its own accord ("Contents", "3 rows"), in the reader's language."""

from __future__ import annotations

from functools import lru_cache


class Words:
    """Says the words of a document in one language; a catalogue knows a message by its English text (gettext)."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, message: str, /, **values: object) -> str:
        """Return a message with its placeholders filled in."""
        return message.format_map(values) if values else message

    def many(self, one: str, other: str, count: int, /, **values: object) -> str:
        """Return the form of a message that fits a count, with `{count}` and its other placeholders filled in."""
        return (one if count == 1 else other).format_map({"count": count, **values})


@lru_cache(maxsize=64)
def words_of(lang: str | None) -> Words:
    """Return the words of a language: a tag (BCP 47) or the name of a locale; English where it is None or unknown."""
    return Words(lang or "en")
