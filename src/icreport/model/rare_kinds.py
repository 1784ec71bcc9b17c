"""Whether elements are of a kind that few reports have: a model that nobody has imported has no elements."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from icreport.model.chart import Chart
    from icreport.model.elements import Element
    from icreport.model.image import Image


def is_chart(element: Element) -> TypeIs[Chart]:
    """Return whether an element is a `Chart`."""
    return _is(element, "chart", "Chart")


def is_image(element: Element) -> TypeIs[Image]:
    """Return whether an element is an `Image`."""
    return _is(element, "image", "Image")


def _is(element: Element, module: str, name: str) -> bool:
    imported = sys.modules.get(f"icreport.model.{module}")
    return imported is not None and isinstance(element, getattr(imported, name))
