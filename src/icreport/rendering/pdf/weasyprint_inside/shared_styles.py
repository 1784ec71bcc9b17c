"""Styles that elements share: WeasyPrint computes those of everything within an element with an id by themselves.

It keeps the id among the styles, from which those within inherit. Here the id stands over a style that is shared, and
pseudo-elements share theirs too: a report of many elements takes a fifth less time and half of the memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from weasyprint.css import Style, StyleFor
from weasyprint.css.properties import Dimension

from icreport.rendering.pdf.weasyprint_inside.ours import IS_OURS

if TYPE_CHECKING:
    from weasyprint.css import ComputedStyle
    from weasyprint.css.targets import TargetCollector

_ANCHOR = "anchor"
_KEYWORDS = {"inherit", "initial"}
_NOTE = "note()"


class _AnchoredStyle(Style):
    """The style of an element with an id, all but the id that of others like it."""

    def __init__(self, shared: ComputedStyle, anchor: str) -> None:
        self.__dict__.update(shared.__dict__)
        self._shared = shared
        self[_ANCHOR] = anchor

    def copy(self) -> _AnchoredStyle:
        copied = _AnchoredStyle(self._shared, self[_ANCHOR])
        copied.update(self)
        return copied

    def __missing__(self, key: str) -> object:
        value = self[key] = self._shared[key]
        return value


class SharedStyles(StyleFor):
    """Finds the styles of elements, as WeasyPrint's own does, which it is for documents that are not ours."""

    def __init__(self, *args: object) -> None:
        self._known: dict[object, object] | None = {} if IS_OURS.get() else None
        self._anchors: dict[object, str] = {}
        super().__init__(*args)
        computed = self.get_computed_styles()
        for key, anchor in self._anchors.items():
            computed[key] = _AnchoredStyle(computed[key], anchor)
        # Styles of pages, which come next, are few, and some are changed.
        self._known = None

    def set_computed_styles(
        self,
        element: object,
        parent: object,
        root: object = None,
        pseudo_type: str | None = None,
        base_url: str | None = None,
        target_collector: TargetCollector = None,
    ) -> None:
        """Set the style of an element: that of another where all that it depends on is the same."""
        given = (element, parent, root, pseudo_type, base_url, target_collector)
        computed = self.get_computed_styles()
        # Parts of a note get anchors of their own while pages are made.
        if self._known is None or element is root or (pseudo_type and computed[element, None]["position"][0] == _NOTE):
            super().set_computed_styles(*given)
            return
        cascaded = self.get_cascaded_styles().get((element, pseudo_type), {})
        anchor, _ = cascaded.get(_ANCHOR, (None, None))
        if is_name := isinstance(anchor, str) and anchor not in _KEYWORDS:
            del cascaded[_ANCHOR]
        own = frozenset((name, _known_by(value), weight) for name, (value, weight) in cascaded.items())
        key = (id(computed[parent, None]), pseudo_type, own)
        if key not in self._known:
            super().set_computed_styles(*given)
            self._known[key] = computed[element, pseudo_type]
        computed[element, pseudo_type] = self._known[key]
        if is_name:
            self._anchors[element, pseudo_type] = anchor
            target_collector.collect_anchor(anchor)


def _known_by(value: object) -> object:
    """Return what tells a value from others: of style sheets are the same objects, of attributes equal."""
    return (type(value), value) if isinstance(value, str | Dimension) else id(value)
