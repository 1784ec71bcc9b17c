"""What people type and servers send: each has an answer in every format."""

import codecs
import copy
import csv
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

import icreport
from icreport.client.content import file_name
from icreport.errors import ReadError
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.report import Report
from icreport.reading.schema import json_schema

FORMATS = ["csv", "html", "xlsx"]
DOCUMENT = {
    "name": "N",
    "elements": [
        {"type": "paragraph", "caption": "P", "data": {"text": [{"value": "v"}]}},
        {"type": "section", "caption": "S", "data": {}},
        {
            "type": "table",
            "caption": "T",
            "data": {
                "sourceBusinessObject": "O",
                "columns": [{"caption": "A"}, {"caption": "B"}],
                "categories": [{"caption": "C"}],
                "rows": [{"sourceKey": 1, "cells": [{"value": "x"}, {"value": 2}]}],
            },
        },
    ],
}
MISSING = object()
SCHEMA = Draft202012Validator(json_schema())


def places(value, path=()):
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


def with_value(path, value):
    """Give the document with another value, or none, at one place."""
    if not path:
        return value
    document = copy.deepcopy(DOCUMENT)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    if value is MISSING:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return document


@pytest.mark.parametrize("path", list(places(DOCUMENT))[1:], ids=lambda path: ".".join(map(str, path)))
def test_every_place_of_the_schema_may_hold_anything(path):
    for value in (MISSING, None, True, 5, -1.5, "text", [], {}, [[]], [None], {"a": 1}, [{}], [5], "x" * 5000):
        source = json.dumps(document := with_value(path, value)).encode()
        try:
            report = icreport.read(source)
        except ReadError as error:
            assert not SCHEMA.is_valid(document)
            kind = type(error)
            with pytest.raises(kind, match=r"\A[^\n]+\Z"), icreport.scan(source) as scan:
                for element in scan.elements:
                    list(getattr(element, "rows", ()))
            continue
        assert json.loads(report.to_json()) == json.loads(source)
        assert SCHEMA.is_valid(document) == (not report.warnings)
        for format_ in FORMATS if report.tables else ["html", "xlsx"]:
            assert icreport.convert(source, io.BytesIO(), format=format_).rows in {0, 1}


FORMULAS = ["=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0bx", "\uff0dx", "\uff20x",
            "=cmd|' /C calc'!A0", '=HYPERLINK("http://192.0.2.1")', '=WEBSERVICE("http://192.0.2.1")',
            "-2+3+cmd|' /C calc'!A0", "+1-1", "=", "@", "\ufeff=1"]  # fmt: skip
HARMLESS = ['"=1+1"', " =1+1", "'=1+1", "-12.5", "+44 20 7946 0958", "+44 (0)20 7946", "-1,234.50", "-5 %",
            "1-2", "a=b", "-0", "+1"]  # fmt: skip


@pytest.mark.parametrize("options", [{}, {"quoting": "all"}, {"delimiter": ";"}, {"delimiter": "\t"}, {"bom": True}])
@pytest.mark.parametrize(("text", "mark"), [*[(t, "'") for t in FORMULAS], *[(t, "") for t in HARMLESS]])
def test_a_formula_in_a_csv_is_text_and_a_number_stays(text, mark, options):
    report = Report(elements=[Table(columns=[text, "B"], rows=[(text, 1), ([text], -1.5)])])
    lines = icreport.render(report, "csv", **options).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(lines, newline=""), delimiter=options.get("delimiter", ",")))
    assert rows == [
        [mark + text, "B"],
        [mark + text, "1"],
        [json.dumps([text], ensure_ascii=False, separators=(",", ":")), "-1.5"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        *FORMULAS,
        *HARMLESS,
        "&L&P&[Path]",
        "&Cx",
        "x" * 300,
        "'edge'",
        "[]:*?/\\",
        "History",
        '</t></is></c><c><f>1+1</f></c><c t="inlineStr"><is><t>',
    ],
)
def test_no_text_becomes_a_formula_or_a_code_anywhere_in_a_workbook(text):
    elements = [Table(caption=text, columns=[text, text.upper()], rows=[(text, 1)]), Paragraph(data={"text": text}),
                Section(caption=text), Table(caption=text.upper(), columns=[text], rows=[(text,)])]  # fmt: skip
    data = icreport.render(Report(name=text, elements=elements), "xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/sheet")]
    tags = {node.tag.rpartition("}")[2] for part in parts.values() for node in ElementTree.fromstring(part).iter()}
    assert not tags & {"f", "calculatedColumnFormula", "totalsRowFormula"}
    for code in re.findall(r"<odd(?:Header|Footer)>(.*?)</odd", "".join(sheets)):
        shown = code.replace("&amp;", "&").replace("&&", "")
        assert set(re.findall(r"&(.)", shown)) <= set('LCRPNAD"0123456789')
    names = re.findall(r'<sheet [^>]*name="([^"]*)"', parts["xl/workbook.xml"])
    assert len({name.casefold() for name in names}) == len(names)
    assert not any(set(name.replace("&amp;", "")) & set("[]:*?/\\") or name.strip("'") != name for name in names)


