"""Charts in documents and in Python: what they hold, and what they refuse."""

import json

import pytest

import icreport
from icreport import Chart, Report, UnknownElement, UsageError

SPEC = {"mark": "bar", "encoding": {"x": {"field": "Component"}, "y": {"field": "Loss (%)", "type": "quantitative"}}}
DOCUMENT = {
    "elements": [
        {
            "type": "chart",
            "caption": "Loss",
            "data": {
                "icreport": {"alt": "J1 has lost most", "further": 1},
                "spec": SPEC | {"$schema": "https://vega.github.io/schema/vega-lite/v5.json"},
                "columns": [{"caption": "Component", "key": 7}, {"caption": "Loss (%)"}],
                "rows": [
                    {"sourceKey": 3, "cells": [{"value": "J1"}, {"value": 12.10}]},
                    {"cells": [{"value": "J2"}, {"value": None, "flag": True}], "more": []},
                ],
                "other": {"kept": True},
            },
        }
    ]
}


def test_a_chart_of_a_document_is_read_and_gives_the_same_document():
    report = icreport.read(json.dumps(DOCUMENT).replace("12.1}", "12.10}"))
    (chart,) = report.elements
    assert isinstance(chart, Chart)
    assert (chart.caption, chart.alt, chart.table.names) == ("Loss", "J1 has lost most", ["Component", "Loss (%)"])
    assert [tuple(row) for row in chart.rows] == [("J1", 12.10), ("J2", None)]
    assert report.to_json() == json.dumps(DOCUMENT, separators=(",", ":")).replace("12.1}", "12.10}")


@pytest.mark.parametrize(
    "data",
    [
        {"series": [1, 2]},
        {"spec": SPEC},
        {"spec": "bar", "columns": [], "rows": []},
        {"spec": SPEC, "columns": [], "rows": {}},
        {"spec": SPEC, "columns": [], "rows": [1]},
        None,
    ],
    ids=["series", "spec-alone", "text", "object-of-rows", "number-as-row", "null"],
)
def test_a_chart_of_another_shape_is_an_unknown_element_and_kept(data):
    document = {"elements": [{"type": "chart", "caption": "C", "data": data}]}
    report = icreport.read(document)
    assert isinstance(report.elements[0], UnknownElement)
    assert json.loads(report.to_json()) == document
    assert [warning.code for warning in report.warnings] == ["element-misfit"]


def test_a_chart_made_in_python_is_read_as_it_was_made():
    made = Report(elements=[Chart(SPEC, caption="L", columns=["Component", "Loss (%)"], rows=[("J1", 3)], alt="A")])
    read = icreport.read(made.to_json())
    assert read.to_json() == made.to_json()
    assert read.elements[0].alt == "A"
    assert made.elements[0].replace(rows=[("J2", 1)]).rows[0].values == ("J2", 1)


def test_a_chart_takes_the_data_of_an_altair_chart():
    altair = pytest.importorskip("altair")
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"Component": ["J1", "J2"], "Loss": [3, 1.5]})
    chart = Chart(altair.Chart(frame).mark_bar().encode(x="Component", y="Loss"), caption="L")
    assert chart.spec["encoding"]["x"] == {"field": "Component", "type": "nominal"}
    assert not {"data", "datasets"} & set(chart.spec)
    assert [tuple(row) for row in chart.rows] == [("J1", 3.0), ("J2", 1.5)]


def test_a_chart_takes_the_rows_that_stand_in_its_specification_and_data_frames():
    rows = [{"Component": "J1", "Loss": 3}, {"Component": "J2", "Loss": None}]
    by_spec = Chart({"layer": [SPEC | {"data": {"values": rows}}, SPEC | {"data": {"values": rows}}]})
    assert by_spec.spec == {"layer": [SPEC, SPEC]}
    assert by_spec.table.names == ["Component", "Loss"]
    assert [tuple(row) for row in Chart(SPEC, rows=rows).rows] == [tuple(row) for row in by_spec.rows]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "a Chart has no spec"),
        ({"spec": "bar"}, "the spec of a Chart is a str"),
        ({"spec": SPEC, "data": {}}, "data and spec"),
        ({"spec": SPEC | {"data": {"values": [{}]}}, "rows": [(1,)], "columns": ["a"]}, "rows, and data"),
        ({"spec": SPEC | {"data": {"values": "a,b"}}}, "no list of objects"),
        ({"spec": {"layer": [{"data": {"values": [{"a": 1}]}}, {"data": {"values": [{"a": 2}]}}]}}, "different data"),
        ({"spec": SPEC, "columns": ["a"], "rows": [3]}, "a row is a int"),
        ({"spec": SPEC, "sepc": 1}, "no 'sepc'"),
    ],
    ids=["nothing", "text", "twice", "rows-twice", "csv", "two-tables", "number", "typo"],
)
def test_what_is_no_chart_is_one_line_of_error(arguments, message):
    with pytest.raises(UsageError, match=message) as found:
        Chart(**arguments)
    assert "\n" not in str(found.value)


def test_a_notebook_shows_a_chart_as_an_image_and_a_report_with_it():
    chart = Chart(SPEC, caption="L", columns=["Component", "Loss (%)"], rows=[("J1", 3)])
    shown = Report(name="R", elements=[chart])._repr_html_()
    assert "<h4>L</h4><img" in shown
    assert "data:image/svg+xml;base64," in shown
    assert "URL" in Chart({"data": {"url": "http://example.com/x.csv"}})._repr_html_()
