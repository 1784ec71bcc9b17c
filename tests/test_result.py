import csv
import hashlib
import io
import json
from pathlib import Path

import html5lib
import pypdf
import pytest
from python_calamine import CalamineWorkbook

import icreport
from commands import run

SEVERAL = Path(__file__).parents[1] / "samples/inspection.json"


def table(rows, columns=("A",), **fields):
    cells = [{"cells": [{"value": value} for value in row]} for row in rows]
    return {"type": "table", "data": {"columns": [{"caption": c} for c in columns], "rows": cells}} | fields


def document(*elements):
    return json.dumps({"elements": elements}).encode()


def changes(result, index):
    return {change.code: (change.count, change.loss) for change in result.elements[index].changes}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("suffix", ["csv", "html", "xlsx", "zip"])
def test_the_hashes_are_those_of_the_files(tmp_path, suffix):
    result = icreport.convert(SEVERAL, target := tmp_path / f"out.{suffix}")
    data = target.read_bytes()
    assert result.source_sha256 == sha256(SEVERAL.read_bytes())
    assert (result.target_sha256, result.target_size) == (sha256(data), len(data))


@pytest.mark.parametrize("packed", [False, True])
def test_a_source_is_hashed_as_it_came_compressed_or_through_a_pipe(packed):
    import gzip

    data = gzip.compress(SEVERAL.read_bytes()) if packed else SEVERAL.read_bytes() + b"\n" * 300_000
    target = io.BytesIO()
    result = icreport.convert(io.BytesIO(data), target, format="csv")
    assert (result.source_sha256, result.target_sha256) == (sha256(data), sha256(target.getvalue()))


def test_where_there_are_no_bytes_there_is_no_hash(tmp_path):
    report = icreport.read(document(table([(1,)])))
    assert icreport.write(report, io.BytesIO(), "csv").source_sha256 is None
    assert icreport.convert(report.to_object(), io.BytesIO(), format="csv").source_sha256 is None
    folder = icreport.convert(SEVERAL, f"{tmp_path}/out/", format="csv")
    assert (folder.target_sha256, folder.target_size) == (None, None)


def test_a_rendering_that_starts_again_is_hashed_and_counted_once():
    rows = [(n,) for n in range(1500)] + [(1, 2, 3)]
    result = icreport.convert(document(table(rows)), target := io.BytesIO(), format="csv")
    assert result.target_sha256 == sha256(target.getvalue())
    assert [(e.rows_in, e.rows_out) for e in result.elements] == [(1501, 1501)]
    assert changes(result, 0) == {"long-row": (1, True)}


@pytest.mark.parametrize("format_", ["csv", "html", "xlsx"])
def test_each_element_has_its_rows_in_and_out_and_its_changes(format_):
    source = document(table([("=1",), ("a", "b"), ()], caption="T"), {"type": "gauge"}, table([("b",)] * 7))
    result = icreport.convert(source, io.BytesIO(), format=format_)
    assert [(e.index, e.type, e.caption, e.rows_in, e.rows_out) for e in result.elements] == [
        (0, "table", "T", 3, 3),
        (1, "gauge", None, 0, 0),
        (2, "table", None, 7, 7),
    ]
    escaped = {"escaped-formula": (1, False)} if format_ == "csv" else {}
    assert changes(result, 0) == {"long-row": (1, True), "short-row": (1, True)} | escaped
    assert changes(result, 1) == {"unknown-element": (1, True)}
    assert changes(result, 2) == {}
    assert not result.lossless


def test_a_table_that_was_not_asked_for_is_left_out_and_recorded():
    result = icreport.convert(document(table([(1,)]), table([(2,)])), io.BytesIO(), format="csv", table="2")
    assert [(e.rows_in, e.rows_out) for e in result.elements] == [(1, 0), (1, 1)]
    assert changes(result, 0) == {"left-out": (1, False)}


def test_escaped_formulas_are_counted_in_heads_captions_and_cells_and_never_told():
    one = table([("=1", "-5"), ("+x", -5), (None, {"a": 1})], columns=("=A", "B"), caption="=T")
    result = icreport.convert(document(one), io.BytesIO(), format="csv")
    assert changes(result, 0) == {"escaped-formula": (3, False)}
    assert result.warnings == ()
    several = icreport.convert(document(one, one), io.BytesIO(), format="csv")
    assert [changes(several, index)["escaped-formula"][0] for index in (0, 1)] == [4, 4]


