import csv
import datetime
import html
import io
import json
import os
import re
import shutil
import subprocess
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

import icreport
from documents import documents, serialise
from icreport.errors import LossError, OptionError, RenderError
from icreport.model.elements import Element, Paragraph, Section, Table
from icreport.model.report import Report
from icreport.model.rows import Row
from icreport.values import ExactFloat, exact_float

SAMPLES = Path(__file__).parents[3] / "samples"
VALIDATOR = Path(__file__).parents[3] / ".venv/judges/node_modules/.bin/ooxml-validator"
HOSTILE = [
    "00123", "1E5", "3-4", "=1+1", "=cmd|' /C calc'!A0", "+44 (0)20 7946", "-12.5", "@SUM(A1)", "12345678901234567890",
    "TRUE", "#N/A", "#REF!", "'quoted", '"', "<b>&amp;</b>", "]]>", "_x0041_", "_x000D_", "_x005F_x0041_", " lead",
    "trail ", "  ", "", "a\nb", "\n", "\t", "tab\tbed", "a\r\nb", "１２３", "🙂 e\u0301 שלום", "2026-02-30",
    "1899-12-31", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+01:00", "%s %d {0}",
    "x" * 32_767, "🙂" * 16_383, "null", "None",
    "http://example.invalid/", "mailto:a@b", "\u2028", "\u00a0", "\u0085", "\ufeff",
]  # fmt: skip


def table_of(rows, columns=("A",), caption="T"):
    return Report(name="R", elements=[Table(caption=caption, columns=list(columns), rows=rows)])


def column_of(values):
    return table_of([(value,) for value in values])


def written(report, **options):
    return icreport.render(report, "xlsx", **options)


def opened(data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return openpyxl.load_workbook(io.BytesIO(data))


def cells_of(data, sheet=0, start=3):
    """What openpyxl reads below the title and the heads, unescaped as Excel does (openpyxl leaves that to its user)."""
    rows = opened(data).worksheets[sheet].iter_rows(min_row=start, values_only=True)
    return [[unescape(value) if isinstance(value, str) else value for value in row] for row in rows]


def told(report, **options):
    target = io.BytesIO()
    return {warning.code: warning for warning in icreport.write(report, target, "xlsx", **options).warnings}


def moment_of(*parts):
    return datetime.datetime(*parts)


def tool(name):
    """Find a judge; where the tests have to be complete its absence is a failure."""
    found = shutil.which(str(name))
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return found


def errors_of(*paths):
    """What the Open XML SDK says against workbooks."""
    validator = tool(VALIDATOR)
    found = []
    for path in paths:
        done = subprocess.run([validator, str(path)], capture_output=True, text=True, check=False)
        found += json.loads(done.stdout)["errors"]
    return found


def hostile_report():
    rows = [(text, number, text) for number, text in enumerate(HOSTILE)]
    return Report(
        name='\x01 <R> & "D"',
        elements=[
            Paragraph(caption="=P", data={"text": [{"value": "=1+1"}]}),
            *[
                Table(caption=caption, columns=["=A", "", '_x0041_\n<">'], rows=rows)
                for caption in ("a/b[c]:*?\\", "'x'", "History", "T1", "R1C1", "🙂" * 40, "t1", "\x00", "")
            ],
            Table(caption="none", columns=[], rows=[]),
            Table(caption="heads alone", columns=["a", "A", "a (2)", " ", "", "h" * 300], rows=[]),
            Table(caption="vertical", rows=[("Depth", -12.5), ("=x", None), ("long", "y" * 200)]),
            Table(caption="pivot", columns=["x"], categories=["=c", "d"], rows=[(1,), (True,)]),
            Section(caption="=S"),
        ],
    )


# --- values ---

texts = st.text(max_size=12) | st.sampled_from([text for text in HOSTILE if len(text) < 100])
safe_texts = texts.filter(lambda text: not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text))
numbers = st.integers(-(10**15) + 1, 10**15 - 1) | st.floats(
    allow_nan=False, allow_infinity=False, allow_subnormal=False
)
scalars = st.none() | safe_texts | numbers | st.booleans()
columns_of_values = st.one_of(*[st.lists(kind, min_size=3, max_size=3) for kind in (safe_texts, numbers, scalars)])


def is_as_given(found, value):
    if value is None or value == "":
        return found in {None, ""}
    return found == value and isinstance(found, bool) == isinstance(value, bool)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(columns_of_values, min_size=1, max_size=4))
