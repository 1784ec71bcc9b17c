import gzip
import io
import json
import os
import subprocess
import sys
import zlib
from functools import cache, reduce

import pytest
from pypdf import PdfReader

import icreport
from icreport import Report, Table
from icreport.errors import LimitError, UsageError
from icreport.limits import Limits


def table(columns=1, values=1, text="x", rows=1):
    row = {"cells": [{"value": text}] * values}
    data = {"columns": [{"caption": "A"}] * columns, "rows": [row] * rows}
    return json.dumps({"elements": [{"type": "table", "caption": "T", "data": data}]}).encode()


def deep(depth):
    return b'{"elements": [{"type": "x", "data": %b}]}' % (b"[" * depth + b"]" * depth)


def sections(count):
    return b'{"elements": [%b]}' % b",".join([b'{"type": "section"}'] * count)


def nests(depth, places):
    """A table in which the first row alone nests, in its value, key or a field of the row or its cell."""
    nest = reduce(lambda inner, _: [inner], range(depth - 1), [])
    value, key, x, y = (nest if name in places else 1 for name in ("value", "key", "x", "y"))
    cell = {"value": value} | ({"y": y} if "y" in places else {})
    row = {"sourceKey": key, "cells": [cell]} | ({"x": x} if "x" in places else {})
    return with_first(row)


def first_of_four(text):
    return with_first({"sourceKey": 1, "cells": [{"value": text}]})


def with_first(row):
    """A table whose first row is looked at with those after it, and not alone as a last one may be."""
    usual = {"sourceKey": 1, "cells": [{"value": 1}]}
    return json.dumps({"elements": [{"type": "table", "data": {"rows": [row, usual, usual, usual]}}]}).encode()


# How many arrays and objects are around which place.
NESTS = [(3, {"value"}), (1, {"key"}), (1, {"x"}), (3, {"y"})]


