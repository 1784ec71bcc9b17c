"""A table that is laid out in bands of rows gives the same pages as the whole table."""

import io
from functools import partial

import pikepdf
import pytest
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from icreport.rendering.pdf.assembly.chunked_layout import Frame, lay_out_bands
from icreport.rendering.pdf.assembly.drawn_pages import DrawnBody
from icreport.rendering.pdf.painter.resources import Resources
from icreport.rendering.pdf.painter.style_checks import UnknownStyleError
from rendering.pdf.assembly.joined import join
from rendering.pdf.painter.houses import House
from rendering.pdf.pictures import assert_look_alike, text_of

AFTER = "<h2>Afterwards</h2><p>What follows the table.</p>"
BODY = 40


def make_rows(count, longest=9):
    return [
        tuple(f"{i}.{c} " + "corroded riser " * ((i * 7 + c * 3) % longest) for c in range(3)) for i in range(count)
    ]


class Bands:
    """One table, in bands and whole."""

    def __init__(self, rows, css="", after=AFTER, **house):
        self.house = House(**{"columns": 3, **house})
        self.rows = rows
        self.start, self.end = self.html("<!-- rows -->", after, css).split("<tbody><!-- rows --></tbody>")
        self.config = FontConfiguration()
        self.resources = Resources()
        self.told = 0

    def html(self, rows, after, css):
        return self.house.html(rows, after, css)

    def write(self, rows):
        return f"<tbody>{self.house.rows(rows)}</tbody>"

    def lay_out(self, page, css=""):
        return self.house.render(page.replace("</head>", f"<style>{css}</style></head>"), self.config)

    def table(self, rows=50, *, tagged=False):
        frame = Frame("t1", 3, self.start, self.start, self.end, self.write, BODY, rows)
        batches = [self.rows[at : at + 70] for at in range(0, len(self.rows), 70)]
        draw = partial(DrawnBody, resources=self.resources, tagged=tagged)
        return lay_out_bands(frame, batches, len(self.rows), self.lay_out, draw, self.tell)

    def tell(self, rows):
        self.told += rows

    def banded(self, **options):
        table = self.table(tagged="pdf_variant" in options)
        page = f"{self.start}<tbody>{table.placeholder.rows()}</tbody>{self.end}"
        return join(lambda css: self.lay_out(page, css), [table], self.resources, **options)

    def whole(self, **options):
        bodies = "".join(self.write(self.rows[at : at + BODY]) for at in range(0, len(self.rows), BODY))
        return HTML(string=self.start + bodies + self.end).write_pdf(**options)


@pytest.mark.parametrize(
    ("look", "css"),
    [
        ("lines", ""),
        ("lines", "tbody tr:nth-child(3n) td { background: #dde; border-bottom: 2px solid red }"),
        ("apart", "td { height: 30px; text-align: justify; text-decoration: underline }"),
        ("lines", "tr { break-inside: auto } td { font-size: 14pt }"),
        ("apart", "@page :left { margin-top: 50mm } table { background: #fee; border: 3px solid }"),
        ("grid", "table { direction: rtl }"),
    ],
)
def test_bands_cannot_be_told_from_the_whole_table(look, css):
    bands = Bands(make_rows(90), css, look=look)
    banded, whole = bands.banded(), bands.whole()
    assert bands.told == 90
    assert assert_look_alike(banded, whole) > 4
    assert text_of(banded) == text_of(whole)


def test_rows_that_fill_no_page_of_a_band_wait_for_a_larger_one():
    bands = Bands([("word " * 700, "b", "c")] * 5, "tr { break-inside: auto }")
    table = bands.table(rows=1)
    assert bands.told == 5
    assert table.placeholder.between > 3


def test_a_banded_document_has_its_outline_and_all_its_text_tagged():
    with pikepdf.open(io.BytesIO(Bands(make_rows(120)).banded(pdf_variant="pdf/ua-1"))) as pdf:
        titles = [entry.title for entry in pdf.open_outline().root]
        marked = [
            instruction
            for page in pdf.pages
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) in ("BDC", "BMC")
        ]
    assert titles == ["Anomalies"]
    assert len(marked) > 360


def test_pages_of_bands_have_no_links_of_margins_which_their_structure_does_not_know():
    bands = Bands(make_rows(90), ".runs { position: running(head) } @page { @top-left { content: element(head) } }")
    bands.start = bands.start.replace("<h1>", "<p class=runs id=runs><a href=https://host/>Home</a></p><h1>")
    between = bands.table().between
    assert len(between) > 2
    assert not any(page.links or "runs" in page.anchors for page in between)


@pytest.mark.parametrize(
    ("css", "rows", "reason"),
    [
        ("table { table-layout: auto }", make_rows(40), "depend on all rows"),
        ("", make_rows(20, longest=1), "fewer than 3 pages"),
        ("tbody tr:nth-child(5) { display: none }", make_rows(90), "not one row"),
    ],
)
def test_what_bands_cannot_show_is_told(css, rows, reason):
    with pytest.raises(UnknownStyleError, match=reason):
        Bands(rows, css).table()
