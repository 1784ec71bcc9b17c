"""What speaks against a template: that it could run, fetch or embed something.

Parts are parsed, as the same can be written in many ways: with references to characters, in CDATA, with other prefixes,
quotes and encodings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = "[Content_Types].xml"
_MOST_ELEMENTS = 1_000_000
"""Of all parts: libraries take some hundred bytes for each."""
_VML = ("urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office")
_WITH_MACROS = "it has macros: save it as a document without them (.docx)"
_NO_WORD = "it is no Word document (.docx or .dotx)"
_MACROS = re.compile("macroEnabled|vbaProject|vbaData", re.IGNORECASE)
_ACTIVE = re.compile(
    "oleObject|activeX|/package$|aFChunk|attachedToolbars|keyMapCustomizations|customUI|ui/extensib", re.IGNORECASE
)
_HARMLESS = re.compile(r"https?:|mailto:", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[\\/]{2})", re.IGNORECASE)
_REACHES_OUT = re.compile(
    r"\W*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|EMBED|DATABASE|MACROBUTTON|RD|AUTOTEXT|PRINT"
    r"|CONTROL|HTMLCONTROL)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\W*HYPERLINK\b", re.IGNORECASE)
_WORD = re.compile(r"[^\s\"]+")


def problems_of(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what speaks against a template, whose parts are by their names."""
    if any("vba" in name.lower() for name in parts):
        yield _WITH_MACROS
    elements = 0
    for name in sorted(parts, key=lambda name: name != _TYPES):
        data = parts[name]
        if name.lower().endswith((".xml", ".rels", ".vml")) or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
            part = _Part(name, _MOST_ELEMENTS - elements)
            yield from part.problems(data)
            elements += part.elements
            if name == _TYPES and not any(kind.startswith(MAIN) for kind in part.types):
                yield _NO_WORD
    if _TYPES not in parts:
        yield _NO_WORD


class _ProblemError(Exception):
    """A part that need not be read on."""


class _Part:
    """Reads a part and takes note of what speaks against it."""

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = most
        self.elements = 0
        self.types: list[str] = []
        self._codes = [""]
        """The instructions of fields: a field, or its end, starts another."""
        self._is_code = False

    def problems(self, data: bytes) -> Iterator[str]:
        """Yield what speaks against it."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._with_entities
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            if b"\0" in data:
                self._declared("1.0", "UTF-16", -1)
            parser.Parse(data, True)
        except _ProblemError as problem:
            yield str(problem)
        except (expat.ExpatError, LookupError, ValueError) as error:
            yield f"{self._name!r} is no XML ({error})"
        if any(map(_REACHES_OUT.match, self._codes)):
            yield f"{self._name!r} has a field that fetches or runs something: take it out in Word"
        links = filter(_LINK.match, self._codes)
        if any(_is_elsewhere(word) for link in links for word in _WORD.findall(link)):
            yield f"{self._name!r} has a link to something that is no web page: take it out in Word"

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "UTF-8").upper() not in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
            raise _ProblemError(f"{self._name!r} is not in UTF-8")

    def _with_entities(self, *_: object) -> None:
        if not self._name.lower().endswith(".svg"):
            raise _ProblemError(f"{self._name!r} declares entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > self._most:
            raise _ProblemError(f"it has more than {_MOST_ELEMENTS:,} elements")
        space, _, local = name.rpartition(" ")
        own = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if local == "Relationship":
            self._related(own)
        elif local in ("Override", "Default"):
            self.types.append(own.get("ContentType", ""))
            if _MACROS.search(self.types[-1]):
                raise _ProblemError(_WITH_MACROS)
        elif local == "mailMerge":
            raise _ProblemError("it is connected to data for letters: take that out in Word")
        self._note_field(local, own)
        for key in ("src", "href", "manifestLocation") if space in _VML or "manifestLocation" in own else ():
            target = own.get(key, "")
            if _is_elsewhere(target) or (key != "href" and _HARMLESS.match(target)):
                raise _ProblemError(_outside(target))

    def _note_field(self, local: str, own: Mapping[str, str]) -> None:
        if local in ("instrText", "delInstrText"):
            self._is_code = True
        elif local == "fldChar":
            self._codes.append("")
        elif local == "fldSimple":
            self._codes += [own.get("instr", ""), ""]

    def _related(self, own: Mapping[str, str]) -> None:
        kind, target = own.get("Type", ""), own.get("Target", "")
        if _MACROS.search(kind):
            raise _ProblemError(_WITH_MACROS)
        if _ACTIVE.search(kind):
            raise _ProblemError("it has embedded objects or controls: take them out in Word")
        is_link = kind.endswith("/hyperlink") and _HARMLESS.match(target)
        if own.get("TargetMode", "").strip().lower() == "external" and not is_link:
            raise _ProblemError(_outside(target))

    def _end(self, _name: str) -> None:
        self._is_code = False

    def _text(self, text: str) -> None:
        if self._is_code:
            self._codes[-1] += text


def _is_elsewhere(target: str) -> bool:
    """Return whether a target is in another file or on another server, and no web page."""
    return bool(_ELSEWHERE.match(target)) and not _HARMLESS.match(target)


def _outside(target: str) -> str:
    return f"it refers to something outside of it ({target[:60]!r}): take that out in Word"
