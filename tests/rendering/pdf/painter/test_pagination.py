import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from weasyprint.formatting_structure.boxes import TextBox
from weasyprint.text.fonts import FontConfiguration

from icreport.rendering.pdf.painter.content_stream import left_of
from icreport.rendering.pdf.painter.pagination import place
from icreport.rendering.pdf.weasyprint_inside.box_tree import body_rows, tables_of
from rendering.pdf.painter.houses import LOOKS, House

WORDS = st.sampled_from(
    [
        "Test",
        "Asset",
        "inspection",
        "12/34",
        "A-B",
        "corrosion",
        "pitting,",
        "wall",
        "(thickness)",
        "3.5",
        "mm;",
        "Riser",
        "中文名称",
        "مرحبا",
        "שלום",
        "(דוח)",
        "≤ -800.",
        "LongIdentifierWithout0End",
    ]
)
TEXTS = st.lists(st.one_of(WORDS, WORDS, WORDS, st.just("\n")), max_size=12).map(" ".join)


@settings(max_examples=8, phases=[Phase.generate])
@given(
    house=st.builds(
        House,
        look=st.sampled_from(sorted(LOOKS)),
        paper=st.sampled_from(["A4", "letter", "A4 landscape", "letter landscape"]),
        size=st.sampled_from(["9pt", "7.3pt", "11px"]),
        font=st.sampled_from(["'DejaVu Sans'", "'DejaVu Serif'"]),
        columns=st.sampled_from([3, 4, 6]),
        dir=st.sampled_from(["ltr", "rtl"]),
    ),
    sample=st.lists(st.lists(TEXTS, min_size=6, max_size=6), min_size=10, max_size=20),
)
def test_rows_stand_where_weasyprint_puts_them(house, sample):
    # Where line ends are but blanks, lines of several directions are no paragraphs, which nobody has.
    keeps_lines = [kind != "num" and "pre-line" in LOOKS[house.look] for kind in house.kinds]
    rows = [
        tuple(
            text if keeps or (text.isascii() and house.dir == "ltr") else text.replace("\n", " ").rstrip()
            for text, keeps in zip(row, keeps_lines, strict=False)
        )
        for row in sample
    ] * 5
    config = FontConfiguration()
    _, model = house.model(rows, config)
    pages = list(place(model, ((row, house.kinds, None) for row in rows)))
    plain = tables_of(house.render(house.html(house.rows(rows)), config), "t1")
    assert [len(page.rows) for page in pages] == [len(list(body_rows(part))) for _, part in plain]
    for page, (_, part) in zip(pages, plain, strict=True):
        for row, box in zip(page.rows, body_rows(part), strict=True):
            assert (row.top, row.height) == pytest.approx((box.position_y, box.height), abs=1e-3)
            for cell, cell_box in zip(row.cells, box.children, strict=True):
                lines = [line for line in cell_box.children if line.height]
                assert [line.width for line in cell.lines] == pytest.approx(
                    [sum(text.width for text in line.children) for line in lines], abs=1e-3
                )
                places = [row.top + cell.top + line.baseline for line in cell.lines]
                texts = [[box for box in line.descendants() if isinstance(box, TextBox)] for line in lines]
                for place_, shown in zip(places, texts, strict=True):
                    if shown:
                        assert place_ == pytest.approx(shown[0].position_y + shown[0].baseline, abs=1e-3)
                lefts = [shown[0].position_x for shown in texts if shown]
                assert [left_of(cell.model, line) for line in cell.lines if line.operators] == pytest.approx(
                    lefts, abs=1e-3
                )


def test_a_row_higher_than_a_page_goes_on_without_losing_a_line():
    house = House(columns=3)
    rows = [("a", "b", "c")] * 60
    rows[30] = ("a", "1", " ".join(f"word{i}" for i in range(700)))
    _, model = house.model(rows)
    pages = list(place(model, ((row, house.kinds, None) for row in rows)))
    pieces = [row for page in pages for row in page.rows if row.number == 30]
    assert len(pieces) > 2
    whole = model.cell(2, house.kinds[2], 0).layout.lay_out(rows[30][2]).lines
    assert [line.operators for piece in pieces for line in piece.cells[2].lines] == [line.operators for line in whole]
    for page in pages:
        for row in page.rows:
            assert row.top + row.height <= page.area.bottom + 1e-6
