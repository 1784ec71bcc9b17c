"""What the pages of a PDF show: their marks, the codes of their glyphs, and what these codes are as text."""

import io
import re
from collections import Counter

import pikepdf

SHOWS = {"Tj", "TJ", "'", '"'}
PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE", *SHOWS}
# All else is skipped while the content is parsed, which is what takes the time.
WATCHED = " ".join({*PAINTS - {"INLINE IMAGE"}, "BI", "ID", "EI", "BMC", "BDC", "EMC", "q", "Q", "Tf"})
ARTIFACT = -1
"""What is entered in place of the number of a mark where an artifact is marked."""
TOLD = -2
"""What is entered where a span begins that says what text it is, whatever its glyphs say (ISO 32000-1, 14.9.4)."""


class Shown:
    """What a page shows: its numbered marks in their order, and how many glyphs are in each.

    Forms (XObjects) are part of what shows them: their text counts as that of the mark around them, while the marks
    within them are numbered apart from those of the page.
    """

    def __init__(self, page):
        self.marks = []
        self.glyphs = Counter()
        """The number of glyphs in each mark, in artifacts (`ARTIFACT`), and in nothing that is marked (`None`)."""
        self.fonts = {}
        """The fonts of the shown glyphs by their identity, each with the codes of its glyphs one after the other."""
        self.problems = []
        open_marks = self._walk(page, page.resources, None, ())
        if open_marks:
            self.problems.append("a mark is not ended")

    def _walk(self, content, resources, around, forms):
        """Walk over the content of the page, or of a form within `forms` that is shown in the mark `around`."""
        open_marks, fonts = [], [None]
        for operands, operator in pikepdf.parse_content_stream(content, WATCHED):
            name = str(operator)
            if name in {"BMC", "BDC"}:
                open_marks.append(self._begin(operands, name, forms))
            elif name == "EMC":
                self._end(open_marks)
            elif name == "q":
                fonts.append(fonts[-1])
            elif name == "Q":
                fonts = fonts[:-1] or [None]
            elif name == "Tf":
                fonts[-1] = resources.get("/Font", {}).get(str(operands[0]))
            elif name in PAINTS:
                mark = next((mark for mark in open_marks if mark is not None), around)
                self._paint(name, operands, mark, fonts[-1], is_told=TOLD in open_marks)
                if name == "Do":
                    self._form(resources.get("/XObject", {}).get(str(operands[0])), resources, mark, forms)
        return open_marks

    def _paint(self, name, operands, mark, font, *, is_told):
        """Note what is painted in the outermost mark that says what its content is."""
        if mark is None:
            self.problems.append(f"{name} is not marked")
        if name in SHOWS and font is None:
            self.problems.append("text without a font")
        elif name in SHOWS:
            self._show(operands[-1], font, mark, is_told=is_told)

    def _end(self, open_marks):
        if open_marks:
            open_marks.pop()
        else:
            self.problems.append("an end without a start")

    def _begin(self, operands, name, forms):
        """Give what a mark that begins is: its number, an artifact, or nothing of which the structure knows."""
        if str(operands[0]) == "/Artifact":
            return ARTIFACT
        if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) and "/ActualText" in operands[1]:
            return TOLD
        if name == "BMC" or not isinstance(operands[1], pikepdf.Dictionary) or "/MCID" not in operands[1] or forms:
            return None
        self.marks.append(int(operands[1].MCID))
        return self.marks[-1]

    def _show(self, text, font, mark, *, is_told):
        # The numbers of an array are Python's own, only its strings are objects; `isinstance` would take its time.
        strings = [part for part in text if type(part) is pikepdf.Object] if isinstance(text, pikepdf.Array) else [text]
        codes = b"".join(map(bytes, strings))
        key = font.objgen if font.is_indirect else id(font)
        if not is_told:
            self.fonts.setdefault(key, (font, bytearray()))[1].extend(codes)
        self.glyphs[mark] += len(codes) // _width(font)

    def _form(self, form, resources, mark, forms):
        if form is not None and form.get("/Subtype") == "/Form" and form.objgen not in forms:
            self._walk(form, form.get("/Resources", resources), mark, (*forms, form.objgen))


def _width(font):
    """Give the number of bytes of a code: two in composite fonts, whose encoding is Identity-H in all of ours."""
    return 2 if font.get("/Subtype") == "/Type0" else 1


def glyphs_without_text(pages):
    """Find glyphs which a page shows and of which its font does not say what text they are."""
    known = {}
    for number, page in enumerate(pages, 1):
        for key, (font, shown) in page.fonts.items():
            if "/ToUnicode" not in font:
                continue
            if key not in known:
                known[key] = codes_with_text(font.ToUnicode.read_bytes())
            for code in sorted(_codes(shown, _width(font)) - known[key]):
                yield f"page {number}: font {font.BaseFont} has no text for its glyph {code:#06x}"


def _codes(shown, width):
    return set(shown) if width == 1 else {high << 8 | low for high, low in zip(shown[::2], shown[1::2], strict=False)}


def codes_with_text(cmap):
    """Give the codes for which a ToUnicode CMap has text."""
    found = set()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        pairs = re.findall(rb"<\s*(\w+)\s*>\s*<([\w\s]*)>", block)
        found |= {int(code, 16) for code, text in pairs if _is_text(text)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        ranges = re.findall(rb"<\s*(\w+)\s*>\s*<\s*(\w+)\s*>\s*(?:<([\w\s]*)>|\[(.*?)\])", block, re.DOTALL)
        for first, last, text, texts in ranges:
            codes = range(int(first, 16), int(last, 16) + 1)
            listed = re.findall(rb"<([\w\s]*)>", texts) if texts else [text] * len(codes)
            found |= {code for code, one in zip(codes, listed, strict=False) if _is_text(one)}
    return found


def _is_text(text):
    """Tell whether the target of a code is text: PDF/UA-1 (7.21.7) leaves out what stands for no character."""
    return bytes.fromhex(text.decode()).decode("utf-16-be", "replace") not in {"", "\0", "\ufeff", "\ufffe"}


def is_painted(data):
    """Whether a document has pages that were made apart: what they have in common they share as a part of them."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return any(isinstance(page.obj.Contents, pikepdf.Array) for page in document.pages)
