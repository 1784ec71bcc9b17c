import gzip
import io
import json
import os
import tempfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icreport
from documents import documents, serialise
from icreport.errors import JsonError, LimitError, LossError, ReadError, ShapeError
from icreport.limits import Limits
from icreport.model.elements import Paragraph, Section, Table, UnknownElement
from icreport.reading.cursor import Cursor, Mark
from icreport.reading.document import Document
from icreport.reading.text import utf8_blocks
from icreport.values import ExactFloat
from icreport.warnings import Warnings

SAMPLES = Path(__file__).parents[2] / "samples"
SAMPLE = SAMPLES / "job-content.json"


def in_order(value):
    """A value in which the order of keys counts."""
    if isinstance(value, dict):
        return [(key, in_order(item)) for key, item in value.items()]
    return [in_order(item) for item in value] if isinstance(value, list) else value


def walked(elements):
    """What a reader of elements sees, rows walked."""
    seen = []
    for element in elements:
        fields = element.to_object()
        if isinstance(element, Table):
            rows = [row.to_object() for row in element.rows]
            fields["data"] = fields["data"] | {"rows": rows}
            seen.append((element.caption, [c.head for c in element.columns], [c.head for c in element.categories]))
        seen.append(fields)
    return seen


def test_the_documented_example_has_its_table_and_paragraph():
    report = icreport.read(SAMPLE)
    table, paragraph = report.elements
    assert (table.type, table.caption, table.source_business_object) == ("table", "Table of Data", "Task")
    assert [column.caption for column in table.columns] == ["Asset", "Event Type", "Workpack"]
    assert [(row.source_key, *row) for row in table.rows] == [
        (1, "Test Asset", "GVI", "Workpack A"),
        (2, "Test Asset", "GVI", "Workpack B"),
    ]
    assert paragraph.text == "Report generated in 00:00:01"
    assert report.name is None


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_samples_come_back_from_the_model_as_they_were(sample):
    assert in_order(json.loads(icreport.read(sample).to_json())) == in_order(json.loads(sample.read_text()))


@given(documents, st.integers())
def test_any_document_comes_back_in_the_same_order_with_unknown_fields(document, seed):
    back = json.loads(icreport.read(serialise(document, seed)).to_json())
    assert in_order(back) == in_order(document)


@settings(max_examples=300)
@given(documents, st.integers(), st.integers(1, 200) | st.integers(200, 5000))
def test_scan_gives_what_read_gives_whatever_the_key_order_and_block_size(document, seed, size):
    text = serialise(document, seed).encode()
    whole = icreport.read(text)
    limits = Limits()
    blocks = utf8_blocks(io.BytesIO(text), limits, size=size)
    scanned = Document(Cursor(blocks, Warnings(), limits), Warnings(), {})
    assert walked(scanned.elements()) == walked(whole.elements)
    assert scanned.fields.get("name") == whole.name


@given(
    documents, st.sampled_from(["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-be"]), st.integers()
)
def test_encodings_with_a_byte_order_mark_read_the_same(document, encoding, seed):
    text = serialise(document, seed)
    marked = text if encoding in {"utf-8-sig", "utf-16", "utf-32"} else "\ufeff" + text
    assert icreport.read(marked.encode(encoding)).to_json() == icreport.read(text).to_json()


def test_every_kind_of_source_reads_the_same(tmp_path):
    text = SAMPLE.read_bytes()
    packed = tmp_path / "report.json.gz"
    packed.write_bytes(gzip.compress(text))
    expected = icreport.read(SAMPLE).to_json()
    sources = [str(SAMPLE), text, text.decode(), json.loads(text), io.BytesIO(text), io.StringIO(text.decode()), packed]
    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as archive:
        archive.write(SAMPLE, "a.json")
    sources += [f"file://{SAMPLE}", f"zip://a.json::file://{tmp_path}/reports.zip"]
    assert [icreport.read(source).to_json() for source in sources] == [expected] * len(sources)


