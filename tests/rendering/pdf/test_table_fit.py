"""What does not fit side by side is never cut off."""

import io

import pikepdf
import pytest

import icreport
from icreport.model.elements import Table
from icreport.model.report import Report
from icreport.rendering.page.columns import Look
from icreport.rendering.pdf.table_fit import Room, column_groups, fit_of, part_of_width, with_shares
from rendering.pdf.pictures import runs_over, words_of

CHINESE = "检查管道腐蚀设备编号压力等级备注状态日期位置"
MM = 72 / 25.4


def pdf_of(*tables, **options):
    return icreport.render(Report(elements=list(tables)), "pdf", **options)


TABLES = [
    Table(
        caption="Chinese",
        columns=[f"列{n}标题" for n in range(10)],
        rows=[tuple((CHINESE * 2)[row : row + 4 + (row * n) % 14] for n in range(10)) for row in range(9)],
    ),
    Table(
        caption="Digits",
        columns=["Tag", "Number", "At", "Code", "Remark"],
        rows=[("T", int("9" * 27), "2024-03-01T10:00:00", "WMWMWMWMWMWMWMWM", "corroded " * 40)] * 3,
    ),
    Table(caption="Wide in the end", columns=["Tag", "N"], rows=[("T", 1)] * 250 + [("W" * 40, 10**60)]),
    Table(caption="Painted", columns=list("ABCDEFGH"), rows=[(1, "2024-01-01", *"cdefgh")] * 350 + [("W" * 30,) * 8]),
    Table(caption="Without heads", columns=[], rows=[("Label", *range(100_000, 100_040))] * 3),
]
THEMES = {
    "house": ("", ""),
    "A5": ('[page]\nsize = "A5"\nmargin = "25mm"', ""),
    "large type": (
        '[page]\nsize = "letter"',
        "table { font-size: 14pt !important } td { padding: 4pt 10pt !important }",
    ),
    "huge type": ("", "td { font-size: 40pt !important; padding: 0 !important }"),
}


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_runs_over_its_neighbour_or_leaves_the_page(tmp_path, theme):
    toml, css = THEMES[theme]
    (tmp_path / "theme.toml").write_text(toml)
    (tmp_path / "theme.css").write_text(css)
    data = pdf_of(*TABLES, theme=str(tmp_path))
    assert runs_over(data) == []
    text = "".join(word[-1] for _, words in words_of(data) for word in words)
    assert "9" * 27 in text or text.count("9") >= 3 * 27


def of_width(columns, width):
    return Table(caption="T", columns=["H"] * columns, rows=[("x" * width,) * columns])


@pytest.mark.parametrize(
    ("columns", "width", "size", "page"),
    [
        (4, 20, (210, 297), ""),
        (6, 20, (297, 210), ""),
        (8, 18, (297, 210), ""),
        (14, 20, (297, 210), ""),
        (14, 20, (420, 297), 'largest = "A3"'),
    ],
)
def test_the_ladder_from_the_themes_page_to_larger_paper(tmp_path, columns, width, size, page):
    (tmp_path / "theme.toml").write_text(f"[page]\n{page}")
    result = io.BytesIO()
    icreport.write(Report(elements=[of_width(columns, width)]), result, "pdf", theme=str(tmp_path))
    with pikepdf.open(result) as pdf:
        assert [round(float(length) / MM) for length in pdf.pages[-1].mediabox[2:]] == list(size)


ROOMS = [Room("", 100, 2), Room("wide", 150, 2), Room("wide small", 200, 1)]


def looks(*widths, kind="code"):
    return [Look(kind, width, width) for width in widths]


def test_the_first_kind_of_page_that_has_room_is_taken():
    assert [fit_of(looks(*[18] * count), ROOMS).fit for count in (5, 6, 7, 8, 30)] == [
        "",
        "wide",
        "wide",
        "wide small",
        "wide small",
    ]


def test_columns_that_do_not_fit_are_in_further_sets_with_the_key_before_them():
    groups = column_groups(looks(*[18] * 25), ROOMS[2])
    assert groups == [[*range(10)], [0, *range(10, 19)], [0, *range(19, 25)]]
    assert part_of_width(looks(*[18] * 7), ROOMS[2]) < 0.85
    assert part_of_width(looks(*[18] * 10), ROOMS[2]) == 1


def test_a_key_that_would_fill_the_page_is_not_repeated():
    assert column_groups(looks(60, 20, 20, 20), Room("", 60, 2)) == [[0, 1], [2, 3]]


def test_texts_are_narrow_before_columns_are_divided():
    assert column_groups(looks(*[90] * 9, kind="text"), ROOMS[2]) == [[*range(9)]]
    assert len(column_groups(looks(*[90] * 11, kind="text"), ROOMS[2])) == 2


def test_numbers_have_what_they_need_and_text_gives_way():
    found = with_shares([Look("number", 27, 27), Look("text", 900, 10), Look("date", 20, 20)], ROOMS[0])
    assert sum(look.share for look in found) == pytest.approx(100, abs=0.01)
    assert found[0].share >= 29
    assert found[1].share > 40
    assert found[2].share >= 22


def test_where_not_even_the_least_fits_each_has_its_part():
    assert [look.share for look in with_shares(looks(28, 28, 28, 28), Room("", 10, 2))] == [25] * 4
