"""What the painter does not know is found before the first row is painted: each by its name."""

import re
from pathlib import Path

import pytest
from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration

from icreport.rendering.pdf.painter import line_breaking, shaping, text_layout
from icreport.rendering.pdf.painter.probe import OF_FONTS, OF_LINES, learn, probe_stylesheet
from icreport.rendering.pdf.painter.resources import Resources
from icreport.rendering.pdf.painter.style_checks import UnknownStyleError, check_stylesheet
from rendering.pdf.painter.houses import House

HOUSE = House(columns=3)
CELLS = "".join("<td>Ag</td>" for _ in range(3))
APART = "table { border-collapse: separate; border-spacing: 0; "


def learned(css="", cells=CELLS, rows=5, probe=None, **house):
    body = f"<tr>{cells}</tr>" * rows
    spread = probe_stylesheet("t1", rows) if probe is None else probe
    html = House(**{"columns": 3, **house}).html(body, css=spread + css)
    return learn(HOUSE.render(html, FontConfiguration()), "t1", Resources())


@pytest.mark.parametrize("module", [text_layout, line_breaking, shaping, line_break], ids=lambda each: each.__name__)
def test_cells_that_share_a_layout_are_alike_in_all_that_it_asks_of_their_style(module):
    asked = set(re.findall(r"""\bstyle\[["'](\w+)["']\]""", Path(module.__file__).read_text("utf-8")))
    assert asked or module is line_breaking
    # Tables with lines under texts are not painted.
    assert asked - {*OF_FONTS, *OF_LINES} <= {"text_decoration_line"}


def test_what_it_knows_is_learned():
    assert learned().columns == 3


@pytest.mark.parametrize(
    ("css", "reason"),
    [
        ("td { position: relative }", "td is positioned"),
        ("tr { opacity: .5 }", "tr is positioned, floats, is transformed or translucent"),
        ("td { transform: rotate(3deg) }", "td is positioned, floats, is transformed"),
        ("td { visibility: hidden }", "td is hidden"),
        ("td { overflow: hidden }", "td is hidden or clips"),
        ("td { background-image: linear-gradient(red, blue) }", "background image"),
        ("td { outline: 1px solid red }", "outline"),
        ("table { table-layout: auto }", "depend on all rows"),
        ("table { background: #eee }", "the table or a column has a background"),
        (APART + "border: 2px solid red }", "a border of its own"),
        ("tr { break-inside: auto }", "break inside"),
        ("tr { height: 40px }", "rows have a height"),
        ("th { position: relative }", "heads of the table are positioned"),
        ("tr { break-after: avoid }", "where pages break"),
        ("td { height: 40px }", "cells have a height"),
        ("td { text-transform: uppercase }", "changes its case"),
        ("td { text-align: justify }", "justified"),
        ("td { text-overflow: ellipsis }", "cut, hyphenated or keeps all its blanks"),
        ("td { white-space: pre }", "cut, hyphenated or keeps all its blanks"),
        ("td { hyphens: auto }", "cut, hyphenated or keeps all its blanks"),
        ("td { vertical-align: 3px }", "unusual vertical-align"),
        (APART + "empty-cells: hide }", "empty cells are hidden"),
        ("td { padding: 1% }", "padding is a percentage"),
        ("td { text-decoration: underline }", "underlined"),
        ("td { text-indent: 4px }", "indented"),
        ("@page :left { margin: 18mm 5mm 20mm 25mm }", "other margins than their neighbours"),
        ("@page :first { margin-left: 50mm }", "other margins than their neighbours"),
        ("tr:last-child td { font-weight: bold }", "more than odd and even"),
        ("tr:first-child td { color: red }", "more than odd and even"),
        ("tbody tr:nth-child(3n) { background: #eee }", "more than odd and even"),
        ("tbody tr:nth-child(4n) td { text-align: right }", "more than odd and even"),
    ],
)
def test_a_style_that_it_does_not_know_is_named(css, reason):
    with pytest.raises(UnknownStyleError, match=reason):
        learned(css)


LINKED = '<td><a href="https://host">Ag</a></td>' * 3


@pytest.mark.parametrize(
    ("css", "reason"),
    [
        ("a { text-decoration: none; background: #eee }", "links have a background"),
        ("a { text-decoration: none; padding-left: 2px }", "border, padding or margin"),
        ("a { text-decoration: none; border-bottom: 1px solid }", "border, padding or margin"),
        ("a { text-decoration: none; font-weight: bold }", "links have a font of their own"),
        ("", "underlined"),
    ],
)
def test_a_style_of_links_that_it_does_not_know_is_named(css, reason):
    with pytest.raises(UnknownStyleError, match=reason):
        learned(css, LINKED)


def test_a_background_around_the_table_is_named():
    html = HOUSE.html(f"<tr>{CELLS}</tr>" * 5, css=probe_stylesheet("t1", 5) + "main { background: #eee }")
    html = html.replace("<table", "<main><table").replace("</table>", "</table></main>")
    with pytest.raises(UnknownStyleError, match="the main around the table has a background"):
        learn(HOUSE.render(html, FontConfiguration()), "t1", Resources())


@pytest.mark.parametrize("css", ["tbody tr:nth-child(5n) td { border: 0 }", "tr.a:NTH-LAST-CHILD( 10n+1 ) {}"])
def test_patterns_that_a_probe_is_too_short_for_are_named(css):
    with pytest.raises(UnknownStyleError, match="more than odd and even"):
        check_stylesheet(css)


@pytest.mark.parametrize(
    "selector",
    [
        "tr[data-source-key='7'] td",
        "tbody td:not(:empty)",
        "tr:has(.s.good) td",
        "td:has(b)",
        "table:has(td.x)",
        ":EMPTY",
    ],
)
def test_rows_that_look_different_by_what_is_in_them_are_named(selector):
    with pytest.raises(UnknownStyleError, match="by what is in them"):
        check_stylesheet(f"h1 {{}} {selector} {{ color: red }}")


def test_stripes_and_columns_are_known():
    check_stylesheet(
        "tr:nth-child(even) {} tr:nth-child(2n+1) {} td:nth-child(3n) {} tr:nth-child(n+2) {} li:nth-child(5n){}"
        "h2.section:has(+ .wide) {} tr[hidden] {}"
    )


def test_links_are_learned():
    model = learned("a { text-decoration: none }", LINKED)
    above, below = model.cell(0, "a", 0).link
    assert above > below > 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"cells": "<td>a</td><td colspan=2>b</td>"}, "spans several columns"),
        ({"cells": "<td><b>a</b></td><td>b</td><td>c</td>"}, "more than text"),
        ({"cells": "<td><a href='https://host'><b>a</b></a></td><td>b</td><td>c</td>"}, "more than text"),
        ({"rows": 4}, "too few rows"),
        ({"probe": ""}, "not found on three pages"),
    ],
)
def test_a_probe_that_does_not_tell_enough_is_refused(arguments, reason):
    with pytest.raises(UnknownStyleError, match=reason):
        learned(**arguments)


def test_a_row_higher_than_a_page_is_told():
    with pytest.raises(UnknownStyleError, match="higher than its page"):
        learned("tr { break-inside: avoid }", "<td>a</td><td>b</td><td>" + "word " * 2000 + "</td>")
