"""What became of paragraphs, captions of sections, and elements of other kinds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from icreport.comparing.changed_rows import ChangedRow, ChangedRows
from icreport.comparing.pairing import paired_texts
from icreport.comparing.values import exact_text
from icreport.model.elements import Paragraph, Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icreport.comparing.tables import Rules
    from icreport.model.elements import Element
    from icreport.model.looks import Change
    from icreport.words import Words


@dataclass(slots=True)
class TextChanges:
    """What became of the elements that are no tables; each that changed is a row: what it is, and its text."""

    rows: ChangedRows
    counts: Counter[Change] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return any(count for change, count in self.counts.items() if change != "same")


def compare_texts(
    old: Sequence[Element], new: Sequence[Element], rules: Rules, changes: Mapping[Change, str], words: Words
) -> TextChanges:
    """Return what became of elements that are no tables."""
    found = TextChanges(ChangedRows(changes))
    before, after = [[((one.type, one.caption), _text_of(one)) for one in side] for side in (old, new)]
    for place, (was, now) in enumerate(paired_texts(before, after)):
        _, text = after[now] if now is not None else before[was or 0]
        texts = {before[at][1] for at in [was] if at is not None} | {after[at][1] for at in [now] if at is not None}
        change: Change = "same" if len(texts) == 1 else "changed"
        if was is None or now is None:
            change = "added" if was is None else "removed"
        found.counts[change] += 1
        if change != "same" or rules.unchanged:
            shown = new[now] if now is not None else old[was or 0]
            values = [_label_of(shown, words), text if isinstance(shown, Paragraph | Section) else None]
            is_told = change == "changed" and was is not None and isinstance(shown, Paragraph | Section)
            found.rows.add(
                ChangedRow(place, change, None, values, {1: before[was][1]} if is_told and was is not None else {})
            )
    return found


def _text_of(element: Element) -> str:
    """Return what is compared of an element: its text, or where nobody knows which that is all of it."""
    if isinstance(element, Paragraph):
        return element.text
    return element.caption or "" if isinstance(element, Section) else exact_text(element.to_object())


def _label_of(element: Element, words: Words) -> str:
    kinds = {
        "paragraph": words("Paragraph"),
        "section": words("Section"),
        "chart": words("Chart"),
        "image": words("Image"),
    }
    kind = kinds.get(element.type, element.type)
    return f"{kind} “{element.caption}”" if element.caption and not isinstance(element, Section) else kind