@pytest.mark.parametrize(
    "literal",
    ["-0.0", "1e400", "-1e400", "1" + "0" * 30, "12345678901234567890", "0.1", "0.30000000000000004", "12.10", "1E5",
     "1e-320", "-0", "123456789.123456789123456789"],
)  # fmt: skip
@pytest.mark.parametrize("format_", ["csv", "html"])
def test_a_number_is_shown_digit_by_digit_as_it_came(literal, format_):
    data = {"columns": [{"caption": "A"}], "rows": [{"cells": [{"value": "X"}]}]}
    source = json.dumps({"elements": [{"type": "table", "data": data}]}).replace('"X"', literal)
    data = icreport.render(icreport.read(source), format_).decode()
    shown = "0" if literal == "-0" else literal
    assert re.search(rf"(?:^|>){re.escape(shown)}(?:\r|<)", data, re.MULTILINE)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "0x1", "1_000", "nul"])
def test_what_json_has_no_number_for_is_an_error_with_its_place(literal):
    source = '{"elements": [{"type": "table", "data": {"rows": [{"cells": [{"value": X}]}]}}]}'
    with pytest.raises(ReadError, match="line 1 column"):
        icreport.read(source.replace("X", literal))


TEXT = json.dumps(DOCUMENT)


MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
}


@pytest.mark.parametrize(
    "data", [*[mark + TEXT.encode(name) for mark, name in MARKS.items()], TEXT.encode() + b" \r\n\t"]
)
def test_a_report_in_any_encoding_of_unicode_is_read(data):
    assert icreport.read(data).to_object() == DOCUMENT


@pytest.mark.parametrize(
    ("data", "said"),
    [
        *[(TEXT.encode(name), f"looks like {name[:6].upper()} without") for name in list(MARKS.values())[1:]],
        (codecs.BOM_UTF8 * 2 + TEXT.encode(), "at line 1 column 1"),
        (TEXT.encode() * 2, "more after the end"),
        (TEXT.encode() + b"\0", "more after the end"),
        (b"\0" + TEXT.encode(), "looks like UTF-16 without"),
        (TEXT.encode().replace(b'"N"', b'"\xff"'), "byte 0xff at offset 10 is not UTF-8"),
        (TEXT.encode().replace(b'"N"', b'"\xed\xa0\x80"'), "byte 0xed at offset 10 is not UTF-8"),
        (TEXT.encode().replace(b'"N"', b'"\xc0\x80"'), "byte 0xc0 at offset 10 is not UTF-8"),
        (b"PK\x03\x04" + TEXT.encode(), "this is a ZIP archive, not a report document"),
        (b"%PDF-1.7", "this is a PDF, not a report document"),
        (b"<html>", "this is an HTML page, not a report document"),
        (b"\x1f\x8b", "gzip data is cut off"),
        (b"\x1f\x8b" + TEXT.encode(), "reading failed"),
        (b" ", "the source is empty"),
    ],
)
def test_bytes_are_a_report_or_an_error_that_names_them(data, said):
    with pytest.raises(ReadError, match=r"\A[^\n]+\Z") as caught:
        icreport.read(data)
    assert said in str(caught.value)


def test_a_document_cut_at_any_byte_is_an_error():
    for end in range(len(TEXT)):
        with pytest.raises(ReadError):
            icreport.read(TEXT.encode()[:end])


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="a.json"', "a.json"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="/etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\dir\\\\a.json"', "a.json"),
        ('attachment; filename="C:a.json"', "C_a.json"),
        ('attachment; filename=".."', "report"),
        ('attachment; filename="CON"', "report"),
        ('attachment; filename="nul.json"', "report"),
        ('attachment; filename="a\0b.json"', "a_b.json"),
        ('attachment; filename="a\r\nX: y.json"', "a  X_ y.json"),
        ("attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.json", "r\u00e9sum\u00e9.json"),
        ("attachment; filename*=UTF-8''..%2F..%2Fa.json", "a.json"),
        ("attachment; filename*=UTF-8''a%00b%0Ac.json", "a_b_c.json"),
        ("attachment; filename*=no-such-charset''a.json", "a.json"),
        ("attachment; filename*0=a; filename=b", "b"),
        (f'attachment; filename="{"x" * 300}"', "x" * 150),
        ("attachment", "report"),
        ("", "report"),
        (";;;=", "report"),
    ],
)
def test_a_header_gives_a_harmless_name(header, name):
    assert file_name(header) == name