def test_two_readers_give_back_every_value_with_its_type(columns):
    rows = list(zip(*columns, strict=True))
    data = written(table_of(rows, [f"c{number}" for number in range(len(columns))]))
    seen = cells_of(data)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    calamine = sheet.to_python(skip_empty_area=False)[2:]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                value = re.sub("\r\n?", "\n", value)  # noqa: PLW2901
            if isinstance(value, str) and isinstance(seen[number][column], datetime.datetime):
                assert seen[number][column] == datetime.datetime.fromisoformat(value)
                continue
            assert is_as_given(seen[number][column], value)
            if number < len(calamine) and not (isinstance(value, str) and ("\r" in value or "_x" in value)):
                assert is_as_given(calamine[number][column], value)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text):
    data = written(column_of([text, "other"]))
    cell = opened(data).worksheets[0]["A3"]
    assert unescape(cell.value or "") == text.replace("\r\n", "\n")
    assert cell.data_type in {"s", "inlineStr", "n" if text == "" else "s"}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "text",
    ["00123", "=1+1", "3-4", "1E5", "+44", "12345678901234567890", "MAR-01", "SEP-2", "TRUE", " 123", "１２３", "₹5"],
)  # fmt: skip
@pytest.mark.parametrize("other", ["word", 5, "a & b", "2026-08-14"])
def test_every_text_is_marked_as_text(text, other):
    sheet = opened(written(column_of([text, other, None, "word"]))).worksheets[0]
    assert [sheet[place].quotePrefix for place in ("A3", "A5", "A6")] == [True, False, True]
    assert bool(sheet["A4"].quotePrefix) == (other in {"word", "a & b"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**15, "1000000000000000"),
        (-(10**20), "-100000000000000000000"),
        (ExactFloat("1e400"), "1e400"),
        (ExactFloat("0.12345678901234567890"), "0.12345678901234567890"),
        (5e-324, "5e-324"),
        ({"a": [1, None, ExactFloat("1.10")]}, '{"a":[1,null,1.10]}'),
    ],
)
def test_what_a_number_of_excel_cannot_hold_is_text(value, text):
    assert cells_of(written(column_of([value, 1, 2.5]))) == [[text], [1], [2.5]]


def test_numbers_show_the_zeros_they_came_with():
    values = [ExactFloat("12.10"), 12.34, ExactFloat("-3.000"), 5, ExactFloat("1.50E3"), 1.0, -0.0]
    formats = ["0.00", "General", "0.000", "General", "General", "0.0", "0.0"]
    sheet = opened(written(column_of(values))).worksheets[0]
    assert [(cell.value, cell.number_format) for cell in sheet["A"][2:]] == list(zip(values, formats, strict=True))


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (99_999_999_999, "General"),
        (100_000_000_000, "0"),
        (-123_456_789_012_345, "0"),
        (12345.6789, "General"),
        (12345.678901, "0.000000"),
        (123456789012.5, "0.0"),
        (ExactFloat("0.00001"), "0.00000"),
        (1e-05, "General"),
        (0.1 + 0.2, "General"),
    ],
)
def test_a_number_shows_all_digits_where_excel_alone_would_round_them(value, shape):
    sheet = opened(written(column_of([value]))).worksheets[0]
    assert (sheet["A3"].value, sheet["A3"].number_format) == (value, shape)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False).map(repr), min_size=1), st.data())
def test_whole_columns_of_numbers_are_written_as_one_by_one(literals, data):
    numbers = [exact_float(literal) for literal in literals]
    numbers += [data.draw(st.decimals(-1000, 1000, places=2).map(lambda number: exact_float(str(number))))]
    sheets = [opened(written(column_of([*numbers, None, *more]))).worksheets[0] for more in ([], ["text"])]
    together, alone = ([(cell.value, cell.number_format) for cell in sheet["A"][2:]] for sheet in sheets)
    assert together == alone[:-1]
    for number, (value, shape) in zip(numbers, together, strict=False):
        whole, _, fraction = str(number).lstrip("-").partition(".")
        digits = len((whole + fraction).lstrip("0"))
        if "e" not in whole + fraction and digits <= 15 and isinstance(value, float) and shape == "General":
            assert len(whole + fraction) <= 9
            assert fraction[-1:] != "0"
        elif shape != "General":
            assert shape == "0." + "0" * len(fraction)


def test_minus_zero_keeps_its_sign():
    data = written(column_of([0.0, -0.0, 0.0]))
    assert zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").count(b"<v>-0.0</v>") == 1


