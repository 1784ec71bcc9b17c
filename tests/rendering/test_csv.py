import csv
import io
import json
import re
import zipfile

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icreport
from icreport.errors import OptionError, RenderError
from icreport.model.elements import Paragraph, Table
from icreport.model.report import Report
from icreport.model.rows import Row
from icreport.values import ExactFloat

cells = (
    st.none() | st.text(max_size=6) | st.integers() | st.booleans() | st.sampled_from(["=1", "-", '"', "a,b", "\r\n"])
)
cells |= st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, ExactFloat("12.10"), 12.1, 1, True, 1.0]
)


def table_of(rows, columns=("A", "B")):
    return Report(elements=[Table(caption="T", columns=columns, rows=rows)])


def lines_of(report, **options):
    return list(csv.reader(io.StringIO(icreport.render(report, "csv", **options).decode(), newline="")))


def shown(value):
    return "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=30), st.sampled_from(["minimal", "all"]))
def test_python_reads_back_every_value(rows, quoting):
    found = lines_of(table_of(rows), escape_formulas=False, quoting=quoting)
    assert found == [["A", "B"], *[[shown(value) for value in row] for row in rows]]


no_digits = st.characters(exclude_categories=["Cs", "Nd"])
columns_of_one_type = st.one_of(
    st.lists(values, min_size=2, max_size=30)
    for values in (
        st.text(no_digits, max_size=6) | st.sampled_from(["=1", "a,b", "\0=1", "l\nm", 'a "', "-"]),
        st.none() | st.sampled_from(["+x", ""]),
        st.integers() | st.sampled_from([10**30, -(2**64)]),
        st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, -0.0]),
        st.booleans(),
    )
)


def starts_a_formula(text):
    return text.lstrip("\0\ufeff")[:1] in set("=+-@\t\r\n＝＋－＠") and not re.fullmatch("[+-][+ -]*", text)


@given(columns_of_one_type, st.booleans())
def test_a_column_of_one_type_is_as_exact(column, escape):
    expected = [
        "'" + text if escape and isinstance(value, str) and starts_a_formula(text) else text
        for value, text in zip(column, map(shown, column), strict=True)
    ]
    found = lines_of(table_of([(value, 1) for value in column]), escape_formulas=escape)
    assert [cell for cell, _ in found[1:]] == expected


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=30))
def test_no_text_cell_starts_like_a_formula_and_numbers_stay_as_they_are(rows):
    for given_row, row in zip(rows, lines_of(table_of(rows))[1:], strict=True):
        for value, cell in zip(given_row, row, strict=True):
            assert cell in {shown(value), "'" + shown(value)}
            if not isinstance(value, str):
                assert cell == shown(value)
            elif starts_a_formula(cell):
                assert re.fullmatch(r"[+-][\d., ]+([eE][+-]?\d+)?( ?%)?|\+[\d ()]+", cell)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44-20",
        "+44 (A1)",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\0=1",
        "\ufeff\0+x",
    ],
)
def test_text_that_looks_like_a_formula_is_made_harmless(text):
    assert lines_of(table_of([(text, 1)]))[1] == ["'" + text, "1"]
    assert lines_of(table_of([(text, 1)]), escape_formulas="false")[1] == [text, "1"]


@pytest.mark.parametrize(
    "text",
    ["-12.5", "+44 20 7946 0958", "+44 (0)20 7946", "-1,234.5", "00123", "3-4", "1E5", "-5 %", "-1.2E-05", "-.5"],
)
def test_text_that_is_a_number_stays_as_it_is(text):
    assert lines_of(table_of([(text, -12.5)]))[1] == [text, "-12.5"]


def test_lines_end_in_crlf_and_cells_are_quoted_only_where_rfc_4180_asks():
    document = icreport.render(table_of([('say "x"', "a,b"), ("l\nm", None)]), "csv")
    assert document == b'A,B\r\n"say ""x""","a,b"\r\n"l\nm",\r\n'


def test_options_change_the_dialect():
    report = Report(elements=[Table(columns=["Ä"], rows=[icreport.Row((None,), 7), icreport.Row((1.5,), 8)])])
    document = icreport.render(
        report, "csv", delimiter=";", line_end="lf", bom=True, source_keys=True, null="NULL", header=True
    )
    assert document.decode() == "\ufeffsourceKey;Ä\n7;NULL\n8;1.5\n"
    assert icreport.render(report, "csv", header="false", quoting="all", encoding="latin-1") == b'""\r\n"1.5"\r\n'


