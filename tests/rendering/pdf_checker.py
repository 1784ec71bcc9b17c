"""Looks a PDF through for what PDF/UA-1 (ISO 14289-1) and PDF/A-3u (ISO 19005-3) ask and a program can see."""

import io
import re

import pikepdf

PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "Tj", "TJ", "'", '"', "INLINE IMAGE"}
TABLE_PARTS = {"/Table": {"/Caption", "/THead", "/TBody", "/TFoot", "/TR"}, "/TR": {"/TH", "/TD"}}


def problems(document, variant="pdf/ua-1"):
    """All that is wrong with a document, a line each."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        found = [*_catalog(pdf, variant), *_fonts(pdf), *_actions(pdf)]
        if variant == "pdf/ua-1":
            found += [*_content(pdf), *_structure(pdf)]
        else:
            found += _archive(pdf)
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


def _fonts(pdf):
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
            continue
        if item.get("/Subtype") == "/Type0":
            if "/ToUnicode" not in item:
                yield f"font {item.BaseFont} without ToUnicode"
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


def _content(pdf):
    """All content is marked, as an artifact or by a number that the parent tree knows."""
    parents = _numbers(pdf.Root.StructTreeRoot.ParentTree)
    for number, page in enumerate(pdf.pages, 1):
        seen = []
        yield from (f"page {number}: {problem}" for problem in _marks(page, seen))
        if len(seen) > len(set(seen)):
            yield f"page {number}: a mark twice"
        known = parents.get(int(page.get("/StructParents", -1)), [])
        for mark in seen:
            if mark >= len(known) or not isinstance(known[mark], pikepdf.Dictionary):
                yield f"page {number}: mark {mark} belongs to nothing"
            elif not _holds(known[mark], mark):
                yield f"page {number}: mark {mark} is not in its element"
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"page {number}: tabs do not follow the structure"
        for annotation in page.get("/Annots", []):
            yield from (f"page {number}: {problem}" for problem in _annotation(annotation, page, parents))


def _annotation(annotation, page, parents):
    """A link says in words what it is, and the structure has it at its text."""
    if annotation.get("/Subtype") != "/Link":
        return
    if not str(annotation.get("/Contents", "")):
        yield "a link without a description"
    element = parents.get(int(annotation.get("/StructParent", -1)))
    if not isinstance(element, pikepdf.Dictionary) or element.get("/S") != "/Link":
        yield "a link that the structure does not know"
    elif not any(
        kid.Obj.objgen == annotation.objgen and kid.Pg.objgen == page.objgen
        for kid in _kids(element)
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    ):
        yield "a link that belongs to other text"


def _marks(page, seen):
    """Walk over the content of a page; the numbers of its marks go to `seen`."""
    open_marks = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BMC", "BDC"}:
            numbered = name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]
            if numbered:
                seen.append(int(operands[1].MCID))
            open_marks.append(numbered or str(operands[0]) == "/Artifact")
        elif name == "EMC" and open_marks:
            open_marks.pop()
        elif name == "EMC":
            yield "an end without a start"
        elif name in PAINTS and not any(open_marks):
            yield f"{name} is not marked"
    if open_marks:
        yield "a mark is not ended"


def _numbers(tree):
    found = {}
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        nodes += list(node.get("/Kids", []))
        entries = list(node.get("/Nums", []))
        found |= {int(key): value for key, value in zip(entries[::2], entries[1::2], strict=True)}
    return found


def _kids(element):
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _holds(element, mark):
    return any(
        (isinstance(kid, int) and kid == mark) or (isinstance(kid, pikepdf.Dictionary) and kid.get("/MCID") == mark)
        for kid in _kids(element)
    )


def _structure(pdf):
    """Tables have rows of cells, heads a scope, headings their order, figures and links what stands for them."""
    level = 0
    stack = [(None, kid) for kid in reversed(_kids(pdf.Root.StructTreeRoot))]
    while stack:
        parent, element = stack.pop()
        if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
            continue
        kind = str(element.S)
        if parent in TABLE_PARTS and kind not in TABLE_PARTS[parent]:
            yield f"{kind} in {parent}"
        if kind in {"/TH", "/TD"} and parent != "/TR":
            yield f"{kind} in {parent}"
        if kind == "/TH" and not _has_scope(element):
            yield "a head without a scope"
        if (heading := re.fullmatch(r"/H([1-6])", kind)) is not None:
            if int(heading[1]) > level + 1:
                yield f"{kind} follows a heading of level {level}"
            level = int(heading[1])
        if kind == "/Figure" and not str(element.get("/Alt", "")):
            yield "a figure without a text"
        if kind == "/Link" and not any(
            isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR" for kid in _kids(element)
        ):
            yield "a link without its annotation"
        stack += [(kind, kid) for kid in reversed(_kids(element))]


def _has_scope(element):
    attributes = element.get("/A", [])
    listed = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    return any("/Scope" in item for item in listed if isinstance(item, pikepdf.Dictionary))