@pytest.mark.parametrize(
    ("text", "moment", "shape"),
    [
        ("2026-08-14", moment_of(2026, 8, 14), "yyyy-mm-dd"),
        ("1900-03-01", moment_of(1900, 3, 1), "yyyy-mm-dd"),
        ("9999-12-31", moment_of(9999, 12, 31), "yyyy-mm-dd"),
        ("2026-08-14T06:29", moment_of(2026, 8, 14, 6, 29), 'yyyy-mm-dd"T"hh:mm'),
        ("2026-08-14 23:59:59", moment_of(2026, 8, 14, 23, 59, 59), "yyyy-mm-dd hh:mm:ss"),
        ("2026-08-14T06:29:01.250", moment_of(2026, 8, 14, 6, 29, 1, 250_000), 'yyyy-mm-dd"T"hh:mm:ss.000'),
    ],
)
def test_a_column_of_dates_has_dates_that_show_the_same_text(text, moment, shape):
    sheet = opened(written(column_of([None, text, text]))).worksheets[0]
    assert (sheet["A4"].value, sheet["A4"].number_format) == (moment, shape)


@pytest.mark.parametrize(
    "text",
    ["1900-02-28", "0001-01-01", "2026-08-14T06:29:00Z", "2026-02-30", "2026-08-14T24:00", "20260814", "2026-W01"],
)
def test_what_excel_cannot_hold_as_a_date_stays_text(text):
    assert cells_of(written(column_of([text, text]))) == [[text], [text]]


def test_each_date_is_a_date_whatever_else_is_in_its_column():
    day = moment_of(2026, 8, 14)
    assert cells_of(written(column_of(["2026-08-14", "TBC", ""]))) == [[day], ["TBC"], [""]]
    assert cells_of(written(column_of(["TBC", 5, None, "2026-08-14"]))) == [["TBC"], [5], [None], [day]]
    sheet = opened(written(column_of(["2026-08-14", "2026-08-14T06:29", "2026-08-14T06:29:00.5"]))).worksheets[0]
    assert [(cell.value, cell.number_format) for cell in sheet["A"][2:]] == [
        (day, "yyyy-mm-dd"),
        (moment_of(2026, 8, 14, 6, 29), 'yyyy-mm-dd"T"hh:mm'),
        (moment_of(2026, 8, 14, 6, 29, 0, 500_000), 'yyyy-mm-dd"T"hh:mm:ss.0'),
    ]


@pytest.mark.parametrize("other", [5, "TBC", "2026-08-14T06:29:00.1230000"])
def test_times_as_dotnet_writes_them_are_dates_that_show_milliseconds_and_no_loss(other):
    report = column_of([other, "2026-08-14T06:29:00.1234567"])
    sheet = opened(written(report)).worksheets[0]
    assert sheet["A4"].number_format == 'yyyy-mm-dd"T"hh:mm:ss.000'
    assert sheet["A4"].value == moment_of(2026, 8, 14, 6, 29, 0, 123_000)
    warning = told(report, strict=True)["rounded-time"]
    assert (warning.count, warning.place.row, warning.place.column, warning.loss) == (1, 2, "A", False)


@given(st.datetimes(moment_of(1990, 1, 1), moment_of(2079, 1, 1)))
def test_the_number_of_a_time_is_right_to_the_microsecond(moment):
    data = zipfile.ZipFile(io.BytesIO(written(column_of([moment.isoformat()])))).read("xl/worksheets/sheet1.xml")
    number = float(re.findall(rb"<v>([^<]*)</v>", data)[-1])
    assert moment_of(1899, 12, 30) + datetime.timedelta(days=number) == moment


def test_line_ends_are_line_feeds_and_noted():
    report = column_of(["one\r\ntwo", "a\rb", "x\ny", 5])
    assert cells_of(written(report)) == [["one\ntwo"], ["a\nb"], ["x\ny"], [5]]
    (note,) = icreport.write(report, io.BytesIO(), "xlsx").notes
    assert (note.code, note.count) == ("line-ends", 2)


def test_columns_are_as_wide_as_any_of_their_rows_needs():
    rows = [(1, "a", 0.5, "2026-08-14", "x", "y", True)] * 2500
    rows += [(123_456_789_012, "b" * 40, -12345.678901, "2026-08-14T06:29:00.123", "w " * 100, "m\nn", False)]
    sheet = opened(written(table_of(rows, "ABCDEFG"))).worksheets[0]
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEFG"]
    assert widths[0] >= 12
    assert 40 <= widths[1] <= 45
    assert widths[2] >= 13
    assert widths[3] >= 23
    assert widths[4] == 62.5
    assert [cell.alignment.wrap_text for cell in sheet[2503]] == [None, None, None, None, True, True, None]
    assert sheet.row_dimensions[2503].height > 15


