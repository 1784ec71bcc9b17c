import re

import pytest
from weasyprint import CSS, HTML

from icreport.rendering.pdf.weasyprint_inside.our_documents import our_documents
from rendering.pdf.pictures import assert_look_alike, text_of

SECTION = """<section class="element {kind}" id="e{n}"><h2 id="e{n}-caption">Anode {n}</h2>
<table id="e{n}-table"><colgroup><col style="width: 30%"><col></colgroup><thead><tr><th>No.<th>Remark</tr></thead>
<tbody><tr><td>{n}<td>Wear</tr><tr><td><a href="#e0">up</a><td></tr></tbody></table>
<ul><li>one <i class="note">A note {n}</i><li id="e{n}-two" style="color: red">two</ul></section>"""
PAGE = f"""<html lang="en"><title>T</title><body><h1 id="top">Title</h1>
<nav><a href="#e1">first</a> <a href="#e9-two">last</a> <a name="top-too">here</a></nav>
{"".join(SECTION.format(n=n, kind="odd" if n % 2 else "even") for n in range(10))}</body></html>"""
RULES = [
    "",
    "#e3 { color: green; page-break-before: always } #e4 h2 { font-size: 30pt } #e5-table { width: 40% }",
    "table { border-collapse: collapse; padding: 9pt; margin: 3pt } td { border: 1pt solid; padding: inherit }",
    ".odd { color: blue; --space: 5pt } .odd h2 { letter-spacing: var(--space) } h2::before { content: attr(id) ' ' }",
    "nav a::after { content: leader('.') target-counter(attr(href), page) ' ' target-text(attr(href)) }",
    ".note { float: footnote } .note::footnote-call { color: red } li::before { content: '+ ' }",
    ".note { position: note(foot) } @page { @bottom-left { content: element(foot) } }",
    "section { counter-increment: part } h2::before { content: counter(part) '. ' } ul { margin: 2em }",
    "h2 { -weasy-anchor: 'e1' } li:last-child::after { content: ' (' target-counter('#e1', page) ')' }",
    "h2::first-letter { font-size: 3em } td::first-line { font-weight: bold }",
    "h2 { string-set: t content(text) } @page { @top-center { content: string(t) } } @page :first { margin: 5cm }",
]


def without_leaders(text):
    """Give text without dots and spaces: the dots of a leader are copied as one text, or each as a line."""
    return re.sub(r"[.\s]+", "", text)


@pytest.mark.parametrize("css", RULES, ids=range(len(RULES)))
def test_elements_that_share_their_styles_look_as_they_do_with_styles_of_their_own(css):
    def made():
        document = HTML(string=PAGE, media_type="print").render(stylesheets=[CSS(string=css)], pdf_variant="pdf/ua-1")
        found = [(page.anchors, [link[:3] for link in page.links], page.bookmarks) for page in document.pages]
        return found, document.write_pdf(pdf_variant="pdf/ua-1")

    alone, plain = made()
    with our_documents():
        shared, quick = made()
    assert shared == alone
    assert without_leaders(text_of(quick)) == without_leaders(text_of(plain))
    assert_look_alike(quick, plain)
    assert made()[0] == alone


def test_elements_with_ids_have_the_styles_within_them_computed_once():
    def styles(page):
        seen = {}
        waiting = [page._page_box]
        while waiting:
            box = waiting.pop()
            seen[id(box.style)] = box.style
            waiting += getattr(box, "children", ())
        return len(seen)

    with our_documents():
        few, many = (
            HTML(string="".join(f'<section id="e{n}"><p>a <b>b</b></p></section>' for n in range(count))).render()
            for count in (2, 12)
        )
    # Each section has a style of its own, what stands in it has none.
    assert styles(many.pages[0]) - styles(few.pages[0]) == 10