@pytest.mark.parametrize("column", [[None, "x"], [None, "=1"], [None, 1], [None], [None, "x", 1]])
def test_what_stands_for_null_stays_as_it_was_asked_for(column):
    found = lines_of(table_of([(value, 1) for value in column]), null="-")
    assert found[1] == ["-", "1"]


def test_a_blank_line_of_one_column_is_a_row():
    report = table_of([(None,), ("",), ("x",), (None,)], columns=["A"])
    document = icreport.render(report, "csv")
    assert document == b'A\r\n""\r\n""\r\nx\r\n""\r\n'
    assert lines_of(report) == [["A"], [""], [""], ["x"], [""]]
    assert pandas.read_csv(io.BytesIO(document), dtype=str, keep_default_na=False)["A"].tolist() == ["", "", "x", ""]


def test_several_tables_stand_in_order_under_their_captions():
    tables = [Table(caption="One", columns=["A"], rows=[(1,)]), Table(caption="=Two", columns=["B"], rows=[])]
    report = Report(elements=[tables[0], Paragraph(data={"text": "between"}), tables[1]])
    stream = io.BytesIO()
    result = icreport.write(report, stream, "csv")
    assert stream.getvalue() == b"One\r\nA\r\n1\r\n\r\n'=Two\r\nB\r\n"
    (warning,) = result.warnings
    assert not warning.loss
    assert icreport.render(report, "csv", table="One") == b"A\r\n1\r\n"
    assert icreport.render(report, "csv", table="2") == b"B\r\n"
    with pytest.raises(OptionError, match="no table 'Three'"):
        icreport.render(report, "csv", table="Three")


def test_an_archive_has_a_file_a_table_and_describes_them(tmp_path):
    tables = [Table(caption="A/B: x", columns=["A"], rows=[(1,)]), Table(columns=["B"], rows=[(2,)])]
    icreport.write(Report(elements=tables), tmp_path / "out.zip")
    archive = zipfile.ZipFile(tmp_path / "out.zip")
    package = json.loads(archive.read("datapackage.json"))
    files = {resource["path"]: archive.read(resource["path"]) for resource in package["resources"]}
    assert list(files.values()) == [b"A\r\n1\r\n", b"B\r\n2\r\n"]
    assert package["resources"][0]["title"] == "A/B: x"
    assert "title" not in package["resources"][1]
    assert set(archive.namelist()) == {*files, "datapackage.json"}


@pytest.mark.parametrize("target", ["out.zip", "out/"])
def test_columns_of_a_data_package_that_are_called_otherwise_are_named_in_a_note(target, tmp_path):
    table = Table(caption="T", columns=["Depth", "Depth", "Depth 2", ""], rows=[(1, 2, 3, 4)])
    result = icreport.write(Report(elements=[table]), f"{tmp_path}/{target}", format="csv")
    (note,) = result.notes
    assert (note.code, note.count, note.place.caption) == ("changed-heads", 2, "T")
    assert note.message.endswith("'Depth' is 'Depth 3', '' is 'column 4'")


@pytest.mark.parametrize("options", [{}, {"source_keys": True, "delimiter": ";", "null": "NULL", "line_end": "lf"}])
def test_a_data_package_says_what_is_in_its_files(options, tmp_path):
    heads = ["A", "A", "", "=x", "sourceKey"]
    rows = [Row((1, "2026-01-31", None, 1.5, True), 7), Row((2, "2026-02-01", "x", -1, False), 8)]
    first = Table(caption="Måling/田中", columns=heads, rows=rows, source_business_object="Task")
    pivot = Table(columns=["A"], categories=["c"], rows=[(1,)])
    vertical = Table(caption="V", columns=[], rows=[("k", "v")])
    result = icreport.write(
        Report(name="R", elements=[first, pivot, vertical]), f"{tmp_path}/out/", format="csv", **options
    )
    assert not result.warnings
    changes = [change["code"] for element in result.to_dict()["elements"] for change in element["changes"]]
    assert changes == ["changed-heads", "changed-heads"]
    package = json.loads((tmp_path / "out/datapackage.json").read_bytes())
    assert package["title"] == "R"
    assert package["resources"][0]["sourceBusinessObject"] == "Task"
    types = {}
    for resource in package["resources"]:
        assert re.fullmatch("[-a-z0-9._]+", resource["name"])  # Frictionless Data, "Data Resource"
        names = [field["name"] for field in resource["schema"]["fields"]]
        types |= {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        assert len(set(names)) == len(names)
        text = (tmp_path / "out" / resource["path"]).read_bytes().decode(resource["encoding"])
        assert text.endswith(resource["dialect"]["lineTerminator"])
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=resource["dialect"]["delimiter"]))
        assert lines[0] == names or (not resource["dialect"]["header"] and lines[0][-2:] == ["k", "v"])
        assert {len(line) for line in lines} == {len(names)}
    assert len({resource["name"] for resource in package["resources"]}) == 3
    assert types["A 2"] == "date"
    assert types["=x"] == "number"


