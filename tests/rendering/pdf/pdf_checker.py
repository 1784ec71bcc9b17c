"""Looks a PDF through for what PDF/UA-1 (ISO 14289-1) and PDF/A-3u (ISO 19005-3) ask and a program can see."""

import io
import re

import pikepdf

from rendering.pdf.pdf_structure import Structure, kids_of, references_of
from rendering.pdf.pdf_text import Shown, codes_with_text, glyphs_without_text

RUNNING_GLYPHS = 200
"""What a page may have of text that is no content: more than the lines around it need."""
RUNNING_SHARE = 0.4
"""How much of the text of a document may be such text."""


def problems(document, variant="pdf/ua-1"):
    """All that is wrong with a document, a line each."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        shown = [Shown(page) for page in pdf.pages]
        found = [*_catalog(pdf, variant), *_fonts(pdf), *glyphs_without_text(shown), *_actions(pdf)]
        if variant != "pdf/ua-1":
            found += _archive(pdf)
        elif "/StructTreeRoot" in pdf.Root:
            structure = Structure(pdf, shown)
            found += [*_content(pdf, shown, structure), *structure.problems()]
        return found


def _catalog(pdf, variant):
    root = pdf.Root
    if not str(root.get("/Lang", "")):
        yield "no language"
    with pdf.open_metadata() as metadata:
        if not metadata.get("dc:title"):
            yield "no title in XMP"
        wanted = {"pdf/ua-1": ("pdfuaid:part", "1"), "pdf/a-3u": ("pdfaid:part", "3")}[variant]
        if metadata.get(wanted[0]) != wanted[1]:
            yield f"XMP does not say {wanted[0]} {wanted[1]}"
    if variant == "pdf/ua-1":
        if not root.get("/MarkInfo", {}).get("/Marked"):
            yield "not marked"
        if "/StructTreeRoot" not in root:
            yield "no structure tree"
        if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
            yield "the title is not displayed"


def _archive(pdf):
    with pdf.open_metadata() as metadata:
        if metadata.get("pdfaid:conformance") != "U":
            yield "XMP does not say conformance U"
    if not pdf.Root.get("/OutputIntents"):
        yield "no output intent"
    if "/ID" not in pdf.trailer:
        yield "no identifier"
    if pdf.is_encrypted:
        yield "encrypted"
    for name, file in pdf.attachments.items():
        if "/AFRelationship" not in file.obj:
            yield f"attachment {name} without a relationship"
    yield from _associated(pdf)


def _associated(pdf):
    """Each file is listed once among those that belong to the document."""
    seen = {}
    for place, file in enumerate(pdf.Root.get("/AF", []), 1):
        key = file.objgen if file.is_indirect else file.unparse()
        if key in seen:
            yield f"/AF lists {file.get('/UF', 'a file')} twice, at {seen[key]} and {place}"
        seen.setdefault(key, place)


def _fonts(pdf):
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
            continue
        if item.get("/Subtype") == "/Type0":
            if "/ToUnicode" not in item:
                yield f"font {item.BaseFont} without ToUnicode"
            elif not codes_with_text(item.ToUnicode.read_bytes()):
                yield f"font {item.BaseFont} (object {item.objgen[0]}) has no text for any glyph"
            descriptor = item.DescendantFonts[0].get("/FontDescriptor", {})
            if not {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
                yield f"font {item.BaseFont} is not embedded"
        elif item.get("/Subtype") in {"/Type1", "/TrueType"} and "/FontDescriptor" not in item:
            yield f"font {item.BaseFont} is not embedded"


def _actions(pdf):
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary):
            continue
        if item.get("/S") in {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"}:
            yield f"action {item.S}"
        for action in (item, item.get("/A")):
            if isinstance(action, pikepdf.Dictionary) and "/URI" in action:
                uri = str(action.URI)
                if not re.match(r"(https?|mailto):", uri):
                    yield f"link to {uri}"
    if {"/OpenAction", "/AA"} & set(pdf.Root.keys()):
        yield "something happens when it is opened"


def _content(pdf, shown, structure):
    """All content is marked, as an artifact or by a number that the parent tree knows."""
    parents = _numbers(pdf.Root.StructTreeRoot.get("/ParentTree", {}))
    unread = []
    for number, (page, text) in enumerate(zip(pdf.pages, shown, strict=True), 1):
        known = parents.get(int(page.get("/StructParents", -1)), [])
        read = [mark for mark in text.marks if _is_read(known, mark, structure)]
        unread.append(text.glyphs.total() - sum(text.glyphs[mark] for mark in set(read)))
        for problem in [*text.problems, *_marks(text.marks, known, structure)]:
            yield f"page {number}: {problem}"
        if unread[-1] > RUNNING_GLYPHS and unread[-1] == text.glyphs.total():
            yield f"page {number}: none of its {unread[-1]} glyphs is read, as all are in artifacts or in no element"
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"page {number}: tabs do not follow the structure"
        for annotation in page.get("/Annots", []):
            yield from (f"page {number}: {problem}" for problem in _annotation(annotation, page, parents))
    yield from _silence(structure, unread, sum(text.glyphs.total() for text in shown))


def _silence(structure, unread, total):
    """Little of the text of a document is kept from those who read it with their ears."""
    if total and not structure.elements:
        first = next(number for number, count in enumerate(unread, 1) if count)
        yield f"the structure is empty, while page {first} has text"
    if sum(unread) > max(RUNNING_GLYPHS * len(unread), RUNNING_SHARE * total):
        page = unread.index(max(unread)) + 1
        yield f"{sum(unread)} of {total} glyphs are in artifacts or in no element, most of them on page {page}"


def _marks(marks, known, structure):
    """Each mark is on the page once, and is of an element that holds it and that the structure holds."""
    if len(marks) > len(set(marks)):
        yield "a mark twice"
    for mark in marks:
        if mark >= len(known) or not isinstance(known[mark], pikepdf.Dictionary):
            yield f"mark {mark} belongs to nothing"
        elif not _holds(known[mark], mark):
            yield f"mark {mark} is not in its element"
        elif known[mark].objgen not in structure.held:
            yield f"mark {mark} is in an element (object {known[mark].objgen[0]}) that the structure does not hold"


def _is_read(known, mark, structure):
    return mark < len(known) and known[mark] is not None and known[mark].objgen in structure.held


def _annotation(annotation, page, parents):
    """A link says in words what it is, and the structure has it at its text."""
    if annotation.get("/Subtype") != "/Link":
        return
    if not str(annotation.get("/Contents", "")):
        yield "a link without a description"
    elif str(annotation.get("/Dest", "")) == str(annotation.Contents):
        yield f"a link that is described by the name of its target, {annotation.Contents}"
    element = parents.get(int(annotation.get("/StructParent", -1)))
    if not isinstance(element, pikepdf.Dictionary) or element.get("/S") != "/Link":
        yield "a link that the structure does not know"
    elif not any(_is(kid.get("/Obj"), annotation) and _is(kid.get("/Pg"), page) for kid in references_of(element)):
        yield "a link that belongs to other text"


def _is(item, other):
    return item is not None and item.objgen == other.objgen


def _numbers(tree):
    found = {}
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        nodes += list(node.get("/Kids", []))
        entries = list(node.get("/Nums", []))
        found |= {int(key): value for key, value in zip(entries[::2], entries[1::2], strict=True)}
    return found


def _holds(element, mark):
    return any(
        (isinstance(kid, int) and kid == mark) or (isinstance(kid, pikepdf.Dictionary) and kid.get("/MCID") == mark)
        for kid in kids_of(element)
    )
