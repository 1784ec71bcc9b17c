"""Markdown: read back by markdown-it (GFM), to which no text of a report may be markup."""

import html
import itertools
import json
import re
import shutil
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import icreport
from icreport.model import Row
from icreport.values import text_of
from rendering.formatted import register
from rendering.hostile import TEXTS

READER = MarkdownIt("gfm-like")
NOT_HTML = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef]|[\ufffe\uffff]")
MARKUP = [
    "a|b", "\\", "\\|", "a\\", "|", "*a*", "_a_", "a_b_c", "__a__", "`a`", "``", "[a](b)", "![a](b)", "[a]: b", "<b>",
    "<!--", "&amp;", "&#32;", "&#x41;", "~~a~~", "~a~", "# a", "a #", "## ##", "> a", "- a", "+ a", "* a", "1. a",
    "1) a", "12.5", "-12.5", "---", "===", "***", "```", "~~~", "    code", "\tcode", " a ", "\u3000a\xa0",
    "www.example.com", "http://a.b", "https://a.b/c?d=e&f=g", "ftp://a.b", "//a.b", "example.com", "a@b.c",
    "mailto:a@b.c", "xmpp:a@b.c", "www.1", "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "$a$", "[ ] a",
    "[x] a", "[^1]", "[!NOTE]", ":-", "-:", "a\n-", "a\n=", "a|b\n-|-", "a\n\nb", "a  \nb", "a\\\nb", "\na", "a\n",
    "a\r\nb", "a\rb", "<br>", "**", "__init__", "@name", "#12", ":smile:",
]  # fmt: skip
pieces = st.one_of(
    st.sampled_from([*MARKUP, *TEXTS]), st.text(max_size=6), st.text("|\\*_`[]()<>&#~-+=:.!@/$ \n\t1aw", max_size=8)
)
texts = st.lists(pieces, max_size=4).map("".join)


def report(*elements, name="R"):
    return icreport.Report(name=name, elements=list(elements))


def parsed(*elements, name="R", **options):
    return READER.parse(icreport.render(report(*elements, name=name), "md", **options).decode())


def text_in(inline, allowed=()):
    """The text of a line as a reader sees it; anything that is markup fails."""
    parts = []
    for token in inline.children:
        if (token.type == "html_inline" and token.content == "<br>") or token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type not in allowed:
            assert token.type == "text", token
            parts.append(token.content)
    return "".join(parts)


def rows_in(tokens, allowed=()):
    rows = []
    for token, after in itertools.pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(text_in(after, allowed))
    return rows


def shown(text):
    return NOT_HTML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3), st.tuples(texts, texts))
def test_every_text_of_a_table_comes_back(rows, heads):
    tokens = parsed(icreport.Table(columns=heads, rows=rows))
    assert rows_in(tokens) == [list(map(shown, row)) for row in (heads, *rows)]
    assert [token.type for token in tokens if token.level == 0][2:] == ["table_open", "table_close"]


@settings(max_examples=150, deadline=None)
@given(texts.filter(str.strip), texts.filter(str.strip), texts)
@example("a #", "#", "a")
@example("a", "a", " \n0\n ")
def test_every_text_between_tables_comes_back(name, caption, text):
    tokens = parsed(icreport.Section(caption=caption), icreport.Paragraph(text=text), name=name)
    found = [
        (token.tag, text_in(after))
        for token, after in itertools.pairwise(tokens)
        if token.level == 0 and after.type == "inline"
    ]
    heads, listed = found[:2], found[2:]
    assert heads == [("h1", shown(name).replace("\n", " ")), ("h2", shown(caption).replace("\n", " "))]
    assert {tag for tag, _ in listed} <= {"p"}
    # Blank lines part paragraphs; all else is there, line by line.
    expected = [line for line in shown(text).split("\n") if line.strip()]
    assert [line for _, each in listed for line in each.split("\n")] == expected


def test_another_reader_finds_no_markup_either():
    """Pandoc reads formulas, footnotes and task lists as GitHub does; emoji no Markdown prevents."""
    if not shutil.which("pandoc"):
        pytest.skip("pandoc is not installed")
    table = icreport.Table(columns=["A"], rows=[(text,) for text in [*MARKUP, "www.1.example"]])
    elements = [icreport.Paragraph(text=text) for text in [*MARKUP, "www.1.example"]]
    data = icreport.render(report(*elements, table), "md")
    command = ["pandoc", "-f", "gfm+tex_math_dollars-emoji", "-t", "json"]
    found = json.loads(subprocess.run(command, input=data, capture_output=True, check=True).stdout)
    kinds = set(re.findall(r'"t": "(\w+)"', json.dumps(found["blocks"])))
    blocks = {"Header", "Para", "Table", "Plain", "AlignDefault", "ColWidthDefault"}
    assert kinds <= blocks | {"Str", "Space", "SoftBreak", "LineBreak", "RawInline"}
    assert set(re.findall(r'"RawInline", "c": (\[.*?\])', json.dumps(found["blocks"]))) == {'["html", "<br>"]'}


