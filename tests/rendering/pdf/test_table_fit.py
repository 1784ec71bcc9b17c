"""What does not fit side by side is never cut off."""

import io
import random

import pikepdf
import pypdf
import pytest

import icreport
from icreport import Paragraph, Report, Section, Table
from icreport.rendering.page.columns import Look
from icreport.rendering.page.table_fit import (
    Room,
    asks_widths,
    column_groups,
    fit_of,
    kept_together,
    part_of_width,
    with_shares,
)
from rendering.pdf.pdf_text import is_painted
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
    Table(caption="Wide in the end", columns=["Tag", "N"], rows=[("T", 1)] * 150 + [("W" * 40, 10**60)]),
    Table(caption="Painted", columns=list("ABCDEFGH"), rows=[(1, "2024-01-01", *"cdefgh")] * 150 + [("W" * 30,) * 8]),
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


def look_of(values, kind="text", head=5.0):
    lines = ((head,), *[(float(len(value)),) for value in values])
    longest = max(map(len, values))
    return Look(kind, longest, max(len(word) for value in values for word in value.split()), longest, lines=lines)


def test_what_is_left_of_the_width_goes_to_the_text():
    shares = [look.share for look in with_shares([Look("code", 7, 7), Look("text", 20, 8)], ROOMS[0])]
    assert shares[0] < 12


def test_of_two_texts_the_longer_one_has_more_of_the_width():
    found = with_shares([look_of(["tube and leg and " * 2] * 9), look_of(["pitting of legs " * 20] * 9)], ROOMS[0])
    assert found[1].share > 2 * found[0].share
    assert found[0].share > 5


def test_a_register_of_long_texts_is_in_small_type_where_that_saves_pages():
    found = [Look("code", 9, 9, 9, lines=((4.0,),) * 5), look_of(["pitting of legs " * 40] * 4)]
    rooms = [Room("", 60, 2, 45), Room("wide", 90, 2, 30), Room("wide small", 130, 1, 42)]
    lined = [Look("code", 9, 9, 9, lines=((4.0,),) * 5)] * 3
    assert fit_of([*found, *lined], rooms, 3).fit == "wide"
    assert fit_of([*found, *lined], rooms, 200).fit == "wide small"


def test_rows_stay_together_where_a_page_has_room_for_them():
    short = with_shares([look_of(["Pass"] * 8), look_of(["a few words"] * 8)], ROOMS[0])
    assert [kept_together(short, ROOMS[0], rows) for rows in (1, 2, 8, 9, 300)] == [
        "",
        "short",
        "short",
        "rows",
        "rows",
    ]
    high = with_shares([look_of(["Pass"] * 8), look_of(["a few words " * 200] * 8)], ROOMS[0])
    assert kept_together(high, ROOMS[0], 8) == ""


def rows_by_page(rows, lines=40, **options):
    before = Paragraph(data={"text": "\n".join(f"line {number}" for number in range(lines))})
    table = Table(caption="T", columns=["Row", "B"], rows=rows)
    data = icreport.render(Report(elements=[before, Section(caption="P"), table]), "pdf", **options)
    return [sum(text.startswith("row-") for *_, text in words) for _, words in words_of(data)]


def test_a_short_table_is_on_one_page():
    assert [count for count in rows_by_page([(f"row-{number}", "x") for number in range(8)]) if count] == [8]


def test_no_row_of_a_table_is_alone_on_its_page():
    for count in range(40, 50):
        assert 1 not in rows_by_page([(f"row-{number}", "x") for number in range(count)])