@pytest.mark.parametrize("start", ["", "\ufeff", " \r\n", "\ufeff\n"])
def test_text_that_starts_with_a_brace_is_json_whatever_stands_before(start):
    assert icreport.read(start + SAMPLE.read_text()).to_json() == icreport.read(SAMPLE).to_json()


class Stream:
    """Something with a `read` that does what it likes."""

    def __init__(self, read):
        self.read = read


def test_a_stream_may_give_more_or_less_than_it_was_asked_for():
    data = SAMPLE.read_bytes()
    for step in (1, 7, 1 << 22):
        parts = [data[at : at + step] for at in range(0, len(data), step)]
        assert icreport.read(Stream(lambda size: parts.pop(0) if parts else b"")).elements  # noqa: B023


def broken(error):
    def read(size):
        raise error

    return Stream(read)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a\0b.json", "there can be no file 'a\\x00b.json'"),
        ("a\ud800.json", "there can be no file 'a\\ud800.json'"),
        ("[" + "x" * 100_000, "cannot read"),
        (Stream(lambda size: None), "reading failed"),
        (Stream(lambda size: 5), "reading failed"),
        (Stream(lambda: b""), "reading failed"),
        (broken(EOFError("ended early")), "reading failed: ended early"),
        (broken(RuntimeError("odd")), "reading failed: odd"),
        (broken(OSError("https://host/x?hash=secret")), "reading failed: https://host/x?…"),
        (io.TextIOWrapper(io.BytesIO(b'{"name": "caf\xe9"}'), "utf-8"), "can't decode byte 0xe9"),
    ],
)
def test_a_source_that_cannot_be_read_is_told_shortly_and_without_secrets(source, said):
    with pytest.raises(ReadError) as caught:
        icreport.read(source)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300
    assert "secret" not in str(caught.value)


def test_damaged_gzip_is_told_wherever_the_damage_is():
    packed = gzip.compress(icreport.read(SAMPLE).to_json().encode() + b" " * 1000 + os.urandom(2000).hex().encode())
    for at in range(0, len(packed), 5):
        with pytest.raises(ReadError):
            icreport.read(packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at + 1 :])


@pytest.fixture
def server():
    """A server on this machine with a report, and some that break."""
    data = SAMPLE.read_bytes()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self.do_GET()

        def do_GET(self):
            name = self.path.partition("?")[0]
            body = gzip.compress(data) if name.endswith(".gz") else data
            self.send_response({"/missing": 404, "/broken": 500}.get(name, 200))
            self.send_header("Content-Length", str(len(body) * (2 if name == "/short" else 1)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)
            self.close_connection = name == "/short"

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("name", ["report.json", "report.json.gz", "report?hash=secret"])
def test_a_report_is_read_from_a_url(server, name):
    report = icreport.read(f"{server}/{name}")
    assert (report.source, report.to_json()) == ("report", icreport.read(SAMPLE).to_json())


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing", "there is nothing to read at"), ("broken", "nothing to read at"), ("short", "reading failed")],
)
def test_a_url_that_gives_no_report_is_told_without_its_secrets(server, name, said):
    with pytest.raises(ReadError, match=said) as caught:
        icreport.read(f"{server}/{name}?hash=secret")
    assert "secret" not in str(caught.value)


def test_rows_that_find_no_room_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    large = json.dumps({"elements": [{"type": "table", "data": {"rows": [{"cells": [{"value": "x" * 99}]}] * 50_000}}]})
    for source, what in ((large, "rows"), (io.StringIO(large), "the source")):
        with pytest.raises(ReadError, match=f"cannot keep {what} in a temporary file: .* set TMPDIR"):
            icreport.read(source)


def test_a_scan_can_be_walked_again_from_the_first_element():
    with icreport.scan(SAMPLE) as report:
        first = next(report.elements)
        assert next(report.elements).caption == first.caption
        assert walked(report.elements) == walked(report.elements)
        assert (
            icreport.render(report, "csv")
            == icreport.render(report, "csv")
            == icreport.render(icreport.read(SAMPLE), "csv")
        )