def deep_text(length):
    return table(text=[{"x" * length: 1}, "\u00e9\U0001f600" * (length // 2)])


def zipped(document):
    # Without the time, which would be in the name of the test.
    return gzip.compress(document, mtime=0)


@cache
def packed(megabytes):
    pack = zlib.compressobj(1, wbits=31)
    parts = [pack.compress(b'{"elements": ['), *[pack.compress(b" " * (1 << 20)) for _ in range(megabytes)]]
    return b"".join([*parts, pack.compress(b"]}"), pack.flush()])


@pytest.mark.parametrize(
    ("limits", "fits", "too_much", "said"),
    [
        ({"depth": 9}, deep(9), deep(10), "elements[0]: arrays and objects nest deeper than 9 (ICREPORT_MAX_DEPTH"),
        ({"elements": 3}, sections(3), sections(4), "the report has more elements than 3 (ICREPORT_MAX_ELEMENTS"),
        ({"columns": 7}, table(7), table(8), 'elements[0] "T": the table has more columns than 7 (ICREPORT_MAX_COL'),
        ({"columns": 7}, table(1, 7), table(1, 8), 'elements[0] "T": a row has more values than 7 (ICREPORT_MAX_COL'),
        ({"cell": 500}, table(text="x" * 500), table(text="x" * 501), "more characters than 500 (ICREPORT_MAX_CELL"),
        ({"cell": 500}, first_of_four("x" * 500), first_of_four("x" * 501), "a text has more characters than 500"),
        ({"columns": 7}, table(7, 7, rows=3), table(7, 8, rows=3), "a row has more values than 7"),
        *[({"depth": 9}, nests(9 - n, at), nests(10 - n, at), "arrays and objects nest deeper") for n, at in NESTS],
        ({"cell": 500}, b'{"name": "%b", "elements": [{"type": "x"}]}' % (rb"\u0078" * 500),
         b'{"name": "%b", "elements": []}' % (b"x" * 501), "a text has more characters than 500"),
        ({"cell": 500}, deep_text(500), deep_text(501), "elements[0]: a text has more characters than 500"),
        ({"unpacked": 100}, zipped(sections(4)), zipped(sections(5)), "more bytes than 100 (ICREPORT_"),
    ],
)  # fmt: skip
def test_each_limit_is_kept_to_the_last_and_gives_one_clear_error(limits, fits, too_much, said):
    assert icreport.read(fits, limits=Limits(**limits)).elements
    for read in (icreport.read, scan_all):
        with pytest.raises(LimitError) as caught:
            read(too_much, limits=Limits(**limits))
        assert said in str(caught.value)
    assert icreport.read(too_much) is not None


@pytest.mark.parametrize("start", [b'{"name": "', b'{"name": '])
def test_a_text_or_number_without_end_is_not_read_to_its_end(start):
    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return start if self.given == size else b"1" * size

    with pytest.raises(LimitError, match="more characters than 1,000"):
        icreport.read(Endless(), limits=Limits(cell=1000))


def scan_all(source, limits):
    with icreport.scan(source, limits=limits) as report:
        for element in report.elements:
            list(getattr(element, "rows", ()))


def test_pages_are_limited_before_they_are_laid_out():
    source, limits = table(rows=301), Limits(pages=3)
    with pytest.raises(LimitError, match=r"at 100 rows a page, .* more pages than 3 \(ICREPORT_MAX_PAGES"):
        icreport.convert(source, io.BytesIO(), format="pdf", limits=limits)
    assert icreport.convert(source, io.BytesIO(), format="html", limits=limits).rows == 301


def test_the_limit_of_pages_does_not_stop_a_report_of_many_small_tables():
    # They take more pages than the limit says: it is there for tables without end.
    tables = [Table(caption=f"Table {n}", columns=["A"], rows=[[n]]) for n in range(30)]
    target = io.BytesIO()
    icreport.convert(Report(elements=tables).to_json(), target, format="pdf", limits=Limits(pages=1))
    pages = PdfReader(target).pages
    assert len(pages) > 1
    assert "Table 29" in pages[-1].extract_text()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (sections(1_000_000), "more elements than 100,000"),
        (table(20_000, 20_000), "more columns than 16,384"),
        (table(1, 20_000), "more values than 16,384"),
        (deep(100_000), "deeper than 500"),
        (b"[" * 100_000, "deeper than 500"),
        (b'{"elements":' * 100_000, "deeper than 500"),
        (packed(200), "more than 200 times as large"),
        (zipped(packed(200)), "looks like UTF-16"),
        (table(text="x" * (1 << 24) + "y"), "more characters than 16,777,216"),
    ],
    ids=["elements", "columns", "values", "depth", "depth of all", "objects", "bomb", "bomb in a bomb", "text"],
)  # fmt: skip
def test_without_a_limit_said_the_defaults_stop_what_nobody_means(source, said):
    with pytest.raises(icreport.IcreportError, match=said):
        icreport.convert(source, io.BytesIO(), format="csv")


def test_a_text_of_ten_megabytes_is_kept():
    text = "word " * (2 << 20)
    report = icreport.read(table(text=text))
    assert report.elements[0].rows[0][0] == text
    assert text.encode() in icreport.render(report, "csv")
    assert text.encode() in icreport.render(report, "html")


def test_the_environment_sets_limits_and_says_what_is_wrong_with_them(tmp_path, monkeypatch):
    monkeypatch.setenv("ICREPORT_MAX_ELEMENTS", "2")
    with pytest.raises(LimitError, match="more elements than 2 "):
        icreport.read(sections(3))
    for wrong in ("many", "0", "-1", "1.5"):
        monkeypatch.setenv("ICREPORT_MAX_ELEMENTS", wrong)
        with pytest.raises(UsageError, match="not a whole number"):
            icreport.convert(sections(3), tmp_path / "out.html")
    environment = os.environ | {"ICREPORT_MAX_ELEMENTS": "2"}
    command = [sys.executable, "-m", "icreport", "convert", "-", "-o", "-", "-t", "html"]
    done = subprocess.run(command, input=sections(3), env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        b"icreport: the report has more elements than 2 (ICREPORT_MAX_ELEMENTS sets this limit)\n",
    )


def test_the_depth_that_the_decoder_bears_is_the_most():
    assert icreport.read(deep(900), limits=Limits(depth=900)).elements
    with pytest.raises(UsageError, match="up to 900"):
        Limits(depth=901)