def test_text_that_comes_after_the_sample_of_a_date_column_stays_text():
    found = cells_of(written(column_of(["2026-08-14"] * 1500 + ["soon", "2026-02-30", 7])))
    assert found[1498:] == [[moment_of(2026, 8, 14)]] * 2 + [["soon"], ["2026-02-30"], [7]]


# --- limits ---


def test_a_text_over_the_limit_is_cut_and_listed_with_its_rest():
    long = "🙂a" * 30_000
    report = column_of(["short", long])
    book = opened(written(report))
    kept = book.worksheets[0]["A4"].value
    assert len(kept.encode("utf-16-le")) // 2 in {32_766, 32_767}
    rows = list(book["Cut texts"].iter_rows(min_row=2, values_only=True))
    assert [row[:4] for row in rows] == [("T", "A4", 90_000, 2), ("T", "A4", 90_000, 3)]
    assert kept + "".join(row[4] for row in rows) == long
    assert told(report)["cut-text"].count == 1
    with pytest.raises(LossError):
        icreport.render(report, "xlsx", strict=True)


def test_a_cell_with_the_start_of_a_text_has_a_comment_that_says_so(tmp_path):
    linked = [Row((text,), source_key=number) for number, text in enumerate(["x" * 40_000, "short", "y" * 32_768])]
    report = Report(elements=[Table(caption="T", columns=["A"], rows=linked), Paragraph(data={"text": ["z" * 40_000]})])
    icreport.write(report, tmp_path / "a.xlsx", link="https://ic.invalid/{sourceKey}")
    book = opened((tmp_path / "a.xlsx").read_bytes())
    comments = {cell.coordinate: cell.comment.text for row in book["T"].iter_rows() for cell in row if cell.comment}
    assert comments.keys() == {"A3", "A5"}
    assert "40,000 characters" in comments["A3"]
    assert "32,768 characters" in comments["A5"]
    assert "40,000 characters" in book["Text"]["A4"].comment.text
    assert errors_of(tmp_path / "a.xlsx") == []


def test_thousands_of_cut_texts_have_no_comment_each():
    sheet = opened(written(column_of(["x" * 32_768] * 1_010))).worksheets[0]
    assert sum(cell.comment is not None for cell in sheet["A"]) == 1_000


def test_characters_that_xml_cannot_hold_are_replaced_and_counted():
    report = column_of(["a\x00b\x1f", "\x0b", "\ufffe", "fine"])
    assert cells_of(written(report)) == [["a\ufffdb\ufffd"], ["\ufffd"], ["\ufffd"], ["fine"]]
    assert told(report)["replaced-characters"].count == 4


