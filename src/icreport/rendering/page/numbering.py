"""Numbers of a document: its tables and figures, and where it is asked for its sections and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.model.elements import Paragraph, Section, Table

if TYPE_CHECKING:
    from icreport.model.elements import Element
    from icreport.words import Words

_SPACE = "\u2002"


class Numbering:
    """Counts the elements of one document; `headings` says whether their captions start with numbers."""

    def __init__(self, words: Words) -> None:
        self.headings = False
        self.tables: list[dict[str, str]] = []
        """The entries of the list of tables: what each is called, and the id of its element."""
        self.figures: list[dict[str, str]] = []
        self._words = words
        self._section = self._part = 0

    def captioned(self, element: Element) -> Element:
        """Return an element whose caption starts with its number, where it has one."""
        if not self.headings or not element.caption:
            return element
        if (number := self._number(element)) is None:
            return element
        return element.model_copy(update={"caption": f"{number}{_SPACE}{element.caption}"})

    def _number(self, element: Element) -> str | None:
        if isinstance(element, Section):
            self._section, self._part = self._section + 1, 0
            return str(self._section)
        if isinstance(element, Table):
            return self._words("Table {number}", number=len(self.tables) + 1)
        if isinstance(element, Paragraph) and self._section:
            self._part += 1
            return f"{self._section}.{self._part}"
        return None

    def table(self, name: str, caption: str) -> None:
        """Take a table with its id and what it is called."""
        self.tables.append({"id": name, "caption": caption})

    def figure(self, name: str, caption: str | None) -> str:
        """Take an image or chart; return what it is called: `Figure 3`."""
        called = self._words("Figure {number}", number=len(self.figures) + 1)
        self.figures.append({"id": name, "caption": f"{called}{_SPACE}{caption}" if caption else called})
        return called

    def lists(self) -> list[dict[str, object]]:
        """Return the lists of tables and figures that are not empty, each with its title."""
        both = ((self._words("Tables"), self.tables), (self._words("Figures"), self.figures))
        return [{"title": title, "entries": entries} for title, entries in both if entries]
