"""The table of docs/trust.md: what is a loss, by design or told, and what `strict` makes of each."""

import ast
import json
import re
from pathlib import Path

import pytest

import icreport
from commands import run
from icreport.warnings import BY_DESIGN

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ([a-z, ]+) \| `([a-z-]+)` \| .* \| (loss|by design|told) \|$", re.MULTILINE)
TABLE = [(formats.split(", "), code, kind) for formats, code, kind in ROW.findall((ROOT / "docs/trust.md").read_text())]
EVERY = ["html", "pdf", "xlsx", "docx", "md", "csv", "jsonl", "parquet"]
TEXT = {"type": "paragraph", "data": {"text": [{"value": "Splash zone"}]}}


def table(*rows, columns=("A", "B"), **fields):
    cells = [{"cells": [{"value": value} for value in row]} for row in rows]
    return {"type": "table", "data": {"columns": [{"caption": name} for name in columns], "rows": cells}} | fields


def keyed(**fields):
    document = table(("x", "y"))
    document["data"] |= fields
    document["data"]["rows"][0]["sourceKey"] = 7
    return document


def theme(config, files=()):
    Path("theme/elements").mkdir(parents=True)
    Path("theme/theme.toml").write_text(config)
    for name, text in dict(files).items():
        Path("theme", name).write_text(text)
    return {"theme": "theme"}


def schema():
    Path("schema.json").write_text('{"fields": [{"name": "A", "type": "integer"}, {"name": "B"}]}')
    return {"schema": "schema.json"}


BROKEN = {"media_type": "image/png", "content": "iVBORw0KGgo="}
PLAIN = table(("x", "y"))
PIXEL = {
    "media_type": "image/png",
    "content": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
}
LINK = {"link": "https://host/{sourceBusinessObject}/{sourceKey}"}


# A document and its options in which nothing but this is the matter; options are made where the test runs.
def report(*elements):
    return {"elements": list(elements)}


HALF = b'{"elements": [{"type": "table", "caption": "\\ud83d", "data": {"columns": [{"caption": "A"}], "rows": []}}]}'
DIGITS = b'{"elements": [{"type": "table", "data": {"rows": [{"cells": [{"value": 0.12345678901234567891}]}]}}]}'
CASES = {
    ("unknown-element", "loss"): lambda: (report({"type": "map"}, PLAIN), {}),
    ("element-misfit", "loss"): lambda: (report({"type": "paragraph", "data": [1]}, PLAIN), {}),
    ("short-row", "loss"): lambda: (report(table(("x",))), {}),
    ("long-row", "loss"): lambda: (report(table(("x", "y", "z"))), {}),
    ("lone-surrogate", "loss"): lambda: (HALF, {}),
    ("wrong-format", "by design"): lambda: (report(keyed(icreport=5)), {}),
    ("cut-note", "loss"): lambda: (report(keyed(icreport={"note": "x" * 10_001})), {}),
    ("replaced-characters", "loss"): lambda: (report(table(("x\x01", "y"))), {}),
    ("dropped-link", "by design"): lambda: (report(keyed()), LINK),
    ("lost-image", "loss"): lambda: (report({"type": "image", "data": BROKEN}, PLAIN), {}),
    ("image-as-text", "loss"): lambda: (report({"type": "image", "data": PIXEL}, PLAIN), {}),
    ("missing-glyph", "loss"): lambda: (report(table(("\u0378", "y"))), {}),
    ("cut-head", "loss"): lambda: (report(table(("x", "y"), columns=("A" * 301, "B"))), {}),
    ("cut-text", "loss"): lambda: (report(table(("x" * 32768, "y"))), {}),
    ("rounded-time", "by design"): lambda: (report(table(("2026-01-02T03:04:05.1234567", "y"))), {}),
    ("line-ends", "by design"): lambda: (report(table(("x\r\ny", "z"))), {}),
    ("cut-header", "by design"): lambda: (report(PLAIN), theme(f'header = "{"x" * 120}"')),
    ("left-out", "by design"): lambda: (report(TEXT, PLAIN), {}),
    ("changed-heads", "by design"): lambda: (report(table(("x", "y"), columns=("A", "A"))), {}),
    ("escaped-formula", "by design"): lambda: (report(table(("=1+1", "y"))), {}),
    ("unencodable-character", "loss"): lambda: (report(table(("\u4e2d", "y"))), {"encoding": "cp1252"}),
    ("mixed-column", "loss"): lambda: (report(table((1, "y"), ("x", "y"))), {}),
    ("rounded-number", "loss"): lambda: (DIGITS, {}),
    ("blank-date", "by design"): lambda: (report(table(("2026-01-02", "y"), ("", "y"))), {}),
    ("schema-misfit", "loss"): lambda: (report(PLAIN), schema()),
}
"""A document with its options in which this code is all that is the matter."""
ELSEWHERE = {("dropped-link", "loss")}
"""What takes more than a small document: tests/rendering/xlsx/test_xlsx.py."""