def test_rows_beyond_a_sheet_go_on_to_a_further_one_with_its_heads():
    rows = [Row((number,)) for number in range(1_048_580)]
    data = written(
        Report(
            elements=[
                Table.model_construct(caption="T", data=table_of([]).tables[0].data.model_copy(update={"rows": rows}))
            ]
        )
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["T", "T (2)"]
    first, second = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert len(first) == 1_048_576
    assert second[:2] == [["T"], ["A"]]
    assert [row[0] for row in first[2:] + second[2:]] == list(range(1_048_580))


def test_more_columns_than_a_sheet_has_are_an_error():
    with pytest.raises(RenderError, match="16,385 columns"):
        written(table_of([tuple(range(16_385))], map(str, range(16_385))))
    widest = opened(written(table_of([tuple(range(16_384))], map(str, range(16_384)))))
    assert widest.worksheets[0]["XFD3"].value == 16_383


# --- around the values ---


def test_a_table_is_an_excel_table_with_its_heads_frozen_and_printed_on_each_page():
    sheet = opened(written(table_of([(1, "x"), (2, "y")], ["No.", "Remark"], "Anomaly register"))).worksheets[0]
    (table,) = sheet.tables.values()
    assert (table.displayName, table.ref, table.autoFilter.ref) == ("Anomaly_register", "A2:B4", "A2:B4")
    assert [column.name for column in table.tableColumns] == ["No.", "Remark"]
    assert (sheet.title, sheet["A1"].value, sheet.freeze_panes) == ("Anomaly register", "Anomaly register", "A3")
    assert (sheet.print_title_rows, sheet.page_setup.fitToHeight) == ("$2:$2", 0)
    assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == ("&A", "&P / &N")
    assert sheet.HeaderFooter.scaleWithDoc is False


def test_a_table_without_caption_starts_with_its_heads():
    sheet = opened(written(Report(elements=[Table(columns=["A"], rows=[(1,)])]))).worksheets[0]
    assert (sheet.title, sheet["A1"].value, sheet["A2"].value) == ("Table", "A", 1)


def test_names_of_sheets_are_legal_and_different():
    captions = ["a/b[c]:*?\\", "'x'", "History", "history", "T" * 40, "t" * 40, "🙂" * 40, "\x00", "", "Contents"]
    report = Report(elements=[Table(caption=caption, columns=["A"], rows=[(1,)]) for caption in captions])
    names = opened(written(report)).sheetnames
    assert len({name.casefold() for name in names}) == len(names) == len(captions) + 1
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$|^history$", name, re.IGNORECASE)


def test_a_name_that_a_later_sheet_wants_is_not_given_to_one_before():
    captions = ["Depth", "depth", "Depth (2)", "Depth_2", "Contents", "Cut texts"]
    tables = [Table(caption=caption, columns=["A"], rows=[("x" * 32_768,)]) for caption in captions]
    book = opened(written(Report(elements=tables)))
    names = ["Depth", "depth (3)", "Depth (2)", "Depth_2", "Contents", "Cut texts"]
    assert book.sheetnames == ["Contents (2)", *names, "Cut texts (2)"]
    assert [next(iter(book[name].tables)) for name in names[:4]] == ["Depth", "depth_3", "Depth_2_2", "Depth_2"]
    links = [cell.hyperlink.location for cell in book["Contents (2)"]["A"] if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in names]
    assert [row[0] for row in book["Cut texts (2)"].iter_rows(min_row=2, values_only=True)] == names


def test_columns_that_are_called_otherwise_are_named_in_a_note():
    report = table_of([(1,) * 6], ["Depth", "Depth", "Depth (2)", "", "", " "])
    (note,) = icreport.write(report, io.BytesIO(), "xlsx").notes
    assert (note.code, note.count, note.place.caption) == ("changed-heads", 1, "T")
    assert note.message.endswith("'Depth' is 'Depth (3)'")
    assert not told(report)


def test_heads_of_an_excel_table_are_made_different():
    sheet = opened(written(table_of([(1,) * 6], ["a", "A", "", "", "a (2)", "h" * 300]))).worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    assert heads == ["a", "A (3)", " ", "  ", "a (2)", "h" * 255]
    assert [column.name for column in next(iter(sheet.tables.values())).tableColumns] == heads


def test_heads_are_the_same_in_the_table_and_in_its_cells_as_excel_reads_them():
    heads = ["_x0041_", "A", "a\nb", "a\r\nb", "\t", " lead", "_x005F_x0041_", '<&>"']
    members = zipfile.ZipFile(io.BytesIO(written(table_of([(1,) * 8], heads))))
    columns = [found[1] for found in re.finditer(r'<tableColumn [^>]*name="([^"]*)"', read(members, "tables/table1"))]
    cells = [found[1] for found in re.finditer(r"<t[^>]*>([^<]*)</t>", read(members, "worksheets/sheet1"))][1:]
    assert [once_unescaped(name) for name in columns] == [once_unescaped(cell) for cell in cells]
    assert [once_unescaped(cell) for cell in cells] == [*heads[:3], "a\nb (2)", *heads[4:]]


def read(members, part):
    return members.read(f"xl/{part}.xml").decode()


def once_unescaped(text):
    """Read ST_Xstring as ECMA-376 says: one pass, so that an escaped escape stays what it is."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), html.unescape(text))


def test_a_head_that_a_table_cannot_hold_is_told_and_listed_whole():
    report = table_of([(1, 2, 3)], ["h" * 300, "h" * 300, "a\x00b"])
    found = told(report)
    losses = {code: (warning.count, warning.loss) for code, warning in found.items()}
    assert losses == {"cut-head": (2, True), "replaced-characters": (1, True)}
    rows = list(opened(written(report))["Cut texts"].iter_rows(min_row=2, values_only=True))
    assert rows == [("T", "A2", 300, 1, "h" * 300), ("T", "B2", 300, 1, "h" * 300)]
    with pytest.raises(LossError, match="255"):
        icreport.write(table_of([(1,)], ["h" * 256]), io.BytesIO(), "xlsx", strict=True)


def test_many_equal_and_blank_heads_are_different_and_short_enough():
    heads = ["h"] * 3000 + [""] * 3000
    names = [cell.value for cell in opened(written(table_of([(1,) * 6000], heads))).worksheets[0][2]]
    assert len(set(names)) == len(names) == 6000
    assert max(map(len, names)) <= 255


@pytest.mark.parametrize("caption", ["TRUE", "Print_Titles", "R1C1", "XFD1", "2026"])
def test_a_table_has_no_name_that_means_something_else(caption):
    (table,) = opened(written(table_of([(1,)], caption=caption))).worksheets[0].tables
    assert table == "_" + caption


def test_the_contents_say_how_many_rows_a_table_has():
    tables = [Table(caption=f"T{n}", columns=["A"], rows=[(1,)] * n) for n in range(4)]
    sheet = opened(written(Report(elements=tables)))["Contents"]
    assert [cell.value for cell in sheet["B"][2:]] == [0, 1, 2, 3]
    assert [cell.number_format for cell in sheet["B"][2:]] == [
        f'#,##0" {one}"' for one in ("rows", "row", "rows", "rows")
    ]


def test_a_row_is_as_high_as_its_wrapped_text_needs():
    prose = "Hard growth, mussels, average 65 mm, cover 80 %; soft growth above."
    texts = [prose, prose * 3, "漢" * 50, "a\nb\nc", "x"]
    sheet = opened(written(column_of(texts))).worksheets[0]
    heights = [sheet.row_dimensions[row].height for row in range(3, 8)]
    assert heights == [None, 15 * 3, 15 * 2, 15 * 3, None]


def test_numbers_and_the_text_after_them_keep_apart():
    sheet = opened(written(table_of([("a", 1, "b", "c")], "ABCD"))).worksheets[0]
    assert [cell.alignment.indent for cell in sheet[3]] == [0, 0, 1, 0]
    assert [cell.alignment.indent for cell in sheet[2]] == [0, 0, 1, 0]


@pytest.mark.parametrize("title", ["false", "False", False])
def test_without_titles_a_sheet_starts_with_its_heads(title):
    report = Report(
        name="R", elements=[Table(caption="T", columns=["A"], rows=[(1,)]), Table(caption="V", rows=[("Depth", 5)])]
    )
    book = opened(written(report, title=title))
    assert [[cell.value for cell in row] for row in book["T"]] == [["A"], [1]]
    assert [[cell.value for cell in row] for row in book["V"]] == [["Depth", 5]]
    assert (book["T"].freeze_panes, book["T"].tables["T"].ref, book["T"].print_title_rows) == ("A2", "A1:A2", "$1:$1")
    assert (book.sheetnames, book.properties.title) == (["T", "V"], "R")


@pytest.mark.parametrize(
    ("options", "theme", "is_rtl"),
    [
        ({}, "", False),
        ({"locale": "ar"}, "", True),
        ({"locale": "he_IL"}, "", True),
        ({}, 'dir = "rtl"', True),
        ({}, 'lang = "ar"', True),
        ({}, 'lang = "ar"\ndir = "ltr"', False),
        ({}, 'locale = "fa"', True),
        ({"locale": "nb"}, 'dir = "rtl"', False),
    ],
)
def test_sheets_start_at_the_right_where_the_language_does(options, theme, is_rtl, tmp_path):
    (tmp_path / "theme.toml").write_text(theme)
    report = Report(
        elements=[Table(caption="T", columns=["A", "B"], rows=[(1, "אב")]), Paragraph(data={"text": ["x"]})]
    )
    book = opened(written(report, theme=str(tmp_path), **options))
    assert [bool(sheet.sheet_view.rightToLeft) for sheet in book.worksheets] == [is_rtl, is_rtl]
    # The space between numbers and the text after them is where the text starts.
    assert book["T"]["B3"].alignment.horizontal == ("right" if is_rtl else "left")


def test_an_unknown_locale_is_an_error_of_the_option():
    with pytest.raises(OptionError, match="there is no locale"):
        written(table_of([]), locale="nowhere")


def test_texts_stand_in_their_order_with_links_to_the_tables_between_them():
    table = Table(caption="It's", columns=["A"], rows=[(1,), (2,)])
    text = Paragraph(caption="Scope", data={"text": [{"value": "=All"}]})
    book = opened(written(Report(name="R", elements=[Section(caption="One"), text, table])))
    assert book.sheetnames == ["Text", "It's"]
    assert [cell.value for cell in book["Text"]["A"]] == ["R", None, "One", "Scope", "=All", "It's"]
    assert book["Text"]["A6"].hyperlink.location == "'It''s'!A1"
    assert book["Text"]["B6"].value == 2


def test_a_table_that_comes_first_is_the_first_sheet():
    assert opened(written(icreport.read(SAMPLES / "job-content.json"))).sheetnames == ["Table of Data", "Text"]


def test_more_than_three_tables_have_a_contents_sheet():
    tables = [Table(caption=f"T {number}", columns=["A"], rows=[]) for number in range(4)]
    assert opened(written(Report(elements=tables[:3]))).sheetnames == ["T 0", "T 1", "T 2"]
    assert opened(written(Report(elements=tables))).sheetnames[0] == "Contents"


def test_a_report_without_elements_is_a_workbook_with_its_title():
    assert opened(written(Report(name="Empty", elements=[]))).worksheets[0]["A1"].value == "Empty"


def test_categories_and_vertical_tables_have_their_heads_in_the_first_column():
    pivot = Table(columns=["x"], categories=["c", "d"], rows=[(1,), (2,)])
    vertical = Table(caption="V", rows=[("Depth", 5), ("Tag", "A")])
    book = opened(written(Report(elements=[pivot, vertical])))
    assert [[cell.value for cell in row] for row in book.worksheets[0]] == [[" ", "x"], ["c", 1], ["d", 2]]
    assert book.worksheets[0]["A2"].font.b
    assert book.worksheets[0].freeze_panes == "B2"
    assert not book["V"].tables
    assert (book["V"]["A2"].value, book["V"]["A2"].font.b, book["V"]["B2"].font.b) == ("Depth", True, False)


def test_source_keys_are_a_first_column():
    report = icreport.read(SAMPLES / "job-content.json")
    rows = cells_of(written(report, source_keys=True), start=2)
    assert [row[:2] for row in rows] == [["sourceKey", "Asset"], [1, "Test Asset"], [2, "Test Asset"]]


def test_rows_link_to_their_records():
    report = icreport.read(SAMPLES / "job-content.json")
    sheet = opened(written(report, link="https://ic.invalid/{sourceBusinessObject}?k={sourceKey}&x=1")).worksheets[0]
    assert sheet["A4"].hyperlink.target == "https://ic.invalid/Task?k=2&x=1"
    assert sheet["A4"].value == "Test Asset"
    with pytest.raises(OptionError, match="http"):
        written(report, link="javascript:alert(1)")
    with pytest.raises(OptionError, match="it knows"):
        written(report, link="https://ic.invalid/{key}")


def test_a_link_needs_a_business_object_only_where_it_asks_for_one():
    report = table_of([Row(("x",), source_key=7)])
    assert opened(written(report, link="https://ic.invalid/{sourceKey}")).worksheets[0]["A3"].hyperlink
    asks = "https://ic.invalid/{sourceBusinessObject}/{sourceKey}"
    assert not opened(written(report, link=asks)).worksheets[0]["A3"].hyperlink
    assert "dropped-link" in told(report, link=asks)


def test_only_rows_with_a_link_look_as_if_they_had_one():
    rows = [Row(("with",), source_key=7), Row(("without",)), Row(("",), source_key=9)]
    sheet = opened(written(table_of(rows), link="https://ic.invalid/{sourceKey}")).worksheets[0]
    assert [bool(sheet[place].hyperlink) for place in ("A3", "A4", "A5")] == [True, False, True]
    assert [sheet[place].font.u for place in ("A3", "A4")] == ["single", None]


def test_links_are_uris_whatever_the_keys_and_the_pattern_hold(tmp_path):
    rows = [Row(("x",), source_key="b c/é_x0041_"), Row(("y",), source_key="\ud800")]
    table = Table(caption="T", source_business_object="A&B", columns=["A"], rows=rows)
    link = 'https://ic.invalid/a b"<{sourceBusinessObject}>?k={sourceKey}&x=1\n'
    icreport.write(Report(elements=[table]), tmp_path / "a.xlsx", link=link)
    sheet = opened((tmp_path / "a.xlsx").read_bytes()).worksheets[0]
    assert sheet["A3"].hyperlink.target == "https://ic.invalid/a%20b%22%3CA%26B%3E?k=b%20c%2F%C3%A9_x0041_&x=1%0A"
    assert sheet["A4"].hyperlink.target.endswith("?k=%3F&x=1%0A")
    assert errors_of(tmp_path / "a.xlsx") == []


def test_links_beyond_what_a_sheet_holds_keep_their_text():
    rows = [Row((number,), source_key=number) for number in range(65_540)]
    table = Table(caption="T", columns=["A"], source_business_object="Task", rows=rows)
    found = io.BytesIO()
    result = icreport.write(Report(elements=[table]), found, "xlsx", link="https://ic.invalid/{sourceKey}")
    (warning,) = result.warnings
    assert (warning.code, warning.count) == ("dropped-link", 10)
    sheet = zipfile.ZipFile(found).read("xl/worksheets/sheet1.xml")
    found.seek(0)
    assert sheet.count(b"<hyperlink ") == 65_530
    assert len(CalamineWorkbook.from_filelike(found).get_sheet_by_index(0).to_python()) == 65_542


def test_unknown_elements_are_told():
    report = Report(elements=[Table(columns=["A"], rows=[]), Element(type="chart")])
    assert "chart" in str(told(report)["unknown-element"])


def test_stripes_of_tables_have_the_colour_of_their_heads():
    data = written(table_of([(1,)]))
    theme = zipfile.ZipFile(io.BytesIO(data)).read("xl/theme/theme1.xml").decode()
    accent = re.search(r'accent1>\s*<a:srgbClr val="([0-9A-F]{6})"', theme)
    assert opened(data).worksheets[0]["A2"].fill.fgColor.rgb == "00" + accent[1]


def test_properties_say_the_title_and_the_captions():
    book = opened(written(table_of([(1,)], caption="<Anomalies>"), title="A & B"))
    assert (book.properties.title, book.properties.subject) == ("A & B", "<Anomalies>")


def test_equal_reports_are_equal_files_and_the_date_is_that_of_the_source(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    report = icreport.read(SAMPLES / "inspection.json")
    assert written(report) == written(report)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert opened(written(report)).properties.created == moment_of(2023, 11, 14, 22, 13, 20)


def test_wide_characters_make_a_column_wider():
    sheet = opened(written(table_of([("x" * 20, "検査" * 10)], ["A", "B"]))).worksheets[0]
    assert sheet.column_dimensions["B"].width > 1.7 * sheet.column_dimensions["A"].width


# --- judges ---


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_the_open_xml_sdk_finds_no_error_in_a_sample(sample, tmp_path):
    icreport.convert(sample, tmp_path / "a.xlsx", source_keys=True, link="https://ic.invalid/{sourceKey}")
    assert errors_of(tmp_path / "a.xlsx") == []


def test_the_open_xml_sdk_finds_no_error_in_hostile_reports(tmp_path):
    icreport.write(hostile_report(), tmp_path / "a.xlsx")
    icreport.write(column_of(["🙂" * 40_000, 1, True]), tmp_path / "b.xlsx")
    icreport.write(Report(elements=[]), tmp_path / "c.xlsx")
    assert errors_of(*sorted(tmp_path.iterdir())) == []


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(documents, st.integers())
def test_any_document_becomes_a_workbook_that_opens(document, seed):
    data = io.BytesIO()
    icreport.convert(serialise(document, seed).encode(), data, format="xlsx")
    opened(data.getvalue())


def converted(report, suffix, folder, options=""):
    """Give the path of what LibreOffice makes of a workbook."""
    soffice = tool("soffice")
    (folder / "in").mkdir()
    icreport.write(report, folder / "in/a.xlsx")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    to = ["--headless", "--convert-to", suffix + options, "--outdir", str(folder), str(folder / "in/a.xlsx")]
    subprocess.run([soffice, profile, *to], check=True, capture_output=True)
    return folder / f"a.{suffix}"


def test_libreoffice_reads_every_value(tmp_path):
    rows = [(text, number, number % 2 == 0, "2026-08-14", None) for number, text in enumerate(HOSTILE)]
    in_utf8 = ":Text - txt - csv (StarCalc):44,34,76"
    with converted(table_of(rows, "ABCDE"), "csv", tmp_path, in_utf8).open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))[2:]
    for row, (text, number, truth, date, _) in zip(found, rows, strict=True):
        # LibreOffice takes every line end for a line feed.
        assert row == [text.replace("\r\n", "\n"), str(number), str(truth).lower(), date, ""]


def test_libreoffice_shows_values_as_they_were_given(tmp_path):
    given_row = (ExactFloat("12.10"), -3, True, False, "2026-08-14T06:29:01", "2026-08-14", "=1+1", "00123", 1e-7)
    path = converted(table_of([given_row], "ABCDEFGHI"), "pdf", tmp_path)
    shown = subprocess.check_output([tool("pdftotext"), "-layout", str(path), "-"], text=True)
    line = next(line for line in shown.splitlines() if "00123" in line)
    assert line.split()[:8] == ["12.10", "-3", "true", "false", "2026-08-14T06:29:01", "2026-08-14", "=1+1", "00123"]


def test_the_theme_colours_the_heads():
    report = Report(elements=[Table(caption="T", columns=["A"], rows=[(1,)])])
    fills = []
    for theme in ("house", "formal"):
        book = openpyxl.load_workbook(io.BytesIO(icreport.render(report, "xlsx", theme=theme)))
        heads = [cell for row in book["T"].iter_rows() for cell in row if cell.value == "A"]
        fills.append(heads[0].fill.fgColor.rgb[-6:])
    assert fills == ["0B5A7A", "7A1F2B"]
