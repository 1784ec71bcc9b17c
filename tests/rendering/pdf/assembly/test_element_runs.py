"""Documents laid out some pages at a time are those laid out at once, for every reader."""

import io
import random
import re

import pikepdf
import pytest

import icreport
from icreport import Column, Image, Paragraph, Report, Section, Table
from icreport.rendering.pdf.assembly.run_checks import check_runs
from icreport.rendering.pdf.painter.style_checks import UnknownStyleError
from rendering.pdf.pdf_checker import problems
from rendering.pdf.pictures import assert_look_alike, text_of, words_of

WORDS = ["wear", "at the", "lower edge", "blistered", "coating", "weld", "anode", "مرحبا", "بالعالم", "пример", "東京"]
LARGE = 5
"""The number of the element that is a large table, where it is one."""


@pytest.fixture
def both(monkeypatch):
    """Return what makes a PDF in short runs, and at once."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    def render(report, **options):
        made = []
        for size in (5_000, 10**9):
            monkeypatch.setattr("icreport.rendering.pdf.layout.SIZE", size)
            monkeypatch.setattr("icreport.rendering.pdf.layout._LONG", size)
            target = io.BytesIO()
            result = icreport.write(report, target, format="pdf", **options)
            made.append((target.getvalue(), [note.code for note in result.notes]))
        return made

    return render


def text(chance, most):
    return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))


def table(chance, number):
    columns, rows = chance.choice([2, 3, 5, 12]), chance.choice([0, 1, 2, 8, 20])
    if number == LARGE:
        columns, rows = 2, 120
    heads = [
        Column(caption=f"{name}{at}" if chance.random() < 0.9 else None)
        for at, name in zip(range(columns), ["No. ", "Status ", "Remark "] * 10, strict=False)
    ]
    kinds = [
        lambda: chance.randint(0, 99_999),
        lambda: chance.choice(["Open", "Closed", None]),
        lambda: text(chance, 8),
    ]
    made = [[kinds[at % 3]() for at in range(columns)] for _ in range(rows)]
    caption = chance.choice([None, f"Table {number} {text(chance, 4)}"])
    return Table(caption=caption, columns=heads, rows=made)


def drawn_at_random(seed, count=16):
    """Return a report of sections, paragraphs, and tables of which some are wide, some large."""
    chance = random.Random(seed)
    elements = []
    for number in range(count):
        kind = chance.random() if number != LARGE else 1
        if kind < 0.12:
            elements.append(Section(caption=f"Part {text(chance, 3)}"))
        elif kind < 0.4:
            paragraphs = "\n\n".join(text(chance, chance.choice([10, 60, 250])) for _ in range(chance.randint(1, 3)))
            elements.append(Paragraph(caption=chance.choice([None, f"Note {number}"]), text=paragraphs))
        else:
            elements.append(table(chance, number))
    return Report(name=f"Report {seed}", elements=elements)


def assert_same_words(runs, whole):
    """Assert that two PDFs have the same words at the same places; how wide a glyph is said to be is rounded."""
    pages = list(zip(words_of(runs), words_of(whole), strict=True))
    for (size, words), (other_size, other_words) in pages:
        assert size == other_size
        assert [word[4] for word in words] == [word[4] for word in other_words]
        for word, other in zip(words, other_words, strict=True):
            assert word[:4] == pytest.approx(other[:4], abs=0.1)


def told(data):
    """Return what programs find in a PDF beside its text: outline, links and where they lead, structure, properties."""
    with pikepdf.open(io.BytesIO(data)) as document:
        pages = {page.objgen: at for at, page in enumerate(document.pages)}

        def outline(items):
            return [(str(each.title), pages[each.destination[0].objgen], outline(each.children)) for each in items]

        names = document.Root.Names.Dests.Names
        places = [
            (str(name), pages[place[0].objgen], float(place[3])) for name, place in zip(*[iter(names)] * 2, strict=True)
        ]
        links = [
            (at, str(each.get("/Dest")), str(each.get("/Contents")), [round(float(side), 2) for side in each.Rect])
            for at, page in enumerate(document.pages)
            for each in page.get("/Annots", [])
        ]
        with document.open_outline() as found:
            titles = outline(found.root)
        root = document.Root.get("/StructTreeRoot")
        tree = [] if root is None else structure(root.K[0], pages)
        sizes = [[float(side) for side in page.MediaBox] for page in document.pages]
        return titles, places, links, tree, sizes, str(document.docinfo.get("/Title"))


def structure(element, pages):
    kids = element.get("/K", [])
    listed = [kids] if isinstance(kids, int | pikepdf.Dictionary) else kids
    within = [
        kid if isinstance(kid, int) else structure(kid, pages) if "/S" in kid else ("link", pages[kid.Pg.objgen])
        for kid in listed
    ]
    named = [re.sub(r"^\d+", "", str(head)) for head in element.get("/A", {}).get("/Headers", [])]
    return str(element.S), named, within


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # of WeasyPrint, for its colour profile
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"theme": "formal"},
        {"theme": "compact", "locale": "ar"},
        {"pdf_variant": "none"},
        {"pdf_variant": "pdf/a-3u", "headings": "numbered", "lists": True},
    ],
    ids=str,
)
def test_short_runs_give_the_same_document(options, both):
    for seed in range(2):
        (runs, notes), (whole, _) = both(drawn_at_random(seed), **options)
        assert "whole-document" not in notes
        assert_same_words(runs, whole)
        assert told(runs) == told(whole)
        assert text_of(runs) == text_of(whole)


def test_what_is_drawn_translucent_or_as_a_picture_is_drawn_so_on_each_page(both, tmp_path):
    """Groups, gradients and images are named by their number: those of runs and of painted rows by further ones."""
    css = (
        "h1, .element h2 { opacity: 0.5; background: linear-gradient(90deg, #fc0, #0cf) }"
        "td:nth-child(2) { opacity: 0.6 } .paragraph p { opacity: 0.4; background: linear-gradient(#eee, #fcc) }"
    )
    (tmp_path / "a.css").write_text(css)
    report = drawn_at_random(3)
    report = report.replace(elements=[*report.elements, Table(columns=["A", "B"], rows=[(n, "x") for n in range(150)])])
    (runs, _), (whole, _) = both(report, theme=str(tmp_path))
    assert assert_look_alike(runs, whole) > 5


def test_a_pdf_of_runs_is_tagged_as_its_standard_asks(both):
    (runs, _), _ = both(drawn_at_random(4))
    assert problems(runs) == []


@pytest.mark.parametrize(
    "css",
    [
        ".element:nth-child(3n) h2 { color: red }",
        "main > section:nth-of-type(odd) { background: #eee }",
        ".table ~ .paragraph { color: blue }",
        "@page :nth(3) { margin-left: 60mm }",
        ".element h2 { counter-increment: part } .element h2::before { content: counter(part) }",
        ".paragraph h2 { string-set: note content() } @page { @top-center { content: string(note) } }",
        "p:first-child { position: fixed; bottom: 0 }",
        "section:first-of-type { background: #eee }",
        ".element:not(:nth-child(3n)) h2 { color: red }",
        ".element { &:nth-child(3n) h2 { color: red } }",
        "main > h2.section { Counter-Increment: part } h2.section::before { content: counter(part) }",
        ".contents + main h2 { padding-left: 20mm }",
    ],
)
def test_what_needs_the_whole_document_is_laid_out_at_once_and_told(css, both, tmp_path):
    (tmp_path / "a.css").write_text(css)
    (runs, notes), (whole, _) = both(drawn_at_random(5, 14), theme=str(tmp_path))
    assert notes.count("whole-document") == 1
    assert_same_words(runs, whole)


@pytest.mark.parametrize(
    "css",
    [
        "h2.section { counter-increment: part } h2.section::before { content: counter(part) '. ' }",
        "h2.section { string-set: part content() } @page { @top-center { content: string(part) } }",
        "tbody tr:nth-child(3n) { background: #eee } .frame td:nth-child(2) { color: red }",
        ".element + .paragraph { margin-top: 3em } .section { break-before: page }",
        "@page { @bottom-right { content: counter(page) ' of ' counter(pages) } }",
        "@page :left { margin-left: 40mm } @page :first { margin-top: 60mm }",
        "section:first-child { background: #eee } .element:last-child { color: red }",
        ".element { padding-top: 2em; border-top: 1pt solid } .paragraph p { break-inside: avoid }",
    ],
)
def test_what_runs_know_of_the_pages_before_is_the_same(css, both, tmp_path):
    (tmp_path / "a.css").write_text(css)
    (runs, notes), (whole, _) = both(drawn_at_random(6), theme=str(tmp_path))
    assert "whole-document" not in notes
    assert_same_words(runs, whole)
    assert assert_look_alike(runs, whole) > 5


def test_selectors_are_told_apart_by_what_they_can_mean():
    tags = {("section", frozenset({"element", "table"})), ("h2", frozenset({"element", "section"}))}
    for css in (
        ".contents li:nth-child(2) { a: b }",
        ".cover ~ .masthead { a: b }",
        "@media screen { .element:nth-child(2) { a: b } }",
        ".revisions :is(th, td):nth-child(2) { a: b }",
    ):
        check_runs(css, None, tags)
    for css in (
        "* ~ .table { a: b }",
        "@media print { .element:nth-last-child(1) { a: b } }",
        "a { content: target-text(attr(href)) }",
        ":nth-child(2) { a: b }",
    ):
        with pytest.raises(UnknownStyleError):
            check_runs(css, None, tags)


def test_rows_of_images_end_before_what_follows_them(both):
    """Sections after images are counted, and a further run starts after images."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><circle r="90" fill="#07c"/></svg>'
    image = Image(drawing.encode(), caption="A circle", alt="A circle")
    notes = [Paragraph(caption=f"Note {number}", text="weld " * 90) for number in range(16)]
    elements = [notes[0], image, image, image, Section(caption="A"), *notes, image, Section(caption="B"), *notes]
    (runs, said), (whole, _) = both(Report(elements=elements), theme="formal")
    assert "whole-document" not in said
    assert_same_words(runs, whole)
    assert told(runs) == told(whole)


def test_headings_of_sections_within_other_elements_need_the_whole_document(both, tmp_path):
    (tmp_path / "elements").mkdir()
    template = '<header class="part" id="{{ id }}"><h2 class="section">{{ element.caption }}</h2></header>'
    (tmp_path / "elements" / "section.html.j2").write_text(template)
    (runs, notes), (whole, _) = both(drawn_at_random(0), theme=str(tmp_path))
    assert "whole-document" in notes
    assert_same_words(runs, whole)


def test_progress_never_passes_all_rows_where_a_document_is_laid_out_again(both, tmp_path):
    (tmp_path / "a.css").write_text(".paragraph h2 { position: fixed; bottom: 0 }")
    seen = []
    both(drawn_at_random(7), theme=str(tmp_path), progress=seen.append)
    assert [each for each in seen if each.phase]
    assert all(each.phase_rows <= each.rows for each in seen if each.phase)