def test_a_name_after_the_elements_is_known_before_them_in_a_scan():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    with icreport.scan(Pipe(b'{"elements": [{"type": "section"}], "name": "Late"}')) as report:
        assert report.name == "Late"
        assert [element.type for element in report.elements] == ["section"]


def test_a_stream_without_a_name_of_its_own_gives_no_title():
    reader, writer = os.pipe()
    os.write(writer, SAMPLE.read_bytes())
    os.close(writer)
    assert icreport.read(f"/dev/fd/{reader}").source is None
    os.close(reader)
    with SAMPLE.open() as file:
        assert icreport.read(file).source == "job-content"
    stream = io.BytesIO(SAMPLE.read_bytes())
    stream.name = "<stdin>"
    assert icreport.read(stream).source is None


def test_rows_of_a_scan_are_gone_when_the_scan_has_gone_on():
    with icreport.scan(SAMPLE) as report:
        first, _ = list(report.elements)
        with pytest.raises(ReadError, match="the scan has gone on"):
            list(first.rows)


def test_numbers_keep_every_digit():
    literals = ["12.10", "1e400", "-0.0", "1E5", "0.1", "123456789012345678901234567890", "0.30000000000000004"]
    cells = ", ".join(f'{{"value": {literal}}}' for literal in literals)
    document = f'{{"elements": [{{"type": "table", "data": {{"rows": [{{"cells": [{cells}]}}]}}}}]}}'
    report = icreport.read(document)
    row = next(iter(report.tables[0].rows))
    assert list(map(str, row)) == literals
    assert [type(value) for value in row][:2] == [ExactFloat, ExactFloat]
    assert row[0] == 12.1
    assert f'[{{"value":{literals[0]}}}' in report.to_json()


def test_captions_that_are_numbers_keep_every_digit():
    columns = '[{"caption": 12.10}, {"caption": 1e400}, {"caption": 12345678901234567890123}]'
    report = icreport.read('{"elements": [{"type": "table", "data": {"columns": %s}}]}' % columns)  # noqa: UP031 - braces
    assert report.tables[0].names == ["12.10", "1e400", "12345678901234567890123"]
    assert columns.replace(" ", "") in report.to_json()


def test_an_integer_longer_than_python_reads_is_an_error_of_ours():
    for rows in (1, 3):
        table = {"type": "table", "data": {"rows": [{"cells": [{"value": "X"}]}] * rows}}
        with pytest.raises(LimitError, match=r"elements\[0\]: an integer has 5,000 digits, more than the 4,300"):
            icreport.read(json.dumps({"elements": [table]}).replace('"X"', "1" * 5000))


def test_fields_named_as_ours_are_in_python_stay_what_they_are():
    data = {"source_business_object": "a", "sourceBusinessObject": "b", "columns": [], "_keys": 1}
    document = {"_source": 1, "warnings": 2, "elements": [{"type": "table", "data": data, "rows": 1, "text": 2}]}
    report = icreport.read(document)
    assert in_order(json.loads(report.to_json())) == in_order(document)
    assert (report.tables[0].source_business_object, report.warnings) == ("b", ())


def test_what_reading_changed_is_told_by_the_report_and_by_what_is_written_of_it():
    source = r'{"elements": [{"type": "table", "data": {"rows": [{"cells": [{"value": "\ud800"}, "bare"]}]}}]}'
    report = icreport.read(source)
    assert [(told.code, told.loss) for told in report.warnings] == [("lone-surrogate", True), ("bare-cell", False)]
    written = icreport.write(report, io.BytesIO(), "csv")
    assert (written.warnings, written.lossless) == (report.warnings, False)
    assert written.warnings == icreport.convert(source, io.BytesIO(), format="csv").warnings
    with pytest.raises(LossError, match="halves of surrogate pairs"):
        icreport.write(report, io.BytesIO(), "csv", strict=True)


