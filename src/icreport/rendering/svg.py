"""SVG images of reports: what is only an editor's is left out, what could run, fetch or grow is refused.

The rule: elements are those of `_KNOWN` in the namespace of SVG; attributes are theirs. Left out are elements and
attributes of other namespaces, `metadata`, comments and processing instructions. Refused with one line are all other
elements (`script`, `foreignObject`, `image`, `style`, `animate`, `filter`, …), attributes that start with `on`,
addresses other than of parts of the same image (`#name`), `use` of what has a `use` in it, document types and entities,
and more than 20,000 elements, copies too, or 1 MB.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from icreport.rendering.xml_text import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_KNOWN = frozenset(
    ("svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline",
     "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath")
)  # fmt: skip
_LEFT_OUT = frozenset(("metadata",))
_MOST_ELEMENTS = 20_000
_MOST_BYTES = 1 << 20
_LARGEST = 1e6  # CSS pixels of a side
_MOST_DEPTH = 100
_ADDRESS = re.compile(r"url\s*\(\s*[\"']?\s*([^\"')]*)", re.IGNORECASE)
_HOSTILE = re.compile(r"javascript:|expression\s*\(|@import|&\s*#|\\", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(px|pt|pc|mm|cm|in|)\s*$")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_DEFAULT = (300.0, 150.0)  # as browsers have it (CSS 2.1, 10.3.2)


def clean_svg(content: bytes) -> bytes:
    """Return an SVG without what is only its editor's; raises `ValueError` for one that is refused."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        raise ValueError("its SVG has a document type, entities or is no UTF-8")
    if len(content) > _MOST_BYTES:
        raise ValueError(f"its SVG is larger than {_MOST_BYTES >> 20} MB")
    try:
        content.decode("utf-8-sig")
        root = parsed(content)
    except (ET.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"its SVG is broken: {error}") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise ValueError("its XML is no SVG")
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise ValueError(f"its SVG has more than {_MOST_ELEMENTS:,} elements")
    _clean(root, 0)
    _check_uses(root)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    cleaned: bytes = ET.tostring(root, "utf-8")
    return cleaned


def svg_size(content: bytes) -> tuple[float, float]:
    """Return width and height of a cleaned SVG in CSS pixels, by its attributes or its view box."""
    wide, high = _size(content)
    return min(wide, _LARGEST), min(high, _LARGEST)


def _size(content: bytes) -> tuple[float, float]:
    root = parsed(content)
    box = [float(part) for part in re.findall(r"-?[0-9]*\.?[0-9]+", root.get("viewBox", ""))]
    match box:
        case [_, _, across, down] if across > 0 and down > 0:
            pass
        case _:
            across, down = _DEFAULT
    wide, high = _pixels(root.get("width")), _pixels(root.get("height"))
    if wide and high:
        return wide, high
    if wide or high:
        scale = (wide or 0) / across or (high or 0) / down
        return across * scale, down * scale
    return across, down


def _pixels(length: str | None) -> float | None:
    found = _LENGTH.match(length or "")
    return float(found[1]) * _PIXELS[found[2]] or None if found else None


def _clean(element: ET.Element, depth: int) -> None:
    if depth > _MOST_DEPTH:
        raise ValueError("its SVG nests too deep")
    for name in list(element.attrib):
        space, _, own = name.rpartition("}")
        if space.lstrip("{") not in {"", _XLINK, _XML}:
            del element.attrib[name]
            continue
        _check_attribute(own, element.attrib[name])
    for child in list(element):
        space, _, own = str(child.tag).rpartition("}")
        if space.lstrip("{") != _SVG or own in _LEFT_OUT:
            # What followed it is text of its parent, and is blank but in texts.
            element.remove(child)
            continue
        if own not in _KNOWN:
            raise ValueError(f"its SVG has <{own[:40]}>, which is not shown: shapes, texts and gradients are")
        _clean(child, depth + 1)


def _check_attribute(name: str, value: str) -> None:
    folded = name.casefold()
    if folded.startswith("on") or _HOSTILE.search(value):
        raise ValueError(f"its SVG has the attribute {name[:40]!r}, which could run")
    addresses: Iterator[str] = (found[1] for found in _ADDRESS.finditer(value))
    for address in [*addresses, *([value] if folded in {"href", "src", "base"} else [])]:
        if not address.strip().startswith("#"):
            raise ValueError(f"its SVG names {address.strip()[:60]!r}, which is not fetched")


def _check_uses(root: ET.Element) -> None:
    """Refuse copies of what has copies in it, and more copies than a page can draw."""
    uses = list(root.iter(f"{{{_SVG}}}use"))
    named = {element.get("id"): element for element in root.iter() if element.get("id")} if uses else {}
    drawn: dict[str, int] = {}
    total = 0
    for use in uses:
        for name in {use.get("href"), use.get(f"{{{_XLINK}}}href")} - {None}:
            target = str(name).strip().removeprefix("#")
            if target not in drawn:
                copied = list(named[target].iter()) if target in named else []
                if any(each.tag == f"{{{_SVG}}}use" for each in copied):
                    raise ValueError("its SVG copies (<use>) what has copies in it")
                drawn[target] = len(copied)
            total += drawn[target]
    if total > _MOST_ELEMENTS:
        raise ValueError(f"its SVG draws more than {_MOST_ELEMENTS:,} copies (<use>)")