def test_the_command_writes_the_record_as_json(tmp_path):
    (tmp_path / "in.json").write_bytes(
        document(table([("=1",), (1, 2)], caption="T"), {"type": "paragraph", "data": {"text": []}})
    )
    done = run("convert", "in.json", "-o", "out.csv", "--report", "record.json", cwd=tmp_path)
    assert (done.returncode, "'" in done.stderr) == (0, False)
    assert json.loads((tmp_path / "record.json").read_bytes()) == {
        "format": "csv",
        "source_sha256": sha256((tmp_path / "in.json").read_bytes()),
        "target_sha256": sha256((tmp_path / "out.csv").read_bytes()),
        "target_size": (tmp_path / "out.csv").stat().st_size,
        "lossless": False,
        "rows": 2,
        "elements": [
            {"index": 0, "type": "table", "caption": "T", "rows_in": 2, "rows_out": 2, "changes": [
                {"code": "long-row", "message": "rows with more cells than the table has columns", "row": 2,
                 "column": None, "count": 1, "loss": True},
                {"code": "escaped-formula", "row": None, "column": None, "count": 1, "loss": False,
                 "message": "texts that a spreadsheet would take for formulas have ' before them"},
            ]},
            {"index": 1, "type": "paragraph", "caption": None, "rows_in": 0, "rows_out": 0, "changes": [
                {"code": "left-out", "message": "a CSV holds only tables", "row": None, "column": None, "count": 1,
                 "loss": False},
            ]},
        ],
        "changes": [],
    }  # fmt: skip


@pytest.mark.parametrize("record", ["in.json", "out.csv", "./out.csv"])
def test_the_record_does_not_replace_the_source_or_the_document(tmp_path, record):
    (tmp_path / "in.json").write_bytes(document(table([(1,)])))
    done = run("convert", "in.json", "-o", "out.csv", "--report", record, cwd=tmp_path)
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (2, ["in.json"])


@pytest.mark.parametrize(
    ("text", "code", "formats"),
    [
        (r"\ud800 and \udfff", "lone-surrogate", {"csv", "html", "xlsx", "pdf"}),
        (r"\u0000 and \ufffe", "replaced-characters", {"html", "xlsx", "pdf"}),
        (r"\u007f and \u009f", "replaced-characters", {"html", "pdf"}),
        (r"\ud83d\ude00 \u202e \r\n \t \\ud800", "", set()),
    ],
)
@pytest.mark.parametrize("format_", ["csv", "html", "xlsx", "pdf"])
def test_text_that_a_format_cannot_hold_is_replaced_and_counted(text, code, formats, format_):
    cells = '{"cells": [{"value": "%s"}]}' % text  # noqa: UP031 - braces
    source = '{"elements": [{"type": "table", "data": {"rows": [%s], "columns": [{"caption": "A"}]}}]}' % cells  # noqa: UP031
    result = icreport.convert(source, target := io.BytesIO(), format=format_)
    lost = {name: found for name, found in changes(result, 0).items() if name not in {"missing-glyph", "line-ends"}}
    assert lost == ({code: (2, True)} if format_ in formats else {})
    assert cell_of(target.getvalue(), format_).count("\ufffd") == (2 if format_ in formats else 0)


def cell_of(data, format_):
    """Give the text of the only cell, as a program reads it that did not write it."""
    if format_ == "csv":
        return list(csv.reader(io.StringIO(data.decode(), newline="")))[1][0]
    if format_ == "html":
        return html5lib.parse(data, namespaceHTMLElements=False).find(".//tbody/tr/td").text
    if format_ == "xlsx":
        return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[-1][0]
    return pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()


def test_what_goes_on_elsewhere_is_noted(monkeypatch):
    monkeypatch.setattr("icreport.rendering.xlsx.tables.MOST_ROWS", 4)
    result = icreport.convert(document(table([(n,) for n in range(8)])), io.BytesIO(), format="xlsx")
    assert changes(result, 0) == {"split-table": (2, False)}
    wide = table([["some words here"] * 40], columns=[f"C{n}" for n in range(40)])
    assert "split-table" in changes(icreport.convert(document(wide), io.BytesIO(), format="pdf"), 0)