def test_half_a_surrogate_pair_becomes_the_replacement_character():
    document = (
        r'{"elements": [{"type": "paragraph", "data": {"text": [{"value": "cut \ud83d \ud83d\ude00 \\ud83d"}]}}]}'
    )
    (paragraph,) = icreport.read(document).elements
    assert paragraph.text == "cut \ufffd \U0001f600 \\ud83d"
    table = (
        document.replace('"paragraph"', '"table"')
        .replace('"text"', '"rows"')
        .replace('{"value"', '{"cells": [{"value"')
    )
    rows = icreport.read(table.replace('"}]', '"}]}]')).tables[0].rows
    assert next(iter(rows))[0] == "cut \ufffd \U0001f600 \\ud83d"


def test_the_last_of_equal_keys_counts():
    report = icreport.read(
        '{"name": "a", "name": "b", "elements": [{"type": "section", "caption": "x", "caption": "y"}]}'
    )
    assert (report.name, report.elements[0].caption) == ("b", "y")


def test_element_types_are_told_apart():
    kinds = [
        {"type": "section", "data": {}},
        {"type": "chart", "data": {"rows": [1]}},
        {"type": "paragraph"},
        {"type": "table", "data": {"columns": []}},
    ]
    found = [type(element) for element in icreport.read({"elements": kinds}).elements]
    assert found == [Section, UnknownElement, Paragraph, Table]


