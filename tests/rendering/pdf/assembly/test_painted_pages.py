import io
import subprocess

import pikepdf
import pytest
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from icreport.rendering.pdf.assembly.merge import join
from icreport.rendering.pdf.painter.style_checks import UnknownStyleError
from rendering.pdf.painter.houses import LOOKS, House
from rendering.pdf.pictures import assert_look_alike, text_of

AFTER = "<h2>Afterwards</h2><p>What follows the table.</p>"
WORDS = ["Riser", "corrosion", "pitting", "(thickness)", "3.5", "mm;", "see", "A-B/12", "office", "of", "Alpha"]


def make_rows(count, columns):
    rows = [
        tuple(" ".join(WORDS[(i * 7 + c * 3 + k) % len(WORDS)] for k in range((i * c) % 9)) for c in range(columns))
        for i in range(count)
    ]
    for i in range(2, count, 3):
        rows[i] = ("مرحبا بالعالم" if i % 2 else "中文名称", *rows[i][1:])
    return rows


def painted_alone(house, count, **options):
    config = FontConfiguration()
    table = house.painted(make_rows(count, house.columns), config, tagged=options.get("pdf_variant") == "pdf/ua-1")
    return join(lambda css: house.render(house.html(table.placeholder.rows(), AFTER, css), config), [table], **options)


def documents(house, count, **options):
    rows = make_rows(count, house.columns)
    plain = HTML(string=house.html(house.rows(rows), AFTER)).write_pdf(**options)
    return painted_alone(house, count, **options), plain


@pytest.mark.parametrize(("look", "paper"), [*zip(sorted(LOOKS), ["A4", "letter landscape"] * 2, strict=True)])
def test_painted_pages_cannot_be_told_from_those_of_weasyprint(look, paper):
    painted, plain = documents(House(look=look, paper=paper), 150)
    assert assert_look_alike(painted, plain) > 3
    assert text_of(painted) == text_of(plain)


FIXED = "body::before { content: 'DRAFT'; position: fixed; top: 60mm; left: 20mm; font-size: 70pt; %s }"
STRIPED = "tbody tr { background: #cde !important } "


MARK = FIXED % "color: #0003; transform: rotate(-35deg); z-index: 9"
BELOW = FIXED % "color: #c00; z-index: -1"
LAYERS = {
    "mark": MARK,
    "auto": FIXED % "color: #c00",
    "below": BELOW,
    "in a positioned body": "body { position: relative } h1 { position: relative; top: 30mm; background: #fc0 }",
    "in a body of its own": (
        "body { position: relative; z-index: 1 } h1 { position: relative; top: 30mm; background: #fc0; z-index: -1 }"
    ),
    "translucent": FIXED % "color: #c00; background: #ff0; opacity: 0.5",
    "absolute": "h1 { position: absolute; top: 40mm; left: 30mm; margin: 0; background: #fc0; height: 90mm }",
    "relative": "h1 { position: relative; top: 30mm; background: #fc0 } h2 { position: relative; top: -30mm }",
}
# As documents are, and without tags where the text lies above and below.
TAGGED = [(css, {"pdf_variant": "pdf/ua-1"}) for css in LAYERS.values()]


@pytest.mark.parametrize(
    ("css", "variant"), [*TAGGED, (MARK, {}), (BELOW, {})], ids=[*LAYERS, "mark, not tagged", "below, not tagged"]
)
def test_what_lies_above_or_below_rows_does_so_where_they_are_painted(css, variant):
    painted, plain = documents(House(css=STRIPED + css), 120, **variant)
    assert assert_look_alike(painted, plain) > 3


@pytest.mark.parametrize(
    ("css", "why"),
    [
        (FIXED % "" + "body::after { content: counter(page); position: fixed; top: 0 }", "outside the margins"),
        ("body { opacity: 0.5 }", "translucent"),
    ],
)
def test_what_would_look_different_is_not_painted(css, why):
    with pytest.raises(UnknownStyleError, match=why):
        painted_alone(House(css=css), 120)


@pytest.mark.parametrize("variant", [{}, {"pdf_variant": "pdf/ua-1"}])
def test_qpdf_finds_nothing_wrong(variant, tmp_path):
    painted = painted_alone(House(), 150, **variant)
    path = tmp_path / "painted.pdf"
    path.write_bytes(painted)
    assert subprocess.run(["qpdf", "--check", path], check=False).returncode == 0


def test_the_same_table_gives_the_same_bytes():
    first = painted_alone(House(), 150, pdf_variant="pdf/ua-1")
    second = painted_alone(House(), 150, pdf_variant="pdf/ua-1")
    assert first == second


def test_a_table_that_fits_on_few_pages_is_left_to_weasyprint():
    with pytest.raises(UnknownStyleError, match="fewer than 3 pages"):
        House().painted([("a", "b", "c", "d")] * 20, FontConfiguration())


def test_every_mark_belongs_to_the_cell_that_it_is_in():
    painted = painted_alone(House(), 200, pdf_variant="pdf/ua-1")
    with pikepdf.open(io.BytesIO(painted)) as pdf:
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
        for page in pdf.pages:
            marks, open_marks = [], []
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in ("BDC", "BMC"):
                    open_marks.append(str(operands[0]))
                    if str(operator) == "BDC":
                        marks.append(int(operands[1].MCID))
                elif str(operator) == "EMC":
                    open_marks.pop()
                elif str(operator) in ("TJ", "Tj"):
                    assert open_marks, "text outside of marked content"
            elements = parents[int(page.StructParents)]
            assert sorted(marks) == [at for at, element in enumerate(elements) if element is not None]
            for mark in marks:
                element = elements[mark]
                assert mark in [
                    int(kid) for kid in ([element.K] if not isinstance(element.K, pikepdf.Array) else element.K)
                ]
                assert element.Pg.objgen == page.objgen


def test_one_table_has_all_rows_and_cells_that_name_their_heads():
    house = House()
    painted = painted_alone(house, 200, pdf_variant="pdf/ua-1")
    with pikepdf.open(io.BytesIO(painted)) as pdf:
        tables = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Table"]
        (table,) = tables
        head, body = table.K
        heads = [cell for row in head.K for cell in row.K]
        assert [cell.A.Scope for cell in heads] == ["/Column"] * house.columns
        assert len(body.K) == 200
        for row in body.K:
            assert row.P.objgen == body.objgen
            assert [cell.A.Headers[0] for cell in row.K] == [cell.ID for cell in heads]
            assert all(cell.P.objgen == row.objgen for cell in row.K)
