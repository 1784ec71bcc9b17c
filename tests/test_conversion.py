import csv
import io
import json
import os
from pathlib import Path

import pytest

import icreport
from icreport.errors import FormatError, LossError, OptionError, ReadError
from icreport.rendering.grid import SAMPLE_ROWS

SAMPLE = Path(__file__).parents[1] / "samples/job-content.json"


def rows_of(data):
    return list(csv.reader(io.StringIO(data.decode())))


def test_the_format_follows_from_the_suffix(tmp_path):
    result = icreport.convert(SAMPLE, tmp_path / "out.CSV")
    assert (result.format, len(result.elements), result.rows) == ("csv", 2, 2)
    assert rows_of((tmp_path / "out.CSV").read_bytes())[1] == ["Test Asset", "GVI", "Workpack A"]


def test_a_report_is_rendered_to_bytes_written_to_streams_and_scanned_to_files_alike(tmp_path):
    report = icreport.read(SAMPLE)
    stream = io.BytesIO()
    icreport.write(report, stream, "csv")
    with icreport.scan(SAMPLE) as scan:
        icreport.write(scan, tmp_path / "scan.csv")
    icreport.convert(SAMPLE, tmp_path / "convert.csv")
    expected = icreport.render(report, "csv")
    assert stream.getvalue() == expected
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {expected}


def test_progress_is_told_in_rows():
    told = []
    table = icreport.Table(columns=["A"], rows=[(n,) for n in range(2500)])
    icreport.write(icreport.Report(elements=[table]), io.BytesIO(), "csv", progress=told.append)
    assert told[-1] == icreport.Progress(rows=2500)
    assert len(told) > 1


def test_progress_says_what_of_how_much():
    tables = [icreport.Table(caption=name, columns=["A"], rows=[(n,) for n in range(1500)]) for name in ("T", "U")]
    report = icreport.Report(elements=[icreport.Paragraph(text="p"), *tables])
    told = []
    icreport.write(report, io.BytesIO(), "csv", progress=told.append)
    assert {step.total for step in told} == {3000}
    assert {(step.element, step.caption, step.element_total) for step in told} == {(1, "T", 1500), (2, "U", 1500)}
    assert (told[-1].rows, told[-1].element_rows) == (3000, 1500)
    scanned = []
    icreport.convert(report.to_json(), io.BytesIO(), format="csv", progress=scanned.append)
    assert {(step.total, step.element_total) for step in scanned} == {(None, 1500)}


def test_progress_of_a_large_table_in_a_pdf_goes_on_while_it_is_painted():
    told = []
    table = icreport.Table(columns=["A", "B"], rows=[(n, "b") for n in range(2500)])
    icreport.write(icreport.Report(elements=[table]), io.BytesIO(), "pdf", progress=told.append)
    done = [step.phase_rows for step in told if step.phase == "pages"]
    assert done == sorted(set(done))
    assert len(done) > 1
    assert told[-1] == icreport.Progress(rows=2500, phase="pages", phase_rows=2500)


@pytest.mark.parametrize(
    ("target", "options", "kind", "message"),
    [
        ("out.xyz", {}, FormatError, "no format has the suffix '.xyz' (known: .csv"),
        ("out", {}, FormatError, "no suffix that says its format"),
        ("out.csv", {"format": "pfd"}, FormatError, "no format 'pfd' (did you mean 'pdf'?"),
        ("out.csv", {"delimeter": ";"}, OptionError, "no option 'delimeter' (did you mean 'delimiter'?"),
        ("out.csv", {"escape_formulas": "perhaps"}, OptionError, "option 'escape_formulas' of csv: input should be"),
    ],
)
def test_wrong_wishes_are_told_before_anything_is_read(tmp_path, target, options, kind, message):
    with pytest.raises(kind) as caught:
        icreport.convert("no-such-file.json", tmp_path / target, **options)
    assert message in str(caught.value)
    assert os.listdir(tmp_path) == []


def test_a_source_that_breaks_off_leaves_the_old_document(tmp_path):
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")
    with pytest.raises(ReadError):
        icreport.convert(SAMPLE.read_bytes()[:-20], target)
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.csv"]


def ragged(*lengths):
    rows = [{"cells": [{"value": n} for n in range(length)]} for length in lengths]
    return {"elements": [{"type": "table", "caption": "T", "data": {"columns": [{"caption": "A"}], "rows": rows}}]}


def test_rows_of_other_lengths_are_made_to_fit_and_counted(tmp_path):
    result = icreport.convert(ragged(1, 0, 3, 2), tmp_path / "out.csv")
    assert rows_of((tmp_path / "out.csv").read_bytes()) == [
        ["A", "2", "3"],
        ["0", "", ""],
        ["", "", ""],
        ["0", "1", "2"],
        ["0", "1", ""],
    ]
    assert {warning.code: (warning.count, str(warning.place)) for warning in result.warnings} == {
        "short-row": (1, 'elements[0] "T", row 2'),
        "long-row": (2, 'elements[0] "T", row 3'),
    }
    with pytest.raises(LossError, match=r'elements\[0\] "T", row 2'):
        icreport.convert(ragged(1, 0), tmp_path / "strict.csv", strict=True)


def test_a_wider_row_far_behind_the_sample_still_gets_its_column():
    document = json.dumps(ragged(*[1] * SAMPLE_ROWS, 3))

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    streamed = io.BytesIO()
    result = icreport.convert(Pipe(document.encode()), streamed, format="csv")
    assert rows_of(streamed.getvalue())[0] == ["A", "2", "3"]
    assert len(result.warnings) == 1
    assert result.rows == SAMPLE_ROWS + 1
    assert streamed.getvalue() == icreport.render(icreport.read(document), "csv")


def test_a_report_that_was_read_tells_what_reading_had_to_tell(tmp_path):
    source = '{"name": "half of \\ud83d", "elements": []}'
    report = icreport.read(source)
    assert [warning.code for warning in report.warnings] == ["lone-surrogate"]
    assert (
        icreport.write(report, tmp_path / "a.html").warnings == icreport.convert(source, tmp_path / "b.html").warnings
    )
    with pytest.raises(LossError, match="surrogate"):
        icreport.write(report, tmp_path / "c.html", strict=True)
    assert not (tmp_path / "c.html").exists()


def test_formats_are_registered_by_entry_points():
    assert {"html", "pdf", "xlsx", "csv"} <= set(icreport.formats())


def test_a_report_that_is_read_already_is_to_be_written(tmp_path):
    report = icreport.read('{"elements": []}')
    with pytest.raises(ReadError, match=r"icreport\.write\(report, target\)"):
        icreport.convert(report, tmp_path / "a.html")