def test_the_last_row_of_a_large_table_is_not_alone_on_its_page():
    first, most, *_ = (count for count in rows_by_page([(f"row-{number}", "x") for number in range(330)]) if count)
    rows = [(f"row-{number}", "x") for number in range(first + 1 + (1 + 300 // most) * most)]
    for painter in ("auto", "off"):
        *_, before, last = rows_by_page(rows, painter=painter)
        assert (before, last) == (most - 1, 2)


def test_the_first_row_of_a_large_table_is_not_alone_on_its_page():
    rows = [(f"row-{number}", "x") for number in range(330)]
    found = {lines: rows_by_page(rows, lines) for lines in range(34, 42)}
    starts = {lines: next(filter(None, counts)) for lines, counts in found.items()}
    # Where two rows have no room, the table starts on the next page, its heading and that of its section with it.
    assert 2 in starts.values()
    moved = next(lines for lines, start in starts.items() if starts.get(lines - 1) == 2 != start)
    assert rows_by_page(rows, moved, painter="off") == found[moved]
    assert found[moved][0] == 0
    assert sum(found[moved]) == 330


@pytest.mark.parametrize("rows", [220, 1500])
def test_values_that_come_late_have_their_width(rows):
    late = [("AN-1", None, None)] * rows + [("AN-1", 1234567890.12345, "Awaiting approval by the client " * 3)] * 8
    data = pdf_of(Table(caption="T", columns=["No.", "E", "Remarks"], rows=late))
    text = [word[-1] for _, words in words_of(data) for word in words]
    assert text.count("1234567890.12345") == 8
    assert text.count("Awaiting") == 24
    assert runs_over(data) == []


REMARK = ["general", "corrosion", "of", "the", "riser", "clamp", "found", "during", "close", "visual"]
REMARK += ["inspection", "see", "photo", "no", "further", "action"]


def register(rows):
    chance = random.Random(7)

    def record(number):
        size = round(-chance.uniform(1, 110), 1)
        names = [chance.choice(["Jacket leg", "Conductor guide", "Riser"]), "2026-03-14", "GVI", size, "Major", "Open"]
        remarks = [
            " ".join(chance.choices(REMARK, k=chance.randint(least, most))) for least, most in ((20, 55), (6, 20))
        ]
        return (number, f"AN-{number:05}", f"JKT-B{number % 4}-N{number % 99:02}", *names, *remarks, "Zoë Ångström")

    heads = (
        "No.|Anomaly|Component|Component type|Date|Method|Elevation (m)|Severity|Status|Description|Action|Inspector"
    )
    return Table(columns=heads.split("|"), rows=[record(number) for number in range(1, rows + 1)])


@pytest.mark.parametrize(("theme", "pages"), [("house", 10), ("compact", 10), ("formal", 11)])
def test_a_register_of_twelve_columns_with_long_remarks_takes_few_pages(theme, pages):
    data = icreport.render(Report(name="R", elements=[register(137)]), "pdf", theme=theme)
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) <= pages


def lefts_of(data, heads):
    """Give where the words of a table's header start on the last page, in points."""
    *_, (_, words) = words_of(data)
    return [next(left for left, *_, text in words if text == head) for head in heads]


@pytest.mark.parametrize("rows", [5, 180])
@pytest.mark.parametrize(
    "css", ["col[data-column=B] { width: 60% } col:first-child { width: 30mm }", "th:nth-child(2) { width: 60% }"]
)
def test_widths_that_a_theme_asks_for_are_followed_and_the_rest_is_divided(tmp_path, css, rows):
    (tmp_path / "theme.toml").touch()
    (tmp_path / "theme.css").write_text(css)
    table = Table(columns=["A", "B", "C", "D"], rows=[(f"a{n}", "b", "text of some words", "d") for n in range(rows)])
    data = pdf_of(table, theme=str(tmp_path))
    assert is_painted(data) == (rows > 100)
    left = lefts_of(data, "ABCD")
    assert left[2] - left[1] == pytest.approx(0.6 * 180 * MM, abs=0.5)
    assert left[3] - left[2] > 30
    if "30mm" in css:
        assert left[1] - left[0] == pytest.approx(30 * MM, abs=0.5)
    assert not runs_over(data)


@pytest.mark.parametrize(
    ("css", "asks"),
    [
        ("@media print { td, col.x { color: red; WIDTH : 3em } }", True),
        ("th:last-child { width: 10% }", True),
        ("th { border-width: 1px; min-width: 2em } thead { width: 1px } table { width: 50% }", False),
    ],
)
def test_only_style_sheets_with_widths_for_columns_have_tables_measured(css, asks):
    assert asks_widths(css) is asks


def test_widths_of_a_theme_that_are_more_than_the_page_has_stay_on_it(tmp_path):
    (tmp_path / "theme.toml").touch()
    (tmp_path / "theme.css").write_text("col { width: 80mm }")
    data = pdf_of(Table(columns=["A", "B", "C", "D"], rows=[("a", "b", "c", "d")]), theme=str(tmp_path))
    left = lefts_of(data, "ABCD")
    assert left[3] - left[2] == pytest.approx(45 * MM, abs=0.5)


@pytest.mark.parametrize("locale", ["ar", "hy", "my"])
def test_times_of_scripts_with_letters_of_many_widths_stay_on_one_line(locale):
    text = "Minor pitting seen on the lower side of the member " * 4
    rows = [(f"2026-{1 + n % 12:02d}-{10 + n % 18}T{7 + n % 12:02d}:{10 + n % 50}:30", text) for n in range(48)]
    made = icreport.render(Report(elements=[Table(columns=["When", "Text"], rows=rows)]), "pdf", locale=locale)
    parts = [(top, word) for _, words in words_of(made) for _, top, _, _, word in words]
    dates = [top for top, word in parts if "2026" in word]
    times = [top for top, word in parts if ":" in word or word in {"ص", "م"}]
    assert len(times) >= len(rows)
    assert [top for top in times if not any(abs(top - other) < 3 for other in dates)] == []