def test_a_report_without_a_table_is_no_csv():
    with pytest.raises(RenderError, match="no table"):
        icreport.render(Report(elements=[]), "csv")


def test_characters_that_the_encoding_cannot_hold_become_question_marks_and_are_counted():
    document = io.BytesIO()
    result = icreport.write(table_of([("日本", "é"), ("a", "\ud800")]), document, "csv", encoding="latin-1")
    assert document.getvalue() == b"A,B\r\n??,\xe9\r\na,?\r\n"
    assert [(warning.code, warning.count) for warning in result.warnings] == [("unencodable-character", 3)]


@pytest.mark.parametrize("delimiter", ['"', "\n", "-", ".", "1", "e", "", ";;"])
def test_a_delimiter_that_cells_have_in_them_is_refused(delimiter):
    with pytest.raises(OptionError, match="option 'delimiter' of csv"):
        icreport.render(table_of([(1.5, -2)]), "csv", delimiter=delimiter)


@pytest.mark.parametrize("encoding", ["no-such", "base64", "utf-16", "utf-8-sig"])
def test_an_encoding_that_cannot_be_is_refused(encoding):
    with pytest.raises(OptionError, match="encoding"):
        icreport.render(table_of([]), "csv", encoding=encoding)


@pytest.mark.parametrize("name", ["tab", r"\t", "\t"])
def test_a_tab_can_be_asked_for_by_name(name):
    assert icreport.render(table_of([("a", "b\tc")]), "csv", delimiter=name) == b'A\tB\r\na\t"b\tc"\r\n'


def test_utf_16_comes_with_one_mark_on_request():
    data = icreport.render(table_of([("é", 1)] * 3000), "csv", encoding="utf-16-le", bom=True)
    assert data.decode("utf-16").count("é,1") == 3000
    assert "\ufeff" not in data.decode("utf-16")


def test_rows_without_any_column_are_empty_lines():
    assert icreport.render(table_of([(), ()], columns=[]), "csv") == b"\r\n\r\n"


@pytest.mark.parametrize("text", ["-", "--", "---", "- -", "+", "-5.", "+ +"])
def test_signs_that_stand_for_no_value_stay_as_they_are(text):
    assert lines_of(table_of([(text, 1), ("A", 3.2)]))[1] == [text, "1"]


@pytest.mark.parametrize("text", ["-N/A-", "- see note", "+ve", "-(1)", '-"a"', "=-A1", "--A1"])
def test_signs_before_more_are_made_harmless(text):
    assert lines_of(table_of([(text, 1)]))[1] == ["'" + text, "1"]


def test_a_data_package_is_for_machines_and_escapes_only_when_asked(tmp_path):
    report = table_of([("=1+1", 1)], ["+ve", "B"])
    for options, cell in (({}, "=1+1"), ({"escape_formulas": True}, "'=1+1")):
        icreport.write(report, tmp_path / "out.zip", format="csv", **options)
        with zipfile.ZipFile(tmp_path / "out.zip") as archive:
            assert archive.read("01-t.csv").decode().splitlines()[1] == f"{cell},1"


