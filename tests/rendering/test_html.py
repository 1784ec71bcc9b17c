import io
import json
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icreport
from icreport.errors import LossError
from icreport.model.elements import Paragraph, Section, Table
from icreport.model.report import Report
from icreport.model.rows import Row
from icreport.rendering.html_text import escaped, escaped_texts, is_showable, showable
from rendering.hostile import TEXTS

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.json"))


def test_html_holds_every_character_but_controls_and_those_that_unicode_has_for_none():
    held_back = [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0xFDD0, 0xFDF0)]
    held_back += [plane + end for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)]
    for code in held_back:
        assert not is_showable(chr(code))
        assert showable(f"a\u65e5{chr(code)}\u00b0") != f"a\u65e5{chr(code)}\u00b0"
    held = [chr(code) for code in sorted(set(range(0x110000)) - set(held_back))]
    for at in range(0, len(held), 5000):
        assert is_showable("".join(held[at : at + 5000]))


@given(st.lists(st.one_of(st.text(max_size=9), st.sampled_from(TEXTS)), max_size=5))
def test_texts_that_are_escaped_together_are_as_each_by_itself(texts):
    assert list(escaped_texts(texts)) == [escaped(text) for text in texts]


def page_of(report, **options):
    return icreport.render(report, "html", **options).decode()


def parsed(page):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def cells(page):
    return [["".join(cell.itertext()) for cell in row] for row in parsed(page).iter("tr")]


@pytest.mark.parametrize("theme", ["house", "compact", "formal"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_page_of_every_sample_in_every_theme_parses_strictly_and_asks_for_nothing(sample, theme):
    page = page_of(icreport.read(sample), theme=theme)
    document = parsed(page)
    assert not [node for node in document.iter() if "src" in node.attrib or node.tag in {"link", "iframe", "object"}]
    assert all(node.attrib["href"].startswith("#") for node in document.iter("a"))
    (policy,) = [meta.attrib["content"] for meta in document.iter("meta") if "http-equiv" in meta.attrib]
    assert policy.startswith("default-src 'none';")
    nonces = {node.attrib["nonce"] for tag in ("style", "script") for node in document.iter(tag)}
    assert [f"'nonce-{nonce}'" in policy for nonce in nonces] == [True]


def test_the_documented_example_has_caption_heads_rows_and_paragraph():
    (sample,) = [one for one in SAMPLES if one.stem == "job-content"]
    page = page_of(icreport.read(sample))
    assert cells(page) == [
        ["Asset", "Event Type", "Workpack"],
        ["Test Asset", "GVI", "Workpack A"],
        ["Test Asset", "GVI", "Workpack B"],
    ]
    document = parsed(page)
    assert [caption.text for caption in document.iter("caption")] == ["Table of Data"]
    assert [head.attrib["scope"] for head in document.iter("th")] == ["col"] * 3
    assert [row.attrib.get("data-source-key") for row in document.iter("tr")] == [None, "1", "2"]
    assert [table.attrib["data-source-business-object"] for table in document.iter("table")] == ["Task"]
    assert "Report generated in 00:00:01" in page


def shown(value):
    text = json.dumps(value) if isinstance(value, bool | list | dict) else "" if value is None else str(value)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\0-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]", "\ufffd", text)


@given(st.lists(st.tuples(st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(TEXTS))))
def test_every_value_is_shown_as_it_is(rows):
    table = Table(caption="T", columns=["A"], rows=rows)
    assert cells(page_of(Report(elements=[table])))[1:] == [
        [{True: "Yes", False: "No"}[value] if isinstance(value, bool) else shown(value)] for (value,) in rows
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_text_everywhere(text):
    table = Table(caption=text, columns=[text], rows=[Row((text,), text)], source_business_object=text)
    paragraph = Paragraph(caption=text, data={"text": [{"value": text}]})
    report = Report(name=text, elements=[table, paragraph, Section(caption=text)])
    document = parsed(page_of(report))
    assert cells(page_of(report)) == [[shown(text)], [shown(text)]]
    assert [shown(text)] == [node.text for node in document.iter("h1")]
    assert len(list(document.iter("script"))) == 1
    assert not [name for node in document.iter() for name in node.attrib if name.startswith("on")]


def test_rows_lead_to_their_records_where_a_link_is_asked_for():
    rows = [Row(("a",), "x/y?z"), Row(("b",), None), Row((None,), 7)]
    report = Report(elements=[Table(columns=["A"], rows=rows, source_business_object="Task & Co")])
    page = page_of(report, link="https://host/#/{sourceBusinessObject}/{sourceKey}")
    links = [(node.attrib["href"], node.text) for node in parsed(page).iter("a") if "host" in node.attrib["href"]]
    assert links == [("https://host/#/Task%20%26%20Co/x%2Fy%3Fz", "a"), ("https://host/#/Task%20%26%20Co/7", "7")]


def test_an_element_that_nobody_knows_is_skipped_with_a_warning():
    report = Report(elements=[icreport.UnknownElement(type="gauge", caption="G"), Section(caption="S")])
    result = icreport.write(report, io.BytesIO(), "html")
    assert [str(w) for w in result.warnings] == ['elements[0] "G": an element of type "gauge" is not shown']
    with pytest.raises(LossError):
        icreport.write(report, io.BytesIO(), "html", strict=True)


def test_the_same_report_gives_the_same_bytes(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    report = icreport.read(SAMPLES[0].parent / "inspection.json")
    assert page_of(report) == page_of(report)
    assert "21 September 2026" in page_of(report)


def test_columns_look_by_what_is_in_them():
    rows = [(1.5, "2026-01-31", "Fail", "AN-1", "some text"), (None, None, None, None, None)]
    page = page_of(Report(elements=[Table(columns=list("NDSCT"), rows=rows)]))
    assert "#e1 tr > :nth-child(1) { text-align: right }" in page
    assert '<span class="s bad">Fail</span>' in page
    assert "#e1 tbody tr > :nth-child(2), #e1 tbody tr > :nth-child(4) { white-space: nowrap }" in page


def test_the_contents_are_listed_when_there_are_more_than_a_few_elements():
    elements = [Section(caption=f"Part {n}") for n in range(4)]
    assert "<nav" not in page_of(Report(elements=elements[:3]))
    assert '<a href="#e4">Part 3</a>' in page_of(Report(elements=elements))


def test_a_caption_of_blanks_is_none():
    elements = [Table(caption="\u00a0 ", columns=["A"], rows=[(1,)]), Table(caption=None, columns=["A"], rows=[(1,)])]
    page = icreport.render(Report(elements=elements), "html").decode()
    assert ">Table 1</h2>" in page
    assert ">Table 2</h2>" in page


@pytest.mark.parametrize("plane", range(17))
def test_no_plane_has_a_last_character_that_html_knows(plane):
    last = chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF)
    page = icreport.render(Report(name=last, elements=[Table(caption=last, columns=[last], rows=[(last,)])]), "html")
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert page.decode().count("\ufffd\ufffd") >= 4


def test_a_page_is_the_same_in_every_process():
    made = (
        "import icreport, random, sys\n"
        "rows = [(''.join(random.Random(n).choices('ABCDIJWM', k=9)),) for n in range(1100)]\n"
        "report = icreport.Report(elements=[icreport.Table(columns=['Tag'], rows=rows)])\n"
        "sys.stdout.buffer.write(icreport.render(report, 'html'))\n"
    )
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    pages = {
        subprocess.run(
            [sys.executable, "-c", made], env=environment | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(pages) == 1
