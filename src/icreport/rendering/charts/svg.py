"""SVG that may stand in a page: shapes and texts of a drawing, and nothing that acts, refers or collides.

A drawing is made of what a specification says, which may come from anybody: only what is known to be harmless is kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from icreport.rendering.text_direction import direction_of
from icreport.rendering.xml_text import parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SVG = "http://www.w3.org/2000/svg"
_KNOWN = """
    svg g path text tspan rect line circle ellipse polygon polyline defs clipPath linearGradient radialGradient stop
"""
_ELEMENTS = frozenset(_KNOWN.split())
_SAID = """
    d transform x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy width height viewBox points rotate offset
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap
    stroke-linejoin stroke-miterlimit opacity stop-color stop-opacity clip-path clip-rule
    font-family font-size font-style font-weight text-anchor dominant-baseline letter-spacing
    gradientUnits gradientTransform spreadMethod clipPathUnits direction unicode-bidi id
"""
_ATTRIBUTES = frozenset(_SAID.split())
_COLOURS = ("fill", "stroke", "stop-color")
_MEASURES = ("d", "transform", "points")
_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_OWN = re.compile(r"url\(#([\w.-]+)\)")
_PLAIN = re.compile(r"[^<>{}()\\;@]*|[\w-]+\([^<>{}()\\;@:]*\)(?:\s*[\w-]+\([^<>{}()\\;@:]*\))*|#[0-9a-fA-F]{3,8}")
_LETTERS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNED = {"start": "end", "end": "start"}
_EMPTY = ("M0,0h0v0h0Z", "")


def cleaned(text: str) -> ET.Element:
    """Return what is drawn in an SVG, without what is harmful or shows nothing; raises `ET.ParseError`."""
    root = parsed(_LETTERS.sub("\ufffd", text))
    made = _cleaned(root)
    return ET.Element("svg") if made is None else made


def _cleaned(element: ET.Element) -> ET.Element | None:
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if name not in _ELEMENTS or element.get("display") == "none":
        return None
    if name == "path" and element.get("d", "") in _EMPTY:
        return None
    made = ET.Element(name, dict(_attributes(element)))
    made.text, made.tail = element.text, element.tail
    made.extend(part for part in map(_cleaned, element) if part is not None)
    return None if name == "g" and not len(made) else made


def _attributes(element: ET.Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name not in _ATTRIBUTES:
            continue
        if "(" in value and _OWN.fullmatch(value) is None and not _PLAIN.fullmatch(value):
            continue
        if "url(" in value.lower() and _OWN.fullmatch(value) is None:
            continue
        yield name, _NUMBER.sub(_rounded, value) if name in _MEASURES or name[-1:] in "xy12" else value


def _rounded(found: re.Match[str]) -> str:
    text = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def written(
    drawn: ET.Element, *, prefix: str, colour: Callable[[str], str], font: str | None, titles: list[tuple[str, str]]
) -> str:
    """Return a drawing as text for a page: `prefix` before its ids, each colour as `colour` says it.

    Texts in `font` are left without one, as they get it from the page. `titles` are the pairs of element and text that
    say what it is, the first an SVG has; ids of them are `prefix` and their name. Within a page (with `font`) texts run
    in their own direction, whatever that of the page is.
    """
    root = parsed(ET.tostring(drawn, "unicode"))
    for element in root.iter():
        for name in _COLOURS:
            if (value := element.get(name)) is not None:
                element.set(name, colour(value))
        for name, value in element.attrib.items():
            if _OWN.fullmatch(value):
                element.set(name, _OWN.sub(rf"url(#{prefix}-\1)", value))
        if (own := element.get("id")) is not None:
            element.set("id", f"{prefix}-{own}")
        if font is not None and element.get("font-family") == font:
            del element.attrib["font-family"]
    if font is not None:
        _direct(root)
    _entitle(root, prefix, titles)
    root.set("xmlns", _SVG)
    return ET.tostring(root, "unicode")


def _entitle(root: ET.Element, prefix: str, titles: list[tuple[str, str]]) -> None:
    for at, (name, text) in enumerate(titles):
        told = ET.Element(name, {"id": f"{prefix}-{name}"})
        told.text = text
        root.insert(at, told)
    if titles:
        root.attrib |= {"role": "img", "aria-labelledby": " ".join(f"{prefix}-{name}" for name, _ in titles)}


def _direct(root: ET.Element) -> None:
    """Say in which direction texts run, each by itself; they stay in place: where they start is at the right then."""
    root.set("direction", "ltr")
    for text in root.iter("text"):
        if direction_of("".join(text.itertext())) == "rtl":
            text.set("direction", "rtl")
            anchor = text.get("text-anchor", "start")
            text.set("text-anchor", _TURNED.get(anchor, anchor))