@pytest.mark.parametrize(
    ("format", "code", "kind"),
    [
        (format, code, kind)
        for formats, code, kind in TABLE
        if kind != "told" and (code, kind) not in ELSEWHERE
        for format in (EVERY if formats == ["all"] else formats)
    ],
)
def test_what_the_table_says_of_a_code_is_so(format, code, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source, options = CASES[code, kind]()
    options = {name: value for name, value in options.items() if name in icreport.formats()[format].options()}
    target = tmp_path / ("out.zip" if (format, code) == ("csv", "changed-heads") else f"out.{format}")

    def convert(strict):
        return icreport.convert(source, target, format=format, strict=strict, **options)

    result = convert(strict=False)
    found = [told for told in (*result.warnings, *result.notes) if told.code == code]
    assert {told.loss for told in found} == {kind == "loss"}
    assert not result.lossless
    for strict in (True, "all"):
        if kind == "loss" or strict == "all":
            with pytest.raises(icreport.LossError):
                convert(strict)
        else:
            convert(strict)


def test_a_report_of_which_nothing_is_lost_passes_every_strictness_in_every_format(tmp_path):
    for format in EVERY:
        for strict in (True, "all"):
            assert icreport.convert(report(PLAIN), tmp_path / f"out.{format}", strict=strict).lossless


def test_every_code_that_is_told_is_in_the_table_and_no_other():
    calls = [
        node
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"add", "note"}
        if ast.unparse(node.func.value).endswith("warnings")
    ]
    told = {part.value for call in calls for part in call.args[:1] if isinstance(part, ast.Constant)}
    # Codes that are chosen between two (`grid.warn_of_length`), or told otherwise (`views.report`).
    assert told | {"short-row", "long-row", "left-out-by-view"} == {code for _, code, _ in TABLE}
    assert {code for _, code, kind in TABLE if kind == "by design"} == BY_DESIGN


def test_the_formats_of_the_table_are_ours():
    assert {format for formats, _, _ in TABLE for format in formats} - {"all"} <= set(icreport.formats())
    assert set(CASES) | ELSEWHERE == {(code, kind) for _, code, kind in TABLE if kind != "told"}


@pytest.mark.parametrize("strict", ["no", None, 1, "losses"])
def test_what_is_no_strictness_is_refused(strict, tmp_path):
    with pytest.raises(icreport.UsageError, match="strict is"):
        icreport.convert(report(PLAIN), tmp_path / "out.csv", strict=strict)
    with pytest.raises(icreport.UsageError, match="strict is"):
        icreport.convert_many([], tmp_path, "csv", strict=strict)


def test_the_command_line_is_as_strict(tmp_path):
    source = tmp_path / "source.json"
    source.write_text(json.dumps(report(TEXT, PLAIN)))

    def status(*words):
        return run("convert", *words, source, "-o", tmp_path / "out.csv").returncode

    assert [status(), status("--strict"), status("--strict=all"), status("--strict=some")] == [0, 0, 1, 2]
    assert run("batch", source, "-d", tmp_path / "out", "-t", "csv", "--strict=all").returncode == 4