TABLE = '{"elements": [{"type": "section"}, {"type": "table", "caption": "Anomalies", "data": %s}]}'


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        (b"", ReadError, "the source is empty"),
        (b" \n", ReadError, "the source is empty"),
        (b"nonsense", JsonError, "line 1 column 1 "),
        (b'{"elements": [\n  {"type": x}]}', JsonError, "line 2 column 12 (byte 26)"),
        (b'{"elements": []} {}', JsonError, "more after the end of the document at line 1 column 18"),
        (b'{"elements": [{"type": "section"', JsonError, "the document is cut off at line 1 column 33"),
        (b"[]", ShapeError, "the document is a list"),
        (b"{}", ShapeError, "it has no elements"),
        (b'{"elements": 5}', ShapeError, "a number, not a list"),
        (b'{"elements": [5]}', ShapeError, "elements[0]: an element is a number"),
        (b'{"elements": [{}]}', ShapeError, "elements[0]: it has no type"),
        (b'{"elements": [{"type": null}]}', ShapeError, "elements[0]: the type of an element is null"),
        (b'{"elements": [], "elements": []}', ShapeError, '"elements" twice'),
        (b'{"elements": [], "name": 5}', ShapeError, "the name of the report is a number"),
        (TABLE % "{}", ShapeError, 'elements[1] "Anomalies": the table has neither columns nor rows'),
        (TABLE % "null", ShapeError, "the data of a table is null"),
        (TABLE % '{"rows": {}}', ShapeError, "the rows of a table are an object"),
        (TABLE % '{"rows": [], "rows": []}', ShapeError, '"rows" twice'),
        (TABLE % '{"rows": [{}, 5]}', ShapeError, 'elements[1] "Anomalies", row 2: a row is a number'),
        (TABLE % '{"rows": [{"cells": 1}]}', ShapeError, "row 1: the cells of a row are a number"),
        (TABLE % '{"columns": [1]}', ShapeError, "data.columns[0]"),
        (TABLE % '{"rows": [{"cells": [{"value": NaN}]}]}', JsonError, "NaN is not a JSON value"),
        (TABLE % '{"rows": [{"cells": [{"value": "a\0b"}]}]}', JsonError, "control character"),
        (TABLE % ('{"x": ' + "[" * 600 + "]" * 600 + "}"), LimitError, "deeper than 500"),
        (TABLE % ('{"rows": [{"cells": [' + "[" * 100_000 + "]" * 100_000 + "]}]}"), LimitError, "deeper than 500"),
        (b'{"elements": [{"type": "caf\xe9"}]}', ReadError, "byte 0xe9 at offset 27 is not UTF-8"),
        ('{"elements": []}'.encode("utf-16-le"), ReadError, "UTF-16 without a byte order mark"),
        ('{"elements": []}'.encode("utf-32-be"), ReadError, "UTF-32 without a byte order mark"),
        (gzip.compress(b'{"elements": []}', mtime=0)[:-9], ReadError, "the gzip data is cut off"),
        ("no-such-file.json", ReadError, "there is no file 'no-such-file.json'"),
        ("/", ReadError, "'/' is a folder"),
        (7, ReadError, "a int is no source"),
        ({"elements": [float("nan")]}, ReadError, "not a JSON document"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line_with_its_place(source, kind, message):
    with pytest.raises(ReadError) as caught:
        icreport.read(source)
    assert type(caught.value) is kind
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@given(documents.filter(lambda document: document["elements"]), st.integers(), st.data())
def test_a_document_cut_anywhere_is_found_out(document, seed, data):
    text = serialise(document, seed)
    cut = data.draw(st.integers(0, len(text.rstrip()) - 1))
    with pytest.raises(ReadError):
        icreport.read(text[:cut].encode())


def test_a_string_that_looks_like_the_end_of_a_row_does_not_end_it():
    tricky = '"}]},{"sourceKey":9,"cells":[{"value":"'
    document = {
        "elements": [
            {
                "type": "table",
                "data": {
                    "rows": [
                        {"sourceKey": n, "cells": [{"value": tricky}, {"value": [{"sourceKey": n}]}]}
                        for n in range(9000)
                    ]
                },
            }
        ]
    }
    assert in_order(json.loads(icreport.read(document).to_json())) == in_order(document)


@pytest.mark.parametrize(
    "rows",
    [
        r'{"cells":[{"value":1}],"sourceKey":1},{"sourceKey":2,"cells":[{"value":{"cells":5}}]}',
        r'{"sourceKey":1,"cells":[{"value":{"sourceKey":5}}]},{"cells":[{"value":"{"}]},{"sourceKey":3,"cells":[]}',
        r'{"\u0063ells":[{"value":1}],"sourceKey":1},{"\u0063ells":[],"sourceKey":2}',
        r'{"sourceKey":"{a}","cells":[{"value":"{\"sourceKey\":1"}]},{"sourceKey":"{b}","cells":[]}',
    ],
)
def test_values_that_look_like_rows_change_no_order(rows):
    document = '{"elements":[{"type":"table","data":{"rows":[%s]}}]}' % rows  # noqa: UP031 - braces
    assert in_order(json.loads(icreport.read(document).to_json())) == in_order(json.loads(document))


def test_rows_before_columns_and_data_before_type_are_read_in_bulk():
    rows = [{"cells": [{"value": n}, {"value": str(n)}], "sourceKey": n} for n in range(20_000)]
    document = {
        "elements": [{"data": {"rows": rows, "columns": [{"caption": "A"}]}, "caption": "late", "type": "table"}]
    }
    with icreport.scan(document) as report:
        (seen,) = [(e.caption, e.names, sum(row[0] for row in e.rows)) for e in report.elements]
    assert seen == ("late", ["A"], sum(range(20_000)))
    assert in_order(json.loads(icreport.read(document).to_json())) == in_order(document)


@given(st.text(st.sampled_from("a\nø語😀"), max_size=30), st.integers(0, 30), st.sampled_from([1, 2, 5, 64]))
def test_columns_are_counted_in_characters_wherever_blocks_end(text, at, size):
    text = text[:at] + "?" + text[at:]
    cursor = Cursor(utf8_blocks(io.BytesIO(text.encode()), Limits(), size=size), Warnings(), Limits())
    while (found := cursor.data.find(b"?")) < 0:
        cursor.pos = len(cursor.data)
        cursor.refill()
    before = text.partition("?")[0]
    lines = before.count("\n")
    assert cursor.mark(found) == Mark(len(before.encode()), 1 + lines, 1 + len(before.rpartition("\n")[2]))