@settings(max_examples=50, deadline=None)
@given(texts)
def test_an_html_table_holds_the_same(text):
    tokens = parsed(icreport.Table(columns=["A"], rows=[(text,)]), tables="html")
    (block,) = [token for token in tokens if token.level == 0][2:]
    assert block.type == "html_block"
    (cell,) = re.findall("<td>(.*)</td>", block.content)
    assert html.unescape(cell.replace("<br>", "\n")) == shown(text)


def test_values_of_all_kinds_show_as_they_came():
    values = [12.5, -3, True, None, {"a": [1]}, "2026-01-02T03:04:05"]
    tokens = parsed(icreport.Table(columns=["A"], rows=[(value,) for value in values]))
    assert rows_in(tokens)[1:] == [[text_of(value)] for value in values]


def test_numbers_stand_at_the_right():
    tokens = parsed(icreport.Table(columns=["A", "B", "C"], rows=[(1, "x", None), (2.5, "1", None)]))
    (start, *_) = [token for token in tokens if token.type == "tr_open"]
    cells = tokens[tokens.index(start) :]
    styles = [token.attrs.get("style") for token in cells if token.type == "th_open"]
    assert styles == ["text-align:right", None, None]


def test_groups_totals_and_marks_can_be_read():
    table = register(8, groups=2).elements[0]
    tokens = parsed(table)
    rows = rows_in(tokens, allowed=("strong_open", "strong_close"))
    assert [row[0] for row in rows if row[0].startswith(("Leg", "Total", "Subtotal"))] == [
        "Leg 0",
        "Subtotal",
        "Leg 1",
        "Subtotal",
        "Total",
    ]
    assert rows[2][0] == "!! Critical"
    assert {len(row) for row in rows} == {6}
    assert text_in([token for token in tokens if token.type == "inline"][-1]) == "All of 137 rows"


@pytest.mark.parametrize("tables", ["pipes", "html"])
def test_rows_are_linked_to_their_records(tables):
    table = icreport.Table(columns=["A"], rows=[Row(("x]y",), "k&copy;|<>"), Row(("",), 7), Row(("z",))])
    document = icreport.render(report(table), "md", tables=tables, link="https://h/?a=1&lt;={sourceKey}").decode()
    found = re.findall('href="([^"]*)"', READER.render(document))
    assert list(map(html.unescape, found)) == ["https://h/?a=1&lt;=k%26copy%3B%7C%3C%3E", "https://h/?a=1&lt;=7"]
    assert READER.render(document).count(">7</a>") == 1


def test_a_table_without_headers_or_columns_is_whole():
    tokens = parsed(
        icreport.Table(rows=[("Asset", "J1"), ("Depth", 5)]), icreport.Table(rows=[]), icreport.Paragraph(text="x")
    )
    assert rows_in(tokens) == [["", ""], ["Asset", "J1"], ["Depth", "5"]]


def test_headings_follow_each_other_without_a_gap():
    table = icreport.Table(caption="T", columns=["A"], rows=[(1,)])
    tokens = parsed(
        table, icreport.Section(caption="S"), table, icreport.Section(), icreport.Paragraph(caption="P", text="x")
    )
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2", "h2", "h3", "h3"]
    assert "hr" in [token.type for token in tokens]


def test_a_document_that_is_too_large_for_its_readers_is_told(tmp_path):
    table = icreport.Table(columns=["A"], rows=[("x" * 100,)] * 6000)
    (told,) = icreport.convert(report(table).to_json(), tmp_path / "large.md").warnings
    assert (told.code, told.loss) == ("large-document", False)


def test_a_language_writes_numbers_and_dates():
    tokens = parsed(icreport.Table(columns=["A", "B"], rows=[(1234.5, "2026-08-24")]), locale="de")
    assert rows_in(tokens)[1] == ["1.234,5", "24.08.2026"]


def test_a_scan_whose_name_comes_last_has_its_title_first(tmp_path):
    source = tmp_path / "report.json"
    source.write_text('{"elements": [{"type": "paragraph", "data": {"text": "x"}}], "name": "Late"}')
    icreport.convert(source, tmp_path / "out.md")
    assert (tmp_path / "out.md").read_text() == "# Late\n\nx\n"


def test_charts_are_their_data_images_and_front_matter_what_is_said():
    chart = icreport.Chart({"mark": "bar"}, caption="C|", columns=["A", "B"], rows=[("x|", 1)])
    document = {"number": "*X*", "revisions": [{"revision": "0|1"}], "approvals": [{"role": "<b>"}]}
    made = icreport.Report(name="R", elements=[chart], document=document)
    tokens = READER.parse(icreport.render(made, "md").decode())
    strong = ("strong_open", "strong_close")
    rows = rows_in(tokens, strong)
    assert rows == [
        ["Rev.", "Date", "Description"],
        ["0|1", "", ""],
        ["Role", "Name", "Date"],
        ["<b>", "", ""],
        ["A", "B"],
        ["x|", "1"],
    ]
    lines = [text_in(token, strong) for token in tokens if token.type == "inline"]
    assert lines[1] == "Document number: *X*"
    assert "Figure 1 C|" in lines