@pytest.mark.parametrize("encoding", ["idna", "punycode", "unicode_escape", "raw_unicode_escape", "rot13", "base64"])
def test_an_encoding_is_one_of_texts(encoding):
    with pytest.raises(OptionError, match="encoding"):
        icreport.render(table_of([("a", 1)]), "csv", encoding=encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii", "utf-7", "shift_jis"])
def test_a_byte_order_mark_is_refused_where_there_is_none(encoding):
    with pytest.raises(OptionError, match="no byte order mark"):
        icreport.render(table_of([("\u00e6", 1)]), "csv", encoding=encoding, bom=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-be", "gb18030"])
def test_a_byte_order_mark_is_that_of_the_encoding(encoding):
    data = icreport.render(table_of([("\u00e6", 1)]), "csv", encoding=encoding, bom=True)
    assert data.decode(encoding) == "\ufeffA,B\r\n\u00e6,1\r\n"


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=9), st.sampled_from(["NA", "NULL", "0", "-"]))
def test_text_that_reads_like_null_is_quoted_and_null_is_not(rows, null):
    rows = [*rows, (null, None)]
    for quoting in ("minimal", "all"):
        data = icreport.render(table_of(rows), "csv", null=null, quoting=quoting, escape_formulas=False).decode()
        assert data.endswith(f'"{null}",{null}\r\n')
    assert lines_of(table_of(rows), null=null, escape_formulas=False)[1:] == [
        [null if value is None else shown(value) for value in row] for row in rows
    ]


def test_decimal_commas_are_those_of_numbers_and_need_another_delimiter():
    rows = [(-1234.5, "1.5"), (ExactFloat("12.10"), True), (7, None)]
    document = icreport.render(table_of(rows), "csv", decimal=",", delimiter=";")
    assert document.decode().splitlines() == ["A;B", "-1234,5;1.5", "12,10;true", "7;"]
    with pytest.raises(OptionError, match="delimiter=;"):
        icreport.render(table_of(rows), "csv", decimal=",")


@pytest.mark.parametrize(
    ("excel", "line"), [("nb", "A;-0,5"), ("de-CH", "A,-0.5"), ("en-GB", "A,-0.5"), (True, "A,-0.5"), (False, "A,-0.5")]
)
def test_a_csv_suits_the_excel_of_a_language(excel, line):
    data = icreport.render(table_of([("A", -0.5)]), "csv", excel=excel)
    assert data.decode("utf-8-sig").splitlines()[1] == line
    assert data.startswith(b"\xef\xbb\xbf") is bool(excel)
    assert icreport.render(table_of([("A", -0.5)]), "csv", excel=excel, delimiter="|", bom=False).startswith(b"A|B")


def test_the_language_of_an_excel_is_checked():
    with pytest.raises(OptionError, match=r"option 'excel' of csv: there is no locale 'xx'"):
        icreport.render(table_of([("A", 1)]), "csv", excel="xx")


@pytest.mark.parametrize(
    ("columns", "rows"), [(["ID", "B"], [("a", 1)]), (["IDs", "B"], []), (["A", "B"], [("ID", 1)])]
)
def test_no_file_starts_like_one_of_sylk(columns, rows):
    for header in (True, False):
        document = icreport.render(table_of(rows, columns), "csv", header=header)
        assert not document.startswith(b"ID")
    assert lines_of(table_of(rows, columns)) == [columns, *[list(map(str, row)) for row in rows]]
    several = Report(elements=[Table(caption="ID list", columns=columns, rows=rows)] * 2)
    assert icreport.render(several, "csv").startswith(b'"ID list"\r\n')


def test_tab_separated_values_have_a_suffix_of_their_own(tmp_path):
    icreport.write(table_of([("a", 1.5)]), tmp_path / "out.tsv")
    assert (tmp_path / "out.tsv").read_bytes() == b"A\tB\r\na\t1.5\r\n"


def test_a_table_is_asked_for_by_number_or_caption():
    tables = [Table(caption=caption, columns=["A"], rows=[(caption,)]) for caption in ("2", "Anomaly register", "=x")]
    report = Report(elements=tables)
    for wanted, caption in (("1", "2"), ("2", "Anomaly register"), ("=2", "2"), ("Anomaly register",) * 2, ("=x",) * 2):
        assert lines_of(report, table=wanted, escape_formulas=False) == [["A"], [caption]]
    with pytest.raises(OptionError, match=r"the report has 3; did you mean 'Anomaly register'.* known: 2, Anomaly reg"):
        lines_of(report, table="Anomaly regster")
